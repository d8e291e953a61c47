package json

import (
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report"
)

// The documentation of this package names every key that a model writes, and every code
// of a gate's checks: it is the contract.
func TestEveryKeyIsDocumented(t *testing.T) {
	doc := documentation(t)
	missing := map[string]bool{}
	need := func(word string) {
		if !regexp.MustCompile(`(^|[^a-z0-9_])` + regexp.QuoteMeta(word) + `($|[^a-z0-9_])`).MatchString(doc) {
			missing[word] = true
		}
	}
	seen := map[reflect.Type]bool{}
	for _, model := range []any{report.Status{}, report.Report{}, report.Alerts{}, report.Gate{}, report.Backtest{},
		report.Suggestions{}, report.Brief{}} {
		keys(reflect.TypeOf(model), seen, need)
	}
	source, err := os.ReadFile("../../slo/gate/gate.go")
	if err != nil {
		t.Fatal(err)
	}
	codes := regexp.MustCompile(`(?m)^\t\w+ +Code = "(\w+)"`).FindAllSubmatch(source, -1)
	if len(codes) < 15 {
		t.Fatalf("%d codes of a gate's checks are found", len(codes))
	}
	for _, code := range codes {
		need(string(code[1]))
	}
	var words []string
	for word := range missing {
		words = append(words, word)
	}
	slices.Sort(words)
	if len(words) > 0 {
		t.Errorf("not in the documentation: %s", strings.Join(words, " "))
	}
}

// documentation returns the comments of this package.
func documentation(t *testing.T) string {
	t.Helper()
	files, err := filepath.Glob("*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		if strings.HasSuffix(file, "_test.go") {
			continue
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		for _, c := range parsed.Comments {
			all.WriteString(c.Text() + "\n")
		}
	}
	return all.String()
}

// keys hands on the JSON keys of t and of what it holds.
func keys(t reflect.Type, seen map[reflect.Type]bool, need func(string)) {
	switch t.Kind() {
	case reflect.Pointer, reflect.Slice, reflect.Array, reflect.Map:
		keys(t.Elem(), seen, need)
		return
	case reflect.Struct:
	default:
		return
	}
	if seen[t] || !strings.Contains(t.PkgPath(), "nines/") {
		return
	}
	seen[t] = true
	for i := range t.NumField() {
		name, _, _ := strings.Cut(t.Field(i).Tag.Get("json"), ",")
		if name == "-" {
			continue
		}
		if name != "" {
			need(name)
		}
		keys(t.Field(i).Type, seen, need)
	}
}
