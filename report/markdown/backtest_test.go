package markdown

import (
	"bytes"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// Every row of a hostile backtest and of hostile suggestions has the cells of its head.
func TestBacktestHostile(t *testing.T) {
	at := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	b := &report.Backtest{From: at, To: at, Zone: time.UTC}
	s := &report.Suggestions{From: at, To: at, Zone: time.UTC}
	for _, o := range reporttest.Hostile(unit.English).Objectives {
		b.Objectives = append(b.Objectives, report.Backtested{Service: o.Service, Name: o.Name, Labels: o.Labels, By: o.By,
			Policies: []report.Alerted{{Name: o.Name, Class: slo.Page}}})
		s.Objectives = append(s.Objectives, report.Suggested{Service: o.Service, Name: o.Name, Labels: o.Labels, By: o.By})
	}
	for bars, write := range map[int]func(*bytes.Buffer) error{
		14: func(w *bytes.Buffer) error { return Backtest(w, b) },
		6:  func(w *bytes.Buffer) error { return Suggest(w, s) },
	} {
		var w bytes.Buffer
		if err := write(&w); err != nil {
			t.Fatal(err)
		}
		rows := 0
		for line := range strings.SplitSeq(w.String(), "\n") {
			if !strings.HasPrefix(line, "|") {
				continue
			}
			rows++
			if got := strings.Count(strings.NewReplacer(`\\`, "", `\|`, "").Replace(line), "|"); got != bars {
				t.Errorf("%d bars, want %d: %s", got, bars, line)
			}
		}
		if rows < len(b.Objectives)+2 {
			t.Errorf("%d rows", rows)
		}
	}
}
