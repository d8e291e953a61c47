package main

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/nines-slo/nines/"

// doors names the one package that may import each outside library, or the packages that may
// import a part of one that has doors of its own. Tests may import more.
var doors = map[string]string{
	"github.com/goccy/go-yaml":         "slo/spec/yaml",
	"github.com/google/jsonschema-go":  "slo/spec/schema",
	"github.com/arran4/golang-ical":    "slo/spec/ical",
	"github.com/teambition/rrule-go":   "slo",
	"github.com/klauspost/compress":    "sources/input",
	"golang.org/x/text":                "sources/input",
	"golang.org/x/net/idna":            "slo/spec/hosts",
	"golang.org/x/net/publicsuffix":    "report/notify",
	"github.com/xuri/excelize":         "report/excel",
	"github.com/go-echarts/go-echarts": "report/html",
	"github.com/mattn/go-runewidth":    "slo/diag",
	"github.com/gofrs/flock":           "report/notify/ledger",
	"github.com/wneessen/go-mail":      "report/notify/email",
	"github.com/alecthomas/kong":       "cmd/nines",
	"gonum.org/v1/gonum":               "slo/evidence",
	"github.com/prometheus/prometheus": "sources/prometheus/promql",
	"google.golang.org/protobuf":       "sources/prometheus/remote",
	"pgregory.net/rapid":               "sources/sample/sampletest",

	"github.com/klauspost/compress/snappy": "sources/prometheus/remote",
	"github.com/klauspost/compress/zstd":   "sources/input report/html",
	"github.com/aws/aws-sdk-go-v2":         "sources/prometheus/access",
	"golang.org/x/net/http/httpproxy":      "sources/prometheus/access",
}

type pkg struct {
	ImportPath string
	Imports    []string
}

// TestImports holds the rules of the house: slo knows neither wing, the wings do
// not know each other, and each outside library has one door.
func TestImports(t *testing.T) {
	for _, p := range packages(t) {
		from := strings.TrimPrefix(p.ImportPath, module)
		for _, imported := range p.Imports {
			to, ours := strings.CutPrefix(imported, module)
			if ours && !mayImport(from, to) {
				t.Errorf("%s imports %s", from, to)
			}
			if host, _, _ := strings.Cut(imported, "/"); !ours && strings.Contains(host, ".") {
				if door := doorOf(imported); !slices.Contains(strings.Fields(door), from) {
					t.Errorf("%s imports %s, whose door is %q", from, imported, door)
				}
			}
		}
	}
}

func wing(path string) string {
	top, _, _ := strings.Cut(path, "/")
	return top
}

func mayImport(from, to string) bool {
	switch wing(from) {
	case "slo":
		return wing(to) == "slo"
	case "sources":
		return wing(to) == "slo" || wing(to) == "sources"
	case "report":
		return wing(to) == "slo" || wing(to) == "report"
	}
	return true
}

func doorOf(imported string) string {
	for part := imported; part != "."; part = path.Dir(part) {
		if door, ok := doors[part]; ok {
			return door
		}
	}
	return ""
}

func packages(t *testing.T) []pkg {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Imports", "./...")
	cmd.Dir = "../.."
	out, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	var all []pkg
	dec := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p pkg
		if err := dec.Decode(&p); errors.Is(err, io.EOF) {
			return all
		} else if err != nil {
			t.Fatal(err)
		}
		all = append(all, p)
	}
}

// TestTopLevel holds the list of folders and files at the root.
func TestTopLevel(t *testing.T) {
	entries, err := os.ReadDir("../..")
	if err != nil {
		t.Fatal(err)
	}
	allowed := []string{"cmd", "slo", "sources", "report", "testdata", "examples",
		"go.mod", "go.sum", "README.md", "LICENSE", "CHANGELOG.md", "SECURITY.md",
		"nines-report", "nines", "nines.yaml", "demo.yaml"} // the last line: what readers of the pages make
	for _, e := range entries {
		if !strings.HasPrefix(e.Name(), ".") && !slices.Contains(allowed, e.Name()) {
			t.Errorf("%s does not belong at the top", e.Name())
		}
	}
}

// TestMainIsTiny keeps wiring out of main.
func TestMainIsTiny(t *testing.T) {
	text, err := os.ReadFile("main.go")
	if err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(string(text), "\n"); n > 30 {
		t.Errorf("main.go has %d lines, at most 30 are allowed", n)
	}
}
