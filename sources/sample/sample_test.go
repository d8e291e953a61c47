package sample

import (
	"slices"
	"testing"
)

// Labels come in any order, each once; without a value they are none.
func TestNewLabels(t *testing.T) {
	for _, test := range []struct {
		labels []Label
		want   Labels
		err    string
	}{
		{nil, nil, ""},
		{[]Label{{"a", ""}}, Labels{}, ""},
		{[]Label{{"job", "api"}, {"empty", ""}, {MetricName, "m"}, {"", "x"}}, Labels{{"", "x"}, {MetricName, "m"}, {"job", "api"}}, ""},
		{[]Label{{"b", "1"}, {"a", "1"}, {"b", "1"}}, nil, `the label "b" is there twice`},
		{[]Label{{"a", "1"}, {"a", ""}}, nil, `the label "a" is there twice`},
	} {
		got, err := NewLabels(slices.Clone(test.labels))
		switch {
		case test.err != "":
			if err == nil || err.Error() != test.err {
				t.Errorf("%v: error %v, want %s", test.labels, err, test.err)
			}
		case err != nil || !slices.Equal(got, test.want):
			t.Errorf("%v: %v, %v, want %v", test.labels, got, err, test.want)
		}
	}
}

// No two series have one key, whatever their texts are.
func TestLabelsKey(t *testing.T) {
	known := map[string]Labels{}
	for _, l := range []Labels{
		nil, {{"a", "b"}}, {{"ab", ""}}, {{"", "ab"}}, {{"a", "b\x01c\x01d"}}, {{"a", "b"}, {"c", "d"}},
		{{"a", "b\xffc\xffd"}}, {{"a\xffb", "c"}}, {{"a", "b\xffc"}}, {{"a", "b"}, {"b", "a"}},
	} {
		key := string(l.AppendKey([]byte("before")))
		if other, there := known[key]; there {
			t.Errorf("%v and %v have one key, %q", l, other, key)
		}
		known[key] = l
	}
}

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
