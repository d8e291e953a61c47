package prometheus

import (
	"fmt"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

const address = "url: http://prometheus.example/prefix\nhttp: {bearer_token_env: TOKEN}\n"

// named returns the part of a reference's names that tells it from others.
func named(ref sourcetest.Reference) string {
	if ref.Labels != nil {
		return "all"
	}
	return ref.Name
}

// grown returns a counter that grows as a reference says: read at the end of each minute,
// and just after the start of one that follows a gap.
func grown(ref sourcetest.Reference, what string, counts []float64) wiretest.Series {
	var pairs []string
	for label, value := range ref.Labels {
		pairs = append(pairs, label, value)
	}
	s := wiretest.Series{Labels: sampletest.Labels(what+"_"+named(ref)+"_total", pairs...)}
	value, gap := 7.0, true
	add := func(at time.Time) {
		s.Times, s.Values = append(s.Times, at.UnixMilli()), append(s.Values, value)
	}
	for i := range ref.Series.Len() {
		if !ref.Series.Measured(i) {
			gap = true
			continue
		}
		switch {
		case gap && i == 0:
			add(ref.Series.Time(i))
		case gap:
			add(ref.Series.Time(i).Add(time.Millisecond))
		}
		if value += counts[i]; value > slo.MaxUnits { // it begins anew
			value = counts[i]
		}
		gap = false
		add(ref.Series.Time(i + 1))
	}
	return s
}

// counters is the suite of slis that name counters, against a server that changes makes other
// than it is.
func counters(changes func(*wiretest.Server)) sourcetest.Suite {
	return sourcetest.Suite{
		Kind: Kind(), Gaps: true, Huge: true, Many: true, Labels: true, Secret: true, Shares: true,
		Write: func(_ *testing.T, _ string, refs []sourcetest.Reference) sourcetest.Config {
			server := &wiretest.Server{}
			changes(server)
			c := sourcetest.Config{
				Source: address, HTTP: sourcetest.Serve(server),
				Failing: "bad: {counter: none_total}\ntotal: {counter: all_a_total}\n",
			}
			for _, ref := range refs {
				if ref.Labels == nil || c.SLI == nil {
					sli := "bad: {counter: bad_%s_total}\ntotal: {counter: all_%s_total}\n"
					c.SLI = append(c.SLI, fmt.Sprintf(sli, named(ref), named(ref)))
				}
				for what, counts := range map[string][]float64{"bad": ref.Series.Bad, "all": ref.Series.Total} {
					if s := grown(ref, what, counts); len(s.Times) > 0 {
						server.Series = append(server.Series, s)
					}
				}
			}
			return c
		},
	}
}

// Counters are the same by remote read and by queries, of every server that there is.
func TestCounters(t *testing.T) {
	for name, changes := range map[string]func(*wiretest.Server){
		"remote read":               func(s *wiretest.Server) { reads(s) },
		"queries":                   func(*wiretest.Server) {},
		"queries before 3":          func(s *wiretest.Server) { s.Closed, s.GetOnly = true, true },
		"export of VictoriaMetrics": func(s *wiretest.Server) { s.Victoria = true },
	} {
		t.Run(name, func(t *testing.T) { sourcetest.Run(t, counters(changes)) })
	}
}

// What PromQL answers is given back as it is.
func TestExpressions(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{
		Kind: Kind(), Gaps: true, Huge: true, Many: true, Labels: true, Secret: true, Blind: true,
		Write: func(_ *testing.T, _ string, refs []sourcetest.Reference) sourcetest.Config {
			server := &wiretest.Server{Answers: map[string][]wiretest.Series{}}
			c := sourcetest.Config{
				Source: address + "step: 1m\n", HTTP: sourcetest.Serve(server),
				Failing: "bad: 'increase(none_total[$step])'\ntotal: 'increase(all_a_total[$step])'\n",
			}
			if len(refs) == 0 {
				refs = []sourcetest.Reference{{Name: "a", Series: &slo.Series{Step: time.Minute}}}
			}
			for _, ref := range refs {
				if ref.Labels == nil || c.SLI == nil {
					sli := "bad: 'increase(bad_%s_total[$step])'\ntotal: 'increase(all_%s_total[$step])'\n"
					c.SLI = append(c.SLI, fmt.Sprintf(sli, named(ref), named(ref)))
				}
				for what, counts := range map[string][]float64{"bad": ref.Series.Bad, "all": ref.Series.Total} {
					for length, minutes := range map[string]int{"1m": 1, "1h": 60} {
						text := fmt.Sprintf("increase(%s_%s_total[%s])", what, named(ref), length)
						server.Answers[text] = append(server.Answers[text], increase(ref, counts, minutes))
					}
				}
			}
			return c
		},
	})
}

// increase returns what a counter grew by in each bucket, at its end.
func increase(ref sourcetest.Reference, counts []float64, minutes int) wiretest.Series {
	var pairs []string
	for label, value := range ref.Labels {
		pairs = append(pairs, label, value)
	}
	s := wiretest.Series{Labels: sampletest.Labels("", pairs...)}
	for i := 0; i+minutes <= ref.Series.Len(); i += minutes {
		sum, is := 0.0, false
		for k := i; k < i+minutes; k++ {
			if ref.Series.Measured(k) {
				sum, is = sum+counts[k], true
			}
		}
		if is {
			s.Times, s.Values = append(s.Times, ref.Series.Time(i+minutes).UnixMilli()), append(s.Values, sum)
		}
	}
	return s
}
