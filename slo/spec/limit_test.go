package spec

import "testing"

func TestLimits(t *testing.T) {
	for _, c := range []struct {
		text, under, above string // the limit, with = where it is one itself; "" is refused
	}{
		{"< 25%", "0.25", ""}, {"<=25 %", "=0.25", ""}, {"<0", "0", ""}, {"<= 0.5", "=0.5", ""}, {"< 100%", "1", ""},
		{"> 10", "", "10"}, {">=14.4", "", "=14.4"}, {">0", "", "0"},
		{"25%", "", ""}, {"10", "", ""}, {"< 101%", "", ""}, {"< -1%", "", ""}, {"> -1", "", ""}, {"> 10%", "", ""}, {"=> 10", "", ""},
		{"<", "", ""}, {">", "", ""}, {"<> 10", "", ""}, {"> 1e3", "", ""}, {"> 0x10", "", ""}, {"", "", ""}, {"< < 1%", "", ""},
	} {
		show := func(n interface{ String() string }, equal bool, err error) string {
			switch {
			case err != nil:
				return ""
			case equal:
				return "=" + n.String()
			}
			return n.String()
		}
		n, equal, err := parseUnder(c.text)
		if got := show(n, equal, err); got != c.under {
			t.Errorf("under %q: %q, want %q", c.text, got, c.under)
		}
		n, equal, err = parseAbove(c.text)
		if got := show(n, equal, err); got != c.above {
			t.Errorf("above %q: %q, want %q", c.text, got, c.above)
		}
	}
}

// What is read as a limit is one that a figure can be held against.
func FuzzLimits(f *testing.F) {
	for _, text := range []string{"< 25%", "<=0.25", "> 10", ">=14.4", "25%", "> 1e3"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if n, _, err := parseUnder(text); err == nil && (!n.Known() || n.Sign() < 0) {
			t.Errorf("under %q is %s", text, n)
		}
		if n, _, err := parseAbove(text); err == nil && (!n.Known() || n.Sign() < 0) {
			t.Errorf("above %q is %s", text, n)
		}
	})
}
