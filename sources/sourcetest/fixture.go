package sourcetest

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"math"
	"runtime"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// fixture is a source with written references, opened anew for every fetch.
type fixture struct {
	kind   sources.Kind
	source spec.Block
	slis   []spec.Block
	config Config
	dir    string
	env    sources.Env
	shares bool // Suite.Shares
}

func (s Suite) write(t *testing.T, refs ...Reference) *fixture {
	t.Helper()
	dir := t.TempDir()
	cfg := s.Write(t, dir, refs)
	source := Block(t, "type: "+s.Kind.Name+"\n"+cfg.Source, dir)
	f := &fixture{kind: s.Kind, source: source, config: cfg, dir: dir, shares: s.Shares}
	for _, text := range cfg.SLI {
		f.slis = append(f.slis, Block(t, "source: reference\n"+text, dir))
	}
	f.env = sources.Env{
		At:       origin.AddDate(0, 1, 0),
		Stdin:    sources.NewStdin(strings.NewReader("")),
		Getenv:   func(string) string { return planted },
		HTTP:     cfg.HTTP,
		Parallel: 4,
	}
	f.check(t)
	return f
}

// Block returns a block that stands in slo.yaml of a folder.
func Block(t testing.TB, text, dir string) spec.Block {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", text, dir)
	if err != nil {
		t.Fatalf("block %q: %v", text, err)
	}
	return b
}

// check holds what Write says against the kind's own offline check.
func (f *fixture) check(t *testing.T) {
	t.Helper()
	if f.kind.Check == nil {
		return
	}
	for _, sli := range f.slis {
		if found := f.kind.Check(f.source, sli); found.Errors() {
			t.Fatalf("check refuses the reference:\n%v", found)
		}
	}
}

// request asks for both counts of sli i, a minute each.
func (f *fixture) request(i int, p slo.Period) sources.Request {
	return sources.Request{SLI: f.slis[i], Count: spec.Both, Period: p, Step: time.Minute}
}

// fetch returns the answers in the order they were emitted, and fails the test
// on any error and on any answer that breaks a rule that holds for all.
func (f *fixture) fetch(t *testing.T, reqs ...sources.Request) []sources.Answer {
	t.Helper()
	answers, err := f.try(t, t.Context(), reqs...)
	if err != nil {
		t.Fatalf("fetch: %v", err)
	}
	seen := make([]int, len(reqs))
	for _, a := range answers {
		if a.Request < 0 || a.Request >= len(reqs) {
			t.Fatalf("answer to request %d of %d", a.Request, len(reqs))
		}
		if seen[a.Request]++; a.Err != nil {
			t.Fatalf("answer to request %d: %v", a.Request, a.Err)
		}
		if err := sound(reqs[a.Request], a); err != nil {
			t.Fatalf("answer to request %d: %v", a.Request, err)
		}
		if a.Complete.After(f.env.At) {
			t.Fatalf("answer to request %d: complete until %v, after at %v", a.Request, a.Complete, f.env.At)
		}
	}
	for i, n := range seen {
		if n == 0 || n > 1 && len(reqs[i].Per) == 0 {
			t.Fatalf("request %d got %d answers", i, n)
		}
	}
	return answers
}

// try opens the source, fetches and closes it.
func (f *fixture) try(t *testing.T, ctx context.Context, reqs ...sources.Request) ([]sources.Answer, error) {
	t.Helper()
	src, err := f.open(ctx)
	if err != nil {
		return nil, err
	}
	defer closed(t, src)
	return ask(t, ctx, src, reqs...)
}

func (f *fixture) open(ctx context.Context) (sources.Source, error) {
	src, err := f.kind.Open(ctx, f.source, f.env)
	if err != nil {
		return nil, fmt.Errorf("open: %w", err)
	}
	return src, nil
}

func closed(t *testing.T, src sources.Source) {
	t.Helper()
	if c, ok := src.(io.Closer); ok {
		if err := c.Close(); err != nil {
			t.Errorf("close: %v", err)
		}
	}
}

// ask fetches, and checks that emit is called from this goroutine.
func ask(t *testing.T, ctx context.Context, src sources.Source, reqs ...sources.Request) ([]sources.Answer, error) {
	t.Helper()
	var answers []sources.Answer
	caller := goroutine()
	err := src.Fetch(ctx, reqs, func(a sources.Answer) {
		if g := goroutine(); g != caller {
			t.Errorf("emit called from %s, fetch from %s", g, caller)
		}
		answers = append(answers, a)
	})
	return answers, err
}

