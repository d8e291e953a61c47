package main

import (
	"context"
	"errors"
	"fmt"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify/alertmanager"
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
// was read by then: a third of the time, at most tellingTime, is kept for that.
func beforeTelling(ctx context.Context) (context.Context, context.CancelFunc) {
	deadline, ends := ctx.Deadline()
	if !ends {
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
	token := spec.NewSecret(a.getenv("NINES_ALERTMANAGER_TOKEN"))
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
	case t.stale(a, at):
		return nil, usagef("--at %s is not now: what is posted would end alerts that fire now, or is not known yet\n"+
			"hint: leave out --at or --alertmanager", at.Format(time.RFC3339))
	}
	return out, nil
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
