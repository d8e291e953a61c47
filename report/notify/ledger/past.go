package ledger

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/nines-slo/nines/slo"
)

// Quiet is the state of a summary that had nothing to say, and was not to be sent then.
const Quiet State = "quiet"

// Past is what became of messages, oldest first.
type Past []Entry

// Summaries returns the summaries to a destination and for an owner that tell of one of
// the services of key: teams may share a ledger, and a team's services may change.
func (p Past) Summaries(key Key) Past {
	return slices.DeleteFunc(slices.Clone(p), func(e Entry) bool {
		return e.Key.Kind != key.Kind || e.Key.Destination != key.Destination || e.Key.Owner != key.Owner ||
			!slices.ContainsFunc(e.Key.Services, func(s string) bool { return slices.Contains(key.Services, s) })
	})
}

// Told tells whether the last summary said the same to all of its readers. Of one that
// did not arrive, or may not have, nobody knows that.
func (p Past) Told(facts any) bool {
	text, err := json.Marshal(facts)
	if err != nil || len(p) == 0 {
		return false
	}
	last := p[len(p)-1].Key.Period
	return !slices.ContainsFunc(p, func(e Entry) bool {
		return e.Key.Period == last && (e.State != Sent && e.State != Quiet || string(e.Told) != string(text))
	})
}

// Tried tells whether a period was sent or may have been.
func (p Past) Tried(period string) bool {
	return slices.ContainsFunc(p, func(e Entry) bool {
		return e.Key.Period == period && (e.State == Sent || e.State == Unknown || e.State == Sending)
	})
}

// State returns what became of a message, None if it was never tried.
func (p Past) State(key Key) State {
	for _, e := range p {
		if name(e.Key) == name(key) {
			return e.State
		}
	}
	return None
}

// Unsent returns the periods of span's kind before it of which nobody was told: those
// since the last that was sent, whose message named the ones before it.
func (p Past) Unsent(span slo.Span) []string {
	var since []string // from the last that was sent on, or from the first of all
	sent := false
	for _, e := range p {
		names := span.NamesSince(e.Key.Period)
		switch {
		case len(names) == 0:
		case e.State == Sent && (!sent || len(names) < len(since)):
			since, sent = names, true
		case !sent && len(names) > len(since):
			since = names
		}
	}
	return slices.DeleteFunc(since, func(name string) bool {
		return slices.ContainsFunc(p, func(e Entry) bool { return e.Key.Period == name && e.State != Failed })
	})
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
