package hist

import (
	"errors"
	"math"
	"strings"
	"testing"
	"time"
)

// A threshold is taken in the unit that the metric's name has.
func TestLimit(t *testing.T) {
	for _, test := range []struct {
		text, metric string
		want, unit   string
	}{
		{"<= 300ms", "http_request_duration_seconds", "0.3", "seconds"},
		{"<= 300ms", "http_request_duration_seconds_bucket", "0.3", "seconds"},
		{"<=300ms", "istio_request_duration_milliseconds", "300", "milliseconds"},
		{"<= 0.3s", "rpc_latency_ms", "300", "ms"},
		{"<= 1m30s", "job_duration_minutes", "1.5", "minutes"},
		{"<= 1m 30s", "job_duration_seconds", "90", "seconds"},
		{"<= 1.5µs", "call_nanoseconds", "1500", "nanoseconds"},
		{"<= 250us", "request.duration.seconds", "0.00025", "seconds"},
		{"<= 0.30000000000000004s", "d_seconds", "0.30000000000000004", "seconds"},
		{"<= 1024", "response_size_bytes", "1024", ""},
		{"<= 0.3", "latency", "0.3", ""},
		{"<= -2.5", "temperature_celsius", "-2.5", ""},
		{"<= 1e3", "seconds", "1000", ""},
		{"<= 5", "batch_count", "5", ""},
	} {
		threshold, err := ReadThreshold(test.text, false)
		if err != nil {
			t.Errorf("%s: %v", test.text, err)
			continue
		}
		l, err := threshold.Of(test.metric)
		if err != nil || l.String() != test.want || l.Unit != test.unit || !l.Inclusive {
			t.Errorf("%s of %s is %s %q inclusive %t, %v; want %s %q", test.text, test.metric, l, l.Unit,
				l.Inclusive, err, test.want, test.unit)
		}
	}
	l, err := must(t, "> 300ms", true).Of("d_seconds")
	if err != nil || l.String() != "0.3" || !l.Inclusive || l.Scale != time.Second {
		t.Errorf("bad over 300ms: %+v, %v", l, err)
	}
	if must(t, "< 300ms", false).Inclusive || must(t, ">= 300ms", true).Inclusive {
		t.Error("an event at exactly 300ms is good")
	}
}

func must(t testing.TB, text string, bad bool) Threshold {
	threshold, err := ReadThreshold(text, bad)
	if err != nil {
		t.Fatal(err)
	}
	return threshold
}

// limitOf returns a limit without a unit.
func limitOf(t testing.TB, text string) Limit {
	l, err := must(t, "<= "+text, false).Of("x")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// What would be a guess is refused, with the way to mend it.
func TestRefusal(t *testing.T) {
	for _, test := range []struct {
		text string
		bad  bool
		want string
	}{
		{"300ms", false, `"300ms" is no threshold`}, {">= 300ms", false, "no threshold"},
		{"<= 300ms", true, "no threshold"}, {"== 300ms", false, "no threshold"}, {"=< 3ms", false, "no threshold"},
		{"", false, "no threshold"}, {"<=", false, `"" is neither`}, {"<= 300 parsecs", false, "neither a duration"},
		{"<= 0ms", false, "neither"}, {"<= NaN", false, "neither"}, {"<= +Inf", false, "neither"},
		{"<= 1/3", false, "neither"}, {"<= 1e999999999", false, "neither"}, {"<= 300ms or so", false, "neither"},
		{"<= " + strings.Repeat("1", 200), false, "neither"},
	} {
		_, err := ReadThreshold(test.text, test.bad)
		var r *Refusal
		if !errors.As(err, &r) || !strings.Contains(r.What, test.want) || r.Hint == "" {
			t.Errorf("%q: %v, want %q", test.text, err, test.want)
		}
	}
	for _, test := range []struct{ text, metric, want string }{
		{"<= 300ms", "latency", "does not tell its unit"},
		{"<= 300ms", "response_size_bytes", "does not tell its unit"},
		{"<= 300ms", "seconds", "does not tell its unit"},
		{"<= 0.3", "d_seconds", `"0.3" has no unit`},
	} {
		_, err := must(t, test.text, false).Of(test.metric)
		if err == nil || !strings.Contains(err.Error(), test.want) {
			t.Errorf("%s of %s: %v, want %q", test.text, test.metric, err, test.want)
		}
	}
}

// Whatever is written is a threshold or refused; one that is read is the same when it is
// written with one blank, and is one number of every metric that it suits.
func FuzzThreshold(f *testing.F) {
	for _, text := range []string{"<= 300ms", "< 1m30s", "> 1024", ">=0.5", "<= 1e-3", "<= 0x1p4", "<= 1_000", "==3", "<=", "<= 1s 5", "<= 9e999s"} {
		f.Add(text, strings.HasPrefix(text, ">"))
	}
	f.Fuzz(func(t *testing.T, text string, bad bool) {
		threshold, err := ReadThreshold(text, bad)
		if err != nil {
			if why := (*Refusal)(nil); !errors.As(err, &why) || why.Hint == "" {
				t.Errorf("%q: error %v, without a hint", text, err)
			}
			return
		}
		op := map[[2]bool]string{{true, false}: "<= ", {false, false}: "< ", {true, true}: "> ", {false, true}: ">= "}
		again, err := ReadThreshold(op[[2]bool{threshold.Inclusive, bad}]+threshold.text, bad)
		if err != nil || again.number.Cmp(threshold.number) != 0 || again.Span != threshold.Span || again.Inclusive != threshold.Inclusive {
			t.Errorf("%q: %+v, again %+v, %v", text, threshold, again, err)
		}
		for _, metric := range []string{"x", "x_seconds", "x_milliseconds_bucket", "x_bytes"} {
			l, err := threshold.Of(metric)
			if why := (*Refusal)(nil); err != nil && !errors.As(err, &why) {
				t.Errorf("%q of %s: error %v", text, metric, err)
			}
			if err == nil && (math.IsNaN(l.At) || math.IsInf(l.At, 0)) {
				t.Errorf("%q of %s is %v", text, metric, l.At)
			}
		}
	})
}

// What Text writes is taken, and is the same value.
func TestLimitText(t *testing.T) {
	for _, test := range []struct {
		metric string
		at     float64
		want   string
	}{
		{"h_seconds", 0.3, "300ms"}, {"h_seconds", 2.5, "2.5s"}, {"h_seconds", 5, "5s"}, {"h_seconds", 60, "1m"},
		{"h_milliseconds", 0.25, "250us"}, {"h_bytes", 1024, "1024"}, {"h", 0.3, "0.3"},
		{"h_seconds", math.Exp2(-1.75), "297.30177875068026ms"}, {"h_seconds", math.Exp2(0.25), "1.189207115002721s"},
	} {
		_, scale := UnitOf(test.metric)
		text := Limit{Scale: scale}.Text(test.at)
		read, err := ReadThreshold("<= "+text, false)
		if err != nil || text != test.want {
			t.Errorf("%v of %s: got %q, %v, want %q", test.at, test.metric, text, err, test.want)
			continue
		}
		if l, err := read.Of(test.metric); err != nil || l.At != test.at {
			t.Errorf("%s: %v, %v, want %v", text, l.At, err, test.at)
		}
	}
}
