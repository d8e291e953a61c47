package collect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

var start = time.Date(2026, time.May, 1, 0, 0, 0, 0, time.UTC)

// fake is a kind of source whose every source is a function of this test.
type fake struct {
	fetch  func(name string, reqs []sources.Request, emit func(sources.Answer)) error
	opened atomic.Int32
	closed atomic.Int32
}

func (f *fake) kind() sources.Kind {
	keys := []spec.Key{{Name: "id", Type: spec.Text}}
	return sources.Kind{
		SourceKind: spec.SourceKind{Name: "fake", Keys: keys, SLI: []spec.Key{{Name: "good", Type: spec.Any}, {Name: "total", Type: spec.Any}, {Name: "bad", Type: spec.Any}}},
		Open: func(_ context.Context, cfg spec.Block, _ sources.Env) (sources.Source, error) {
			f.opened.Add(1)
			return &fakeSource{f, cfg.Get("id").Text}, nil
		},
	}
}

type fakeSource struct {
	kind *fake
	id   string
}

func (s *fakeSource) Fetch(_ context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	return s.kind.fetch(s.id, reqs, emit)
}

func (s *fakeSource) Close() error {
	s.kind.closed.Add(1)
	return nil
}

// counts returns a series with one bad of ten in every minute.
func counts(p slo.Period) *slo.Series {
	s := slo.NewSeries(p, time.Minute)
	for i := range s.Len() {
		s.Bad[i], s.Total[i] = 1, 10
	}
	return s
}

// answerAll answers every request.
func answerAll(_ string, reqs []sources.Request, emit func(sources.Answer)) error {
	for i, r := range reqs {
		emit(sources.Answer{Request: i, Series: counts(r.Period)})
	}
	return nil
}

// plan returns a plan over one file, whose Judge writes IDs, in order, into judged.
func plan(t *testing.T, f *fake, text string, judged *[]string) Plan {
	t.Helper()
	file := filepath.Join(t.TempDir(), "nines.yaml")
	if err := os.WriteFile(file, []byte("apiVersion: nines/v1\nservice: shop\n"+text), 0o600); err != nil {
		t.Fatal(err)
	}
	kind := f.kind()
	set, findings := spec.Load(nil, []string{file}, spec.Known{Sources: []spec.SourceKind{kind.SourceKind}, Formats: []spec.Format{spec.Native()}})
	if findings.Errors() {
		t.Fatal(findings)
	}
	return Plan{
		Set:   set,
		Kinds: []sources.Kind{kind},
		Env:   sources.Env{At: start.Add(time.Hour)},
		Needs: func(slo.SLO) slo.Period { return slo.Period{Start: start, End: start.Add(time.Hour)} },
		Judge: func(m build.Measured) error {
			*judged = append(*judged, fmt.Sprintf("%s %d %s", m.SLO.Name, m.Data.Len(), m.Failed))
			return nil
		},
	}
}

// many returns a file with n sources of one objective each.
func many(n int) string {
	names, slos := "sources:\n", "slos:\n"
	for i := range n {
		names += fmt.Sprintf("  s%d: {type: fake, id: s%d}\n", i, i)
		slos += fmt.Sprintf("  - {name: o%d, target: 99%%, window: 1h, sli: {source: s%d, bad: x, total: y}}\n", i, i)
	}
	return names + slos
}

func run(t *testing.T, p Plan) Result {
	t.Helper()
	got, err := Run(t.Context(), p)
	if err != nil {
		t.Fatal(err)
	}
	return got
}

