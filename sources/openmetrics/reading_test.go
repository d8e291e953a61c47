package openmetrics

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// Files are read as what they are.
func TestRead(t *testing.T) {
	const ms = "1791795600000"
	for name, test := range map[string]struct {
		f    format
		text string
		want string
	}{
		"nothing":               {text: "", want: ""},
		"comments alone":        {text: "# HELP x text\n\n", want: ""},
		"seconds by the end":    {text: "x 1 1791795600\n# EOF\n", want: "x@1791795600000 1"},
		"the end has no end":    {text: "x 1 1791795600\n# EOF", want: "x@1791795600000 1"},
		"seconds by a point":    {text: "x 1 1791795600.5\n# EOF\n", want: "x@1791795600500 1"},
		"nanoseconds":           {text: "x 1 1791795600.123456789\n# EOF\n", want: "x@1791795600123 1"},
		"seconds, cut":          {text: "x 1 1791795600.1239\n# EOF\n", want: "x@1791795600123 1"},
		"seconds, exactly":      {text: "x 1 1791795600.569\n# EOF\n", want: "x@1791795600569 1"},
		"seconds with a power":  {text: "x 1 1.7917956e9\n# EOF\n", want: "x@1791795600000 1"},
		"seconds by a unit":     {text: "# TYPE x_seconds gauge\n# UNIT x_seconds seconds\nx_seconds 1 1791795600\n# EOF\n", want: "x_seconds@1791795600000 1"},
		"seconds by a type":     {text: "# TYPE x unknown\nx 1 1791795600\n# EOF\n", want: "x@1791795600000 1"},
		"milliseconds":          {text: "x 1 " + ms + "\n", want: "x@1791795600000 1"},
		"milliseconds, untyped": {text: "# TYPE x untyped\nx 1 " + ms + "\n", want: "x@1791795600000 1"},
		"long ago, said":        {f: openMetrics, text: "x 1 60\n# EOF\n", want: "x@60000 1"},
		"long ago, said in ms":  {f: prometheus, text: "x 1 60\n# EOF\n", want: "x@60 1"},
		"windows":               {text: "\ufeffx 1 1791795600.5\r\n# EOF\r\n", want: "x@1791795600500 1"},
		"windows, twice":        {text: "# TYPE x counter\r\r\nx 1 1791795600.5\r\r\n\r\r\n# EOF\r\r\n", want: "x@1791795600500 1"},
		"a return at the end":   {text: "x 1 1791795600.5\n# EOF\r", want: "x@1791795600500 1"},
		"a return in a label":   {text: "x{a=\"b\r#\"} 1 1791795600000\n", want: "x{a=\"b\\r#\"}@1791795600000 1"},
		"tabs":                  {text: "x\t{ a = \"b\" , }\t1 \t" + ms + " \n", want: `x{a="b"}@1791795600000 1`},
		"a name of dots":        {text: `{"a.b","c d"="e"} 1 ` + ms + "\n", want: `{__name__="a.b","c d"="e"}@1791795600000 1`},
		"escapes":               {text: `x{a="\\ \" \n \t"} 1 ` + ms + "\n", want: `x{a="\\ \" \n \\t"}@1791795600000 1`},
		"escapes of a dump":     {text: `{__name__="x", a="\\ \" \n \t \u0007"} 1 ` + ms + "\n", want: `x{a="\\ \" \n \t \a"}@1791795600000 1`},
		"an empty label":        {text: `x{a="",b="c"} 1 ` + ms + "\n", want: `x{b="c"}@1791795600000 1`},
		"labels in any order":   {text: `x{b="1",a="2"} 1 ` + ms + "\n" + `x{a="2", b="1"} 2 1791795601000` + "\n", want: "x{a=\"2\",b=\"1\"}@1791795600000 1\nx{a=\"2\",b=\"1\"}@1791795601000 2"},
		"capitals before":       {text: `{A="x", __name__="y"} 1.234567e+06 ` + ms + "\n", want: `y{A="x"}@1791795600000 1.234567e+06`},
		"an exemplar": {text: "# TYPE x histogram\nx_bucket{le=\"0.5\"} 3 1791795600 # {trace_id=\"a\\\"}b\"} 0.4 1791795599.9\n# EOF\n",
			want: `x_bucket{le="0.5"}@1791795600000 3`},
		"the same twice":     {text: "x 1 " + ms + "\nx 1 " + ms + "\n", want: "x@1791795600000 1"},
		"no number":          {text: "x NaN " + ms + "\nx +Inf 1791795601000\nx -inf 1791795602000\n", want: "x@1791795600000 NaN\nx@1791795601000 +Inf\nx@1791795602000 -Inf"},
		"many digits":        {text: "x 0.1000000000000000055511151231257827 " + ms + "\nx 12345678901234567890123 1791795601000\n", want: "x@1791795600000 0.1\nx@1791795601000 1.2345678901234568e+22"},
		"names that go on":   {text: "xy 2 " + ms + "\nx 1 " + ms + "\nxy 3 1791795601000\nx{a=\"b\"} 4 1791795601000\n", want: "xy@1791795600000 2\nxy@1791795601000 3\nx@1791795600000 1\nx{a=\"b\"}@1791795601000 4"},
		"_created is as any": {text: "x_total 1 1791795600.000\nx_created 1791795500.25 1791795600.000\n# EOF\n", want: "x_total@1791795600000 1\nx_created@1791795600000 1.79179550025e+09"},
	} {
		s := folder(t, test.f, map[string]string{"f": test.text})
		got, err := selectAll(t, s)
		if err != nil || strings.TrimSpace(got) != test.want {
			t.Errorf("%s: got\n%s\n%v\nwant\n%s", name, got, err, test.want)
		}
	}
}

