package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net"
	"slices"
	"sync"
	"time"

	"github.com/nines-slo/nines/cmd/nines/dispatch"
	"github.com/nines-slo/nines/cmd/nines/reach"
	"github.com/nines-slo/nines/cmd/nines/transport"
	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/alertmanager"
	"github.com/nines-slo/nines/report/notify/courier"
	"github.com/nines-slo/nines/report/notify/ledger"
	"github.com/nines-slo/nines/report/notify/stdout"
	"github.com/nines-slo/nines/slo/spec"
)

// telling are the flags that say who is told of alerts.
type telling struct {
	Alertmanager []string       `sep:"none" placeholder:"URL" help:"Post what fires, and what stopped to, to this Alertmanager. Give it again for each one of a cluster."`
	ResolveAfter *time.Duration `placeholder:"DURATION" help:"With --alertmanager: what was posted ends by itself after this long, more than the time between two runs. Default: 5m."`
}

// usualResolveAfter is the --resolve-after of those who give none.
const usualResolveAfter = 5 * time.Minute

// resolveAfter is how long what was posted lasts.
func (t telling) resolveAfter() time.Duration {
	if t.ResolveAfter == nil {
		return usualResolveAfter
	}
	return *t.ResolveAfter
}

// leastResolveAfter is the least --resolve-after: --at is cut to the minute, and the next
// run of a cron job comes a minute later.
const leastResolveAfter = 2 * time.Minute

// patience is how long is waited for an answer without --timeout.
const patience = 30 * time.Second

// tellingTime is how much of a --timeout is left for telling, at most.
const tellingTime = 10 * time.Second

// beforeTelling returns a context that ends before ctx does, so that somebody is told what
// was read by then: a third of the time, at most tellingTime, is kept for that. It ends
// with ctx where nobody is told.
func beforeTelling(ctx context.Context, told bool) (context.Context, context.CancelFunc) {
	deadline, ends := ctx.Deadline()
	if !ends || !told {
		return context.WithCancel(ctx)
	}
	kept := min(time.Until(deadline)/3, tellingTime)
	late := fmt.Errorf("no answer within the --timeout less %s, which are kept for telling", kept.Round(time.Second/10))
	return context.WithDeadlineCause(ctx, deadline.Add(-kept), late)
}

// answerTime is how long one request to an Alertmanager may take.
const answerTime = 10 * time.Second

// cluster returns who is to be told how it stands at the instant at.
func (t telling) cluster(a *app, at time.Time) ([]*alertmanager.Alertmanager, error) {
	if len(t.Alertmanager) > 0 && a.untrusted {
		return nil, usagef("--untrusted tells nobody: it does not go with --alertmanager")
	}
	if len(t.Alertmanager) > 0 && a.http == nil {
		return nil, errors.New("nobody can be told: there is no network here")
	}
	var out []*alertmanager.Alertmanager
	token := spec.NewSecret(a.getenv(spec.AlertmanagerToken))
	for _, address := range t.Alertmanager {
		m, err := alertmanager.New(address, token, a.http.Within(answerTime))
		if err != nil {
			return nil, usagef("--alertmanager %w", err)
		}
		out = append(out, m)
	}
	switch {
	case out == nil && t.ResolveAfter != nil:
		return nil, usagef("--resolve-after is for --alertmanager, which is told")
	case out == nil:
		return nil, nil
	case t.resolveAfter() < leastResolveAfter:
		return nil, usagef("--resolve-after %s is less than %s: alerts would end before the next run",
			t.resolveAfter(), leastResolveAfter)
	}
	return out, t.current(a, at, "--alertmanager")
}

// current refuses to tell people, whom flag tells, how it stood at an instant that is not now.
func (t telling) current(a *app, at time.Time, flag string) error {
	if !t.stale(a, at) {
		return nil
	}
	return usagef("--at %s is not now: what is told would end alerts that fire now, or is not known yet\n"+
		"hint: leave out --at or %s", at.Format(time.RFC3339), flag)
}

// stale tells whether what fires at the instant at is over by itself, or in the future.
func (t telling) stale(a *app, at time.Time) bool {
	return at.After(a.now()) || !at.Add(t.resolveAfter()).After(a.now())
}

// post posts alerts to the cluster, whose members tell each other: one that takes
// them is enough, and those that do not are warned of.
func (t telling) post(
	ctx context.Context, a *app, cluster []*alertmanager.Alertmanager, alerts *report.Alerts, within time.Duration,
) error {
	if len(cluster) == 0 {
		return nil
	}
	if t.stale(a, alerts.At) {
		return fmt.Errorf("nothing was posted: it took over %s to read the counts, and alerts end after that\n"+
			"hint: raise --resolve-after", t.resolveAfter())
	}
	ctx, cancel := context.WithTimeoutCause(ctx, within, fmt.Errorf("no answer within %s", within))
	defer cancel()
	errs := alertmanager.PostAll(ctx, cluster, alerts, t.resolveAfter())
	if len(errs) == len(cluster) {
		return errors.Join(errs...)
	}
	for _, err := range errs {
		fmt.Fprintf(a.stderr, "warning: %v\n", err)
	}
	return nil
}

// ledgering are the flags of commands that send messages.
type ledgering struct {
	State  string `placeholder:"DIR" help:"Folder that remembers what was sent. Default: $XDG_STATE_HOME/nines, else ~/.local/state/nines."`
	DryRun bool   `help:"Print what would be sent, without sending."`
}

