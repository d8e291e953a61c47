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
	Vague  bool // it lacks what tells whether it is bad
}

// Events returns the events of all references in order of time. Buckets that
// were not measured have none.
func Events(refs []Reference) []Event {
	var out []Event
	for _, ref := range refs {
		for i, total := range ref.Series.Total {
			for n := range int(max(total, 0)) { // NaN is 0
				at := ref.Series.Time(i).Add(time.Duration(n) * 7 * time.Second)
				out = append(out, Event{Time: at, Name: ref.Name, Region: ref.Labels["region"], Bad: n < int(ref.Series.Bad[i])})
			}
		}
		for _, at := range ref.Missing {
			out = append(out, Event{Time: at, Name: ref.Name, Region: ref.Labels["region"], Vague: true})
		}
		for _, at := range ref.Strays {
			out = append(out, Event{Time: at, Name: ref.Name, Bad: true})
		}
	}
	slices.SortStableFunc(out, func(a, b Event) int { return a.Time.Compare(b.Time) })
	return out
}
