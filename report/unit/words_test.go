package unit

import (
	"reflect"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

func TestWordsAreComplete(t *testing.T) {
	for _, l := range []Language{"", English, Japanese} {
		words := reflect.ValueOf(l.Words())
		for i := range words.NumField() {
			if words.Field(i).String() == "" {
				t.Errorf("language %q has no word for %s", l, words.Type().Field(i).Name)
			}
		}
	}
}

func TestStates(t *testing.T) {
	for _, c := range []struct {
		state             slo.State
		en, ja, html, tty string
	}{
		{slo.Met, "met", "達成", "●", " "},
		{slo.OnTrack, "on track", "順調", "●", " "},
		{slo.AtRisk, "at risk", "要注意", "▲", "!"},
		{slo.Missed, "missed", "未達", "✕", "x"},
		{slo.Exhausted, "exhausted", "枯渇", "✕", "x"},
		{slo.NoData, "no data", "データなし", "–", "?"},
	} {
		got := [...]string{English.State(c.state), Japanese.State(c.state), Mark(c.state), ASCII(c.state)}
		if want := [...]string{c.en, c.ja, c.html, c.tty}; got != want {
			t.Errorf("%s: got %q, want %q", c.state, got, want)
		}
	}
}

func TestKind(t *testing.T) {
	for _, c := range []struct {
		kind   slo.Kind
		en, ja string
	}{
		{slo.Kind{Name: "availability"}, "availability", "可用性"},
		{slo.Kind{Name: "latency", Threshold: 300 * time.Millisecond}, "latency ≤ 300 ms", "レイテンシ 300ms以下"},
		{slo.Kind{Name: "latency"}, "latency", "レイテンシ"},
		{slo.Kind{}, "", ""},
	} {
		if en, ja := English.Kind(c.kind), Japanese.Kind(c.kind); en != c.en || ja != c.ja {
			t.Errorf("Kind(%v) = %q, %q, want %q, %q", c.kind, en, ja, c.en, c.ja)
		}
	}
}
