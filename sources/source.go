// Package sources brings counts in. A Kind describes one way to get them and
// opens a Source, which answers all its requests in one call, since a log is
// read once for all its SLOs. Each kind is a package of its own below this one;
// sources/all lists them.
package sources

import (
	"cmp"
	"context"
	"crypto/tls"
	"net/http"
	"net/url"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// Kind is one kind of source.
type Kind struct {
	spec.SourceKind

	// Open prepares a source of a checked block. It reads nothing yet.
	Open func(ctx context.Context, cfg spec.Block, env Env) (Source, error)
}

// Env is what a source may know of the world around it, and all that it may use of
// it beside the files that its block names.
type Env struct {
	At     time.Time           // rows and lines at or after At are left out; what has not begun by then, with a warning
	Stdin  *Stdin              // what the path "-" reads; nil: there is none
	Digest bool                // fill Input.Digest, which costs a hash over the whole input
	Getenv func(string) string // the environment, where secrets come from; nil: an empty one

	// Types has notes tell of metrics that are of another type than they are read as, which
	// costs questions.
	Types bool

	// Root is the folder below which the files are that may be read, nil for anywhere.
	// Package input keeps to it.
	Root *paths.Root

	// HTTP makes the requests of sources that ask over HTTP; Do and Stream are the ways
	// to use it. It repeats what may pass, gives up on what does not end, goes to no host
	// that was not named, and returns whole answers to Do. Nil: there is no network.
	HTTP http.RoundTripper

	// Through returns what HTTP is, of a source that goes out by a route of its own.
	// Nil: there is no network.
	Through func(Route) http.RoundTripper

	// Parallel is how many requests a source may have under way at once. Less than 1
	// is 1. Files have no such limit.
	Parallel int
}

// Route is how a source reaches its servers.
type Route struct {
	TLS   *tls.Config                      // nil: as usual
	Proxy func(*url.URL) (*url.URL, error) // of an address, nil for none; nil: that of the environment

	// Stamp says who asks in a request of its own for each attempt: signatures and tokens
	// do not hold for long. An error ends the request. Nil: nobody does.
	Stamp func(*http.Request) error
}

// Source answers requests. A source that holds something open is an io.Closer too:
// whoever opened it closes it, once, after the last Fetch.
type Source interface {
	// Fetch answers every request, in any order, and folds what it reads into
	// buckets as it reads: memory is bounded by the buckets, not by the input. Until it
	// answers it holds the buckets alone that something was read of; the series of all
	// buckets is made for one label set at a time, and belongs to whom it is emitted to.
	// emit is called from the calling goroutine; goroutines that Fetch starts end
	// before it returns.
	//
	// Fetch may be called again, also after an error, but not from two goroutines at
	// once. The same requests get the same answers then, as long as what the source
	// reads is the same. Only standard input is gone once it was read: a second Fetch
	// that needs it is refused.
	//
	// An error that concerns one request stands in its Answer, and the others go on;
	// the error that Fetch returns concerns all. ClassOf tells what kind of error it
	// is: refused input is a diag.List that names file and line; where ctx ends the
	// work, the error wraps context.Cause(ctx), which may name a flag, see Cancelled.
	// No error, note, label or name of an input shows a secret.
	Fetch(ctx context.Context, reqs []Request, emit func(Answer)) error
}

// Request asks for the series of one indicator.
type Request struct {
	SLI         spec.Block // what to count, in the source's own language, checked
	Count       spec.Count // Both, or the one count that Series.Total shall hold (Bad then stays 0)
	Per         []string   // labels to split by; one Answer per value
	MaxSets     int        // label sets that there may be, more refuse the request; 0 is spec.DefaultMaxSets
	Period      slo.Period // of the buckets wanted: those that start in it, on the step's grid; the last may end after it
	Step        time.Duration
	Told        slo.Period // the part of Period that notes tell of, where they know when; empty: all of it
	Percentiles bool       // also want hourly percentiles, where the source has durations
}

// Whole returns the period from the start of r's first bucket to the end of the last.
func (r Request) Whole() slo.Period {
	s := slo.NewSeries(r.Period, r.Step)
	return slo.Period{Start: s.Start, End: s.End()}
}

// Key returns the identity of what r asks: two requests to one source have the same
// key if and only if the same events count, in the same way. The periods, the
// wish for percentiles and MaxSets are no part of it, nor is the name that a file gives the
// source. A key is safe to store: it is the same in every run and every release, and
// holds no secret, since blocks hold none.
func (r Request) Key() string {
	text := func(s string) spec.Value { return spec.Value{Kind: spec.Scalar, Text: s} }
	per := spec.Value{Kind: spec.List}
	for _, label := range r.Per {
		per.Items = append(per.Items, text(label))
	}
	sli := r.SLI.Value
	sli.Fields = slices.DeleteFunc(slices.Clone(sli.Fields), func(f spec.Field) bool { return f.Key == "source" })
	return spec.Value{Kind: spec.Map, Fields: []spec.Field{
		{Key: "sli", Value: sli},
		{Key: "count", Value: text(string(cmp.Or(r.Count, spec.Both)))},
		{Key: "per", Value: per},
		{Key: "step", Value: text(r.Step.String())},
	}}.Key()
}

// Answer is the series of one request, or of one label set of it.
type Answer struct {
	Request     int               // index into the requests
	Labels      map[string]string // values of Request.Per
	Series      *slo.Series       // the buckets that start in Request.Period; Step may be coarser than asked
	Percentiles []slo.Percentiles // per hour, in order
	Newest      time.Time         // end of the newest bucket known, zero if there is none

	// Complete is the end of what is final: the counts of buckets that end at or
	// before it will be the same whenever the source is asked again. It need not lie
	// between buckets, and is never after Env.At. Of input that grows at its end it is
	// the time of the newest line, in whose bucket more lines may come, and Env.At if
	// there are later ones. Zero: not known.
	Complete time.Time

	// ZeroUntil is the end of what a count of the good or the bad events has as 0 where it
	// was not measured and the other count of the indicator was: what counts them is there,
	// and counted none. It holds for label sets without an answer too. Zero: there is none.
	ZeroUntil time.Time

	Notes  []diag.Finding // unread lines, rows left out, truncation
	Inputs []Input        // what was read
	Found  []Found        // by each query of the request, also beside Err; nil: nobody knows
	Err    error          // this request only; the others go on
}

// Input is one file or query that answers were read from.
type Input struct {
	Name   string `json:"name"`             // as the user wrote it, relative to the SLO file
	Rows   int64  `json:"rows"`             // lines or rows read
	Unread int64  `json:"unread"`           // of them could not be read for all requests
	Digest string `json:"digest,omitempty"` // "sha256:…", if Env.Digest

	// CarriedBy names what put words of its own before the lines: "docker compose, syslog".
	CarriedBy string `json:"carried_by,omitempty"`

	// By names how a query was read, where there are several ways: "remote read", "promql".
	By string `json:"by,omitempty"`
	// Rounded tells that counts of a query are no whole numbers, and rounded to 10^-6 of an event.
	Rounded bool `json:"rounded,omitempty"`
}

// PromQL is the Input.By of a query that a server evaluates; of all others the samples are
// read and counted here.
const PromQL = "promql"

// Found is what there is of one query of a request in the time asked about, for whoever
// wants to know whether it asks for the right thing.
type Found struct {
	Key    string        // of the sli that says the query: "bad", "histogram"
	Query  string        // as the file has it
	By     string        // see Input.By
	Series int           // that have samples
	From   time.Time     // first sample; zero if there is none
	To     time.Time     // newest sample
	Every  time.Duration // between samples; 0: not known
	Step   time.Duration // of the buckets; 0: not known
	Labels []string      // names of the series' labels, sorted
}

// Find returns the kind of that name.
func Find(kinds []Kind, name string) (Kind, bool) {
	for _, k := range kinds {
		if k.Name == name {
			return k, true
		}
	}
	return Kind{}, false
}

// Specs returns what files may say of each kind.
func Specs(kinds []Kind) []spec.SourceKind {
	var out []spec.SourceKind
	for _, k := range kinds {
		out = append(out, k.SourceKind)
	}
	return out
}