// What cannot be read is refused with its place and what to do.
func TestRefuse(t *testing.T) {
	const ms, sec = "1791795600000", "1791795600.5"
	for name, test := range map[string]struct {
		f    format
		text string
		want string
	}{
		"no time":              {text: "up 1\n", want: "f:1:5: the sample has no time"},
		"no time, an exemplar": {text: "x 1 # {a=\"b\"} 1\n# EOF\n", want: "f:1:5: the sample has no time"},
		"either unit":          {text: "up 1 12\n", want: "f: nothing says whether the times are seconds"},
		"ms in OpenMetrics":    {text: "# TYPE x unknown\nx 1 " + ms + "\n# EOF\n", want: "f:2:5: the time of the sample is too far away: OpenMetrics has times in seconds"},
		"seconds as ms":        {text: "# TYPE x untyped\nx 1 1791795600\n", want: "f:2:5: the time of the sample is 1970-01-21T17:43:15Z, which is not likely: the Prometheus text format has times in milliseconds"},
		"the end after ms":     {text: "x 1 " + ms + "\n# EOF\n", want: "f:1:5: the time of the sample is too far away: OpenMetrics has times in seconds"},
		"cut short":            {text: "x 1 " + sec + "\n", want: "f:1: the file does not end in # EOF"},
		"cut in a line":        {text: "x 1 " + ms, want: "f:1: the last line has no end"},
		"more behind the end":  {text: "x 1 " + sec + "\n# EOF\ny 1 " + sec + "\n", want: "f:3: there are lines behind # EOF"},
		"a value":              {text: "x one " + ms + "\n", want: "f:1:3: the value of the sample is not a number"},
		"hex":                  {text: "x 0x10 " + ms + "\n", want: "f:1:3: the value of the sample is not a number"},
		"too large":            {text: "x 1e999 " + ms + "\n", want: "f:1:3: the value of the sample is not a number"},
		"half milliseconds":    {f: prometheus, text: "x 1 1791795600000.5\n", want: "f:1:5: the time of the sample is not a whole number of milliseconds"},
		"a time of words":      {text: "x 1 " + ms + "\nx 1 now\n", want: "f:2:5: the time of the sample is not a whole number of milliseconds"},
		"before the epoch":     {f: prometheus, text: "x 1 -5\n", want: "f:1:5: the time of the sample is too far away"},
		"something behind":     {text: "x 1 " + ms + " 3\n", want: "f:1:19: something stands behind the time of the sample"},
		"quotes":               {text: `x{a="é} 1 ` + ms + "\n" + `y 1 ` + ms + "\n", want: "f:1:1: the labels of the sample do not end"},
		"no quotes":            {text: `x{a=b} 1 ` + ms + "\n", want: "f:1:5: the value of a label is not quoted"},
		"a return in a type":   {text: "# TYPE x counter\rx 1 " + ms + "\nx 2 1791795601000\n", want: "f:1:17: a carriage return without a line feed behind it ends no line"},
		"a return in a help":   {text: "# HELP x \"a\r\"\nx 2 " + ms + "\n", want: "f:1:12: a carriage return without a line feed"},
		"a return in a note":   {text: "x 2 " + sec + "\n#\rx 1 " + sec + "\n# EOF\n", want: "f:2:2: a carriage return without a line feed"},
		"a return in a line":   {text: "x{a=\"\r\"} 1 " + ms + "\rx 2 " + ms + "\n", want: "f:1:25: a carriage return without a line feed"},
		"a return in a dump":   {f: dump, text: "{__name__=\"x\",\r a=\"b\"} 1 " + ms + "\n", want: "f:1:15: a carriage return without a line feed"},
		"returns alone":        {text: "# TYPE x counter\rx 1 " + ms + "\rx 2 " + ms + "\r", want: "f:1:17: a carriage return without a line feed behind it ends no line [openmetrics/line]\nf:1: the last line has no end"},
		"returns, and a feed":  {text: "# TYPE x counter\rx 1 " + ms + "\rx 2 " + ms + "\n", want: "f:1:17: a carriage return without a line feed"},
		"returns, no type":     {text: "x 1 " + sec + "\rx 2 " + sec + "\r# EOF\r", want: "f:1:17: a carriage return without a line feed behind it ends no line [openmetrics/line]\nf:1: the last line has no end"},
		"no comma":             {text: `x{a="é"b="c"} 1 ` + ms + "\n", want: "f:1:8: behind a label stands neither a comma nor the closing brace"},
		"no equals":            {text: `x{a} 1 ` + ms + "\n", want: "f:1:4: a label has no ="},
		"no label's name":      {text: `x{a="é",""="b"} 1 ` + ms + "\n", want: "f:1:9: a name is empty"},
		"no label's name here": {f: dump, text: `{__name__="x", ""="b"} 1 ` + ms + "\n", want: "f:1:16: a name is empty"},
		"no label's name late": {text: "x 1 " + sec + "\n{\"\"=\"b\"} 1 " + sec + "\n# EOF\n", want: "f:2:2: a name is empty"},
		"an empty name":        {text: `{""} 1 ` + ms + "\n", want: "f:1:2: a name is empty"},
		"a label twice":        {text: `x{a="b",a="c"} 1 ` + ms + "\n", want: "f:1:1: the label \"a\" is there twice"},
		"a name twice":         {text: `x{"y"} 1 ` + ms + "\n", want: "f:1:1: the label \"__name__\" is there twice"},
		"no name":              {f: prometheus, text: `{a="b"} 1 ` + ms + "\n", want: "f:1:1: the series has no name"},
		"a dash":               {text: `a-b 1 ` + ms + "\n", want: "f:1:2: the name of a series ends at a character that no name has"},
		"a name in a dump":     {f: dump, text: `x{a="b"} 1 ` + ms + "\n", want: "f:1:1: the line does not begin with a brace"},
		"an exemplar in ms":    {f: prometheus, text: `x 1 ` + ms + ` # {a="b"} 1` + "\n", want: "f:1:19: something stands behind the time"},
		"an exemplar half":     {text: `x 1 ` + sec + ` # {a="b} 1` + "\n# EOF\n", want: "f:1:20: the labels of the exemplar do not end"},
		"an exemplar's value":  {text: `x 1 ` + sec + ` # {a="b"} y` + "\n# EOF\n", want: "f:1:28: the value of the exemplar is not a number"},
		"a histogram cut":      {text: `{__name__="x"} {count:3, sum:1.5, (0.5,1]:2 ` + ms + "\n", want: "f:1:44: the histogram is not as promtool tsdb dump prints one"},
		"a page":               {text: "<!DOCTYPE html>\n", want: "f: the file is a page of HTML"},
		"not UTF-8":            {text: "x{a=\"\xe9\"} 1 " + ms + "\n", want: "f:1:6: the line has bytes that are not UTF-8"},
		"back in time":         {text: "x 1 1791795601000\nx 2 " + ms + "\n", want: "f:2: the sample of x is of 2026-10-12T09:00:00Z, and one before it of 2026-10-12T09:00:01Z"},
		"two values":           {text: "x 1 " + ms + "\nx 2 " + ms + "\n", want: "f:2: x has two samples of 2026-10-12T09:00:00Z that differ"},
		"a histogram of its own": {text: `{__name__="x"} {count:3, sum:1.5, [-Inf,1]:2, (1,3]:1} ` + ms + "\n",
			want: "f:1: the histogram of x has bounds of its own"},
	} {
		s := folder(t, test.f, map[string]string{"f": test.text})
		got, err := selectAll(t, s)
		if !strings.HasPrefix(show(err), test.want) {
			t.Errorf("%s: got\n%s\n%s\nwant\n%s", name, got, show(err), test.want)
		}
		for _, f := range listOf(err) {
			if f.Hint == "" {
				t.Errorf("%s: %s has no hint", name, f.Error())
			}
		}
	}
}

