package spec

import (
	"fmt"
	"slices"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// Keys called step and path mean nothing by themselves: the kind says what a
// source's step and files are.
func TestStepAndFilesAreTheKinds(t *testing.T) {
	keys := []Key{{Name: "step", Type: Length}, {Name: "path", Type: Texts}, {Name: "every", Type: Length}, {Name: "log", Type: Texts}}
	silent := SourceKind{Name: "silent", Keys: keys}
	telling := SourceKind{
		Name:  "telling",
		Keys:  keys,
		Step:  func(source Block) time.Duration { return source.Get("every").Duration() },
		Files: func(source Block) Value { return source.Get("log") },
	}
	for _, c := range []struct {
		block string
		step  time.Duration
		files []string
		stdin bool
	}{
		{"type: silent, step: 1h, path: '-'", 0, nil, false},
		{"type: telling, step: 1h, path: '-'", 0, nil, false},
		{"type: telling, every: 5m, log: a.log", 5 * time.Minute, []string{"a.log"}, false},
		{"type: telling, every: 1h, log: [a.log, '-']", time.Hour, []string{"a.log", "-"}, true},
		{"type: telling, log: '-'", 0, []string{"-"}, true},
	} {
		l := newLoader(Known{Sources: []SourceKind{silent, telling}, Formats: []Format{Native()}})
		l.file(paths.File{Path: "slo.yaml", Dir: "."}, []byte(`apiVersion: nines/v1
service: shop
sources: {a: {`+c.block+`}}
slos: [{name: up, target: 99%, window: 1d, sli: {source: a}}]
`))
		set, findings := l.finish()
		if len(findings) > 0 {
			t.Errorf("%s: %v", c.block, findings)
			continue
		}
		s := set.Objectives[0].Parts[0].Source
		if s.Step != c.step || !slices.Equal(s.Files.Strings(), c.files) || s.ReadsStdin() != c.stdin {
			t.Errorf("%s: step %v, files %v, stdin %v; want %v, %v, %v", c.block, s.Step, s.Files.Strings(), s.ReadsStdin(), c.step, c.files, c.stdin)
		}
		if set.Objectives[0].Step != c.step {
			t.Errorf("%s: the objective's step is %v, want %v", c.block, set.Objectives[0].Step, c.step)
		}
	}
}

// The counts of two sources are complete when those of the slower one are.
func TestDelay(t *testing.T) {
	load := func(a, b string) (*Set, diag.List) {
		l := newLoader(Known{Sources: []SourceKind{{Name: "fake"}}, Formats: []Format{Native()}})
		l.file(paths.File{Path: "slo.yaml", Dir: "."}, fmt.Appendf(nil, `apiVersion: nines/v1
service: shop
sources: {a: {type: fake%s}, b: {type: fake%s}}
slos: [{name: x, target: 99%%, window: 30d, sli: {good: {source: a}, total: {source: b}}}]
`, a, b))
		return l.finish()
	}
	for _, c := range []struct {
		a, b string
		want time.Duration
	}{
		{"", "", 0}, {", delay: 0", ", delay: 0s", 0}, {", delay: 2m", "", 2 * time.Minute}, {", delay: 2m", ", delay: 1h", time.Hour},
	} {
		set, findings := load(c.a, c.b)
		if len(findings) > 0 || set.Objectives[0].Delay != c.want {
			t.Errorf("%q %q: %v, %v", c.a, c.b, findings, set)
		}
	}
	for _, wrong := range []string{"-2m", "2", "soon", "00:02"} {
		if _, findings := load(", delay: "+wrong, ""); len(findings) == 0 {
			t.Errorf("delay %s passes", wrong)
		}
	}
}

// A histogram whose good events are told by a duration makes a promise of latency.
func TestKindOfHistograms(t *testing.T) {
	for sli, want := range map[string]time.Duration{
		`{histogram: h_seconds, good: "<= 300ms"}`:         300 * time.Millisecond,
		`{histogram: h_seconds, bad: "> 1s"}`:              time.Second,
		`{histogram: h_bytes, good: "<= 1024"}`:            0,
		`{value: probe_seconds, good: "<= 300ms"}`:         0,
		`{good: {duration: "<= 2s"}, histogram: anything}`: 2 * time.Second,
	} {
		b, err := ParseBlock("slo.yaml", sli, ".")
		if err != nil {
			t.Fatal(err)
		}
		if got := kindOf(b.Value).Threshold; got != want {
			t.Errorf("%s: threshold %v, want %v", sli, got, want)
		}
	}
}
