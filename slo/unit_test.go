package slo

import (
	"encoding/json"
	"math/big"
	"testing"

	"pgregory.net/rapid"
)

// Sums of units are those of math/big, however large they are.
func TestSumTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		var sum Sum
		want := new(big.Int)
		decimals := rapid.IntRange(0, MaxDecimals).Draw(t, "decimals")
		for _, v := range rapid.SliceOf(rapid.Int64Range(0, MaxUnits)).Draw(t, "units") {
			for range 3000 { // past 64 bits
				sum.Add(float64(v))
			}
			want.Add(want, new(big.Int).Mul(big.NewInt(v), big.NewInt(3000)))
		}
		power := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(decimals)), nil)
		if got := sum.Number(decimals); got.Rat().Cmp(new(big.Rat).SetFrac(want, power)) != 0 {
			t.Fatalf("got %s, want %s of 1/%s", got, want, power)
		}
		if sum.IsZero() != (want.Sign() == 0) {
			t.Fatalf("%s is zero: %t", want, sum.IsZero())
		}
	})
}

// 19.9 of 20 in tenths and in thousandths; to whole events it is 20 of 20, halves up.
func TestInUnits(t *testing.T) {
	s := minutesOf([]float64{199, 4, 5}, []float64{200, 4, 5}, minutesOf([]float64{1, 0, 0}, []float64{1, 0, 0}, nil))
	s.Decimals, s.Doubt.Decimals = 1, 1
	for decimals, want := range map[int][3]float64{1: {199, 4, 5}, 3: {19900, 400, 500}, 0: {20, 0, 1}} {
		got := s.InUnits(decimals)
		if got.Decimals != decimals || got.Doubt.Decimals != decimals || [3]float64(got.Bad) != want {
			t.Errorf("%d decimals: %v in %d, want %v", decimals, got.Bad, got.Decimals, want)
		}
	}
	if got := s.Events(199).String(); got != "19.9" {
		t.Errorf("199 tenths are %s", got)
	}
}

func TestUnitText(t *testing.T) {
	for decimals, want := range map[int]string{0: "1", 1: "0.1", 2: "0.01", 5: "0.00001", 6: "1e-6", 9: "1e-9"} {
		if got := UnitText(decimals); got != want {
			t.Errorf("%d: got %s, want %s", decimals, got, want)
		}
	}
}

// Counts are written in full and read back as what they were.
func TestDecimalsInJSON(t *testing.T) {
	for _, text := range []string{"19.9", "0.1", "0.000000001", "43200000000.123456789", "123456789012345678901.5", "0.3333333333333333"} {
		value, _ := new(big.Rat).SetString(text)
		out, err := json.Marshal(NumberRat(value))
		var back Number
		if err != nil || json.Unmarshal(out, &back) != nil || back.Cmp(NumberRat(value)) != 0 {
			t.Errorf("%s is written %s and read as %s", text, out, back)
		}
	}
}
