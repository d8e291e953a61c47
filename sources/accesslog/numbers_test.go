package accesslog

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/match"
)

// A number of the format that is none makes the line unread, if it is asked for.
func TestNumbers(t *testing.T) {
	alb := func(times string) string {
		return `http 2018-07-02T22:23:00.186641Z app/lb/1 192.0.2.1:2817 - ` + times + ` 200 - 0 57 "GET http://www.example.com:80/ HTTP/1.1" "curl/7" - - arn "Root"`
	}
	const both = "combined+request_time+upstream_time"
	for _, c := range []struct{ format, line, fields, want string }{
		{"combined+request_time", combinedLine + ` "-"`, "duration", "unread"},
		{"combined+request_time", combinedLine + ` "-"`, "status", "status=503"},
		{"combined+request_time", combinedLine + ` -`, "duration", "duration=~"},
		{"combined+request_time", combinedLine + ` `, "duration", "duration="},
		{"combined+request_time", combinedLine + ` abc`, "duration", "unread"},
		{"combined+request_time", combinedLine + ` HIT`, "duration", "unread"},
		{"combined+request_time", combinedLine + ` "10.0.0.1, 192.0.2.2"`, "duration", "unread"},
		{"combined+request_time", combinedLine + ` 10.0.0.1`, "duration", "unread"},
		{"combined+request_time", combinedLine + ` -1`, "duration", "duration=~"},
		{strings.Replace(texts()["combined+request_time"], "$remote_user", "$user", 1), combinedLine + ` -1`, "duration", "unread"}, // no preset
		{"combined+request_time", combinedLine + ` 0.042s`, "duration", "duration=0.042s"},
		{"combined+request_time", combinedLine + ` 4.2e-2`, "duration", "duration=4.2e-2"},
		{"combined", strings.Replace(combinedLine, "2326", "2k", 1), "bytes", "unread"},
		{"combined", strings.Replace(combinedLine, "2326", "2k", 1), "path", "path=/a/b"},
		{both, combinedLine + ` 0.5 0.1, - : 0.25`, "upstream_time $upstream_response_time", "upstream_time=350000000ns $upstream_response_time=350000000ns"},
		{both, combinedLine + ` 0.5 -, -`, "upstream_time", "upstream_time=~"},
		{both, combinedLine + ` 0.5 -`, "upstream_time", "upstream_time=~"},
		{both, combinedLine + ` 0.5 0.1, HIT`, "upstream_time", "unread"},
		{both, combinedLine + ` 0.5 unix:/run/a.sock`, "upstream_time", "unread"},
		{"$msec $status $upstream_connect_time", "1431857103 503 x", "upstream_connect_time", "unread"},
		{"alb", alb("-1 -1 -1"), "duration upstream_time", "duration=~ upstream_time=~"},
		{"alb", alb("0.1 - 0.1"), "duration", "duration=~"},
		{"alb", alb("0.1  0.1"), "duration", "duration=~"},
		{"alb", alb("0.1 x 0.1"), "duration", "unread"},
		{"json", `{"ts":1431857103,"status":503,"request_time":null}`, "duration", "duration=~"},
		{"json", `{"ts":1431857103,"status":503,"request_time":""}`, "duration", "duration="},
		{"json", `{"ts":1431857103,"status":503,"request_time":"slow"}`, "duration", "unread"},
		{"json", `{"ts":1431857103,"status":503,"request_time":NaN}`, "duration", "unread"},
		{"json", `{"ts":1431857103,"status":503,"request_time":true}`, "duration", "unread"},
		{"ltsv", "time:1431857103\tstatus:503\treqtime:-", "duration", "duration=~"},
		{"ltsv", "time:1431857103\tstatus:503\treqtime:x", "duration", "unread"},
	} {
		got := parsed(t, lineSpec{format: c.format}, c.line, strings.Fields(c.fields)...)
		if len(got) != 1 || !strings.HasSuffix(" "+got[0], " "+c.want) {
			t.Errorf("%s of %q\n got %q\nwant %s", c.format, c.line, got, c.want)
		}
	}
}

// FuzzNumber: the short way takes nothing that the long one refuses.
func FuzzNumber(f *testing.F) {
	for _, s := range []string{"0.042", "12", "-", "1.5.2", "", "5.", ".5", "0.1, 0.2 : -", "42ms", "99999999999999999999999"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		b := []byte(text)
		if plainNumber(b) && !(match.Field{Type: match.Number}).Reads(b) {
			t.Errorf("%q is a plain number and cannot be read", text)
		}
		n := number{field: match.Field{Type: match.Duration, Unit: time.Second}, list: true}
		if _, ok := n.field.Nanoseconds(b); n.plainSpan(b) && !ok && len(b) < 12 {
			t.Errorf("%q is a plain duration and cannot be read", text)
		}
		r := record{values: [][]byte{b}}
		sum := r.sum([]int{0}, time.Second)
		if _, ok := n.field.Nanoseconds(sum); ok && !n.reads(b) {
			t.Errorf("%q adds up to %s and is refused", text, sum)
		}
	})
}

// day1440 is a log of a day whose lines have last as their duration, but for the
// first n, which have one.
func day1440(n int, last string) string {
	var b strings.Builder
	for m := range 1440 {
		token := last
		if m < n {
			token = "0.1"
		}
		b.WriteString(request(day.Add(time.Duration(m)*time.Minute), "/", 200, token))
	}
	return b.String()
}

