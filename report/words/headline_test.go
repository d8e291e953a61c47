package words

import (
	"fmt"
	"math/big"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

var (
	may  = time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)
	june = time.Date(2026, time.June, 1, 0, 0, 0, 0, time.UTC)
)

// objective is one line of a headline test: "x checkout-latency 1.4", with the
// terminal's mark of its state and the share of the budget spent.
func objective(t *testing.T, line string) report.Objective {
	t.Helper()
	var mark, name, spent string
	if _, err := fmt.Sscan(line, &mark, &name, &spent); err != nil {
		t.Fatalf("%q: %v", line, err)
	}
	o := report.Objective{Name: name, Coverage: slo.NumberOf(1),
		Window: report.Window{Start: may, End: june, Elapsed: june, Closed: true}}
	o.State = map[string]slo.State{".": slo.Met, "!": slo.AtRisk, "x": slo.Missed, "?": slo.NoData}[mark]
	share, ok := new(big.Rat).SetString(spent)
	if !ok {
		t.Fatalf("%q is not a number", spent)
	}
	o.Budget.Spent = slo.NumberRat(share)
	return o
}

func headlineOf(t *testing.T, lang unit.Language, lines []string, incidents []report.Incident) *report.Report {
	r := &report.Report{Period: report.Period{Name: "2026-05", Start: may, End: june}, Final: true,
		Incidents: incidents}
	r.Language, r.Zone, r.At = lang, time.UTC, june
	for _, line := range lines {
		r.Objectives = append(r.Objectives, objective(t, line))
	}
	r.Summary = count(r.Objectives)
	return r
}

// count fills what a headline reads of a summary.
func count(objectives []report.Objective) report.Summary {
	s := report.Summary{Total: len(objectives)}
	for _, o := range objectives {
		switch o.State {
		case slo.NoData:
			s.NoData++
		case slo.Missed:
			s.Missed++
		case slo.AtRisk:
			s.AtRisk++
			s.Met++
		default:
			s.Met++
		}
	}
	return s
}

func incidentOf12May(share slo.Number, objectives ...string) []report.Incident {
	i := report.Incident{Start: may.Add(11*24*time.Hour + 9*time.Hour)}
	for _, o := range objectives {
		i.Impacts = append(i.Impacts, report.Impact{Objective: o, Share: share})
	}
	return []report.Incident{i}
}

