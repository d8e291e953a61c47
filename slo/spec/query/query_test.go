package query

import (
	"fmt"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

func text(s string) yaml.Value {
	return yaml.Text(diag.Pos{File: "x.yaml", Line: 1, Col: 1, Len: len(s)}, s)
}

func TestCounted(t *testing.T) {
	for in, want := range map[string]string{
		`sum(rate(a_total[$step]))`:                                         `sum(increase(a_total[$step]))`,
		`sum by (rate) (rate(rate{rate="rate(x[5m])"}[$step]))`:             `sum by (rate) (increase(rate{rate="rate(x[5m])"}[$step]))`,
		"rate(a[$step]) # rate(b[5m]) / 2":                                  "increase(a[$step]) # rate(b[5m]) / 2",
		`sum(rate(a[$step])) or vector(0)`:                                  `sum(increase(a[$step])) or vector(0)`,
		`sum(rate(a[$step])) or on() vector(1)`:                             `no: 1`,
		`rate(a[$step]) * 60`:                                               `no: 60`,
		`increase(a[$step]) * 2`:                                            `increase(a[$step]) * 2`,
		`avg_over_time(a[$step])`:                                           `no: avg_over_time()`,
		`sum(rate(a[$step])) / sum(rate(b[$step]))`:                         `no: /`,
		`a{x="/"} unless b`:                                                 `a{x="/"} unless b`,
		`rate(a[5m])`:                                                       `no: [5m]`,
		`histogram_quantile(0.9, a)`:                                        `no: histogram_quantile()`,
		`rate`:                                                              `rate`,
		`sum(rate(a[$step]) * rate(b[$step]))`:                              `no: *`,
		`sum(increase(a[$step])) * on(x) group_left(y) b{x="y"}`:            `no: *`,
		`increase(a[$step]) * 2 * -b`:                                       `no: *`,
		`increase(a[$step]) * -2 * b`:                                       `no: *`,
		`increase(a[$step]) * 1e-3 * b`:                                     `no: *`,
		`increase(a[$step]) * scalar(b)`:                                    `no: *`,
		`increase(a[$step]) % 2`:                                            `no: %`,
		`increase(a[$step]) ^ 2`:                                            `no: ^`,
		`2 ^ increase(a[$step])`:                                            `no: ^`,
		`ceil(rate(a[$step]))`:                                              `no: ceil()`,
		`Round(sum by (ceil) (rate(a[$step])))`:                             `no: Round()`,
		`round(increase(a[$step]))`:                                         `round(increase(a[$step]))`,
		`clamp_max(increase(a[$step]), 1)`:                                  `no: clamp_max()`,
		`clamp_min(rate(a[$step]) - rate(b[$step]), 0)`:                     `clamp_min(increase(a[$step]) - increase(b[$step]), 0)`,
		`sgn(increase(a[$step]))`:                                           `no: sgn()`,
		`increase(a[$step]) > bool 0`:                                       `no: bool`,
		`increase(a[$step]) > 0`:                                            `increase(a[$step]) > 0`,
		`2 * (sum by (b) (increase(a[$step]))) + increase(b[$step]) / 1e-3`: `2 * (sum by (b) (increase(a[$step]))) + increase(b[$step]) / 1e-3`,
		`increase(a[$step]) * (60 / 2 ^ 3) or vector(0) * 5`:                `increase(a[$step]) * (60 / 2 ^ 3) or vector(0) * 5`,
		`increase(a[$step]) / (b)`:                                          `no: /`,
		`increase(a[$step]) / 2 offset b`:                                   `no: /`,
		`rate(a{x="*"}[$step]) unless on (job) b * 0`:                       `increase(a{x="*"}[$step]) unless on (job) b * 0`,
		`rate(a[$step] offset 5m) / 0`:                                      `no: 5m`,
		``:                                                                  ``,
		`a{x="unclosed`:                                                     `a{x="unclosed`,
	} {
		got, why, ok := Counted(text(in))
		if !ok {
			got.Text = "no: " + why
		}
		if got.Text != want {
			t.Errorf("%s: got %s, want %s", in, got.Text, want)
		}
	}
}

func TestGrown(t *testing.T) {
	for in, want := range map[string]string{
		`sum(http_requests{code=~"2xx|4xx"})`:     `sum(increase(http_requests{code=~"2xx|4xx"}[$step]))`,
		`a_total`:                                 `increase(a_total[$step])`,
		`sum by (job, code) (a_total) or b_total`: `sum by (job, code) (increase(a_total[$step])) or increase(b_total[$step])`,
		`sum(a_total) without (x)`:                `sum(increase(a_total[$step])) without (x)`,
		`{__name__="a_total"}`:                    `increase({__name__="a_total"}[$step])`,
		`sum(rate(a_total[5m]))`:                  `no`,
		`2`:                                       `no`,
		`sum(a_total{x="a b"}) # of b`:            `sum(increase(a_total{x="a b"}[$step])) # of b`,
	} {
		got, ok := Grown(text(in))
		if !ok {
			got.Text = "no"
		}
		if got.Text != want {
			t.Errorf("%s: got %s, want %s", in, got.Text, want)
		}
	}
}

func TestUnfixed(t *testing.T) {
	for in, want := range map[string]string{
		`sum(rate(a_total{x="y[1m]"}[5m]))`:       `sum(rate(a_total{x="y[1m]"}[$step]))`,
		`increase(a[1m]) + increase({b="c"}[2m])`: `increase(a[$step]) + increase({b="c"}[$step])`,
		`max_over_time(a[5m])`:                    `no`,
		`rate(a[5m:1m])`:                          `no`,
		`sum_over_time(rate(a[5m])[1h:5m])`:       `no`,
		`a`:                                       `no`,
	} {
		got, ok := Unfixed(text(in))
		if !ok {
			got.Text = "no"
		}
		if got.Text != want {
			t.Errorf("%s: got %s, want %s", in, got.Text, want)
		}
	}
}

func TestEqual(t *testing.T) {
	var got []string
	for _, f := range Equal(text(`a{job="x",code=~"5..",path!="y", le="1", q='z', e="", n="a\"b"}`)) {
		got = append(got, f.Key+"="+f.Value.Text)
	}
	if want := `job=x q=z n=a"b`; strings.Join(got, " ") != want {
		t.Errorf("got %v, want %s", got, want)
	}
	if got := Equal(text("a")); got != nil {
		t.Errorf("of a metric alone: %v", got)
	}
}

// Whatever a text is, it is scanned, and what is put into it stands between parts of it.
func FuzzWords(f *testing.F) {
	for _, s := range []string{`sum(rate(a{b="c"}[{{.window}}])) / 2 # x`, "`", `a{`, "[[", `"\`, "é[5m]", "1e-3"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		v := text(s)
		end := 0
		for _, w := range scan(s) {
			if w.from < end || w.to <= w.from || w.to > len(s) {
				t.Fatalf("%q: a word from %d to %d behind %d", s, w.from, w.to, end)
			}
			end = w.to
		}
		for _, got := range []string{first(Counted(v)), second(Grown(v)), second(Unfixed(v)), second2(Stepped(v, Window()))} {
			rest := strings.NewReplacer("increase(", "", Step, "", "[", "", "]", "", ")", "").Replace(got)
			if len(rest) > len(s) {
				t.Errorf("%q has become %q", s, got)
			}
		}
		Equal(v)
		Quotient(v)
	})
}

func first(v yaml.Value, _ string, _ bool) string { return v.Text }
func second(v yaml.Value, _ bool) string          { return v.Text }
func second2(v yaml.Value, _ int) string          { return v.Text }

func TestQuotient(t *testing.T) {
	for in, want := range map[string]string{
		`sum(a[$step]) / sum(b[$step])`:   `sum(a[$step]) | sum(b[$step]) false`,
		`1 - (sum(a)/sum(b))`:             `sum(a) | sum(b) true`,
		`(1 - a / on(x) group_left(y) b)`: `a | b true`,
		"a\n / ignoring (le)\n b # c":     "a | b false",
		`sum(a / b)`:                      `no`,
		`a / b / c`:                       `no`,
		`a / b + c`:                       `no`,
		`a / b > 1`:                       `no`,
		`(a) / (b or vector(0))`:          `(a) | (b or vector(0)) false`,
		`a / b or vector(0)`:              `no`,
		`a /`:                             `no`,
		`/ a`:                             `no`,
		`2 - a / b`:                       `no`,
		`a{x="/"} / b`:                    `a{x="/"} | b false`,
	} {
		a, b, rest, ok := Quotient(text(in))
		got := fmt.Sprintf("%s | %s %t", a.Text, b.Text, rest)
		if !ok {
			got = "no"
		}
		if got != want {
			t.Errorf("%s: got %s, want %s", in, got, want)
		}
	}
}
