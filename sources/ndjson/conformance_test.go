package ndjson_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strconv"
	"testing"

	"github.com/nines-slo/nines/sources/ndjson"
	"github.com/nines-slo/nines/sources/sourcetest"
)

func TestConformanceOfCounts(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: ndjson.Kind(), Write: writeCounts, Gaps: true, Huge: true, Many: true, Labels: true})
}

func TestConformanceOfEvents(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: ndjson.Kind(), Write: writeEvents, Many: true, Labels: true})
}

func writeCounts(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	var rows []map[string]any
	cfg := sourcetest.Config{Source: "path: counts.ndjson\n"}
	for _, ref := range refs {
		for i, total := range ref.Series.Total {
			if ref.Series.Measured(i) {
				rows = append(rows, map[string]any{"timestamp": ref.Series.Time(i), "series": ref.Name,
					"region": ref.Labels["region"], "good": int64(total - ref.Series.Bad[i]), "bad": int64(ref.Series.Bad[i])})
			}
		}
		cfg.SLI = append(cfg.SLI, where(ref))
	}
	store(t, filepath.Join(dir, "counts.ndjson"), rows)
	return cfg
}

func writeEvents(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	var rows []map[string]any
	cfg := sourcetest.Config{Source: "path: events.ndjson\n"}
	for i, e := range sourcetest.Events(refs) {
		status := "ok"
		if e.Bad {
			status = "failed"
		}
		rows = append(rows, map[string]any{"timestamp": e.Time, "series": e.Name, "region": e.Region,
			"status": status, "duration": strconv.Itoa(i%50) + "ms"})
	}
	for _, ref := range refs {
		cfg.SLI = append(cfg.SLI, where(ref)+"good: {status: ok}\n")
	}
	store(t, filepath.Join(dir, "events.ndjson"), rows)
	return cfg
}

// where chooses the rows of ref, of all references if labels tell them apart.
func where(ref sourcetest.Reference) string {
	if ref.Labels != nil {
		return ""
	}
	return "where: {series: " + ref.Name + "}\n"
}

func store(t *testing.T, path string, rows []map[string]any) {
	t.Helper()
	var b bytes.Buffer
	for _, row := range rows {
		if err := json.NewEncoder(&b).Encode(row); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(path, b.Bytes(), 0o600); err != nil {
		t.Fatal(err)
	}
}