// The last sources answer first, and are judged last.
func TestSourcesAreReadSideBySideAndJudgedInOrder(t *testing.T) {
	const n = 3 * sideBySide
	var mutex sync.Mutex
	started, most := 0, 0
	all := make(chan struct{}) // sideBySide sources run
	f := &fake{fetch: func(id string, reqs []sources.Request, emit func(sources.Answer)) error {
		mutex.Lock()
		started++
		if most = max(most, started); started == sideBySide && most == sideBySide {
			select {
			case <-all:
			default:
				close(all)
			}
		}
		mutex.Unlock()
		<-all
		defer func() { mutex.Lock(); started--; mutex.Unlock() }()
		return answerAll(id, reqs, emit)
	}}
	var judged, want []string
	p := plan(t, f, many(n), &judged)
	got := run(t, p)
	for i := range n {
		want = append(want, fmt.Sprintf("o%d 60 ", i))
		if got.Sources[i].Name != fmt.Sprintf("s%d", i) {
			t.Errorf("source %d is %s", i, got.Sources[i].Name)
		}
	}
	if !slices.Equal(judged, want) {
		t.Errorf("judged %q, want %q", judged, want)
	}
	if most != sideBySide {
		t.Errorf("%d sources were read at the same time, want %d", most, sideBySide)
	}
	if f.opened.Load() != n || f.closed.Load() != n {
		t.Errorf("%d opened, %d closed, want %d", f.opened.Load(), f.closed.Load(), n)
	}
}

// A second run over the same set gives the same, and the set is what it was.
func TestRunChangesNothing(t *testing.T) {
	f := &fake{fetch: answerAll}
	var judged []string
	p := plan(t, f, many(2)+"exclusions:\n  - {ics: away.ics}\ngate: {freezes: [{ics: away.ics}]}\n", &judged)
	p.ReleasesAt = func(slo.SLO) time.Time { return start }
	before := said(t, p.Set)
	first := run(t, p)
	told := slices.Clone(judged)
	judged = nil
	second := run(t, p)
	if diff := cmp.Diff(first, second); diff != "" {
		t.Errorf("the second run differs (-first +second):\n%s", diff)
	}
	if !slices.Equal(told, judged) {
		t.Errorf("judged %q, then %q", told, judged)
	}
	if diff := cmp.Diff(before, said(t, p.Set)); diff != "" {
		t.Errorf("the set was changed (-before +after):\n%s", diff)
	}
	if !first.Failed || len(first.Refusals) != 2 {
		t.Errorf("a calendar that is not there: failed %v, refusals %v", first.Failed, first.Refusals)
	}
}

// A file that was mended is read in the next run over the same set.
func TestASecondRunReadsAnew(t *testing.T) {
	f := &fake{fetch: answerAll}
	var judged []string
	p := plan(t, f, many(1)+"gate: {freezes: [{ics: away.ics}]}\n", &judged)
	p.ReleasesAt = func(slo.SLO) time.Time { return start }
	var failed []string
	p.Judge = func(m build.Measured) error {
		failed = append(failed, m.SLO.Gate.Freezes[0].Failed)
		return nil
	}
	run(t, p)
	ics := "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:x\r\nEND:VCALENDAR\r\n"
	if err := os.WriteFile(p.Set.Objectives[0].Freezes[0].Path, []byte(ics), 0o600); err != nil {
		t.Fatal(err)
	}
	run(t, p)
	if failed[0] == "" || failed[1] != "" {
		t.Errorf("failed with %q, then with %q", failed[0], failed[1])
	}
}

// said returns everything that a set says, as text, pointers followed.
func said(t *testing.T, set *spec.Set) string {
	t.Helper()
	var b strings.Builder
	for _, o := range set.Objectives {
		text, err := json.Marshal(o)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(text, '\n'))
	}
	return b.String()
}

// Objectives that ask the same of the same time share a question; what prints alike is
// not the same.
func TestQuestionsAreShared(t *testing.T) {
	var asked []string
	f := &fake{fetch: func(id string, reqs []sources.Request, emit func(sources.Answer)) error {
		for _, r := range reqs {
			asked = append(asked, fmt.Sprintf("%s %s", r.SLI.Get("bad").Key(), r.Period.Length()))
		}
		return answerAll(id, reqs, emit)
	}}
	var judged []string
	p := plan(t, f, `sources: {s: {type: fake}}
slos:
  - {name: a, target: 99%, window: 1h, sli: {source: s, bad: [eu, west], total: x}}
  - {name: b, target: 95%, window: 1h, sli: {source: s, bad: [eu, west], total: x}}
  - {name: c, target: 95%, window: 1h, sli: {source: s, bad: ["eu, west"], total: x}}
  - {name: d, target: 95%, window: 2h, sli: {source: s, bad: [eu, west], total: x}}
`, &judged)
	p.Needs = func(s slo.SLO) slo.Period { return s.Window.Bounds(start) }
	run(t, p)
	if len(asked) != 3 || asked[0] == asked[1] {
		t.Errorf("asked %q, want three questions", asked)
	}
	if want := []string{"a 60 ", "b 60 ", "c 60 ", "d 120 "}; !slices.Equal(judged, want) {
		t.Errorf("judged %q, want %q", judged, want)
	}
}

