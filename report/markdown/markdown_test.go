package markdown

import (
	"bytes"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
)

func TestStatus(t *testing.T) {
	var b bytes.Buffer
	if err := Status(&b, &reporttest.Sample(unit.English).Status); err != nil {
		t.Fatal(err)
	}
	reporttest.Golden(t, "status.md", b.Bytes())
}

func TestReport(t *testing.T) {
	for name, l := range map[string]unit.Language{"report.md": unit.English, "report-ja.md": unit.Japanese} {
		var b bytes.Buffer
		if err := Report(&b, reporttest.Sample(l)); err != nil {
			t.Fatal(err)
		}
		reporttest.Golden(t, name, b.Bytes())
	}
}

// Every row of a hostile report has the cells of the head: 6 cells, 7 bars that
// are not escaped.
func TestHostileNamesStayInTheirCells(t *testing.T) {
	var b bytes.Buffer
	r := reporttest.Hostile(unit.English)
	if err := Report(&b, r); err != nil {
		t.Fatal(err)
	}
	rows := 0
	for _, line := range strings.Split(b.String(), "\n") {
		if !strings.HasPrefix(line, "|") {
			continue
		}
		rows++
		bars := strings.Count(strings.NewReplacer(`\\`, "", `\|`, "").Replace(line), "|")
		if bars != 7 {
			t.Errorf("%d bars in %s", bars, line)
		}
	}
	if want := len(r.Objectives) + 2; rows != want {
		t.Errorf("%d rows, want %d", rows, want)
	}
}

func TestEscape(t *testing.T) {
	for _, c := range []struct{ in, want string }{
		{"shop/latency", "shop/latency"},
		{"a|b", `a\|b`},
		{`a\|b`, `a\\\|b`},
		{"`x` *y* _z_ ~w~", "\\`x\\` \\*y\\* \\_z\\_ \\~w\\~"},
		{"<img src=x>", `\<img src=x\>`},
		{"![x](y)", `\!\[x\](y)`},
		{"&lt;", `\&lt;`},
		{"a\r\nb\x00c", "a  b c"},
		{"\u202eabc", "abc"},
		{"決済API", "決済API"},
		{"\xff", "\uFFFD"},
		{"$x$ # y", `\$x\$ \# y`},
	} {
		if got := escape(c.in); got != c.want {
			t.Errorf("escape(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
