package wire

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"math/big"
	"net/url"
	"slices"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/sources/prometheus/server"
	"github.com/nines-slo/nines/sources/sample"
)

// scan reads a matrix of points that may stand anywhere, and returns each point as text.
func scan(in io.Reader) (map[string]string, said, error) {
	return scanWithin(in, span{from: -1 << 60, to: 1 << 60})
}

func scanWithin(in io.Reader, within span) (map[string]string, said, error) {
	out := map[string]string{}
	f := newFeed(newCatalog(), func(b sample.Block) error {
		for i, at := range b.Times {
			out[b.Labels.String()] += fmt.Sprintf("%d=%x ", at, math.Float64bits(b.Values[i]))
		}
		return nil
	})
	f.begin(within)
	l := newLexer(in)
	s, err := readResult(l, func() error { return f.matrix(l) })
	return out, s, err
}

// twin reads the same with encoding/json, whose objects keep the last of two keys.
func twin(data []byte) (map[string]string, error) {
	var top, inner map[string]json.RawMessage
	var elements []map[string]json.RawMessage
	err := json.Unmarshal(data, &top)
	if err == nil {
		err = json.Unmarshal(top["data"], &inner)
	}
	if err == nil {
		err = json.Unmarshal(inner["result"], &elements)
	}
	out := map[string]string{}
	for _, element := range elements {
		var metric map[string]string
		var values [][]json.RawMessage
		if err == nil {
			err = json.Unmarshal(element["metric"], &metric)
		}
		if raw, ok := element["values"]; ok && err == nil {
			err = json.Unmarshal(raw, &values)
		}
		if err != nil {
			return nil, err
		}
		name := labelsOf(metric).String()
		for _, pair := range values {
			out[name] += twinPoint(pair)
		}
	}
	return out, err
}

func labelsOf(metric map[string]string) sample.Labels {
	var out sample.Labels
	for name, value := range metric {
		if value != "" {
			out = append(out, sample.Label{Name: name, Value: value})
		}
	}
	slices.SortFunc(out, func(a, b sample.Label) int { return strings.Compare(a.Name, b.Name) })
	return out
}

// twinPoint reads a point: its time to the next millisecond, by exact numbers.
func twinPoint(pair []json.RawMessage) string {
	var value string
	if len(pair) != 2 || json.Unmarshal(pair[1], &value) != nil {
		return "no point"
	}
	seconds, ok := new(big.Rat).SetString(string(pair[0]))
	v, err := strconv.ParseFloat(value, 64)
	if !ok || err != nil {
		return "no number"
	}
	ms := new(big.Rat).Mul(seconds, big.NewRat(1000, 1))
	ms.Add(ms, big.NewRat(1, 2))
	floor := new(big.Int).Div(ms.Num(), ms.Denom())
	return fmt.Sprintf("%d=%x ", floor, math.Float64bits(v))
}

const matrix = `{"status":"success","data":{"resultType":"matrix","result":[` +
	`{"metric":{"__name__":"x","job":"a\u00e9\n\"\ud83d\ude00"},"values":[[1700000000,"1"],[1700000015.5,"2.25"],[1700000030.001,"NaN"]]},` +
	`{"metric":{},"values":[[1700000000.123,"+Inf"],[1700000001,"-Inf"],[1700000002,"1e-7"],[1.700000003e9,"123456789012345678"]]}]}}`

// What the scanner takes encoding/json reads as the same, and what is no JSON is not
// taken; in whatever pieces it arrives.
func FuzzMatrix(f *testing.F) {
	f.Add([]byte(matrix))
	for _, c := range malformed {
		f.Add([]byte(c.text))
	}
	f.Add([]byte(of(`[10000000000,"00"]0`)))
	f.Fuzz(func(t *testing.T, data []byte) {
		got, s, err := scan(bytes.NewReader(data))
		slow, _, slowErr := scan(iotest.OneByteReader(bytes.NewReader(data)))
		if fmt.Sprint(got, err) != fmt.Sprint(slow, slowErr) {
			t.Errorf("at once: %v %v, by bytes: %v %v", got, err, slow, slowErr)
		}
		if err == nil && !json.Valid(data) {
			t.Errorf("took what is no JSON: %q", data)
		}
		if err != nil || s.status != "success" {
			return
		}
		want, err := twin(data)
		if fmt.Sprint(got) != fmt.Sprint(want) || err != nil {
			t.Errorf("got %v, want %v, %v", got, want, err)
		}
	})
}