// Sources that differ have different identities, which show nothing of an address.
func TestIdentityIsFreeOfSecrets(t *testing.T) {
	source := func(text string) *spec.Source {
		b, err := spec.ParseBlock("slo.yaml", text, "")
		if err != nil {
			t.Fatal(err)
		}
		b.Zone = time.UTC
		return &spec.Source{Name: "s", Type: "fake", Block: b}
	}
	a := identity(source("{url: 'https://h/?token=hush-1', id: 1}"))
	same := identity(source("{id: 1, url: 'https://h/?token=hush-1'}"))
	other := identity(source("{url: 'https://h/?token=hush-2', id: 1}"))
	if a != same || a == other || strings.Contains(a+other, "hush") {
		t.Errorf("got %s, %s for the same, and %s for another", a, same, other)
	}
}

func TestOneSourceFails(t *testing.T) {
	f := &fake{fetch: func(id string, reqs []sources.Request, emit func(sources.Answer)) error {
		if id == "s1" {
			return errors.New("no route to host")
		}
		return answerAll(id, reqs, emit)
	}}
	var judged []string
	got := run(t, plan(t, f, many(3), &judged))
	failed := got.Sources[1].Failed
	if !strings.HasSuffix(failed, `nines.yaml:5:7: source "s1": no route to host [source/failed]`) {
		t.Errorf("failed %q", failed)
	}
	if want := []string{"o0 60 ", "o2 60 ", "o1 60 " + failed}; !slices.Equal(judged, want) {
		t.Errorf("judged %q, want %q", judged, want)
	}
	if !got.Failed || got.Sources[2].Failed != "" {
		t.Errorf("got %+v", got)
	}
	if len(got.Refusals) != 1 || !strings.Contains(got.Refusals[0].Error(), `source "s1": no route to host`) {
		t.Errorf("refusals %v", got.Refusals)
	}
}

// An objective of two sources of which one fails has no data, and is judged once.
func TestOneOfTwoSourcesFails(t *testing.T) {
	f := &fake{fetch: func(id string, reqs []sources.Request, emit func(sources.Answer)) error {
		if id == "b" {
			emit(sources.Answer{Request: 0, Err: diag.List{diag.Errorf(diag.Pos{File: "b.csv"}, "x/y", "it is torn")}})
			return nil
		}
		return answerAll(id, reqs, emit)
	}}
	var judged []string
	got := run(t, plan(t, f, `sources: {a: {type: fake, id: a}, b: {type: fake, id: b}}
slos:
  - {name: both, target: 99%, window: 1h, sli: {good: {source: a, good: x}, total: {source: b, total: y}}}
  - {name: alone, target: 99%, window: 1h, sli: {source: a, good: x, total: y}}
`, &judged))
	if want := []string{"alone 60 ", "both 60 b.csv: it is torn [x/y]"}; !slices.Equal(judged, want) {
		t.Errorf("judged %q, want %q", judged, want)
	}
	if !got.Failed {
		t.Error("the failure is not told")
	}
}

