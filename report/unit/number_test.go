package unit

import (
	"math/big"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

var unknown slo.Number

// num reads "0.99996", "-1/3" or "?".
func num(t *testing.T, text string) slo.Number {
	t.Helper()
	if text == "?" {
		return unknown
	}
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		t.Fatalf("%q is not a number", text)
	}
	return slo.NumberRat(r)
}

func target(t *testing.T, text string) slo.Target {
	t.Helper()
	out, err := slo.ParseTarget(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func TestSLI(t *testing.T) {
	for _, c := range []struct{ name, n, target, want string }{
		{"one digit more than the target", "0.9991375", "99.9%", "99.91%"},
		{"rounded down, never to 100", "0.99996", "99.999%", "99.9960%"},
		{"rounded down under a short target", "0.99996", "99.9%", "99.99%"},
		{"just missed does not read as the target", "0.99899999999", "99.9%", "99.89%"},
		{"exactly the target", "0.999", "99.9%", "99.90%"},
		{"just met", "0.9990000001", "99.9%", "99.90%"},
		{"whole target", "0.95", "95%", "95.0%"},
		{"just under a whole target", "0.9499999", "95%", "94.9%"},
		{"exactly one", "1", "99.9%", "100.00%"},
		{"one event in 10^15", "999999999999999/1000000000000000", "99.9%", "99.99%"},
		{"nine digits", "0.9999999", "99.9999999%", "99.99999000%"},
		{"a third", "1/3", "50%", "33.3%"},
		{"nothing good", "0", "99%", "0.0%"},
		{"unknown", "?", "99.9%", "–"},
	} {
		if got := English.SLI(num(t, c.n), target(t, c.target)); got != c.want {
			t.Errorf("%s: SLI(%s, %s) = %q, want %q", c.name, c.n, c.target, got, c.want)
		}
	}
}

func TestSpent(t *testing.T) {
	for _, c := range []struct{ n, want string }{
		{"0", "0%"}, {"0.0000001", "1%"}, {"0.1725", "18%"}, {"0.75", "75%"}, {"0.7500001", "76%"},
		{"1", "100%"}, {"1.0000000001", "101%"}, {"1.16", "116%"}, {"123.45", "12,345%"}, {"123.4501", "12,346%"},
		{"1e30", "100,000,000,000,000,000,000,000,000,000,000%"}, {"?", "–"},
	} {
		if got := Japanese.Spent(num(t, c.n)); got != c.want {
			t.Errorf("Spent(%s) = %q, want %q", c.n, got, c.want)
		}
	}
}

func TestShare(t *testing.T) {
	for _, c := range []struct{ n, want string }{
		{"0", "0%"}, {"0.0000001", "0.1%"}, {"0.1725", "17.3%"}, {"0.907", "90.7%"}, {"1.16", "116.0%"}, {"-0.0725", "-7.2%"}, {"?", "–"},
	} {
		if got := Japanese.Share(num(t, c.n)); got != c.want {
			t.Errorf("Share(%s) = %q, want %q", c.n, got, c.want)
		}
	}
	for _, c := range []struct{ low, high, en, ja string }{
		{"0.7675", "0.9181", "76.7% to 91.9%", "76.7%〜91.9%"}, {"-0.0001", "0", "-0.1% to 0.0%", "-0.1%〜0.0%"}, {"?", "?", "– to –", "–〜–"},
	} {
		if en, ja := English.Shares(num(t, c.low), num(t, c.high)), Japanese.Shares(num(t, c.low), num(t, c.high)); en != c.en || ja != c.ja {
			t.Errorf("Shares(%s, %s) = %q and %q, want %q and %q", c.low, c.high, en, ja, c.en, c.ja)
		}
	}
}

func TestPercent(t *testing.T) {
	for _, c := range []struct {
		n        string
		decimals int
		want     string
	}{
		{"0.83999", 0, "83%"}, {"0.9999", 1, "99.9%"}, {"1", 0, "100%"}, {"-0.005", 0, "-1%"}, {"-0.16", 0, "-16%"}, {"0", 2, "0.00%"}, {"?", 1, "–"},
	} {
		if got := English.Percent(num(t, c.n), c.decimals); got != c.want {
			t.Errorf("Percent(%s, %d) = %q, want %q", c.n, c.decimals, got, c.want)
		}
	}
}

func TestCountBurnMultiple(t *testing.T) {
	for _, c := range []struct {
		name string
		f    func(slo.Number) string
		n    string
		want string
	}{
		{"count", English.Count, "5659", "5,659"},
		{"count", English.Count, "719379", "719,379"},
		{"count", English.Count, "999", "999"},
		{"count", English.Count, "43200000000000000000", "43,200,000,000,000,000,000"},
		{"count", English.Count, "-1234", "-1,234"},
		{"count", English.Count, "0.37", "0.37"},
		{"count", English.Count, "1234.567", "1,234.567"},
		{"count", English.Count, "19.90", "19.9"},
		{"count", English.Count, "0.000000001", "0.000000001"},
		{"count", English.Count, "0.0000000015", "0.00"},
		{"count", English.Count, "?", "–"},
		{"burn", English.Burn, "14.4", "14.4×"},
		{"burn", English.Burn, "14.41", "14.5×"},
		{"burn", English.Burn, "0", "0.0×"},
		{"burn", English.Burn, "0.0001", "0.1×"},
		{"burn", English.Burn, "99.99", "100.0×"},
		{"burn", English.Burn, "1000", "1,000×"},
		{"burn", English.Burn, "?", "–"},
		{"multiple", English.Multiple, "0.31", "0.4"},
		{"multiple", English.Multiple, "123.4", "124"},
		{"multiple", English.Multiple, "?", "–"},
	} {
		if got := c.f(num(t, c.n)); got != c.want {
			t.Errorf("%s(%s) = %q, want %q", c.name, c.n, got, c.want)
		}
	}
}

// parsed reads back what was shown.
func parsed(t *rapid.T, shown string, percent bool) *big.Rat {
	r, ok := new(big.Rat).SetString(strings.NewReplacer(",", "", "%", "").Replace(shown))
	if !ok {
		t.Fatalf("%q is not a number", shown)
	}
	if percent {
		r.Quo(r, big.NewRat(100, 1))
	}
	return r
}

// What is shown is never better than the truth, and says missed if and only if it is.
func TestRoundsTowardsTheBadNews(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		total := rapid.Int64Range(1, 1e15).Draw(t, "total")
		bad := rapid.OneOf(rapid.Int64Range(0, total), rapid.Int64Range(0, min(total, 9))).Draw(t, "bad")
		goal := slo.Target(rapid.OneOf(rapid.Int64Range(1, 1e9), rapid.SampledFrom([]int64{999e6, 9995e5, 999990000, 999999999, 1e9})).Draw(t, "target"))
		sli := slo.NumberFrac(total-bad, total)

		text := English.SLI(sli, goal)
		seen := parsed(t, text, true)
		if seen.Cmp(sli.Rat()) > 0 {
			t.Fatalf("shown %s is over %v", text, sli)
		}
		missed := sli.Cmp(goal.Number()) < 0
		if (seen.Cmp(goal.Number().Rat()) < 0) != missed {
			t.Fatalf("shown %s of %v against %v does not tell whether it is missed (%v)", text, sli, goal, missed)
		}
		if (seen.Cmp(big.NewRat(1, 1)) == 0) != (bad == 0) {
			t.Fatalf("shown %s with %d bad of %d", text, bad, total)
		}

		spent := slo.NumberFrac(bad, total).Quo(goal.Budget())
		if spent.Known() && parsed(t, English.Spent(spent), true).Cmp(spent.Rat()) < 0 {
			t.Fatalf("shown %s is under %v", English.Spent(spent), spent)
		}
		left := slo.NumberOf(1).Sub(spent)
		if left.Known() && parsed(t, English.Percent(left, 0), true).Cmp(left.Rat()) > 0 {
			t.Fatalf("shown %s is over %v", English.Percent(left, 0), left)
		}
	})
}

// One event is one, and a part of one more is not.
func TestUnread(t *testing.T) {
	for _, c := range []struct {
		n    slo.Number
		want string
	}{
		{slo.NumberOf(1), "1 event was not read or not sure"},
		{slo.NumberOf(2), "2 events were not read or not sure"},
		{slo.NumberOf(1200), "1,200 events were not read or not sure"},
	} {
		if got := English.Doubted(c.n, false); got != c.want {
			t.Errorf("got %q, want %q", got, c.want)
		}
	}
	if got := Language("ja").Doubted(slo.NumberOf(1), false); got != "読み取れない、または判定できないイベントが1件" {
		t.Errorf("got %q", got)
	}
}