// What a file is may be known at its end alone, and then all that was read is not known.
func TestRefuseLate(t *testing.T) {
	const ms = "x 1 1791795600000\n"
	n := headSize/len(ms) + 1
	_, err := selectAll(t, folder(t, unsaid, map[string]string{"f": strings.Repeat(ms, n) + "# EOF\n"}))
	want := fmt.Sprintf("f:%d: the line is one of OpenMetrics, and those before it are of the Prometheus text format [openmetrics/line]", n+1)
	if show(err) != want {
		t.Errorf("got %s, want %s", show(err), want)
	}
}

// All bad lines are named up to a bound, and counted.
func TestRefuseMany(t *testing.T) {
	s := folder(t, unsaid, map[string]string{"f": "x 1 1791795600000\n" + strings.Repeat("x\n", 50)})
	_, err := selectAll(t, s)
	list := listOf(err)
	if len(list) != 21 || list[20].Message != "and 30 more from this line on" {
		t.Errorf("got %d findings, the last: %v", len(list), list[len(list)-1])
	}
}

// A scrape has no times, so nothing of it is read.
func TestScrape(t *testing.T) {
	const scrape = "# HELP up Whether.\n# TYPE up gauge\nup 1\n# TYPE x_total counter\nx_total{a=\"b\"} 2.5e+06\n"
	_, err := selectAll(t, folder(t, unsaid, map[string]string{"f": scrape}))
	if want := "f:3:5: the sample has no time [openmetrics/line]\nf:5:23: the sample has no time [openmetrics/line]"; show(err) != want {
		t.Errorf("got %s", show(err))
	}
}

