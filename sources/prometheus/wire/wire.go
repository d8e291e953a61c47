// Package wire asks servers that speak the HTTP API of Prometheus: Prometheus itself,
// VictoriaMetrics, Thanos, Mimir, Loki and what clouds offer under that name.
//
// No answer is held whole. It is scanned as it arrives and handed over in blocks of at
// most 1024 points of one series; memory is a buffer of 64 KiB and a block for each
// request under way, and the labels of each series of a query once, of which there may be
// 100,000 in 32 MiB. The scanner is strict: what it does not understand is an error that
// says what and where, and never a number.
//
// A range is asked for in pieces below the number of points that the server allows; a
// server that finds a piece too much is asked for halves, down to 32 points. What may pass
// before an answer begins is repeated by the transport. An answer that breaks off is asked
// for again here, three times in all; of what was handed over before each series is
// continued behind its last point, so no point comes twice.
//
// Where the time is limited a request may take two thirds of what is left, so that one that
// hangs leaves some to others.
//
// What a server says of an error is shown in one line of at most 300 characters.
package wire

import (
	"context"
	"net/http"
	"net/url"
	"sync/atomic"

	"github.com/nines-slo/nines/sources/prometheus/server"
)

// Config says whom a Client asks, and how.
type Config struct {
	// URL is the address of the server, to which api/v1/… is added; see server.URL.
	URL *url.URL

	HTTP     http.RoundTripper // knows who asks; see sources.Env
	Parallel int               // requests that may be under way at once, less than 1 is 1

	// Hide takes secrets out of what a server says, which may repeat what it was told.
	// Nil: there are none.
	Hide func(string) string

	// Pause waits before an answer that broke off is asked for again, the first time
	// after attempt 1. Nil waits for a second or so, longer each time.
	Pause func(ctx context.Context, attempt int) error
}

// Client asks one server. It may be used by several goroutines.
type Client struct {
	config Config
	plain  bool         // no parameter is sent that the API of Prometheus does not have
	get    atomic.Bool  // the server takes no POST
	points atomic.Int64 // that one answer may have of a series, as far as is known

	answered atomic.Bool // the server, to anything
}

// New returns a client.
func New(c Config) *Client {
	c.Parallel = max(c.Parallel, 1)
	if c.Hide == nil {
		c.Hide = func(s string) string { return s }
	}
	if c.Pause == nil {
		c.Pause = server.Pause
	}
	out := &Client{config: c, plain: refuses(c.URL.Hostname())}
	out.points.Store(firstPoints)
	return out
}

// firstPoints is the limit of Prometheus, which cannot be changed there. Other servers
// have the same, or a higher one by default.
const firstPoints = 11_000

// Told is what a server says beside its answer: at most 20 of each, of at most 300
// characters, each text once.
type Told struct {
	Warnings []string // the answer may lack something
	Infos    []string
}
