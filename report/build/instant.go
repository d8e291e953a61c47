package build

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
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

	fresh time.Duration // how old its data may be, 0 where that does not matter

	within   slo.Period // what is known of the period that was asked for; empty: nothing of it
	measured slo.Number // the share of the time that was asked for
}

// outside takes note of an objective whose data ends too early, or begins too late, to
// judge it. That, or that its source failed, is why too little is measured, so nothing else
// says so. Of one that has data and no event that it counts it says that.
func outside(j *judged, o *report.Objective) {
	if j.eventless() && words.Unmet(o.Warnings) == "" {
		o.Warnings = append(slices.Clone(o.Warnings), j.noEvent())
	}
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
	found.id, found.slo, found.fresh = o.ID(), j.m.SLO, j.fresh
	j.b.outside = append(j.b.outside, found)
}

// beyond tells whether the data's end or begin alone explains that too little is measured.
func (j *judged) beyond() (beyond, bool) {
	st, data := j.status, j.m.Data
	if st.State != slo.NoData || j.m.Failed != "" || j.m.SLO.Passing() || j.excludedAll() || j.eventless() {
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
		return j.within(slo.Period{Start: data.Oldest, End: st.Elapsed.End})
	}
	if j.explains(slo.Period{Start: ends, End: st.Elapsed.End}) {
		return beyond{ends: ends, begins: data.Oldest}, true
	}
	return j.within(slo.Period{Start: data.Oldest, End: ends})
}

// explains tells whether enough would be measured if some time was that is not.
func (j *judged) explains(unread ...slo.Period) bool {
	st := j.status
	known := int64(st.Buckets.Measured)
	for _, p := range unread {
		known += int64(p.Intersect(st.Elapsed).Length() / j.m.Data.Step)
	}
	enough := slo.NumberOf(int64(st.Buckets.Elapsed)).Mul(j.m.SLO.MinCoverage)
	return slo.NumberOf(known).Cmp(enough) >= 0
}

// within tells whether data that is known for a part of the period that was asked for, and
// begins in it, explains that too little is measured. An own window that is young is told otherwise.
func (j *judged) within(known slo.Period) (beyond, bool) {
	over := j.status.Elapsed
	if j.b.Span == nil || known.Start.IsZero() || !known.Start.After(over.Start) || !known.Start.Before(known.End) {
		return beyond{}, false
	}
	found := beyond{begins: known.Start, within: known, measured: j.status.Coverage}
	before := slo.Period{Start: over.Start, End: known.Start}
	return found, j.explains(before, slo.Period{Start: known.End, End: over.End})
}

// eventless tells whether an objective has no data for want of valid events: enough of its
// time was measured, or its source says of a condition that it met none.
func (j *judged) eventless() bool {
	st := j.status
	if st.State != slo.NoData || j.m.Failed != "" || st.SLI.Known() || j.excludedAll() {
		return false
	}
	enough := st.Buckets.Measured > 0 && st.Coverage.Known() && st.Coverage.Cmp(j.m.SLO.MinCoverage) >= 0
	return enough || words.Unmet(j.m.Warnings) != ""
}

