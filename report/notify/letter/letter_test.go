package letter

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
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

// What was not counted is told once of each objective: in the row of one that needs
// attention, else below, the most first, in two notes however many they are.
func TestUncounted(t *testing.T) {
	for l, want := range map[unit.Language][]string{
		unit.English: {
			"? shop/partly: 57% of week 20 was measured, 90% is needed; known so far: ",
			"    3 d of week 20 not measured\n",
			"! not measured of week 20: shop/c 2 h, shop/a 1 h\n",
			"! events of week 20 not read or not sure: shop/b 230\n",
		},
		unit.Japanese: {
			"    第20週に3日の未測定時間あり\n",
			"! 第20週の未測定時間: shop/c 2時間, shop/a 1時間\n",
			"! 第20週の読み取れない、または判定できないイベント: shop/b 230\n",
		},
	} {
		minutes := slo.NumberOf
		track := report.Standing{State: slo.OnTrack}
		b := &report.Brief{
			Headline: "x", Language: l, Final: true, Period: report.Period{Name: "2026-W20"},
			Objectives: []report.BriefObjective{
				{
					ID: "shop/partly", Standing: track, Gaps: minutes(3 * 24 * 60),
					Why: "57% of week 20 was measured, 90% is needed",
				},
				{ID: "shop/a", Standing: track, Gaps: minutes(60)},
				{ID: "shop/b", Standing: track, Doubt: &report.Doubt{Events: slo.NumberOf(230)}},
				{ID: "shop/c", Standing: track, Gaps: minutes(120)},
			},
			Gate: report.BriefGate{Verdict: slo.Open},
		}
		m, err := Summary(b)
		if err != nil {
			t.Fatal(err)
		}
		text := notify.Plain(m)
		for _, line := range want {
			if strings.Count(text, line) != 1 {
				t.Errorf("%s: want %q once in\n%s", l, line, text)
			}
		}
		for range 1000 {
			b.Objectives = append(b.Objectives, b.Objectives[1], b.Objectives[2])
		}
		if m, err = Summary(b); err != nil || len(m.Notes) != 2 || len(strings.Join(m.Notes, "")) > 300 {
			t.Errorf("%s: of a thousand objectives: %q, %v", l, m.Notes, err)
		}
	}
}

// What a row says as its reason is not said below it again.
func TestUnreadIsSaidOnce(t *testing.T) {
	b := reporttest.Brief(unit.English)
	o := report.BriefObjective{Standing: report.Standing{State: slo.OnTrack}, Doubt: &report.Doubt{Events: slo.NumberOf(230)}}
	o.Why = words.UnreadOf(unit.English, "week 20", *o.Doubt)
	if _, again := words.Uncounted(b, o); again != "" {
		t.Errorf("said again: %q", again)
	}
	o.Why = "newest data is 1 d old"
	if _, unread := words.Uncounted(b, o); unread != "230 events were not read or not sure" {
		t.Errorf("got %q", unread)
	}
}
