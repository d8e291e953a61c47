package promql

import "testing"

func TestAt(t *testing.T) {
	for text, want := range map[string]string{
		`increase(x_total[$step])`:                                 `increase(x_total[6h])`,
		`sum(increase(x_total{a="[$step]"}[$step])) # all [$step]`: `sum(increase(x_total{a="[$step]"}[6h]))`,
		"increase(x_total{a=\"\\x00\"}[$step])":                    `increase(x_total{a="\x00"}[6h])`,
		`sum_over_time(x[$step:$step])`:                            `sum_over_time(x[6h:6h])`,
	} {
		if e, findings := Parse(read(t, text)); findings.Errors() || e.Words().At("6h") != want {
			t.Errorf("%s: got %q, want %q: %v", text, e.Words().At("6h"), want, findings)
		}
	}
}

func TestAdds(t *testing.T) {
	for text, want := range map[string]bool{
		`increase(x_total[$step])`:                                                                 true,
		`sum by (a) (increase(x_total[$step] offset 5m))`:                                          true,
		`sum_over_time(x[$step:1m])`:                                                               true,
		`sum(count_over_time(x[$step]))`:                                                           true,
		`increase(x_total[$step]) or increase(y_total[$step]) * 0`:                                 true,
		`sum(increase(x_total[$step])) or vector(0)`:                                               true,
		`sum(increase(x_total[$step])) + (sum(increase(y_total[$step])) or 0 * sum(up))`:           true,
		`sum(increase(x_total[$step])) - sum(increase(y_total[$step]))`:                            true,
		`2 * increase(x_total[$step]) / 3`:                                                         true,
		`histogram_count(increase(h[$step])) * histogram_fraction(0, 0.3, increase(h[$step]))`:     true,
		`label_replace(increase(x_total[$step]), "a", "$1", "b", "(.*)")`:                          true,
		`histogram_count(increase(h[$step])) * histogram_fraction(0, 0.3, increase(other[$step]))`: false,
		`sum(increase(x_total[$step]) > 5)`:                                                        false,
		`sum(increase(x_total[$step])) or vector(1)`:                                               false,
		`sum(increase(x_total[$step])) + 1`:                                                        false,
		`sum(increase(x_total[$step])) and on () hour() >= 9`:                                      false,
		`sum(increase(x_total[$step])) unless on () maintenance == 1`:                              false,
		`clamp_max(sum(increase(x_total[$step])), 100)`:                                            false,
		`sum(clamp_min(increase(x_total[$step]), 1))`:                                              false,
		`round(increase(x_total[$step]))`:                                                          false,
		`increase(x_total[$step]) + increase(y_total[5m])`:                                         false,
		`max without (replica) (increase(x_total[$step]))`:                                         false,
		`count(increase(x_total[$step]))`:                                                          false,
		`increase(x_total[$step]) * on (pod) group_left () info`:                                   false,
		`increase(x_total[$step]) ^ 2`:                                                             false,
		`2 / increase(x_total[$step])`:                                                             false,
		`rate(x_total[$step]) * 60`:                                                                false,
		`changes(x[$step])`:                                                                        false,
		`sum_over_time(x[$step:$step])`:                                                            false,
		`sum_over_time(increase(x_total[$step])[$step:1m])`:                                        false,
		`max_over_time(sum(increase(x_total[$step]))[$step:1m])`:                                   false,
	} {
		e, findings := Parse(read(t, text))
		if findings.Errors() {
			t.Fatalf("%s: %v", text, findings)
		}
		if got := e.Words().Adds(); got != want {
			t.Errorf("%s: got %v", text, got)
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
