package synthetic

import (
	"fmt"
	"math/bits"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec"
)

// model is a source's block, read.
type model struct {
	pos       diag.Pos
	zone      *time.Location
	start     time.Time
	end       time.Time // zero: the series goes on
	traffic   traffic
	errors    slo.Target // share of bad events in quiet times
	incidents []incident
	gaps      []slo.Period
	seed      int64
	script    script
	scripted  bool // counts instead of traffic
}

// incident is a time with that share of bad events.
type incident struct {
	during slo.Period
	errors slo.Target
}

// someday is when a file is judged that nobody judges yet. Zones have kept whole minutes
// for long by then, and not the seconds of their local mean time.
var someday = time.Date(2026, 1, 1, 12, 0, 0, 0, time.UTC)

// check reports what newModel finds, whenever the file is judged: an instant so many
// days ago is not compared with one on a date.
func check(source, _ spec.Block) diag.List {
	_, findings := read(source, someday, false)
	return findings
}

// newModel reads a source's block that is judged at an instant.
func newModel(cfg spec.Block, at time.Time) (*model, diag.List) { return read(cfg, at, true) }

// read reads a source's block that is judged at an instant, or, unless judged, that may be
// judged at any other.
func read(cfg spec.Block, at time.Time, judged bool) (*model, diag.List) {
	r := reader{at: at, zone: cfg.Zone}
	m := &model{pos: cfg.Pos, zone: cfg.Zone, start: r.minute(cfg.Get("start"))}
	if v := cfg.Get("end"); v.Is() {
		m.end = r.minute(v)
		known := judged || days().MatchString(v.Text) == days().MatchString(cfg.Get("start").Text)
		if known && !m.end.After(m.start) && !r.findings.Errors() {
			r.refuse(v, "synthetic/end", "end %q is not after start", v.Text)
		}
	}
	if v := cfg.Get("errors"); v.Is() {
		m.errors = r.share(v)
	}
	for _, v := range cfg.Get("incidents").Items {
		m.incidents = append(m.incidents, incident{r.period(v), r.share(v.Get("errors"))})
	}
	for _, v := range cfg.Get("gaps").Items {
		m.gaps = append(m.gaps, r.period(v))
	}
	if v := cfg.Get("seed"); v.Is() {
		m.seed = r.integer(v)
	}
	r.events(cfg, m)
	return m, r.findings
}

// reader collects what is wrong with a block.
type reader struct {
	at       time.Time
	zone     *time.Location
	findings diag.List
}

func (r *reader) refuse(v spec.Value, code, format string, args ...any) {
	r.findings = append(r.findings, diag.Errorf(v.Pos, code, format, args...))
}

// events reads traffic or counts.
func (r *reader) events(cfg spec.Block, m *model) {
	rate, exact := cfg.Get("traffic"), cfg.Get("counts")
	m.scripted = exact.Is()
	var err error
	switch {
	case !rate.Is() && !exact.Is():
		f := diag.Errorf(cfg.Pos, "synthetic/traffic", "a synthetic source needs traffic or counts")
		r.findings = append(r.findings, f.WithHint(`write traffic: "120/min daily 0.3 weekend 0.5"`))
	case rate.Is():
		if m.traffic, err = parseTraffic(rate.Text); err != nil {
			r.refuse(rate, "synthetic/traffic", "%v", err)
		}
	default:
		if m.script, err = parseScript(exact.Text); err != nil {
			r.refuse(exact, "synthetic/counts", "%v", err)
		}
		m.end = m.start.Add(time.Duration(m.script.minutes()) * time.Minute)
	}
	for _, f := range cfg.Fields {
		switch f.Key {
		case "traffic", "errors", "incidents", "end", "seed":
			if m.scripted {
				key := spec.Value{Pos: f.Pos}
				r.refuse(key, "synthetic/counts", "%q has no meaning beside counts, which say all of it", f.Key)
			}
		}
	}
}

// days is an instant that is so many days ago.
var days = pattern.Of(`^([0-9]{1,4})d ago(?: ([0-9]{2}:[0-9]{2}))?$`)

// minute reads an instant: RFC 3339, or "3d ago 14:00".
func (r *reader) minute(v spec.Value) time.Time {
	t, err := time.Parse(time.RFC3339, v.Text)
	if m := days().FindStringSubmatch(v.Text); m != nil {
		t, err = r.ago(m[1], m[2])
	}
	switch {
	case err != nil:
		f := diag.Errorf(v.Pos, "synthetic/time", "%q is not a time such as 2026-01-01T00:00:00Z", v.Text)
		r.findings = append(r.findings, f.WithHint("3d ago 14:00 is 14:00 three days before the day that is judged, 3d ago its start"))
	case !wholeMinute(t):
		r.refuse(v, "synthetic/time", "%q is not the start of a minute", v.Text)
	}
	return t.UTC()
}

