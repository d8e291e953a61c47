package openmetrics

import (
	"cmp"
	"errors"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// begin is when the samples of tests begin.
var begin = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// folder writes files and returns the store of them.
func folder(t testing.TB, f format, files map[string]string) *store {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	block := spec.Block{Dir: dir, Value: spec.Value{Kind: spec.Map, Fields: []spec.Field{
		{Key: "path", Value: spec.Value{Kind: spec.Scalar, Text: "*"}},
	}}}
	return &store{block: block, format: f, env: sources.Env{Digest: true}}
}

// line writes a sample as f has it.
func line(f format, l sample.Labels, ms int64, v float64) string {
	number := strconv.FormatFloat(v, 'g', -1, 64)
	var labels []string
	quote := quoted
	if f == dump {
		quote = strconv.Quote
	}
	for _, one := range l {
		if one.Name == sample.MetricName && f != dump {
			continue
		}
		name := one.Name
		if plainName([]byte(name), false) < len(name) {
			name = quote(name)
		}
		labels = append(labels, name+"="+quote(one.Value))
	}
	if f == dump {
		return fmt.Sprintf("{%s} %s %d\n", strings.Join(labels, ", "), number, ms)
	}
	name, braces := l.Get(sample.MetricName), strings.Join(labels, ",")
	switch {
	case plainName([]byte(name), true) < len(name):
		braces = "{" + strings.TrimSuffix(quoted(name)+","+braces, ",") + "}"
		name = ""
	case braces != "":
		braces = "{" + braces + "}"
	}
	if f == openMetrics {
		return fmt.Sprintf("%s%s %s %d.%03d\n", name, braces, number, ms/1000, ms%1000)
	}
	return fmt.Sprintf("%s%s %s %d\n", name, braces, number, ms)
}

// quoted writes a text as the text formats have it.
func quoted(text string) string {
	if strings.ContainsAny(text, "\\\n\"") {
		text = strings.NewReplacer(`\`, `\\`, "\n", `\n`, `"`, `\"`).Replace(text)
	}
	return `"` + text + `"`
}

// text writes series as f has them: one behind the other, or all by their time.
func text(f format, byTime bool, all []sampletest.Series, from, to int64) string {
	type stamped struct {
		at   int64
		line string
	}
	var lines []stamped
	for _, s := range all {
		for i, at := range s.Times {
			if at >= from && at < to {
				lines = append(lines, stamped{at, line(f, s.Labels, at, s.Values[i])})
			}
		}
	}
	if byTime {
		slices.SortStableFunc(lines, func(a, b stamped) int { return cmp.Compare(a.at, b.at) })
	}
	var out strings.Builder
	for _, l := range lines {
		out.WriteString(l.line)
	}
	if f == openMetrics {
		out.WriteString("# EOF\n")
	}
	return out.String()
}

// some are series of all sorts.
func some() []sampletest.Series {
	all := sampletest.Lines(begin, 15*time.Second, `
		http_requests_total{code="200",path="/a b,\"c\"=}{"} 0 5+10x30 _x2 _ stale 7.5 1e300
		http_requests_total{code="500"} _x10 1+1x5 _x80 3+0.25x10
		up 1x20
		up{job="\\\n\r é"} 0.1+0.1x30
		temperature{x="-"} -1.5 2e-5 123456789012345680000 Inf -Inf -0`)
	return append(all, sampletest.Series{
		Labels: sampletest.Labels("http.requests", "a.b", "c"), Times: []int64{begin.UnixMilli(), begin.UnixMilli() + 12345},
		Values: []float64{math.MaxFloat64, math.SmallestNonzeroFloat64},
	})
}

// What was written is read again to the bit, in each format, whatever the order of the
// lines, in one file or several.
func TestStore(t *testing.T) {
	all := some()
	const far = math.MaxInt64
	noon := begin.Add(6 * time.Minute).UnixMilli()
	for _, f := range []format{openMetrics, prometheus, dump} {
		for _, byTime := range []bool{false, true} {
			t.Run(fmt.Sprint(formats()[f], byTime), func(t *testing.T) {
				sampletest.Check(t, folder(t, unsaid, map[string]string{"all": text(f, byTime, all, 0, far)}), sampletest.New(all...))
				sampletest.Check(t, folder(t, unsaid, map[string]string{
					"a": text(f, byTime, all, noon, far), "b": text(f, byTime, all, 0, noon), // by name they are in no order
				}), sampletest.New(all...))
			})
		}
	}
}

// A store reads anew where what it knows of a series does not tell whether it has samples.
func TestSeriesInAGap(t *testing.T) {
	all := sampletest.Lines(begin, time.Minute, "up 1x10 _x1000 1x10\nother 1x2000")
	s := folder(t, unsaid, map[string]string{"all": text(dump, false, all, 0, math.MaxInt64)})
	minute := func(n int) int64 { return begin.Add(time.Duration(n) * time.Minute).UnixMilli() }
	for _, test := range []struct {
		from, to int
		want     string
	}{{0, 2000, "[other up]"}, {100, 900, "[other]"}, {5, 100, "[other up]"}, {1005, 1012, "[other up]"}, {2500, 2600, "[]"}} {
		names, err := s.Names(t.Context(), minute(test.from), minute(test.to))
		if got := fmt.Sprint(names); err != nil || got != test.want {
			t.Errorf("minutes %d to %d: got %s %v, want %s", test.from, test.to, got, err, test.want)
		}
	}
	if len(s.inputs) != 1 || s.inputs[0].Digest == "" || s.inputs[0].Rows != 2023 {
		t.Errorf("inputs are %+v", s.inputs)
	}
}

// selectAll reads all samples of a store.
func selectAll(t testing.TB, s *store) (string, error) {
	t.Helper()
	var out strings.Builder
	err := s.Select(t.Context(), []sample.Query{{To: math.MaxInt64}}, func(_ int, b sample.Block) error {
		for i, at := range b.Times {
			fmt.Fprintf(&out, "%s@%d ", b.Labels, at)
			if b.Histograms != nil {
				fmt.Fprintf(&out, "%+v\n", b.Histograms[i])
			} else {
				fmt.Fprintf(&out, "%v\n", b.Values[i])
			}
		}
		return nil
	})
	return out.String(), err
}

// Findings name the file, the line and the place, and say what to do.
func show(err error) string {
	var out []string
	for _, f := range listOf(err) {
		out = append(out, f.Error())
	}
	return strings.Join(out, "\n")
}

func listOf(err error) diag.List {
	var list diag.List
	switch e := err.(type) {
	case nil:
	case diag.List:
		return e
	case interface{ Unwrap() []error }:
		for _, one := range e.Unwrap() {
			list = append(list, listOf(one)...)
		}
	case *sample.QueryError:
		return listOf(e.Err)
	default:
		return diag.List{diag.Errorf(diag.Pos{}, "", "%v", err)}
	}
	return list
}

// A query that takes too many series fails, with what helps; others are answered.
func TestManySeries(t *testing.T) {
	metric := func(name string) sample.Selector {
		return sample.Selector{{Name: sample.MetricName, Op: sample.Equal, Value: name}}
	}
	at := begin.UnixMilli()
	queries := []sample.Query{
		{Selector: metric("m"), To: at + 1000}, {Selector: metric("few"), To: at}, {Selector: metric("m"), To: at}, {To: at + 1000},
	}
	got := make([]int, len(queries))
	p := newPass(queries, func(query int, b sample.Block) error { got[query]++; return nil })
	p.most = 20
	k := newKnown(queries)
	k.over = p.over
	var text strings.Builder
	for i := range 30 {
		fmt.Fprintf(&text, "m{i=\"%d\"} 1 %d\n", i, begin.Unix()+int64(i/20))
	}
	text.WriteString("few 2 1\n# EOF\n")
	if err := read(t.Context(), &sources.Input{}, strings.NewReader(text.String()), openMetrics, k, p); err != nil {
		t.Fatal(err)
	}
	if err := p.end(); err != nil {
		t.Fatal(err)
	}
	err := p.errors(diag.Pos{File: "slo.yaml", Line: 3, Col: 5})
	var of *sample.QueryError
	if !errors.As(err, &of) || of.Query != 0 || err.Error() != "slo.yaml:3:5: over 20 series match m [openmetrics/series]" {
		t.Errorf("error %v", err)
	}
	if !slices.Equal(got[1:], []int{1, 20, 31}) {
		t.Errorf("blocks %v", got)
	}
}
