// Package courier hands messages over once. Before the first byte goes out the ledger
// knows of it, and it learns what became of it. What surely did not arrive is tried
// again within the deadline; what may have arrived is only where the far side
// recognises it.
package courier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"fmt"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/ledger"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// Courier hands messages over. It may be used by several goroutines.
type Courier struct {
	Ledger *ledger.Ledger
	Now    func() time.Time
	Sleep  func(context.Context, time.Duration) error // ends early with ctx
	Random func() float64                             // in [0,1)
	Again  bool                                       // also what was sent, or may have been
}

// Place is a destination under the name that files give it.
type Place struct {
	spec.Destination
	Kind   notify.Kind
	Opened notify.Destination
}

// Result is what became of a parcel.
type Result struct {
	Key     ledger.Key
	State   ledger.State // Sent, Failed or Unknown; Quiet if the place takes nothing of it
	Already bool         // an earlier run did that: this one sent nothing
	Untold  []string     // objectives of which what was sent already does not tell
	Left    int          // rows that had no room
	Err     error        // why it is not Sent, or what of it is missing although it is
}

// ID returns what the far side knows a message by: the same for the same key.
func ID(key ledger.Key) string {
	text, _ := json.Marshal(key) // of texts alone
	sum := sha256.Sum256(text)
	return "nines-" + hex.EncodeToString(sum[:12])
}

// Deliver hands a message over to a place, a parcel after the other. e is what the ledger
// is to know of it.
func (c *Courier) Deliver(ctx context.Context, to Place, m notify.Message, e ledger.Entry) []Result {
	e.Headline = m.Headline
	parcels, err := c.pack(to, m, e.Key)
	if err != nil {
		return []Result{{Key: e.Key, State: ledger.Failed, Err: err}}
	}
	var out []Result
	for i, p := range parcels {
		e.Key.Part = p.Part
		r := c.hand(ctx, to, e, func(turn int) (notify.Parcel, error) {
			if turn == 0 {
				return p, nil
			}
			key := e.Key
			key.Part, key.Turn = "", turn
			again, err := c.pack(to, m, key)
			if err != nil {
				return p, err
			}
			return again[i], nil
		})
		r.Key, r.Left = e.Key, p.Left
		out = append(out, r)
	}
	return out
}

// pack packs a message under the ID of its key, or one of its own where the far side may
// know that.
func (c *Courier) pack(to Place, m notify.Message, key ledger.Key) ([]notify.Parcel, error) {
	m.ID = ID(key)
	if c.Again {
		m.ID = ID(ledger.Key{Kind: m.ID, Period: c.Now().UTC().String()})
	}
	return to.Opened.Pack(m)
}

// hand hands a parcel over, unless an earlier run did.
func (c *Courier) hand(
	ctx context.Context, to Place, e ledger.Entry, parcel func(turn int) (notify.Parcel, error),
) Result {
	hold, err := c.Ledger.HoldFor(ctx, e.Key, e.About)
	if err != nil {
		return Result{State: ledger.Failed, Err: err}
	}
	defer hold.Release()
	last := hold.Last()
	if r, done := before(last, e, to); done && !c.Again {
		return r
	}
	p, err := parcel(hold.Turn())
	if err != nil {
		return Result{State: ledger.Failed, Err: err}
	}
	e.At = c.Now().UTC()
	if err := hold.Begin(e); err != nil {
		return Result{State: ledger.Failed, Err: err}
	}
	receipt := c.send(ctx, to, p)
	e.At, e.State, e.Ref = c.Now().UTC(), stateOf(receipt), receipt.Ref
	if receipt.Err != nil {
		e.Why = receipt.Err.Error()
	}
	state := e.State
	if e.State == ledger.Failed && (last.State == ledger.Sent || last.State == ledger.Unknown) {
		last.At, last.Why = e.At, "sent once more, which failed: "+e.Why // what was, stays
		e = last
	}
	return noted(state, receipt.Err, hold.End(e))
}

// before returns what an earlier run made of a message, and whether that is all there is
// to do. What was sent may lack objectives of this one. It is the same files', which have
// some more by now, if it has no others: the next summary tells of them. Else it may be
// somebody else's, who reads elsewhere.
func before(last, e ledger.Entry, to Place) (Result, bool) {
	switch {
	case last.State == ledger.Unknown && !to.Kind.Keyed:
		return Result{State: ledger.Unknown, Already: true, Err: errors.New(last.Why)}, true
	case last.State != ledger.Sent:
		return Result{}, false
	}
	r := Result{State: ledger.Sent, Already: true, Untold: last.Lacks(e.About)}
	if others := e.Lacks(last.About); len(r.Untold) > 0 && len(others) > 0 {
		r.State = ledger.Failed
		r.Err = fmt.Errorf("what was sent from this folder under the same name tells of %s, and not of %s\n"+
			"hint: if it is another team's, take a folder of your own with --state, or another name for the "+
			"destination; --again sends this one",
			Few(others), Few(r.Untold))
	}
	return r, true
}

// Few names the first of some objectives.
func Few(ids []string) string {
	return diag.First(ids, 2)
}

// noted is the result of what was sent and noted. Of what could not be noted the next run
// does not know what became of it.
func noted(state ledger.State, why, unwritten error) Result {
	if unwritten != nil {
		unwritten = fmt.Errorf("it is %s, which could not be written down: the next run does not know; %w", state, unwritten)
		state = ledger.Unknown
	}
	return Result{State: state, Err: errors.Join(why, unwritten)}
}

func stateOf(r notify.Receipt) ledger.State {
	switch r.Outcome {
	case notify.Sent:
		return ledger.Sent
	case notify.Unknown:
		return ledger.Unknown
	}
	return ledger.Failed
}

const (
	attempts  = 4                      // in all
	firstWait = 500 * time.Millisecond // doubled from one to the next
)

// send hands a parcel over, again where that does no harm and may end better. The
// receipt is the last one, but Unknown if an earlier attempt may have arrived and none
// did for sure.
func (c *Courier) send(ctx context.Context, to Place, p notify.Parcel) notify.Receipt {
	doubtful, wait := false, firstWait
	if ctx.Err() != nil {
		return notify.Receipt{Outcome: notify.Failed, Err: context.Cause(ctx)}
	}
	for attempt := 1; ; attempt++ {
		r := to.Opened.Send(ctx, p)
		doubtful = doubtful || r.Outcome == notify.Unknown
		again := r.Outcome == notify.Failed || r.Outcome == notify.Unknown && to.Kind.Keyed
		if !again || attempt == attempts || !c.pause(ctx, r.Wait, wait) {
			if doubtful && r.Outcome != notify.Sent {
				r.Outcome = notify.Unknown
			}
			return r
		}
		wait *= 2
	}
}

// pause waits before another attempt, as long as the far side asks and a little longer,
// so that not all come back at once. False: there is no time for it.
func (c *Courier) pause(ctx context.Context, asked, wait time.Duration) bool {
	pause := wait - time.Duration(c.Random()*float64(wait/2))
	if asked > 0 {
		pause = asked + time.Duration(c.Random()*float64(wait))
	}
	deadline, ends := ctx.Deadline()
	if ends && c.Now().Add(pause).After(deadline) {
		return false
	}
	return c.Sleep(ctx, pause) == nil
}

// String says what became of a parcel.
func (r Result) String() string {
	who := r.Key.Destination
	if r.Key.Part != "" {
		who += " " + r.Key.Part
	}
	return fmt.Sprintf("%s: %s", who, r.State)
}