// What is wrong with a series concerns those that ask for it, at the time that they ask for.
func TestQueryErrors(t *testing.T) {
	s := folder(t, unsaid, map[string]string{"f": "x 1 1791795601000\ny 1 1791795601000\nx 2 1791795600000\ny 2 1791795602000\n"})
	name := func(metric string, from int64) sample.Query {
		m, _ := sample.NewMatcher(sample.MetricName, sample.Equal, metric)
		return sample.Query{Selector: sample.Selector{m}, From: from, To: math.MaxInt64}
	}
	counts := map[int]int{}
	err := s.Select(t.Context(), []sample.Query{name("x", 0), name("y", 0), name("x", 1791795600500)}, func(q int, b sample.Block) error {
		counts[q] += len(b.Times)
		return nil
	})
	if !strings.HasPrefix(show(err), "f:3: the sample of x") || counts[0] != 0 || counts[1] != 2 || counts[2] != 1 {
		t.Errorf("got %s, %v", show(err), counts)
	}
	if names, err := s.Names(t.Context(), 0, math.MaxInt64); err != nil || fmt.Sprint(names) != "[x y]" {
		t.Errorf("names are %q, %v", names, err)
	}
}

// Native histograms come back from their bounds.
func TestHistogram(t *testing.T) {
	plus := func(buckets ...sample.Bucket) []sample.Bucket { return buckets }
	for text, want := range map[string]*sample.Histogram{
		"{count:3, sum:1.5, (0.5,1]:2, (1,2]:1}": {Schema: 0, Count: 3, Sum: 1.5, Positive: plus(sample.Bucket{Index: 0, Count: 2}, sample.Bucket{Index: 1, Count: 1})},
		"{count:0, sum:0}":                       {Schema: 8},
		"{count:4, sum:-1.5, [-2,-1):1, [-1,-0.5):2, [-0.001,0.001]:1}": {Schema: 0, Count: 4, Sum: -1.5, ZeroThreshold: 0.001, ZeroCount: 1,
			Negative: plus(sample.Bucket{Index: 0, Count: 2}, sample.Bucket{Index: 1, Count: 1})},
		"{count:2.5, sum:0.3, (1,16]:2.5}":                                        {Schema: -2, Count: 2.5, Sum: 0.3, Positive: nil},
		"{count:2, sum:+Inf, (1,2]:1, (1.7976931348623157e+308,+Inf]:1}":          {Schema: 0, Count: 2, Sum: math.Inf(1), Positive: plus(sample.Bucket{Index: 1, Count: 1}, sample.Bucket{Index: 1025, Count: 1})},
		"{count:1, sum:1e308, (8.98846567431158e+307,1.7976931348623157e+308]:1}": {Schema: 0, Count: 1, Sum: 1e308, Positive: plus(sample.Bucket{Index: 1024, Count: 1})},
		"{count:1, sum:1, (1,3]:1}":                                               nil,
		"{count:2, sum:1, (1,2]:1, (2,8]:1}":                                      nil,
		"{count:2, sum:1, (2,4]:1, (1,2]:1}":                                      nil,
		"{count:1, sum:1, (0,1]:1}":                                               nil,
		"{count:1, sum:1, (1000,+Inf]:1}":                                         nil,
		"{count:1, sum:1, (1,1e300]:1}":                                           nil,
	} {
		h, n, why := readHistogram([]byte(text + " 5"))
		if why != nil || n != len(text) {
			t.Errorf("%s: %d %+v", text, n, why)
			continue
		}
		if want != nil && want.Positive == nil && want.Negative == nil && h != nil {
			want.Positive = h.Positive
		}
		if fmt.Sprintf("%+v", h) != fmt.Sprintf("%+v", want) {
			t.Errorf("%s: got %+v, want %+v", text, h, want)
		}
	}
}

