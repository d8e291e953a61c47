package build

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/burn"
)

// Of the firings that are over those of the last days are told, each with the time of
// which nobody knew; the last one is told however old it is.
func TestFiringsOver(t *testing.T) {
	now := time.Date(2026, 11, 23, 9, 0, 0, 0, time.UTC)
	ago := func(days int) burn.Over {
		start := now.Add(-time.Duration(days) * 24 * time.Hour)
		return burn.Over{Firing: burn.Firing{Start: start, End: start.Add(time.Hour)}}
	}
	gap := ago(2)
	gap.Blind = gap.Start.Add(20 * time.Minute)
	for name, tt := range map[string]struct {
		over []burn.Over
		told int
		last bool
	}{
		"none":       {nil, 0, false},
		"an old one": {[]burn.Over{ago(8)}, 0, true},
		"both":       {[]burn.Over{ago(8), gap}, 1, true},
		"several":    {[]burn.Over{ago(8), ago(6), gap}, 2, true},
	} {
		got := newAlert(burn.Alert{Over: tt.over}, now.Add(-lookback))
		if len(got.Over) != tt.told || got.Over == nil || (got.Last != nil) != tt.last {
			t.Errorf("%s: %d told, last %v", name, len(got.Over), got.Last)
			continue
		}
		if k := len(tt.over) - 1; k >= 0 && (!got.Last.Start.Equal(tt.over[k].Start) || !got.Last.End.Equal(tt.over[k].End)) {
			t.Errorf("%s: the last is %v", name, got.Last)
		}
		if k := len(got.Over) - 1; k >= 0 && !got.Over[k].Blind.Equal(gap.Blind) {
			t.Errorf("%s: nobody knew from %v on, want %v", name, got.Over[k].Blind, gap.Blind)
		}
	}
}
