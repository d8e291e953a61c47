package journal

import (
	"encoding/csv"
	"strings"
	"testing"
	"time"
)

func TestIncidents(t *testing.T) {
	for name, c := range map[string]struct {
		text string
		want []string // "start end name service slo", by start
		find []string
	}{
		"the form":                           {"start,end,name\n2026-05-05T06:00:00Z,2026-05-05T06:25:00Z,db down\n", []string{"05T06:00 05T06:25 db down||"}, nil},
		"columns in any order, and any case": {"Name, END ,start\nx,2026-05-05T06:25:00Z,2026-05-05T06:00:00Z\n", []string{"05T06:00 05T06:25 x||"}, nil},
		"offsets are read":                   {"start,end\n2026-05-05T08:00:00+02:00,2026-05-05T06:25:00Z\n", []string{"05T06:00 05T06:25 ||"}, nil},
		"other stamps":                       {"start,end\n2026-05-05 08:00+0200,1777962300\n", []string{"05T06:00 05T06:25 ||"}, nil},
		"a stamp without its offset":         {"start,end\n2026-05-05T06:00:00,\n", nil, []string{`i.csv:2:1: start "2026-05-05T06:00:00" is not an instant [incidents/time]`}},
		"sorted by start": {"start,end,name\n2026-05-06T06:00:00Z,2026-05-06T06:25:00Z,b\n2026-05-05T06:00:00Z,2026-05-05T06:25:00Z,a\n",
			[]string{"05T06:00 05T06:25 a||", "06T06:00 06T06:25 b||"}, nil},
		"an open end":          {"start,end\n2026-05-05T06:00:00Z,\n", []string{"05T06:00 open ||"}, nil},
		"a point":              {"start,end\n2026-05-05T06:00:00Z,2026-05-05T06:00:00Z\n", []string{"05T06:00 05T06:00 ||"}, nil},
		"of one objective":     {"start,end,service,slo\n2026-05-05T06:00:00Z,,shop,orders\n", []string{"05T06:00 open |shop|orders"}, nil},
		"byte order mark":      {"\ufeffstart,end\n2026-05-05T06:00:00Z,\n", []string{"05T06:00 open ||"}, nil},
		"line ends of Windows": {"start,end\r\n2026-05-05T06:00:00Z,\r\n", []string{"05T06:00 open ||"}, nil},
		"a row twice is one incident": {"start,end,name,slo\n2026-05-05T06:00:00Z,,db,\n2026-05-05T08:00:00+02:00,, db ,\n2026-05-05T06:00:00Z,,db,orders\n",
			[]string{"05T06:00 open db||", "05T06:00 open db||orders"}, []string{"i.csv:3: the row says what line 2 does: it is one incident [incidents/again]"}},
		"no incident":              {"start,end\n", nil, nil},
		"nothing":                  {"", nil, []string{"i.csv: the file is empty [incidents/header]"}},
		"no end":                   {"start,name\n", nil, []string{`i.csv:1: the header has no column "end" [incidents/header]`}},
		"a column that is unread":  {"start,end,severity\n", nil, []string{`i.csv:1:11: column "severity" is not read [incidents/column]`}},
		"a column twice":           {"start,end,end\n", nil, []string{`i.csv:1:11: column "end" is there twice [incidents/header]`}},
		"columns count characters": {"name,start,end\n障害,yesterday,\n", nil, []string{`i.csv:2:4: start "yesterday" is not an instant [incidents/time]`}},
		"every mistake": {"start,end\n2026-05-05,\n2026-05-05T06:00:00Z,2026-05-05T05:00:00Z\n2026-05-05T06:00:00Z\n", nil, []string{
			`i.csv:2:1: start "2026-05-05" is not an instant [incidents/time]`,
			`i.csv:3:22: the incident ends at 2026-05-05T05:00:00Z, before it starts at 2026-05-05T06:00:00Z [incidents/order]`,
			`i.csv:4: the row does not have the 2 cells of the header [incidents/csv]`}},
		"an open quote": {"start,end\n\"2026,\n", nil, []string{`i.csv:2:8: extraneous or missing " in quoted-field [incidents/csv]`}},
		"not text":      {"start,end\n\xff,\n", nil, []string{"i.csv: the file is not UTF-8 text [incidents/text]"}},
	} {
		got, findings := Incidents("i.csv", strings.NewReader(c.text))
		var incidents, found []string
		for _, in := range got {
			end := "open"
			if !in.End.IsZero() {
				end = in.End.Format("02T15:04")
			}
			incidents = append(incidents, in.Start.Format("02T15:04")+" "+end+" "+in.Name+"|"+in.Service+"|"+in.SLO)
		}
		for _, f := range findings {
			found = append(found, f.Error())
		}
		if strings.Join(incidents, "\n") != strings.Join(c.want, "\n") || strings.Join(found, "\n") != strings.Join(c.find, "\n") {
			t.Errorf("%s: got %q, %q, want %q, %q", name, incidents, found, c.want, c.find)
		}
	}
}

func TestManyTwice(t *testing.T) {
	got, findings := Incidents("i.csv", strings.NewReader("start,end\n"+strings.Repeat("2026-05-05T06:00:00Z,\n", 31)))
	if len(got) != 1 || len(findings) != maxAgain+1 || !strings.Contains(findings.Error(), "i.csv: 10 more rows are there twice") {
		t.Errorf("%d incidents, %d findings:\n%v", len(got), len(findings), findings)
	}
}

func TestTooLarge(t *testing.T) {
	_, findings := Incidents("i.csv", strings.NewReader("start,end\n"+strings.Repeat(" ", maxBytes)))
	if len(findings) != 1 || findings[0].Code != "incidents/size" {
		t.Error(findings)
	}
}

// FuzzIncidents: whatever a file holds, it does not panic, what is refused has a
// place, and what is read reads the same again when it is written.
func FuzzIncidents(f *testing.F) {
	for _, text := range []string{"start,end,name\n2026-05-05T06:00:00Z,2026-05-05T06:25:00Z,db\n", "name,start,end\n障害,x,\n", "\"", "start,end\n,\n", "start,end,end,x"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		got, findings := Incidents("i.csv", strings.NewReader(text))
		for _, finding := range findings {
			if finding.Pos.File == "" || finding.Code == "" {
				t.Fatalf("%q: %v", text, finding)
			}
		}
		var b strings.Builder
		w := csv.NewWriter(&b)
		w.Write([]string{"start", "end", "name", "service", "slo"})
		for _, in := range got {
			end := ""
			if !in.End.IsZero() {
				end = in.End.Format(time.RFC3339Nano)
			}
			w.Write([]string{in.Start.Format(time.RFC3339Nano), end, in.Name, in.Service, in.SLO})
		}
		w.Flush()
		again, findings := Incidents("i.csv", strings.NewReader(b.String()))
		if len(findings) > 0 || len(again) != len(got) {
			t.Fatalf("%q: %v, %d incidents, want %d", text, findings, len(again), len(got))
		}
		for i := range got {
			if !again[i].Start.Equal(got[i].Start) || !again[i].End.Equal(got[i].End) || again[i].Name != got[i].Name {
				t.Fatalf("%q: %v, want %v", text, again[i], got[i])
			}
		}
	})
}
