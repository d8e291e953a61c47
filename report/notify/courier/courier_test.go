package courier

import (
	"context"
	"errors"
	"fmt"
	"os"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/ledger"
	"github.com/nines-slo/nines/report/notify/watch"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/spec"
)

// far is a place that answers as it is told, per part, and remembers what it got.
type far struct {
	parts   []string
	readers []string
	answers map[string][]notify.Receipt // what is not there is Sent
	got     []string                    // "part id"
	clock   *clock
	takes   time.Duration // of an attempt
}

func (f *far) Pack(m notify.Message) ([]notify.Parcel, error) {
	var out []notify.Parcel
	for _, part := range f.parts {
		out = append(out, notify.Parcel{Part: part, ID: m.ID + part, Body: []byte(m.Headline)})
	}
	return out, nil
}

func (f *far) Send(_ context.Context, p notify.Parcel) notify.Receipt {
	f.got = append(f.got, p.Part+" "+p.ID)
	f.clock.now = f.clock.now.Add(f.takes)
	if next := f.answers[p.Part]; len(next) > 0 {
		f.answers[p.Part] = next[1:]
		return next[0]
	}
	return notify.Receipt{Outcome: notify.Sent}
}

// many has a reader each.
type many struct{ *far }

func (m many) Readers() []string { return m.readers }

type clock struct {
	now   time.Time
	slept []time.Duration
}

func (c *clock) sleep(ctx context.Context, d time.Duration) error {
	c.slept = append(c.slept, d)
	c.now = c.now.Add(d)
	return ctx.Err()
}

var monday = time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)

func set(t *testing.T, parts ...string) (*Courier, *far) {
	l, err := ledger.Open(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	k := &clock{now: monday}
	c := &Courier{Ledger: l, Now: func() time.Time { return k.now }, Sleep: k.sleep, Random: func() float64 { return 0 }}
	return c, &far{parts: parts, answers: map[string][]notify.Receipt{}, clock: k}
}

func place(d notify.Destination, keyed bool) Place {
	return Place{Destination: spec.Destination{Name: "chat"}, Kind: notify.Kind{Keyed: keyed}, Opened: d}
}

// receipts reads "failed unknown sent".
func receipts(text string) []notify.Receipt {
	var out []notify.Receipt
	for word := range strings.FieldsSeq(text) {
		outcome, wait, _ := strings.Cut(word, "/")
		r := notify.Receipt{Outcome: notify.Outcome(outcome)}
		r.Wait, _ = time.ParseDuration(wait)
		if r.Outcome != notify.Sent {
			r.Err = errors.New(outcome)
		}
		out = append(out, r)
	}
	return out
}

func states(all []Result) string {
	var out []string
	for _, r := range all {
		text := string(r.State)
		if r.Already {
			text += " already"
		}
		out = append(out, text)
	}
	return strings.Join(out, ", ")
}

// What a place answers, whether it recognises messages, and what that makes of a
// message, of the next run and of one with --again.
func TestDeliver(t *testing.T) {
	const first = "500ms"
	for _, tt := range []struct {
		answers string
		keyed   bool
		slept   string
		state   string
		next    string // state of a second run that the place takes everything of
		sent    int    // attempts in both
	}{
		{"sent", false, "", "sent", "sent already", 1},
		{"sent", true, "", "sent", "sent already", 1},
		{"failed sent", false, first, "sent", "sent already", 2},
		{"failed failed failed failed", false, "500ms 1s 2s", "failed", "sent", 5},
		{"refused", false, "", "failed", "sent", 2},
		{"refused", true, "", "failed", "sent", 2},
		{"unknown", false, "", "unknown", "unknown already", 1},
		{"failed unknown", false, first, "unknown", "unknown already", 2},
		{"unknown sent", true, first, "sent", "sent already", 2},
		{"unknown failed failed failed", true, "500ms 1s 2s", "unknown", "sent", 5},
		{"unknown refused", true, first, "unknown", "sent", 3},
		{"failed/7s sent", false, "7s", "sent", "sent already", 2},
		{"failed/90s sent", false, "1m30s", "sent", "sent already", 2},
		{"failed/121s", false, "", "failed", "sent", 2}, // later than the deadline
		{"failed/60s failed/60s", false, "1m0s", "failed", "sent", 3},
	} {
		c, f := set(t, "")
		f.answers[""] = receipts(tt.answers)
		ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(time.Hour))
		defer cancel()
		limited := until{ctx, monday.Add(119 * time.Second)}
		key := ledger.Key{Kind: "summary", Period: "2026-W47", Destination: "chat"}
		got := c.Deliver(limited, place(f, tt.keyed), notify.Message{Headline: "h"}, ledger.Entry{Key: key})
		slept := strings.Trim(fmt.Sprint(f.clock.slept), "[]")
		if states(got) != tt.state || slept != tt.slept || got[0].State != ledger.Sent && got[0].Err == nil {
			t.Errorf("%s, keyed %v: %s, slept %q, %v", tt.answers, tt.keyed, states(got), slept, got[0].Err)
		}
		f.answers = nil
		got = c.Deliver(t.Context(), place(f, tt.keyed), notify.Message{Headline: "h"}, ledger.Entry{Key: key})
		if states(got) != tt.next || len(f.got) != tt.sent {
			t.Errorf("%s, keyed %v, next run: %s after %d attempts", tt.answers, tt.keyed, states(got), len(f.got))
		}
		if ids := slices.Compact(slices.Clone(f.got)); len(ids) != 1 {
			t.Errorf("%s: one message has the ids %q", tt.answers, ids)
		}
		before := len(f.got)
		c.Again = true
		got = c.Deliver(t.Context(), place(f, tt.keyed), notify.Message{Headline: "h"}, ledger.Entry{Key: key})
		if states(got) != "sent" || len(f.got) != before+1 || f.got[before] == f.got[0] {
			t.Errorf("%s, keyed %v, --again: %s, %q", tt.answers, tt.keyed, states(got), f.got)
		}
	}
}

