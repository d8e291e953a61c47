package csv_test

import (
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

func TestRefuses(t *testing.T) {
	ok := head + minute(0, "10,10")
	for _, c := range []struct {
		name string
		data string
		want []string // in the message, each
	}{
		{"good over total, and nan", ok + minute(1, "11,10") + minute(2, "nan,10"), []string{"data.csv:3:", "11", "data.csv:4:", `"nan"`}},
		{"nan in capitals", ok + minute(1, "NaN,10"), []string{`data.csv:3: column "good": "NaN" is not a count [csv/count]`}},
		{"inf", ok + minute(1, "1,Inf"), []string{`data.csv:3: column "total": "Inf"`}},
		{"infinity with sign", ok + minute(1, "1,+infinity"), []string{"data.csv:3"}},
		{"negative", ok + minute(1, "-1,10"), []string{`column "good": "-1" is negative`}},
		{"minus nought", ok + minute(1, "-0,10"), []string{"negative"}},
		{"plus sign", ok + minute(1, "+5,10"), []string{`"+5" has a sign`}},
		{"hexadecimal", ok + minute(1, "0x1F,100"), []string{"hexadecimal"}},
		{"underscore", ok + minute(1, "1_000,2000"), []string{"has a separator"}},
		{"thousands separator", ok + minute(1, `"1,000",2000`), []string{`column "good": "1,000" has a separator`}},
		{"apostrophe", ok + minute(1, "1'000,2000"), []string{"has a separator"}},
		{"exponent without digits", ok + minute(1, "1e,2000"), []string{"is not a count"}},
		{"more good than total by less than is held", ok + minute(1, "20.00000000001,20"), []string{`data.csv:3: column "good" is 20.00000000001, more than "total", which is 20`}},
		{"no unit for a row", ok + minute(1, "0.001,1e13"), []string{`data.csv:3: "good" 0.001 and "total" 10000000000000 come to over 2^53 times their last decimal`}},
		{"no unit for a series", ok + minute(1, "1e13,1e13") + minute(2, "0.001,1"), []string{
			"data.csv:4: the rows of 2026-05-01T00:01:00Z add up to 10000000000000, which is over 2^53 times 0.001, the last decimal"}},
		{"words", ok + minute(1, "ten,10"), []string{`"ten" is not a count`}},
		{"full-width digits", ok + minute(1, "１,10"), []string{"is not a count"}},
		{"empty count", ok + minute(1, ",10"), []string{`data.csv:3: column "good" is empty`}},
		{"two points", ok + minute(1, "1.2.3,10"), []string{"is not a count"}},
		{"point alone", ok + minute(1, ".5,10"), []string{"is not a count"}},
		{"over 2^53", ok + minute(1, "1,9007199254740993"), []string{"cannot be held exactly"}},
		{"over 2^53 with a point", ok + minute(1, "1,9007199254740993.0"), []string{"cannot be held exactly"}},
		{"over uint64", ok + minute(1, "1,99999999999999999999"), []string{"data.csv:3"}},
		{"sum over 2^53", "timestamp,good,bad\n" + minute(0, "9007199254740992,1"), []string{"data.csv:2", "cannot be held exactly"}},
		{"rows sum over 2^53", "timestamp,h,good,total\n" + minute(0, "a,0,9007199254740992") + minute(0, "b,0,1"), []string{"data.csv:3", "2^53"}},
		{"three that disagree", "timestamp,good,bad,total\n" + minute(0, "8,1,10"), []string{"data.csv:2", "do not add up"}},
		{"bad over total", "timestamp,bad,total\n" + minute(0, "11,10"), []string{`column "bad" is 11, more than "total", which is 10`}},
		{"short row", ok + "2026-05-01T00:01:00Z,10\n", []string{"data.csv:3: row has 2 fields, the header 3 [csv/row]"}},
		{"long row", ok + minute(1, "10,10,1"), []string{"row has 4 fields, the header 3"}},
		{"short row after a field of two lines", "timestamp,note,good,total\n2026-05-01T00:00:00Z,\"a\nb\",1,1\n2026-05-01T00:01:00Z,1\n", []string{"data.csv:4: row"}},
		{"quote inside", ok + `2026-05-01T00:01:00Z,1"0,10` + "\n" + minute(2, "x,1"), []string{"data.csv:3", "quote inside", "data.csv:4"}},
		{"text after a quote", ok + `2026-05-01T00:01:00Z,"1"0,10` + "\n", []string{"data.csv:3", "goes on after its closing quote"}},
		{"quote never closed", ok + "2026-05-01T00:01:00Z,\"10,10\n" + minute(2, "1,1"), []string{"data.csv:3: quote is not closed"}},
		{"no timestamp", ok + ",1,1\n", []string{`data.csv:3: column "timestamp" is empty [csv/timestamp]`}},
		{"no offset", ok + "2026-05-01T00:01:00,1,1\n", []string{`data.csv:3: column "timestamp": "2026-05-01T00:01:00" has no offset`}},
		{"no such day", ok + "2026-02-29T00:01:00Z,1,1\n", []string{"is not a timestamp"}},
		{"a date alone", ok + "2026-05-01,1,1\n", []string{"is not a timestamp"}},
		{"american date", ok + "05/01/2026 00:01,1,1\n", []string{"is not a timestamp"}},
		{"date without punctuation", ok + "20260501,1,1\n", []string{"neither Unix seconds nor milliseconds"}},
		{"minutes without punctuation", ok + "202605010001,1,1\n", []string{"neither"}},
		{"microseconds", ok + "1777593660000000,1,1\n", []string{"neither"}},
		{"hour 24", ok + "2026-05-01T24:00:00Z,1,1\n", []string{"is not a timestamp"}},
		{"bad offset", ok + "2026-05-01T00:01:00+9,1,1\n", []string{"offset"}},
		{"off the grid", ok + "2026-05-01T00:01:30Z,1,1\n", []string{"data.csv:3", "does not start a step of 1m"}},
		{"fraction of a second", ok + "2026-05-01T00:01:00.5Z,1,1\n", []string{"does not start a step"}},
		{"other counts for one minute", ok + minute(1, "1,1") + minute(0, "9,10"), []string{"data.csv:4", "comes again with other counts [csv/duplicate]"}},
		{"other counts, other offset", ok + "2026-05-01T09:00:00+09:00,9,10\n", []string{"data.csv:3", "[csv/duplicate]"}},
		{"missing column", "timestamp,good,totals\n" + minute(0, "1,1"), []string{"data.csv:1", "two of good, bad and total"}},
		{"missing timestamp", "time,good,total\n" + minute(0, "1,1"), []string{`data.csv:1: column "timestamp" is missing, the file has "time", "good", "total" [csv/column]`}},
		{"column twice", "timestamp,good,total,good\n" + minute(0, "1,1,1"), []string{`data.csv:1: columns 2 and 4 have the same name`}},
		{"column without a name", "timestamp,,good,total\n" + minute(0, ",1,1"), []string{"data.csv:1: column 2 has no name"}},
		{"a value in a column without a name", "timestamp,good,total,,\n" + minute(0, "1,1,,") + minute(1, "1,1,,x"), []string{"data.csv:3: row has 5 fields, the header 3"}},
		{"a last row that is not written yet", "timestamp,good,total,host,zone\n" + minute(0, "1,1,a,b") + "2026-05-01T00:01:00Z,1,1,a", []string{"data.csv:3: row has 4 fields, the header 5"}},
		{"json", `{"timestamp":"2026-05-01T00:00:00Z","good":1,"total":1}` + "\n", []string{"data.csv:1: the first line is JSON"}},
		{"control characters", "\x00\x01\x02,good\n", []string{"data.csv:1: the first line holds control characters"}},
		{"a decimal comma unannounced", "timestamp;good;total\n2026-05-01T00:00:00Z;1,5;2\n", []string{`data.csv:2: column "good": "1,5" has a separator`}},
		{"no header", minute(0, "1,1") + minute(1, "1,1"), []string{"data.csv:1", "names no columns"}},
		{"empty file", "", []string{"data.csv: file is empty"}},
		{"utf-32", "\xff\xfe\x00\x00t\x00\x00\x00", []string{"UTF-32"}},
		{"a line over 1 MiB", ok + strings.Repeat("9", 2<<20) + "\n" + minute(1, "x,1"), []string{"data.csv:3: line is longer than 1 MiB", "data.csv:4"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			answers, err := ask(t, question{data: c.data, length: time.Hour})
			if err == nil && len(answers) == 1 {
				err = answers[0].Err
			}
			list, isList := err.(diag.List)
			if !isList || !list.Errors() {
				t.Fatalf("error: got %v, want findings", err)
			}
			for _, want := range c.want {
				if !strings.Contains(err.Error(), want) {
					t.Errorf("got %v, want %q in it", err, want)
				}
			}
		})
	}
}

// A column that is different in every row would be remembered for every row.
func TestRefusesAColumnOfItsOwnForEveryRow(t *testing.T) {
	var data strings.Builder
	data.WriteString("timestamp,region,id,good,total\n")
	for i := range 30_000 {
		fmt.Fprintf(&data, "2026-05-01T00:00:00Z,eu-%d,%d,1,1\n", i%3, i)
	}
	answers, err := ask(t, question{data: data.String(), length: time.Hour})
	if err == nil && len(answers) == 1 {
		err = answers[0].Err
	}
	want := `data.csv:10002: rows have more than 10,000 different sets of dimensions; column "id" alone has 10,000 values [csv/dimensions]`
	if err == nil || err.Error() != want {
		t.Errorf("got %v, want %s", err, want)
	}
}

func TestNamesTwentyRowsAndCountsTheOthers(t *testing.T) {
	data := head
	for i := range 1254 {
		data += fmt.Sprintf("2026-05-%02dT%02d:%02d:00Z,2,1\n", 1+i/1440, i/60%24, i%60)
	}
	list, _ := one(t, question{data: data, length: time.Hour}).Err.(diag.List)
	if len(list) != 21 {
		t.Fatalf("got %d findings, want 21", len(list))
	}
	if got, want := list[20].Error(), "data.csv:22: and 1,234 more from this line on [csv/more]"; got != want {
		t.Errorf("last finding: got %q, want %q", got, want)
	}
}
