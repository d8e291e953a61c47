package synthetic_test

import (
	"fmt"
	"math"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources/sourcetest"
	"github.com/nines-slo/nines/sources/synthetic"
)

func TestConformance(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: synthetic.Kind(), Write: write, Gaps: true, Huge: true})
}

func write(_ *testing.T, _ string, refs []sourcetest.Reference) sourcetest.Config {
	s := refs[0].Series
	var b strings.Builder
	for i := range s.Total {
		if math.IsNaN(s.Total[i]) {
			b.WriteString("_ ")
			continue
		}
		fmt.Fprintf(&b, "%.0f/%.0f ", s.Bad[i], s.Total[i])
	}
	source := fmt.Sprintf("start: %s\ncounts: %q\n", s.Start.Format(time.RFC3339), b.String())
	return sourcetest.Config{Source: source, SLI: []string{""}}
}
