package accesslog

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"strconv"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/sourcetest"
)

var day = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

// write stores files and returns their folder; names that end in .gz are packed.
func write(t testing.TB, files map[string]string) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range files {
		content := []byte(text)
		if strings.HasSuffix(name, ".gz") {
			var b bytes.Buffer
			w := gzip.NewWriter(&b)
			io.WriteString(w, text)
			w.Close()
			content = b.Bytes()
		}
		if err := os.WriteFile(filepath.Join(dir, name), content, 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// fetch asks for the minutes of p, one request per sli.
func fetch(t testing.TB, dir, block string, at time.Time, p slo.Period, slis ...string) ([]sources.Answer, error) {
	t.Helper()
	cfg := parse(t, block)
	cfg.Dir = dir
	var reqs []sources.Request
	for _, sli := range slis {
		reqs = append(reqs, sources.Request{SLI: parse(t, sli), Count: spec.Both, Period: p, Step: time.Minute, Percentiles: true})
	}
	src, err := open(t.Context(), cfg, sources.Env{At: at, Digest: true})
	if err != nil {
		return nil, err
	}
	answers := make([]sources.Answer, len(reqs))
	err = src.Fetch(t.Context(), reqs, func(a sources.Answer) { answers[a.Request] = a })
	return answers, err
}

func parse(t testing.TB, yaml string) spec.Block {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", yaml, "")
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func zone(t testing.TB, name string) *time.Location {
	t.Helper()
	loc, err := time.LoadLocation(name)
	if err != nil {
		t.Fatal(err)
	}
	return loc
}

func period(minutes int) slo.Period {
	return slo.Period{Start: day, End: day.Add(time.Duration(minutes) * time.Minute)}
}

// request is a line of the combined format with a request time.
func request(at time.Time, path string, status int, seconds string) string {
	return fmt.Sprintf("192.0.2.1 - - [%s] \"GET %s HTTP/1.1\" %d 5 \"-\" \"ua\" %s\n", at.Format("02/Jan/2006:15:04:05 -0700"), path, status, seconds)
}

const timed = "path: 'a*'\nformat: combined+request_time\n"

func TestFetch(t *testing.T) {
	tokyo := zone(t, "Asia/Tokyo")
	at := func(second int) time.Time { return day.Add(time.Duration(second) * time.Second) }
	dir := write(t, map[string]string{
		"a.log": request(at(185), "/x", 500, "0.1") + "\r\n\n" + request(at(60), "/x?q", 200, "0.3") + request(at(63), "/y", 503, "1"),
		"a.gz":  request(at(119).In(tokyo), "/x", 404, "0.301") + strings.TrimSuffix(request(at(5), "/x", 200, "-"), "\n"),
	})
	got, err := fetch(t, dir, timed+"max_unread: 25%", day.Add(time.Hour), period(5), "bad: {status: 5xx}", "where: {path: /x}\ngood: {duration: '<= 300ms'}")
	if err != nil {
		t.Fatal(err)
	}
	for i, want := range []string{"0/1 1/3 0/0 1/1 -", "0/0 1/2 0/0 0/1 -"} {
		if text := sourcetest.Counts(got[i].Series); text != want {
			t.Errorf("request %d: %s, want %s", i, text, want)
		}
	}
	if len(got[0].Notes) > 0 || !got[0].Newest.Equal(day.Add(4*time.Minute)) {
		t.Errorf("notes %v, newest %v", got[0].Notes, got[0].Newest)
	}
	if in := got[0].Inputs; len(in) != 2 || in[0].Name != "a.gz" || in[0].Rows != 2 || in[1].Rows != 3 || !strings.HasPrefix(in[1].Digest, "sha256:") {
		t.Errorf("inputs %+v", in)
	}
	if p := got[1].Percentiles; len(p) != 1 || p[0].Count != 3 {
		t.Errorf("percentiles %+v, want one hour of 3", p)
	}
}

func TestUnread(t *testing.T) {
	good := strings.Repeat(request(day, "/", 200, "0.1"), 97)
	junk := "junk\n\x1b[31mred\x00\n" + strings.Repeat("long ", 100) + "\n"
	dir := write(t, map[string]string{"a.log": good + junk})
	got, err := fetch(t, dir, timed+"max_unread: 3%", day.Add(time.Hour), period(5), "bad: {status: 5xx}")
	if err != nil || got[0].Err != nil {
		t.Fatal(err, got[0].Err)
	}
	var text []string
	for _, n := range got[0].Notes {
		text = append(text, n.Error()+" | "+n.Excerpt)
	}
	want := []string{
		`slo.yaml:1:7: 3 of 100 lines do not fit format "combined+request_time": 3 % [accesslog/unread] | `,
		`a.log:98: line does not fit format "combined+request_time" [accesslog/unread] | junk`,
		`a.log:99: line does not fit format "combined+request_time" [accesslog/unread] | \x1b[31mred\x00`,
		`a.log:100: line does not fit format "combined+request_time" [accesslog/unread] | ` + strings.Repeat("long ", 24) + "…",
	}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
	got, err = fetch(t, dir, timed, day.Add(time.Hour), period(5), "bad: {status: 5xx}", "good: {status: 200}")
	if err != nil || got[1].Err == nil || got[1].Series != nil || !strings.Contains(got[1].Err.Error(), "3 %, over max_unread 1 %") {
		t.Errorf("over the limit: %v, %+v", err, got[1])
	}
	if got, err = fetch(t, dir, timed+"max_unread: 0%", day.Add(time.Hour), period(5), "bad: {status: 5xx}"); err != nil || got[0].Err == nil {
		t.Errorf("max_unread 0%%: %v, %v", err, got[0].Err)
	}
}

// One line that fits a format of the SLO file's own makes no log of a file; of a preset one
// does. Either way no line shows what looks like a secret.
func TestUnreadLinesAreShownOfLogsAlone(t *testing.T) {
	fits := "2026-05-01T00:00:00Z 200\n"
	for _, c := range []struct {
		name, text, cfg string
		shown           bool
	}{
		{"own, most fit", strings.Repeat(fits, 3) + "plain\nplain 2\n", "format: '$time_iso8601 $status'", true},
		{"own, one fits", fits + "plain\nplain 2\n", "format: '$time_iso8601 $status'", false},
		{"own, half fit", fits + fits + "plain\nplain 2\n", "format: '$time_iso8601 $status'", false},
		{"preset, one fits", request(day, "/", 200, "0.1") + "plain\nplain 2\n", "format: combined+request_time", true},
		{"preset, none fits", "plain\nplain 2\n", "format: combined+request_time", false},
		{"secrets", strings.Repeat(fits, 3) + "plain token=hush\nplain https://me:hush@h/?k=hush\n", "format: '$time_iso8601 $status'", true},
	} {
		dir := write(t, map[string]string{"a.log": c.text})
		got, err := fetch(t, dir, "path: a.log\nmax_unread: 100%\n"+c.cfg, day.Add(time.Hour), period(5), "bad: {status: 5xx}")
		if err != nil {
			t.Fatal(err)
		}
		var all strings.Builder
		for _, n := range got[0].Notes {
			all.WriteString(n.Excerpt + "\n")
		}
		if strings.Contains(all.String(), "plain") != c.shown || strings.Contains(all.String(), "hush") {
			t.Errorf("%s: shown %q, %v", c.name, all.String(), got[0].Err)
		}
	}
}

func TestUnreadHintNamesTheFormat(t *testing.T) {
	dir := write(t, map[string]string{"a.log": strings.Repeat(request(day, "/", 200, "0.1"), 9)})
	got, err := fetch(t, dir, "path: a.log\nformat: ltsv", day.Add(time.Hour), period(5), "bad: {status: 5xx}")
	var list diag.List
	if err != nil || !errors.As(got[0].Err, &list) || list[0].Hint != "the lines look like format: combined+request_time" {
		t.Errorf("%v, %+v", err, list)
	}
}

func TestLate(t *testing.T) {
	dir := write(t, map[string]string{"a.log": request(day, "/", 200, "1") + request(day.Add(90*time.Second), "/", 200, "1") + request(day.Add(2*time.Minute), "/", 500, "1")})
	got, err := fetch(t, dir, timed, day.Add(2*time.Minute), period(5), "bad: {status: 5xx}")
	if err != nil || sourcetest.Counts(got[0].Series) != "0/1 0/1 - - -" {
		t.Fatalf("%v, %s", err, sourcetest.Counts(got[0].Series))
	}
	if n := got[0].Notes; len(n) != 0 {
		t.Errorf("notes %v of the minute that has begun", n)
	}
}

// The minute that has begun when the log is read is no surprise; what lies after it is.
func TestFuture(t *testing.T) {
	at := day.Add(2 * time.Minute)
	for _, c := range []struct {
		ahead time.Duration
		want  string
	}{
		{59 * time.Second, ""},
		{time.Minute, "slo.yaml:1:7: 2 lines at or after 2026-10-01T00:02:00Z left out [accesslog/late]"},
		{9 * time.Hour, "slo.yaml:1:7: 2 lines at or after 2026-10-01T00:02:00Z left out [accesslog/late]"},
	} {
		log := request(day, "/", 200, "1") + request(at, "/", 200, "1") + request(at.Add(c.ahead), "/", 200, "1")
		got, err := fetch(t, write(t, map[string]string{"a.log": log}), timed, at, period(5), "bad: {status: 5xx}")
		if err != nil || diag.List(got[0].Notes).Error() != c.want {
			t.Errorf("%s ahead: %v, got %v, want %q", c.ahead, err, got[0].Notes, c.want)
		}
	}
}

// A line after the instant proves that the log went on: what lies before it was
// measured, whichever instant is asked about. It is fresh only by a line up to a minute
// later: further ones may have a wrong clock.
func TestALateLineEndsTheSpanAtAt(t *testing.T) {
	at := func(d time.Duration) time.Time { return day.Add(d) }
	dir := write(t, map[string]string{"a.log": request(at(10*time.Second), "/", 200, "1") + request(at(2*time.Minute), "/", 200, "1") + request(at(time.Hour), "/", 200, "1")})
	for _, c := range []struct {
		at     time.Duration
		want   string
		newest time.Duration
	}{
		{2 * time.Hour, "0/1 0/0 0/1 0/0 0/0 0/0", 61 * time.Minute},
		{6 * time.Minute, "0/1 0/0 0/1 0/0 0/0 0/0", 3 * time.Minute},
		{4 * time.Minute, "0/1 0/0 0/1 0/0 - -", 3 * time.Minute},
		{4*time.Minute + 1500*time.Millisecond, "0/1 0/0 0/1 0/0 - -", 3 * time.Minute},
		{60 * time.Minute, "0/1 0/0 0/1 0/0 0/0 0/0", 60 * time.Minute},
		{59*time.Minute + time.Second, "0/1 0/0 0/1 0/0 0/0 0/0", 59 * time.Minute},
		{59 * time.Minute, "0/1 0/0 0/1 0/0 0/0 0/0", 3 * time.Minute},
		{2 * time.Minute, "0/1 0/0 - - - -", 2 * time.Minute},
		{30 * time.Second, "- - - - - -", 0},
		{10 * time.Second, "- - - - - -", 0}, // no line before
	} {
		got, err := fetch(t, dir, timed, at(c.at), period(6), "bad: {status: 5xx}")
		if err != nil {
			t.Fatal(err)
		}
		newest := at(c.newest)
		if c.newest == 0 {
			newest = time.Time{}
		}
		if text := sourcetest.Counts(got[0].Series); text != c.want || !got[0].Newest.Equal(newest) {
			t.Errorf("at %v: %s, newest %v; want %s, %v", c.at, text, got[0].Newest, c.want, newest)
		}
	}
}

func TestEmptyLog(t *testing.T) {
	dir := write(t, map[string]string{"a.log": ""})
	got, err := fetch(t, dir, timed, day.Add(time.Hour), period(2), "bad: {status: 5xx}")
	if err != nil || sourcetest.Counts(got[0].Series) != "- -" || len(got[0].Notes) != 1 || !got[0].Newest.IsZero() {
		t.Errorf("%v, %+v", err, got[0])
	}
}

func TestErrors(t *testing.T) {
	dir := write(t, map[string]string{"a.gz": strings.Repeat(request(day, "/", 200, "1"), 100)})
	raw, _ := os.ReadFile(filepath.Join(dir, "a.gz"))
	os.WriteFile(filepath.Join(dir, "short.gz"), raw[:len(raw)-4], 0o600)
	for path, want := range map[string]string{"none": `path "none" matches no file`, "short.gz": "short.gz: the gzip file is cut short"} {
		if _, err := fetch(t, dir, "path: "+path, day.Add(time.Hour), period(2), "bad: {status: 5xx}"); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%s: %v, want %q", path, err, want)
		}
	}
}

func TestSilence(t *testing.T) {
	var b strings.Builder
	for m := range 10 * 1440 {
		hour := m / 60 % 24
		night := hour < 6                                 // never busy
		down := m >= 5*1440+12*60 && m < 5*1440+12*60+45  // 45 minutes at noon of one day
		short := m >= 7*1440+15*60 && m < 7*1440+15*60+29 // under half an hour
		if !night && !down && !short {
			b.WriteString(request(day.Add(time.Duration(m)*time.Minute), "/", 200, "1"))
		}
	}
	dir := write(t, map[string]string{"a.log": b.String()})
	got, err := fetch(t, dir, timed, day.Add(20*24*time.Hour), period(10*1440), "bad: {status: 5xx}")
	if err != nil {
		t.Fatal(err)
	}
	want := "slo.yaml:1:7: no line from 2026-10-06T12:00Z to 2026-10-06T12:45Z (45m), a time that usually has traffic: it counts as no traffic [accesslog/silence]"
	if n := got[0].Notes; len(n) != 1 || n[0].Error() != want {
		t.Errorf("notes %v\nwant %s", n, want)
	}
}

// A silence that lasts to the end of what is asked for is one if later lines
// show that the log went on.
func TestSilenceUpToAt(t *testing.T) {
	var b strings.Builder
	for m := range 9*1440 + 12*60 {
		b.WriteString(request(day.Add(time.Duration(m)*time.Minute), "/", 200, "1"))
	}
	end := day.Add(9*24*time.Hour + 13*time.Hour)
	for later, want := range map[string]int{"": 0, request(end.Add(time.Hour), "/", 200, "1"): 1} {
		dir := write(t, map[string]string{"a.log": b.String() + later})
		for _, at := range []time.Time{end, end.Add(24 * time.Hour)} {
			got, err := fetch(t, dir, timed, at, slo.Period{Start: day, End: end}, "bad: {status: 5xx}")
			if err != nil {
				t.Fatal(err)
			}
			n := 0
			for _, note := range got[0].Notes {
				if strings.Contains(note.Message, "no line from 2026-10-10T12:00Z to 2026-10-10T13:00Z (1h)") {
					n++
				}
			}
			if n != want {
				t.Errorf("at %v, later %q: %v", at, later, got[0].Notes)
			}
		}
	}
}

// randomLog returns lines in any order with junk among them, and its slow twin:
// what splitting at blanks counts per minute.
func randomLog(rnd *rand.Rand, lines int) (text string, bad, total map[int]int, junk int) {
	var b strings.Builder
	bad, total = map[int]int{}, map[int]int{}
	for range lines {
		switch rnd.IntN(40) {
		case 0:
			b.WriteString([]string{"junk\n", "\x00\x01\x02\n", "192.0.2.1 - - [x] \"GET\n"}[rnd.IntN(3)])
			junk++
			continue
		case 1:
			b.WriteString("\r\n")
			continue
		}
		at := day.Add(time.Duration(rnd.IntN(90)-10) * time.Minute).Add(time.Duration(rnd.IntN(60)) * time.Second)
		at = at.In(time.FixedZone("", rnd.IntN(4)*3600-3600))
		ms := rnd.IntN(600)
		line := request(at, []string{"/a", "/a/b?c", "/x", "*"}[rnd.IntN(4)], 200+rnd.IntN(4)*100, fmt.Sprintf("%d.%03d", ms/1000, ms%1000))
		b.WriteString(line)
		f := strings.Fields(line)
		if path, _, _ := strings.Cut(f[6], "?"); strings.HasPrefix(path, "/a") {
			m := int(math.Floor(at.Sub(day).Minutes()))
			total[m]++
			if seconds, _ := strconv.ParseFloat(f[len(f)-1], 64); f[8] == "500" || seconds > 0.3 {
				bad[m]++
			}
		}
	}
	return b.String(), bad, total, junk
}

func TestSlowTwin(t *testing.T) {
	rnd := rand.New(rand.NewPCG(5, 6))
	for range 5 {
		text, bad, total, junk := randomLog(rnd, 20000)
		dir := write(t, map[string]string{"a.log": text})
		got, err := fetch(t, dir, timed+"max_unread: 10%", day.Add(24*time.Hour), period(60), "where: {path: '/a*'}\ngood: {status: 200-499, duration: '<= 300ms'}")
		if err != nil || got[0].Err != nil {
			t.Fatal(err, got[0].Err)
		}
		s := got[0].Series
		for i := range s.Len() {
			if s.Bad[i] != float64(bad[i]) || s.Total[i] != float64(total[i]) {
				t.Errorf("minute %d: %v/%v, want %d/%d", i, s.Bad[i], s.Total[i], bad[i], total[i])
			}
		}
		if in := got[0].Inputs[0]; in.Unread != int64(junk) {
			t.Errorf("%d lines unread, want %d", in.Unread, junk)
		}
	}
}

// answersAt returns what a block answers, one text for each number of processors.
// Each is the whole of the answers, error included.
func answersAt(t *testing.T, dir, block, sli string) []string {
	t.Helper()
	var all []string
	for _, procs := range []int{1, 2, 5} {
		before := runtime.GOMAXPROCS(procs)
		answers, err := fetch(t, dir, block, day.Add(30*time.Minute), period(60), sli)
		runtime.GOMAXPROCS(before)
		text := fmt.Sprintf("error %v\n", err)
		for _, a := range answers {
			if a.Series == nil {
				continue
			}
			doubt := a.Series.Doubt
			a.Series.Doubt = nil
			text += fmt.Sprintf("%+v\n%v %+v %v\n%+v\n%+v\n%v\n", a.Inputs, *a.Series, doubt, a.Newest, a.Percentiles, a.Notes, a.Err)
		}
		all = append(all, text)
	}
	return all
}

// TestWorkers gives the same answers however many goroutines read.
func TestWorkers(t *testing.T) {
	text, _, _, _ := randomLog(rand.New(rand.NewPCG(7, 8)), 40000)
	third := len(text) / 3
	for _, c := range []struct {
		name, block, sli, want string
		files                  map[string]string
	}{
		{"two files", timed + "max_unread: 10%", "where: {path: '/a*'}\ngood: {duration: '<= 300ms'}", "a2.log",
			map[string]string{"a.log": text, "a2.log": text[:third]}},
		{"many packed files", timed + "max_unread: 10%", "where: {path: '/a*'}\ngood: {duration: '<= 300ms'}", "a4.log.gz",
			map[string]string{"a0.log.gz": "", "a1.log.gz": text[:third], "a2.log": "no line\n", "a3.log.gz": text[third : 2*third], "a4.log.gz": text[2*third:], "a5.log": "nor one\n"}},
		{"columns by file", "{path: 'a*', format: w3c}", "bad: {status: 5xx}", "a3.log",
			map[string]string{
				"a1.log":    "#Fields: date time sc-status\n" + strings.Repeat("2026-10-01 00:01:00 200\n", 30000),
				"a2.log.gz": "#Fields: sc-status date time\n" + strings.Repeat("503 2026-10-01 00:02:00\n", 30000),
				"a3.log":    "#Fields: time date sc-status\n" + strings.Repeat("00:03:00 2026-10-01 404\n", 10),
			}},
		{"the first of two broken files", timed, "bad: {status: 5xx}", "a2.gz.log: the gzip file is cut short",
			map[string]string{"a1.log": text, "a2.gz.log": "\x1f\x8b", "a3.gz.log": "\x1f\x8b", "a4.log": text}},
	} {
		t.Run(c.name, func(t *testing.T) {
			dir := write(t, c.files)
			all := answersAt(t, dir, c.block, c.sli)
			if !strings.Contains(all[0], c.want) {
				t.Errorf("%q is not in the answers", c.want)
			}
			for _, got := range all[1:] {
				if diff := cmp.Diff(all[0], got); diff != "" {
					t.Error(diff)
				}
			}
		})
	}
}

// TestBlocks cuts streams with lines around the bounds of blocks and of what is
// too long, read in chunks of any size.
func TestBlocks(t *testing.T) {
	line := func(n int) string { return strings.Repeat("x", n) }
	for _, lines := range [][]string{
		{"a", "", "b"},
		{line(blockSize - 1), "a", line(blockSize), "b", line(blockSize + 1), "c"},
		{"a", line(maxLine), "b", line(maxLine + 1), "c", line(3 * maxLine), "d"},
		{line(300), line(700 << 10), line(900 << 10), line(10)},
		{line(2 * maxLine)},
		{"a"},
	} {
		text := strings.Join(lines, "\n")
		for name, r := range map[string]io.Reader{"whole": strings.NewReader(text), "halves": iotest.HalfReader(strings.NewReader(text)), "eof": iotest.DataErrReader(strings.NewReader(text + "\n"))} {
			var got []int
			stream := &stream{r: r}
			for b := (block{}); stream.next(&b); {
				if b.long {
					got = append(got, -1)
					continue
				}
				for l := range strings.Lines(string(b.data)) {
					got = append(got, len(strings.TrimSuffix(l, "\n")))
				}
			}
			var want []int
			for _, l := range lines {
				n := len(l)
				if n > maxLine {
					n = -1
				}
				want = append(want, n)
			}
			for i, n := range got { // at the end of a stream the line itself is judged
				if n > maxLine {
					got[i] = -1
				}
			}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Errorf("%s: %s", name, diff)
			}
		}
	}
}

func TestReadErrorEndsTheStream(t *testing.T) {
	stream := &stream{r: io.MultiReader(strings.NewReader("a\nb\n"), iotest.ErrReader(io.ErrClosedPipe))}
	for b := (block{}); stream.next(&b); {
	}
	if stream.err != io.ErrClosedPipe {
		t.Errorf("error %v, want %v", stream.err, io.ErrClosedPipe)
	}
}

// bench returns about 5 MB of log.
func bench() string {
	rnd := rand.New(rand.NewPCG(9, 10))
	var b strings.Builder
	for i := range 25000 {
		at := day.Add(time.Duration(i/20) * time.Second)
		fmt.Fprintf(&b, "192.0.2.%d - - [%s] \"GET /api/checkout/%d?item=7 HTTP/1.1\" %d %d \"https://shop.example/cart\" \"Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/81.0\" 0.%03d\n",
			rnd.IntN(256), at.Format("02/Jan/2006:15:04:05 -0700"), rnd.IntN(9), 200+rnd.IntN(4)*100, rnd.IntN(1e5), rnd.IntN(1000))
	}
	return b.String()
}

func BenchmarkFetch(b *testing.B) {
	text := bench()
	dir := write(b, map[string]string{"a.log": text})
	b.SetBytes(int64(len(text)))
	for b.Loop() {
		if _, err := fetch(b, dir, timed, day.Add(time.Hour), period(60), "where: {path: '/api/checkout/*'}\nbad: {status: 5xx}", "where: {path: '/api/checkout/*'}\ngood: {duration: '<= 300ms'}"); err != nil {
			b.Fatal(err)
		}
	}
}

// BenchmarkFetchFiles reads sets of files of one size together, as they are rotated.
func BenchmarkFetchFiles(b *testing.B) {
	text := strings.Repeat(bench(), 4)
	for _, c := range []struct {
		name  string
		files int
	}{{"a.log", 1}, {"a.log", 3}, {"a.log.gz", 1}, {"a.log.gz", 3}, {"a.log.gz", 8}} {
		b.Run(fmt.Sprintf("%d x %s", c.files, c.name), func(b *testing.B) {
			files := map[string]string{}
			for i := range c.files {
				files[fmt.Sprintf("%d%s", i, c.name)] = text
			}
			dir := write(b, files)
			b.SetBytes(int64(c.files * len(text)))
			for b.Loop() {
				if _, err := fetch(b, dir, "{path: '*a.log*', format: combined+request_time}", day.Add(time.Hour), period(60), "where: {path: '/api/checkout/*'}\nbad: {status: 5xx}", "where: {path: '/api/checkout/*'}\ngood: {duration: '<= 300ms'}"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}

// reader returns a worker that reads fields of a format, and the line that it is to
// read again and again. Where text has two lines, the first is a directive.
func reader(tb testing.TB, format, text string, fields ...string) (*worker, []byte) {
	tb.Helper()
	l, err := lineSpec{format: format}.compile()
	if err != nil {
		tb.Fatal(err)
	}
	for _, name := range fields {
		l.resolve(name)
	}
	w := newWorker(l, 1<<62, minutes{}, func([]bool, int64, [][]byte) []fold.Unsure { return nil })
	directive, line, ok := strings.Cut(text, "\n")
	if w.line(place{text: []byte(directive)}); !ok {
		line = directive
	}
	return w, []byte(line)
}

func BenchmarkLine(b *testing.B) {
	for format, text := range samples() {
		b.Run(format, func(b *testing.B) {
			w, data := reader(b, format, text, "path", "status", "duration")
			b.ReportAllocs()
			b.SetBytes(int64(len(data)))
			for b.Loop() {
				if w.line(place{text: data}); w.found.unread > 0 {
					b.Fatal("unread")
				}
			}
		})
	}
}

func TestLinesAllocateNothing(t *testing.T) {
	for format, text := range samples() {
		w, data := reader(t, format, text, canonical()...)
		p := place{text: data}
		w.line(p)
		if n := testing.AllocsPerRun(100, func() { w.line(p) }); n > 0 {
			t.Errorf("a line of %s allocates %v times", format, n)
		}
	}
}

func ExampleKind() {
	kind := Kind()
	fmt.Println(kind.Name, kind.Keys[0].Name, kind.SLI[0].Name)
	// Output: accesslog path where
}
