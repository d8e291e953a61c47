package accesslog_test

import (
	"bytes"
	"compress/gzip"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources/accesslog"
	"github.com/nines-slo/nines/sources/sourcetest"
)

func TestConformanceOfRotatedLogs(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: accesslog.Kind(), Write: writeRotated, Many: true})
}

func TestConformanceOfJSON(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: accesslog.Kind(), Write: writeJSON, Many: true, Labels: true})
}

// writeRotated puts every other event into a second, compressed file, with times
// of another zone, so that no order of lines helps.
func writeRotated(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	files := [2]bytes.Buffer{}
	zones := [2]*time.Location{time.UTC, time.FixedZone("", -(9*3600 + 1800))}
	for i, e := range sourcetest.Events(refs) {
		fmt.Fprintf(&files[i%2], "192.0.2.1 - - [%s] \"GET /%s/x?%d HTTP/1.1\" %d 17 \"-\" \"probe\" 0.%03d\n",
			e.Time.In(zones[i%2]).Format("02/Jan/2006:15:04:05 -0700"), e.Name, i, status(e), i%1000)
	}
	store(t, filepath.Join(dir, "access.log"), files[0].Bytes())
	store(t, filepath.Join(dir, "access.log.1.gz"), compressed(t, files[1].Bytes()))
	cfg := sourcetest.Config{Source: "path: access.log*\nformat: combined+request_time\n"}
	for _, ref := range refs {
		cfg.SLI = append(cfg.SLI, "where: {path: /"+ref.Name+"/*}\nbad: {status: 500-599}\n")
	}
	return cfg
}

func writeJSON(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	var b bytes.Buffer
	for i, e := range sourcetest.Events(refs) {
		line := map[string]any{"time": e.Time, "path": "/" + e.Name, "status": status(e), "region": e.Region, "took": i % 1000}
		if err := json.NewEncoder(&b).Encode(line); err != nil {
			t.Fatal(err)
		}
	}
	store(t, filepath.Join(dir, "access.json"), b.Bytes())
	cfg := sourcetest.Config{Source: "path: access.json\nformat: json\nfields: {duration: took, duration_unit: ms}\n"}
	for _, ref := range refs {
		where := "where: {path: /" + ref.Name + "}\n"
		if ref.Labels != nil {
			where = ""
		}
		cfg.SLI = append(cfg.SLI, where+"good: {status: 200}\n")
	}
	return cfg
}

func status(e sourcetest.Event) int {
	if e.Bad {
		return 503
	}
	return 200
}

func compressed(t *testing.T, text []byte) []byte {
	t.Helper()
	var b bytes.Buffer
	z := gzip.NewWriter(&b)
	if _, err := z.Write(text); err != nil {
		t.Fatal(err)
	}
	if err := z.Close(); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func store(t *testing.T, path string, text []byte) {
	t.Helper()
	if err := os.WriteFile(path, text, 0o600); err != nil {
		t.Fatal(err)
	}
}
