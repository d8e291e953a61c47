package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"math/big"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/all"
)

// decimalRow is what a row says of one hour: texts of decimals.
type decimalRow struct{ bad, total string }

// decimalFigures are those of an objective that TestDecimalsTwin compares.
type decimalFigures struct {
	Events struct{ Bad, Good, Total slo.Number }
	Budget struct{ Allowed, Spent slo.Number }
	State  slo.State
	Unit   string
}

// statusOfRows judges a closed period of a table with one row a step from 1 May on.
func statusOfRows(t rapid.TB, dir, target string, step time.Duration, rows []decimalRow) decimalFigures {
	t.Helper()
	start := time.Date(2026, 5, 1, 0, 0, 0, 0, time.UTC)
	var table strings.Builder
	table.WriteString("timestamp,bad,total\n")
	for i, r := range rows {
		fmt.Fprintf(&table, "%s,%s,%s\n", start.Add(time.Duration(i)*step).Format(time.RFC3339), r.bad, r.total)
	}
	file := fmt.Sprintf("apiVersion: nines/v1\nservice: s\nsources: {m: {type: csv, path: m.csv, step: %s}}\n"+
		"slos: [{name: x, target: %s, window: 30d, sli: {source: m}}]\n", slo.FormatDuration(step), target)
	for name, text := range map[string]string{"m.csv": table.String(), "nines.yaml": file} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	var out, errs bytes.Buffer
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs,
		getenv: func(string) string { return "" }, now: fixedNow}
	end := start.Add(time.Duration(len(rows)) * step).Format(time.RFC3339)
	code := a.run(context.Background(), []string{"status", filepath.Join(dir, "nines.yaml"), "-q", "-o", "json",
		"--from", start.Format(time.RFC3339), "--to", end, "--at", end})
	var status struct{ SLOs []decimalFigures }
	if err := json.Unmarshal(out.Bytes(), &status); err != nil || len(status.SLOs) != 1 {
		t.Fatalf("exit %d: %v\n%s%s", code, err, out.Bytes(), errs.Bytes())
	}
	return status.SLOs[0]
}

// expectFigures compares figures with sums over fractions.
func expectFigures(t rapid.TB, got decimalFigures, bad, total *big.Rat, target slo.Target) {
	t.Helper()
	allowed := new(big.Rat).Mul(total, target.Budget().Rat())
	spent := slo.NumberRat(new(big.Rat).Quo(bad, allowed))
	state := slo.Met
	switch {
	case bad.Cmp(allowed) > 0:
		state = slo.Missed
	case new(big.Rat).Mul(bad, big.NewRat(4, 1)).Cmp(new(big.Rat).Mul(allowed, big.NewRat(3, 1))) > 0:
		state = slo.AtRisk
	}
	good := slo.NumberRat(new(big.Rat).Sub(total, bad))
	exact := got.Events.Bad.Cmp(slo.NumberRat(bad)) == 0 && got.Events.Total.Cmp(slo.NumberRat(total)) == 0 &&
		got.Events.Good.Cmp(good) == 0
	if !exact || got.Budget.Spent.String() != spent.String() || got.State != state {
		t.Fatalf("got %s bad, %s good of %s, spent %s, %s\nwant %s bad, %s good of %s, spent %s, %s", got.Events.Bad,
			got.Events.Good, got.Events.Total, got.Budget.Spent, got.State, slo.NumberRat(bad), good, slo.NumberRat(total), spent, state)
	}
}

// TestDecimalsTwin: the sums and the verdict over decimal texts are those of fractions,
// also where exactly the budget is spent, or a last decimal more.
func TestDecimalsTwin(t *testing.T) {
	dir := t.TempDir()
	rapid.Check(t, func(rt *rapid.T) {
		decimals := rapid.IntRange(0, 6).Draw(rt, "decimals")
		target, err := slo.ParseTarget(rapid.SampledFrom([]string{"90%", "99%", "99.9%"}).Draw(rt, "target"))
		if err != nil {
			t.Fatal(err)
		}
		unit := big.NewRat(1, int64(slo.PowerOfTen(decimals)))
		bad, total := new(big.Rat), new(big.Rat)
		var rows []decimalRow
		add := func(badUnits, units *big.Rat) {
			bad.Add(bad, badUnits)
			total.Add(total, units)
			rows = append(rows, decimalRow{written(rt, badUnits), written(rt, units)})
		}
		for range rapid.IntRange(1, 12).Draw(rt, "hours") {
			units := rapid.Int64Range(1, 1_000_000).Draw(rt, "total")
			few := rapid.Int64Range(0, units/1000).Draw(rt, "bad")
			add(new(big.Rat).Mul(unit, big.NewRat(few, 1)), new(big.Rat).Mul(unit, big.NewRat(units, 1)))
		}
		if rapid.Bool().Draw(rt, "to the limit") { // of a last hour with 1000 times as many events
			last := new(big.Rat).Mul(total, big.NewRat(1000, 1))
			all := new(big.Rat).Add(total, last)
			rest := new(big.Rat).Sub(all.Mul(all, target.Budget().Rat()), bad)
			if rapid.Bool().Draw(rt, "one more") {
				rest.Add(rest, big.NewRat(1, int64(slo.PowerOfTen(decimals+3))))
			}
			add(rest, last)
		}
		expectFigures(rt, statusOfRows(rt, dir, target.String(), time.Hour, rows), bad, total, target)
	})
}

// written is a text of n, which has up to nine decimals: plain, with zeros, or with an
// exponent.
func written(t *rapid.T, n *big.Rat) string {
	text := strings.TrimSuffix(strings.TrimRight(n.FloatString(9), "0"), ".")
	switch rapid.IntRange(0, 3).Draw(t, "form") {
	case 0:
		return n.FloatString(9)
	case 1:
		shifted, _ := new(big.Rat).SetString(text + "e3")
		return shifted.FloatString(9) + "e-3"
	case 2:
		shifted, _ := new(big.Rat).SetString(text + "e-2")
		return shifted.FloatString(11) + "E+2"
	}
	return text
}

// A month of minutes of 10^15 units keeps a unit apart, whole events and 10^6 events in
// units of 10^-9 alike.
func TestMonthOfLargeCounts(t *testing.T) {
	target, _ := slo.ParseTarget("99.9%")
	for name, c := range map[string]struct{ bad, total, more, unit string }{
		"whole events":  {"1000000000000", "1000000000000000", "1000000000001", ""},
		"nine decimals": {"999.999999999", "999999.999999999", "1000.000000000", "1e-9"},
	} {
		rows := make([]decimalRow, 30*24*60)
		bad, total := new(big.Rat), new(big.Rat)
		for i := range rows {
			rows[i] = decimalRow{c.bad, c.total}
			if i == 777 {
				rows[i].bad = c.more
			}
			for sum, text := range map[*big.Rat]string{bad: rows[i].bad, total: rows[i].total} {
				n, _ := new(big.Rat).SetString(text)
				sum.Add(sum, n)
			}
		}
		got := statusOfRows(t, t.TempDir(), "99.9%", time.Minute, rows)
		expectFigures(t, got, bad, total, target)
		if got.Unit != c.unit {
			t.Errorf("%s: unit %q, want %q", name, got.Unit, c.unit)
		}
	}
}
