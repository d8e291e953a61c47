package evidence

import (
	"math"
	"math/big"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

var methods = []slo.EvidenceMethod{slo.Wilson, slo.Jeffreys, slo.ClopperPearson}

// number reads a decimal or a fraction.
func number(text string) slo.Number {
	r, ok := new(big.Rat).SetString(text)
	if !ok {
		panic(text)
	}
	return slo.NumberRat(r)
}

// TestKnownIntervals compares with intervals worked out at 60 digits from the
// definitions. 81/263, 15/148, 0/20 and 1/29 are the examples of Newcombe,
// Statistics in Medicine 17 (1998), table I, which prints four of these decimals
// for Wilson (method 3) and Clopper–Pearson (method 5).
func TestKnownIntervals(t *testing.T) {
	for _, c := range []struct {
		method                 slo.EvidenceMethod
		bad, total, confidence string
		low, high              float64
	}{
		{slo.Wilson, "81", "263", ".95", 0.255288519878274, 0.3662095769828},
		{slo.Jeffreys, "81", "263", ".95", 0.254521934991023, 0.365647499174082},
		{slo.ClopperPearson, "81", "263", ".95", 0.252736745585271, 0.367621922601351},
		{slo.Wilson, "15", "148", ".95", 0.0623863995307363, 0.160487241723308},
		{slo.Jeffreys, "15", "148", ".95", 0.0604485170092964, 0.157643143478741},
		{slo.ClopperPearson, "15", "148", ".95", 0.0578440100834486, 0.161650490349479},
		{slo.Wilson, "0", "20", ".95", 0, 0.161125158052819},
		{slo.Jeffreys, "0", "20", ".95", 0, 0.116638982904875},
		{slo.ClopperPearson, "0", "20", ".95", 0, 0.168433470983085}, // 1 − 0.025^(1/20)
		{slo.Wilson, "1", "29", ".95", 0.00611321429276266, 0.171755218793203},
		{slo.Jeffreys, "1", "29", ".95", 0.00374617364905707, 0.150077686002232},
		{slo.ClopperPearson, "1", "29", ".95", 0.000872646883579922, 0.177644295488723},
		{slo.Wilson, "10", "10", ".95", 0.722467200137111, 1},
		{slo.Jeffreys, "10", "10", ".95", 0.782803732490789, 1},
		{slo.ClopperPearson, "10", "10", ".95", 0.691502892181239, 1},
		{slo.Wilson, "0", "1000", ".95", 0, 0.00382675848555512},
		{slo.Jeffreys, "0", "1000", ".95", 0, 0.0025081643414223},
		{slo.ClopperPearson, "0", "1000", ".95", 0, 0.00368208389686567},
		{slo.Wilson, "60", "60000", ".95", 0.000777040718286615, 0.00128685145611165},
		{slo.Jeffreys, "60", "60000", ".95", 0.0007704704831053, 0.00127763262081939},
		{slo.ClopperPearson, "60", "60000", ".95", 0.000763189405625155, 0.00128701335618034},
		{slo.Wilson, "3", "1000000", ".99", 7.5775863112446e-7, 1.18770541392205e-5},
		{slo.Jeffreys, "3", "1000000", ".99", 4.94628337523671e-7, 1.01388312128034e-5},
		{slo.ClopperPearson, "3", "1000000", ".99", 3.3786366951564e-7, 1.09774337091263e-5},
		{slo.Wilson, "2", "7", ".5", 0.186429775924606, 0.411152305299284},
		{slo.Jeffreys, "2", "7", ".5", 0.193978828935557, 0.414870002194812},
		{slo.ClopperPearson, "2", "7", ".5", 0.137974033855017, 0.486096989480859},
		{slo.Wilson, "1/4", "12", ".95", 0.0012049715678923, 0.272851784810047},
		{slo.Jeffreys, "1/4", "12", ".95", 0.000540529766139619, 0.227950618662452},
		{slo.ClopperPearson, "1/4", "12", ".95", 2.13004409265356e-8, 0.297793572943835},
		{slo.Wilson, "50", "100", ".999", 0.343717075474758, 0.656282924525242},
		{slo.Jeffreys, "50", "100", ".999", 0.340210482827835, 0.659789517172165},
		{slo.ClopperPearson, "50", "100", ".999", 0.335581937190523, 0.664418062809477},
		{slo.Jeffreys, "3", "1000000000000", ".95", 8.4493459033726416e-13, 8.0063821372726031e-12},
	} {
		got, ok := Of(c.method, number(c.bad), number(c.total), number(c.confidence))
		if !ok || !near(got.Low, c.low) || !near(got.High, c.high) {
			t.Errorf("%s: %s bad of %s at %s: got %v, want [%v %v]", c.method, c.bad, c.total, c.confidence, got, c.low, c.high)
		}
	}
}

func near(got, want float64) bool { return math.Abs(got-want) <= 1e-9*want }

// TestNothingToSay holds that no interval is made up.
func TestNothingToSay(t *testing.T) {
	one, ten := slo.NumberOf(1), slo.NumberOf(10)
	for name, c := range map[string]struct {
		method                 slo.EvidenceMethod
		bad, total, confidence slo.Number
	}{
		"no events":              {slo.Wilson, slo.NumberOf(0), slo.NumberOf(0), DefaultConfidence()},
		"unknown counts":         {slo.Wilson, slo.Number{}, slo.Number{}, DefaultConfidence()},
		"unknown total":          {slo.Wilson, one, slo.Number{}, DefaultConfidence()},
		"negative":               {slo.Wilson, slo.NumberOf(-1), ten, DefaultConfidence()},
		"more bad than total":    {slo.Wilson, slo.NumberOf(11), ten, DefaultConfidence()},
		"confidence of 1":        {slo.Wilson, one, ten, one},
		"confidence of 0":        {slo.Wilson, one, ten, slo.NumberOf(0)},
		"unknown confidence":     {slo.Wilson, one, ten, slo.Number{}},
		"method without a name":  {"", one, ten, DefaultConfidence()},
		"method nobody heard of": {"wald", one, ten, DefaultConfidence()},
	} {
		if got, ok := Of(c.method, c.bad, c.total, c.confidence); ok {
			t.Errorf("%s: got %v", name, got)
		}
	}
}

// TestProperties holds for any counts, whole or not, tiny or beyond a float64: the
// interval lies in [0, 1] and holds the ratio, good and bad can change places, and
// a hundred times the evidence makes it narrower.
func TestProperties(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.SampledFrom(methods).Draw(t, "method")
		scale := new(big.Rat).SetFrac(new(big.Int).Exp(big.NewInt(10), big.NewInt(rapid.Int64Range(0, 330).Draw(t, "scale")), nil), big.NewInt(1))
		if rapid.Bool().Draw(t, "tiny") {
			scale.Inv(scale)
		}
		if rapid.Bool().Draw(t, "plain") {
			scale.SetInt64(1)
		}
		n := rapid.Int64Range(1, 5000).Draw(t, "total")
		bad, total := slo.NumberOf(rapid.Int64Range(0, n).Draw(t, "bad")).Mul(slo.NumberRat(scale)), slo.NumberOf(n).Mul(slo.NumberRat(scale))
		got, ok := Of(m, bad, total, DefaultConfidence())
		ratio := bad.Quo(total).Float()
		if !ok || !(got.Low >= 0 && got.Low <= ratio && ratio <= got.High && got.High <= 1) {
			t.Fatalf("%s bad of %s: got %v", bad, total, got)
		}
		mirror, _ := Of(m, total.Sub(bad), total, DefaultConfidence())
		if math.Abs(mirror.Low-(1-got.High)) > 1e-12 || math.Abs(mirror.High-(1-got.Low)) > 1e-12 {
			t.Errorf("%s bad of %s: got %v, with good for bad %v", bad, total, got, mirror)
		}
		hundred := slo.NumberOf(100)
		more, _ := Of(m, bad.Mul(hundred), total.Mul(hundred), DefaultConfidence())
		if width, less := got.High-got.Low, more.High-more.Low; less > width+1e-15 || less >= width && width > 1e-6 && scale.IsInt() {
			t.Errorf("%s bad of %s: width %v, with 100 times as much %v", bad, total, width, less)
		}
	})
}

