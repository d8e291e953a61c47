package report

import (
	"encoding/json"
	"math"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

func TestMarshal(t *testing.T) {
	tokyo := time.FixedZone("Asia/Tokyo", 9*3600)
	at := time.Date(2026, time.March, 29, 8, 0, 0, 0, tokyo)
	for _, c := range []struct {
		name string
		v    any
		want string
	}{
		{"a point", Point{at, slo.NumberFrac(1, 10)}, `["2026-03-28T23:00:00Z",0.1]`},
		{"a whole point", Point{at, slo.NumberOf(3e15)}, `["2026-03-28T23:00:00Z",3000000000000000]`},
		{"a gap", Point{at, slo.Number{}}, `["2026-03-28T23:00:00Z",null]`},
		{"infinity is unknown too", Point{at, slo.NumberFloat(math.Inf(1))}, `["2026-03-28T23:00:00Z",null]`},
		{"burn rates in the order of their windows", BurnRates{{Window: 5 * time.Minute, Rate: slo.NumberFrac(1, 5)}, {Window: time.Hour}, {Window: 72 * time.Hour, Rate: slo.NumberOf(1)}},
			`{"5m":0.2,"1h":null,"3d":1}`},
		{"no burn rates", BurnRates(nil), `{}`},
		{"a level", LevelOver, `"over"`},
		{"an exclusion", Exclusion{Name: "n", Periods: []slo.Period{{Start: at, End: at.Add(time.Hour)}}, Excluded: slo.NumberOf(60)},
			`{"name":"n","periods":[{"start":"2026-03-28T23:00:00Z","end":"2026-03-29T00:00:00Z"}],"excluded_minutes":60}`},
		{"an exclusion without time", Exclusion{Name: "n", AgreedBy: "a"}, `{"name":"n","agreed_by":"a","periods":[],"excluded_minutes":null}`},
		{"a period", Period{Name: "2026-03", Start: at, End: at, Timezone: "Asia/Tokyo"},
			`{"name":"2026-03","start":"2026-03-28T23:00:00Z","end":"2026-03-28T23:00:00Z","timezone":"Asia/Tokyo"}`},
		{"a window", Window{Kind: "rolling", Length: "30d", Start: at, End: at, Elapsed: at, Timezone: "UTC", Since: &at},
			`{"kind":"rolling","length":"30d","start":"2026-03-28T23:00:00Z","end":"2026-03-28T23:00:00Z","elapsed":"2026-03-28T23:00:00Z","timezone":"UTC","since":"2026-03-28T23:00:00Z","closed":false}`},
		{"a source", Source{Name: "s", Type: "csv", Newest: &at}, `{"name":"s","type":"csv","newest":"2026-03-28T23:00:00Z","inputs":[],"notes":[]}`},
		{"an unread source", Source{Name: "s", Type: "csv", Failed: "no such file"}, `{"name":"s","type":"csv","newest":null,"inputs":[],"notes":[],"error":"no such file"}`},
		{"an incident", Incident{Start: at, End: at, Open: true}, `{"start":"2026-03-28T23:00:00Z","end":"2026-03-28T23:00:00Z","open":true,"services":[],"impacts":[],"first_alert":null,"cannot_fire":false}`},
		{"detail in seconds", Detail{CallsPer: "1h", Percentiles: []slo.Percentiles{{Start: at, P50: 80 * time.Millisecond, P95: time.Second, P99: 1500 * time.Millisecond, Error: slo.NumberFrac(1, 32), Count: 7}}},
			`{"burndown":[],"burn":[],"thresholds":[],"calls":[],"calls_per":"1h","percentiles":[{"start":"2026-03-28T23:00:00Z","p50_seconds":0.08,"p95_seconds":1,"p99_seconds":1.5,"error":0.03125,"count":7}],"days":[]}`},
	} {
		got, err := json.Marshal(c.v)
		if err != nil || string(got) != c.want {
			t.Errorf("%s: got %s (%v)\nwant %s", c.name, got, err, c.want)
		}
	}
}

// An objective whose source failed has every key of the contract: unknown numbers
// are null, empty lists are [].
func TestMarshalObjectiveWithoutData(t *testing.T) {
	text, err := json.Marshal(Objective{Service: "s", Name: "n", Target: 999_000_000, Events: &budget.Counts{}, State: slo.NoData, Failed: "refused"})
	if err != nil {
		t.Fatal(err)
	}
	var got map[string]any
	if err := json.Unmarshal(text, &got); err != nil {
		t.Fatal(err)
	}
	for key, want := range map[string]string{
		"sli": `null`, "coverage": `null`, "labels": `{}`, "exclusions": `[]`, "warnings": `[]`, "burn_rates": `{}`, "target": `0.999`,
		"events": `{"bad":null,"good":null,"total":null}`, "state": `"no_data"`, "error": `"refused"`,
		"budget": `{"allowed":null,"basis":"","elapsed":{"allowed":null,"remaining":null,"spent":null},"left":null,"minutes":{"allowed":null,"remaining":null,"spent":null},"remaining":null,"spent":null,"total":null}`,
	} {
		if value, _ := json.Marshal(got[key]); string(value) != want {
			t.Errorf("%s is %s, want %s", key, value, want)
		}
	}
}
