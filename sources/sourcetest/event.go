package sourcetest

import (
	"slices"
	"time"
)

// Event is one event of a reference, for sources that have one row an event.
type Event struct {
	Time   time.Time // distinct within a reference
	Name   string    // of the reference
	Region string    // its label, "" if it has none
	Bad    bool
	Vague  bool   // it lacks what tells whether it is bad
	Number string // 200, 503 if it is bad, the reference's Text if it is vague
}

// Events returns the events of all references in order of time. Buckets that
// were not measured have none.
func Events(refs []Reference) []Event {
	var out []Event
	for _, ref := range refs {
		for i, total := range ref.Series.Total {
			for n := range int(max(total, 0)) { // NaN is 0
				at := ref.Series.Time(i).Add(time.Duration(n) * 7 * time.Second)
				out = append(out, ref.event(at, n < int(ref.Series.Bad[i])))
			}
		}
		for _, at := range ref.Missing {
			e := ref.event(at, false)
			e.Vague, e.Number = true, ref.Text
			out = append(out, e)
		}
		for _, at := range ref.Strays {
			e := ref.event(at, true)
			e.Region = ""
			out = append(out, e)
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int { return a.Time.Compare(b.Time) })
	return out
}

func (r Reference) event(at time.Time, bad bool) Event {
	e := Event{Time: at, Name: r.Name, Region: r.Labels["region"], Bad: bad, Number: "200"}
	if bad {
		e.Number = "503"
	}
	return e
}
