package csv_test

import (
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"github.com/nines-slo/nines/slo/diag"
)

// Tables as spreadsheets write them mean what they say.
func TestSpreadsheets(t *testing.T) {
	japan := "日時,区分,正常,合計\r\n2026/5/1 9:00,本番,9,10\r\n2026/5/1 9:01,試験,0,5\r\n"
	columns := "\ncolumns: {timestamp: 日時, good: 正常, total: 合計}\ntime_format: '%Y/%m/%d %H:%M'\ntimezone: Asia/Tokyo"
	sjis, _ := japanese.ShiftJIS.NewEncoder().String(japan)
	wide, _ := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(strings.ReplaceAll(japan, ",", "\t"))
	for _, c := range []struct{ name, data, source, sli, want string }{
		{"sep=;", "sep=;\r\ntimestamp;good;total\r\n2026-05-01T00:00:00Z;9;10\r\n", "", "", "1/10 _"},
		{"sep= in capitals and quotes", "\ufeff\"SEP=|\"\r\ntimestamp|good|total\r\n2026-05-01T00:00:00Z|9|10\r\n", "", "", "1/10 _"},
		{"sep= is of the file", "sep=;\r\ntimestamp;good;total\r\n2026-05-01T00:00:00Z;9;10\r\n", "delimiter: ','", "", "1/10 _"},
		{"semicolons", "timestamp;good;total\n2026-05-01T00:00:00Z;9;10\n", "", "", "1/10 _"},
		{"bars", "timestamp|good|total\n2026-05-01T00:00:00Z|9|10\n", "", "", "1/10 _"},
		{"a comma in a quoted name", "timestamp;\"good, and well\";total\n2026-05-01T00:00:00Z;9;10\n", "columns: {good: 'good, and well'}", "", "1/10 _"},
		{"decimal comma", "timestamp;bad;total\n2026-05-01T00:00:00Z;1,5;10\n2026-05-01T00:01:00Z;0;2\n", "decimal: ','", "", "1.5/10 0/2"},
		{"decimal comma, quoted", "timestamp,bad,total\n2026-05-01T00:00:00Z,\"1,5\",10\n", "decimal: ','", "", "1.5/10 _"},
		{"decimal comma of a duration", "timestamp;took_ms\n2026-05-01T00:00:00Z;299,5\n2026-05-01T00:00:01Z;300,5\n", "decimal: ','", "good: {took_ms: '<= 300ms'}", "1/2 _"},
		{"old Macintosh", "timestamp,good,total\r2026-05-01T00:00:00Z,9,10\r2026-05-01T00:01:00Z,1,1\r", "", "", "1/10 0/1"},
		{"returns in a quoted field", "timestamp,note,good,total\r\n2026-05-01T00:00:00Z,\"a\rb\r\nc\nd\",9,10\r\n", "", "where: {note: \"a\\nb\\nc\\nd\"}", "1/10 _"},
		{"empty columns at the end", "timestamp,good,total,,\n2026-05-01T00:00:00Z,9,10,,\n2026-05-01T00:01:00Z,1,1\n", "", "", "1/10 0/1"},
		{"empty fields behind the columns", "timestamp,good,total\n2026-05-01T00:00:00Z,9,10,,\n2026-05-01T00:01:00Z,1,1\n", "", "", "1/10 0/1"},
		{"rows of nothing", "timestamp,good,total\n,,\n2026-05-01T00:00:00Z,9,10\n,,\n , ,\n", "", "", "1/10 _"},
		{"rows that leave out the last columns", "timestamp,good,total,host,note\n2026-05-01T00:00:00Z,9,10,a,\n2026-05-01T00:01:00Z,1,1\n", "", "", "1/10 0/1 [short 3]"},
		{"a row that leaves out what is asked", "timestamp,status,note\n2026-05-01T00:00:00Z,ok,\n2026-05-01T00:00:01Z\n", "max_unread: 60%", "good: {status: ok}", "0/1 _ [short 3] [absent slo.yaml:2:7] [absent 3]"},

		{"Shift_JIS", sjis, "encoding: shift_jis" + columns, "where: {区分: 本番}", "1/10 _"},
		{"UTF-16 with tabs, Excel's Unicode text", wide, "delimiter: tab" + columns, "where: {区分: 本番}", "1/10 _"},
		{"UTF-16 with tabs, known by the header", wide, strings.TrimPrefix(columns, "\n"), "", "1/10 5/5"},
	} {
		a := one(t, question{data: c.data, source: c.source, sli: c.sli, length: 2 * time.Minute})
		got := counts(a)
		for _, n := range a.Notes {
			got += " [" + strings.TrimPrefix(n.Code, "csv/") + " " + strings.TrimPrefix(strings.SplitN(diag.Finding{Pos: n.Pos}.Error(), ": ", 2)[0], "data.csv:") + "]"
		}
		if got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
}

// What nobody can be sure of is refused with what to say.
func TestSpreadsheetHints(t *testing.T) {
	sjis, _ := japanese.ShiftJIS.NewEncoder().String("日時,正常,合計\n2026/5/1,1,1\n")
	for _, c := range []struct{ name, data, source, want string }{
		{"a decimal comma", "timestamp;bad;total\n2026-05-01T00:00:00Z;1,5;10\n", "", `if it is a comma before decimals say in the source: decimal: ","`},
		{"a point where a comma is decimal", "timestamp;bad;total\n2026-05-01T00:00:00Z;1.234;1.500\n", "decimal: ','", "write the digits alone, and a comma before decimals"},
		{"thousands and a decimal comma", "timestamp;bad;total\n2026-05-01T00:00:00Z;1;1.234,5\n", "decimal: ','", "write the digits alone, and a comma before decimals"},
		{"Shift_JIS that is not said", sjis, "columns: {timestamp: 日時}", "say in the source how it is encoded, such as encoding: shift_jis"},
		{"Shift_JIS in a row", "timestamp,good,total,note\n2026-05-01T00:00:00Z,1,1," + sjis[:4] + "\n", "", "such as encoding: shift_jis"},
		{"Shift_JIS where UTF-8 is said", "timestamp,good,total,note\n2026-05-01T00:00:00Z,1,1," + sjis[:4] + "\n", "encoding: utf-8", "such as encoding: shift_jis"},
		{"Latin-1 in a quoted field", "timestamp,good,total,note\n2026-05-01T00:00:00Z,1,1,\"a\nGr\xf6\xdfe\"\n", "", "such as encoding: windows-1252"},
		{"bytes of no text", "timestamp,good,total\n\xff\x00\x01\n", "", "is the file a text?"},
		{"json", "[\n", "", "type: ndjson reads one object a line"},
		{"a date of Japan", "timestamp,good,total\n2026/5/1 9:00,1,1\n", "timezone: Asia/Tokyo", `say in the source how it is written: time_format: "%Y/%m/%d %H:%M"`},
	} {
		answers, err := ask(t, question{data: c.data, source: c.source, length: time.Hour})
		if err == nil && len(answers) == 1 {
			err = answers[0].Err
		}
		list, _ := err.(diag.List)
		if len(list) == 0 || !strings.Contains(list[0].Hint, c.want) {
			t.Errorf("%s: got %+v, want the hint %q", c.name, list, c.want)
		}
	}
}
