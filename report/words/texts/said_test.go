package texts

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// ending is where code adds a value to what an id begins with: the values are the
// constants of a type.
type ending struct{ folder, name string }

var endings = map[string]ending{
	"deploy.only.":      {"slo/deploy", "Verdict"},
	"deploy.verdict.":   {"slo/deploy", "Verdict"},
	"deploy.reason.":    {"slo/deploy", "Reason"},
	"evidence.settles.": {"slo/evidence", "Verdict"},
	"forecast.reason.":  {"slo/forecast", "Reason"},
	"forecast.method.":  {"slo/forecast", "Method"},
}

// tenses are what headlines begin with, followed by what tense is told.
var tenses = []string{"headline.final.", "headline.running."}

// TestSaidIsThere: code says every text, and only texts that are there, with what
// fills their places.
func TestSaidIsThere(t *testing.T) {
	s := said{t: t, english: catalogue()["en"], ids: map[string]bool{}}
	for _, file := range sources(t, "../..") {
		ast.Inspect(file, s.look)
	}
	for begin, end := range endings {
		for _, value := range constants(t, end) {
			s.say(begin + value)
		}
	}
	s.page()
	s.workbook()
	for id := range s.english {
		if !s.ids[id] {
			t.Errorf("nothing says %s", id)
		}
	}
}

// said collects the ids that code says.
type said struct {
	t       *testing.T
	english language
	ids     map[string]bool
}

func (s *said) say(id string) {
	if _, ok := s.english[id]; !ok {
		s.t.Errorf("code says %s, which English lacks", id)
	}
	s.ids[id] = true
}

// count notes both forms of a text that depends on a number.
func (s *said) count(id string) {
	s.say(id + ".other")
	s.ids[id+".one"] = true
}

var idForm = regexp.MustCompile(`^([a-z]+)(\.[a-z_]+)+\.?$`)

// look notes what a part of a program says.
func (s *said) look(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		s.call(n)
	case *ast.BasicLit:
		s.literal(text(n))
	}
	return true
}

// literal notes a string that has the form of an id and begins as ids do.
func (s *said) literal(id string) {
	room, _, _ := strings.Cut(id, ".")
	if !idForm.MatchString(id) || !s.room(room) {
		return
	}
	if strings.HasSuffix(id, ".") {
		if _, ok := endings[id]; !ok && !slices.Contains(tenses, id) {
			s.t.Errorf("code adds something to %q: nobody knows what", id)
		}
		return
	}
	if _, ok := s.english[id+".other"]; ok {
		s.count(id)
		return
	}
	s.say(id)
}

func (s *said) room(name string) bool {
	for id := range s.english {
		if strings.HasPrefix(id, name+".") {
			return true
		}
	}
	return false
}

// call notes what a call fills, and that each place is filled.
func (s *said) call(c *ast.CallExpr) {
	if len(c.Args) == 0 {
		return
	}
	selector, ok := c.Fun.(*ast.SelectorExpr)
	if !ok {
		return
	}
	id, fill := text(c.Args[0]), c.Args[1:]
	switch selector.Sel.Name {
	case "Fill":
		if sentence, ok := c.Args[0].(*ast.SelectorExpr); ok {
			s.filled("html."+sentence.Sel.Name, names(fill), c.Ellipsis.IsValid())
		}
		return
	case "tense":
		for _, begin := range tenses {
			s.say(begin + id)
		}
		return
	case "Counted":
		if id == "" || len(fill) == 0 {
			return
		}
		s.count(id)
		id, fill = id+".other", fill[1:]
		s.filled(id, append(names(fill), "n"), c.Ellipsis.IsValid())
	case "Say":
		s.filled(id, names(fill), c.Ellipsis.IsValid())
	}
}

