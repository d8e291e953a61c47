package pattern_test

import (
	"testing"

	"github.com/nines-slo/nines/slo/pattern"
)

func TestOf(t *testing.T) {
	digits := pattern.Of(`^[0-9]+$`)
	if !digits().MatchString("2026") || digits().MatchString("Q3") {
		t.Error("the pattern does not match what it says")
	}
	if first, again := digits(), digits(); first != again {
		t.Error("the pattern is compiled again")
	}
	wrong := pattern.Of(`(`) // nobody matches with it
	defer func() {
		if recover() == nil {
			t.Error("a wrong pattern goes unnoticed")
		}
	}()
	wrong()
}
