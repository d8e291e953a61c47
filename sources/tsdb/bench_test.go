package tsdb

import (
	"fmt"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// BenchmarkSelect reads the counters of a week from blocks, and from a log.
func BenchmarkSelect(b *testing.B) {
	var all []sampletest.Series
	const samples = 7 * 24 * 60
	for i := range 20 {
		s := sampletest.Series{Labels: sampletest.Labels("requests_total", "instance", fmt.Sprint(i))}
		for n := range samples {
			s.Times = append(s.Times, zero.Add(time.Duration(n)*time.Minute).UnixMilli())
			s.Values = append(s.Values, float64(n*(i+7)%100_000))
		}
		all = append(all, s)
	}
	m, err := sample.NewMatcher(sample.MetricName, sample.Equal, "requests_total")
	if err != nil {
		b.Fatal(err)
	}
	for _, held := range []string{"blocks", "log"} {
		b.Run(held, func(b *testing.B) {
			dir := b.TempDir()
			if held == "blocks" {
				for i := range 7 {
					blockOf(i, between(all, i*24*60*4, (i+1)*24*60*4)).Write(b, dir)
				}
			} else {
				wal(b, dir, all, all)
			}
			b.ReportAllocs()
			for b.Loop() {
				n := 0
				q := sample.Query{Selector: sample.Selector{m}, To: 1 << 60}
				err := opened(b, dir).Select(b.Context(), []sample.Query{q}, func(_ int, part sample.Block) error {
					n += len(part.Times)
					return nil
				})
				if err != nil || n != 20*samples {
					b.Fatal(n, err)
				}
			}
			b.ReportMetric(float64(20*samples*b.N)/b.Elapsed().Seconds()/1e6, "Msamples/s")
		})
	}
}