func TestHeadline(t *testing.T) {
	for _, c := range []struct {
		name       string
		objectives []string
		incidents  []report.Incident
		en, ja     string
	}{
		{"no objectives", nil, nil, "No objectives.", "対象のSLOはありません。"},
		{"all met", []string{". a 0.3", "! search-latency 0.8101"}, nil,
			"All 2 objectives met; the tightest, search-latency, spent 82% of its budget.",
			"2件のSLOをすべて達成。最も余裕が少ないのはsearch-latencyで、エラーバジェットの82%を消費。"},
		{"nothing spent", []string{". a 0", ". b 0"}, nil,
			"All 2 objectives met; no error budget was spent.", "2件のSLOをすべて達成。エラーバジェットの消費はなし。"},
		{"one objective", []string{". a 0.3"}, nil,
			"The objective was met; a spent 30% of its budget.", "SLOを達成。aはエラーバジェットの30%を消費。"},
		{"one objective missed", []string{"x a 1.001"}, nil,
			"The objective was missed; a spent 101% of its budget.", "SLOは未達。aはエラーバジェットの101%を消費。"},
		{"one missed", []string{". a 0.3", "x checkout-latency 1.4"}, nil,
			"1 of 2 objectives met; checkout-latency spent 140% of its budget.",
			"2件中1件のSLOを達成。checkout-latencyはエラーバジェットの140%を消費。"},
		{"one missed in an incident", []string{". a 0.3", "x checkout-latency 1.4"}, incidentOf12May(slo.NumberFrac(8399, 10000), "a", "checkout-latency"),
			"1 of 2 objectives met; checkout-latency spent 140% of its budget, 83% of it in the incident of 12 May.",
			"2件中1件のSLOを達成。checkout-latencyはエラーバジェットの140%を消費し、うち83%が5月12日の障害によるもの。"},
		{"exactly half in an incident", []string{"x a 2", ". b 0"}, incidentOf12May(slo.NumberFrac(1, 2), "a"),
			"1 of 2 objectives met; a spent 200% of its budget, 50% of it in the incident of 12 May.",
			"2件中1件のSLOを達成。aはエラーバジェットの200%を消費し、うち50%が5月12日の障害によるもの。"},
		{"under half in an incident", []string{"x a 2", ". b 0"}, incidentOf12May(slo.NumberFrac(499, 1000), "a"),
			"1 of 2 objectives met; a spent 200% of its budget.", "2件中1件のSLOを達成。aはエラーバジェットの200%を消費。"},
		{"another's incident", []string{"x a 2", ". b 0"}, incidentOf12May(slo.NumberOf(1), "b"),
			"1 of 2 objectives met; a spent 200% of its budget.", "2件中1件のSLOを達成。aはエラーバジェットの200%を消費。"},
		{"two missed", []string{"x b 1.2", "x a 1.4", ". c 0"}, nil,
			"1 of 3 objectives met; a spent 140% and b 120% of their budgets.",
			"3件中1件のSLOを達成。エラーバジェットをaは140%、bは120%消費。"},
		{"two missed in one incident", []string{"x b 1.2", "x a 1.4"}, incidentOf12May(slo.NumberFrac(3, 4),
			"a", "b"),
			"0 of 2 objectives met; a spent 140% and b 120% of their budgets, at least 75% of each in the incident of 12 May.",
			"2件中0件のSLOを達成。エラーバジェットをaは140%、bは120%消費し、それぞれ75%以上が5月12日の障害によるもの。"},
		{"five missed", []string{"x b 1.2", "x a 1.4", "x c 1.1", "x d 1.1", "x e 1.05", ". f 0"}, incidentOf12May(slo.NumberOf(1), "a", "b"),
			"1 of 6 objectives met; a spent 140% and b 120% of their budgets, and 3 more overspent.",
			"6件中1件のSLOを達成。エラーバジェットをaは140%、bは120%消費し、ほか3件も超過。"},
		{"nothing judged", []string{"? a 0", "? b 0"}, nil,
			"None of the 2 objectives could be judged (no data).", "2件のSLOはいずれも判定できません(データなし)。"},
		{"the only one not judged", []string{"? a 0"}, nil,
			"The objective could not be judged (no data).", "SLOは判定できません(データなし)。"},
		{"some not judged", []string{"! a 0.8", "? b 3", "? c 0"}, nil,
			"1 of 3 objectives met; the tightest, a, spent 80% of its budget; 2 could not be judged (no data).",
			"3件中1件のSLOを達成。最も余裕が少ないのはaで、エラーバジェットの80%を消費。2件は判定不能(データなし)。"},
		{"a name like a placeholder", []string{"x {total}{b} 1.4", ". c 0"}, nil,
			"1 of 2 objectives met; {total}{b} spent 140% of its budget.",
			"2件中1件のSLOを達成。{total}{b}はエラーバジェットの140%を消費。"},
	} {
		if got := Headline(headlineOf(t, unit.English, c.objectives, c.incidents)); got != c.en {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.en)
		}
		if got := Headline(headlineOf(t, unit.Japanese, c.objectives, c.incidents)); got != c.ja {
			t.Errorf("%s:\n got %s\nwant %s", c.name, got, c.ja)
		}
	}
}

// Events in doubt are told of where they could make a state worse.
func TestHeadlineTellsOfDoubt(t *testing.T) {
	doubt := func(state slo.State, spent int64) *report.Doubt {
		return &report.Doubt{State: state, Spent: slo.NumberFrac(spent, 100)}
	}
	for _, c := range []struct {
		doubts []*report.Doubt // of a, which was met, and b, which was missed
		en, ja string
	}{
		{[]*report.Doubt{nil, nil}, ".", "。"},
		{[]*report.Doubt{doubt(slo.Met, 40), doubt(slo.Missed, 900)}, ".", "。"},
		{[]*report.Doubt{doubt(slo.Missed, 353), nil}, "; 1 is in doubt: a may have spent 353%.", "。1件は不確かで、aの消費は最大353%。"},
		{[]*report.Doubt{doubt(slo.AtRisk, 80), doubt(slo.Missed, 900)}, "; 1 is in doubt: a may have spent 80%.", "。1件は不確かで、aの消費は最大80%。"},
	} {
		for lang, want := range map[unit.Language]string{
			unit.English:  "1 of 2 objectives met; b spent 140% of its budget" + c.en,
			unit.Japanese: "2件中1件のSLOを達成。bはエラーバジェットの140%を消費" + c.ja,
		} {
			r := headlineOf(t, lang, []string{". a 0.3", "x b 1.4"}, nil)
			for i, d := range c.doubts {
				r.Objectives[i].Doubt = d
			}
			if got := Headline(r); got != want {
				t.Errorf("got %s\nwant %s", got, want)
			}
		}
	}
	two := headlineOf(t, unit.English, []string{". a 0.3", ". b 0.2"}, nil)
	two.Objectives[0].Doubt, two.Objectives[1].Doubt = doubt(slo.Missed, 120), doubt(slo.Missed, 463)
	if got := Headline(two); !strings.HasSuffix(got, "; 2 are in doubt: b may have spent 463%.") {
		t.Error(got)
	}
}

