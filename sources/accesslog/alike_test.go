package accesslog

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources/sourcetest"
)

// writers write one request in each format.
func writers() map[string]func(at time.Time, path string, status int) string {
	clf := func(at time.Time) string { return at.Format("02/Jan/2006:15:04:05 -0700") }
	return map[string]func(time.Time, string, int) string{
		"common": func(at time.Time, path string, status int) string {
			return fmt.Sprintf("192.0.2.1 - - [%s] \"GET %s HTTP/1.1\" %d 5", clf(at), path, status)
		},
		"combined": func(at time.Time, path string, status int) string {
			return fmt.Sprintf("192.0.2.1 - - [%s] \"GET %s HTTP/1.1\" %d 5 \"-\" \"a \\\"b\\\" [c]\"", clf(at), path, status)
		},
		"$msec|$status|$request_uri": func(at time.Time, path string, status int) string {
			return fmt.Sprintf("%d.5|%d|%s", at.Unix(), status, path)
		},
		"%{%F %T %z}t %>s %U %q": func(at time.Time, path string, status int) string {
			stem, query, _ := strings.Cut(path, "?")
			return fmt.Sprintf("%s %d %s ?%s", at.Format("2006-01-02 15:04:05 -0700"), status, stem, query)
		},
		"ltsv": func(at time.Time, path string, status int) string {
			return fmt.Sprintf("time:[%s]\tstatus:%d\treq:GET %s HTTP/1.1", clf(at), status, path)
		},
		"json": func(at time.Time, path string, status int) string {
			return fmt.Sprintf(`{"request_uri": %q, "time": %q, "status": %d}`, path, at.Format(time.RFC3339), status)
		},
		"alb": func(at time.Time, path string, status int) string {
			return fmt.Sprintf(`h2 %s app/lb/1 192.0.2.1:2817 10.0.0.1:80 0.0 0.1 0.0 %d 200 34 366 "GET https://shop.example:443%s HTTP/2.0" "curl/7" - -`, at.UTC().Format("2006-01-02T15:04:05.000000Z"), status, path)
		},
		"s3": func(at time.Time, path string, status int) string {
			return fmt.Sprintf(`79a shop [%s] 192.0.2.3 79a 3E5 REST.GET.OBJECT a.html "GET %s HTTP/1.1" %d - 113 - 7 5 "-" "S3Console/0.4" -`, clf(at), path, status)
		},
		"cloudfront": func(at time.Time, path string, status int) string {
			stem, query, _ := strings.Cut(path, "?")
			return fmt.Sprintf("%s\tCDG50-P2\t703\t192.0.2.4\tGET\td6.example\t%s\t%d\t-\tcurl\t%s\t-\tHit\tid\tshop.example\thttps\t62\t0.1", at.UTC().Format("2006-01-02\t15:04:05"), stem, status, query)
		},
		"w3c": func(at time.Time, path string, status int) string {
			stem, _, _ := strings.Cut(path, "?")
			return fmt.Sprintf("#Fields: date time cs-uri-stem sc-status\n%s %s %d", at.UTC().Format("2006-01-02 15:04:05"), stem, status)
		},
		"traefik": func(at time.Time, path string, status int) string {
			return fmt.Sprintf(`{"DownstreamStatus":%d,"RequestPath":%q,"StartUTC":%q}`, status, path, at.UTC().Format(time.RFC3339Nano))
		},
		"caddy": func(at time.Time, path string, status int) string {
			return fmt.Sprintf(`{"ts":%d.25,"request":{"uri":%q},"status":%d}`, at.Unix(), path, status)
		},
	}
}

// TestFormatsAlike writes the same requests, out of order and with junk among
// them, in every format: the counts must not depend on it.
func TestFormatsAlike(t *testing.T) {
	rnd := rand.New(rand.NewPCG(11, 12))
	type one struct {
		at     time.Time
		path   string
		status int
	}
	var events []one
	bad, total := make([]int, 30), make([]int, 30)
	for range 3000 {
		e := one{at: day.Add(time.Duration(rnd.IntN(1800)) * time.Second).In(time.FixedZone("", (rnd.IntN(3)-1)*34200)),
			path: []string{"/pay?x=1", "/pay", "/cart"}[rnd.IntN(3)], status: []int{200, 404, 500, 503}[rnd.IntN(4)]}
		events = append(events, e)
		minute := int(e.at.Sub(day).Minutes())
		if strings.HasPrefix(e.path, "/pay") {
			total[minute]++
			if e.status >= 500 {
				bad[minute]++
			}
		}
	}
	var want []string
	for i := range total {
		want = append(want, fmt.Sprintf("%d/%d", bad[i], total[i]))
	}
	for format, line := range writers() {
		var lines []string
		for i, e := range events {
			lines = append(lines, line(e.at, e.path, e.status))
			if i%100 == 0 {
				lines = append(lines, "junk \x00", "")
			}
		}
		if format != "w3c" { // its directives come first
			rnd.Shuffle(len(lines), func(i, j int) { lines[i], lines[j] = lines[j], lines[i] })
		}
		dir := write(t, map[string]string{"a.log.gz": strings.Join(lines, "\r\n")})
		got, err := fetch(t, dir, fmt.Sprintf("path: a.log.gz\nformat: %q\nmax_unread: 5%%", format), day.Add(time.Hour), period(30), "where: {path: /pay}\nbad: {status: 500-599}")
		if err != nil || got[0].Err != nil {
			t.Errorf("%s: %v %v", format, err, got[0].Err)
			continue
		}
		if text := strings.Fields(sourcetest.Counts(got[0].Series)); !slices.Equal(text, want) {
			t.Errorf("%s: got %v\nwant %v", format, text, want)
		}
		if in := got[0].Inputs[0]; in.Rows != 3030 || in.Unread != 30 {
			t.Errorf("%s: %d rows, %d unread, want 3030 and 30", format, in.Rows, in.Unread)
		}
	}
}
