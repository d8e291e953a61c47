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

func TestDeploys(t *testing.T) {
	var b bytes.Buffer
	if err := Report(&b, reporttest.Deployed(unit.English)); err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{"\n**1 of 4 deploys likely cost error budget, most of all v7.2: ", "\n- 2026-05-12 09:05 v7.2, checkout/availability: likely: ",
		"\n- 2026-05-24 12:00 kernel update, login/availability: cannot tell: too little of the hours after was measured\n"} {
		if !strings.Contains(b.String(), want) {
			t.Errorf("%q is missing in\n%s", want, b.String())
		}
	}
	if strings.Contains(b.String(), "v7.3") {
		t.Error("a deploy that is not likely to blame has a line")
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
		{"`x` *y* _z_ ~w~", "\\`x\\` \\*y\\* \\_z\\_ \\~&#8203;w\\~"},
		{"<img src=x>", `\<img src=x\>`},
		{"![x](y)", `\!\[x\](y)`},
		{"&lt;", `\&lt;`},
		{"a\r\nb\x00c", `a  b\\x00c`},
		{"\u202eabc", `\\u202eabc`},
		{"決済API", "決済API"},
		{"\xff", "\uFFFD"},
		{"$x$ # y", `\$x\$ \# y`},
		{"@team, a@b.example", `\@&#8203;team, a\@&#8203;b.example`},
		{"#12 !3 $4 &5 GH-6 o/r#7", `\#&#8203;12 \!&#8203;3 \$&#8203;4 \&&#8203;5 GH-&#8203;6 o/r\#&#8203;7`},
		{"https://x.example www.x.example", `https&#8203;://x.example www&#8203;.x.example`},
		{"a.yaml:3:14: :tada: :100: 10:30:15", `a.yaml:3:14: :&#8203;tada: :&#8203;100: 10:30:15`},
		{"since: 2026-05-01T11:59:00Z", "since: 2026-05-01T11:59:00Z"}, {"::x", "::&#8203;x"},
		{"- a", `\- a`}, {"12. a", `12\. a`}, {"---", `--\-`}, {"-5% + 0.1", "-5% + 0.1"}, {"1.5", "1.5"},
		{"می\u200cخواهم", "می\u200cخواهم"},
	} {
		if got := escape(c.in); got != c.want {
			t.Errorf("escape(%q) = %q, want %q", c.in, got, c.want)
		}
	}
}
