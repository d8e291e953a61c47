package tally

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// BenchmarkCounter takes 30 days of one counter in blocks of 120 samples, as chunks have them.
func BenchmarkCounter(b *testing.B) {
	for _, test := range []struct {
		name   string
		scrape time.Duration
		late   int64 // milliseconds, up to which scrapes are
	}{{"15s", 15 * time.Second, 7}, {"1m", time.Minute, 1}, {"1m-late", time.Minute, 7}} {
		b.Run(test.name, func(b *testing.B) {
			scrape := test.scrape
			n := int(30 * 24 * time.Hour / scrape)
			var times []int64
			var values []float64
			for i := range n {
				times = append(times, noon.Add(time.Duration(i)*scrape).UnixMilli()+int64(i)%test.late)
				values = append(values, float64(100*i+i%13))
			}
			r := sources.Request{SLI: block(b, totals), Step: time.Minute,
				Period: slo.Period{Start: noon, End: noon.Add(30 * 24 * time.Hour)}}
			p := newPlan(Config{}, []sources.Request{r}, 0, 1, &scratch{})
			labels := sampletest.Labels("r_total", "code", "200")
			b.ReportAllocs()
			for b.Loop() {
				one := p.asked[0].sides[1].begin(labels)
				for i := 0; i+120 <= n; i += 120 {
					one.take(times[i:i+120], values[i:i+120])
				}
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(n), "ns/sample")
		})
	}
}

// BenchmarkFetch reads 30 days of 20 objectives of two counters each.
func BenchmarkFetch(b *testing.B) {
	n := 30 * 24 * 60
	var times []int64
	var values []float64
	for i := range n {
		times = append(times, noon.Add(time.Duration(i)*time.Minute).UnixMilli())
		values = append(values, float64(100*i))
	}
	store := sampletest.New(sampletest.Series{Labels: sampletest.Labels("r_total", "code", "500"), Times: times, Values: values},
		sampletest.Series{Labels: sampletest.Labels("r_total", "code", "200"), Times: times, Values: values})
	r := sources.Request{SLI: block(b, totals), Step: time.Minute,
		Period: slo.Period{Start: noon, End: noon.Add(30 * 24 * time.Hour)}}
	b.ReportAllocs()
	for b.Loop() {
		if err := Fetch(b.Context(), store, Config{}, []sources.Request{r}, func(sources.Answer) {}); err != nil {
			b.Fatal(err)
		}
	}
	b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(3*n), "ns/sample")
}
