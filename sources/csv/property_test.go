package csv_test

import (
	"fmt"
	"math"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// A random series that is written in random order, with random offsets, forms of
// time, columns, quotes and line ends reads back bucket for bucket.
func TestWrittenSeriesReadsBack(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		start := time.Unix(rapid.Int64Range(1.2e9, 1.8e9).Draw(rt, "start")/60*60, 0).UTC()
		n := rapid.IntRange(1, 200).Draw(rt, "minutes")
		want := slo.NewSeries(slo.Period{Start: start, End: start.Add(time.Duration(n) * time.Minute)}, time.Minute)
		columns := rapid.SampledFrom([]string{"good,bad", "good,total", "total,bad", "bad,good,total"}).Draw(rt, "columns")
		end := rapid.SampledFrom([]string{"\n", "\r\n"}).Draw(rt, "line end")
		rnd := rand.New(rand.NewPCG(rapid.Uint64().Draw(rt, "seed"), 0))
		var rows []string
		for i := range n {
			if rnd.IntN(4) == 0 {
				continue // not measured
			}
			total := rnd.Uint64N(1 << rnd.IntN(54))
			bad := total
			if total > 0 {
				bad = rnd.Uint64N(total + 1)
			}
			want.Bad[i], want.Total[i] = float64(bad), float64(total)
			rows = append(rows, written(rnd, want.Time(i), columns, map[string]uint64{"bad": bad, "good": total - bad, "total": total})+end)
		}
		rnd.Shuffle(len(rows), func(i, j int) { rows[i], rows[j] = rows[j], rows[i] })
		data := strings.TrimSuffix("timestamp,"+columns+end+strings.Join(rows, ""), end)
		got := one(t, question{data: data, from: start.Format(time.RFC3339), length: time.Duration(n) * time.Minute, at: "2030-01-01T00:00:00Z"})
		for i := range n {
			if math.Float64bits(got.Series.Bad[i]) != math.Float64bits(want.Bad[i]) || math.Float64bits(got.Series.Total[i]) != math.Float64bits(want.Total[i]) {
				rt.Fatalf("minute %v: got %v of %v, want %v of %v", want.Time(i), got.Series.Bad[i], got.Series.Total[i], want.Bad[i], want.Total[i])
			}
		}
	})
}

// written is a row with its time in a random form.
func written(rnd *rand.Rand, at time.Time, columns string, counts map[string]uint64) string {
	local := at.In(time.FixedZone("", (rnd.IntN(105)-48)*900))
	forms := []string{
		local.Format(time.RFC3339), local.Format("2006-01-02 15:04:05Z07:00"), local.Format("2006-01-02T15:04:05.000-0700"),
		fmt.Sprint(at.Unix()), fmt.Sprint(at.UnixMilli()), fmt.Sprintf("%q", at.Format(time.RFC3339)),
	}
	row := forms[rnd.IntN(len(forms))]
	for _, column := range strings.Split(columns, ",") {
		row += []string{",%d", ",\"%d\"", ", %d", ",%d.0"}[rnd.IntN(4)]
		row = fmt.Sprintf(strings.ReplaceAll(row, "%%", "%"), counts[column])
	}
	return row
}

func BenchmarkMinutes(b *testing.B) {
	var data strings.Builder
	data.WriteString(head)
	start := instant(b, "", "2026-05-01T00:00:00Z")
	for i := range 43200 {
		fmt.Fprintf(&data, "%s,%d,%d\n", start.Add(time.Duration(i)*time.Minute).Format(time.RFC3339), 99000+i%1000, 100000)
	}
	q := question{data: data.String(), length: 30 * 24 * time.Hour}
	b.SetBytes(int64(data.Len()))
	b.ReportAllocs()
	for b.Loop() {
		answers, err := ask(b, q)
		if err != nil || len(answers) != 1 {
			b.Fatal(err)
		}
	}
}

// FuzzFetch: whatever a file holds, it is refused with a place in it, or gives
// buckets that hold what a series promises.
func FuzzFetch(f *testing.F) {
	for _, rows := range []string{minute(0, "9,10") + minute(1, "0.5,1.5"), "1777593600,1,2\n1777593600000,1,2\n", "2026-05-01T00:00:00Z,\"1\",2", "\"", "a,b,c,d\n"} {
		f.Add(head+rows, "step: 1m")
		f.Add("timestamp,region,bad,total\n"+rows, "timezone: Asia/Kathmandu\nstep: 1h")
	}
	f.Fuzz(func(t *testing.T, data, source string) {
		if source != "step: 1m" {
			source = "timezone: Asia/Kathmandu\nstep: 1h"
		}
		answers, err := ask(t, question{data: data, source: source, length: 2 * time.Hour})
		if err != nil {
			if !strings.HasPrefix(err.Error(), "data.csv:") {
				t.Fatalf("refused without a place: %v", err)
			}
			return
		}
		for _, a := range answers {
			if a.Err != nil {
				if !strings.HasPrefix(a.Err.Error(), "data.csv:") {
					t.Fatalf("refused without a place: %v", a.Err)
				}
				continue
			}
			for i := range a.Series.Len() {
				if bad, total := a.Series.Bad[i], a.Series.Total[i]; a.Series.Measured(i) && !(bad >= 0 && bad <= total && total < 1<<60) {
					t.Fatalf("bucket %d: %v of %v", i, bad, total)
				}
			}
		}
	})
}
