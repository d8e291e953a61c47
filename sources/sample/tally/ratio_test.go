package tally

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

const ofShare = `avg_over_time(r_total[1m]) / 100`

// A ratio is the share of errors of one event a bucket: what is no number is no traffic, what
// is not there is a gap.
func TestRatio(t *testing.T) {
	const sli = `{ratio: 'avg_over_time(r_total[$step]) / 100'}`
	for _, test := range []struct{ name, share, want string }{
		{"a share is that of one event", "{} 9 0 0.25 1", "0/1 0.25/1 1/1"},
		{"0 of 0 is no traffic", "{} 9 0 NaN 1", "0/1 0/0 1/1"},
		{"none is a gap", "{} 9 0 _ 1", "0/1 - 1/1"},
		{"series are events of their own", "{a=\"1\"} 9 0 0.5 1\n{a=\"2\"} 9 1 _ 1", "1/2 0.5/1 2/2"},
		{"replicas are one", "{replica=\"1\"} 9 0 0.5 _\n{replica=\"2\"} 9 0.25 _ 1", "0.25/1 0.5/1 1/1"},
		{"over 1 is all", "{} 9 1.5 Inf 0.5", "1/1 1/1 0.5/1 ratio"},
		{"chance is nothing", "{} 9 -0.0000001 0.0000001 0.5", "0/1 0/1 0.5/1"},
		{"less than nothing", "{} 9 0 -0.5 0", `error: slo.yaml:1:9: the expression is -0.5 at 2026-03-10T12:02:00Z for {}, ` +
			`which is no share of errors [prometheus/sample]`},
	} {
		server := &canned{answers: map[string][]sampletest.Series{ofShare: points(test.share)}}
		got := says(fetch(t, lines(scraped15), Config{Evaluate: server.evaluate}, expressions(t, sli, 3))[0])
		if got != test.want {
			t.Errorf("%s:\ngot  %s\nwant %s", test.name, got, test.want)
		}
	}
}

// A ratio stands alone, and a finding says that it has no weights.
func TestRatioKeys(t *testing.T) {
	for sli, want := range map[string]string{
		`{ratio: 'a / b'}`:                      "warning prometheus/weights",
		`{ratio: 'a / b', bad: c}`:              "error prometheus/sli, warning prometheus/weights",
		`{ratio: 'a / b', value: c}`:            "error prometheus/sli",
		`{ratio: 'a[5m]'}`:                      "warning prometheus/weights, error promql/result",
		`{ratio: ''}`:                           "error promql/text, warning prometheus/weights",
		`{ratio: 'avg_over_time(a[$__range])'}`: "error promql/variable, warning prometheus/weights",
	} {
		b, err := spec.ParseBlock("slo.yaml", sli, t.TempDir())
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, f := range CheckQueries(b, "prometheus", nil) {
			got = append(got, f.Severity.String()+" "+f.Code)
		}
		if g := strings.Join(got, ", "); g != want {
			t.Errorf("%s: got %s, want %s", sli, g, want)
		}
	}
}
