package build

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// instant returns t in UTC, nil for the zero time.
func instant(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	u := t.UTC()
	return &u
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func earlier(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

// zoneName returns the name of a zone, "" for nil.
func zoneName(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	return zone.String()
}

// beyond is an objective without data because its data ends before the end of the judged
// time, or begins after it.
type beyond struct {
	id     string
	slo    slo.SLO
	ends   time.Time // zero where it begins after
	begins time.Time // zero if nobody knows
}

// outside takes note of an objective whose data ends too early, or begins too late, to
// judge it. That, or that its source failed, is why too little is measured, so nothing else
// says so.
func outside(j *judged, o *report.Objective) {
	found, ok := j.beyond()
	if !ok && o.Failed == "" {
		return
	}
	o.Warnings = slices.DeleteFunc(slices.Clone(o.Warnings), func(f diag.Finding) bool {
		return f.Code == "budget/coverage" || ok && f.Code == "slo/gone"
	})
	if !ok {
		return
	}
	found.id, found.slo = o.ID(), j.m.SLO
	j.b.outside = append(j.b.outside, found)
}

// beyond tells whether the data's end or begin alone explains that too little is measured.
func (j *judged) beyond() (beyond, bool) {
	st, data := j.status, j.m.Data
	if st.State != slo.NoData || j.m.Failed != "" || j.m.SLO.Passing() || j.excludedAll() {
		return beyond{}, false
	}
	if begins := data.Oldest; st.Buckets.Measured == 0 && !begins.IsZero() && !begins.Before(st.Elapsed.End) {
		return beyond{begins: begins}, true
	}
	ends := dataEnds(data)
	if ends.IsZero() && slices.ContainsFunc(j.m.Warnings, leftOut) {
		return beyond{}, true
	}
	if ends.IsZero() || ends.After(st.Elapsed.End) || ends.Equal(st.Elapsed.End) && !st.Elapsed.Empty() || !ends.Before(j.b.At) {
		return beyond{}, false
	}
	unread := slo.Period{Start: ends, End: st.Elapsed.End}.Intersect(st.Elapsed)
	known := slo.NumberOf(int64(st.Buckets.Measured) + int64(unread.Length()/data.Step))
	enough := slo.NumberOf(int64(st.Buckets.Elapsed)).Mul(j.m.SLO.MinCoverage)
	return beyond{ends: ends, begins: data.Oldest}, known.Cmp(enough) >= 0
}

// leftOut tells whether a source warns of events after the instant that is judged at.
func leftOut(f diag.Finding) bool {
	return strings.HasSuffix(f.Code, "/future") || strings.HasSuffix(f.Code, "/late")
}

// dataEnds returns when what is known of data ends, the zero time if there is none.
func dataEnds(data *slo.Series) time.Time {
	if !data.Newest.IsZero() {
		return data.Newest
	}
	for i := data.Len() - 1; i >= 0; i-- {
		if data.Measured(i) {
			return data.Time(i + 1)
		}
	}
	return time.Time{}
}

// excludedAll tells whether nothing of the judged time counts.
func (j *judged) excludedAll() bool {
	return j.status.Buckets.Elapsed == 0 && j.status.Buckets.Excluded > 0
}

// reach is what to say of all objectives that are beyond their data.
type reach struct {
	finding diag.Finding
	ask     string // the flags that ask for a time with data
	ids     []string
}

// warn adds what is to say to an objective that it is to be said of, before what else is.
func (r reach) warn(o *report.Objective) {
	if slices.Contains(r.ids, o.ID()) {
		o.Warnings = append([]diag.Finding{r.finding}, o.Warnings...)
	}
}

// reach returns what to say of the objectives without data, once.
func (b *Builder) reach() reach {
	var ends, begins time.Time
	var out reach
	for _, o := range b.outside {
		out.ids = append(out.ids, o.id)
		if o.ends.After(ends) {
			ends = o.ends
		}
		if !o.begins.IsZero() && (begins.IsZero() || o.begins.Before(begins)) {
			begins = o.begins
		}
	}
	known := slo.Period{Start: begins, End: ends}
	switch {
	case !ends.IsZero():
		out.ask = b.ask(ends.Add(-1), known, b.at(ends))
		out.finding = diag.Warnf(diag.Pos{}, "data/ended", "no data: the data ends at %s", clock(ends, b.zone())).
			WithHint("to see how it stood then, add %s", out.ask)
	case len(out.ids) > 0 && begins.IsZero():
		out.ask = "a later --at, or none"
		out.finding = diag.Warnf(diag.Pos{}, "data/begins", "no data: the data begins after %s", clock(b.At, b.zone())).
			WithHint("give %s", out.ask)
	case len(out.ids) > 0:
		known.End = b.At
		out.ask = b.ask(begins, known, "--at "+slo.DateOf(begins, b.zone()).String())
		out.finding = diag.Warnf(diag.Pos{}, "data/begins", "no data: the data begins at %s", clock(begins, b.zone())).
			WithHint("to see what there is, add %s", out.ask)
	}
	return out
}

// zone is that of texts for people, never nil.
func (b *Builder) zone() *time.Location {
	if b.Zone == nil {
		return time.UTC
	}
	return b.Zone
}

// clock returns t as a clock in a zone shows it.
func clock(t time.Time, zone *time.Location) string {
	return t.In(zone).Format("2006-01-02 15:04") + " " + zone.String()
}

// ask returns what asks for a time with data: at, an instant of the own windows, or of the
// month that t is in the part that is known.
func (b *Builder) ask(t time.Time, known slo.Period, at string) string {
	if b.Span == nil {
		return at
	}
	zone := b.zone()
	month := slo.Window{Unit: slo.Month, Zone: zone}.Bounds(t)
	seen := month.Intersect(known)
	first, last := slo.DateOf(seen.Start, zone), slo.DateOf(seen.End.Add(-1), zone)
	switch span := slo.Between(slo.Bound{Day: first}, slo.Bound{Day: last}); {
	case b.Full && span.Name != "":
		return "--period " + span.Name
	default:
		return "--from " + first.String() + " --to " + last.String()
	}
}

// at returns the flag for an instant at which the windows hold data that ends then: the
// day, if no window has turned by its end and it is not what was asked for, else the
// instant, or the minute before.
func (b *Builder) at(ends time.Time) string {
	zone := b.zone()
	day := slo.DateOf(ends.Add(-1), zone)
	if end := day.AddDays(1).Start(zone); end.Before(b.At) && !b.turned(end) {
		return "--at " + day.String()
	}
	at := ends.Truncate(time.Minute)
	if b.turned(at) {
		at = ends.Add(-1).Truncate(time.Minute)
	}
	return "--at " + strings.Replace(at.In(zone).Format("2006-01-02 15:04"), " ", "T", 1)
}

// turned tells whether a window holds too little, at t, of the data that ended before: a
// calendar window is over, or more than a tenth of a rolling one has passed since. In one
// that ends at t time before the data is no longer young, but missing.
func (b *Builder) turned(t time.Time) bool {
	return slices.ContainsFunc(b.outside, func(o beyond) bool {
		w := o.slo.Window
		switch {
		case o.ends.IsZero():
			return false
		case w.Rolling():
			return t.Sub(o.ends) > w.Length/10
		}
		p := ending(w, t)
		young := p.End.Equal(t) && o.slo.Since.IsZero() && o.begins.Sub(p.Start) > p.Length()/10
		return young || !p.Contains(o.ends.Add(-1))
	})
}

// edges are where the data of objectives begins and ends of which too little was measured
// in the time of a history.
type edges struct {
	ends   time.Time // before the end of that time
	begins time.Time // not before its end
	after  bool      // it begins after its end, nobody knows when
}

// add takes note of an objective that was looked at over a time.
func (e *edges) add(m Measured, over slo.Period) {
	ends, begins := dataEnds(m.Data), m.Data.Oldest
	switch {
	case !begins.IsZero() && !begins.Before(over.End):
		if e.begins.IsZero() || begins.Before(e.begins) {
			e.begins = begins
		}
	case ends.IsZero():
		e.after = e.after || slices.ContainsFunc(m.Warnings, leftOut)
	case ends.After(e.ends) && over.End.Sub(ends) > over.Length()/10:
		e.ends = ends
	}
}

// hint returns warnings of which that of too little history says where the data ends or
// begins, and what to type to look there.
func (e *edges) hint(warnings []diag.Finding, zone *time.Location) []diag.Finding {
	text := e.text(zone)
	if text == "" {
		return warnings
	}
	out := slices.Clone(warnings)
	for i, f := range out {
		if slices.Contains([]string{"backtest/data", "backtest/coverage", "suggest/data"}, f.Code) {
			out[i] = f.WithHint("%s", text)
		}
	}
	return out
}

// text says where the data ends or begins, "" if it does so nowhere.
func (e *edges) text(zone *time.Location) string {
	if zone == nil {
		zone = time.UTC
	}
	switch {
	case !e.ends.IsZero():
		return "the data ends at " + clock(e.ends, zone) + ": add --to " + slo.DateOf(e.ends.Add(-1), zone).String() +
			", and a --from before it if there is one"
	case !e.begins.IsZero():
		return "the data begins at " + clock(e.begins, zone) + ": give a later --at or --to"
	case e.after:
		return "the data begins after that: give a later --at or --to"
	}
	return ""
}