// Whoever listens hears of each part of each objective once, also why there is no answer, and
// of questions that objectives share once for each of them.
func TestHear(t *testing.T) {
	f := &fake{fetch: func(id string, reqs []sources.Request, emit func(sources.Answer)) error {
		switch id {
		case "b":
			emit(sources.Answer{Request: 0, Err: diag.List{diag.Errorf(diag.Pos{File: "b.csv"}, "x/y", "it is torn")}})
			return nil
		case "c":
			return errors.New("no route to host")
		}
		return answerAll(id, reqs, emit)
	}}
	var judged, heard []string
	p := plan(t, f, `sources: {a: {type: fake, id: a}, b: {type: fake, id: b}, c: {type: fake, id: c}}
slos:
  - {name: two, target: 99%, window: 1h, sli: {good: {source: a, good: x}, total: {source: b, total: y}}}
  - {name: one, target: 99%, window: 1h, sli: {source: a, good: x, total: y}}
  - {name: same, target: 90%, window: 1h, sli: {source: a, good: x, total: y}}
  - {name: off, target: 99%, window: 1h, sli: {source: c, good: x, total: y}}
`, &judged)
	p.Hear = func(h Heard) {
		said := fmt.Sprintf("%s %s of %s at %d: %v", h.Objective.Name, h.Part.Count, h.Part.Source.Name, h.Part.SLI.Pos.Line, h.Answer.Err)
		if h.Answer.Series != nil {
			said += fmt.Sprintf(" %d of %s", h.Answer.Series.Len(), h.Period.Length())
		}
		heard = append(heard, said)
	}
	run(t, p)
	slices.Sort(heard)
	if diff := cmp.Diff([]string{
		"off both of c at 8: no route to host",
		"one both of a at 6: <nil> 60 of 1h0m0s",
		"same both of a at 7: <nil> 60 of 1h0m0s",
		"two good of a at 5: <nil> 60 of 1h0m0s",
		"two total of b at 5: b.csv: it is torn [x/y]",
	}, heard); diff != "" {
		t.Errorf("heard (-want +got):\n%s", diff)
	}
}

// What a judge refuses is judged again without counts.
func TestJudgeRefuses(t *testing.T) {
	f := &fake{fetch: answerAll}
	var judged []string
	p := plan(t, f, many(2), &judged)
	take := p.Judge
	p.Judge = func(m build.Measured) error {
		if m.Failed == "" && m.SLO.Name == "o0" {
			return errors.New("the step is too coarse")
		}
		return take(m)
	}
	got := run(t, p)
	if len(judged) != 2 || !strings.Contains(judged[0], "o0 60 ") || !strings.Contains(judged[0], "the step is too coarse") {
		t.Errorf("judged %q", judged)
	}
	if !got.Failed || len(got.Refusals) != 1 {
		t.Errorf("got %+v", got)
	}
}

// A judge that gives up ends the sources that still want to answer.
func TestJudgeGivesUp(t *testing.T) {
	f := &fake{fetch: answerAll}
	var judged []string
	p := plan(t, f, many(3*sideBySide), &judged)
	broken := errors.New("broken")
	p.Judge = func(build.Measured) error { return broken }
	if _, err := Run(t.Context(), p); !errors.Is(err, broken) {
		t.Errorf("got %v", err)
	}
	if f.opened.Load() != f.closed.Load() {
		t.Errorf("%d opened, %d closed", f.opened.Load(), f.closed.Load())
	}
}

func TestCancelled(t *testing.T) {
	f := &fake{fetch: answerAll}
	var judged []string
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := Run(ctx, plan(t, f, many(2), &judged)); !errors.Is(err, context.Canceled) {
		t.Errorf("got %v", err)
	}
}

// What a run holds on to is what its answers say of each label set, not the counts behind
// them: those of a set are dropped before the next but one is made.
func TestCountsAreDropped(t *testing.T) {
	const sets, each = 100, 64 << 10 // bytes: the counts of one set are 700 kB and more
	f := &fake{fetch: func(_ string, reqs []sources.Request, emit func(sources.Answer)) error {
		for i := range sets {
			s := slo.NewSeries(reqs[0].Period, time.Minute)
			s.Bad[s.Len()-1-i*100], s.Total[s.Len()-1-i*100] = 1, 10
			emit(sources.Answer{Labels: map[string]string{"region": strconv.Itoa(i)}, Series: s})
		}
		return nil
	}}
	last, err := slo.ParseSpan("last-7d")
	if err != nil {
		t.Fatal(err)
	}
	at := start.AddDate(0, 0, 30)
	for name, b := range map[string]*build.Builder{
		"status": {At: at, Zone: time.UTC},
		"alerts": {At: at, Zone: time.UTC, Alerting: true},
		"report": {At: at, Zone: time.UTC, Full: true, Span: &last},
	} {
		p := plan(t, f, "sources: {a: {type: fake}}\nslos: [{name: o, target: 99%, window: 30d, sli: {source: a, bad: x, total: y}, per: [region]}]\n", nil)
		p.Env.At, p.Needs, p.Sets, p.Judge = at, b.Needs, b.Sets, b.Add
		before := heap()
		run(t, p)
		grown := int64(heap()) - int64(before)
		if got := len(b.Status(nil).Objectives); got != sets {
			t.Errorf("%s: %d objectives, want %d", name, got, sets)
		}
		if grown > sets*each {
			t.Errorf("%s: %d bytes a label set are held, want %d at the most", name, grown/sets, each)
		}
	}
}