// Every bucket of every schema is known again by its bounds.
func TestHistogramBounds(t *testing.T) {
	for schema := -4; schema <= 8; schema++ {
		width := math.Exp2(-float64(schema))
		for i := int(math.Ceil(-1000 / width)); float64(i)*width < 1023; i += max(1, int(7/width)) {
			lower, upper := math.Exp2(float64(i-1)*width), math.Exp2(float64(i)*width)
			h, _, why := readHistogram(fmt.Appendf(nil, "{count:1, sum:1, (%g,%g]:1}", lower, upper))
			if why != nil || h == nil || int(h.Schema) != schema || len(h.Positive) != 1 || int(h.Positive[0].Index) != i {
				t.Fatalf("schema %d, bucket %d (%g,%g]: %+v %v", schema, i, lower, upper, h, why)
			}
		}
	}
}

// Nothing makes the reader panic, and what it read is the same when it was written again,
// in any format that can say it: a dump escapes bytes that are not UTF-8, the others cannot.
func FuzzRead(f *testing.F) {
	for _, one := range []string{
		"x 1 1791795600\n# EOF\n", "# TYPE x untyped\nx{a=\"b\"} 1 1791795600000\n", `{"a.b","c d"="e"} 1e5 1791795600000` + "\n",
		"b{\"\x00\"=\"e\"} 1 1791795600000\n", "{__name__=\"http\\requests\"} 95 1790812950000\n",
		"{__name__=\"x\", a=\"\\222\"} 95 1790812950000\n",
		`{__name__="x", a="\\ \" \n \t"} -Inf 1791795600000` + "\n", "x_bucket{le=\"0.5\"} 3 1791795600.5 # {t=\"a\"} 0.4 1.5\n# EOF\n",
		`{__name__="x"} {count:3, sum:1.5, [-2,-1):1, [-0.5,0.5]:1, (0.5,1]:1} 1791795600000` + "\n", text(dump, true, some()[:1], 0, math.MaxInt64),
	} {
		f.Add(one)
	}
	f.Fuzz(func(t *testing.T, content string) {
		got := fuzzed(t, content)
		able := []format{dump}
		if inUTF8(got) {
			able = append(able, openMetrics, prometheus)
		}
		for _, as := range able {
			if again := fuzzed(t, text(as, false, got, 0, math.MaxInt64)); fmt.Sprint(again) != fmt.Sprint(got) {
				t.Fatalf("got\n%v\nand as %s\n%v", got, formats()[as], again)
			}
		}
	})
}