// ago returns the time of day, midnight if it is empty, so many days before the day of
// the instant that is judged.
func (r *reader) ago(count, clock string) (time.Time, error) {
	n, err := strconv.Atoi(count)
	if err != nil {
		return time.Time{}, err
	}
	var of time.Time
	if clock != "" {
		if of, err = time.Parse("15:04", clock); err != nil {
			return time.Time{}, fmt.Errorf("time of day: %w", err)
		}
	}
	year, month, day := r.at.In(r.zone).Date()
	return time.Date(year, month, day-n, of.Hour(), of.Minute(), 0, 0, r.zone), nil
}

func (r *reader) period(v spec.Value) slo.Period {
	start := r.minute(v.Get("start"))
	length, err := slo.ParseDuration(v.Get("duration").Text)
	if err != nil {
		r.refuse(v.Get("duration"), "synthetic/duration", "%v", err)
	}
	return slo.Period{Start: start, End: start.Add(length)}
}

func (r *reader) share(v spec.Value) slo.Target {
	share, err := slo.ParseShare(v.Text)
	if err != nil {
		f := diag.Errorf(v.Pos, "synthetic/errors", "%q is not a share of bad events", v.Text)
		r.findings = append(r.findings, f.WithHint("write it as 0.02%% or 0.0002, 0%% for none"))
	}
	return share
}

func (r *reader) integer(v spec.Value) int64 {
	n, err := strconv.ParseInt(v.Text, 10, 64)
	if err != nil {
		r.refuse(v, "synthetic/seed", "seed %q is not a whole number", v.Text)
	}
	return n
}

func wholeMinute(t time.Time) bool { return t.Unix()%60 == 0 && t.Nanosecond() == 0 }

// minute returns the counts of the minute at t, and whether it was measured.
func (m *model) minute(t time.Time) (counts, bool) {
	if t.Before(m.start) || !m.end.IsZero() && !t.Before(m.end) {
		return counts{}, false
	}
	for _, g := range m.gaps {
		if g.Contains(t) {
			return counts{}, false
		}
	}
	if m.scripted {
		return m.script.minute(int64(t.Sub(m.start) / time.Minute))
	}
	n := noiseOf(m.seed, t)
	total := m.traffic.total(t.In(m.zone), n)
	return counts{bad: m.bad(t, total, n), total: total}, true
}

// bad returns how many of the minute's events are bad: the worst share that
// holds at t, rounded up or down by the minute's noise.
func (m *model) bad(t time.Time, total uint64, n noise) uint64 {
	share := m.errors
	for _, i := range m.incidents {
		if i.during.Contains(t) {
			share = max(share, i.errors)
		}
	}
	hi, lo := bits.Mul64(total, uint64(share))
	lo, carry := bits.Add64(lo, n.under(2, uint64(slo.Full)), 0)
	q, _ := bits.Div64(hi+carry, lo, uint64(slo.Full))
	return q
}

// newest returns the end of the last measured minute that was complete at at.
func (m *model) newest(at time.Time) time.Time {
	t := at.UTC().Truncate(time.Minute)
	if !m.end.IsZero() && m.end.Before(t) {
		t = m.end
	}
	for t.After(m.start) {
		if _, ok := m.minute(t.Add(-time.Minute)); ok {
			return t
		}
		t = m.before(t)
	}
	return time.Time{}
}

// before returns an earlier end to look at than t, before which minutes were not
// measured: the start of a gap at once, since a gap may be long.
func (m *model) before(t time.Time) time.Time {
	for _, g := range m.gaps {
		if g.Contains(t.Add(-time.Minute)) {
			return g.Start
		}
	}
	return t.Add(-time.Minute)
}

// notes warns if counts of p were left out because they lie at or after at. A
// series that goes on for ever simply ends at at.
func (m *model) notes(p slo.Period, at time.Time) []diag.Finding {
	if m.end.IsZero() || !m.end.After(at) || !p.End.After(at) {
		return nil
	}
	return []diag.Finding{diag.Warnf(m.pos, "synthetic/future", "counts at or after %s were left out",
		at.UTC().Format(time.RFC3339))}
}
