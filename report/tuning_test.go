package report

import (
	"fmt"
	"slices"
	"testing"
)

// Each policy is shown once, with what it is, and 15 of the front.
func TestTuningRows(t *testing.T) {
	front := func(n int) []TunedPolicy {
		out := []TunedPolicy{{Policy: "plain", Default: true}, {Policy: "best"}}
		for i := range n {
			out = append(out, TunedPolicy{Policy: fmt.Sprint(i)})
		}
		return out
	}
	plain, wide, best := TunedPolicy{Policy: "plain", Default: true}, TunedPolicy{Policy: "wide", Default: true}, TunedPolicy{Policy: "best"}
	tests := []struct {
		name   string
		tuning Tuning
		parts  []Part // of the first rows
		rows   int
		more   int
	}{
		{"the default is kept", Tuning{Default: plain, Base: plain, Best: plain}, []Part{Unchanged}, 1, 0},
		{"that widened is kept", Tuning{Default: plain, Base: wide, Best: wide}, []Part{Unchanged, Widened}, 2, 0},
		{"a better one", Tuning{Default: plain, Base: plain, Best: best, Front: front(3)}, []Part{Unchanged, Recommended, InFront}, 5, 0},
		{"none is shown", Tuning{Default: plain, Base: plain, Best: best, Silent: TunedPolicy{Policy: "silent"}}, []Part{Unchanged, Recommended, Silenced}, 3, 0},
		{"each objective has its own", Tuning{Default: plain, Base: plain, Best: best, Own: true}, []Part{InFront, Recommended}, 2, 0},
		{"all of 15", Tuning{Default: plain, Base: wide, Best: best, Front: front(15)}, []Part{Unchanged, Widened, Recommended}, 18, 0},
		{"15 of 17", Tuning{Default: plain, Base: wide, Best: best, Front: front(17)}, []Part{Unchanged, Widened, Recommended}, 18, 2},
	}
	for _, tt := range tests {
		if tt.tuning.Silent.Policy == "" {
			tt.tuning.Silent = tt.tuning.Default // shown once
		}
		rows, more := tt.tuning.Rows()
		var parts []Part
		for _, r := range rows {
			parts = append(parts, r.Part)
		}
		if len(rows) != tt.rows || more != tt.more || !slices.Equal(parts[:len(tt.parts)], tt.parts) {
			t.Errorf("%s: %d rows %q, %d more", tt.name, len(rows), parts, more)
		}
	}
}
