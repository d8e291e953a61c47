package bucket

import (
	"fmt"
	"math/rand/v2"
	"regexp"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/sourcetest"
)

var labels = []string{"region", "host"}

// rowOf reads "00:05 2/10 eu a": the time of day on 1 October 2026, bad of total,
// and labels. A count or label that is ~ is not stated; "2/8+10" states good too.
func rowOf(t testing.TB, line int, text string) *Row {
	t.Helper()
	fields := strings.Fields(text)
	clock := fields[0]
	if strings.Count(clock, ":") == 1 {
		clock += ":00"
	}
	r := &Row{Pos: diag.Pos{File: "rows", Line: line}, Start: instant(t, "2026-10-01T"+clock+"Z")}
	bad, total, _ := strings.Cut(fields[1], "/")
	r.Counts.Bad, r.Counts.HasBad = counted(t, bad)
	r.Counts.Total, r.Counts.HasTotal = counted(t, total)
	if conflict := r.Counts.Complete(); conflict != NoConflict {
		t.Fatalf("%s: conflict %d", text, conflict)
	}
	for i := range labels {
		var value []byte
		if 2+i < len(fields) && fields[2+i] != "~" {
			value = []byte(fields[2+i])
		}
		r.Values = append(r.Values, value)
		r.Key = AppendKey(r.Key, labels[i], value)
	}
	return r
}

func counted(t testing.TB, text string) (Count, bool) {
	t.Helper()
	if text == "~" {
		return Count{}, false
	}
	c, fault := ParseCount([]byte(text))
	if fault != nil {
		t.Fatalf("%q %s", text, fault.Why)
	}
	return c, true
}

// asking is a collector with one request: minutes from midnight to 00:05.
type asking struct {
	config  Config
	request sources.Request
}

func newAsking(t testing.TB, sli string) asking {
	t.Helper()
	block, err := spec.ParseBlock("slo.yaml", sli, "")
	if err != nil {
		t.Fatal(err)
	}
	start := instant(t, "2026-10-01T00:00:00Z")
	return asking{
		config: Config{Room: "test", Step: time.Minute, Zone: time.UTC, MaxUnread: slo.NumberFrac(1, 2),
			OffGrid: func(r *Row) diag.Finding {
				return diag.Errorf(diag.Pos{Line: r.Pos.Line}, "stamp", "%s starts no step", r.Start.Format("15:04:05"))
			},
			Contradicts: func(r *Row) diag.Finding {
				return diag.Errorf(diag.Pos{Line: r.Pos.Line}, "duplicate", "%s again", r.Start.Format("15:04"))
			},
			TooMany: func(name string, values int) diag.Finding {
				return diag.Errorf(diag.Pos{}, "sets", "%d of %s", values, name)
			},
			Lacks: func(which spec.Count) diag.Finding { return diag.Errorf(diag.Pos{}, "lacks", "no %s", which) },
		},
		request: sources.Request{SLI: block, Count: spec.Both, Step: time.Minute, Period: slo.Period{Start: start, End: start.Add(5 * time.Minute)}},
	}
}