// TestConfidenceWidens holds that asking for more certainty never narrows.
func TestConfidenceWidens(t *testing.T) {
	levels := []string{"1/1000000", "1/2", "9/10", "95/100", "99/100", "999999/1000000", "999999999999999999/1000000000000000000"}
	for _, m := range methods {
		for _, total := range []string{"1/7", "1", "30", "40000", "100000000", "100000001", "1000000000000"} {
			for _, share := range []string{"0", "1/1000", "1/2", "1"} {
				var last Interval
				for i, level := range levels {
					got, ok := Of(m, number(total).Mul(number(share)), number(total), number(level))
					if !ok || i > 0 && (got.Low > last.Low || got.High < last.High) {
						t.Errorf("%s: %s of %s at %s: %v after %v", m, share, total, level, got, last)
					}
					last = got
				}
			}
		}
	}
}

// TestMethodsMeet holds the three ways to a Beta quantile together where one takes
// over from the next, and all methods at the same place once events are many.
func TestMethodsMeet(t *testing.T) {
	for _, a := range []float64{0.5, 2, 30, 9000, 1.1e4, 1e6, 5e7} {
		for _, y := range []float64{0.005, 0.025, 0.975, 0.995} {
			below, above := betaQuantile(a, 1e8-a, y), betaQuantile(a, 1e8-a+2, y)
			if width := 2 * math.Sqrt(a) / 1e8; math.Abs(below-above) > 1e-5*width+3*below/1e8 {
				t.Errorf("Beta(%v, 10^8) at %v: %v, just above the limit %v", a, y, below, above)
			}
		}
	}
	for _, bad := range []string{"1000000", "1000000000"} {
		want, _ := Of(slo.Wilson, number(bad), number("1000000000000"), DefaultConfidence())
		for _, m := range methods {
			got, _ := Of(m, number(bad), number("1000000000000"), DefaultConfidence())
			if width := want.High - want.Low; math.Abs(got.Low-want.Low) > 1e-3*width || math.Abs(got.High-want.High) > 1e-3*width {
				t.Errorf("%s bad of 10^12: %s says %v, wilson %v", bad, m, got, want)
			}
		}
	}
}

