package match

import (
	"testing"

	"github.com/nines-slo/nines/slo/diag"
)

// A name that is nearly a field's gets that field as a hint, whatever its case.
func TestUnknownHint(t *testing.T) {
	for _, tt := range []struct{ name, want string }{
		{"statsu", `did you mean "Status"? its fields are Status, duration`},
		{"STATUS", `did you mean "Status"? its fields are Status, duration`},
		{"Durations", `did you mean "duration"? its fields are Status, duration`},
		{"region", "its fields are Status, duration"},
	} {
		if got := Unknown(diag.Pos{}, tt.name, []string{"Status", "duration"}).Hint; got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.name, got, tt.want)
		}
	}
	if got := Unknown(diag.Pos{}, "status", nil).Hint; got != "" {
		t.Errorf("of no field: got %s", got)
	}
}