// filled complains of places of a text that have no name to fill them, and of names
// that have no place. More are more names, which nobody knows here.
func (s *said) filled(id string, names []string, more bool) {
	text, ok := s.english[id]
	if !ok || more {
		return
	}
	slices.Sort(names)
	if got := places(text.whole); !slices.Equal(got, slices.Compact(names)) {
		s.t.Errorf("code fills %s of %s, which has %s", names, id, got)
	}
}

// names returns every other of the arguments that fill places.
func names(fill []ast.Expr) []string {
	var out []string
	for i := 0; i < len(fill); i += 2 {
		out = append(out, text(fill[i]))
	}
	return out
}

// page notes the sentences of the HTML page: a field has the text of its name, and the
// page uses every field.
func (s *said) page() {
	used := contents(s.t, "../../html/page.gohtml")
	for _, field := range fields(s.t, "../../html/words.go", "sentences") {
		if field == "_" {
			continue
		}
		s.say("html." + field)
		if !selects(used+rest(s.t, "../../html"), field) {
			s.t.Errorf("the page does not use its sentence %s", field)
		}
	}
}

// workbook notes the texts of the workbook, which its file of words says by name, and
// that sheets use every field.
func (s *said) workbook() {
	for _, m := range regexp.MustCompile(`\bsay\("(\w+)"\)`).FindAllStringSubmatch(contents(s.t, "../../excel/words.go"), -1) {
		s.say("excel." + m[1])
	}
	for _, field := range fields(s.t, "../../excel/words.go", "texts") {
		if !selects(rest(s.t, "../../excel"), field) {
			s.t.Errorf("the workbook does not use its text %s", field)
		}
	}
}

func selects(code, field string) bool {
	return regexp.MustCompile(`\.` + field + `\b`).MatchString(code)
}

// rest returns the code of a room without its words.
func rest(t *testing.T, folder string) string {
	t.Helper()
	files, err := filepath.Glob(folder + "/*.go")
	if err != nil {
		t.Fatal(err)
	}
	var all strings.Builder
	for _, file := range files {
		if filepath.Base(file) != "words.go" && !strings.HasSuffix(file, "_test.go") {
			all.WriteString(contents(t, file))
		}
	}
	return all.String()
}

func contents(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}

// fields returns the names of the fields of a struct.
func fields(t *testing.T, file, name string) []string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	if err != nil {
		t.Fatal(err)
	}
	var out []string
	ast.Inspect(parsed, func(n ast.Node) bool {
		if spec, ok := n.(*ast.TypeSpec); ok && spec.Name.Name == name {
			for _, field := range spec.Type.(*ast.StructType).Fields.List {
				for _, name := range field.Names {
					out = append(out, name.Name)
				}
			}
		}
		return true
	})
	if len(out) == 0 {
		t.Fatalf("%s has no struct %s", file, name)
	}
	return out
}

// constants returns the values of the string constants of a type.
func constants(t *testing.T, of ending) []string {
	t.Helper()
	var out []string
	for _, file := range sources(t, "../../../"+of.folder) {
		ast.Inspect(file, func(n ast.Node) bool {
			spec, ok := n.(*ast.ValueSpec)
			if !ok {
				return true
			}
			if kind, ok := spec.Type.(*ast.Ident); ok && kind.Name == of.name {
				for _, value := range spec.Values {
					out = append(out, text(value))
				}
			}
			return true
		})
	}
	if len(out) == 0 {
		t.Fatalf("%s has no constants %s", of.folder, of.name)
	}
	return out
}

// text returns what a string says, "" for what is none.
func text(n ast.Expr) string {
	literal, ok := n.(*ast.BasicLit)
	if !ok || literal.Kind != token.STRING {
		return ""
	}
	text, _ := strconv.Unquote(literal.Value)
	return text
}

// sources returns the code below a folder, without tests.
func sources(t *testing.T, folder string) []*ast.File {
	t.Helper()
	var out []*ast.File
	err := filepath.WalkDir(folder, func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		parsed, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		out = append(out, parsed)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return out
}
