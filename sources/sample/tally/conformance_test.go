package tally

import (
	"context"
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// held is a source of samples in memory.
type held struct {
	store  *sampletest.Store
	config Config
}

func (h held) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	return Fetch(ctx, h.store, h.config, reqs, emit)
}

// Tally answers as every source does: from counters, and from native histograms; also where
// two replicas read them, of which each lacks what the other has.
func TestConformance(t *testing.T) {
	for _, c := range []struct {
		name           string
		native, copies bool
	}{{"counters", false, false}, {"replicas", false, true}, {"native histograms", true, false}, {"their replicas", true, true}} {
		t.Run(c.name, func(t *testing.T) { conform(t, c.native, c.copies) })
	}
}

func conform(t *testing.T, native, copies bool) {
	stores := map[string]*sampletest.Store{}
	kind := sources.Kind{
		SourceKind: spec.SourceKind{Name: "samples", SLI: Keys(), Check: func(source, sli spec.Block) diag.List {
			return Check(source, sli, "samples")
		}},
		Open: func(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
			return held{stores[cfg.Dir], Config{Room: "samples", At: env.At, Digest: env.Digest}}, nil
		},
	}
	sli := "bad: {counter: bad_%[1]s_total}\ntotal: {counter: all_%[1]s_total}\n"
	if native {
		sli = "histogram: %s_seconds\ngood: \"<= 300ms\"\n"
	}
	sourcetest.Run(t, sourcetest.Suite{
		Kind: kind, Gaps: true, Huge: true, Many: true, Labels: true,
		Write: func(_ *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
			var c sourcetest.Config
			store := sampletest.New()
			for _, ref := range refs {
				if ref.Labels == nil || c.SLI == nil {
					name := ref.Name
					if ref.Labels != nil {
						name = "all"
					}
					c.SLI = append(c.SLI, fmt.Sprintf(sli, name))
				}
				for _, one := range written(ref, native) {
					if copies {
						store.Held = append(store.Held, unequal(one)...)
					} else {
						store.Held = append(store.Held, one)
					}
				}
			}
			if len(refs) == 0 {
				c.SLI = []string{fmt.Sprintf(sli, "a")}
			}
			stores[dir] = store
			return c
		},
	})
}

// written returns counters that grow as a reference says, or the native histogram of them:
// read at the end of each minute, and just after the start of one that follows a gap.
func written(ref sourcetest.Reference, native bool) []sampletest.Series {
	name := ref.Name
	var pairs []string
	for label, value := range ref.Labels {
		name, pairs = "all", append(pairs, label, value)
	}
	bad := sampletest.Series{Labels: sampletest.Labels("bad_"+name+"_total", pairs...)}
	all := sampletest.Series{Labels: sampletest.Labels("all_"+name+"_total", pairs...)}
	both := sampletest.Series{Labels: sampletest.Labels(name+"_seconds", pairs...)}
	value := [2]float64{3, 7} // bad ones and all
	add := func(at time.Time) {
		t, v := at.UnixMilli(), value
		bad.Times, bad.Values = append(bad.Times, t), append(bad.Values, v[0])
		all.Times, all.Values = append(all.Times, t), append(all.Values, v[1])
		both.Times = append(both.Times, t)
		both.Histograms = append(both.Histograms, sample.Histogram{Schema: sample.CustomBounds, Bounds: []float64{0.3},
			Count: v[1], Positive: []sample.Bucket{{Index: 0, Count: v[1] - v[0]}, {Index: 1, Count: v[0]}}})
	}
	for i, gap := 0, true; i < ref.Series.Len(); i++ {
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
		n := [2]float64{ref.Series.Bad[i], ref.Series.Total[i]}
		if value[1]+n[1] > slo.MaxUnits { // it begins anew
			value = [2]float64{}
		}
		value[0], value[1], gap = value[0]+n[0], value[1]+n[1], false
		add(ref.Series.Time(i + 1))
	}
	if native {
		return []sampletest.Series{both}
	}
	return []sampletest.Series{bad, all}
}

// unequal returns two replicas of a series. In turn one of them has all samples for some
// time, and the other each third of them.
func unequal(s sampletest.Series) []sampletest.Series {
	const turn = 7
	out := make([]sampletest.Series, 2)
	for k, name := range []string{"a", "b"} {
		one := &out[k]
		one.Labels = append(slices.Clone(s.Labels), sample.Label{Name: "replica", Value: name})
		slices.SortFunc(one.Labels, func(a, b sample.Label) int { return strings.Compare(a.Name, b.Name) })
		for i, at := range s.Times {
			if i/turn%2 != k && i%3 > 0 {
				continue
			}
			one.Times = append(one.Times, at)
			if s.Histograms != nil {
				one.Histograms = append(one.Histograms, s.Histograms[i])
			} else {
				one.Values = append(one.Values, s.Values[i])
			}
		}
	}
	return slices.DeleteFunc(out, func(s sampletest.Series) bool { return len(s.Times) == 0 })
}