// until is a context with a deadline of the clock of the test.
type until struct {
	context.Context
	at time.Time
}

func (u until) Deadline() (time.Time, bool) { return u.at, true }

// Each recipient is one message: the next run sends to those alone who have none.
func TestRecipients(t *testing.T) {
	c, f := set(t, "a@shop", "b@shop", "c@shop")
	f.answers["b@shop"] = receipts("failed failed failed failed")
	key := ledger.Key{Kind: "summary", Period: "2026-W47", Destination: "chat"}
	deliver := func() string {
		f.got = nil
		return states(c.Deliver(t.Context(), place(f, false), notify.Message{}, ledger.Entry{Key: key}))
	}
	if got := deliver(); got != "sent, failed, sent" {
		t.Errorf("got %s", got)
	}
	f.parts = append(f.parts, "new@shop")
	if got := deliver(); got != "sent already, sent, sent already, sent" || len(f.got) != 2 {
		t.Errorf("got %s, %q", got, f.got)
	}
}

// Who has no time left tries nothing, and says why.
func TestNoTimeLeft(t *testing.T) {
	c, f := set(t, "")
	ctx, end := context.WithCancelCause(t.Context())
	end(errors.New("terminated"))
	got := c.Deliver(ctx, place(f, false), notify.Message{}, ledger.Entry{Key: ledger.Key{Destination: "chat"}})
	if states(got) != "failed" || got[0].Err.Error() != "terminated" || len(f.got) > 0 {
		t.Errorf("got %s, %v, %q", states(got), got[0].Err, f.got)
	}
}

// firing are alerts of which the objectives of these names fire.
func firing(at time.Time, names ...string) watch.Alerts {
	m := &report.Alerts{Status: report.Status{At: at, Language: unit.English}}
	for _, name := range []string{"a", "b", "c", "d"} {
		one := report.Alert{Policy: "page", Class: slo.Page, Test: slo.Events, State: burn.Inactive}
		if slices.Contains(names, name) {
			one.State, one.Since = burn.Active, &monday
		}
		m.Objectives = append(m.Objectives, report.Objective{Service: "shop", Name: name, Alerts: []report.Alert{one}})
	}
	return watch.Alerts{Model: m, Takes: func(*report.Alert) bool { return true }}
}

