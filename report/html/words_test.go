package html

import (
	"reflect"
	"regexp"
	"slices"
	"testing"
)

func TestCatalogueIsComplete(t *testing.T) {
	placeholder := regexp.MustCompile(`\{[a-z]+\}`)
	en, ja := reflect.ValueOf(english()), reflect.ValueOf(japanese())
	for i := range en.NumField() {
		name := en.Type().Field(i).Name
		a, b := en.Field(i).String(), ja.Field(i).String()
		if a == "" || b == "" {
			t.Errorf("%s: %q in English, %q in Japanese", name, a, b)
		}
		want, got := placeholder.FindAllString(a, -1), placeholder.FindAllString(b, -1)
		slices.Sort(want)
		slices.Sort(got)
		if !slices.Equal(want, got) && name != "SlicesPeak" {
			t.Errorf("%s: placeholders %v in English, %v in Japanese", name, want, got)
		}
	}
}

func TestFillReadsValuesOnce(t *testing.T) {
	if got := fill("{name}: {spent}", "{name}", "{spent}", "{spent}", "5%"); got != "{spent}: 5%" {
		t.Errorf("got %q: what is filled in was read again", got)
	}
}