func TestMatrix(t *testing.T) {
	for _, in := range []io.Reader{strings.NewReader(matrix), iotest.OneByteReader(strings.NewReader(matrix))} {
		got, _, err := scan(in)
		want, twinErr := twin([]byte(matrix))
		if err != nil || twinErr != nil || fmt.Sprint(got) != fmt.Sprint(want) || len(got) != 2 {
			t.Errorf("got %v, want %v, %v %v", got, want, err, twinErr)
		}
	}
}

// in wraps series in an answer.
func in(series string) string {
	return `{"status":"success","data":{"resultType":"matrix","result":[` + series + `]}}`
}

// of wraps points in an answer of one series.
func of(points string) string { return in(`{"metric":{},"values":[` + points + `]}`) }

var malformed = []struct{ text, want string }{
	{"", "the answer is empty"},
	{"<html>", "answers a web page (a login?) in place of JSON"},
	{"ok\n", `answers no JSON, but "ok\n"`},
	{"[]", `answers no JSON, but "[]"`},
	{"{}", ""},
	{matrix + "x", `the answer breaks off after 321 bytes: 'x' in place of the end of the answer`},
	{matrix + " \n", ""},
	{matrix[:100], "the answer breaks off after 100 bytes: the end of a text is missing"},
	{matrix[:len(matrix)-1], "the answer breaks off after 320 bytes: ',' or '}' is missing"},
	{`{"status":"success"}`, "answers no data"},
	{`{"status":"success","data":null}`, "answers no data"},
	{`{"status":"success","data":[]}`, "answers data that is no result of a query"},
	{`{"status":"success","data":{}}`, "answers a result of no type"},
	{`{"status":"success","data":{"resultType":"matrix"}}`, "answers a result of type matrix that is not there"},
	{`{"status":"success","data":{"resultType":"matrix","result":{}}}`, "the answer has a matrix that is no list"},
	{`{"status":"success","data":{"resultType":"streams","result":[]}}`, `answers a result of type "streams" in place of matrix`},
	{`{"status":"success","data":{"result":[],"resultType":"vector"}}`, `answers a result of type "vector" in place of matrix`},
	{`{"status":"success","data":{"result":[],"resultType":"matrix"}}`, ""},
	{`{"status":"success","status":"success"}`, `the answer has "status" twice`},
	{`{"status":"success",}`, `the answer breaks off after 20 bytes: '}' in place of '"'`},
	{`{"infos":["a","a"],"x":[{"y":[null,true,false,-0.5e-3,"\""]}],"status":"error","data":7}`, ""},
	{`{"x":tru}`, "the answer breaks off after 5 bytes: 't' in place of true"},
	{`{"x":01}`, "the answer breaks off after 6 bytes: '1' in place of ',' or '}'"},
	{`{"x":` + strings.Repeat("[", 100), "the answer is nested over 64 deep"},
	{`{"x` + "\x01" + `":1}`, `the answer breaks off after 3 bytes: '\x01' in place of the end of a text`},
	{`{"x\q":1}`, `the answer breaks off after 4 bytes: 'q' in place of an escape`},
	{`{"x\u12":1}`, `the answer breaks off after 5 bytes: '1' in place of four digits of an escape`},
	{in(`7`), "the answer breaks off after 60 bytes: '7' in place of '{'"},
	{in(`{}`), "the answer has a series without labels"},
	{in(`{"values":[],"metric":{}}`), "the answer has points that do not follow the labels of their series"},
	{in(`{"metric":{},"values":[],"values":[]}`), "the answer has points that do not follow the labels of their series"},
	{in(`{"metric":{},"metric":{}}`), "the answer has a series with two sets of labels"},
	{in(`{"metric":{"a":"1","a":"2"}}`), `the answer has a series in which the label "a" is there twice`},
	{in(`{"metric":{"a":"1","b":""}},{"metric":{"a":"1"}}`), `the answer has the series {a="1"} twice`},
	{in(`{"metric":{},"value":[1,"2"]}`), "the answer has a vector in place of a matrix"},
	{in(`{"metric":{},"histograms":[[1,{}]]}`), "the answer has native histograms, which are no numbers to count"},
	{of(`[1,"1"],[1,"1"]`), "the answer has two points at 1970-01-01T00:00:01Z in {}"},
	{of(`[2,"1"],[1,"1"]`), "the answer has a point at 1970-01-01T00:00:01Z behind one at 1970-01-01T00:00:02Z in {}"},
	{of(`[1,2]`), "the answer has a value that is no text at byte 86"},
	{of(`[1,"2",3]`), `the answer breaks off after 89 bytes: ',' in place of ']'`},
	{of(`["1","2"]`), `the answer breaks off after 84 bytes: '"' in place of a number`},
	{of(`[1e99,"2"]`), `the answer has a point at "1e99", which is no time`},
	{of(`[1.0001,"2"]`), `the answer has a point at "1.0001", which is no whole millisecond`},
	{of(`[1,"0x1p3"]`), `the answer has a value of "0x1p3", which is no number`},
	{of(`[1,"1_0"]`), `the answer has a value of "1_0", which is no number`},
	{of(`[1,"1e999"]`), `the answer has a value of "1e999", which is no number`},
	{of(`[1,"nan"]`), `the answer has a value of "nan", which is no number`},
	{of(`[1,""]`), `the answer has a value of "", which is no number`},
	{of(`[1,"2"]`), ""},
}

