package synthetic

import (
	"math/bits"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
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

// check reports what newModel finds.
func check(source, _ spec.Block) diag.List {
	_, findings := newModel(source)
	return findings
}

// newModel reads a source's block.
func newModel(cfg spec.Block) (*model, diag.List) {
	r := reader{}
	m := &model{pos: cfg.Pos, zone: cfg.Zone, start: r.minute(cfg.Get("start"))}
	if v := cfg.Get("end"); v.Is() {
		m.end = r.minute(v)
		if !m.end.After(m.start) && !r.findings.Errors() {
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
type reader struct{ findings diag.List }

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

func (r *reader) minute(v spec.Value) time.Time {
	t, err := time.Parse(time.RFC3339, v.Text)
	switch {
	case err != nil:
		r.refuse(v, "synthetic/time", "%q is not a time such as 2026-01-01T00:00:00Z", v.Text)
	case !wholeMinute(t):
		r.refuse(v, "synthetic/time", "%q is not the start of a minute", v.Text)
	}
	return t.UTC()
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
	share, err := slo.ParseTarget(v.Text)
	if err != nil {
		f := diag.Errorf(v.Pos, "synthetic/errors", "%q is not a share of bad events over 0", v.Text)
		r.findings = append(r.findings, f.WithHint("write it as 0.02%% or 0.0002, or leave it out for none"))
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
