package main

import (
	"context"
	"fmt"
	"net/http"
	"sync"
	"time"

	"github.com/prometheus/client_golang/api"
	v1 "github.com/prometheus/client_golang/api/prometheus/v1"
	"github.com/prometheus/common/model"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus"
)

// parallel is how many requests each way has under way at once.
const parallel = 4

// The sli of the objective @.
const (
	exact    = `bad: {counter: 'bench_errors_total{slo="@"}'}, total: {counter: 'bench_requests_total{slo="@"}'}`
	increase = `bad: 'increase(bench_errors_total{slo="@"}[$step])', total: 'increase(bench_requests_total{slo="@"}[$step])'`
)

// nines does the job with the source of nines.
func nines(ctx context.Context, j job, sli string) (sum [2]float64, err error) {
	block, err := spec.ParseBlock("compare.yaml", fmt.Sprintf("{type: prometheus, url: %q}", j.url), ".")
	if err != nil {
		return sum, err
	}
	http.DefaultTransport.(*http.Transport).MaxIdleConnsPerHost = parallel
	source, err := prometheus.Kind().Open(ctx, block, sources.Env{
		At: j.end, Parallel: parallel, HTTP: http.DefaultTransport,
		Through: func(sources.Route) http.RoundTripper { return http.DefaultTransport },
	})
	if err != nil {
		return sum, err
	}
	var reqs []sources.Request
	for i := range j.slos {
		one, err := spec.ParseBlock("compare.yaml", "{"+of(sli, i)+"}", ".")
		if err != nil {
			return sum, err
		}
		reqs = append(reqs, sources.Request{SLI: one, Count: spec.Both, Step: time.Minute,
			Period: slo.Period{Start: j.start(), End: j.end}})
	}
	err = source.Fetch(ctx, reqs, func(a sources.Answer) {
		if a.Err != nil {
			panic(a.Err)
		}
		for i := range a.Series.Len() {
			sum[0] += a.Series.Bad[i]
			sum[1] += a.Series.Total[i]
		}
	})
	return sum, err
}

// client does the job with the official client: the points of each counter, whose
// differences are taken.
func client(ctx context.Context, j job) ([2]float64, error) {
	return ranges(ctx, j, "%s{slo=\"%d\"}", func(points []model.SamplePair) (sum float64) {
		for i := range len(points) - 1 {
			d := points[i+1].Value - points[i].Value
			if d < 0 {
				d = points[i+1].Value
			}
			sum += float64(d)
		}
		return sum
	})
}

// clientPromQL has the server count, and adds up what it answers.
func clientPromQL(ctx context.Context, j job) ([2]float64, error) {
	return ranges(ctx, j, "increase(%s{slo=\"%d\"}[1m])", func(points []model.SamplePair) (sum float64) {
		for _, p := range points {
			sum += float64(p.Value)
		}
		return sum
	})
}

// most is how many points the server gives at once.
const most = 11_000

// ranges asks for every counter with the official client, as often as its points need.
func ranges(ctx context.Context, j job, query string, count func([]model.SamplePair) float64) (sum [2]float64, err error) {
	err = each(j, func(a v1.API, side, slo int) (float64, error) {
		var points []model.SamplePair
		for from := j.start(); !from.After(j.end); from = from.Add(most * time.Minute) {
			to := from.Add((most - 1) * time.Minute)
			if to.After(j.end) {
				to = j.end
			}
			v, _, _, err := a.QueryRange(ctx, fmt.Sprintf(query, counters[side], slo), v1.Range{Start: from, End: to, Step: time.Minute})
			if err != nil {
				return 0, err
			}
			for _, s := range v.(model.Matrix) {
				points = append(points, s.Values...)
			}
		}
		return count(points), nil
	}, &sum)
	return sum, err
}

// instant asks the server for the whole time at once.
func instant(ctx context.Context, j job) (sum [2]float64, err error) {
	err = each(j, func(a v1.API, side, slo int) (float64, error) {
		v, _, _, err := a.Query(ctx, fmt.Sprintf("increase(%s{slo=\"%d\"}[%dd])", counters[side], slo, j.days), j.end)
		if err != nil {
			return 0, err
		}
		n := 0.0
		for _, s := range v.(model.Vector) {
			n += float64(s.Value)
		}
		return n, nil
	}, &sum)
	return sum, err
}

// each asks for every counter, several at once.
func each(j job, ask func(a v1.API, side, slo int) (float64, error), sum *[2]float64) error {
	c, err := api.NewClient(api.Config{Address: j.url})
	if err != nil {
		return err
	}
	a := v1.NewAPI(c)
	jobs := make(chan int, 2*j.slos)
	for i := range 2 * j.slos {
		jobs <- i
	}
	close(jobs)
	var mu sync.Mutex
	var failed error
	var all sync.WaitGroup
	for range parallel {
		all.Go(func() {
			for i := range jobs {
				n, err := ask(a, i%2, i/2)
				mu.Lock()
				if err != nil {
					failed = err
				}
				sum[i%2] += n
				mu.Unlock()
			}
		})
	}
	all.Wait()
	return failed
}
