package promql

import "testing"

func TestWindow(t *testing.T) {
	for text, want := range map[string]string{
		`increase(x_total[$step])`:                                 `increase(x_total[6h])`,
		`sum(increase(x_total{a="[$step]"}[$step])) # all [$step]`: `sum(increase(x_total{a="[$step]"}[6h]))`,
		"increase(x_total{a=\"\\x00\"}[$step])":                    `increase(x_total{a="\x00"}[6h])`,
		`sum_over_time(x[$step:1m])`:                               `sum_over_time(x[6h:1m])`,
		`increase(x_total[$step]) or increase(y_total[$step]) * 0`: `increase(x_total[6h]) or increase(y_total[6h]) * 0`,
		`sum_over_time(x[$step:$step])`:                            "",
		`max_over_time(sum(increase(x_total[$step]))[$step:1m])`:   "",
		`x`: "",
	} {
		e, findings := Parse(read(t, text))
		if findings.Errors() {
			t.Fatalf("%s: %v", text, findings)
		}
		w, ok := e.Words().Window()
		if got := w.Over("6h"); got != want || ok != (want != "") {
			t.Errorf("%s: got %q, %v, want %q", text, got, ok, want)
		}
	}
}

func TestSums(t *testing.T) {
	for _, c := range []struct {
		text string
		by   []string
		want bool
	}{
		{`sum(increase(x_total[$step]))`, nil, true},
		{`(sum by (a, b) (increase(x_total[$step])))`, []string{"b", "a"}, true},
		{`sum by (a) (increase(x_total[$step]))`, nil, false},
		{`sum without (a) (increase(x_total[$step]))`, []string{"a"}, false},
		{`max(increase(x_total[$step]))`, nil, false},
		{`increase(x_total[$step])`, nil, false},
	} {
		e, _ := Parse(read(t, c.text))
		if got := e.Words().Sums(c.by); got != c.want {
			t.Errorf("%s by %v: got %v", c.text, c.by, got)
		}
	}
}