// answer counts rows and returns what came of it: the verdicts that are not
// Taken, "labels: bad/total …" of each answer or its error, and the notes.
func (a asking) answer(t testing.TB, rows ...string) string {
	t.Helper()
	c := New(a.config)
	resolve := func(name string) (match.Field, bool) {
		i := slices.Index(labels, name)
		return match.Field{Index: i, Type: match.Any}, i >= 0
	}
	s, findings := c.Ask(7, a.request, resolve, labels)
	if findings != nil {
		t.Fatal(findings)
	}
	var out []string
	for i, text := range rows {
		if v := c.Add(rowOf(t, i+1, text)); v != Taken {
			names := map[Verdict]string{OffGrid: "off", Late: "late"}
			out = append(out, fmt.Sprintf("%d %s", i+1, names[v]))
		}
	}
	if err := c.Err(); err != nil {
		return strings.Join(append(out, err.Error()), "; ")
	}
	c.Emit(s, nil, nil, func(a sources.Answer) {
		text := ""
		for _, name := range labels {
			if value, ok := a.Labels[name]; ok {
				text += fmt.Sprintf("%s=%s ", name, value)
			}
		}
		if a.Err != nil {
			text += a.Err.Error()
		} else {
			text += sourcetest.Counts(a.Series)
			if a.Series.Doubt != nil {
				text += " doubt " + sourcetest.Counts(a.Series.Doubt)
			}
		}
		if a.Request != 7 {
			t.Errorf("answers request %d", a.Request)
		}
		for _, n := range a.Notes {
			text += fmt.Sprintf(" [%s %d]", n.Code, n.Pos.Line)
		}
		out = append(out, text)
	})
	return strings.Join(out, "; ")
}

