package bucket

import (
	"math/big"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo"
)

func TestParseCount(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"0", "0"}, {"7", "7"}, {"007", "7"}, {" 12 ", "12"}, {"9007199254740992", "9007199254740992"},
		{"12.0", "12"}, {"12.000", "12"}, {"0.5", "0.5"}, {"12.50", "12.5"},
		{"9007199254740992.0", "9007199254740992"}, {"900719925474099.2", "900719925474099.2"}, {"9007199.254740992", "9007199.254740992"},
		{"1e3", "1000"}, {"1.5E3", "1500"}, {"1.5e+3", "1500"}, {"1e-3", "0.001"}, {"19.90e0", "19.9"}, {"0e999", "0"}, {"1000e-3", "1"},
		{"9007199254740992000e-3", "9007199254740992"}, {"0.000000000000000000001e21", "1"},
		{"0.30000000000000004", "0.3"}, {"0.0000000005", "0.000000001"}, {"0.00000000049", "0"}, {"1e-300", "0"},
		{"1.9999999995", "2"}, {"1.99999999949", "1.999999999"}, {"0.1234567890123456789012345678901234567890", "0.123456789"},

		{"", "is empty"}, {" ", "is empty"},
		{"9007199254740993", "is over 2^53 and cannot be held exactly"},
		{"9007199254740992.5", "is over 2^53 and cannot be held exactly"},
		{"9007199254740991.5", "is over 2^53 times 0.1, the last decimal, and cannot be held exactly"},
		{"9007199.254740993", "is over 2^53 times 1e-9, the last decimal, and cannot be held exactly"},
		{"9007199.2547409925", "is over 2^53 times 1e-9, the last decimal, and cannot be held exactly"},
		{"18446744073709551617", "is over 2^53 and cannot be held exactly"}, {"1e16", "is over 2^53 and cannot be held exactly"},
		{"1e9999", "is over 2^53 and cannot be held exactly"}, {"0." + strings.Repeat("1", 100), "is too long a number"},
		{"nan", "is not a count"}, {"-NaN", "is not a count"}, {"Inf", "is not a count"}, {"null", "is not a count"}, {"-", "is not a count"},
		{"-1", "is negative"}, {"-0", "is negative"}, {"-0.5", "is negative"}, {"+5", "has a sign"},
		{"0x1f", "is hexadecimal"}, {"0X1F", "is hexadecimal"}, {"0b1", "is not a count"},
		{"1,000", "has a separator"}, {"1_000", "has a separator"}, {"1 000", "has a separator"}, {"1'000", "has a separator"}, {"12,5", "has a separator"},
		{"1e", "is not a count"}, {"e3", "is not a count"}, {"1e1.5", "is not a count"}, {"1e--3", "is not a count"}, {"1e99999", "is not a count"}, {"-1e3", "is negative"},
		{".5", "is not a count"}, {"5.", "is not a count"}, {"1.2.3", "is not a count"}, {"١", "is not a count"}, {"5%", "is not a count"}, {"5k", "is not a count"}, {"1\x00", "is not a count"},
	} {
		n, f := ParseCount([]byte(c.text))
		got := Count{units: n.units, decimals: n.decimals}.String() // as it was rounded
		if f != nil {
			got = f.Why
		}
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
}

// A hint says how many decimals can be held.
func TestFewerDecimals(t *testing.T) {
	for text, want := range map[string]string{
		"9007199.254740993": "write at most 8 decimals", "1000000000000.00001": "write at most 3 decimals",
		"9007199254740991.5": "write at most 0 decimals", "9007199254740993": "use a shorter step, or count in larger units",
	} {
		if _, f := ParseCount([]byte(text)); f == nil || f.Hint != want {
			t.Errorf("%s: %+v, want %s", text, f, want)
		}
	}
}

func TestCountArithmetic(t *testing.T) {
	for _, c := range []struct{ a, b, sum, difference string }{
		{"3", "2", "5", "1"},
		{"0.3", "0.1", "0.4", "0.2"},
		{"1.5", "0.5", "2", "1"},
		{"9007199254740991", "1", "9007199254740992", "9007199254740990"},
		{"9007199254740992", "1", "too large", "9007199254740991"},
		{"1", "0.000001", "1.000001", "0.999999"},
		{"1e15", "0.1", "too large", "too large"},
		{"0.0000000006", "0.0000000005", "0.000000002", "0"},
	} {
		a, _ := ParseCount([]byte(c.a))
		b, _ := ParseCount([]byte(c.b))
		text := func(n Count, ok bool) string {
			if !ok {
				return "too large"
			}
			return n.String()
		}
		if sum, difference := text(a.add(b)), text(a.sub(b)); sum != c.sum || difference != c.difference {
			t.Errorf("%s and %s: got sum %s and difference %s, want %s and %s", c.a, c.b, sum, difference, c.sum, c.difference)
		}
	}
}

// FuzzCount: what is read is the number that math/big reads, rounded to nine decimals
// if it has more, and no other notation than digits with a point in between and an
// exponent is.
func FuzzCount(f *testing.F) {
	for _, s := range []string{"0", "12.5", "9007199254740992", "1e3", "1.5E-3", "9e-10", "0x1f", "1_000", "+1", "-0", "nan", ".5", "00.10",
		"0.0000000005", "900719925474099.25e-7", "1e9999"} {
		f.Add(s)
	}
	unit := big.NewRat(1, 1e9)
	f.Fuzz(func(t *testing.T, text string) {
		n, fault := ParseCount([]byte(text))
		if fault != nil {
			if fault.Why == "" || fault.Hint == "" {
				t.Fatalf("%q: refused without a reason or a hint", text)
			}
			return
		}
		trimmed := strings.TrimSpace(text)
		want, ok := new(big.Rat).SetString(trimmed)
		if !ok || strings.Trim(trimmed, "0123456789.eE+-") != "" || n.rat().Cmp(want) != 0 {
			t.Fatalf("%q: got %s, math/big says %v", text, n, want)
		}
		held := Count{units: n.units, decimals: n.decimals}
		off := new(big.Rat).Sub(held.rat(), want)
		if off = off.Abs(off).Mul(off, big.NewRat(2, 1)); off.Cmp(unit) > 0 || n.written == nil && off.Sign() != 0 {
			t.Fatalf("%q: %s is held", text, held)
		}
		if n.units > slo.MaxUnits || n.decimals > slo.MaxDecimals || n.decimals > 0 && n.units%10 == 0 {
			t.Fatalf("%q: %d units of 10^-%d", text, n.units, n.decimals)
		}
		if again, fault := ParseCount([]byte(held.String())); fault != nil || again != held {
			t.Fatalf("%q: %s is read as %s", text, held, again)
		}
	})
}

func BenchmarkParseCount(b *testing.B) {
	text := []byte("123456")
	b.ReportAllocs()
	for b.Loop() {
		if _, f := ParseCount(text); f != nil {
			b.Fatal(f.Why)
		}
	}
}