// inUTF8 tells whether all labels of series are UTF-8.
func inUTF8(all []sampletest.Series) bool {
	other := func(l sample.Label) bool { return !utf8.ValidString(l.Name) || !utf8.ValidString(l.Value) }
	return !slices.ContainsFunc(all, func(s sampletest.Series) bool { return slices.ContainsFunc(s.Labels, other) })
}

// fuzzed reads the floats of a content that can be read as some format, nil if none.
func fuzzed(t *testing.T, content string) (all []sampletest.Series) {
	queries := []sample.Query{{To: math.MaxInt64}}
	p := newPass(queries, func(_ int, b sample.Block) error {
		if len(all) == b.Series {
			all = append(all, sampletest.Series{Labels: b.Labels})
		}
		s := &all[b.Series]
		if len(b.Values) > 0 && s.Labels.Get(sample.MetricName) != "" {
			s.Times, s.Values = append(s.Times, b.Times...), append(s.Values, b.Values...)
		}
		return nil
	})
	err := read(t.Context(), &sources.Input{Name: "f"}, strings.NewReader(content), unsaid, newKnown(queries), p)
	if err == nil {
		err = p.end()
	}
	if err != nil || p.errors(diag.Pos{}) != nil {
		return nil
	}
	var named []sampletest.Series
	for _, s := range all {
		if len(s.Times) > 0 {
			named = append(named, s)
		}
	}
	return named
}

// A position is one of the file itself.
func TestPosition(t *testing.T) {
	_, err := selectAll(t, folder(t, unsaid, map[string]string{"f": "  x{a=\"é\"}  y 1791795600000\n"}))
	if list := listOf(err); len(list) != 1 || list[0].Pos != (diag.Pos{File: "f", Line: 1, Col: 13}) {
		t.Errorf("got %+v", list)
	}
}