// goroutine returns the calling goroutine's name, "goroutine 7".
func goroutine() string {
	buf := make([]byte, 64)
	head, _, _ := bytes.Cut(buf[:runtime.Stack(buf, false)], []byte(" ["))
	return string(head)
}

// sound tells which rule of slo.Series and sources.Answer an answer breaks.
func sound(r sources.Request, a sources.Answer) error {
	s := a.Series
	if s == nil {
		return fmt.Errorf("no series and no error")
	}
	if err := onGrid(r, s); err != nil {
		return err
	}
	for i := range s.Total {
		bad, total := s.Bad[i], s.Total[i]
		switch {
		case math.IsNaN(bad) != math.IsNaN(total):
			return fmt.Errorf("bucket %v: bad %v, total %v: both or neither are measured", s.Time(i), bad, total)
		case bad < 0 || total < 0 || bad > total && r.Count == spec.Both || math.IsInf(total, 0):
			return fmt.Errorf("bucket %v: bad %v, total %v", s.Time(i), bad, total)
		case s.Measured(i) && (total > slo.MaxUnits || bad != math.Trunc(bad) || total != math.Trunc(total)):
			return fmt.Errorf("bucket %v: bad %v, total %v: want whole units, up to 2^53", s.Time(i), bad, total)
		case r.Count != spec.Both && bad != 0 && !math.IsNaN(bad):
			return fmt.Errorf("bucket %v: bad %v, want 0 beside a single count", s.Time(i), bad)
		}
	}
	return nil
}

// onGrid tells how the buckets of s miss those that r asks for: they begin with the
// period, or a step that is coarser than asked begins in it, and end with it.
func onGrid(r sources.Request, s *slo.Series) error {
	if s.Step < r.Step || s.Step%r.Step != 0 {
		return fmt.Errorf("step %v, want %v or whole steps of it", s.Step, r.Step)
	}
	period := r.Period
	if s.Step > r.Step && s.Len() > 0 {
		if late := s.Start.Sub(period.Start); late < 0 || late >= s.Step {
			return fmt.Errorf("starts at %v, want less than a step after %v", s.Start, period.Start)
		}
		period.Start = s.Start
	}
	want := slo.NewSeries(period, s.Step).Len()
	if s.Len() != want || want > 0 && !s.Start.Equal(period.Start) || len(s.Bad) != want {
		return fmt.Errorf("%d buckets from %v, want %d from %v", s.Len(), s.Start, want, period.Start)
	}
	return nil
}

// compare fails unless got has exactly the counts of want where want has
// buckets, and no measured bucket elsewhere.
func compare(t *testing.T, got *slo.Series, want Reference, count spec.Count) {
	t.Helper()
	if got.Decimals != want.Series.Decimals {
		t.Errorf("series %s: %d decimals, want %d", want.Name, got.Decimals, want.Series.Decimals)
	}
	wrong := 0
	for i := range got.Total {
		bad, total := expected(want.Series, got.Time(i), count)
		if same(got.Bad[i], bad) && same(got.Total[i], total) {
			continue
		}
		if wrong++; wrong <= 3 {
			t.Errorf("series %s, minute %s: got bad %v of %v, want %v of %v", want.Name,
				got.Time(i).UTC().Format("01-02 15:04"), got.Bad[i], got.Total[i], bad, total)
		}
	}
	if wrong > 3 {
		t.Errorf("series %s: %d of %d minutes are wrong", want.Name, wrong, got.Len())
	}
}

func expected(s *slo.Series, at time.Time, count spec.Count) (bad, total float64) {
	i := s.Index(at)
	if at.Before(s.Start) || i >= s.Len() {
		return math.NaN(), math.NaN()
	}
	bad, total = s.Bad[i], s.Total[i]
	switch {
	case !s.Measured(i) || count == spec.Both:
		return bad, total
	case count == spec.Good:
		return 0, total - bad
	case count == spec.Bad:
		return 0, bad
	}
	return 0, total
}

func same(a, b float64) bool { return a == b || math.IsNaN(a) && math.IsNaN(b) }

// warned tells whether any answer carries a warning.
func warned(answers []sources.Answer) bool {
	for _, a := range answers {
		for _, n := range a.Notes {
			if n.Severity == diag.Warning && n.Code != "" && n.Message != "" {
				return true
			}
		}
	}
	return false
}
