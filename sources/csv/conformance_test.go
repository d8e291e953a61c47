package csv_test

import (
	"encoding/csv"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/text/encoding/unicode"

	"github.com/nines-slo/nines/slo"
	nines "github.com/nines-slo/nines/sources/csv"
	"github.com/nines-slo/nines/sources/sourcetest"
)

func TestConformanceOfCounts(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{
		Kind: nines.Kind(), Write: writeCounts,
		Gaps: true, Huge: true, Many: true, Labels: true, Steps: true, Grows: true,
	})
}

func TestConformanceOfEvents(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: nines.Kind(), Write: writeEvents, Many: true, Labels: true, Grows: true, Events: true})
}

// A table as a spreadsheet writes it passes what any other does.
func TestConformanceOfSpreadsheets(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{
		Kind: nines.Kind(), Write: writeSheet,
		Gaps: true, Huge: true, Many: true, Labels: true, Steps: true, Grows: true,
	})
}

// writeSheet writes counts as Excel does: UTF-16, sep=;, local times of a zone, and empty
// columns at the end.
func writeSheet(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	tokyo, err := time.LoadLocation("Asia/Tokyo")
	if err != nil {
		t.Fatal(err)
	}
	config := writeCounts(t, dir, refs)
	text, err := os.ReadFile(filepath.Join(dir, "data.csv"))
	if err != nil {
		t.Fatal(err)
	}
	rows, err := csv.NewReader(strings.NewReader(string(text))).ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	for i, row := range rows {
		if at, err := time.Parse(time.RFC3339, row[0]); err == nil {
			row[0] = at.In(tokyo).Format("2006/1/2 15:04:05")
		}
		rows[i] = append(row, "", "")
	}
	var sheet strings.Builder
	sheet.WriteString("sep=;\r\n")
	w := csv.NewWriter(&sheet)
	w.Comma, w.UseCRLF = ';', true
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	encoded, err := unicode.UTF16(unicode.LittleEndian, unicode.UseBOM).NewEncoder().String(sheet.String())
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data.csv"), []byte(encoded), 0o600); err != nil {
		t.Fatal(err)
	}
	config.Source += "time_format: '%Y/%m/%d %H:%M:%S'\ntimezone: Asia/Tokyo\n"
	return config
}

// failing asks for a column of durations that is empty in every row.
const failing = "good: {took_ms: '<= 300ms'}"

// writeCounts writes one row a measured bucket.
func writeCounts(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	rows := [][]string{{"timestamp", "series", "region", "bad", "total", "took_ms"}}
	for _, ref := range refs {
		s := ref.Series
		for i := range s.Total {
			if !math.IsNaN(s.Total[i]) {
				rows = append(rows, []string{s.Time(i).Format(time.RFC3339), ref.Name, ref.Labels["region"],
					fmt.Sprintf("%.0f", s.Bad[i]), fmt.Sprintf("%.0f", s.Total[i]), ""})
			}
		}
	}
	return write(t, dir, refs, rows, "")
}

// writeEvents writes one row an event; a series that nobody asks for spans the
// minutes without one.
func writeEvents(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	rows := [][]string{{"duration", "timestamp", "series", "region", "status", "code", "took_ms"}}
	for i, e := range sourcetest.Events(refs) {
		status := "ok"
		switch {
		case e.Vague:
			status = ""
		case e.Bad:
			status = "error"
		}
		rows = append(rows, []string{fmt.Sprintf("%dms", i), e.Time.Format(time.RFC3339Nano), e.Name, e.Region, status, e.Number, ""})
	}
	return write(t, dir, refs, rows, "good: {status: ok}\n")
}

func write(t *testing.T, dir string, refs []sourcetest.Reference, rows [][]string, sli string) sourcetest.Config {
	t.Helper()
	var b strings.Builder
	w := csv.NewWriter(&b)
	if err := w.WriteAll(rows); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(dir, "data.csv"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	source := "path: data.csv\n"
	if len(refs) > 0 && refs[0].Series.Step > time.Minute {
		source += fmt.Sprintf("step: %s\n", slo.FormatDuration(refs[0].Series.Step))
	}
	return sourcetest.Config{Source: source, SLI: sourcetest.Where(refs, "series", sli), Failing: failing, Number: "code"}
}
