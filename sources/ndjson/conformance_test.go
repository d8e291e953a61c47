package ndjson_test

import (
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/ndjson"
	"github.com/nines-slo/nines/sources/sourcetest"
)

func TestConformanceOfCounts(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{
		Kind: ndjson.Kind(), Write: writeCounts,
		Gaps: true, Huge: true, Many: true, Labels: true, Steps: true, Grows: true,
	})
}

func TestConformanceOfEvents(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: ndjson.Kind(), Write: writeEvents, Many: true, Labels: true, Grows: true, Events: true})
}

type object map[string]any

func writeCounts(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	var rows []object
	for _, ref := range refs {
		s := ref.Series
		for i := range s.Total {
			if !math.IsNaN(s.Total[i]) {
				rows = append(rows, object{"timestamp": s.Time(i).UnixMilli(), "meta": object{"series": ref.Name}, "region": ref.Labels["region"],
					"bad": int64(s.Bad[i]), "took_ms": nil, "good": fmt.Sprint(int64(s.Total[i] - s.Bad[i]))})
			}
		}
	}
	return write(t, dir, refs, rows, "")
}

func writeEvents(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	var rows []object
	for i, e := range sourcetest.Events(refs) {
		row := object{"timestamp": e.Time.Format(time.RFC3339Nano), "meta": object{"series": e.Name}, "region": e.Region,
			"ok": !e.Bad, "duration": 0.25, "code": number(e.Number), "took_ms": nil}
		switch {
		case e.Vague && i%2 == 0:
			row["ok"] = nil
		case e.Vague:
			delete(row, "ok")
		}
		rows = append(rows, row)
	}
	return write(t, dir, refs, rows, "good: {ok: true}\n")
}

// number returns a number as one, another text as a text, and nothing as null.
func number(text string) any {
	if n, err := strconv.Atoi(text); err == nil {
		return n
	}
	if text == "" {
		return nil
	}
	return text
}

func write(t *testing.T, dir string, refs []sourcetest.Reference, rows []object, sli string) sourcetest.Config {
	t.Helper()
	var b strings.Builder
	for _, row := range rows {
		line, err := json.Marshal(row)
		if err != nil {
			t.Fatal(err)
		}
		b.Write(append(line, '\n'))
	}
	if err := os.WriteFile(filepath.Join(dir, "data.ndjson"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	source := "path: data.ndjson\n"
	if len(refs) > 0 && refs[0].Series.Step > time.Minute {
		source += fmt.Sprintf("step: %s\n", slo.FormatDuration(refs[0].Series.Step))
	}
	return sourcetest.Config{Source: source, SLI: sourcetest.Where(refs, "meta.series", sli),
		Failing: "good: {took_ms: '<= 300ms'}", Number: "code"}
}
