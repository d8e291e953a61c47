package accesslog

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"math"
	"math/rand/v2"
	"runtime"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// minuteLine is a request in a minute of the day.
func minuteLine(minute, status int) string {
	return request(day.Add(time.Duration(minute)*time.Minute), "/", status, "0.1")
}

// told returns counts and doubt, or the first error.
func told(a sources.Answer) string {
	if list, ok := a.Err.(diag.List); ok {
		return list[0].Message
	}
	text := sourcetest.Counts(a.Series)
	if a.Series.Doubt != nil {
		text += " | " + sourcetest.Counts(a.Series.Doubt)
	}
	return text
}

// A line that cannot be read is doubted at the time of the line before, in its file.
func TestUnreadLinesHaveTheTimeOfTheLineBefore(t *testing.T) {
	for _, c := range []struct {
		name  string
		files map[string]string
		want  string
	}{
		{"between lines", map[string]string{"a.log": minuteLine(0, 200) + "junk\njunk\n" + minuteLine(2, 200)}, "0/1 0/0 0/1 - | 2/2 0/0 0/0 0/0"},
		{"at the end", map[string]string{"a.log": minuteLine(0, 200) + minuteLine(2, 503) + "junk\n"}, "0/1 0/0 1/1 - | 0/0 0/0 1/1 0/0"},
		{"before the first line", map[string]string{"a.log": "junk\n" + minuteLine(1, 200) + minuteLine(2, 200)}, "- 0/1 0/1 - | 0/0 1/1 0/0 0/0"},
		{"lines out of order", map[string]string{"a.log": minuteLine(2, 200) + minuteLine(0, 200) + "junk\n"}, "0/1 0/0 0/1 - | 1/1 0/0 0/0 0/0"},
		{"a file of nothing else is as new as any", map[string]string{"a.log": minuteLine(0, 200) + minuteLine(2, 200), "a2.log": "junk\njunk\n"}, "0/1 0/0 0/1 - | 0/0 0/0 2/2 0/0"},
		{"of the second file", map[string]string{"a.log": minuteLine(0, 200), "a2.log": "junk\n" + minuteLine(2, 200)}, "0/1 0/0 0/1 - | 0/0 0/0 1/1 0/0"},
		{"a line of another day before", map[string]string{"a.log": minuteLine(0, 200) + minuteLine(-5000, 200) + "junk\n" + minuteLine(2, 200)}, "0/1 0/0 0/1 - | 1/1 0/0 0/0 0/0"},
		{"a line of the future before", map[string]string{"a.log": minuteLine(0, 200) + minuteLine(5000, 200) + "junk\n" + minuteLine(2, 200)}, "0/1 0/0 0/1 0/0 | 0/0 0/0 1/1 0/0"},
		{"a line of the future before, at the end", map[string]string{"a.log": minuteLine(0, 200) + minuteLine(2, 200) + minuteLine(5000, 200) + "junk\n"}, "0/1 0/0 0/1 0/0 | 0/0 0/0 1/1 0/0"},
		{"outside the period", map[string]string{"a.log": minuteLine(-3, 200) + "junk\n" + minuteLine(1, 200)}, "0/0 0/1 - - | 0/0 0/0 0/0 0/0"},
	} {
		dir := write(t, c.files)
		got, err := fetch(t, dir, timed+"max_unread: 99%", day.Add(time.Hour), period(4), "bad: {status: 5xx}")
		if want, _ := strings.CutSuffix(c.want, " | 0/0 0/0 0/0 0/0"); err != nil || told(got[0]) != want && told(got[0]) != c.want {
			t.Errorf("%s: %v, %s, want %s", c.name, err, told(got[0]), c.want)
		}
	}
}

