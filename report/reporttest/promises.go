package reporttest

import (
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

var (
	month        = slo.Window{Unit: slo.Month, Zone: tokyo}
	quarter      = slo.Window{Unit: slo.Quarter, Zone: tokyo}
	thirtyDays   = slo.Window{Length: 30 * 24 * time.Hour, Zone: tokyo}
	availability = slo.Kind{Name: slo.Availability}
)

func latency(ms int) slo.Kind {
	return slo.Kind{Name: slo.Latency, Threshold: time.Duration(ms) * time.Millisecond}
}

// promises are the objectives of the sample, in the order of a file.
func promises() []promise {
	sundays := slo.Exclusion{Name: "Sunday maintenance", AgreedBy: "ops board", Rule: &slo.Recurrence{
		Rule: "FREQ=WEEKLY;BYDAY=SU;BYHOUR=2;BYMINUTE=0;BYSECOND=0", Zone: tokyo, Duration: time.Hour}}
	migration := slo.Exclusion{Name: "ledger migration", AgreedBy: "payments-team and finance",
		Fixed: []slo.Period{during(9, 1, 0, 150*time.Minute)}}
	fault, slowness := during(12, 9, 10, 95*time.Minute), during(12, 9, 10, 230*time.Minute)
	return []promise{
		{service: "checkout", name: "availability", kind: availability, target: "99.9%", window: thirtyDays,
			perDay: 220_000, fails: 0.0006,
			description: "Orders answered without a server error.", outages: []outage{{fault, 0.11}},
			exclusions: []slo.Exclusion{sundays}},
		{service: "checkout", name: "latency", kind: latency(300), target: "99.5%", window: month,
			perDay: 220_000, fails: 0.0012,
			description: "Orders answered within 300 ms.", outages: []outage{{slowness, 0.74}},
			exclusions: []slo.Exclusion{sundays}},
		{service: "search", name: "availability", kind: availability, target: "99.9%", window: month,
			perDay: 610_000, fails: 0.00031,
			outages: []outage{{during(20, 2, 5, 65*time.Minute), 0.12}}},
		{service: "search", name: "latency", kind: latency(200), target: "99%", window: month, perDay: 610_000,
			fails: 0.0081},
		{service: "catalog", name: "availability", kind: availability, target: "99.9%", window: month,
			perDay: 480_000, fails: 0.0003,
			outages: []outage{{during(-10, 11, 0, 2*time.Hour), 0.25}}},
		{service: "catalog", name: "latency", kind: latency(250), target: "99%", window: month, perDay: 480_000,
			fails: 0.0031},
		{service: "payments", name: "availability", labels: map[string]string{"region": "jp-east"},
			kind: availability, target: "99.99%", window: month,
			perDay: 150_000, fails: 0.00002, exclusions: []slo.Exclusion{migration, sundays},
			outages: []outage{{during(9, 1, 0, 150*time.Minute), 0.4}}},
		{service: "payments", name: "決済API-可用性", kind: availability, target: "99.9%", window: quarter,
			perDay: 90_000, fails: 0.0002,
			description: "決済APIがサーバーエラーなしで応答すること。"},
		{service: "payments", name: "freshness", kind: slo.Kind{}, target: "99%", window: month,
			slice: 5 * time.Minute, perDay: 2_880,
			description: "Balances are at most 60 s old.", outages: []outage{{during(16, 6, 0, 105*time.Minute), 1}}},
		{service: "login", name: "availability", kind: availability, target: "99.95%", window: month,
			perDay: 130_000, fails: 0.0001,
			gaps: []slo.Period{during(22, 3, 0, 92*time.Hour)},
			warnings: []diag.Finding{diag.Warnf(diag.Pos{File: "slos/login.yaml", Line: 14,
				Col: 11}, "accesslog/silence",
				"no line between 2026-05-22 03:00 and 2026-05-25 23:00, hours that are usually busy").WithHint("set no_traffic: bad if silence means an outage")}},
		{service: "login", name: "latency", kind: latency(500), target: "99%", window: month, perDay: 210_000,
			fails: 0.0022},
		{service: "notify", name: "delivery", kind: slo.Kind{}, target: "99.5%", window: month, perDay: 60_000,
			fails:   0.0009,
			outages: []outage{{during(27, 14, 30, 40*time.Minute), 0.06}}},
		{service: "notify", name: "latency", kind: latency(30_000), target: "99%", window: month,
			perDay: 60_000, fails: 0.0012},
		{service: "login", name: "admin-availability", kind: availability, target: "99%", window: month,
			perDay: 4_000, fails: 0.0004},
	}
}

// sampleSources are what the sample claims to have read.
func sampleSources() []report.Source {
	newest := on(32, 0, 0)
	return []report.Source{
		{Name: "edge", Type: "accesslog", Newest: &newest, Inputs: []report.Input{
			{Name: "logs/access-2026-04.log.gz", Rows: 41_203_118, Digest: digest("april")},
			{Name: "logs/access-2026-05.log.gz", Rows: 43_990_402, Unread: 17, Digest: digest("may"), CarriedBy: "docker compose"},
		},
			Notes: []diag.Finding{diag.Warnf(diag.Pos{File: "logs/access-2026-05.log.gz",
				Line: 81_234}, "accesslog/unread",
				"17 of 43990402 lines are not in the format %q", "combined+request_time")}},
		{Name: "delivery", Type: "csv", Newest: &newest,
			Inputs: []report.Input{{Name: "delivery.csv", Rows: 175_968, Digest: digest("delivery")}}},
		{Name: "ledger", Type: "ndjson", Newest: &newest,
			Inputs: []report.Input{{Name: "ledger.ndjson", Rows: 87_840, Digest: digest("ledger")}}},
	}
}
