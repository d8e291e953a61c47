package backtest

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

const open = -1

func minute(m int) time.Time { return time.Date(2026, 5, 5, 0, m, 0, 0, time.UTC) }

func firing(start, end int) burn.Firing {
	f := burn.Firing{Start: minute(start)}
	if end != open {
		f.End = minute(end)
	}
	return f
}

func incident(start, end int) Incident {
	in := Incident{Period: slo.Period{Start: minute(start)}}
	if end != open {
		in.End = minute(end)
	}
	return in
}

// The period is minutes 0 to 1000, an alert is in time for 15 minutes. An outcome
// is written "detected after 5, reset 30"; an end may be open.
func TestScore(t *testing.T) {
	for name, c := range map[string]struct {
		incidents []Incident
		firings   []burn.Firing
		want      string
		wrong     int
	}{
		"nothing at all":                      {nil, nil, "", 0},
		"detected":                            {[]Incident{incident(100, 125)}, []burn.Firing{firing(103, 155)}, "detected after 3, reset 30", 0},
		"at the last minute in time":          {[]Incident{incident(100, 125)}, []burn.Firing{firing(115, 155)}, "detected after 15, reset 30", 0},
		"a minute late":                       {[]Incident{incident(100, 125)}, []burn.Firing{firing(116, 155)}, "late after 16, reset 30", 0},
		"begins after the end, still belongs": {[]Incident{incident(100, 125)}, []burn.Firing{firing(139, 155)}, "late after 39, reset 30", 0},
		"begins too late to belong":           {[]Incident{incident(100, 125)}, []burn.Firing{firing(140, 155)}, "missed", 1},
		"nobody called":                       {[]Incident{incident(100, 125)}, nil, "missed", 0},
		"for nothing":                         {nil, []burn.Firing{firing(10, 20)}, "", 1},
		"over when it begins":                 {[]Incident{incident(100, 125)}, []burn.Firing{firing(90, 100)}, "missed", 1},
		"on already, a little before":         {[]Incident{incident(100, 125)}, []burn.Firing{firing(85, 130)}, "detected after 0, reset 5", 0},
		"on already, for too long":            {[]Incident{incident(100, 125)}, []burn.Firing{firing(84, 130)}, "missed already", 0},
		"on for too long, then anew":          {[]Incident{incident(100, 125)}, []burn.Firing{firing(10, 101), firing(110, 130)}, "detected after 10, reset 5", 0},
		"always on":                           {[]Incident{incident(100, 125), incident(300, 310)}, []burn.Firing{firing(1, open)}, "missed already; missed already", 0},
		"ends before the incident does":       {[]Incident{incident(100, 125)}, []burn.Firing{firing(103, 110)}, "detected after 3, reset -15", 0},
		"twice in one incident":               {[]Incident{incident(100, 125)}, []burn.Firing{firing(103, 110), firing(120, 140)}, "detected after 3, reset 15", 0},
		"one firing for two incidents":        {[]Incident{incident(100, 105), incident(110, 115)}, []burn.Firing{firing(103, 140)}, "detected after 3, reset 35; detected after 0, reset 25", 0},
		"still firing":                        {[]Incident{incident(100, 125)}, []burn.Firing{firing(103, open)}, "detected after 3", 0},
		"still going on":                      {[]Incident{incident(100, open)}, []burn.Firing{firing(103, 110)}, "detected after 3", 0},
		"a point":                             {[]Incident{incident(100, 100)}, []burn.Firing{firing(101, 110)}, "detected after 1, reset 10", 0},
		"a point long before":                 {[]Incident{incident(100, 100)}, []burn.Firing{firing(115, 120)}, "missed", 1},
		"began before the period":             {[]Incident{incident(-10, 30)}, []burn.Firing{firing(5, 40)}, "not_judged after 15, reset 10", 0},
		"over before the period":              {[]Incident{incident(-40, -20)}, []burn.Firing{firing(1, 5)}, "", 1},
		"too close to the end to tell":        {[]Incident{incident(990, open)}, nil, "not_judged", 0},
		"close to the end, but told":          {[]Incident{incident(990, open)}, []burn.Firing{firing(993, open)}, "detected after 3", 0},
		"after the period":                    {[]Incident{incident(1001, 1002)}, nil, "", 0},
	} {
		s := judgement{from: minute(0), to: minute(1000), late: 15 * time.Minute, incidents: c.incidents}.score(c.firings)
		var got []string
		for _, m := range s.Matches {
			text := string(m.Outcome)
			if m.Already {
				text += " already"
			}
			if !m.Fired.IsZero() {
				text += fmt.Sprintf(" after %v", m.Detection.Minutes())
			}
			if reset, ok := m.Reset(); ok {
				text += fmt.Sprintf(", reset %v", reset.Minutes())
			}
			got = append(got, text)
		}
		if text := strings.Join(got, "; "); text != c.want || s.False != c.wrong {
			t.Errorf("%s: %q and %d false, want %q and %d", name, text, s.False, c.want, c.wrong)
		}
	}
}

