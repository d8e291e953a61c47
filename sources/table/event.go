package table

import (
	"slices"
	"sync"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// events are the requests for events. Files that are read side by side borrow a
// folder each; what the folders hold is added up at the end.
type events struct {
	requests []sources.Request
	index    []int         // of each in the requests of the Fetch
	tested   bool          // one of them says what is good or bad, so that every row is an event
	duration *match.Field  // that percentiles are made of
	spans    []match.Field // columns whose values must be durations
	numbers  []numberColumn

	fresh func() (*fold.Folder, diag.List)

	mu   sync.Mutex
	all  []*fold.Folder
	idle []*fold.Folder
}

func (e *events) add(index int, r sources.Request) {
	e.requests, e.index = append(e.requests, r), append(e.index, index)
}

// borrow returns a folder that nobody else uses until it is given back.
func (e *events) borrow() *fold.Folder {
	e.mu.Lock()
	defer e.mu.Unlock()
	if n := len(e.idle); n > 0 {
		f := e.idle[n-1]
		e.idle = e.idle[:n-1]
		return f
	}
	f, _ := e.fresh() // the first had no findings, so none has
	e.all = append(e.all, f)
	return f
}

func (e *events) giveBack(f *fold.Folder) {
	e.mu.Lock()
	e.idle = append(e.idle, f)
	e.mu.Unlock()
}

// total adds up what all folders hold, once all were given back.
func (e *events) total() *fold.Folder {
	for _, f := range e.all[1:] {
		e.all[0].Merge(f)
	}
	return e.all[0]
}

// prepareEvents prepares the requests for events.
func (p *plan) prepareEvents() diag.List {
	e := p.events
	var tested []string
	percentiles := false
	for i, r := range e.requests {
		percentiles = percentiles || r.Percentiles
		resolve := p.resolver(p.asked[e.index[i]])
		exprs := map[string]match.Expr{}
		for _, key := range []string{"where", "good", "bad"} {
			exprs[key], _ = match.Parse(r.SLI.Get(key), resolve, nil) // fold.New gives the findings
			tested = append(tested, comparedDurations(exprs[key])...)
		}
		where := match.New(exprs["where"])
		for _, key := range []string{"good", "bad"} {
			p.addNumbers(e.index[i], r, key, match.New(exprs[key]), where)
		}
		for _, name := range r.Per {
			resolve(name)
		}
	}
	e.duration = p.duration(percentiles, tested)
	e.fresh = func() (*fold.Folder, diag.List) {
		f, findings := fold.New(e.requests, p.resolve, nil, e.duration)
		f.At = p.source.env.At
		return f, findings
	}
	first, findings := e.fresh()
	e.all, e.idle = []*fold.Folder{first}, []*fold.Folder{first}
	p.addSpans(tested)
	return findings
}

// duration returns the field that percentiles are made of: the first that a
// condition compares with a length of time, else the column called duration,
// which files may lack.
func (p *plan) duration(wanted bool, tested []string) *match.Field {
	if !wanted {
		return nil
	}
	name := append(tested, "duration")[0]
	field, _ := p.resolve(name)
	return &field
}

// addSpans makes the columns of conditions that are durations, by their name or
// by the tests of them, refuse values that are none.
func (p *plan) addSpans(tested []string) {
	e := p.events
	for _, i := range e.index {
		for _, column := range p.asked[i].names {
			field, _ := p.resolve(column)
			isTested := slices.ContainsFunc(tested, func(name string) bool {
				return p.source.config.column(name) == column
			})
			if (field.Type == match.Duration || isTested) && !slices.Contains(e.spans, field) {
				e.spans = append(e.spans, field)
			}
		}
	}
}

// eventRow counts an event.
func (r *reading) eventRow(row *Row, at stamp, stamped bool) {
	ok := r.durations(row)
	if !stamped || !ok {
		return
	}
	t := at.time()
	if end := r.plan.source.env.At; !end.IsZero() && !t.Before(end) {
		r.leftOut.Add(r.pos(row))
		r.wentOn = true
		return
	}
	r.span.add(t)
	r.countNumbers(row, t)
	for _, i := range r.folder.Add(at.sec, row.Values) {
		r.unsure(row, i)
	}
}

// unsure refuses the request of the folder that a row cannot be judged by, since
// it has no duration.
func (r *reading) unsure(row *Row, request int) {
	need := r.folder.Need(request)
	for _, name := range need.Fields {
		if row.Values[r.plan.column(name)] != nil {
			continue
		}
		f := bucket.Fault{Code: "duration", Why: "is empty, and " + need.Key + " needs it to judge the event",
			Hint: need.LeaveOut("rows without a duration")}
		wrong := r.wrongFor(r.plan.events.index[request])
		wrong.Add(r.in.Name, about(f, row.Line, r.plan.source.config.column(name), nil))
	}
}

// durations reports what stands in columns of durations and is none. An empty
// value is an event without a duration, which a request may be unable to judge.
func (r *reading) durations(row *Row) bool {
	ok := true
	for _, d := range r.plan.events.spans {
		text := row.Values[d.Index]
		if len(text) == 0 {
			row.Values[d.Index] = nil
			continue
		}
		if _, read := d.Nanoseconds(text); !read {
			f := bucket.Fault{Code: "duration", Why: "is not a duration",
				Hint: "write a number, or a number with its unit such as 41m10s; leave it empty if there is none"}
			r.report(about(f, row.Line, r.plan.want.Names[d.Index], text))
			ok = false
		}
	}
	return ok
}
