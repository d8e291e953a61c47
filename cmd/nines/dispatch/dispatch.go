// Package dispatch sends messages to the destinations of SLO files.
package dispatch

import (
	"context"
	"errors"
	"fmt"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"sync"
	"text/tabwriter"
	"time"

	"github.com/nines-slo/nines/cmd/nines/reach"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/courier"
	"github.com/nines-slo/nines/report/notify/ledger"
	"github.com/nines-slo/nines/report/notify/watch"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// StateDir returns where the ledger is if nobody says, by the convention of the
// system.
func StateDir(getenv func(string) string) (string, error) {
	base := getenv("XDG_STATE_HOME")
	if runtime.GOOS == "windows" {
		base = getenv("LOCALAPPDATA")
	}
	if home := getenv("HOME"); base == "" && home != "" {
		base = filepath.Join(home, ".local", "state")
	}
	if !filepath.IsAbs(base) {
		return "", errors.New("there is no folder for what was sent: neither HOME nor XDG_STATE_HOME is set\nhint: name one with --state")
	}
	return filepath.Join(base, "nines"), nil
}

// Known are the destinations that may be named.
type Known struct {
	Set   []spec.Destination
	Kinds []notify.Kind
	Env   notify.Env
	Hosts hosts.List // that secrets may go to
}

// Place opens the destination of a name.
func (k Known) Place(name string) (courier.Place, error) {
	i := slices.IndexFunc(k.Set, func(d spec.Destination) bool { return d.Name == name })
	if i < 0 {
		var names []string
		for _, d := range k.Set {
			names = append(names, d.Name)
		}
		none := diag.Errorf(diag.Pos{}, "destination/unknown", "destination %s is in no file", diag.Quote(name))
		return courier.Place{}, diag.List{none.WithHint("%s", hint(name, names))}
	}
	d := k.Set[i]
	kind := k.Kinds[slices.IndexFunc(k.Kinds, func(kind notify.Kind) bool { return kind.Name == d.Type })]
	opened, err := k.open(d, kind)
	if err != nil {
		var found diag.List
		if errors.As(err, &found) {
			return courier.Place{}, found
		}
		return courier.Place{}, diag.List{diag.Errorf(d.Pos, "destination/open", "destination %s: %v", diag.Quote(name), err)}
	}
	return courier.Place{Destination: d, Kind: kind, Opened: opened}, nil
}

// open opens a destination, which reaches no host but those it may go to.
func (k Known) open(d spec.Destination, kind notify.Kind) (notify.Destination, error) {
	entry, err := reach.Destination(d, kind.DestinationKind).Resolved(k.Env.Getenv, k.Env.Root)
	if err != nil {
		return nil, err
	}
	if refused := entry.Refused(k.Hosts); len(refused) > 0 {
		return nil, refused
	}
	env, guard := k.Env, entry.Guard(k.Hosts)
	env.HTTP, env.Dial = guard.HTTP(env.HTTP), guard.Dial(env.Dial)
	return kind.Open(d.Block, env)
}

func hint(name string, names []string) string {
	if len(names) == 0 {
		return "add destinations: {" + name + ": {type: slack, url_env: SLACK_URL}}"
	}
	return diag.Among(name, names, nil)
}

// Letter is a message on its way to a place.
type Letter struct {
	To      courier.Place
	Message notify.Message
	Entry   ledger.Entry // what the ledger is to know of it
}

// Send delivers letters, those to one place one after the other, and places side by
// side. The results are in the order of the letters.
func Send(ctx context.Context, c *courier.Courier, letters []Letter) []courier.Result {
	results := make([][]courier.Result, len(letters))
	var all sync.WaitGroup
	for _, name := range places(letters) {
		all.Go(func() {
			for i, l := range letters {
				if l.To.Name == name {
					results[i] = c.Deliver(ctx, l.To, l.Message, l.Entry)
				}
			}
		})
	}
	all.Wait()
	c.Ledger.Prune(c.Now())
	return slices.Concat(results...)
}

func places(letters []Letter) []string {
	var names []string
	for _, l := range letters {
		if !slices.Contains(names, l.To.Name) {
			names = append(names, l.To.Name)
		}
	}
	return names
}

// Preview returns what would be sent, secrets as ***, and says of what was sent before.
func (l Letter) Preview(past ledger.Past, again bool) (string, error) {
	l.Message.ID = courier.ID(l.Entry.Key)
	parcels, err := l.To.Opened.Pack(l.Message)
	if err != nil {
		return "", err
	}
	text := ""
	for _, p := range parcels {
		l.Entry.Key.Part = p.Part
		text += shown(l.To.Name+l.before(past.Last(l.Entry), again), []notify.Parcel{p})
	}
	return text, nil
}

// before says that an earlier run sends a message, sent it, or may have, so that it is not
// sent again; "" if it is.
func (l Letter) before(last ledger.Entry, again bool) string {
	switch {
	case again:
		return ""
	case last.State == ledger.Sent:
		return " (was sent before: nothing is sent without --again)"
	case last.State == ledger.Unknown && !l.To.Kind.Keyed:
		return " (nobody knows whether it arrived before: nothing is sent without --again)"
	case last.State == ledger.Sending:
		return " (another run is sending it)"
	}
	return ""
}

func shown(name string, parcels []notify.Parcel) string {
	text := ""
	for _, p := range parcels {
		text += fmt.Sprintf("to %s\n%s\n", joined(name, p.Part), p.Body)
	}
	return text
}

func joined(name, part string) string {
	if part == "" {
		return name
	}
	return name + " " + part
}

// News are the alerts of a run and who is told of them.
type News struct {
	Model   *report.Alerts
	Now     time.Time
	Link    string
	Files   string // see watch.Alerts
	Partial bool
	Places  []Reader
}

// Reader is a place and the alerts that go there.
type Reader struct {
	courier.Place
	Takes func(class slo.Class, to []string) bool
}

// For tells whether any alert goes to a destination.
func (n News) For(d spec.Destination) bool {
	return slices.ContainsFunc(n.Model.Objectives, func(o report.Objective) bool {
		return slices.ContainsFunc(o.Alerts, func(a report.Alert) bool { return d.Takes(a.Class, a.To) })
	})
}

// alerts are those that go to a reader.
func (n News) alerts(r Reader) watch.Alerts {
	takes := func(a *report.Alert) bool { return r.Takes(a.Class, a.To) }
	return watch.Alerts{Model: n.Model, Now: n.Now, Takes: takes, Link: n.Link, Files: n.Files, Partial: n.Partial}
}

// Tell tells every place, side by side.
func (n News) Tell(ctx context.Context, c *courier.Courier) []courier.Result {
	results := make([][]courier.Result, len(n.Places))
	var all sync.WaitGroup
	for i, r := range n.Places {
		all.Go(func() { results[i] = c.Tell(ctx, r.Place, n.alerts(r)) })
	}
	all.Wait()
	c.Ledger.Prune(c.Now())
	return slices.Concat(results...)
}

// Preview returns what would be sent, secrets as ***.
func (n News) Preview(c *courier.Courier) (string, error) {
	text := ""
	for _, r := range n.Places {
		parcels, err := c.Preview(r.Place, n.alerts(r))
		if err != nil {
			return text, err
		}
		text += shown(r.Name, parcels)
	}
	return text, nil
}

// Says tells in a few words what became of a parcel.
func Says(r courier.Result) string {
	who := joined(r.Key.Destination, r.Key.Part)
	if r.Key.Owner != "" {
		who += ", for " + r.Key.Owner
	}
	text := string(r.State)
	switch {
	case r.State == ledger.Failed && r.Already:
		text = "not sent: another message was"
	case r.State == ledger.Sent && len(r.Untold) > 0:
		text = "was sent before, without " + courier.Few(r.Untold) + ": nothing is sent now; --again sends it"
	case r.State == ledger.Sent && r.Already:
		text = "was sent before: nothing is sent now"
	case r.State == ledger.Unknown && r.Already:
		text = "nobody knows whether it arrived, so it is not sent again; --again sends it"
	case r.State == ledger.Unknown:
		text = "nobody knows whether it arrived"
	case r.State == ledger.Failed:
		text = "not sent"
	case r.State == ledger.Quiet:
		text = "takes nothing of it"
	case r.Left > 0:
		text += fmt.Sprintf(" (%d lines had no room)", r.Left)
	}
	return diag.Escape(who + ": " + text)
}

// List writes what was sent, oldest first.
func List(w io.Writer, all []ledger.Entry) error {
	if len(all) == 0 {
		_, err := fmt.Fprintln(w, "nothing was sent yet")
		return err
	}
	table := tabwriter.NewWriter(w, 0, 0, 2, ' ', 0)
	fmt.Fprintln(table, "WHEN\tWHAT\tTO\tSTATE\tMESSAGE")
	for _, e := range all {
		fmt.Fprintf(table, "%s\t%s\t%s\t%s\t%s\n", e.At.UTC().Format("2006-01-02 15:04Z"),
			diag.Escape(what(e)), diag.Escape(joined(e.Key.Destination, e.Key.Part)), e.State, diag.Escape(said(e)))
	}
	return table.Flush()
}

// what tells which message it was, and of which objectives.
func what(e ledger.Entry) string {
	what := joined(e.Key.Kind, e.Key.Period)
	if e.Key.Owner != "" {
		what += " for " + e.Key.Owner
	}
	if len(e.About) > 0 {
		what += ": " + courier.Few(e.About)
	}
	return what
}

// said is what the message said, and what became of it beside its state.
func said(e ledger.Entry) string {
	said := e.Headline
	if e.Why != "" {
		said += " (" + e.Why + ")"
	}
	if e.More > 0 {
		said += fmt.Sprintf(" (and %d before it, not shown)", e.More)
	}
	return said
}
