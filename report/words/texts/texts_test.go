package texts

import (
	"regexp"
	"slices"
	"strings"
	"testing"
	"testing/fstest"
)

var place = regexp.MustCompile(`\{\w+\}`)

// places returns the names of the places of a text.
func places(text string) []string {
	var names []string
	for _, found := range place.FindAllString(text, -1) {
		names = append(names, strings.Trim(found, "{}"))
	}
	slices.Sort(names)
	return slices.Compact(names)
}

// unsaid are places that a language may leave out: English alone says the total.
var unsaid = map[string]string{"fired.some": "n"}

// TestLanguagesSayTheSame: every language has the texts of English with the same places
// and lists of the same length, and no others; the form for 1 is there where a language
// tells it apart.
func TestLanguagesSayTheSame(t *testing.T) {
	english := catalogue()["en"]
	for name, own := range catalogue() {
		for id, text := range own {
			if base, one := strings.CutSuffix(id, ".one"); one {
				within(t, name+": "+id, places(text.whole), places(own[base+".other"].whole))
				continue
			}
			model, ok := english[id]
			if !ok {
				t.Errorf("%s has %s, which English lacks", name, id)
			}
			got, want := places(text.whole), places(model.whole)
			if optional, ok := unsaid[id]; ok && !slices.Contains(got, optional) {
				want = slices.DeleteFunc(want, func(place string) bool { return place == optional })
			}
			if !slices.Equal(got, want) {
				t.Errorf("%s: %s has the places %s, not %s", name, id, got, want)
			}
			if got, want := strings.Count(text.whole, "|"), strings.Count(model.whole, "|"); got != want {
				t.Errorf("%s: %s has %d bars, not %d", name, id, got, want)
			}
		}
		for id := range english {
			if _, ok := own[id]; !ok && !strings.HasSuffix(id, ".one") {
				t.Errorf("%s lacks %s", name, id)
			}
		}
	}
}

// within complains of what is not among all.
func within(t *testing.T, of string, some, all []string) {
	t.Helper()
	for _, one := range some {
		if !slices.Contains(all, one) {
			t.Errorf("%s has {%s}, which is not among %s", of, one, all)
		}
	}
}

func TestSay(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{Say("en", "evidence.to"), " to "},
		{Say("ja", "evidence.to"), "〜"},
		{Say("", "evidence.events"), "events"},
		{Say("xx", "evidence.events"), "events"},
		{Say("en", "gate.figure.firing", "name", "{name}"), "{name} fires"},
		{Say("en", "gate.figure.firing"), "{name} fires"},
		{Say("en", "gate.figure.firing", "other", "a"), "{name} fires"},
		{Count("en", "gate.reasons", 1), "1 reason"},
		{Count("en", "gate.reasons", 0), "0 reasons"},
		{Count("ja", "gate.reasons", 1), "理由1件"},
		{Count("en", "fired.alerts", 2, "class", "page"), "2 pages"},
		{Fill("{name}: {spent}", "name", "{spent}", "spent", "5%"), "{spent}: 5%"}, // read once
		{Count("en", "unit.failures", 5659, "n", "5,659"), "5,659 failures"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

// A folder that is added is a language, with nothing else done.
func TestFolderIsALanguage(t *testing.T) {
	all, err := read(fstest.MapFS{
		"en/a.txt": {Data: []byte("hello = hello, {name}\n")},
		"eo/a.txt": {Data: []byte("# greetings\n\nhello = saluton, {name}\nend = \" !\\n\"\n")},
	})
	if err != nil {
		t.Fatal(err)
	}
	if got := all["eo"]["a.hello"].filled([]string{"name", "mondo"}) + all["eo"]["a.end"].filled(nil); got != "saluton, mondo !\n" {
		t.Errorf("got %q", got)
	}
	if got := all["en"]["a.hello"].filled([]string{"name", "world"}); got != "hello, world" {
		t.Errorf("got %q", got)
	}
}

func TestReadRefuses(t *testing.T) {
	for text, want := range map[string]string{
		"hello\n":        `en/a.txt: "hello" is no text`,
		"a = 1\na = 2\n": `"a = 2" is no text, or its id was there before`,
		"a = \"b\n":      `"a = \"b": invalid syntax`,
	} {
		_, err := read(fstest.MapFS{"en/a.txt": {Data: []byte(text)}})
		if err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%q: got %v, want %q", text, err, want)
		}
	}
}

func TestUnknownIDIsAMistake(t *testing.T) {
	for _, say := range []func(){
		func() { Say("en", "evidence.nothing") },
		func() { Count("en", "evidence.nothing", 1) },
	} {
		func() {
			defer func() {
				if recover() == nil {
					t.Error("an id that is not there passed")
				}
			}()
			say()
		}()
	}
}

// Tables say thousands of texts.
func BenchmarkSay(b *testing.B) {
	for b.Loop() {
		Say("ja", "gate.exception.idle", "ids", "a", "who", "b")
	}
}

// Every run reads the catalogue once.
func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		if _, err := read(folders); err != nil {
			b.Fatal(err)
		}
	}
}