func TestPrecisionAndRecall(t *testing.T) {
	s := Score{Firings: make([]burn.Firing, 4), False: 1, Detected: 2, Late: 1, Missed: 2}
	if p, r := s.Precision(), s.Recall(); p.String() != "0.75" || r.String() != "0.6" {
		t.Errorf("precision %s, recall %s, want 0.75 and 0.6", p, r)
	}
	if p, r := (Score{}).Precision(), (Score{}).Recall(); p.Known() || r.Known() {
		t.Errorf("of nothing: precision %s, recall %s, want unknown", p, r)
	}
}

// The score is that of a slow twin that holds every firing against every incident.
func TestScoreTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		late := rapid.IntRange(2, 20).Draw(t, "late")
		j := judgement{from: minute(0), to: minute(500), late: time.Duration(late) * time.Minute}
		for range rapid.IntRange(0, 8).Draw(t, "incidents") {
			start := rapid.IntRange(-30, 520).Draw(t, "start")
			end := start + rapid.IntRange(0, 60).Draw(t, "length")
			if rapid.IntRange(0, 9).Draw(t, "open") == 0 {
				end = open
			}
			in := incident(start, 0)
			in.End = time.Time{}
			if end != open {
				in.End = minute(end)
			}
			j.incidents = append(j.incidents, in)
		}
		var firings []burn.Firing
		for at := 0; at < 500; {
			at += rapid.IntRange(1, 90).Draw(t, "quiet")
			f := firing(at, at+rapid.IntRange(1, 60).Draw(t, "on"))
			if at = int(f.End.Sub(minute(0)).Minutes()); at > 500 {
				f.End = time.Time{}
			}
			if !f.Start.After(j.to) {
				firings = append(firings, f)
			}
		}
		got, want := j.score(firings), slowScore(j, firings)
		if fmt.Sprint(got.Detected, got.Late, got.Missed, got.NotJudged, got.False) != want {
			t.Fatalf("got %v, want %s\n%v\n%v", got, want, j.incidents, firings)
		}
	})
}

func slowScore(j judgement, firings []burn.Firing) string {
	never := minute(1 << 20)
	end := func(t time.Time) time.Time {
		if t.IsZero() {
			return never
		}
		return t
	}
	var detected, late, missed, notJudged, wrong int
	told := make([]bool, len(firings))
	for _, in := range j.incidents {
		until := end(in.End)
		if until != never {
			until = until.Add(j.late)
		}
		if in.Start.After(j.to) || !until.After(j.from) {
			continue
		}
		first := never
		for k, f := range firings {
			if f.Start.Before(until) && end(f.End).After(in.Start) {
				told[k] = true
				if !f.Start.Before(in.Start.Add(-j.late)) && f.Start.Before(first) {
					first = f.Start
				}
			}
		}
		switch {
		case in.Start.Before(j.from), first == never && in.Start.Add(j.late).After(j.to):
			notJudged++
		case first == never:
			missed++
		case first.Sub(in.Start) > j.late:
			late++
		default:
			detected++
		}
	}
	for _, ok := range told {
		if !ok {
			wrong++
		}
	}
	return fmt.Sprint(detected, late, missed, notJudged, wrong)
}