// dir returns the folder that remembers what was sent.
func (l ledgering) dir(a *app) (string, error) {
	if l.State != "" {
		return l.State, nil
	}
	return dispatch.StateDir(a.getenv)
}

// open returns the ledger; where nothing is sent, one that need not be writable.
func (l ledgering) open(a *app) (*ledger.Ledger, error) {
	dir, err := l.dir(a)
	if err != nil || l.DryRun {
		return ledger.Look(dir), err
	}
	opened, err := ledger.Open(dir)
	if err != nil {
		return nil, usagef("nothing is sent: what was sent cannot be written down: %w\nhint: name a folder with --state", err)
	}
	return opened, nil
}

// sendTime is how long is sent at most, attempts and waits together.
const sendTime = 2 * time.Minute

// sending returns a context that ends when sending has to; --timeout may end it sooner.
func sending(ctx context.Context) (context.Context, context.CancelFunc) {
	return context.WithTimeoutCause(ctx, sendTime, fmt.Errorf("not sent within %s", sendTime))
}

// preview prints what would be sent.
func preview(a *app, past ledger.Past, letters []dispatch.Letter, again bool) error {
	for _, l := range letters {
		text, err := l.Preview(past, again)
		if err != nil {
			return err
		}
		fmt.Fprint(a.say(), text)
	}
	return nil
}

// open opens the destinations of these names.
func (a *app) open(set *spec.Set, names []string) ([]courier.Place, error) {
	if len(names) > 0 && a.untrusted {
		return nil, usagef("--untrusted tells nobody: it does not go with --to and --notify")
	}
	known := dispatch.Known{Set: set.Destinations, Kinds: a.places, Env: a.world(set), Hosts: a.hosts}
	var places []courier.Place
	var wrong []error
	for _, name := range names {
		if slices.ContainsFunc(places, func(p courier.Place) bool { return p.Name == name }) {
			continue
		}
		p, err := known.Place(name)
		if err != nil {
			wrong = append(wrong, exitError{exitUsage, err})
			continue
		}
		places = append(places, p)
	}
	return places, errors.Join(wrong...)
}

// world is what destinations may use.
func (a *app) world(set *spec.Set) notify.Env {
	var one sync.Mutex // places are told side by side
	env := notify.Env{Now: a.now, Getenv: a.getenv, Root: a.root, Stdout: func(text []byte) error {
		one.Lock()
		defer one.Unlock()
		_, err := a.say().Write(text)
		return err
	}}
	if a.http != nil {
		env.HTTP = a.http.Within(answerTime)
		env.Dial = (&net.Dialer{Timeout: answerTime}).DialContext
		env.Run = dispatch.Runner{Secrets: reach.Variables(set, a.known(), spec.AlertmanagerToken)}.Run
	}
	return env
}

// courier returns who hands messages over.
func (a *app) courier(told *ledger.Ledger, again bool) *courier.Courier {
	return &courier.Courier{Ledger: told, Now: a.now, Sleep: transport.Sleep, Random: rand.Float64, Again: again}
}

// delivered prints what became of each parcel.
func (a *app) delivered(w io.Writer, results []courier.Result) error {
	failed := false
	for _, r := range results {
		out := w
		if r.State == ledger.Sent && len(r.Untold) > 0 { // nobody was told of these: no log is enough
			out = a.stderr
		}
		fmt.Fprintln(out, dispatch.Says(r))
		if r.Err != nil {
			a.complain(fmt.Errorf("%s: %w", r, r.Err))
		}
		failed = failed || r.State != ledger.Sent
	}
	if failed {
		return exitError{code: exitUncertain}
	}
	return nil
}

// changes tells the destinations of the alerts' policies and classes what changed since
// they were told last. One that cannot be opened keeps no other from being told.
func (c *alertsCmd) changes(ctx context.Context, a *app, set *spec.Set, told *ledger.Ledger, alerts *report.Alerts) error {
	files, err := c.Read.Files.identity()
	if err != nil {
		return err
	}
	news := dispatch.News{Model: alerts, Now: a.now(), Link: set.Report.Link, Files: files, Partial: len(c.Choose.Only) > 0}
	waiting, err := a.courier(told, false).Waiting()
	if err != nil {
		return err
	}
	var unopened []error
	routed := false
	for _, d := range set.Destinations {
		if !news.For(d) && !slices.Contains(waiting, d.Name) { // it may have to know that it is told of no more
			continue
		}
		routed = true
		if d.Type == stdout.Kind().Name && c.parsed() {
			unopened = append(unopened, usagef(
				"destination %s writes to standard output, where the %s goes\nhint: leave out -o", d.Name, c.Output))
			continue
		}
		places, err := a.open(set, []string{d.Name})
		if err != nil {
			unopened = append(unopened, err)
			continue
		}
		news.Places = append(news.Places, dispatch.Reader{Place: places[0], Takes: d.Takes})
	}
	if !routed {
		return usagef("no alert has a destination\nhint: give a policy to: [chat], or a destination classes: [page, ticket]")
	}
	ctx, cancel := sending(ctx)
	defer cancel()
	if c.Ledger.DryRun {
		text, err := news.Preview(a.courier(told, false))
		fmt.Fprint(a.say(), text)
		return errors.Join(append(unopened, err)...)
	}
	return errors.Join(append(unopened, a.delivered(a.stderr, news.Tell(ctx, a.courier(told, false))))...)
}