// Lines are doubted at the same times wherever blocks begin, however many read.
func TestUnreadLinesOfBlocks(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	var b strings.Builder
	minutes, junk := []int{0}, []float64{0} // behind the line of that minute
	b.WriteString(minuteLine(0, 200))
	for b.Len() < 12*blockSize {
		if rnd.IntN(3) > 0 {
			minutes, junk = append(minutes, rnd.IntN(60)), append(junk, 0)
			b.WriteString(minuteLine(minutes[len(minutes)-1], 200))
			continue
		}
		if rnd.IntN(200) == 0 { // enough for a block without lines, or with few
			b.WriteString(strings.Repeat(strings.Repeat("junk ", 800)+"\n", 100))
			junk[len(junk)-1] += 100
		}
		b.WriteString(strings.Repeat("junk ", 1+rnd.IntN(400)) + "\n")
		junk[len(junk)-1]++
	}
	want := make([]float64, 60)
	for i, n := range junk {
		three := []int{minutes[max(i-1, 0)], minutes[i], minutes[min(i+1, len(minutes)-1)]}
		slices.Sort(three)
		want[three[1]] += n
	}
	dir := write(t, map[string]string{"a.log": b.String()})
	for _, procs := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(procs)
		got, err := fetch(t, dir, timed+"max_unread: 99%", day.Add(time.Hour), period(60), "bad: {status: 5xx}", "good: {duration: '<= 1s'}")
		runtime.GOMAXPROCS(before)
		if err != nil {
			t.Fatal(err)
		}
		for _, a := range got {
			for i, n := range a.Series.Doubt.Bad {
				if n != want[i] || a.Series.Doubt.Total[i] != want[i] {
					t.Fatalf("%d workers: minute %d is in doubt by %v, want %v", procs, i, n, want[i])
				}
			}
		}
	}
}

// The last line of a log that is being written is not there yet, unless all of it is.
func TestLastLineWithoutAnEnd(t *testing.T) {
	whole := minuteLine(0, 200)
	last := strings.TrimSuffix(minuteLine(1, 503), "\n")
	const refused = `1 of 2 lines do not fit format "combined+request_time": 50 %, over max_unread 1 %`
	for _, c := range []struct {
		name, text string
		packed     bool
		want       string
	}{
		{"all there", whole + last, false, "0/1 1/1"},
		{"begun", whole + last[:20], false, "0/1 -"},
		{"cut in its status", whole + last[:strings.Index(last, " 503 ")+2], false, "0/1 -"},
		{"cut before its duration", whole + strings.TrimSuffix(last, " 0.1"), false, "0/1 -"},
		{"begun, with an end", whole + last[:20] + "\n", false, refused},
		{"begun, in a packed file", whole + last[:20], true, refused},
		{"empty space of a crashed disk", whole + strings.Repeat("\x00", 90), false, "1 of 2 lines do not fit"},
		{"half lines parted by carriage returns", whole + "a\rb\r" + last[:20], false, "2 of 3 lines do not fit"},
		{"binary", whole + "\x01\x02\x03", false, "1 of 2 lines do not fit"},
		{"too much for a line", whole + strings.Repeat("x", maxUnwritten+1), false, "1 of 2 lines"},
	} {
		text := c.text
		if c.packed {
			var b bytes.Buffer
			z := gzip.NewWriter(&b)
			z.Write([]byte(text))
			z.Close()
			text = b.String()
		}
		dir := write(t, map[string]string{"a.log": text})
		got, err := fetch(t, dir, timed, day.Add(time.Hour), period(2), "bad: {status: 5xx}")
		if err != nil || !strings.HasPrefix(told(got[0]), c.want) {
			t.Errorf("%s: %v, %s, want %s", c.name, err, told(got[0]), c.want)
		}
	}
}

// Junk that is longer than a request counts by its size.
func TestLongJunk(t *testing.T) {
	var lines strings.Builder
	for i := range 10_000 {
		lines.WriteString(minuteLine(i%3, 200))
	}
	size := lines.Len()
	mean := float64(size)/10_000 - 1 // without the end of the line
	events := int(math.Ceil(float64(size/120) / mean))
	for _, c := range []struct {
		name  string
		bytes int
		want  string
	}{
		{"of one request", maxRequest, "0/3334 0/3333 0/3333 - | 1/1 0/0 0/0 0/0"},
		{"under a percent", size / 120, fmt.Sprintf("0/3334 0/3333 0/3333 - | %d/%d 0/0 0/0 0/0", events, events)},
		{"of a tenth", size / 9, `1 of 10,001 lines do not fit format "combined+request_time": 0.01 %, and long or damaged ones are 11 % of the input, over max_unread 1 %`},
		{"of more than a line may have", 20 * maxLine, `1 of 10,001 lines do not fit format "combined+request_time": 0.01 %, and long or damaged ones are 97 % of the input, over max_unread 1 %`},
	} {
		dir := write(t, map[string]string{"a.log": lines.String() + strings.Repeat("x", c.bytes) + "\n"})
		got, err := fetch(t, dir, timed, day.Add(time.Hour), period(4), "bad: {status: 5xx}")
		if err != nil || told(got[0]) != c.want {
			t.Errorf("%s: %v, %s, want %s", c.name, err, told(got[0]), c.want)
		}
	}
}

