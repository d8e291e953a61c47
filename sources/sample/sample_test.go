package sample

import "testing"

// A selector takes what its matchers say, and is written as PromQL reads it.
func TestSelector(t *testing.T) {
	matcher := func(name string, op Op, value string) Matcher {
		m, err := NewMatcher(name, op, value)
		if err != nil {
			t.Fatal(err)
		}
		return m
	}
	s := Selector{
		matcher("code", Like, "5.."), matcher(MetricName, Equal, "http_requests_total"),
		matcher("job", NotEqual, ""), matcher("le", Unlike, "a|b"),
	}
	if got, want := s.String(), `http_requests_total{code=~"5..",job!="",le!~"a|b"}`; got != want {
		t.Errorf("written %s, want %s", got, want)
	}
	labels := Labels{{MetricName, "http_requests_total"}, {"code", "503"}, {"job", "api"}}
	if got, want := labels.String(), `http_requests_total{code="503",job="api"}`; got != want {
		t.Errorf("written %s, want %s", got, want)
	}
	for _, test := range []struct {
		with Label
		want bool
	}{
		{Label{"code", "503"}, true}, {Label{"code", "5033"}, false}, {Label{"code", "5\n3"}, true},
		{Label{"job", ""}, false}, {Label{"le", "a"}, false}, {Label{"le", "ab"}, true},
		{Label{MetricName, "other"}, false},
	} {
		changed := Labels{test.with}
		for _, l := range labels {
			if l.Name != test.with.Name {
				changed = append(changed, l)
			}
		}
		if got := s.Takes(changed); got != test.want {
			t.Errorf("%v: %t", test.with, got)
		}
	}
	if _, err := NewMatcher("a", Like, "("); err == nil {
		t.Error("( is an expression")
	}
	odd := Selector{matcher(MetricName, Equal, "http.requests"), matcher("a b", Equal, "\"x\"")}
	if got, want := odd.String(), `{__name__="http.requests","a b"="\"x\""}`; got != want {
		t.Errorf("written %s, want %s", got, want)
	}
}

// The marker of an end is no other NaN.
func TestStale(t *testing.T) {
	if nan := 0.0; !Stale(StaleMarker()) || Stale(nan/nan) || Stale(1) {
		t.Error("a NaN is no marker, and the marker is one")
	}
}

// A metric is of a family, whose name stands before one part.
func TestFamily(t *testing.T) {
	for metric, want := range map[string][2]string{
		"r_total": {"r", "_total"}, "h_seconds_bucket": {"h_seconds", "_bucket"}, "h_seconds_count": {"h_seconds", "_count"},
		"h_seconds_sum": {"h_seconds", "_sum"}, "r_count_total": {"r_count", "_total"}, "up": {"up", ""},
		"total": {"total", ""}, "_sum": {"_sum", ""}, "subtotal": {"subtotal", ""}, "r_created": {"r_created", ""}, "": {"", ""},
	} {
		if family, part := Family(metric); family != want[0] || part != want[1] {
			t.Errorf("%s: %q and %q, want %q", metric, family, part, want)
		}
	}
}