// TestExactTails compares Clopper–Pearson with what defines it, summed up term by
// term: at its low end as many bad or more, at its high end as many or fewer, have
// a chance of (1 − confidence)/2.
func TestExactTails(t *testing.T) {
	for _, n := range []int64{1, 2, 9, 60, 400} {
		for bad := int64(0); bad <= n; bad += max(1, n/7) {
			got, _ := Of(slo.ClopperPearson, slo.NumberOf(bad), slo.NumberOf(n), DefaultConfidence())
			if tail := chance(bad, n, n, got.Low); bad > 0 && math.Abs(tail-0.025) > 1e-9 {
				t.Errorf("%d of %d: %v or more bad have a chance of %v at the low end", bad, n, bad, tail)
			}
			if tail := chance(0, bad, n, got.High); bad < n && math.Abs(tail-0.025) > 1e-9 {
				t.Errorf("%d of %d: %v or fewer bad have a chance of %v at the high end", bad, n, bad, tail)
			}
		}
	}
}

// chance returns how likely from..to of n events are bad if each is with chance p.
func chance(from, to, n int64, p float64) float64 {
	sum, exact := new(big.Float).SetPrec(300), new(big.Float).SetPrec(300).SetFloat64(p)
	rest := new(big.Float).SetPrec(300).Sub(big.NewFloat(1).SetPrec(300), exact)
	for k := from; k <= to; k++ {
		term := new(big.Float).SetPrec(300).SetInt(new(big.Int).Binomial(n, k))
		for range k {
			term.Mul(term, exact)
		}
		for range n - k {
			term.Mul(term, rest)
		}
		sum.Add(sum, term)
	}
	f, _ := sum.Float64()
	return f
}