// What stands for a missing value in a log, and what does not.
func TestMissingInALog(t *testing.T) {
	line := func(path, status, took string) string {
		return strings.Replace(request(day, path, 200, took), " 200 ", " "+status+" ", 1)
	}
	sure := strings.Replace(line("/", "200", "0.1"), `"-" "ua"`, `"y" "ua"`, 1)
	for _, c := range []struct{ line, sli, want string }{
		{line("/", "-", "0.1"), "bad: {status: none}", "1/2"},
		{line("/", "0", "0.1"), "bad: {status: none}", "1/2"},
		{line("/", "000", "0.1"), "bad: {status: none}", "1/2"},
		{line("/", "-1", "0.1"), "bad: {status: [none, 5xx]}", "1/2"},
		{line("/", "503", "0.1"), "bad: {status: [none, 5xx]}", "1/2"},
		{line("/", "200", "-1"), "bad: {duration: none}", "1/2"},
		{line("/", "200", "-"), "bad: {duration: none}", "1/2"},
		{line("/", "200", "0"), "bad: {duration: none}", "0/2"},
		{line("/", "-", "0.1"), "where: {status: {not: none}}\nbad: {path: /}", "1/1"},
		{line("/", "-", "0.1"), "bad: {status: 5xx}", "0/1 | 1/1"},
		{line("/", "000", "0.1"), "good: {status: {not: 5xx}}", "0/1 | 1/1"},
		{line("/", "000", "0.1"), "good: {status: '< 500'}", "0/1 | 1/1"},
		{line("/", "-", "0.1"), "where: {path: /other}\nbad: {status: 5xx}", "0/0"},
		{line("/", "503", "0.1"), "where: {user_agent: none}\nbad: {status: 5xx}", "0/0"},
		{line("/", "503", "0.1"), "where: {referer: none}\nbad: {status: 5xx}", "1/1"},
		{line("/", "503", "0.1"), "where: {referer: x}\nbad: {status: 5xx}", "0/0 | 1/1"},
		{line("/", "200", "0.1"), "where: {referer: x}\nbad: {status: 5xx}", "0/0"},
	} {
		dir := write(t, map[string]string{"a.log": c.line + sure})
		got, err := fetch(t, dir, timed+"max_unread: 50%", day.Add(time.Hour), period(1), c.sli)
		if err != nil || told(got[0]) != c.want {
			t.Errorf("%s of %s: %v, %s, want %s", c.sli, c.line, err, told(got[0]), c.want)
		}
	}
}

// What never was a request is none of a path, however long it took.
func TestScannersConcernNobody(t *testing.T) {
	var b strings.Builder
	for i := range 90 {
		b.WriteString(minuteLine(0, 200))
		b.WriteString(strings.Replace(request(day, "/", 408, "60.0"), "GET / HTTP/1.1", []string{"-", "", `\x16\x03\x01`}[i%3], 1))
	}
	dir := write(t, map[string]string{"a.log": b.String()})
	for sli, want := range map[string]string{
		"where: {path: '/*'}\ngood: {duration: '<= 300ms'}":               "0/90",
		"where: {path: '~.*', method: GET}\ngood: {duration: '<= 300ms'}": "0/90",
		"where: {path: none}\nbad: {duration: '> 1s'}":                    "90/90",
		"where: {path: {not: none}}\ngood: {duration: '<= 300ms'}":        "0/90",
		"where: {path: {not: /x}}\ngood: {duration: '<= 300ms'}":          "90/180",
	} {
		got, err := fetch(t, dir, timed, day.Add(time.Hour), period(1), sli)
		if err != nil || told(got[0]) != want || len(got[0].Notes) > 0 {
			t.Errorf("%s: %v, %s, %v, want %s", sli, err, told(got[0]), got[0].Notes, want)
		}
	}
}