// A reader who got nothing, or may have, is told by the next run; the others are not.
func TestTellReaders(t *testing.T) {
	c, f := set(t, "a@shop", "b@shop", "c@shop")
	f.readers = f.parts
	f.answers["b@shop"], f.answers["c@shop"] = receipts("refused"), receipts("unknown")
	to := place(many{f}, false)
	for i, tt := range []struct{ want, got string }{
		{"sent, failed, unknown", "a@shop b@shop c@shop"},
		{"sent, sent", "b@shop c@shop"},
		{"", ""},
	} {
		f.got = nil
		results := c.Tell(t.Context(), to, firing(monday.Add(time.Duration(i)*time.Minute), "a"))
		var parts []string
		for _, p := range f.got {
			part, _, _ := strings.Cut(p, " ")
			parts = append(parts, part)
		}
		if states(results) != tt.want || strings.Join(parts, " ") != tt.got {
			t.Errorf("run %d: %s to %q", i, states(results), parts)
		}
	}
}

// pager takes each change by itself.
type pager struct{ *far }

func (p pager) Pack(m notify.Message) ([]notify.Parcel, error) {
	p.parts = nil
	for _, c := range m.Paged() {
		p.parts = append(p.parts, c.Key)
	}
	return p.far.Pack(notify.Message{})
}

// Of several pages in one message each goes its own way: what failed, or may have, is
// told again, until it is there.
func TestTellPager(t *testing.T) {
	c, f := set(t)
	to := place(pager{f}, true)
	c.Tell(t.Context(), to, firing(monday))
	if len(f.got) > 0 {
		t.Fatalf("nothing fires, and %q was sent", f.got)
	}
	c.Tell(t.Context(), to, firing(monday.Add(time.Minute), "a", "b", "c", "d"))
	keys := slices.Clone(f.parts)
	if len(f.got) != 4 {
		t.Fatalf("got %q", f.got)
	}
	f.got = nil
	f.answers[keys[1]], f.answers[keys[2]] = receipts("refused"), receipts("unknown unknown unknown unknown unknown unknown unknown unknown")
	got := c.Tell(t.Context(), to, firing(monday.Add(2*time.Minute)))
	if states(got) != "unknown" || len(f.got) != 3+4 {
		t.Errorf("got %s, %q", states(got), f.got)
	}
	for i, want := range []int{1 + 4, 1, 0} { // of three runs after that
		f.got = nil
		c.Tell(t.Context(), to, firing(monday.Add(time.Duration(3+i)*time.Minute)))
		if len(f.got) != want {
			t.Errorf("run %d: %q", i, f.got)
		}
	}
}

// flash is an alert that came and went between two runs.
func flash(at time.Time) watch.Alerts {
	a := firing(at)
	end := monday.Add(5 * time.Minute)
	a.Model.Objectives[0].Alerts[0].Over = []report.Firing{{Start: monday, End: &end}}
	return a
}

// A pager gets the begin and the end of what came and went, in this order. Half of it is
// not enough: it gets both again, and no end without a begin.
func TestPagerIsToldOfWhatPassed(t *testing.T) {
	for _, tt := range []struct {
		answers string
		sent    int // attempts of the run
		state   string
		next    int // and of the one after it
	}{
		{"sent sent", 2, "sent", 0},
		{"refused", 1, "failed", 2},
		{"sent refused", 2, "unknown", 2},
		{"unknown unknown unknown unknown", 4, "unknown", 2},
	} {
		c, f := set(t)
		to := place(pager{f}, true)
		c.Tell(t.Context(), to, firing(monday.Add(-time.Minute)))
		a := flash(monday.Add(10 * time.Minute))
		f.answers[notifyKey(t, a)] = receipts(tt.answers)
		if got := c.Tell(t.Context(), to, a); states(got) != tt.state || len(f.got) != tt.sent {
			t.Errorf("%s: %s after %d attempts", tt.answers, states(got), len(f.got))
		}
		f.got = nil
		c.Tell(t.Context(), to, flash(monday.Add(11*time.Minute)))
		if len(f.got) != tt.next {
			t.Errorf("%s, next run: %d attempts, want %d", tt.answers, len(f.got), tt.next)
		}
		f.got = nil
		if c.Tell(t.Context(), to, flash(monday.Add(12*time.Minute))); len(f.got) > 0 {
			t.Errorf("%s: told for ever: %q", tt.answers, f.got)
		}
	}
}

