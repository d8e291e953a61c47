package sampletest

import (
	"fmt"
	"testing"
	"time"
)

// The store is what it says itself, also in blocks of another size.
func TestCheck(t *testing.T) {
	start := time.Date(2026, 3, 10, 6, 0, 0, 0, time.UTC)
	series := Lines(start, 15*time.Second, `
		http_requests_total{code="200",path="/a b,\"c\"="} 0 5+10x300 _x2 _ stale 7.5 NaN
		http_requests_total{code="500"} _x100 1+1x5
		up 1x20`)
	small := New(series...)
	small.Block = 7
	Check(t, small, New(series...))
}

// Lines are read as their comment says.
func TestLines(t *testing.T) {
	for text, want := range map[string]string{
		`m{a="}x"} 1 2+3x2 _ 4`: `m{a="}x"} [0 1000 2000 3000 5000] [1 2 5 8 4]`,
		`m _x3 4@250ms 1.5x1`:   `m [3250 4000 5000] [4 1.5 1.5]`,
	} {
		s := Lines(time.UnixMilli(0), time.Second, text)[0]
		if got := fmt.Sprint(s.Labels, " ", s.Times, " ", s.Values); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
}
