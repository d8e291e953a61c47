package table

import (
	"slices"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// addFolder prepares the requests for events.
func (p *pass) addFolder(reqs []sources.Request) (wrong diag.List) {
	var tested []string
	percentiles := false
	for i, r := range reqs {
		percentiles = percentiles || r.Percentiles
		resolve := p.resolver(p.asked[p.eventIndex[i]])
		var where *match.Cond
		for _, key := range []string{"where", "good", "bad"} {
			expr, _ := match.Parse(r.SLI.Get(key), resolve, nil) // fold.New gives the findings
			tested = append(tested, comparedDurations(expr)...)
			cond := match.New(expr)
			if key == "where" {
				where = cond
				continue
			}
			p.addNumbers(p.eventIndex[i], r, key, cond, where)
		}
		for _, name := range r.Per {
			resolve(name)
		}
	}
	p.folder, wrong = fold.New(reqs, p.resolve, nil, p.duration(percentiles, tested))
	p.folder.At = p.env.At
	p.addSpans(tested)
	return wrong
}

// duration returns the field that percentiles are made of: the first that a
// condition compares with a length of time, else the column called duration,
// which files may lack.
func (p *pass) duration(wanted bool, tested []string) *match.Field {
	if !wanted {
		return nil
	}
	name := append(tested, "duration")[0]
	field, _ := p.resolve(name)
	return &field
}

// addSpans makes the columns of conditions that are durations, by their name or
// by the tests of them, refuse values that are none.
func (p *pass) addSpans(tested []string) {
	for _, i := range p.eventIndex {
		for _, column := range p.asked[i].names {
			field, _ := p.resolve(column)
			isTested := slices.ContainsFunc(tested, func(name string) bool { return p.config.column(name) == column })
			if (field.Type == match.Duration || isTested) && !slices.Contains(p.spans, field) {
				p.spans = append(p.spans, field)
			}
		}
	}
}

// eventRow counts an event.
func (p *pass) eventRow(row *Row, at stamp, stamped bool) {
	ok := p.durations(row)
	if !stamped || !ok {
		return
	}
	if p.late(row, at.time().Add(1)) {
		p.wentOn = true
		return
	}
	if p.first.IsZero() || at.time().Before(p.first) {
		p.first = at.time()
	}
	if at.time().After(p.last) {
		p.last = at.time()
	}
	p.countNumbers(row, at.time())
	for _, i := range p.folder.Add(at.sec, row.Values) {
		p.unsure(row, i)
	}
}

// unsure refuses the request of the folder that a row cannot be judged by, since
// it has no duration.
func (p *pass) unsure(row *Row, request int) {
	need := p.folder.Need(request)
	for _, name := range need.Fields {
		column := p.config.column(name)
		if row.Values[p.column(name)] == nil {
			f := fault{"duration", "is empty, and " + need.Key + " needs it to judge the event", need.LeaveOut("rows without a duration")}
			p.asked[p.eventIndex[request]].wrong.add(p.in.Name, f.about(row.Line, column, nil))
		}
	}
}

// durations reports what stands in columns of durations and is none. An empty
// value is an event without a duration, which a request may be unable to judge.
func (p *pass) durations(row *Row) bool {
	ok := true
	for _, d := range p.spans {
		text := row.Values[d.Index]
		if len(text) == 0 {
			row.Values[d.Index] = nil
			continue
		}
		if _, read := d.Nanoseconds(text); !read {
			f := fault{"duration", "is not a duration", "write a number, or a number with its unit such as 41m10s; leave it empty if there is none"}
			p.report(f.about(row.Line, p.want.Names[d.Index], text))
			ok = false
		}
	}
	return ok
}

// emitEvents answers the requests for events, those that files lack columns for
// with an error.
func (p *pass) emitEvents(notes []diag.Finding, inputs []sources.Input, emit func(sources.Answer)) {
	for _, i := range p.eventIndex {
		if err := p.asked[i].wrong.err(); err != nil && p.folds(i) {
			emit(sources.Answer{Request: i, Notes: notes, Inputs: inputs, Err: err})
		}
	}
	if p.wentOn && !p.first.IsZero() {
		p.last = p.env.At
	}
	p.folder.Emit(p.first, p.last, notes, inputs, func(a sources.Answer) {
		a.Request = p.eventIndex[a.Request]
		if p.asked[a.Request].wrong.count() > 0 || !p.folds(a.Request) {
			return
		}
		a.Notes = append(a.Notes, p.numberNotes(a.Request)...)
		if p.asked[a.Request].byRow {
			a.Notes = append(a.Notes, p.byRowNote())
		}
		emit(a)
	})
}

func (p *pass) byRowNote() diag.Finding {
	c := p.config.core
	return diag.Warnf(p.bare.first, p.format.Name+"/rows", "no row has %q, %q or %q, so each row counts as one event of the total", c[colGood], c[colBad], c[colTotal]).
		WithHint("if a column holds counts, name it in the source: columns: {total: requests}")
}