// notifyKey is the key of the only change of alerts.
func notifyKey(t *testing.T, a watch.Alerts) string {
	news, _ := a.News(watch.State{"shop/a": {Alerts: map[string]watch.Known{"page": {}}}})
	changes := a.Message(news).Changes
	if len(changes) != 1 {
		t.Fatalf("%d changes", len(changes))
	}
	return changes[0].Key
}

// Who was told that an alert fires waits for its end, also if no alert goes there any
// more; who was told of it waits for nothing.
func TestWaiting(t *testing.T) {
	c, f := set(t, "")
	for i, tt := range []struct {
		alerts watch.Alerts
		want   string
	}{
		{firing(monday), "[]"}, {firing(monday, "a"), "[chat]"}, {firing(monday.Add(time.Minute)), "[]"},
	} {
		c.Tell(t.Context(), place(f, false), tt.alerts)
		if got, err := c.Waiting(); fmt.Sprint(got) != tt.want || err != nil {
			t.Errorf("%d: got %v, %v, want %s", i, got, err, tt.want)
		}
	}
}

// What would be told is not told, and is told after that.
func TestPreview(t *testing.T) {
	c, f := set(t, "")
	for range 2 {
		got, err := c.Preview(place(f, false), firing(monday, "a"))
		if err != nil || len(got) != 1 || !strings.HasPrefix(string(got[0].Body), "shop/a: page fires") {
			t.Fatalf("got %v, %v", got, err)
		}
	}
	if len(f.got) > 0 {
		t.Errorf("sent %q", f.got)
	}
	if got := states(c.Tell(t.Context(), place(f, false), firing(monday, "a"))); got != "sent" {
		t.Errorf("got %s", got)
	}
}

// deliver hands a summary over that tells of these objectives, and says what became of it.
func deliver(t *testing.T, c *Courier, to Place, about string) string {
	t.Helper()
	key := ledger.Key{Kind: ledger.Summary, Period: "2026-W47", Destination: "chat", Services: []string{"shop"}}
	r := c.Deliver(t.Context(), to, notify.Message{Headline: about}, ledger.Said(key, strings.Fields(about), nil))
	text := states(r)
	if len(r[0].Untold) > 0 {
		text += " without " + strings.Join(r[0].Untold, " ")
	}
	return text
}

// Files of several teams may share a folder, a service and the name of a destination. A
// message that tells of none of the objectives that were told is another one. One that
// tells of more is the same, of files that were added to. Of one that lacks some and has
// others nobody knows whose it is, and that is an error.
func TestTeams(t *testing.T) {
	for _, keyed := range []bool{false, true} {
		c, f := set(t, "")
		to := place(f, keyed)
		for _, tt := range []struct {
			about, want string
			sent        int
		}{
			{"shop/a shop/b", "sent", 1},
			{"shop/c", "sent", 2}, // another team
			{"shop/a shop/b", "sent already", 2},
			{"shop/c", "sent already", 2},
			{"shop/c shop/d", "sent already without shop/d", 2}, // which adds one
			{"shop/d", "sent", 3},                               // and a third
			{"shop/a", "sent already", 3},                       // of less
			{"shop/b shop/z", "failed already without shop/z", 3},
			{"shop/z", "sent", 4},
		} {
			if got := deliver(t, c, to, tt.about); got != tt.want || len(f.got) != tt.sent {
				t.Errorf("keyed %v, %s: %s, want %s; %d were sent, want %d", keyed, tt.about, got, tt.want, len(f.got), tt.sent)
			}
		}
		if ids := slices.Compact(slices.Sorted(slices.Values(f.got))); len(ids) != 4 {
			t.Errorf("keyed %v: four messages have the ids %q", keyed, ids)
		}
		all, err := c.Ledger.Messages()
		if err != nil || len(all) != 4 || len(all.Summaries(ledger.Said(all[0].Key, []string{"shop/c"}, nil))) != 1 {
			t.Errorf("keyed %v: %v, %v", keyed, all, err)
		}
	}
}

