package html

import (
	"reflect"
	"testing"

	"github.com/nines-slo/nines/report/unit"
)

func TestNoSentenceIsEmpty(t *testing.T) {
	fields := reflect.TypeFor[sentences]()
	for _, l := range []unit.Language{unit.English, unit.Japanese} {
		for i, s := 0, reflect.ValueOf(sentencesOf(l)).Elem(); i < s.NumField(); i++ {
			if f := s.Field(i); f.CanSet() && f.String() == "" {
				t.Errorf("%s: %s is empty", l, fields.Field(i).Name)
			}
		}
	}
}
