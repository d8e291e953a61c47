package openmetrics

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
)

// day is a text of a day of series of a service, scraped every 15 seconds.
func day(f format, count int) string {
	var out strings.Builder
	write := func(series, scrape int) {
		l := sample.Labels{{Name: sample.MetricName, Value: "http_requests_total"}, {Name: "code", Value: "200"},
			{Name: "instance", Value: fmt.Sprintf("10.0.%d.12:9090", series)}, {Name: "job", Value: "checkout"}}
		at := begin.UnixMilli() + int64(scrape)*15_000 + int64(series)
		out.WriteString(line(f, l, at, float64(1_000_000+scrape*(series+7))))
	}
	if f == dump {
		for series := range count {
			for scrape := range 5760 {
				write(series, scrape)
			}
		}
		return out.String()
	}
	for scrape := range 5760 {
		for series := range count {
			write(series, scrape)
		}
	}
	if f == openMetrics {
		out.WriteString("# EOF\n")
	}
	return out.String()
}

// A dump has its series one behind the other, the other formats have them mixed.
func BenchmarkSelect(b *testing.B) {
	for _, f := range []format{dump, openMetrics, prometheus} {
		text := day(f, 50)
		s := folder(b, unsaid, map[string]string{"day": text})
		s.env.Digest = false
		for _, asked := range []string{"http_requests_total", "other"} {
			m, err := sample.NewMatcher(sample.MetricName, sample.Equal, asked)
			if err != nil {
				b.Fatal(err)
			}
			queries := []sample.Query{{Selector: sample.Selector{m}, To: math.MaxInt64}}
			b.Run(formats()[f]+"/"+asked, func(b *testing.B) {
				b.SetBytes(int64(len(text)))
				b.ReportAllocs()
				for b.Loop() {
					if err := s.Select(b.Context(), queries, func(int, sample.Block) error { return nil }); err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
