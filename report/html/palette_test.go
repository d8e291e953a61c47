package html

import (
	"math"
	"strconv"
	"testing"
)

// luminance is WCAG 2.2's relative luminance of "#RRGGBB".
func luminance(t *testing.T, colour string) float64 {
	t.Helper()
	n, err := strconv.ParseUint(colour[1:], 16, 24)
	if err != nil || len(colour) != 7 {
		t.Fatalf("%q is not a colour", colour)
	}
	channel := func(shift int) float64 {
		c := float64(n>>shift&0xFF) / 255
		if c <= 0.04045 {
			return c / 12.92
		}
		return math.Pow((c+0.055)/1.055, 2.4)
	}
	return 0.2126*channel(16) + 0.7152*channel(8) + 0.0722*channel(0)
}

func contrast(t *testing.T, a, b string) float64 {
	x, y := luminance(t, a), luminance(t, b)
	return (max(x, y) + 0.05) / (min(x, y) + 0.05)
}

// Text needs 4.5:1, marks that carry meaning 3:1 (WCAG 2.2, 1.4.3 and 1.4.11).
func TestContrast(t *testing.T) {
	if got := contrast(t, "#FFFFFF", "#000000"); math.Abs(got-21) > 1e-9 {
		t.Fatalf("black on white is %v:1, want 21:1", got)
	}
	for name, p := range map[string]palette{"light": light(), "dark": dark()} {
		for _, c := range []struct {
			what   string
			fore   string
			behind []string
			want   float64
		}{
			{"text", p.Text, []string{p.Back}, 4.5},
			{"muted text", p.Muted, []string{p.Back}, 4.5},
			{"word for good", p.Good, []string{p.Back}, 4.5},
			{"word for near", p.NearText, []string{p.Back}, 4.5},
			{"word for bad", p.Bad, []string{p.Back}, 4.5},
			{"figures on day cells", p.Ink, p.Days[:], 4.5},
			{"call counts", p.Calls, []string{p.Back}, 3},
			{"outline of near bars", p.NearText, []string{p.Back}, 3},
			{"tick", p.Text, p.Bands[:], 3},
			{"good bar on its bands", p.Good, p.Bands[:2], 3},
			{"bad bar on its bands", p.Bad, p.Bands[:], 3},
		} {
			for _, behind := range c.behind {
				if got := contrast(t, c.fore, behind); got < c.want {
					t.Errorf("%s: %s %s on %s is %.2f:1, want %v:1", name, c.what, c.fore, behind, got, c.want)
				}
			}
		}
	}
}