// noEvent says that there are no valid events, or slices of them.
func (j *judged) noEvent() diag.Finding {
	what := "valid event"
	if j.m.SLO.Budgeting.Slices() {
		what = "ended slice with valid events"
	}
	return diag.Warnf(diag.Pos{}, "budget/no-event", "no data: there is no %s in the time that was measured", what).
		WithHint("nines explain OBJECTIVE shows what was counted")
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

// reach is what to say of objectives that are beyond their data, which ends or begins at
// one instant.
type reach struct {
	finding diag.Finding
	check   words.Beyond // the same, as the reason of a gate
	ids     []string
}

// reaches are what to say of all of them, for each instant once.
type reaches []reach

// of returns what is to be said of an objective, nil for nothing.
func (rs reaches) of(id string) *reach {
	if i := slices.IndexFunc(rs, func(r reach) bool { return slices.Contains(r.ids, id) }); i >= 0 {
		return &rs[i]
	}
	return nil
}

// warn adds what is to say to an objective that it is to be said of, before what else is.
func (rs reaches) warn(o *report.Objective) {
	o.Warnings = rs.said(o.ID(), o.Warnings)
}

// reach returns what to say of the objectives without data.
func (b *Builder) reach() reaches {
	var out reaches
	for _, same := range together(b.outside, b.zone()) {
		out = append(out, b.reachOf(same))
	}
	return out
}

// together returns those whose data ends, or begins, on one day beside each other.
func together(all []beyond, zone *time.Location) [][]beyond {
	var out [][]beyond
	for _, o := range all {
		same := func(g []beyond) bool { return g[0].on(zone) == o.on(zone) }
		if i := slices.IndexFunc(out, same); i >= 0 {
			out[i] = append(out[i], o)
		} else {
			out = append(out, []beyond{o})
		}
	}
	return out
}

// on is what the data of those that are told of together does, and when.
type on struct {
	ends   bool
	within bool     // the period that was asked for
	day    slo.Date // zero: nobody knows
}

func (o beyond) on(zone *time.Location) on {
	switch {
	case !o.ends.IsZero():
		return on{ends: true, day: slo.DateOf(o.ends.Add(-1), zone)}
	case !o.begins.IsZero():
		return on{within: !o.within.Empty(), day: slo.DateOf(o.begins, zone)}
	}
	return on{}
}

// lie returns the time from which data of some that are together is known until none is
// any more; differ tells whether that instant is not one for all.
func lie(same []beyond) (known slo.Period, differ bool) {
	known = slo.Period{Start: same[0].begins, End: same[0].ends}
	for _, o := range same {
		differ = differ || !o.ends.Equal(same[0].ends) || o.ends.IsZero() && !o.begins.Equal(same[0].begins)
		if o.ends.After(known.End) {
			known.End = o.ends
		}
		if !o.begins.IsZero() && (known.Start.IsZero() || o.begins.Before(known.Start)) {
			known.Start = o.begins
		}
	}
	return known, differ
}

// qualified returns what makes an instant the last, or the first, of several.
func qualified(differ bool, text string) string {
	if !differ {
		return ""
	}
	return text
}

// reachOf returns what to say of some that are together.
func (b *Builder) reachOf(same []beyond) reach {
	var out reach
	for _, o := range same {
		out.ids = append(out.ids, o.id)
	}
	known, differ := lie(same)
	begins, ends := known.Start, known.End
	switch say := (&out.check); {
	case !ends.IsZero():
		*say = words.Beyond{Ends: ends, Differ: differ, Given: b.Given, Ask: b.ask(ends.Add(-1), known, b.at(ends, same))}
		out.finding = diag.Warnf(diag.Pos{}, "data/ended", "no data: the data ends at %s%s",
			clock(ends, b.zone()), qualified(differ, " at the latest")).
			WithHint("to see how it stood then, %s", say.Write())
	case begins.IsZero():
		out.finding = diag.Warnf(diag.Pos{}, "data/begins", "no data: the data begins after %s", clock(b.At, b.zone())).
			WithHint("give a later --at, or none")
	case !same[0].within.Empty():
		out.check, out.finding = b.partly(same, begins, differ)
	default:
		if known.End = b.At; !begins.Before(b.At) { // then, the rest is not known
			known.End = slo.DateOf(begins, b.zone()).AddDays(1).Start(b.zone())
		}
		*say = words.Beyond{Begins: begins, Differ: differ, Given: b.Given,
			Ask: b.ask(begins, known, "--at "+slo.DateOf(begins, b.zone()).String())}
		out.finding = diag.Warnf(diag.Pos{}, "data/begins", "no data: the data begins at %s%s",
			clock(begins, b.zone()), qualified(differ, " at the earliest")).
			WithHint("to see what there is, %s", say.Write())
	}
	return out
}

// partly returns what to say of some whose data begins in the period that was asked for,
// at begins the earliest.
func (b *Builder) partly(same []beyond, begins time.Time, differ bool) (words.Beyond, diag.Finding) {
	most, known := same[0].measured, slo.Period{Start: begins}
	for _, o := range same {
		if o.measured.Cmp(most) > 0 {
			most = o.measured
		}
		if o.within.End.After(known.End) {
			known.End = o.within.End
		}
	}
	say := words.Beyond{Begins: begins, Differ: differ, Given: b.Given, Ask: b.rest(known)}
	found := diag.Warnf(diag.Pos{}, "data/begins", "no data: the data begins at %s%s, so that %s%s of the time was measured",
		clock(begins, b.zone()), qualified(differ, " at the earliest"), qualified(differ, "at most "), unit.Percent(most, 0))
	return say, found.WithHint("to see what there is, %s", say.Write())
}

// rest returns what asks for the days of a part of the period that was asked for, from its
// first that is whole, or else from the minute at which it begins.
func (b *Builder) rest(known slo.Period) string {
	zone := b.zone()
	first, last := slo.DateOf(known.Start.Add(-1), zone).AddDays(1), slo.DateOf(known.End.Add(-1), zone)
	if first.Start(zone).Before(known.End) {
		return "--from " + first.String() + " --to " + last.String()
	}
	begin := known.Start.Add(time.Minute - 1).Truncate(time.Minute).In(zone)
	return "--from " + begin.Format("2006-01-02T15:04") + " --to " + last.String()
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
func (b *Builder) at(ends time.Time, same []beyond) string {
	zone := b.zone()
	day := slo.DateOf(ends.Add(-1), zone)
	if end := day.AddDays(1).Start(zone); end.Before(b.At) && !turned(same, end) {
		return "--at " + day.String()
	}
	at := ends.Truncate(time.Minute)
	if turned(same, at) {
		at = ends.Add(-1).Truncate(time.Minute)
	}
	return "--at " + strings.Replace(at.In(zone).Format("2006-01-02 15:04"), " ", "T", 1)
}

// turned tells whether a window holds too little, at t, of the data that ended before: it
// is too old, a calendar window is over, or more than a tenth of a rolling one has passed
// since. In one that ends at t time before the data is no longer young, but missing.
func turned(some []beyond, t time.Time) bool {
	return slices.ContainsFunc(some, func(o beyond) bool {
		w := o.slo.Window
		switch {
		case o.ends.IsZero():
			return false
		case o.fresh > 0 && t.Sub(o.ends) > o.fresh:
			return true
		case w.Rolling():
			return t.Sub(o.ends) > w.Length/10
		}
		p := ending(w, t)
		young := p.End.Equal(t) && o.slo.Since.IsZero() && o.begins.Sub(p.Start) > p.Length()/10
		return young || !p.Contains(o.ends.Add(-1))
	})
}

// edges are the objectives whose data ends before the end of the time of a history, or
// begins after it.
type edges []beyond

// add takes note of an objective that was looked at over a time, if its data ends by more
// than slack before that does, or does not begin in it. It returns whether it is one.
func (e *edges) add(id string, m Measured, over slo.Period, slack time.Duration) bool {
	ends, begins := dataEnds(m.Data), m.Data.Oldest
	switch {
	case !begins.IsZero() && !begins.Before(over.End):
		*e = append(*e, beyond{id: id, begins: begins})
	case !ends.IsZero() && over.End.Sub(ends) > slack:
		*e = append(*e, beyond{id: id, ends: ends})
	case ends.IsZero() && slices.ContainsFunc(m.Warnings, leftOut):
		*e = append(*e, beyond{id: id})
	default:
		return false
	}
	return true
}

// reach returns what to say of where the data ends or begins, to whoever looked at history
// until at, and gave those flags for it.
func (e edges) reach(at time.Time, given string, zone *time.Location) reaches {
	if zone == nil {
		zone = time.UTC
	}
	var out reaches
	for _, same := range together(e, zone) {
		r := reach{finding: edge(same, at, given, zone)}
		for _, o := range same {
			r.ids = append(r.ids, o.id)
		}
		out = append(out, r)
	}
	return out
}

// edge says where the data of some that are together ends or begins, and what to type to
// look there.
func edge(same []beyond, at time.Time, given string, zone *time.Location) diag.Finding {
	known, differ := lie(same)
	switch {
	case !known.End.IsZero():
		ask := words.Beyond{Given: given, Ask: "--to " + slo.DateOf(known.End.Add(-1), zone).String()}
		return diag.Warnf(diag.Pos{}, "data/ended", "the data ends at %s%s: nothing is known after that",
			clock(known.End, zone), qualified(differ, " at the latest")).WithHint("to look back from there, %s", ask.Write())
	case !known.Start.IsZero():
		ask := words.Beyond{Given: given, Ask: "--at " + slo.DateOf(known.Start, zone).String()}
		return diag.Warnf(diag.Pos{}, "data/begins", "the data begins at %s%s: nothing is known before that",
			clock(known.Start, zone), qualified(differ, " at the earliest")).WithHint("to see what there is, %s", ask.Write())
	}
	return diag.Warnf(diag.Pos{}, "data/begins", "the data begins after %s", clock(at, zone)).
		WithHint("give a later --at or --to")
}

// said returns warnings with what is to be said of an objective before them.
func (rs reaches) said(id string, warnings []diag.Finding) []diag.Finding {
	if r := rs.of(id); r != nil {
		return append([]diag.Finding{r.finding}, warnings...)
	}
	return warnings
}
