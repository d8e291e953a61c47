package texts

import (
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// catalogue returns every text of a language by its id.
func catalogue(t *testing.T, language string) map[string]string {
	t.Helper()
	files, err := fs.Glob(folders, language+"/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts of %s: %v", language, err)
	}
	out := map[string]string{}
	for _, file := range files {
		text, err := folders.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		room := strings.TrimSuffix(filepath.Base(file), ".txt")
		for line := range strings.Lines(string(text)) {
			name, _, ok := strings.Cut(line, " = ")
			if strings.HasPrefix(line, "#") || line == "\n" {
				continue
			}
			id := room + "." + name
			if !ok || out[id] != "" {
				t.Errorf("%s: the line %q is no text, or its id was there before", file, line)
			}
			out[id], _ = find(language, id)
		}
	}
	return out
}

var place = regexp.MustCompile(`\{\w+\}`)

func places(text string) []string {
	found := place.FindAllString(text, -1)
	slices.Sort(found)
	return slices.Compact(found)
}

// TestCatalogue: every language has the texts of English with the same places, and no
// others; the form for 1 is there where a language tells it apart.
func TestCatalogue(t *testing.T) {
	english := catalogue(t, "en")
	languages, err := folders.ReadDir(".")
	if err != nil {
		t.Fatal(err)
	}
	for _, folder := range languages {
		own := catalogue(t, folder.Name())
		for id, text := range own {
			if _, ok := english[id]; !ok {
				t.Errorf("%s has %s, which English lacks", folder.Name(), id)
			}
			got, want := places(text), places(english[id])
			if id == "fired.some" { // English alone says the total
				want = slices.DeleteFunc(want, func(place string) bool { return place == "{n}" && !slices.Contains(got, place) })
			}
			if !slices.Equal(got, want) && !strings.HasSuffix(id, ".one") {
				t.Errorf("%s: %s has the places %s, not %s", folder.Name(), id, got, want)
			}
		}
		for id := range english {
			if _, ok := own[id]; !ok && !strings.HasSuffix(id, ".one") {
				t.Errorf("%s lacks %s", folder.Name(), id)
			}
		}
	}
}

// used finds what code says: whole ids, ids that end in what the code adds, and counts.
var (
	said    = regexp.MustCompile(`"([a-z]+\.[a-z_.]*)"`)
	tense   = regexp.MustCompile(`tense\("([a-z_]+)"\)`)
	counted = regexp.MustCompile(`Counted\("([a-z_.]+)"`)
)

// TestCatalogueIsUsed: code says every text, and only texts that are there.
func TestCatalogueIsUsed(t *testing.T) {
	english := catalogue(t, "en")
	rooms := map[string]bool{}
	for id := range english {
		room, _, _ := strings.Cut(id, ".")
		rooms[room] = true
	}
	spoken := map[string]bool{}
	for id := range ids(t) {
		room, _, _ := strings.Cut(id, ".")
		if !rooms[room] {
			continue
		}
		found := false
		for text := range english {
			if text == id || strings.HasSuffix(id, ".") && strings.HasPrefix(text, id) {
				found, spoken[text] = true, true
			}
		}
		if !found {
			t.Errorf("code says %s, which English lacks", id)
		}
	}
	for id := range bare(t) {
		if text := english[id]; len(places(text)) > 0 {
			t.Errorf("code says %s without what fills its places: %s", id, text)
		}
	}
	for id := range english {
		if !spoken[id] {
			t.Errorf("nothing says %s", id)
		}
	}
}

// ids returns what code below report says.
func ids(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	text := code(t)
	for _, m := range counted.FindAllStringSubmatch(text, -1) {
		out[m[1]+".one"], out[m[1]+".other"] = true, true
	}
	for _, m := range tense.FindAllStringSubmatch(text, -1) {
		out["headline.final."+m[1]], out["headline.running."+m[1]] = true, true
	}
	for _, m := range said.FindAllStringSubmatch(counted.ReplaceAllString(text, ""), -1) {
		if m[1] != "headline.final." && m[1] != "headline.running." {
			out[m[1]] = true
		}
	}
	return out
}

// unfilled finds what code says without filling a place. A headline fills all its own.
var unfilled = regexp.MustCompile(`\bl(?:anguage)?\.Say\("([a-z_.]+)"\)|\b[pP]\.Say\("([a-z_.]+)"\)|Language\.Say\("([a-z_.]+)"\)`)

func bare(t *testing.T) map[string]bool {
	t.Helper()
	out := map[string]bool{}
	for _, m := range unfilled.FindAllStringSubmatch(code(t), -1) {
		out[m[1]+m[2]+m[3]] = true
	}
	return out
}

// code returns all code below report, without tests.
func code(t *testing.T) string {
	t.Helper()
	var all strings.Builder
	err := filepath.WalkDir("../..", func(path string, _ fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go") {
			return err
		}
		text, err := os.ReadFile(path)
		all.Write(text)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return all.String()
}

func TestSay(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Say("en", "evidence.to"), " to "},
		{Say("ja", "evidence.to"), "〜"},
		{Say("", "evidence.events"), "events"},
		{Say("xx", "evidence.events"), "events"},
		{Say("en", "gate.figure.firing", "name", "{name}"), "{name} fires"},
		{Count("en", "gate.reasons", 1), "1 reason"},
		{Count("en", "gate.reasons", 0), "0 reasons"},
		{Count("ja", "gate.reasons", 1), "理由1件"},
		{Count("en", "fired.alerts", 2, "class", "page"), "2 pages"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestUnknownIDIsAMistake(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("an id that is not there passed")
		}
	}()
	Say("en", "evidence.nothing")
}

// A text costs about a microsecond: tables say thousands.
func BenchmarkSay(b *testing.B) {
	for b.Loop() {
		Say("ja", "gate.exception.idle", "ids", "a", "who", "b")
	}
}
