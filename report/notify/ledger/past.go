package ledger

import (
	"context"
	"encoding/json"
	"slices"
)

// Quiet is the state of a summary that had nothing to say, and was not to be sent then.
const Quiet State = "quiet"

// Past are the summaries that a destination got, or that were not worth one.
type Past []Entry

// Summaries returns those of a destination and an owner that tell of one of services,
// by when they were sent: teams may share a ledger, and a team's services may change.
func (l *Ledger) Summaries(key Key) (Past, error) {
	all, err := l.Messages()
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(all, func(e Entry) bool {
		return e.Key.Kind != key.Kind || e.Key.Destination != key.Destination || e.Key.Owner != key.Owner ||
			!slices.ContainsFunc(e.Key.Services, func(s string) bool { return slices.Contains(key.Services, s) })
	}), nil
}

// Told tells whether the last summary said the same, and whether there was one.
func (p Past) Told(facts any) (same, any bool) {
	text, err := json.Marshal(facts)
	for _, e := range slices.Backward(p) {
		if e.State == Sent || e.State == Quiet {
			return err == nil && string(e.Told) == string(text), true
		}
	}
	return false, false
}

// Has tells whether somebody was told of a period, or may have been.
func (p Past) Has(period string) bool {
	return slices.ContainsFunc(p, func(e Entry) bool { return e.Key.Period == period && e.State != Failed })
}

// Quiet notes that a summary had nothing new to say, unless it was sent.
func (l *Ledger) Quiet(ctx context.Context, e Entry, told any) error {
	facts, err := json.Marshal(told)
	if err != nil {
		return err
	}
	h, err := l.Hold(ctx, e.Key)
	if err != nil {
		return err
	}
	defer h.Release()
	if h.Last().State != None {
		return nil
	}
	e.State, e.Told = Quiet, facts
	return h.note(e)
}
