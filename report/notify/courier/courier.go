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
	State   ledger.State // Sent, Failed or Unknown
	Already bool         // an earlier run did that: this one sent nothing
	Left    int          // rows that had no room
	Err     error        // why it is not Sent, or what of it is missing although it is
}

// ID returns what the far side knows a message by: the same for the same key.
func ID(key ledger.Key) string {
	text, _ := json.Marshal(key) // of texts alone
	sum := sha256.Sum256(text)
	return "nines-" + hex.EncodeToString(sum[:12])
}

// Deliver hands a message over to a place, a parcel after the other. told is what it
// says, for the next message to be compared with.
func (c *Courier) Deliver(ctx context.Context, to Place, m notify.Message, key ledger.Key, told any) []Result {
	facts, err := json.Marshal(told)
	if err != nil {
		return []Result{{Key: key, State: ledger.Failed, Err: err}}
	}
	m.ID = ID(key)
	if c.Again { // else the far side may know it
		m.ID = ID(ledger.Key{Kind: m.ID, Period: c.Now().UTC().String()})
	}
	parcels, err := to.Opened.Pack(m)
	if err != nil {
		return []Result{{Key: key, State: ledger.Failed, Err: err}}
	}
	var out []Result
	for _, p := range parcels {
		key.Part = p.Part
		r := c.hand(ctx, to, p, ledger.Entry{Key: key, Headline: m.Headline, Told: facts})
		r.Key, r.Left = key, p.Left
		out = append(out, r)
	}
	return out
}

// hand hands a parcel over, unless an earlier run did.
func (c *Courier) hand(ctx context.Context, to Place, p notify.Parcel, e ledger.Entry) Result {
	hold, err := c.Ledger.Hold(ctx, e.Key)
	if err != nil {
		return Result{State: ledger.Failed, Err: err}
	}
	defer hold.Release()
	switch last := hold.Last(); {
	case c.Again:
	case last.State == ledger.Sent:
		return Result{State: ledger.Sent, Already: true}
	case last.State == ledger.Unknown && !to.Kind.Keyed:
		return Result{State: ledger.Unknown, Already: true, Err: errors.New(last.Why)}
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
	return noted(e.State, receipt.Err, hold.End(e))
}

// noted is the result of what was sent and noted. What could not be noted nobody knows
// of later.
func noted(state ledger.State, why, unwritten error) Result {
	if unwritten != nil {
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
