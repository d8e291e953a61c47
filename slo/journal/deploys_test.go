package journal

import (
	"bytes"
	"encoding/csv"
	"errors"
	"fmt"
	"strings"
	"testing"
	"testing/iotest"
	"time"

	"github.com/nines-slo/nines/slo/deploy"
)

// show writes deploys one a line.
func show(deploys []deploy.Deploy) string {
	var b strings.Builder
	for _, d := range deploys {
		fmt.Fprintf(&b, "%s|%s|%s\n", d.Time.Format(time.RFC3339Nano), d.Name, d.Service)
	}
	return b.String()
}

func TestDeploys(t *testing.T) {
	const two = "2026-10-12T09:00:00Z|v1|\n2026-10-13T16:05:00Z|v2|checkout\n"
	for _, c := range []struct{ name, text, want string }{
		{"a table", "time,name,service\n2026-10-13T18:05:00+02:00,v2,checkout\n2026-10-12T09:00:00Z,v1,\n", two},
		{"other names, order, case and blanks", "Service, Version ,TIMESTAMP\n,v1, 2026-10-12T09:00:00Z\ncheckout, v2 ,2026-10-13 16:05Z", two},
		{"semicolons and a byte order mark", "\uFEFFtime;name;service\r\n2026-10-13T16:05:00Z;v2;checkout\r\n\r\n2026-10-12T09:00:00Z;v1;\r\n", two},
		{"tabs", "time\tname\tservice\n2026-10-13T16:05:00Z\tv2\tcheckout\n2026-10-12T09:00:00Z\tv1\t\n", two},
		{"Unix time", "time,tag,service\n1791907500,v2,checkout\n1791795600000,v1,\n", two},
		{"quotes", "time,name\n2026-10-12T09:00:00Z,\"v1, \"\"final\"\"\"\n", "2026-10-12T09:00:00Z|v1, \"final\"|\n"},
		{"a short line without a service", "time,name,service\n2026-10-12T09:00:00Z,v1\n", "2026-10-12T09:00:00Z|v1|\n"},
		{"objects", `{"time":"2026-10-13T18:05:00+02:00","name":"v2","service":"checkout"}` + "\n\n" + `{"timestamp":1791795600,"version":"v1","service":null}`, two},
		{"git log", "2026-10-13T18:05:00+02:00 HEAD -> main, tag: v2, origin/main\n2026-10-12T09:00:00Z tag: v1\n",
			"2026-10-12T09:00:00Z|v1|\n2026-10-13T16:05:00Z|v2|\n"},
		{"git log, two tags of a commit", "2026-10-12T09:00:00Z tag: v1, tag: latest", "2026-10-12T09:00:00Z|v1, latest|\n"},
		{"git log, a tag with a comma", "2026-10-12T09:00:00Z main, tag: v1,final\n", "2026-10-12T09:00:00Z|v1,final|\n"},
		{"git log with %ci and %d", "2026-10-13 18:05:00 +0200  (tag: v2, main)\n", "2026-10-13T16:05:00Z|v2|\n"},
		{"git for-each-ref", "2026-10-12T09:00:00+00:00 v1\n2026-10-13T18:05:00+02:00 shop/v2\n",
			"2026-10-12T09:00:00Z|v1|\n2026-10-13T16:05:00Z|shop/v2|\n"},
		{"the same instant", "time,name,service\n2026-10-12T09:00:00Z,b,x\n2026-10-12T09:00:00Z,a,x\n2026-10-12T09:00:00Z,c,a\n",
			"2026-10-12T09:00:00Z|c|a\n2026-10-12T09:00:00Z|a|x\n2026-10-12T09:00:00Z|b|x\n"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, findings := Deploys("d", strings.NewReader(c.text))
			if show(got) != c.want || len(findings) > 0 {
				t.Errorf("got\n%swith %v, want\n%s", show(got), findings, c.want)
			}
		})
	}
}