func TestMalformed(t *testing.T) {
	for _, c := range malformed {
		_, _, err := scan(strings.NewReader(c.text))
		if got := fmt.Sprint(err); err == nil && c.want != "" || err != nil && got != c.want {
			t.Errorf("%.300s:\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

// A point that was not asked for is an error.
func TestOff(t *testing.T) {
	within := span{60_000, 180_000, 60_000}
	for points, want := range map[string]string{
		`[60,"1"],[120,"1"],[180,"1"]`: "<nil>",
		`[180,"1"]`:                    "<nil>",
		`[60,"1"],[240,"1"]`:           "the answer has a point at 1970-01-01T00:04:00Z, outside of 1970-01-01T00:01:00Z to 1970-01-01T00:03:00Z that was asked for",
		`[0,"1"]`:                      "the answer has a point at 1970-01-01T00:00:00Z, outside of 1970-01-01T00:01:00Z to 1970-01-01T00:03:00Z that was asked for",
		`[60.001,"1"]`:                 "the answer has a point at 1970-01-01T00:01:00.001Z, which is no multiple of 1m0s after 1970-01-01T00:01:00Z",
		`[180,"1"],[240,"1"]`:          "the answer has a point at 1970-01-01T00:04:00Z, outside of 1970-01-01T00:01:00Z to 1970-01-01T00:03:00Z that was asked for",
	} {
		if _, _, err := scanWithin(strings.NewReader(of(points)), within); fmt.Sprint(err) != want {
			t.Errorf("%s: got %v, want %s", points, err, want)
		}
	}
}

// Warnings are found before and behind the data, each once, and no more than some.
func TestTold(t *testing.T) {
	many := strings.Repeat(`"again",`, 100) + `"` + strings.Repeat("long", 1000) + `"`
	for i := range 50 {
		many += fmt.Sprintf(`,"%d"`, i)
	}
	_, s, err := scan(strings.NewReader(`{"warnings":[` + many + `],"isPartial":true,` + matrix[1:]))
	if err != nil || len(s.told.Warnings) != maxTold+1 || s.told.Warnings[0] != "again" || len(s.told.Warnings[1]) > 4*server.MaxShown+4 {
		t.Errorf("got %d %q %v", len(s.told.Warnings), s.told.Warnings, err)
	}
	_, s, err = scan(strings.NewReader(matrix[:len(matrix)-1] +
		`,"isPartial":true,"warnings":["w","PromQL info: p"],"infos":["i"]}`))
	if err != nil || !slices.Equal(s.told.Warnings, []string{"the answer is partial", "w"}) || !slices.Equal(s.told.Infos, []string{"PromQL info: p", "i"}) {
		t.Errorf("got %q %q %v", s.told.Warnings, s.told.Infos, err)
	}
}

// A number is read as ParseFloat reads it, whichever way is taken, and a time exactly.
func TestNumbers(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		ms := rapid.Int64Range(-1e12, 9_999_999_999_999).Draw(t, "ms")
		v := rapid.OneOf(
			rapid.Float64(),
			rapid.Map(rapid.Int64Range(-1e17, 1e17), func(n int64) float64 { return float64(n) }),
			rapid.Map(rapid.Int64Range(-1e9, 1e9), func(n int64) float64 { return float64(n) / 1000 }),
			rapid.Float64Range(-1e6, 1e6),
		).Draw(t, "v")
		format := rapid.SampledFrom([]byte("fge")).Draw(t, "format")
		text := strconv.FormatFloat(v, format, rapid.SampledFrom([]int{-1, 3}).Draw(t, "digits"), 64)
		want, err := strconv.ParseFloat(text, 64)
		if err != nil {
			t.Skip()
		}
		point := fmt.Sprintf(`[%s,"%s"]%s`, seconds(ms), text, strings.Repeat(" ", rapid.IntRange(0, 70).Draw(t, "space")))
		l := newLexer(strings.NewReader(point))
		l.next()
		at, got, err := l.point()
		if err != nil || at != ms || math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%s: got %d %v, %v, want %d %v", point, at, got, err, ms, want)
		}
	})
}

// The lines of an export give their samples; a line that is no series gives none.
func TestExportLines(t *testing.T) {
	for text, want := range map[string]string{
		``: "map[] <nil>",
		`{"metric":{"a":"b"},"values":[1,null,"Infinity"],"timestamps":[1000,2000,3000]}` + "\n" +
			`{"metric":{"a":"b"},"values":[-0.5],"timestamps":[4000]}`: `map[{a="b"}:1000=1 2000=NaN 3000=+Inf 4000=-0.5 ] <nil>`,
		`{"metric":{},"values":[NaN,12345678901234567890],"timestamps":[1,1700000000000]}`: "map[{}:1=NaN 1700000000000=1.2345678901234567e+19 ] <nil>",
		`{"metric":{},"values":[1],"timestamps":[1000]}` + "\n" +
			`{"metric":{},"values":[1],"timestamps":[1000]}`: "map[{}:1000=1 ] the answer has two points at 1970-01-01T00:00:01Z in {}",
		`{"metric":{},"values":[1,2],"timestamps":[1000]}`:        "map[] the export has a line that is no series with as many values as times",
		`{"metric":{},"values":[1],"timestamps":[1.5]}`:           `map[] the export has a time of "1.5", which is no whole millisecond`,
		`{"metric":{},"values":["x"],"timestamps":[1]}`:           `map[] the export has a value of "x", which is no number`,
		`{"status":"error","error":"no memory"}`:                  "map[] the export ends with an error",
		`{"metric":{},"values":[1],"timestamps":[1000]}` + `oops`: `map[{}:1000=1 ] the answer breaks off after 46 bytes: 'o' in place of the end of the answer`,
		`<html>`:      "map[] answers a web page (a login?) in place of JSON",
		`{"metric":{`: "map[] the answer breaks off after 11 bytes: '\"' is missing",
	} {
		got := map[string]string{}
		f := newFeed(newCatalog(), func(b sample.Block) error {
			for i, at := range b.Times {
				got[b.Labels.String()] += fmt.Sprintf("%d=%v ", at, b.Values[i])
			}
			return nil
		})
		f.resumed = true
		f.begin(span{from: 0, to: 2e12})
		if _, err := readExport(newLexer(strings.NewReader(text)), f); fmt.Sprint(got, " ", err) != want {
			t.Errorf("%s:\n got %v\nwant %s", text, fmt.Sprint(got, " ", err), want)
		}
	}
}

// An answer that says nothing without an end ends.
func TestNothingWithoutEnd(t *testing.T) {
	for _, c := range []struct{ before, text, want string }{
		{`{`, " ", "the answer has over 16 MiB that say nothing"},
		{`{"x":[`, "1,", "the answer has over 16 MiB that say nothing"},
		{`{"x":"`, "a", "the answer has over 16 MiB that say nothing"},
		{`{"warnings":[`, `"w",`, "the answer has over 16 MiB that say nothing"},
		{`{"error":"`, `\u00e9`, "the answer has over 16 MiB that say nothing"},
		{`{"`, "a", "the answer has a text of over 65536 bytes"},
		{in(`{"metric":{`)[:len(in(`{"metric":{`))-len("]}}")], `"a":"b",`, "the answer has a series of over 1000 labels"},
	} {
		in := io.MultiReader(strings.NewReader(c.before), &repeated{text: bytes.Repeat([]byte(c.text), 10_000)})
		if _, _, err := scan(in); fmt.Sprint(err) != c.want {
			t.Errorf("%s%s…: got %v, want %s", c.before, c.text, err, c.want)
		}
	}
}

// repeated is a text again and again.
type repeated struct {
	text []byte
	at   int
}

func (r *repeated) Read(p []byte) (int, error) {
	n := copy(p, r.text[r.at:])
	r.at = (r.at + n) % len(r.text)
	return n, nil
}

// Which errors ask for less, and for how much.
func TestMuch(t *testing.T) {
	for text, want := range map[string]int{
		"exceeded maximum resolution of 11,000 points per timeseries. Try decreasing the query resolution (?step=XX)":                                               11_000,
		"too many points for the given start=1, end=2 and step=3: 4; the maximum number of points is 30000; (see -search.maxPointsPerTimeseries command-line flag)": 30_000,
		"exceeded maximum resolution of many points":                                  0,
		"query processing would load too many samples into memory in query execution": 0,
		"query timed out in expression evaluation":                                    0,
		"the query time range exceeds the limit (query length: 768h, limit: 720h)":    0,
		"expanding series: context deadline exceeded":                                 0,
		"cannot process more than -search.maxSamplesPerQuery=1000000000 samples":      0,
		`invalid parameter "query": 1:5: parse error: unexpected end of input`:        -1,
		`unknown function with name "memory"`:                                         -1,
	} {
		got := -1
		var e *muchError
		if errors.As(much(errors.New("x"), 422, said{text: text}), &e) {
			got = e.points
		}
		if got != want {
			t.Errorf("%s: got %d, want %d", text, got, want)
		}
	}
}

func parsed(t *testing.T, text string) *url.URL {
	t.Helper()
	u, err := url.Parse(text)
	if err != nil {
		t.Fatal(err)
	}
	return u
}

// BenchmarkMatrix reads whole counts, and what increase makes of them.
func BenchmarkMatrix(b *testing.B) {
	for name, value := range map[string]func(int) float64{
		"whole":    func(i int) float64 { return float64(i * 37 % 100_000) },
		"increase": func(i int) float64 { return float64(i%1000) * 60 / 59.7 },
	} {
		const series, points = 20, 11_000
		var text strings.Builder
		for s := range series {
			fmt.Fprintf(&text, `,{"metric":{"job":"%d"},"values":[`, s)
			for i := range points {
				if i > 0 {
					text.WriteByte(',')
				}
				fmt.Fprintf(&text, `[%d,"%s"]`, 1_700_000_040+i*60, strconv.FormatFloat(value(i), 'f', -1, 64))
			}
			text.WriteString("]}")
		}
		data := in(text.String()[1:])
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			count := 0
			for b.Loop() {
				f := newFeed(newCatalog(), func(b sample.Block) error { count += len(b.Times); return nil })
				f.begin(span{1_700_000_040_000, 1_700_000_040_000 + points*60_000, 60_000})
				l := newLexer(strings.NewReader(data))
				if _, err := readResult(l, func() error { return f.matrix(l) }); err != nil {
					b.Fatal(err)
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(count), "ns/point")
		})
	}
}
