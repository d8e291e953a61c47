package diag

import (
	"bytes"
	"strings"
	"testing"
)

func TestRender(t *testing.T) {
	at := func(line, col, length int) Pos { return Pos{File: "checkout.yaml", Line: line, Col: col, Len: length} }
	long := strings.Repeat("a", 300) + "wrong" + strings.Repeat("z", 300)
	tests := []struct {
		name string
		f    Finding
		want []string
	}{
		{"the form", Finding{Pos: at(14, 11, 6), Code: "window/duration", Message: `window "30days" is not a duration`, Hint: "write 30d", Excerpt: "  window: 30days"}, []string{
			`checkout.yaml:14:11: window "30days" is not a duration [window/duration]`,
			"   14 |   window: 30days",
			"      |           ^~~~~~",
			"hint: write 30d",
		}},
		{"wide characters take two columns", Finding{Pos: at(1, 4, 2), Message: "m", Excerpt: "名: 可用"}, []string{
			"checkout.yaml:1:4: m",
			"    1 | 名: 可用",
			"      |     ^~~~",
		}},
		{"beyond the end of the line", Finding{Pos: at(1, 9, 1), Message: "m", Excerpt: "a:"}, []string{
			"checkout.yaml:1:9: m",
			"    1 | a:",
			"      |   ^",
		}},
		{"a tab is a space, controls are escaped", Finding{Pos: at(1, 4, 1), Message: "m", Excerpt: "\ta\x1bb\u202e"}, []string{
			"checkout.yaml:1:4: m",
			`    1 |  a\x1bb\u202e`,
			`      |       ^`,
		}},
		{"a long line is cut on both sides", Finding{Pos: at(1, 301, 5), Message: "m", Excerpt: long}, []string{
			"checkout.yaml:1:301: m",
			"    1 | …" + strings.Repeat("a", 49) + "wrong" + strings.Repeat("z", 44) + "…",
			"      | " + strings.Repeat(" ", 50) + "^~~~~",
		}},
		{"a long place is cut", Finding{Pos: at(1, 1, 600), Message: "m", Excerpt: long}, []string{
			"checkout.yaml:1:1: m",
			"    1 | " + strings.Repeat("a", 99) + "…",
			"      | ^" + strings.Repeat("~", 99),
		}},
		{"without column", Finding{Pos: at(3, 0, 0), Message: "m", Excerpt: "a,b"}, []string{"checkout.yaml:3: m", "    3 | a,b"}},
		{"without line", Finding{Pos: Pos{File: "slos"}, Message: "no such file"}, []string{"slos: no such file"}},
		{"without place", Finding{Message: "m\nm\x1b[31m", Severity: Warning}, []string{`warning: m\nm\x1b[31m`}},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var b bytes.Buffer
			if err := Render(&b, List{tt.f}, false); err != nil {
				t.Fatal(err)
			}
			if want := strings.Join(tt.want, "\n") + "\n"; b.String() != want {
				t.Errorf("got\n%swant\n%s", b.String(), want)
			}
		})
	}
}

func TestRenderColor(t *testing.T) {
	var b bytes.Buffer
	f := Errorf(Pos{File: "a.yaml", Line: 1, Col: 1, Len: 2}, "x/y", "m").WithHint("h")
	f.Excerpt = "ab"
	if err := Render(&b, List{f}, true); err != nil {
		t.Fatal(err)
	}
	want := "\x1b[1ma.yaml:1:1\x1b[0m: m \x1b[2m[x/y]\x1b[0m\n    1 | ab\n      | \x1b[31m^~\x1b[0m\n\x1b[36mhint:\x1b[0m h\n"
	if b.String() != want {
		t.Errorf("got\n%q\nwant\n%q", b.String(), want)
	}
}

func TestNearest(t *testing.T) {
	known := []string{"name", "target", "window", "budgeting", "min_coverage", "at_risk", "per"}
	tests := []struct{ word, want string }{
		{"nmae", "name"}, // swapped
		{"targt", "target"},
		{"windows", "window"},
		{"bugdetting", "budgeting"},
		{"min-coverage", "min_coverage"},
		{"mincoverage", "min_coverage"},
		{"pre", "per"},
		{"MIN_COVERAGE", "min_coverage"},
		{"Pre", "per"},
		{"x", ""},
		{"", ""},
		{"latency", ""},
		{strings.Repeat("name", 100), ""},
	}
	for _, tt := range tests {
		if got := Nearest(tt.word, known); got != tt.want {
			t.Errorf("%s: got %q, want %q", tt.word, got, tt.want)
		}
	}
}

func TestAmong(t *testing.T) {
	many := strings.Fields("j i h g f e d c b a")
	for _, tt := range []struct {
		word         string
		known, names []string
		want         string
	}{
		{"wto", []string{"shop/up", "shop/two"}, []string{"up", "two"}, `did you mean "two"? there are shop/two, shop/up`},
		{"shop/upp", []string{"shop/two", "shop/up", "shop/up"}, nil, `did you mean "shop/up"? there are shop/up, shop/two`},
		{"xyz", []string{"b", "a"}, nil, "there are a, b"},
		{"f", many, nil, `did you mean "f"? there are f, a, b, c, d, e, g, h and 2 more`},
		{strings.Repeat("x", 1000), many[:2], nil, "there are i, j"},
	} {
		if got := Among(tt.word, tt.known, tt.names); got != tt.want {
			t.Errorf("%s: got %s, want %s", tt.word, got, tt.want)
		}
	}
}

func FuzzRender(f *testing.F) {
	f.Add("a: 日本\t\x1b", "message\n", 3, 2)
	f.Fuzz(func(t *testing.T, line, message string, col, length int) {
		var b bytes.Buffer
		finding := Finding{Pos: Pos{File: "a.yaml", Line: 1, Col: max(col, 0), Len: max(length, 0)}, Message: message, Excerpt: line}
		if err := Render(&b, List{finding}, false); err != nil {
			t.Fatal(err)
		}
		if n := strings.Count(b.String(), "\n"); n > 3 || strings.ContainsAny(b.String(), "\x1b\r\t") {
			t.Errorf("%d lines, or a control character: %q", n, b.String())
		}
	})
}