func TestDeployFindings(t *testing.T) {
	for _, c := range []struct{ name, text, want string }{
		{"nothing", " \n\n", `d: the list holds no deploys [deploy/list]`},
		{"no header", "2026-10-12T09:00:00Z,v1\n", `d:1:1: the header has no column of times and none of names [deploy/list]`},
		{"no times", "when,name\n", `d:1:1: the header has no column of times [deploy/list]`},
		{"no names", "time,who\n", `d:1:1: the header has no column of names [deploy/list]`},
		{"other columns", "time,name,author\n2026-10-12T09:00:00Z,v1,me\n", `d:1:1: columns that are not read: ["author"] [deploy/list]`},
		{"every line that is wrong", "name,time\nv1,yesterday\n\"é\",2026-02-30T00:00:00Z\nv3,2026-10-12T09:00:00\n,2026-10-12T09:00:00Z\nv5\nv6,20261012\nv7,1960-01-01T00:00:00Z\n",
			"d:2:4: time \"yesterday\" is not a stamp [deploy/list]\n" +
				"d:3:5: time \"2026-02-30T00:00:00Z\" is no instant of the calendar [deploy/list]\n" +
				"d:4:4: time \"2026-10-12T09:00:00\" has no offset from UTC, such as Z or +02:00 [deploy/list]\n" +
				"d:5:2: a deploy has no name [deploy/list]\n" +
				"d:6:1: the line has 1 fields, too few [deploy/list]\n" +
				"d:7:4: time \"20261012\" is not a stamp [deploy/list]\n" +
				"d:8:4: time \"1960-01-01T00:00:00Z\" lies before 1970 [deploy/list]"},
		{"twice", "time,name\n2026-10-12T09:00:00Z,v1\n2026-10-12T11:00:00+02:00,v1\n", `d:3:1: the deploy of line 2 stands here again and counts once [deploy/list]`},
		{"a quote", "time,name\n2026-10-12T09:00:00Z,a\"b\n2026-10-12,v2\n",
			"d:2:23: the line is no CSV: bare \" in non-quoted-field [deploy/list]\nd:3:1: time \"2026-10-12\" is not a stamp [deploy/list]"},
		{"objects", "{\"time\": 1, \"name\": \"v1\"}\n{\"name\": \"v2\"}\n[1]\n{\"time\": \"2026-10-12T09:00:00Z\", \"name\": [\"v1\"]}\n{\"time\"\n{} x\n{\"name\":1,\"NAME\":2}\n",
			"d:1:10: time \"1\" is not a stamp [deploy/list]\n" +
				"d:2:1: the deploy has no time [deploy/list]\n" +
				"d:3:1: the line is no JSON object: it does not begin with { [deploy/list]\n" +
				"d:4:42: the value is a list [deploy/list]\n" +
				"d:5:8: the line is no JSON object: it does not end [deploy/list]\n" +
				"d:6:3: the line is no JSON object: something follows it [deploy/list]\n" +
				"d:7:18: the line is no JSON object: \"name\" stands there twice [deploy/list]"},
		{"other keys", "{\"time\": \"2026-10-12T09:00:00Z\", \"by\": \"me\", \"name\": \"v1\"}", `d:1:40: keys that are not read: ["by"] [deploy/list]`},
		{"git", "2026-10-12T09:00:00Z v1\n2026-10-12T09:00:00Z\nv3\n2026-10-12T09:00:00 v4\n2026-10-12T09:00:00Zv5\n",
			"d:2:1: a deploy has no name [deploy/list]\n" +
				"d:3:1: the line does not begin with a stamp [deploy/list]\n" +
				"d:4:1: time \"2026-10-12T09:00:00\" has no offset from UTC, such as Z or +02:00 [deploy/list]\n" +
				"d:5:1: time \"2026-10-12T09:00:00Z\" is followed by something else than a blank [deploy/list]"},
		{"a header alone", "time,name\n", "d: the list holds no deploys [deploy/list]"},
		{"UTF-16", "t\x00i\x00m\x00e\x00", "d: the list is not UTF-8 text [deploy/list]"},
	} {
		t.Run(c.name, func(t *testing.T) {
			got, findings := Deploys("d", strings.NewReader(c.text))
			if findings.Error() != c.want {
				t.Errorf("got\n%v\nwant\n%s", findings, c.want)
			}
			if got != nil && findings.Errors() {
				t.Errorf("%d deploys beside these findings:\n%v", len(got), findings)
			}
		})
	}
}

