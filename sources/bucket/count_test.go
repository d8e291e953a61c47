package bucket

import (
	"math/big"
	"strings"
	"testing"
)

func TestParseCount(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"0", "0"}, {"7", "7"}, {"007", "7"}, {" 12 ", "12"}, {"9007199254740992", "9007199254740992"},
		{"12.0", "12"}, {"12.000", "12"}, {"0.5", "0.5"}, {"12.50", "12.5"}, {"0.30000000000000004", "0.30000000000000004"},
		{"9007199254740992.0", "9007199254740992"},

		{"", "is empty"}, {" ", "is empty"},
		{"9007199254740993", "is over 2^53 and cannot be held exactly"},
		{"9007199254740992.5", "is over 2^53 and cannot be held exactly"},
		{"18446744073709551617", "is too long a number"},
		{"0.1234567890123456789012345678901234567890", "is too long a number"},
		{"nan", "is not a count"}, {"-NaN", "is not a count"}, {"Inf", "is not a count"}, {"null", "is not a count"}, {"-", "is not a count"},
		{"-1", "is negative"}, {"-0", "is negative"}, {"-0.5", "is negative"}, {"+5", "has a sign"},
		{"0x1f", "is hexadecimal"}, {"0X1F", "is hexadecimal"}, {"0b1", "is not a count"},
		{"1,000", "has a separator"}, {"1_000", "has a separator"}, {"1 000", "has a separator"}, {"1'000", "has a separator"}, {"12,5", "has a separator"},
		{"1e3", "has an exponent"}, {"1.5E3", "has an exponent"}, {"1e-3", "has an exponent"},
		{".5", "is not a count"}, {"5.", "is not a count"}, {"1.2.3", "is not a count"}, {"١", "is not a count"}, {"5%", "is not a count"}, {"5k", "is not a count"}, {"1\x00", "is not a count"},
	} {
		n, f := ParseCount([]byte(c.text))
		got := n.String()
		if f != nil {
			got = f.Why
		}
		if got != c.want {
			t.Errorf("%q: got %s, want %s", c.text, got, c.want)
		}
	}
}

func TestCountArithmetic(t *testing.T) {
	for _, c := range []struct{ a, b, sum, difference string }{
		{"3", "2", "5", "1"},
		{"0.3", "0.1", "0.4", "0.2"},
		{"1.5", "0.5", "2", "1"},
		{"9007199254740992", "9007199254740991", "18014398509481983", "1"},
		{"1", "0.000001", "1.000001", "0.999999"},
	} {
		a, _ := ParseCount([]byte(c.a))
		b, _ := ParseCount([]byte(c.b))
		if sum, difference := a.add(b).String(), a.sub(b).String(); sum != c.sum || difference != c.difference {
			t.Errorf("%s and %s: got sum %s and difference %s, want %s and %s", c.a, c.b, sum, difference, c.sum, c.difference)
		}
	}
}

// FuzzCount: what is read is the number that math/big reads, and no other
// notation than digits with a point in between is.
func FuzzCount(f *testing.F) {
	for _, s := range []string{"0", "12.5", "9007199254740992", "1e3", "0x1f", "1_000", "+1", "-0", "nan", ".5", "00.10"} {
		f.Add(s)
	}
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
		if !ok || strings.Trim(trimmed, "0123456789.") != "" || n.rat().Cmp(want) != 0 {
			t.Fatalf("%q: got %s, math/big says %v", text, n, want)
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