func TestCollector(t *testing.T) {
	for _, c := range []struct {
		name string
		sli  string
		with func(*asking)
		rows []string
		want string
	}{
		{"no row", "{}", nil, nil, "- - - - -"},
		{"a row", "{}", nil, []string{"00:01 2/10"}, "- 2/10 - - -"},
		{"zero is measured, a gap is not", "{}", nil, []string{"00:01 0/0", "00:03 0/5"}, "- 0/0 - 0/5 -"},
		{"rows out of order", "{}", nil, []string{"00:03 1/3", "00:00 0/1", "00:02 1/2"}, "0/1 - 1/2 1/3 -"},
		{"rows around the period", "{}", nil, []string{"23:59 9/9", "00:04 1/1", "00:05 9/9"}, "- - - - 1/1"},
		{"fractions", "{}", nil, []string{"00:00 0.1/0.5 eu", "00:00 0.2/0.5 us"}, "0.3/1 - - - -"},

		{"the same row again", "{}", nil, []string{"00:01 2/10 eu", "00:01 2/10 eu"}, "- 2/10 - - - [test/repeated 2]"},
		{"the same row again, later", "{}", nil, []string{"00:01 2/10 eu", "00:02 2/10 eu", "00:01 2/10 eu"}, "- 2/10 2/10 - - [test/repeated 3]"},
		{"other counts of the same row", "{}", nil, []string{"00:01 2/10 eu", "00:01 3/10 eu"}, "rows:2: 00:01 again [test/duplicate]"},
		{"one label set", "{}", nil, []string{"00:01 2/10 eu", "00:02 1/10 eu"}, "- 2/10 1/10 - -"},
		{"two label sets add up", "{}", nil, []string{"00:01 2/10 eu", "00:01 2/10 us"}, "- 4/20 - - -"},
		{"a label less is another set", "{}", nil, []string{"00:01 2/10 eu", "00:01 2/10"}, "- 4/20 - - -"},
		{"repeats outside the period are not looked for", "{}", nil, []string{"00:07 2/10", "00:07 3/10"}, "- - - - -"},

		{"where chooses", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:01 1/10 us"}, "- 2/10 - - -"},
		{"where that no row meets", "where: {region: mars}", nil, []string{"00:01 2/10 eu"}, "- - - - - [test/unmet 1]"},
		{"where that only rows of another time meet", "where: {region: us}", nil, []string{"00:01 2/10 eu", "00:05 2/10 us"}, "- - - - - [test/unmet 1]"},
		{"where without a row", "where: {region: mars}", nil, nil, "- - - - -"},
		{"per splits", "{}", per("region"), []string{"00:01 2/10 us a", "00:01 1/10 eu a", "00:01 1/10 eu b"}, "region=eu - 2/20 - - -; region=us - 2/10 - - -"},
		{"per of a label that rows lack", "{}", per("host"), []string{"00:01 2/10 us", "00:02 1/10 us h"}, "host= - 2/10 - - -; host=h - - 1/10 - -"},

		{"a row that may be of where is in doubt", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:01 3/4 ~", "00:02 0/4 us"}, "- 2/10 - - - doubt 0/0 3/4 0/0 0/0 0/0 [test/absent 1] [test/absent 2]"},
		{"not of where is not known either", "where: {region: {not: us}}", nil, []string{"00:01 2/10 eu", "00:01 3/4 ~", "00:02 0/4 us"}, "- 2/10 - - - doubt 0/0 3/4 0/0 0/0 0/0 [test/absent 1] [test/absent 2]"},
		{"none names such rows", "where: {region: [eu, none]}", nil, []string{"00:01 2/10 eu", "00:01 3/4 ~"}, "- 5/14 - - -"},
		{"another test that fails is enough", "where: {region: eu, host: a}", nil, []string{"00:01 2/10 eu a", "00:01 3/4 ~ b"}, "- 2/10 - - -"},
		{"a row alone in doubt", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:02 3/4 ~"}, "- 2/10 0/0 - - doubt 0/0 0/0 3/4 0/0 0/0 [test/absent 1] [test/absent 2]"},
		{"without failures nothing is in doubt", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:01 0/4 ~", "00:02 0/4 ~"}, "- 2/10 - - - [test/absent 1] [test/absent 2]"},
		{"too much doubt", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:01 3/4 ~", "00:02 3/4 ~"}, "slo.yaml:1:8: 2 of 3 rows have no \"region\", which where needs: 67 %, over max_unread 50 % [test/absent]\nrows:2: row has no \"region\" [test/absent]"},
		{"rows of another time are in no doubt", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:06 3/4 ~", "00:07 3/4 ~"}, "- 2/10 - - -"},
		{"doubt of a repeated row", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:01 3/4 ~", "00:01 3/4 ~"}, "- 2/10 - - - doubt 0/0 3/4 0/0 0/0 0/0 [test/repeated 3] [test/absent 1] [test/absent 2]"},
		{"doubt of a contradicting row", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:01 3/4 ~", "00:01 3/5 ~"}, "rows:3: 00:01 again [test/duplicate]"},
		{"a finer unit of what is in doubt", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:01 0.5/4 ~", "00:02 0.25/1 eu"}, "- 2/10 0.25/1 - - doubt 0/0 0.5/4 0/0 0/0 0/0 [test/absent 1] [test/absent 2]"},
		{"doubt that cannot be held", "where: {region: eu}", nil, []string{"00:01 0/9007199254740992 eu", "00:01 1/1 ~", "00:02 1/1 eu"}, "rows:2: the rows of 2026-10-01T00:01:00Z add up to 9007199254740993, which is over 2^53 and cannot be held exactly [test/count]"},
		{"doubt of coarser buckets", "where: {region: eu}", want(2 * time.Minute), []string{"00:00 1/2 eu", "00:01 1/1 ~", "00:01 1/2 eu", "00:02 1/1 ~"}, "2/4 - - doubt 1/1 0/0 0/0 [test/absent 1] [test/absent 2]"},
		{"doubt of bad alone", "where: {region: eu}", count(spec.Bad), []string{"00:01 2/~ eu", "00:01 3/~ ~", "00:02 0/~ ~"}, "- 0/2 - - - doubt 0/0 0/3 0/0 0/0 0/0 [test/absent 1] [test/absent 2]"},
		{"doubt of total alone", "where: {region: eu}", count(spec.Total), []string{"00:01 ~/2 eu", "00:01 ~/3 ~"}, "- 0/2 - - - doubt 0/0 0/3 0/0 0/0 0/0 [test/absent 1] [test/absent 2]"},
		{"at worst none is good", "where: {region: eu}", count(spec.Good), []string{"00:01 2/10 eu", "00:02 3/4 ~"}, "- 0/8 0/0 - - [test/absent 1] [test/absent 2]"},
		{"a row in doubt says too little", "where: {region: eu}", nil, []string{"00:01 2/10 eu", "00:01 2/~ ~"}, "rows:2: no both [test/lacks]"},
		{"doubt of each set", "where: {region: eu}", per("host"), []string{"00:01 2/10 eu a", "00:01 1/5 eu b", "00:01 1/1 ~ b", "00:02 1/1 ~ c"}, "host=a - 2/10 - - - [test/absent 1] [test/absent 3]; host=b - 1/5 - - - doubt 0/0 1/1 0/0 0/0 0/0 [test/absent 1] [test/absent 3]"},

		{"total of total alone", "{}", count(spec.Total), []string{"00:01 ~/10"}, "- 0/10 - - -"},
		{"bad of bad alone", "{}", count(spec.Bad), []string{"00:01 2/~"}, "- 0/2 - - -"},
		{"good of bad and total", "{}", count(spec.Good), []string{"00:01 2/10"}, "- 0/8 - - -"},
		{"good of total alone", "{}", count(spec.Good), []string{"00:01 ~/10"}, "rows:1: no good [test/lacks]"},
		{"two counts of one", "{}", nil, []string{"00:01 2/~"}, "rows:1: no both [test/lacks]"},
		{"two counts of one, of a row that where leaves out", "where: {region: eu}", nil, []string{"00:01 2/~ us", "00:02 2/3 eu"}, "- - 2/3 - -"},
		{"a sum over 2^53", "{}", nil, []string{"00:01 0/9007199254740992 eu", "00:01 0/1 us"}, "rows:2: the rows of 2026-10-01T00:01:00Z add up to 9007199254740993, which is over 2^53 and cannot be held exactly [test/count]"},
		{"a sum of 2^53", "{}", nil, []string{"00:01 0/9007199254740991 eu", "00:01 0/1 us"}, "- 0/9007199254740992 - - -"},

		{"before at", "{}", at("00:02:00"), []string{"00:01 1/2"}, "- 1/2 - - -"},
		{"not complete at", "{}", at("00:01:59"), []string{"00:01 1/2"}, "1 late; - - - - -"},
		{"some not complete", "{}", at("00:03:00"), []string{"00:03 1/2", "00:02 1/2", "00:01 1/2"}, "1 late; - 1/2 1/2 - -"},

		{"off the grid", "{}", nil, []string{"00:01:30 1/2"}, "1 off; rows:1: 00:01:30 starts no step [test/stamp]"},
		{"off the grid by less than a second", "{}", nil, []string{"00:01:00.5 1/2"}, "1 off; rows:1: 00:01:00 starts no step [test/stamp]"},
		{"all on a coarser grid", "{}", nil, []string{"00:00 1/2", "00:05 1/2", "00:10 1/2"}, "1/2 - - - - [test/step 0]"},
		{"two on a coarser grid may be chance", "{}", nil, []string{"00:00 1/2", "00:05 1/2"}, "1/2 - - - -"},
		{"a step that the rows have", "{}", step(5 * time.Minute), []string{"00:00 1/2", "00:05 1/2", "00:10 1/2"}, "1/2"},

		{"half minutes are added up", "{}", step(30 * time.Second), []string{"00:00 1/2", "00:00:30 0/3", "00:01:30 1/1", "00:01 0/4"}, "1/5 1/5 - - -"},
		{"by set of labels, and once if said twice", "where: {region: eu}", step(30 * time.Second),
			[]string{"00:00 1/2 eu a", "00:00 1/2 eu b", "00:00 1/2 eu b", "00:00:30 0/1 eu a", "00:00:30 9/9 us a"}, "2/5 - - - - [test/repeated 3]"},
		{"other counts for one half", "{}", step(30 * time.Second), []string{"00:00:30 1/2", "00:00:30 0/2"}, "rows:2: 00:00 again [test/duplicate]"},
		{"a minute that lacks a half", "{}", step(30 * time.Second), []string{"00:00 1/2", "00:00:30 1/2", "00:01:30 1/1", "00:02 1/1", "00:02:30 1/1"}, "2/4 1/1 2/2 - - [test/partial 0]"},
		{"the first and the last minute may lack some", "{}", step(30 * time.Second), []string{"00:00:30 1/2", "00:01 1/2", "00:01:30 1/2", "00:02 1/1"}, "1/2 2/4 1/1 - -"},
		{"a minute that is not over", "{}", func(a *asking) { step(20 * time.Second)(a); at("00:01:40")(a) }, []string{"00:00:40 1/2", "00:01 1/2", "00:01:20 1/2"}, "2 late; 3 late; 1/2 - - - -"},
		{"off the half", "{}", step(30 * time.Second), []string{"00:01:15 1/2"}, "1 off; rows:1: 00:01:15 starts no step [test/stamp]"},
		{"minutes where halves were said", "{}", step(30 * time.Second), []string{"00:00 1/2", "00:01 1/2", "00:02 1/2"}, "1/2 1/2 1/2 - - [test/step 0]"},
		{"tens where fives were said", "{}", step(5 * time.Second), []string{"00:00 1/2", "00:00:10 1/2", "00:00:20 1/2"}, "3/6 - - - - [test/step 0]"},

		{"coarser buckets wanted", "{}", want(2 * time.Minute), []string{"00:00 1/2", "00:01 1/2", "00:02 1/2"}, "2/4 - -"},
		{"the last of the coarser buckets ends after the period", "{}", want(2 * time.Minute), []string{"00:04 1/2", "00:05 1/2", "00:05 1/2"}, "- - 2/4 [test/repeated 3]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			a := newAsking(t, c.sli)
			if c.with != nil {
				c.with(&a)
			}
			if got := a.answer(t, c.rows...); got != c.want {
				t.Errorf("got  %s\nwant %s", got, c.want)
			}
		})
	}
}

func per(names ...string) func(*asking)       { return func(a *asking) { a.request.Per = names } }
func count(which spec.Count) func(*asking)    { return func(a *asking) { a.request.Count = which } }
func step(length time.Duration) func(*asking) { return func(a *asking) { a.config.Step = length } }
func want(length time.Duration) func(*asking) { return func(a *asking) { a.request.Step = length } }

func at(clock string) func(*asking) {
	return func(a *asking) { a.config.At, _ = time.Parse(time.DateTime, "2026-10-01 "+clock) }
}

// The answer does not depend on the order of the rows, whichever of two that are
// the same comes first.
func TestRowsInAnyOrder(t *testing.T) {
	rows := []string{"00:00 1/2 eu a", "00:00 1/2 us a", "00:01 0.1/0.3 eu a", "00:01 0.2/0.3 us a", "00:02 0/0 eu a", "00:03 3/4 eu b", "00:03 3/4 eu b", "00:09 1/1 eu a"}
	a := newAsking(t, "{}")
	a.request.Per = []string{"region"}
	line := regexp.MustCompile(` [0-9]+\]`)
	withoutLines := func(text string) string { return line.ReplaceAllString(text, "]") }
	wanted := withoutLines(a.answer(t, rows...))
	if !strings.HasPrefix(wanted, "region=eu 1/2 0.1/0.3 0/0 3/4 -") {
		t.Fatal(wanted)
	}
	rnd := rand.New(rand.NewPCG(1, 2))
	for range 50 {
		rnd.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		if got := withoutLines(a.answer(t, rows...)); got != wanted {
			t.Fatalf("%q: %s, want %s", rows, got, wanted)
		}
	}
}

// Rows of seconds in any order add up to the minutes that a slow twin adds up to.
func TestSecondsAddUp(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		a := newAsking(t, "{}")
		seconds := rapid.SampledFrom([]int{1, 2, 5, 10, 15, 20, 30}).Draw(rt, "step")
		a.config.Step = time.Duration(seconds) * time.Second
		n := 300 / seconds
		var rows []string
		bad, total := map[int]int{}, map[int]int{}
		for _, i := range rapid.SliceOfNDistinct(rapid.IntRange(0, n-1), 1, n, rapid.ID).Draw(rt, "rows") {
			more, all := rapid.IntRange(0, 3).Draw(rt, "bad"), rapid.IntRange(3, 9).Draw(rt, "total")
			minute := i * seconds / 60
			bad[minute], total[minute] = bad[minute]+more, total[minute]+all
			rows = append(rows, fmt.Sprintf("00:%02d:%02d %d/%d", minute, i*seconds%60, more, all))
		}
		var want []string
		for minute := range 5 {
			text := "-"
			if n, ok := total[minute]; ok {
				text = fmt.Sprintf("%d/%d", bad[minute], n)
			}
			want = append(want, text)
		}
		got, _, _ := strings.Cut(a.answer(t, rows...), " [")
		if got != strings.Join(want, " ") {
			rt.Fatalf("every %d s, %q: got %s, want %s", seconds, rows, got, want)
		}
	})
}

// Clocks that change by less than a step leave the period without one grid.
func TestClocksChangeWithinAPeriod(t *testing.T) {
	a := newAsking(t, "{}")
	a.config.Step, a.config.Zone = 24*time.Hour, location(t, "Europe/Berlin")
	a.request.Step = 24 * time.Hour
	for _, c := range []struct{ from, to, want string }{
		{"2026-10-21T22:00:00Z", "2026-10-24T22:00:00Z", "0/1 0/1 0/1"},
		{"2026-10-23T22:00:00Z", "2026-10-26T23:00:00Z", "the clocks of Europe/Berlin change within the period"},
	} {
		a.request.Period = slo.Period{Start: instant(t, c.from), End: instant(t, c.to)}
		col := New(a.config)
		s, _ := col.Ask(0, a.request, nil, nil)
		zone := a.config.Zone
		for day := a.request.Period.Start.In(zone); day.Before(a.request.Period.End); day = day.AddDate(0, 0, 1) {
			if v := col.Add(&Row{Start: day, Counts: Counts{Total: Whole(1), HasTotal: true, HasBad: true}}); v != Taken {
				t.Errorf("%v: verdict %d", day, v)
			}
		}
		col.Emit(s, nil, nil, func(answer sources.Answer) {
			got := fmt.Sprint(answer.Err)
			if answer.Err == nil {
				got = sourcetest.Counts(answer.Series)
			}
			if !strings.Contains(got, c.want) {
				t.Errorf("from %s: %s, want %s", c.from, got, c.want)
			}
		})
	}
}

// The bounds of what is known lie where the rows do, also outside the period.
func TestOldestAndNewest(t *testing.T) {
	a := newAsking(t, "{}")
	c := New(a.config)
	s, _ := c.Ask(0, a.request, nil, nil)
	for i, text := range []string{"00:02 0/1", "00:09 0/1", "00:01 0/1"} {
		c.Add(rowOf(t, i, text))
	}
	c.Emit(s, nil, nil, func(a sources.Answer) {
		got := a.Series.Oldest.Format("15:04") + " " + a.Newest.Format("15:04")
		if got != "00:01 00:10" {
			t.Errorf("oldest and newest: %s", got)
		}
	})
}

func TestTooManySetsRefuseOnce(t *testing.T) {
	a := newAsking(t, "{}")
	c := New(a.config)
	s, _ := c.Ask(0, a.request, nil, nil)
	for i := range MaxSets + 2 {
		c.Add(rowOf(t, i, fmt.Sprintf("00:01 0/1 eu h%d", i)))
	}
	if got, want := s.Wrong.Err().Error(), fmt.Sprintf("rows:%d: %d of host [test/sets]", MaxSets, MaxSets); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Rows are held against each other within each request's own period: what another
// request asks about changes no answer.
func TestOtherPeriodsChangeNothing(t *testing.T) {
	a := newAsking(t, "{}")
	long := a.request
	long.Period.End = long.Period.Start.Add(10 * time.Minute)
	answers := func(requests ...sources.Request) (out []string) {
		c := New(a.config)
		var asked []*Selection
		for i, r := range requests {
			s, _ := c.Ask(i, r, nil, nil)
			asked = append(asked, s)
		}
		for i, text := range []string{"00:01 1/2", "00:07 1/2", "00:07 1/3", "00:08 0/1", "00:08 0/1"} {
			c.Add(rowOf(t, i+1, text))
		}
		for _, s := range asked {
			c.Emit(s, nil, nil, func(a sources.Answer) {
				out = append(out, fmt.Sprint(sourcetest.Counts(a.Series), a.Err, a.Notes))
			})
		}
		return out
	}
	short, wide := answers(a.request), answers(long)
	if both := answers(a.request, long); both[0] != short[0] || both[1] != wide[0] {
		t.Errorf("alone %s, %s; together %s", short[0], wide[0], both)
	}
	if !strings.Contains(wide[0], "00:07 again") || strings.Contains(short[0], "again") || strings.Contains(short[0], "repeated") {
		t.Errorf("short: %s; long: %s", short[0], wide[0])
	}
}

func TestComplete(t *testing.T) {
	for _, c := range []struct {
		good, bad, total string
		conflict         Conflict
		want             string
	}{
		{"8", "~", "10", NoConflict, "8 2 10"},
		{"~", "2", "10", NoConflict, "8 2 10"},
		{"8", "2", "~", NoConflict, "8 2 10"},
		{"8", "2", "10", NoConflict, "8 2 10"},
		{"0.1", "~", "0.3", NoConflict, "0.1 0.2 0.3"},
		{"8", "~", "~", NoConflict, "8 ~ ~"},
		{"~", "~", "~", NoConflict, "~ ~ ~"},
		{"11", "~", "10", GoodTooLarge, ""},
		{"10", "~", "10", NoConflict, "10 0 10"},
		{"~", "11", "10", BadTooLarge, ""},
		{"8", "1", "10", NotTheSum, ""},
		{"9007199254740992", "1", "~", TooLarge, ""},
	} {
		var n Counts
		n.Good, n.HasGood = counted(t, c.good)
		n.Bad, n.HasBad = counted(t, c.bad)
		n.Total, n.HasTotal = counted(t, c.total)
		conflict := n.Complete()
		text := func(v Count, has bool) string {
			if !has {
				return "~"
			}
			return v.String()
		}
		got := fmt.Sprint(text(n.Good, n.HasGood), " ", text(n.Bad, n.HasBad), " ", text(n.Total, n.HasTotal))
		if conflict != c.conflict || conflict == NoConflict && got != c.want {
			t.Errorf("%s %s %s: conflict %d, %s, want %d, %s", c.good, c.bad, c.total, conflict, got, c.conflict, c.want)
		}
	}
}

// Findings of several files are as if one had found them in order.
func TestFindingsMerge(t *testing.T) {
	for _, sizes := range [][]int{{0, 0}, {3, 2}, {0, 25}, {25, 0}, {19, 2}, {20, 1}, {20, 0, 1}, {12, 30, 5}, {40, 40}} {
		all, merged := NewFindings("room"), NewFindings("room")
		for i, n := range sizes {
			one := NewFindings("room")
			for line := range n {
				f := diag.Errorf(diag.Pos{Line: line + 1}, "code", "wrong")
				file := fmt.Sprintf("file%d", i)
				all.Add(file, f)
				one.Add(file, f)
			}
			merged.Merge(one)
		}
		if got, want := fmt.Sprint(merged.Err()), fmt.Sprint(all.Err()); got != want || merged.Count() != all.Count() {
			t.Errorf("%v: %d findings\n%s\nwant %d\n%s", sizes, merged.Count(), got, all.Count(), want)
		}
	}
}