// TestCoverage adds up, over every outcome of n draws, how often the 95 % interval
// holds the true ratio: Clopper–Pearson never less than asked for, the others on
// average, and not far below anywhere (Brown, Cai & DasGupta, §3 and §4).
func TestCoverage(t *testing.T) {
	const n = 60
	for m, want := range map[slo.EvidenceMethod]struct{ mean, least float64 }{
		slo.Wilson: {0.945, 0.83}, slo.Jeffreys: {0.945, 0.83}, slo.ClopperPearson: {0.95, 0.95},
	} {
		var held [n + 1]Interval
		for bad := range held {
			held[bad], _ = Of(m, slo.NumberOf(int64(bad)), slo.NumberOf(n), DefaultConfidence())
		}
		sum, least, steps := 0.0, 1.0, 0
		for p := 0.0025; p < 1; p += 0.005 {
			c := 0.0
			for bad, i := range held {
				if i.Low <= p && p <= i.High {
					c += binomial(n, bad, p)
				}
			}
			sum, least, steps = sum+c, min(least, c), steps+1
		}
		if mean := sum / float64(steps); mean < want.mean || least < want.least {
			t.Errorf("%s holds the truth %v of the time, at worst %v; want at least %v and %v", m, mean, least, want.mean, want.least)
		}
	}
}

func binomial(n, k int, p float64) float64 {
	c, _ := new(big.Float).SetInt(new(big.Int).Binomial(int64(n), int64(k))).Float64()
	return c * math.Pow(p, float64(k)) * math.Pow(1-p, float64(n-k))
}

func BenchmarkOf(b *testing.B) {
	for _, m := range methods {
		b.Run(string(m), func(b *testing.B) {
			for b.Loop() {
				Of(m, slo.NumberOf(83), slo.NumberOf(412_000), DefaultConfidence())
			}
		})
	}
}

// TestOver holds against examples: 2 of 100 leave 0.55 % open, 3 of 100 at least
// 1.03 %. A total outage is beyond doubt one of half the events from 4 events on.
func TestOver(t *testing.T) {
	for _, c := range []struct {
		bad, total, ratio string
		want              bool
	}{
		{"2", "100", ".006", false},
		{"3", "100", ".006", true},
		{"3", "100", ".0102", true},
		{"3", "100", ".0103", false},
		{"3", "3", ".5", false},
		{"4", "4", ".5", true},
		{"0", "100", ".006", false},
		{"1", "2", ".5", false},
		{"0", "0", ".5", false},
		{"3", "2", ".5", false},
		{"4000000000000000", "4000000000000000", ".999999999999999", true}, // 1 − 0.96 × 10^-15
		{"3800000000000000", "3800000000000000", ".999999999999999", false},
		{"0.3", "3", ".01", false},
		{"400.3", "1000", ".37", true},
	} {
		if got := Over(number(c.bad), number(c.total), number(c.ratio)); got != c.want {
			t.Errorf("%s of %s over %s: %t", c.bad, c.total, c.ratio, got)
		}
	}
	if Over(slo.Number{}, slo.NumberOf(5), slo.NumberFrac(1, 2)) {
		t.Error("an unknown number is over a half")
	}
}

// TestOverAgreesWithTheInterval holds that Over says what the interval does, wherever
// a float64 can tell.
func TestOverAgreesWithTheInterval(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1_000_000).Draw(t, "total")
		bad, total := slo.NumberOf(rapid.Int64Range(0, n).Draw(t, "bad")), slo.NumberOf(n)
		ratio := slo.NumberFrac(rapid.Int64Range(1, 999_999).Draw(t, "ratio"), 1_000_000)
		i, _ := Of(slo.Wilson, bad, total, DefaultConfidence())
		if math.Abs(i.Low-ratio.Float()) < 1e-12 {
			t.Skip("at the edge")
		}
		if got := Over(bad, total, ratio); got != (i.Low > ratio.Float()) {
			t.Errorf("%s of %s over %s: %t, but it is at least %v", bad, total, ratio, got, i.Low)
		}
	})
}