// The status of a JSON log may be missing like any other of its values.
func TestMissingInJSON(t *testing.T) {
	at := day.Format(time.RFC3339)
	for value, want := range map[string]string{`"status":200,`: "0/1", `"status":null,`: "1/1", `"status":"",`: "1/1", `"status":"-",`: "1/1", `"status":0,`: "1/1", ``: "1/1"} {
		dir := write(t, map[string]string{"a.log": `{` + value + `"path":"/","time":"` + at + `"}` + "\n"})
		got, err := fetch(t, dir, "{path: a.log, format: json}", day.Add(time.Hour), period(1), "where: {path: /}\nbad: {status: [none, 5xx]}")
		if err != nil || told(got[0]) != want {
			t.Errorf("%s: %v, %s, want %s", value, err, told(got[0]), want)
		}
	}
}

// The hint names the encoding that the text reads best in.
func TestHintOfOtherEncodings(t *testing.T) {
	for _, c := range []struct{ path, want string }{
		{"/K\xf6ln", "encoding: windows-1252"},
		{"/GR\xd6\xdfE", "encoding: windows-1252"},
		{"/\x8e\xb8\x94s", "encoding: shift_jis"},
		{"/\xbc\xba\xc7\xd4", "encoding: euc-jp"},
		{"/\x1b$B<:GT\x1b(B", "encoding: iso-2022-jp"},
	} {
		got, err := fetch(t, write(t, map[string]string{"a.log": request(day, c.path, 200, "0.1")}), timed, day.Add(time.Hour), period(2), "bad: {path: /失敗}")
		var refused diag.List
		if err != nil || !errors.As(got[0].Err, &refused) || !strings.HasSuffix(refused[0].Hint, c.want) {
			t.Errorf("%q: %v, %+v, want %s", c.path, err, refused, c.want)
		}
	}
}

// Of a path in another encoding than the source's a test of letters is unsure, and what a
// scanner sends matters to no other test.
func TestTextOfOtherEncodings(t *testing.T) {
	lineOf := func(path string) string { return request(day, path, 200, "0.1") }
	const sjis, jis = "/\x8e\xb8\x94s", "/\x1b$B<:GT\x1b(B"
	for _, c := range []struct{ name, path, source, sli, want string }{
		{"UTF-8", "/失敗", "", "bad: {path: /失敗}", "1/1 - | 0/0 0/0"},
		{"Shift_JIS that is said", sjis, "encoding: shift_jis", "bad: {path: /失敗}", "1/1 - | 0/0 0/0"},
		{"Shift_JIS", sjis, "max_unread: 100%", "bad: {path: /失敗}", "0/0 - | 1/1 0/0"},
		{"Shift_JIS, the opposite", sjis, "max_unread: 100%", "good: {path: {not: /失敗}}", "0/0 - | 1/1 0/0"},
		{"ISO-2022-JP that is said", jis, "encoding: iso-2022-jp", "bad: {path: /失敗}", "1/1 - | 0/0 0/0"},
		{"a scanner", "/\xff\xfe", "", "bad: {path: /pay/*}", "0/1 - | 0/0 0/0"},
		{"a scanner, by the status", "/\xff\xfe", "", "bad: {status: 5xx}", "0/1 - | 0/0 0/0"},
	} {
		got, err := fetch(t, write(t, map[string]string{"a.log": lineOf(c.path)}), timed+c.source, day.Add(time.Hour), period(2), c.sli)
		if want, _ := strings.CutSuffix(c.want, " | 0/0 0/0"); err != nil || told(got[0]) != want && told(got[0]) != c.want {
			t.Errorf("%s: %v, %s, want %s", c.name, err, told(got[0]), c.want)
		}
	}
}
