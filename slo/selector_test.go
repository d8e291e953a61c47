package slo

import (
	"slices"
	"strings"
	"testing"
)

func TestSelector(t *testing.T) {
	s := SLO{Service: "checkout", Name: "latency-7d", Labels: map[string]string{"tier": "1", "region": "eu"}, By: []string{"region"}}
	bare := SLO{Service: "checkout", Name: "latency-7d", Labels: map[string]string{"tier": "1"}, By: []string{"region"}}
	for _, c := range []struct {
		term       string
		takes      bool // s
		takesLater bool // bare, whose region is not known yet
	}{
		{"checkout", true, true}, {"latency-7d", true, true}, {"checkout/latency-7d", true, true}, {"check*", true, true}, {"*", true, true}, {"*7d", true, true}, {"*/latency*", true, true},
		{"tier=1", true, true}, {"tier=2", false, false}, {"tier=*", true, true}, {"region=eu", true, true}, {"region=us", false, true}, {"owner=x", false, false},
		{"checkout/latency-7d{region=eu}", true, true}, {"checkout/latency-7d{region=us}", false, true},
		{"search", false, false}, {"latency", false, false}, {"", false, false}, {"[", false, false}, {"check[", false, false},
	} {
		sel := Selector{c.term}
		if got := sel.Takes(s, nil); got != c.takes {
			t.Errorf("%q takes %s: %t", c.term, s.ID(), got)
		}
		if got := sel.Takes(bare, []string{"region"}); got != c.takesLater {
			t.Errorf("%q takes %s before its region is known: %t", c.term, bare.ID(), got)
		}
	}
	if path := (SLO{Service: "shop", Name: "POST /orders"}); !(Selector{"shop/*"}).Takes(path, nil) || !(Selector{"POST*"}).Takes(path, nil) {
		t.Error("a glob stops at a slash of a name")
	}
	if !(Selector)(nil).Takes(s, nil) || !(Selector{"x", "tier=1"}).Takes(s, nil) {
		t.Error("no term, or one of several, does not take it")
	}
}

func TestSelectorIdle(t *testing.T) {
	set := []SLO{{Service: "shop", Name: "up"}, {Service: "shop", Name: "two", Labels: map[string]string{"tier": "1"}}}
	for terms, want := range map[string]string{
		"":                         "",
		"up":                       "",
		"up typo":                  "typo",
		"typo up typo":             "typo",
		"shop/* tier=1 tier=2 t* ": "tier=2",
		"region=eu [":              "region=eu [",
	} {
		got := Selector(strings.Fields(terms)).Idle(func(term Selector) bool {
			return slices.ContainsFunc(set, func(s SLO) bool { return term.Takes(s, nil) })
		})
		if strings.Join(got, " ") != want {
			t.Errorf("%s: got %q, want %s", terms, got, want)
		}
	}
}
