package slo

import (
	"fmt"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"
)

// counted returns a count of minutes in units of 10^-decimals.
func counted(decimals int, units ...float64) *Series {
	s := minutesOf(make([]float64, len(units)), units, nil)
	s.Decimals = decimals
	return s
}

// Good and total are compared as they were counted; the join has the finer unit.
func TestJoinOfDecimals(t *testing.T) {
	for name, c := range map[string]struct {
		share, total *Series
		good         bool
		want         string // bad of total, and the unit
	}{
		"19.9 good of 20":              {counted(1, 199), counted(0, 20), true, "0.1 of 20 in 0.1"},
		"0.1 bad of 1.25":              {counted(1, 1), counted(2, 125), false, "0.1 of 1.25 in 0.01"},
		"a billionth over, as queries": {counted(6, 20_000_000_020_000), counted(0, 20_000_000), true, "0 of 20000000 in 1e-6"},
		"more than a billionth over":   {counted(6, 20_000_000_020_001), counted(0, 20_000_000), true, "unknown of unknown in 1e-6"},
		"a millionth of an event over": {counted(6, 20_000_001), counted(0, 20), true, "0 of 20 in 1e-6"},
		"more than that":               {counted(9, 20_000_001_001), counted(0, 20), true, "unknown of unknown in 1e-9"},
		"a fine share of 10^12":        {counted(9, 1_400_000_000), counted(0, 1e12), false, "1.4 of 1000000000000 in 0.001"},
		"over nothing":                 {counted(1, 1), counted(0, 0), false, "unknown of unknown in 0.1"},
	} {
		joined, excess, err := JoinTotal(c.share, c.total, c.good)
		if err != nil {
			t.Fatal(err)
		}
		got := fmt.Sprintf("%s of %s in %s", joined.Events(joined.Bad[0]), joined.Events(joined.Total[0]), UnitText(joined.Decimals))
		if got != c.want || (excess.Buckets > 0) == joined.Measured(0) {
			t.Errorf("%s: got %s, want %s; %d left out", name, got, c.want, excess.Buckets)
		}
	}
}

// What is larger than its total is left out bucket by bucket, and told.
func TestJoinTellsExcess(t *testing.T) {
	joined, excess, err := JoinTotal(counted(1, 5, 21, 30), counted(0, 1, 2, 2), true)
	if err != nil || !joined.Measured(0) || joined.Measured(1) || joined.Measured(2) {
		t.Fatalf("%+v, %v", joined, err)
	}
	got := fmt.Sprintln(excess.Buckets, excess.First.Format(time.TimeOnly), excess.Share, excess.Total)
	if want := "2 00:01:00 2.1 2\n"; got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

// Good and bad that are at most 2^53 each may be more together.
func TestJoinBadOverMaxUnits(t *testing.T) {
	s, err := JoinBad(counted(1, MaxUnits), counted(1, 3))
	if err != nil || s.Decimals != 0 || s.Total[0] != 900719925474099 || s.Bad[0] != 0 {
		t.Errorf("got %+v, %v", s, err)
	}
	if _, err := JoinBad(counted(0, MaxUnits), counted(0, 1)); err == nil {
		t.Error("2^53 + 1 events are held")
	}
	if s, err := JoinBad(counted(0, MaxUnits-1), counted(0, 1)); err != nil || s.Total[0] != MaxUnits {
		t.Errorf("got %+v, %v", s, err)
	}
}

// A join never has more bad than total, and where nothing was rounded it is exact.
func TestJoinTwin(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		draw := func(name string) *Series {
			most := rapid.SampledFrom([]int64{2, 1000, 1e12, MaxUnits}).Draw(t, name+" most")
			return counted(rapid.IntRange(0, MaxDecimals).Draw(t, name+" decimals"), float64(rapid.Int64Range(0, most).Draw(t, name)))
		}
		share, total := draw("share"), draw("total")
		joined, excess, err := JoinTotal(share, total, true)
		if err != nil {
			t.Fatal(err)
		}
		good, all := share.Events(share.Total[0]).Rat(), total.Events(total.Total[0]).Rat()
		over := new(big.Rat).Sub(good, all)
		chance := new(big.Rat).Mul(all, big.NewRat(1, 1e9))
		if millionth := big.NewRat(1, 1e6); millionth.Cmp(chance) > 0 {
			chance = millionth
		}
		if left := over.Cmp(chance) > 0; left != (excess.Buckets == 1) || left == joined.Measured(0) {
			t.Fatalf("%s of %s: left out %t, want %t", good, all, !joined.Measured(0), left)
		}
		if !joined.Measured(0) {
			return
		}
		if joined.Bad[0] < 0 || joined.Bad[0] > joined.Total[0] || joined.Total[0] > MaxUnits {
			t.Fatalf("%v of %v", joined.Bad[0], joined.Total[0])
		}
		bad := new(big.Rat).Sub(all, good)
		off := new(big.Rat).Sub(joined.Events(joined.Bad[0]).Rat(), bad)
		unit := new(big.Rat)
		if joined.Decimals < max(share.Decimals, total.Decimals) {
			unit.SetFrac64(1, int64(PowerOfTen(joined.Decimals)))
		}
		if bad.Sign() >= 0 && off.Abs(off).Cmp(unit) > 0 {
			t.Fatalf("%s of %s in %s: %v bad", good, all, UnitText(joined.Decimals), joined.Bad[0])
		}
	})
}

// Two of ten events of one source may be bad; the total of another is sure.
func TestDoubtOfAJoinIsCounted(t *testing.T) {
	bad := counted(0, 1, 0)
	bad.Doubt = counted(0, 2, 0)
	bad.Doubt.Bad = []float64{2, 0}
	joined, _, err := JoinTotal(bad, counted(0, 10, 10), false)
	if err != nil {
		t.Fatal(err)
	}
	p := Period{Start: joined.Start, End: joined.End()}
	if got := joined.Doubted(p); got.Cmp(NumberOf(2)) != 0 {
		t.Errorf("%s events are in doubt, want 2", got)
	}
	if worst := joined.Worst(); worst.Bad[0] != 3 || worst.Total[0] != 10 {
		t.Errorf("at worst %v of %v", worst.Bad[0], worst.Total[0])
	}
}
