package accesslog_test

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/accesslog"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// What a request is told of dirty logs does not depend on what else is asked.
func TestAnswersDoNotDependOnOtherRequests(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		d := dirt{rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))}
		format := rapid.SampledFrom([]string{"combined+request_time", "json", "ltsv", "w3c"}).Draw(rt, "format")
		for _, name := range []string{"f1.log", "f2.log"} {
			if err := os.WriteFile(filepath.Join(dir, name), []byte(d.log(format)), 0o600); err != nil {
				rt.Fatal(err)
			}
		}
		source := fmt.Sprintf("type: accesslog\npath: 'f*.log'\nformat: %s\n%s", format, d.one("", "max_unread: 20%\n", "max_unread: 50%\n"))
		src, err := accesslog.Kind().Open(t.Context(), sourcetest.Block(t, source, dir), sources.Env{At: day.AddDate(0, 0, 1+d.IntN(9))})
		if err != nil {
			rt.Fatal(err)
		}
		var reqs []sources.Request
		for range rapid.IntRange(2, 5).Draw(rt, "requests") {
			reqs = append(reqs, d.request(t, dir))
		}
		sourcetest.Alone(t, src, reqs)
		if t.Failed() {
			rt.FailNow()
		}
	})
}

var day = time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)

// dirt writes logs of which now and then a line cannot be read, or only half.
type dirt struct{ *rand.Rand }

func (d dirt) one(of ...string) string { return of[d.IntN(len(of))] }

// request asks for some of the fields, in some of the days.
func (d dirt) request(t *testing.T, dir string) sources.Request {
	t.Helper()
	r := sources.Request{Count: spec.Both, Step: time.Minute, SLI: sourcetest.Block(t, "source: m\n"+d.one(
		"bad: {status: 500-599}", "where: {path: '/a*'}\nbad: {status: 500-599}", "good: {duration: '<= 300ms'}",
		"where: {method: GET}\ngood: {duration: '<= 300ms'}", "bad: {bytes: '> 1000'}", "where: {user_agent: 'curl*'}\nbad: {status: 5xx}",
		"bad: {referer: x}", "where: {duration: '> 0s'}\nbad: {path: /b}", "where: {user_agent: none}\nbad: {status: [none, 5xx]}", "where: {path: /A}\ngood: {method: got}", "bad: {nosuch: x}",
	), dir)}
	if d.IntN(4) == 0 {
		r.Per = []string{d.one("method", "nosuch", "user_agent")}
	}
	r.Period.Start = day.AddDate(0, 0, d.IntN(6)).Add(time.Duration(d.IntN(200)) * time.Minute)
	r.Period.End = r.Period.Start.AddDate(0, 0, 1+d.IntN(8))
	r.Percentiles = d.IntN(2) == 0
	return r
}

// log writes a line in most minutes of an hour of nine days, with a silence; how dirty
// each log is differs.
func (d dirt) log(format string) string {
	var b strings.Builder
	if format == "w3c" {
		b.WriteString("#Fields: date time cs-method cs-uri-stem sc-status sc-bytes time-taken cs(User-Agent) cs(Referer)\n")
	}
	often := []int{3, 20, 1000}[d.IntN(3)]
	silent := d.IntN(8)
	for n := range 9 {
		for i := range 60 {
			if n == silent && i > 10 && i < 55 || d.IntN(10) == 0 {
				continue
			}
			at := day.AddDate(0, 0, n).Add(time.Duration(i) * time.Minute)
			line := d.line(format, at, often)
			switch d.IntN(often) {
			case 0:
				line = line[:d.IntN(len(line))]
			case 1:
				line = at.Format(time.RFC3339Nano) + " stdout F " + line
			}
			b.WriteString(line + "\n")
		}
	}
	return b.String()
}

// line writes one line whose values are not all of the format.
func (d dirt) line(format string, at time.Time, often int) string {
	pick := func(dirty []string, clean ...string) string {
		if d.IntN(often) == 0 {
			return d.one(dirty...)
		}
		return d.one(clean...)
	}
	status, bytes := pick([]string{"-", "abc", "2000"}, "200", "200", "503"), pick([]string{"-", "abc"}, "12", "5000")
	took, agent := pick([]string{"-", "abc", "1.2.3"}, "0.1", "0.2", "0.9"), pick([]string{"-", `a\\\"b`}, "curl/8", "x")
	method, path := d.one("GET", "POST"), d.one("/a", "/b")
	switch format {
	case "json":
		return fmt.Sprintf(`{"time": %q, "status": %q, "method": %q, "path": %q, "bytes": %q, "request_time": %q, "user_agent": "%s"}`,
			at.Format(time.RFC3339), status, method, path, bytes, took, agent)
	case "ltsv":
		return fmt.Sprintf("time:%s\tstatus:%s\tmethod:%s\turi:%s\tsize:%s\treqtime:%s\tua:%s",
			at.Format(time.RFC3339), status, method, path, bytes, took, agent)
	case "w3c":
		return fmt.Sprintf("%s %s %s %s %s %s %s -", at.Format("2006-01-02 15:04:05"), method, path, status, bytes, took, agent)
	}
	return fmt.Sprintf(`192.0.2.7 - - [%s] "%s %s HTTP/1.1" %s %s "-" "%s" %s`,
		at.Format("02/Jan/2006:15:04:05 -0700"), method, path, status, bytes, agent, took)
}
