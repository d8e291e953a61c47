// Package fold counts events into the buckets of requests as they are read.
// Memory is bounded by the buckets that have events, whatever the input's size: 16 bytes
// each where they are close together, 1.5 KiB for one alone. All buckets of a label set are
// there while it is answered.
package fold

import (
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

// Keys are the keys of the sli block of an event source.
func Keys() []spec.Key {
	return []spec.Key{
		{Name: "where", Type: spec.Condition, Doc: "which events count at all; default: all of them"},
		{Name: "good", Type: spec.Condition, Doc: "which of the events that count are good; the others are bad"},
		{Name: "bad", Type: spec.Condition, Doc: "which of the events that count are bad; the others are good"},
	}
}

// Check returns what is wrong with an sli block that must say which events are
// good or bad.
func Check(sli spec.Block, resolve func(name string) (match.Field, bool), known []string) diag.List {
	findings := CheckConditions(sli, resolve, known)
	if !sli.Get("good").Is() && !sli.Get("bad").Is() && (sli.Count == "" || sli.Count == spec.Both) {
		f := diag.Errorf(sli.Pos, "sli/neither", "the sli says neither which events are good nor which are bad")
		findings = append(findings, f.WithHint("add for example bad: {status: 500-599}"))
	}
	return findings
}

// CheckConditions compiles the conditions that an sli block has and returns what
// is wrong with them.
func CheckConditions(sli spec.Block, resolve func(name string) (match.Field, bool), known []string) diag.List {
	_, findings := compile(sli, resolve, known)
	if bad := sli.Get("bad"); bad.Is() && sli.Get("good").Is() {
		findings = append(findings, diag.Errorf(bad.Pos, "sli/both", "the sli has both good and bad").
			WithHint("keep one of them: all other events are the opposite"))
	}
	return findings
}

// conditions are those of one sli block.
type conditions struct {
	where, good, bad *match.Cond
	exprs            map[string]match.Expr // of what there is of "where", "good" and "bad"
}

// conditionKeys are the keys of the conditions of an sli block.
func conditionKeys() []string { return []string{"where", "good", "bad"} }

func compile(sli spec.Block, resolve func(string) (match.Field, bool), known []string) (conditions, diag.List) {
	c := conditions{exprs: map[string]match.Expr{}}
	var findings diag.List
	for _, key := range conditionKeys() {
		e, f := match.Parse(sli.Get(key), resolve, known)
		findings = append(findings, f...)
		c.exprs[key] = e
	}
	c.where, c.good, c.bad = match.New(c.exprs["where"]), match.New(c.exprs["good"]), match.New(c.exprs["bad"])
	return c, findings
}

// Folder counts the events of one source for all its requests. It is not safe
// for concurrent use; readers that work in parallel use one each and Merge.
//
// An event that lacks a value which decides is unsure: it is in no count, and in
// doubt. The doubt of a series (slo.Series.Doubt) holds such events as bad and valid
// if they could be both, and what the source says it could not read (Unread). An event
// that lacks a label of `per` is in doubt for all label sets. Too many of either
// refuse a request, see MaxUnread.
type Folder struct {
	Source Source

	requests   []*request
	wheres     []*match.Cond // different ones: objectives of one service share theirs
	held       []match.Truth // of the last event
	unsure     []Unsure      // requests that could not judge the last event
	start, end int64         // of all requests, Unix seconds
}

// Source says of whom the events are.
type Source struct {
	// At, unless zero, is the instant whose buckets are not complete yet: those
	// that end after it are not measured.
	At time.Time

	Room      string     // of the codes of findings
	Noun      string     // of an event: "line", "row"
	MaxUnread slo.Number // see the key max_unread
}

// New compiles the where, good and bad conditions and the per labels of reqs.
// durations holds the fields that percentiles are made of, by request; nil for a
// request, or of all, if there is none.
func New(
	reqs []sources.Request, resolve func(name string) (match.Field, bool), known []string, durations []*match.Field,
) (*Folder, diag.List) {
	var findings diag.List
	f := &Folder{start: math.MaxInt64, end: math.MinInt64}
	seen := map[string]int{}
	for i, req := range reqs {
		r, list := newRequest(req, resolve, known)
		r.whereIndex = f.share(r.where, req.SLI.Get("where").Key(), seen)
		f.start, f.end = min(f.start, r.start), max(f.end, r.end)
		if req.Percentiles && durations != nil {
			r.duration = durations[i]
		}
		f.requests = append(f.requests, r)
		findings = append(findings, list...)
	}
	findings.Sort()
	return f, findings
}

// share returns the index of a where; those that say the same have one.
func (f *Folder) share(where *match.Cond, key string, seen map[string]int) int {
	i, ok := seen[key]
	if !ok {
		i = len(f.wheres)
		seen[key] = i
		f.wheres, f.held = append(f.wheres, where), append(f.held, match.No)
	}
	return i
}

// Add counts one event that happened at t (Unix seconds), for every request it
// matters to. It returns the requests that cannot judge it, good until the next call.
func (f *Folder) Add(t int64, values [][]byte) []Unsure { return f.AddFor(nil, t, values) }

// AddFor is Add for the requests that are true in some, for all if that is nil: the
// others cannot read the event.
func (f *Folder) AddFor(some []bool, t int64, values [][]byte) []Unsure {
	if t < f.start || t >= f.end {
		return nil
	}
	f.unsure = f.unsure[:0]
	for i, where := range f.wheres {
		f.held[i] = where.Judge(values)
	}
	for i, r := range f.requests {
		if t < r.start || t >= r.end || some != nil && !some[i] {
			continue
		}
		if lacks := r.add(t, values, f.held[r.whereIndex]); lacks != 0 {
			f.unsure = append(f.unsure, Unsure{i, lacks})
		}
	}
	return f.unsure
}

// Unread has n events at t, of which nobody knows what they were, doubt all that a
// request counts.
func (f *Folder) Unread(request int, t, n int64) {
	r := f.requests[request]
	if t >= r.start && t < r.end {
		r.doubt(&r.anywhere, t, uint64(n))
	}
}

// Merge adds what other counted, which New made of the same requests.
func (f *Folder) Merge(other *Folder) {
	for i, r := range f.requests {
		r.merge(other.requests[i])
	}
}

// Seen is what a source saw that could be read for a request. Minutes from the first
// event to the last, matching or not, were measured: without a match they are no
// traffic. All others were not measured. Zero times mean that there was no event.
// Last is At if there were events too late to count: they prove that the source
// went on. Fresh is At only if one of them was of the minute that begins then, else the
// last event before it: later stamps may be wrong, and do not make data fresh.
type Seen struct {
	First, Last time.Time
	Fresh       time.Time
	Notes       []diag.Finding
	Unread      Share                       // of the input, of what the request cannot read
	Tell        func(over string) diag.List // findings about that; over says that it is too much
	Shown       []Shown                     // the first events that the request cannot judge
}

// Emit answers every request.
func (f *Folder) Emit(seen func(request int) Seen, inputs []sources.Input, emit func(sources.Answer)) {
	for i, r := range f.requests {
		saw := seen(i)
		m := measured{saw.First, saw.Last, f.Source.At}
		fresh := measured{saw.First, saw.Fresh, f.Source.At}.newest(r.req)
		base := sources.Answer{
			Request: i, Notes: slices.Clone(saw.Notes), Inputs: inputs,
			Newest: fresh, Complete: m.complete(),
		}
		doubts := f.doubts(r, saw)
		if doubts.Errors() {
			emit(sources.Answer{Request: i, Inputs: inputs, Err: doubts})
			continue
		}
		base.Notes = slices.Concat(base.Notes, doubts, r.unmet(f.Source))
		r.emit(m, base, emit)
	}
}
