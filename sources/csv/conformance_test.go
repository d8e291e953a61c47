package csv_test

import (
	rows "encoding/csv"
	"os"
	"path/filepath"
	"strconv"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources/csv"
	"github.com/nines-slo/nines/sources/sourcetest"
)

func TestConformanceOfCounts(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: csv.Kind(), Write: writeCounts, Gaps: true, Huge: true, Many: true, Labels: true})
}

func TestConformanceOfEvents(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: csv.Kind(), Write: writeEvents, Many: true, Labels: true})
}

func writeCounts(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	rows := [][]string{{"timestamp", "series", "region", "bad", "total"}}
	cfg := sourcetest.Config{Source: "path: counts.csv\n"}
	for _, ref := range refs {
		for i, total := range ref.Series.Total {
			if ref.Series.Measured(i) {
				rows = append(rows, []string{ref.Series.Time(i).Format(time.RFC3339), ref.Name, ref.Labels["region"],
					count(ref.Series.Bad[i]), count(total)})
			}
		}
		cfg.SLI = append(cfg.SLI, where(ref))
	}
	store(t, filepath.Join(dir, "counts.csv"), rows)
	return cfg
}

func writeEvents(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	rows := [][]string{{"timestamp", "series", "region", "status", "duration"}}
	cfg := sourcetest.Config{Source: "path: events.csv\n"}
	for i, e := range sourcetest.Events(refs) {
		status := "200"
		if e.Bad {
			status = "503"
		}
		rows = append(rows, []string{e.Time.Format(time.RFC3339), e.Name, e.Region, status, strconv.Itoa(i%50) + "ms"})
	}
	for _, ref := range refs {
		cfg.SLI = append(cfg.SLI, where(ref)+"bad: {status: 500-599}\n")
	}
	store(t, filepath.Join(dir, "events.csv"), rows)
	return cfg
}

// where chooses the rows of ref, of all references if labels tell them apart.
func where(ref sourcetest.Reference) string {
	if ref.Labels != nil {
		return ""
	}
	return "where: {series: " + ref.Name + "}\n"
}

func count(n float64) string { return strconv.FormatFloat(n, 'f', 0, 64) }

func store(t *testing.T, path string, table [][]string) {
	t.Helper()
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := rows.NewWriter(f).WriteAll(table); err != nil {
		t.Fatal(err)
	}
	if err := f.Close(); err != nil {
		t.Fatal(err)
	}
}
