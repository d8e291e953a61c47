package html

import (
	"os"
	"reflect"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/unit"
)

// TestEveryTextHasAField: the catalogue holds no text that the page cannot say. That it
// holds the others, making the sentences shows.
func TestEveryTextHasAField(t *testing.T) {
	text, err := os.ReadFile("../words/texts/en/html.txt")
	if err != nil {
		t.Fatal(err)
	}
	fields := reflect.TypeFor[sentences]()
	for line := range strings.Lines(string(text)) {
		name, _, _ := strings.Cut(line, " = ")
		if _, ok := fields.FieldByName(name); !ok {
			t.Errorf("no sentence %s", name)
		}
	}
	for _, l := range []unit.Language{unit.English, unit.Japanese} {
		for i, s := 0, reflect.ValueOf(sentencesOf(l)); i < s.NumField(); i++ {
			if s.Field(i).String() == "" {
				t.Errorf("%s: %s is empty", l, fields.Field(i).Name)
			}
		}
	}
}

func TestFillReadsValuesOnce(t *testing.T) {
	if got := fill("{name}: {spent}", "{name}", "{spent}", "{spent}", "5%"); got != "{spent}: 5%" {
		t.Errorf("got %q: what is filled in was read again", got)
	}
}