// What was sent, or may have been, stays that if it is sent once more and surely does not
// arrive: the next run does not send it by itself.
func TestAgainFails(t *testing.T) {
	for _, first := range []string{"sent", "unknown"} {
		c, f := set(t, "")
		f.answers[""] = receipts(first + " refused")
		to := place(f, false)
		deliver(t, c, to, "shop/a")
		c.Again = true
		if got := deliver(t, c, to, "shop/a"); got != "failed" {
			t.Errorf("%s, then --again: %s", first, got)
		}
		c.Again = false
		if got := deliver(t, c, to, "shop/a"); got != first+" already" || len(f.got) != 2 {
			t.Errorf("%s, then a failure: %s, %q", first, got, f.got)
		}
		all, err := c.Ledger.Messages()
		if err != nil || len(all) != 1 || all[0].Why != "sent once more, which failed: refused" {
			t.Errorf("%s: %+v, %v", first, all, err)
		}
	}
}

// What became of each message about alerts is shown, also after others that ended
// differently; runs without news and previews are none.
func TestTellHistory(t *testing.T) {
	c, f := set(t, "")
	f.answers[""] = receipts("sent unknown")
	to := place(f, false)
	for i, names := range []string{"a", "a b", "a b", "a b c", "", ""} {
		alerts := firing(monday.Add(time.Duration(i)*time.Minute), strings.Fields(names)...)
		if _, err := c.Preview(to, alerts); err != nil {
			t.Fatal(err)
		}
		c.Tell(t.Context(), to, alerts)
		f.clock.now = f.clock.now.Add(time.Minute)
	}
	all, err := c.Ledger.Messages()
	var got []string
	for _, e := range all {
		got = append(got, string(e.State)+" "+strings.Join(e.About, ","))
	}
	want := "sent shop/a; unknown shop/b; sent shop/b; sent shop/c"
	if text := strings.Join(got, "; "); err != nil || !strings.HasPrefix(text, want) {
		t.Errorf("got %s, %v\nwant %s", text, err, want)
	}
}

// breaking takes the ledger's folder away while it sends.
type breaking struct {
	*far
	dir string
}

func (b breaking) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	os.RemoveAll(b.dir)
	return b.far.Send(ctx, p)
}

// What was sent and could not be written down is told as that, and is no success.
func TestNotNoted(t *testing.T) {
	c, f := set(t, "")
	dir := t.TempDir()
	var err error
	if c.Ledger, err = ledger.Open(dir); err != nil {
		t.Fatal(err)
	}
	to := place(breaking{f, dir}, false)
	key := ledger.Key{Kind: ledger.Summary, Destination: "chat"}
	got := c.Deliver(t.Context(), to, notify.Message{}, ledger.Entry{Key: key})
	const want = "it is sent, which could not be written down: the next run does not know; the ledger cannot be written"
	if states(got) != "unknown" || got[0].Err == nil || !strings.HasPrefix(got[0].Err.Error(), want) || len(f.got) != 1 {
		t.Errorf("got %s, %v", states(got), got[0].Err)
	}
	if c.Ledger, err = ledger.Open(dir); err != nil {
		t.Fatal(err)
	}
	if got = c.Tell(t.Context(), to, firing(monday, "a")); states(got) != "unknown" || !strings.HasPrefix(got[0].Err.Error(), want) {
		t.Errorf("alerts: got %s, %v", states(got), got)
	}
}
