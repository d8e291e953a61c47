package html

import (
	"reflect"
	"testing"

	"github.com/nines-slo/nines/report/unit"
)

func TestNoSentenceIsEmpty(t *testing.T) {
	fields := reflect.TypeFor[sentences]()
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
