package reach

import (
	"context"
	"net"
	"net/http"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/spec/hosts"
	"github.com/nines-slo/nines/sources"
)

// Guard lets nothing out but to where it may go.
type Guard struct {
	entry Entry
	list  hosts.List
}

// Guard returns who keeps a resolved entry to a list, or without one to what its file says.
func (e Entry) Guard(list hosts.List) Guard { return Guard{e, list} }

// check returns why nothing goes to a host, nil if something may.
func (g Guard) check(h hosts.Host) error {
	for _, goal := range g.entry.goals {
		if goal.Secret == "" && goal.Host.Same(h) && g.entry.may(goal, g.list) {
			return nil
		}
	}
	switch {
	case g.list == nil:
		return &hosts.Forbidden{Host: h, Why: "the file names other hosts"}
	case !g.list.Allows(h):
		return &hosts.Forbidden{Host: h, Why: "--allow-host and NINES_HOSTS name other hosts"}
	}
	return nil
}

// HTTP returns rt within the guard, nil for none.
func (g Guard) HTTP(rt http.RoundTripper) http.RoundTripper {
	if rt == nil {
		return nil
	}
	return guarded{g, rt}
}

// Through returns through, whose requests are all within the guard, nil for none.
func (g Guard) Through(through func(sources.Route) http.RoundTripper) func(sources.Route) http.RoundTripper {
	if through == nil {
		return nil
	}
	return func(r sources.Route) http.RoundTripper { return g.HTTP(through(r)) }
}

type guarded struct {
	Guard
	base http.RoundTripper
}

// RoundTrip makes a request to where it may go.
func (g guarded) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := g.check(hosts.Of(req.URL)); err != nil {
		if req.Body != nil {
			req.Body.Close()
		}
		return nil, err
	}
	return g.base.RoundTrip(req)
}

// Dial returns dial within the guard, nil for none.
func (g Guard) Dial(dial notify.Dialer) notify.Dialer {
	if dial == nil {
		return nil
	}
	return func(ctx context.Context, network, address string) (net.Conn, error) {
		if err := g.check(hosts.Split(address)); err != nil {
			return nil, err
		}
		return dial(ctx, network, address)
	}
}