// A log whose last field is no duration tells nothing about slow requests.
func TestNoDurationIsNotFast(t *testing.T) {
	for _, last := range []string{`"-"`, "-", "abc", "HIT", `"10.0.0.1, 192.0.2.2"`} {
		dir := write(t, map[string]string{"a.log": day1440(0, last)})
		for _, sli := range []string{"bad: {duration: '> 1s'}", "good: {duration: '<= 1s'}", "bad: {not: {duration: '<= 1s'}}", "good: {duration: {not: '> 1s'}}"} {
			got, err := fetch(t, dir, timed, day.Add(24*time.Hour), period(1440), sli)
			if err != nil || got[0].Err == nil || got[0].Series != nil || !strings.Contains(got[0].Err.Error(), "100 %, over max_unread 1 %") {
				t.Errorf("%s with %s: %v, %+v", sli, last, err, got[0].Err)
			}
		}
	}
}

func TestUnsure(t *testing.T) {
	dir := write(t, map[string]string{"a.log": day1440(1430, "-")})
	got, err := fetch(t, dir, timed, day.Add(24*time.Hour), period(1440), "bad: {duration: '> 1s'}", "bad: {status: 5xx}",
		"good: {status: 2xx, duration: '<= 1s'}", "where: {duration: {not: none}}\nbad: {duration: '> 1s'}", "bad: {status: 5xx, duration: '> 1s'}")
	if err != nil {
		t.Fatal(err)
	}
	var total []string
	for _, a := range got {
		sum := 0.0
		for _, n := range a.Series.Total {
			sum += n
		}
		total = append(total, fmt.Sprint(sum, len(a.Notes)))
	}
	if diff := cmp.Diff([]string{"1430 4", "1440 0", "1430 4", "1430 0", "1440 0"}, total); diff != "" {
		t.Error(diff)
	}
	var text []string
	for _, n := range got[0].Notes {
		text = append(text, n.Error()+" | "+n.Hint)
	}
	want := []string{
		`slo.yaml:1:6: 10 of 1,440 lines to judge have no readable "duration", which bad needs: 0.7 % [accesslog/absent] | where: {duration: {not: none}} leaves such lines out`,
		`a.log:1431: line has no readable "duration" [accesslog/absent] | `, `a.log:1432: line has no readable "duration" [accesslog/absent] | `, `a.log:1433: line has no readable "duration" [accesslog/absent] | `,
	}
	if diff := cmp.Diff(want, text); diff != "" {
		t.Error(diff)
	}
	if !strings.HasSuffix(got[0].Notes[1].Excerpt, `"ua" -`) {
		t.Errorf("excerpt %q", got[0].Notes[1].Excerpt)
	}
}

// Only the objective that needs the durations has no data.
func TestUnsureOverTheLimit(t *testing.T) {
	dir := write(t, map[string]string{"a.log": day1440(1400, "-")})
	got, err := fetch(t, dir, timed, day.Add(24*time.Hour), period(1440), "where: {path: /}\nbad: {duration: '> 1s'}", "bad: {status: 5xx}")
	if err != nil || got[1].Err != nil || len(got[1].Notes) != 0 {
		t.Fatal(err, got[1])
	}
	var list diag.List
	if !errors.As(got[0].Err, &list) || got[0].Series != nil || len(list) != 4 {
		t.Fatalf("%+v", got[0])
	}
	want := `slo.yaml:2:6: 40 of 1,440 lines to judge have no readable "duration", which bad needs: 2.8 %, over max_unread 1 % [accesslog/absent]`
	if list[0].Error() != want || list[0].Hint != `add duration: {not: none} to where to leave such lines out` {
		t.Errorf("%v, hint %q", list[0], list[0].Hint)
	}
}

// A number without a unit in a field of no known meaning is no duration.
func TestBareNumberOfAnyField(t *testing.T) {
	var b strings.Builder
	for range 10 {
		fmt.Fprintf(&b, `{"time":%q,"status":200,"took":412}`+"\n", day.Format(time.RFC3339))
	}
	dir := write(t, map[string]string{"a.log": b.String()})
	got, err := fetch(t, dir, "path: a.log\nformat: json", day.Add(time.Hour), period(5), "bad: {took: '> 300ms'}")
	if err != nil || got[0].Err == nil || !strings.Contains(got[0].Err.Error(), `10 of 10 lines to judge have no readable "took"`) {
		t.Fatalf("%v, %+v", err, got[0])
	}
	if list := got[0].Err.(diag.List); !strings.Contains(list[0].Hint, "a duration has a unit, as in 12ms") {
		t.Errorf("hint %q", list[0].Hint)
	}
}

// Percentiles cost no line: what an answer counts does not depend on them.
func TestPercentilesCostNoLine(t *testing.T) {
	for name, text := range map[string]string{
		"combined+request_time": strings.ReplaceAll(day1440(0, ""), "\" \n", "\"\n") + day1440(0, "abc"),
		"w3c":                   "#Fields: date time sc-status time-taken\n" + strings.Repeat("2026-10-01 00:00:05 200\n2026-10-01 00:00:06 200 abc\n", 9),
	} {
		dir := write(t, map[string]string{"a.log": text})
		got, err := fetch(t, dir, "path: a.log\nformat: "+name, day.Add(24*time.Hour), period(1), "bad: {status: 5xx}")
		if err != nil || got[0].Err != nil || got[0].Inputs[0].Unread != 0 {
			t.Errorf("%s: %v, %v, %+v", name, err, got[0].Err, got[0].Inputs)
		}
	}
}