func TestDeployLimits(t *testing.T) {
	if _, f := Deploys("d", iotest.ErrReader(errors.New("torn"))); f.Error() != "d: cannot be read: torn [deploy/list]" {
		t.Errorf("a reader that fails: %v", f)
	}
	if _, f := Deploys("d", strings.NewReader(strings.Repeat(" ", maxBytes+1))); f.Error() != "d: the list is larger than 16 MB [deploy/list]" {
		t.Errorf("a large file: %v", f)
	}
	many := "time,name\n" + strings.Repeat("x,v\n", maxListed+7)
	if _, f := Deploys("d", strings.NewReader(many)); len(f) != maxListed+1 || !strings.Contains(f.Error(), "d: 7 more of these are not listed") {
		t.Errorf("many errors: %d findings:\n%v", len(f), f)
	}
	twice := "time,name\n" + strings.Repeat("2026-10-12T09:00:00Z,v\n", maxListed+8)
	if got, f := Deploys("d", strings.NewReader(twice)); len(got) != 1 || len(f) != maxListed+1 || f.Errors() {
		t.Errorf("many warnings: %d deploys, %d findings:\n%v", len(got), len(f), f)
	}
	var b strings.Builder
	b.WriteString("time,name\n")
	for i := range maxEntries + 1 {
		fmt.Fprintf(&b, "%d,v\n", 1791795600+i)
	}
	if _, f := Deploys("d", strings.NewReader(b.String())); f.Error() != "d:100002:1: the list holds more than 100000 deploys [deploy/list]" {
		t.Errorf("many deploys: %v", f)
	}
}

// FuzzDeploys: no list makes Deploys panic, findings point into the list, and deploys
// written as a table are read as they were.
func FuzzDeploys(f *testing.F) {
	for _, text := range []string{
		"time,name,service\n2026-10-13T18:05:00+02:00,v2,checkout\n", "time;tag\n1791795600;\"a\"\"b\"\n", "{\"time\":1791795600,\"name\":\"v1\",\"x\":{}}\n{",
		"2026-10-13T18:05:00+02:00 HEAD -> main, tag: v2\n", "2026-10-13T18:05:00+02:00 tag:  v2,tag: \n", "2026-10-13 18:05 +0200 v1\n\nx", "time,name\n\"", "\uFEFF\n{}", "time,name\n2026-10-12T09:00:00Z,\"a\nb\"\n",
	} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		got, findings := Deploys("d", bytes.NewReader(text))
		lines := strings.Split(strings.TrimPrefix(string(text), "\uFEFF"), "\n")
		for _, finding := range findings {
			if p := finding.Pos; p.Line < 0 || p.Line > len(lines) || p.Line > 0 && p.Col > len([]rune(lines[p.Line-1]))+1 {
				t.Errorf("no such place: %v", finding)
			}
		}
		if len(got) == 0 {
			return
		}
		var b bytes.Buffer
		w := csv.NewWriter(&b)
		w.Write([]string{"time", "name", "service"})
		for _, d := range got {
			w.Write([]string{d.Time.Format(time.RFC3339Nano), d.Name, d.Service})
		}
		w.Flush()
		again, findings := Deploys("d", &b)
		if show(again) != show(got) || len(findings) > 0 {
			t.Errorf("read\n%swritten and read again\n%s%v", show(got), show(again), findings)
		}
	})
}
