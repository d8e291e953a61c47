package courier

import (
	"context"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"errors"
	"slices"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/ledger"
	"github.com/nines-slo/nines/report/notify/watch"
)

// alertKey is where it stands what a reader of a destination knows of alerts: of all
// of them, since news of many stand in one message.
func alertKey(to Place, reader string) ledger.Key {
	return ledger.Key{Kind: ledger.Alert, Destination: to.Name, Part: reader}
}

// readers returns who reads at a place, one without a name if it is one.
func readers(to Place) []string {
	if a, several := to.Opened.(notify.Addressed); several {
		return a.Readers()
	}
	return []string{""}
}

// Tell tells the readers of a place what changed about alerts since they were told
// last. A reader who was told nothing yet is told what fires.
func (c *Courier) Tell(ctx context.Context, to Place, alerts watch.Alerts) []Result {
	var out []Result
	for _, reader := range readers(to) {
		out = append(out, c.tell(ctx, to, reader, alerts)...)
	}
	return out
}

// tell tells one reader.
func (c *Courier) tell(ctx context.Context, to Place, reader string, alerts watch.Alerts) []Result {
	key := alertKey(to, reader)
	failed := func(err error) []Result { return []Result{{Key: key, State: ledger.Failed, Err: err}} }
	hold, err := c.Ledger.Hold(ctx, key)
	if err != nil {
		return failed(err)
	}
	defer hold.Release()
	was, err := known(hold.Last())
	if err != nil {
		return failed(err)
	}
	news, state := alerts.News(was)
	if len(news) == 0 {
		if err := hold.End(c.step(ledger.Quiet, state)); err != nil {
			return failed(err)
		}
		return nil
	}
	var out []Result
	for _, bundle := range watch.Bundles(news) {
		m := alerts.Message(bundle)
		m.ID = messageID(key, m)
		d := draft{to: to, reader: reader, message: m, news: bundle}
		r := c.post(ctx, hold, d, &state)
		r.Key = key
		if r.State != ledger.Quiet || r.Err != nil {
			out = append(out, r)
		}
	}
	return out
}

// known returns what a reader knows.
func known(last ledger.Entry) (watch.State, error) {
	s := watch.State{}
	if len(last.Told) == 0 {
		return s, nil
	}
	if err := json.Unmarshal(last.Told, &s); err != nil {
		return s, errors.New("the ledger holds something else than what is known of alerts")
	}
	return s, nil
}

// Waiting returns the names of destinations with a reader who was told of an alert whose
// end is still to be told.
func (c *Courier) Waiting() ([]string, error) {
	all, err := c.Ledger.Alerts()
	if err != nil {
		return nil, err
	}
	var names []string
	for _, e := range all {
		was, err := known(e)
		if err != nil {
			return nil, err
		}
		if was.Open() {
			names = append(names, e.Key.Destination)
		}
	}
	return names, nil
}

// step is an entry with what a reader knows.
func (c *Courier) step(state ledger.State, s watch.State) ledger.Entry {
	told, _ := json.Marshal(s) // of texts and times alone
	return ledger.Entry{At: c.Now().UTC(), State: state, Told: told}
}

// step is one of the message.
func (d draft) step(c *Courier, state ledger.State, s watch.State) ledger.Entry {
	e := c.step(state, s)
	e.Headline = d.message.Headline
	for _, change := range d.message.Changes {
		e.About = append(e.About, change.Objective)
	}
	slices.Sort(e.About)
	e.About = slices.Compact(e.About)
	return e
}

// messageID tells a message about alerts from all others.
func messageID(key ledger.Key, m notify.Message) string {
	text := ID(key) + m.At.UTC().String()
	for _, change := range m.Changes {
		text += change.Key + string(change.Kind)
	}
	sum := sha256.Sum256([]byte(text))
	return "nines-" + hex.EncodeToString(sum[:12])
}

// Preview returns what Tell would send, and changes nothing.
func (c *Courier) Preview(to Place, alerts watch.Alerts) ([]notify.Parcel, error) {
	var out []notify.Parcel
	for _, reader := range readers(to) {
		key := alertKey(to, reader)
		last, err := c.Ledger.Known(key)
		if err != nil {
			return nil, err
		}
		was, err := known(last)
		if err != nil {
			return nil, err
		}
		news, _ := alerts.News(was)
		for _, bundle := range watch.Bundles(news) {
			m := alerts.Message(bundle)
			m.ID = messageID(key, m)
			parcels, err := draft{to: to, reader: reader, message: m}.parcels()
			if err != nil {
				return nil, err
			}
			out = append(out, parcels...)
		}
	}
	return out, nil
}

// draft is a message about news for one reader.
type draft struct {
	to      Place
	reader  string
	message notify.Message
	news    []watch.News
}

// parcels are those of the reader.
func (d draft) parcels() ([]notify.Parcel, error) {
	all, err := d.to.Opened.Pack(d.message)
	if err != nil || d.reader == "" {
		return all, err
	}
	return slices.DeleteFunc(all, func(p notify.Parcel) bool { return p.Part != d.reader }), nil
}

// post sends a message about news, and notes what the reader knows then.
func (c *Courier) post(ctx context.Context, hold *ledger.Hold, d draft, state *watch.State) Result {
	parcels, err := d.parcels()
	if err != nil {
		return Result{State: ledger.Failed, Err: err}
	}
	if len(parcels) == 0 { // the place wants nothing of it
		*state = state.After(d.news, func(string) (notify.Outcome, bool) { return notify.Sent, false })
		return Result{State: ledger.Quiet, Err: hold.End(c.step(ledger.Quiet, *state))}
	}
	own := func(key string) bool { // the far side takes each change by itself
		return d.to.Kind.Keyed && slices.ContainsFunc(parcels, func(p notify.Parcel) bool { return p.Part == key })
	}
	doubtful := state.After(d.news, func(key string) (notify.Outcome, bool) { return notify.Unknown, own(key) })
	if err := hold.Begin(d.step(c, ledger.Sending, doubtful)); err != nil {
		return Result{State: ledger.Failed, Err: err}
	}
	outcomes, worst, left := c.sendAll(ctx, d.to, parcels)
	*state = state.After(d.news, func(key string) (notify.Outcome, bool) {
		if outcome, is := outcomes[key]; is {
			return outcome, own(key)
		}
		if outcome, all := outcomes[d.reader]; all {
			return outcome, false
		}
		return notify.Sent, false // the place wants nothing of it
	})
	end := d.step(c, stateOf(worst), *state)
	if worst.Err != nil {
		end.Why = worst.Err.Error()
	}
	r := noted(end.State, worst.Err, hold.End(end))
	r.Left = left
	return r
}

// sendAll sends the parcels of a message. It returns what became of each, what to say of them
// all, and how many rows had no room.
func (c *Courier) sendAll(
	ctx context.Context, to Place, parcels []notify.Parcel,
) (outcomes map[string]notify.Outcome, worst notify.Receipt, left int) {
	outcomes, worst = map[string]notify.Outcome{}, notify.Receipt{Outcome: notify.Sent}
	for _, p := range parcels {
		before, begun := outcomes[p.Part] // of an alert that came and went: its end follows its begin
		if begun && before != notify.Sent {
			continue
		}
		r := c.send(ctx, to, p)
		if begun && r.Outcome != notify.Sent { // half of it is there
			r.Outcome = notify.Unknown
		}
		outcomes[p.Part] = r.Outcome
		left += p.Left
		if worst.Outcome == notify.Sent || r.Outcome == notify.Unknown {
			worst = r
		}
	}
	return outcomes, worst, left
}