func TestHeadlineTellsHowLongDataIsMissing(t *testing.T) {
	for _, c := range []struct {
		name    string
		buckets report.Buckets
		want    string
	}{
		// May has 744 h, of which 24 are excluded. A quarter of the 720 h is 180 h.
		{"a quarter", report.Buckets{Step: time.Hour, Elapsed: 720, Measured: 540,
			Excluded: 24}, "; 1 could not be judged (no data for 7 d 12 h)."},
		{"everything", report.Buckets{Step: time.Hour, Elapsed: 720}, "; 1 could not be judged (no data)."},
		{"nobody knows", report.Buckets{}, "; 1 could not be judged (no data)."},
		{"measured, but without an event", report.Buckets{Step: time.Hour, Elapsed: 720,
			Measured: 720}, "; 1 could not be judged (no data)."},
	} {
		r := headlineOf(t, unit.English, []string{". a 0.5", "? b 0"}, nil)
		o := &r.Objectives[1]
		o.Buckets, o.MinCoverage = c.buckets, slo.DefaultMinCoverage()
		o.Coverage = slo.NumberOf(int64(c.buckets.Measured)).Quo(slo.NumberOf(int64(c.buckets.Elapsed)))
		if got := Headline(r); !strings.HasSuffix(got, c.want) {
			t.Errorf("%s: got %q, want it to end in %q", c.name, got, c.want)
		}
	}
}

// A period that still runs is spoken of by what it spent of its whole budget.
func TestHeadlineOfARunningPeriod(t *testing.T) {
	states := map[slo.State]slo.State{slo.Met: slo.OnTrack, slo.Missed: slo.Exhausted}
	for _, c := range []struct {
		objectives []string
		en, ja     string
	}{
		{[]string{". a 0.8", ". b 0.2"}, "All 2 objectives on track; the tightest, a, has spent 40% of the period's budget.",
			"2件のSLOはすべて順調。最も余裕が少ないのはaで、期間全体のエラーバジェットの40%を消費。"},
		{[]string{"! a 2", ". b 0.2", "? c 0"}, "1 of 3 objectives on track, 1 at risk; the tightest, a, has spent 100% of the period's budget; 1 could not be judged (no data).",
			"3件中1件のSLOが順調、1件が要注意。最も余裕が少ないのはaで、期間全体のエラーバジェットの100%を消費。1件は判定不能(データなし)。"},
		{[]string{"x a 2.4", ". b 0.2"}, "1 of 2 objectives on track; a has spent 120% of the period's budget.",
			"2件中1件のSLOが順調。aは期間全体のエラーバジェットの120%を消費。"},
		{[]string{"! a 1.6"}, "The objective is at risk; a has spent 80% of the period's budget.",
			"SLOは要注意。aは期間全体のエラーバジェットの80%を消費。"},
	} {
		for _, lang := range []unit.Language{unit.English, unit.Japanese} {
			r := headlineOf(t, lang, c.objectives, nil)
			r.At, r.Final = may.Add(15*24*time.Hour), false
			for i := range r.Objectives {
				o := &r.Objectives[i]
				if s, ok := states[o.State]; ok {
					o.State = s
				}
				o.Window.Closed = false
				o.Budget.Basis, o.Budget.Elapsed.Spent = budget.Projected, o.Budget.Spent
				o.Budget.Spent = o.Budget.Spent.Quo(slo.NumberOf(2))
			}
			want := map[unit.Language]string{unit.English: c.en, unit.Japanese: c.ja}[lang]
			if got := Headline(r); got != want {
				t.Errorf("got %s\nwant %s", got, want)
			}
		}
	}
}
