package tsdb

import (
	"fmt"
	"path/filepath"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
	"github.com/nines-slo/nines/sources/tsdb/tsdbtest"
)

func TestConformance(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: Kind(), Write: writeCounters,
		Gaps: true, Huge: true, Many: true, Labels: true, Steps: true, Grows: true})
}

// writeCounters logs two counters a reference, scraped four times a bucket. What grows has
// not been scraped at the end of its last bucket yet.
func writeCounters(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	var all []sampletest.Series
	config := sourcetest.Config{Source: "path: data\n"}
	for _, ref := range refs {
		metric := "requests_" + ref.Name + "_total"
		if ref.Labels != nil {
			metric = "requests_total"
		}
		for _, code := range []string{"200", "500"} {
			l := sampletest.Labels(metric, "code", code, "instance", ref.Name, "job", "api", "region", ref.Labels["region"])
			all = append(all, counter(l, ref.Series, code == "500"))
		}
		if len(config.SLI) == 0 || ref.Labels == nil {
			config.SLI = append(config.SLI, fmt.Sprintf("bad: {counter: '%s{code=\"500\"}'}\ntotal: {counter: %s}\n", metric, metric))
		}
		if step := ref.Series.Step; step > time.Minute {
			config.Source = "path: data\nstep: " + slo.FormatDuration(step) + "\n"
		}
	}
	log := &tsdbtest.Log{}
	if len(all) > 0 {
		log.Series(all)
		log.Scrapes(all, all, tsdbtest.Samples, tsdbtest.Floats)
	}
	log.Write(t, filepath.Join(dir, "data/wal/00000000"))
	return config
}

// counter returns the samples of the good or bad events of a series. A bad event of a
// bucket happens before its first scrape, all others before the last one.
func counter(l sample.Labels, s *slo.Series, bad bool) sampletest.Series {
	out := sampletest.Series{Labels: l}
	add := func(at time.Time, v float64) {
		out.Times, out.Values = append(out.Times, at.UnixMilli()), append(out.Values, v)
	}
	sum := 0.0
	add(s.Start, sum)
	for i := range s.Total {
		if !s.Measured(i) {
			continue
		}
		events, early, scrapes := s.Total[i]-s.Bad[i], 0.0, 4
		if bad {
			events = s.Bad[i]
			early = min(1, events)
		}
		if i == s.Len()-1 {
			scrapes = 3
		}
		for n := 1; n < scrapes; n++ {
			add(s.Time(i).Add(time.Duration(n)*s.Step/4), sum+early)
		}
		sum += events
		add(s.Time(i).Add(time.Duration(scrapes)*s.Step/4), sum)
	}
	return out
}