// heap returns how many bytes are in use.
func heap() uint64 {
	var m runtime.MemStats
	runtime.GC()
	runtime.ReadMemStats(&m)
	return m.HeapAlloc
}

// A count of bad events that a source knows to be none is 0 where the total of another source
// was measured, for label sets that it does not have too, and no longer than it says.
func TestZerosOfHalves(t *testing.T) {
	ten := start.Add(10 * time.Minute)
	for _, c := range []struct {
		name, sli string
		per       string
		zero      time.Time
		bad       []string // label sets of the bad count, "" for one of none
		want      []string // measured minutes, and bad events of all
	}{
		{"none at all", "{bad: {source: a, bad: x}, total: {source: b, total: y}}", "", ten, []string{""}, []string{" 10 0/100"}},
		{"nobody knows", "{bad: {source: a, bad: x}, total: {source: b, total: y}}", "", time.Time{}, []string{""}, []string{" 0 0/0"}},
		{"some label sets", "{bad: {source: a, bad: x}, total: {source: b, total: y}}", ", per: [pod]", ten, []string{"p"}, []string{"p 10 1/100", "q 10 0/100"}},
		{"no label set", "{bad: {source: a, bad: x}, total: {source: b, total: y}}", ", per: [pod]", ten, []string{""}, []string{"p 10 0/100", "q 10 0/100"}},
		{"no good ones", "{good: {source: a, good: x}, bad: {source: b, bad: y}}", "", ten, []string{""}, []string{" 10 100/100"}},
	} {
		f := &fake{fetch: func(id string, reqs []sources.Request, emit func(sources.Answer)) error {
			sets := c.bad
			if id == "b" && c.per != "" {
				sets = []string{"p", "q"}
			} else if id == "b" {
				sets = []string{""}
			}
			for _, set := range sets {
				a := sources.Answer{Series: slo.NewSeries(reqs[0].Period, time.Minute)}
				if set != "" {
					a.Labels = map[string]string{"pod": set}
				}
				switch {
				case id == "a":
					a.ZeroUntil = c.zero
				default:
					a.Series.Oldest, a.Series.Newest = start, start.Add(time.Hour)
				}
				for i := range a.Series.Len() {
					if id == "b" {
						a.Series.Bad[i], a.Series.Total[i] = 0, 10
					}
				}
				if id == "a" && set != "" {
					a.Series.Bad[3], a.Series.Total[3] = 0, 1
				}
				emit(a)
			}
			return nil
		}}
		var ids, got []string
		p := plan(t, f, "sources: {a: {type: fake, id: a}, b: {type: fake, id: b}}\nslos:\n"+
			"  - {name: both, target: 99%, window: 1h, sli: "+c.sli+c.per+"}\n", &ids)
		p.Judge = func(m build.Measured) error {
			n, bad, total := 0, 0.0, 0.0
			for i := range m.Data.Len() {
				if m.Data.Measured(i) {
					n, bad, total = n+1, bad+m.Data.Bad[i], total+m.Data.Total[i]
				}
			}
			got = append(got, fmt.Sprintf("%s %d %v/%v%s", m.SLO.Labels["pod"], n, bad, total, m.Failed))
			return nil
		}
		run(t, p)
		slices.Sort(got)
		if !slices.Equal(got, c.want) {
			t.Errorf("%s: got %q, want %q", c.name, got, c.want)
		}
	}
}
