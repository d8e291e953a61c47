// Package fold counts events into the buckets of requests as they are read.
// Memory is bounded by the buckets that have events, whatever the input's size.
package fold

import (
	"math"
	"slices"
	"time"

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
type conditions struct{ where, good, bad *match.Cond }

func compile(sli spec.Block, resolve func(string) (match.Field, bool), known []string) (conditions, diag.List) {
	var c conditions
	var findings, f diag.List
	for _, one := range []struct {
		key  string
		cond **match.Cond
	}{{"where", &c.where}, {"good", &c.good}, {"bad", &c.bad}} {
		*one.cond, f = match.Compile(sli.Get(one.key), resolve, known)
		findings = append(findings, f...)
	}
	return c, findings
}

// Folder counts the events of one source for all its requests. It is not safe
// for concurrent use; readers that work in parallel use one each and Merge.
type Folder struct {
	// At, unless zero, is the instant whose buckets are not complete yet: those
	// that end after it are not measured.
	At time.Time

	// Unsure is asked about a request if there were events of which Add could not
	// tell whether they are good. It returns what to say of them; an error among
	// that refuses the request.
	Unsure func(request int, events, of int64) diag.List

	requests   []*request
	wheres     []*match.Cond // different ones: objectives of one service share theirs
	held       []bool        // by the last event
	unsure     []int         // requests that could not judge the last event
	start, end int64         // of all requests, Unix seconds
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
		f.wheres, f.held = append(f.wheres, where), append(f.held, false)
	}
	return i
}

// Add counts one event that happened at t (Unix seconds), for every request it
// matters to. A condition on a field that the event lacks does not hold: such an
// event is not good where good was asked for, and not bad where bad was. Only if
// it lacks a duration that decides, it counts as neither: Add returns the
// requests it is such an event of, good until the next call.
func (f *Folder) Add(t int64, values [][]byte) (unsure []int) { return f.AddFor(nil, t, values) }

// AddFor is Add for the requests that are true in some, for all if that is nil: the
// others cannot read the event.
func (f *Folder) AddFor(some []bool, t int64, values [][]byte) (unsure []int) {
	if t < f.start || t >= f.end {
		return nil
	}
	f.unsure = f.unsure[:0]
	for i, where := range f.wheres {
		f.held[i] = where.Match(values)
	}
	for i, r := range f.requests {
		if t < r.start || t >= r.end || !f.held[r.whereIndex] || some != nil && !some[i] {
			continue
		}
		s := r.split.Part(values)
		if s == nil {
			continue
		}
		if !r.count(s, t, values) {
			f.unsure = append(f.unsure, i)
			continue
		}
		if r.duration != nil {
			s.observe(int((t-r.start)/3600), values[r.duration.Index], *r.duration)
		}
	}
	return f.unsure
}

// Need returns the durations that decide whether an event of a request is good.
func (f *Folder) Need(request int) Need { return f.requests[request].need }

// Merge adds what other counted, which New made of the same requests.
func (f *Folder) Merge(other *Folder) {
	for i, r := range f.requests {
		r.split.Merge(other.requests[i].split, (*set).merge)
	}
}

// Seen is what a source saw that could be read for a request. Minutes from the first
// event to the last, matching or not, were measured: without a match they are no
// traffic. All others were not measured. Zero times mean that there was no event.
// Last is At if there were events too late to count: they prove that the source
// went on.
type Seen struct {
	First, Last time.Time
	Notes       []diag.Finding
}

// Emit answers every request.
func (f *Folder) Emit(seen func(request int) Seen, inputs []sources.Input, emit func(sources.Answer)) {
	for i, r := range f.requests {
		saw := seen(i)
		m := measured{saw.First, saw.Last, f.At}
		base := sources.Answer{
			Request: i, Notes: slices.Clone(saw.Notes), Inputs: inputs,
			Newest: m.newest(r.req), Complete: m.complete(),
		}
		if unsure, of := r.unsure(); unsure > 0 && f.Unsure != nil {
			found := f.Unsure(i, unsure, of)
			base.Notes = append(base.Notes, found...)
			if found.Errors() {
				emit(sources.Answer{Request: i, Inputs: inputs, Err: found})
				continue
			}
		}
		r.emit(m, base, emit)
	}
}
