package letter

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

func TestSummary(t *testing.T) {
	for name, b := range map[string]*report.Brief{
		"summary.txt": reporttest.Brief(unit.English), "summary-ja.txt": reporttest.Brief(unit.Japanese),
		"summary-hostile.txt": reporttest.HostileBrief(unit.English),
	} {
		m, err := Summary(b)
		m = WithUnsent(m, []string{"2026-W18", "2026-W19"})
		if err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name, []byte(notify.Plain(notify.Clean(m, 1000))))
		if !bytes.Contains(m.Data, []byte(`"nines.summary/v1"`)) || m.State != b.Worst() {
			t.Errorf("%s: state %s, data %.60s", name, m.State, m.Data)
		}
	}
}

// A summary that nothing is to be said of is its headline.
func TestSummaryOfGoodNews(t *testing.T) {
	b := &report.Brief{
		Headline: "all 2 on track", Language: unit.English, Final: true,
		Objectives: []report.BriefObjective{{ID: "shop/a", Standing: report.Standing{State: slo.OnTrack}}},
		Gate:       report.BriefGate{Verdict: slo.Open},
	}
	m, err := Summary(b)
	if err != nil {
		t.Fatal(err)
	}
	if got := notify.Plain(m); strings.TrimSpace(got) != b.Headline {
		t.Errorf("got %q", got)
	}
}
