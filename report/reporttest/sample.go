// Package reporttest holds report models that renderers are tested with. They are
// made by build.Builder from counts that follow from a few lines of text, so
// their figures agree with each other as those of a real report do.
package reporttest

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"math"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
)

// step is the length of the sample's buckets.
const step = 5 * time.Minute

// tokyo has no clock changes; a fixed zone keeps the sample free of the host's
// time zone files.
var tokyo = time.FixedZone("Asia/Tokyo", 9*3600)

// promise is one objective of the sample.
type promise struct {
	service, name string
	labels        map[string]string
	description   string
	kind          slo.Kind
	target        string
	window        slo.Window
	slice         time.Duration // of timeslices; zero counts events
	perDay        float64       // valid events
	fails         float64       // share of them that fails on any day
	outages       []outage
	gaps          []slo.Period
	exclusions    []slo.Exclusion
	warnings      []diag.Finding
}

// outage is a time in which more events fail.
type outage struct {
	slo.Period
	fails float64
}

// Sample returns a report on May 2026 in the zone Asia/Tokyo: 14 objectives of 6
// services, of which one is missed, two are at risk and one has no data.
func Sample(lang unit.Language) *report.Report {
	title := "Shop platform"
	if lang == unit.Japanese {
		title = "ショッププラットフォーム"
	}
	return judged(lang, on(32, 9, 0), title, promises(), sampleSources())
}

// Running returns the report of Sample as it stands on 18 May: provisional, with
// what is to be expected by the end of the month.
func Running(lang unit.Language) *report.Report {
	return judged(lang, on(18, 9, 0), "Shop platform", promises(), sampleSources())
}

// Deployed returns the report of Sample with deploys of the checkout and of all
// services: one just before the incident of 12 May, one after it, one in a gap.
func Deployed(lang unit.Language) *report.Report {
	return judged(lang, on(32, 9, 0), "Shop platform", promises(), sampleSources(), sampleDeploys()...)
}

func sampleDeploys() []deploy.Deploy {
	return []deploy.Deploy{
		{Time: on(5, 10, 0), Name: "v7.1", Service: "checkout"},
		{Time: on(12, 9, 5), Name: "v7.2", Service: "checkout"},
		{Time: on(12, 11, 30), Name: "v7.3", Service: "checkout"},
		{Time: on(24, 12, 0), Name: "kernel update"},
	}
}

// judged judges promises over May 2026 at the instant at.
func judged(lang unit.Language, at time.Time, title string, promises []promise, sources []report.Source, deploys ...deploy.Deploy) *report.Report {
	span, err := slo.ParseSpan("2026-05")
	if err != nil {
		panic(err)
	}
	b := &build.Builder{At: at, Language: lang, Zone: tokyo, Span: &span, Full: true, Deploys: deploys}
	for _, p := range promises {
		if err := b.Add(p.measure(b)); err != nil {
			panic(err)
		}
	}
	return b.Report(title, "v0.1.0", sources)
}

// on returns an instant of May 2026; day 0 is 30 April.
func on(day, hour, minute int) time.Time {
	return time.Date(2026, time.May, day, hour, minute, 0, 0, tokyo).UTC()
}

// during returns the period that begins on that day and hour.
func during(day, hour, minute int, length time.Duration) slo.Period {
	return slo.Period{Start: on(day, hour, minute), End: on(day, hour, minute).Add(length)}
}

// objective returns the SLO that p stands for.
func (p promise) objective() slo.SLO {
	target, err := slo.ParseTarget(p.target)
	if err != nil {
		panic(err)
	}
	s := slo.SLO{Service: p.service, Name: p.name, Labels: p.labels, By: slices.Sorted(maps.Keys(p.labels)),
		Description: p.description, Owner: p.service + "-team",
		Kind: p.kind, Target: target, Window: p.window, Budgeting: slo.Budgeting{Method: slo.Occurrences},
		MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents(),
		Exclusions: p.exclusions}
	if p.slice > 0 {
		s.Budgeting = slo.Budgeting{Method: slo.Timeslices, Slice: p.slice, Target: slo.Full,
			Gaps: slo.GapsExclude, NoTraffic: slo.NoTrafficIgnore}
	}
	return s
}

// measure makes the counts that p's text tells of.
func (p promise) measure(b *build.Builder) build.Measured { return p.measured(b.Needs(p.objective())) }

func (p promise) measured(need slo.Period) build.Measured {
	s := p.objective()
	data := slo.NewSeries(need, step)
	var rest [2]float64 // events that a bucket's rounding left over
	for i := range data.Len() {
		p.fill(data, i, &rest)
	}
	m := build.Measured{SLO: s, Indicator: s.ID(), Data: data, Warnings: p.warnings}
	if p.kind.Name == slo.Latency {
		m.Percentiles = p.percentiles(data)
	}
	return m
}

// fill counts bucket i.
func (p promise) fill(data *slo.Series, i int, rest *[2]float64) {
	at := data.Time(i)
	for _, g := range p.gaps {
		if g.Contains(at) {
			return
		}
	}
	fails := p.fails * (1 + 0.5*noise(p.name, at))
	for _, o := range p.outages {
		if o.Contains(at) {
			fails = o.fails
		}
	}
	total := p.traffic(at)
	rest[0] += total
	data.Total[i] = math.Floor(rest[0])
	rest[0] -= data.Total[i]
	rest[1] += data.Total[i] * fails
	data.Bad[i] = math.Min(math.Floor(rest[1]), data.Total[i])
	rest[1] -= data.Bad[i]
}

// traffic returns the valid events of the bucket at t: low at night, fewer on
// Saturdays and Sundays.
func (p promise) traffic(t time.Time) float64 {
	local := t.In(tokyo)
	hour := float64(local.Hour()) + float64(local.Minute())/60
	shape := 1 - 0.75*math.Cos((hour-3)/12*math.Pi)
	if d := local.Weekday(); d == time.Saturday || d == time.Sunday {
		shape *= 0.7
	}
	return p.perDay * shape * (1 + 0.1*noise(p.service, t)) * float64(step) / float64(24*time.Hour)
}

// noise returns a number in [-1, 1] that looks random and depends on its
// arguments only.
func noise(name string, t time.Time) float64 {
	h := uint64(t.Unix()) * 0x9E3779B97F4A7C15
	for _, c := range []byte(name) {
		h = (h ^ uint64(c)) * 0x100000001B3
	}
	h ^= h >> 29
	return float64(h%2001)/1000 - 1
}

// percentiles makes one hour's response times after another.
func (p promise) percentiles(data *slo.Series) []slo.Percentiles {
	var out []slo.Percentiles
	buckets := int(time.Hour / step)
	for i := 0; i+buckets <= data.Len(); i += buckets {
		at, count, slow := data.Time(i), int64(0), 1.0
		for k := i; k < i+buckets; k++ {
			if data.Measured(k) {
				count += int64(data.Total[k])
			}
		}
		for _, o := range p.outages {
			if o.Contains(at) {
				slow = 6
			}
		}
		base := float64(p.kind.Threshold) * slow * (1 + 0.15*noise(p.name, at)) * (0.8 + 0.2*p.traffic(at)/p.perDay*288)
		out = append(out, slo.Percentiles{Start: at, Count: count, Error: slo.NumberFrac(1, 32),
			P50: time.Duration(0.22 * base), P95: time.Duration(0.55 * base), P99: time.Duration(0.95 * base)})
	}
	return out
}

// digest returns a digest for an input of that name.
func digest(name string) string {
	sum := sha256.Sum256([]byte(name))
	return "sha256:" + hex.EncodeToString(sum[:])
}
