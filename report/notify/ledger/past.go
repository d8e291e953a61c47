package ledger

import (
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/gofrs/flock"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/order"
)

// Quiet is the state of what was not to be sent: a summary that said nothing new, or a run
// that had nothing to tell a reader about alerts.
const Quiet State = "quiet"

// Past is what became of messages, oldest first.
type Past []Entry

// Messages returns what became of every message, oldest first: of summaries the last
// step, of alerts every message that is kept. One that is being sent by a run that goes
// on is Sending, one whose run is gone Unknown.
func (l *Ledger) Messages() (Past, error) {
	ids, err := l.ids()
	if err != nil {
		return nil, err
	}
	var out Past
	for _, id := range ids {
		steps, err := l.steps(id)
		if err != nil {
			return nil, err
		}
		out = append(out, steps...)
	}
	order.Stable(out, func(a, b Entry) int {
		where := cmp.Compare(a.Key.Destination, b.Key.Destination)
		return cmp.Or(a.At.Compare(b.At), where, cmp.Compare(name(a.Key), name(b.Key)))
	})
	return out, nil
}

// ids returns the names of the files, without their end.
func (l *Ledger) ids() ([]string, error) {
	files, err := os.ReadDir(l.dir)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	var out []string
	for _, f := range files {
		if id, is := strings.CutSuffix(f.Name(), stepsEnd); is {
			out = append(out, id)
		}
	}
	return out, nil
}

// Alerts returns the last step of each reader who was told of alerts.
func (l *Ledger) Alerts() ([]Entry, error) {
	ids, err := l.ids()
	if err != nil {
		return nil, err
	}
	var out []Entry
	for _, id := range ids {
		e, err := last(filepath.Join(l.dir, id+stepsEnd))
		if err != nil {
			return nil, err
		}
		if e.Key.Kind == Alert {
			out = append(out, e)
		}
	}
	return out, nil
}

// steps returns what became of the messages of a file. Whether somebody is at it is found
// out before the file is read: who ends meanwhile has noted what became of it.
func (l *Ledger) steps(id string) ([]Entry, error) {
	lock := flock.New(filepath.Join(l.dir, id+lockEnd), flock.SetFlag(os.O_RDONLY))
	free, err := lock.TryRLock()
	if errors.Is(err, os.ErrNotExist) { // nobody ever was, or it is long over
		free, err = true, nil
	}
	if err != nil {
		return nil, err
	}
	all, err := read(filepath.Join(l.dir, id+stepsEnd))
	out := outcomes(all)
	if n := len(all); n > 0 && all[n-1].State == Sending && !free {
		out[len(out)-1] = all[n-1]
	}
	return out, errors.Join(err, lock.Unlock())
}

// Known returns the last step of a message, for who sends nothing: one without a State
// if there was none.
func (l *Ledger) Known(key Key) (Entry, error) {
	return last(filepath.Join(l.dir, name(key)+stepsEnd))
}

// Said is a summary that tells of these objectives and says these facts. Of the facts the
// ledger remembers enough to tell them from others.
func Said(key Key, about, facts []string) Entry {
	text, _ := json.Marshal(facts) // of texts alone
	sum := sha256.Sum256(text)
	told, _ := json.Marshal(hex.EncodeToString(sum[:16]))
	return Entry{Key: key, About: slices.Sorted(slices.Values(about)), Told: told}
}

// Summaries returns the summaries to the destination and for the owner of e that tell of
// one of its objectives: teams may share a ledger, also for one service.
func (p Past) Summaries(e Entry) Past {
	return slices.DeleteFunc(slices.Clone(p), func(was Entry) bool {
		return was.Key.Kind != e.Key.Kind || was.Key.Destination != e.Key.Destination ||
			was.Key.Owner != e.Key.Owner || was.apart(e.About)
	})
}

// Told tells whether the last summary said the same as e to all of its readers. Of one
// that did not arrive, or may not have, nobody knows that.
func (p Past) Told(e Entry) bool {
	if len(p) == 0 {
		return false
	}
	last := p[len(p)-1].Key.Period
	return !slices.ContainsFunc(p, func(was Entry) bool {
		return was.Key.Period == last && (was.State != Sent && was.State != Quiet || string(was.Told) != string(e.Told))
	})
}

// Tried tells whether a period was sent or may have been.
func (p Past) Tried(period string) bool {
	return slices.ContainsFunc(p, func(e Entry) bool {
		return e.Key.Period == period && (e.State == Sent || e.State == Unknown || e.State == Sending)
	})
}

// Last returns what became of the message of e, an entry without a State if it was never
// tried.
func (p Past) Last(e Entry) Entry {
	for key := e.Key; ; key.Turn++ {
		i := slices.IndexFunc(p, func(was Entry) bool { return name(was.Key) == name(key) })
		if i < 0 {
			return Entry{}
		}
		if !p[i].apart(e.About) {
			return p[i]
		}
	}
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
func (l *Ledger) Quiet(ctx context.Context, e Entry) error {
	h, err := l.HoldFor(ctx, e.Key, e.About)
	if err != nil {
		return err
	}
	defer h.Release()
	if h.Last().State != None {
		return nil
	}
	e.State = Quiet
	return h.note(e)
}
