package table

import (
	"slices"
	"sync"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/bucket"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// events are the requests for events. Files that are read side by side borrow a
// folder each; what the folders hold is added up at the end.
type events struct {
	requests  []sources.Request
	index     []int          // of each in the requests of the Fetch
	tested    bool           // one of them says what is good or bad, so that every row is an event
	durations []*match.Field // of each, that percentiles are made of
	numbers   []numberColumn

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
	for i, r := range e.requests {
		asked := p.asked[e.index[i]]
		resolve := p.resolver(asked)
		var tested []string
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
		e.durations = append(e.durations, p.duration(r.Percentiles, tested))
		p.addSpans(asked, tested)
	}
	e.fresh = func() (*fold.Folder, diag.List) {
		f, findings := fold.New(e.requests, p.resolve, nil, e.durations)
		f.Source = fold.Source{At: p.source.env.At, Room: p.source.format.Name, Noun: "row",
			MaxUnread: fold.ReadMaxUnread(p.source.config.block)}
		return f, findings
	}
	first, findings := e.fresh()
	e.all, e.idle = []*fold.Folder{first}, []*fold.Folder{first}
	return findings
}

// duration returns the field that percentiles of a request are made of: the first that
// a condition of it compares with a length of time, else the column called duration,
// which files may lack.
func (p *plan) duration(wanted bool, tested []string) *match.Field {
	if !wanted {
		return nil
	}
	name := append(tested, "duration")[0]
	field, _ := p.resolve(name)
	return &field
}

// addSpans makes the columns of a request that are durations, by their name or by its
// tests of them, refuse values that are none.
func (p *plan) addSpans(a *asked, tested []string) {
	for _, column := range a.names {
		field, _ := p.resolve(column)
		isTested := slices.ContainsFunc(tested, func(name string) bool {
			return p.source.config.column(name) == column
		})
		if field.Type == match.Duration || isTested {
			a.spans = append(a.spans, field)
		}
	}
}

// eventRow counts an event for the requests that can read it.
func (r *reading) eventRow(row *Row, at stamp, stamped bool) {
	some := r.judgeValues(row)
	if !stamped {
		return
	}
	t := at.time()
	if end := r.plan.source.env.At; !end.IsZero() && !t.Before(end) {
		r.goesOn = true
		if t.Before(end.Add(time.Minute)) {
			r.fresh = true
		} else {
			r.lateAt.Add(r.pos(row))
		}
		r.coming.add(t)
		return
	}
	r.span.add(t)
	r.countNumbers(row, t)
	for _, u := range r.folder.AddFor(some, at.sec, row.Values) {
		r.show(row, u)
	}
}

// judgeValues refuses the requests for events that ask for a value of a row which
// cannot be read, and returns which others there are; nil: it refuses none.
func (r *reading) judgeValues(row *Row) (some []bool) {
	bare := row.bare()
	for i, request := range r.plan.events.index {
		asked := r.plan.asked[request]
		r.able[i] = true
		if asked.byRow && !bare {
			continue // no row of its own: bucketRow has judged it
		}
		for _, f := range r.badFor(row, asked) {
			r.wrongFor(request).Add(r.in.Name, f)
			r.able[i], some = false, r.able
		}
	}
	return some
}

// badFor returns what is wrong with the values of a row that a request asks for. A
// duration that is empty is none.
func (r *reading) badFor(row *Row, a *asked) (wrong []diag.Finding) {
	for _, b := range row.Bad {
		if b.Column != colStamp && slices.Contains(a.columns, b.Column) {
			wrong = append(wrong, b.Why)
		}
	}
	for _, d := range a.spans {
		text := row.Values[d.Index]
		if len(text) == 0 {
			continue
		}
		if _, read := d.Nanoseconds(text); read {
			continue
		}
		if _, bad := row.bad(d.Index); bad {
			continue
		}
		f := bucket.Fault{Code: "duration", Why: "is not a duration",
			Hint: "write a number, or a number with its unit such as 41m10s; leave it empty if there is none"}
		r.plan.source.config.hintComma(text, &f)
		wrong = append(wrong, about(f, row.Line, r.plan.want.Names[d.Index], row.shown(text)))
	}
	return wrong
}

// maxShown bounds the rows that are shown as examples to one request.
const maxShown = 3

// show keeps a row that a request cannot judge, if it is one of the first.
func (r *reading) show(row *Row, u fold.Unsure) {
	if shown := &r.shown[u.Request]; len(*shown) < maxShown {
		*shown = append(*shown, fold.Shown{Pos: r.pos(row), Lacks: u.Lacks})
	}
}
