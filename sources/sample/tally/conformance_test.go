package tally

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
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

// Tally answers as every source does.
func TestConformance(t *testing.T) {
	stores := map[string]*sampletest.Store{}
	kind := sources.Kind{
		SourceKind: spec.SourceKind{Name: "samples", SLI: Keys(), Check: func(source, sli spec.Block) diag.List {
			return Check(source, sli, "samples")
		}},
		Open: func(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
			return held{stores[cfg.Dir], Config{Room: "samples", At: env.At, Digest: env.Digest}}, nil
		},
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
					c.SLI = append(c.SLI, fmt.Sprintf("bad: {counter: bad_%s_total}\ntotal: {counter: all_%s_total}\n", name, name))
				}
				store.Held = append(store.Held, written(ref, "bad", ref.Series.Bad), written(ref, "all", ref.Series.Total))
			}
			if len(refs) == 0 {
				c.SLI = []string{"bad: {counter: bad_a_total}\ntotal: {counter: all_a_total}\n"}
			}
			stores[dir] = store
			return c
		},
	})
}

// written returns a counter that grows as a reference says: read at the end of each
// minute, and just after the start of one that follows a gap.
func written(ref sourcetest.Reference, what string, counts []float64) sampletest.Series {
	name := ref.Name
	var pairs []string
	for label, value := range ref.Labels {
		name, pairs = "all", append(pairs, label, value)
	}
	s := sampletest.Series{Labels: sampletest.Labels(what+"_"+name+"_total", pairs...)}
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
