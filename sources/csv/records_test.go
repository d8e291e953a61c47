package csv

import (
	"encoding/csv"
	"errors"
	"io"
	"reflect"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/table"
)

// readAll returns all records and the lines they start on.
func readAll(text string) (all [][]string, lines []int, err error) {
	r := records{lines: table.NewLines(strings.NewReader(text)), comma: ','}
	for {
		fields, line, err := r.next()
		if err == io.EOF {
			return all, lines, nil
		}
		if err != nil {
			return all, lines, err
		}
		var record []string
		for _, f := range fields {
			record = append(record, string(f))
		}
		all, lines = append(all, record), append(lines, line)
	}
}

func TestRecordsGoOnAfterABadOne(t *testing.T) {
	r := records{lines: table.NewLines(strings.NewReader("a,b\n1\"x,2\n3,\"4\n5\"\n\"6\"7,8\n9,10\n")), comma: ','}
	var got []string
	for {
		fields, line, err := r.next()
		var bad diag.Finding
		switch {
		case err == io.EOF:
			want := []string{"a b", "bad 2", "3 4\n5", "bad 5", "9 10"}
			if !reflect.DeepEqual(got, want) {
				t.Errorf("got %q, want %q", got, want)
			}
			return
		case errors.As(err, &bad):
			got = append(got, "bad "+string(rune('0'+line)))
		default:
			got = append(got, string(fields[0])+" "+string(fields[1]))
		}
	}
}

// FuzzRecords holds records against encoding/csv. Lines of spaces alone are records
// there and blank here; a byte order mark, a line sep=;, a first line of another kind of
// file and bytes that are not UTF-8 are text there.
func FuzzRecords(f *testing.F) {
	for _, s := range []string{
		"a,b\n1,2\n", "a,b\r\n\"1\",\"x,\"\"y\"\"\r\nz\"\r\n\r\n3,4", "\"\",\"\"\n", "a\"b,c\n", "\"a\"b\n", "\"a", "a,\"b\n\n\nc\",d\n\ne", "\r", "\"\r\"", ",\n,,\n", "\"a\r\nb\"\r",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, other := input.NotUTF8([]byte(text), diag.Pos{}); other {
			return
		}
		text = strings.ReplaceAll(strings.ReplaceAll(text, "\r\n", "\n"), "\r", "\n") // a line end too
		for _, line := range strings.Split(text, "\n") {
			if strings.HasPrefix(line, " ") || strings.HasPrefix(text, "\ufeff") || foreign([]byte(strings.TrimLeft(text, "\n")+" "), 1) != nil || strings.HasPrefix(strings.ToLower(strings.TrimLeft(text, "\"\n")), "sep=") {
				return
			}
		}
		r := csv.NewReader(strings.NewReader(text))
		r.FieldsPerRecord = -1
		var want [][]string
		var lines []int
		var wantErr error
		for {
			record, err := r.Read()
			if err != nil {
				if err != io.EOF {
					wantErr = err
				}
				break
			}
			line, _ := r.FieldPos(0)
			want, lines = append(want, record), append(lines, line)
		}
		got, gotLines, err := readAll(text)
		if (err != nil) != (wantErr != nil) || !reflect.DeepEqual(got, want) || !reflect.DeepEqual(gotLines, lines) {
			t.Fatalf("%q:\ngot  %q %v %v\nwant %q %v %v", text, got, gotLines, err, want, lines, wantErr)
		}
	})
}
