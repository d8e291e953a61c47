package decimal

import (
	"fmt"
	"math"
	"math/big"
	"strconv"
	"testing"

	"pgregory.net/rapid"
)

// A number ends where it does.
func TestRead(t *testing.T) {
	for text, want := range map[string]string{
		"":                        "{0 0 false} 0 false",
		"-":                       "{0 0 false} 0 false",
		".":                       "{0 0 false} 0 false",
		"x":                       "{0 0 false} 0 false",
		"NaN":                     "{0 0 false} 0 false",
		"0":                       "{0 0 false} 1 true",
		"-0 1":                    "{0 0 true} 2 true",
		"+12.50\"":                "{1250 -2 false} 6 true",
		".5":                      "{5 -1 false} 2 true",
		"5.":                      "{5 0 false} 2 true",
		"1.2.3":                   "{12 -1 false} 3 true",
		"1.5e+06,":                "{15 5 false} 7 true",
		"1E-999":                  "{1 -999 false} 6 true",
		"9999999999999999999":     "{9999999999999999999 0 false} 19 true",
		"00000000000000000001":    "{0 0 false} 0 false",
		"0.9999999999999999999":   "{0 0 false} 0 false",
		"999999999.9999999999 ":   "{9999999999999999999 -10 false} 20 true",
		"184467440737095516160 1": "{0 0 false} 0 false",
	} {
		n, length, ok := Read([]byte(text))
		if got := fmt.Sprint(n, length, ok); got != want {
			t.Errorf("%q: got %s, want %s", text, got, want)
		}
	}
	for _, text := range []string{"1e", "1e+", "1e-x", "1e1000", "1e0001"} {
		if _, _, ok := Read([]byte(text)); ok {
			t.Errorf("%q is read", text)
		}
	}
}

// A float is the one that strconv reads, also half way between two.
func TestFloat(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		n := Number{
			Digits: rapid.Uint64Range(0, 9_999_999_999_999_999_999).Draw(t, "digits"),
			Power:  rapid.IntRange(-25, 25).Draw(t, "power"),
			Minus:  rapid.Bool().Draw(t, "minus"),
		}
		if rapid.Bool().Draw(t, "short") {
			n.Digits >>= rapid.IntRange(8, 63).Draw(t, "by")
		}
		if rapid.Bool().Draw(t, "tie") { // a half, a quarter, … behind 53 bits
			shift := rapid.IntRange(1, 10).Draw(t, "shift")
			odd := rapid.Uint64Range(1<<53, 1<<54-1).Draw(t, "odd") | 1
			n.Digits, n.Power = odd<<shift>>1, 0
			for n.Digits < 1e18 && n.Power > -3 {
				n.Digits, n.Power = n.Digits*10, n.Power-1
			}
		}
		text := fmt.Sprintf("%de%d", n.Digits, n.Power)
		if n.Minus {
			text = "-" + text
		}
		if read, length, ok := Read([]byte(text)); !ok || length != len(text) || read != n {
			t.Fatalf("%s: read %v, %d, %t", text, read, length, ok)
		}
		want, err := strconv.ParseFloat(text, 64)
		got, ok := n.Float()
		if err != nil || ok && math.Float64bits(got) != math.Float64bits(want) {
			t.Fatalf("%s: got %v, want %v, %v", text, got, want, err)
		}
		quick := n.Power >= -19 && n.Power <= 0 || n.Digits <= 1<<53 && n.Power > 0 && n.Power <= 19
		if ok != quick {
			t.Fatalf("%s: quick %t, want %t", text, ok, quick)
		}
	})
}

// Thousandths are the whole ones below, by exact numbers, up to the last that fits.
func TestThousandths(t *testing.T) {
	for text, want := range map[string]string{
		"0":                       "0 true",
		"1700000000.1239":         "1700000000123 true",
		"-0.0005":                 "-1 true",
		"-1.5":                    "-1500 true",
		"9223372036854775.807":    "9223372036854775807 true",
		"9223372036854775.8079":   "0 false", // 20 digits
		"9223372036854775.8":      "9223372036854775800 true",
		"9223372036854775.80":     "9223372036854775800 true",
		"9223372036854775.81":     "0 false",
		"9223372036854775.9":      "0 false",
		"9223372036854775.808":    "0 false",
		"922337203685477580.7e-2": "9223372036854775807 true",
		"9.2e15":                  "9200000000000000000 true",
		"9.3e15":                  "0 false",
		"0e999":                   "0 true",
		"1e-999":                  "0 true",
	} {
		n, _, ok := Read([]byte(text))
		var ms int64
		if ok {
			ms, ok = n.Thousandths()
		}
		if got := fmt.Sprint(ms, ok); got != want {
			t.Errorf("%s: got %s, want %s", text, got, want)
		}
	}
	rapid.Check(t, func(t *rapid.T) {
		n := Number{
			Digits: rapid.Uint64().Draw(t, "digits"),
			Power:  rapid.IntRange(-22, 22).Draw(t, "power"),
			Minus:  rapid.Bool().Draw(t, "minus"),
		}
		n.Digits >>= rapid.IntRange(1, 63).Draw(t, "by")
		v, _ := new(big.Rat).SetString(fmt.Sprintf("%de%d", n.Digits, n.Power+3))
		if n.Minus {
			v.Neg(v)
		}
		want := new(big.Int).Div(v.Num(), v.Denom()) // rounds down: the denominator is no less than 0
		got, ok := n.Thousandths()
		if fits := want.IsInt64() && want.Int64() != math.MinInt64; ok != fits || ok && got != want.Int64() {
			t.Fatalf("%v: got %d, %t, want %v", n, got, ok, want)
		}
	})
}

// What is read is what strconv reads, and ends where it may.
func FuzzRead(f *testing.F) {
	for _, text := range []string{"", "-", "12.5 1", "+.5", "5.e1", "1e+06", "1e", "1.2.3", "9999999999999999999", "0x1p4", "1_0"} {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, text []byte) {
		n, length, ok := Read(text)
		if !ok {
			return
		}
		got, quick := n.Float()
		want, err := strconv.ParseFloat(string(text[:length]), 64)
		if quick && (err != nil || math.Float64bits(got) != math.Float64bits(want)) {
			t.Errorf("%q: got %v, want %v, %v", text[:length], got, want, err)
		}
		if length < len(text) && text[length]-'0' <= 9 {
			t.Errorf("%q ends within its digits, at %d", text, length)
		}
	})
}
