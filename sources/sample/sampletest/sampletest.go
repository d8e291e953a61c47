// Package sampletest has a sample.Store that holds its series in memory, and Check, which
// compares another store of the same series with it.
package sampletest

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/sources/sample"
)

// Series is one series: times in milliseconds that rise, and as many values or histograms.
type Series struct {
	Labels     sample.Labels
	Times      []int64
	Values     []float64
	Histograms []sample.Histogram // in place of Values
}

// Labels makes the labels of a series of its metric and pairs of name and value.
func Labels(metric string, pairs ...string) sample.Labels {
	l := sample.Labels{{Name: sample.MetricName, Value: metric}}
	for i := 0; i < len(pairs); i += 2 {
		l = append(l, sample.Label{Name: pairs[i], Value: pairs[i+1]})
	}
	l, err := sample.NewLabels(l)
	if err != nil {
		panic(err)
	}
	return l
}

// Lines reads series of text lines, scraped from start on at equal distances:
//
//	http_requests_total{code="200",job="api"} 0 5+10x3 _x2 _ stale 7.5 NaN
//
// 5+10x3 is 5 15 25 35, _ is a scrape without a sample, stale is a staleness marker. A
// value may have a delay: 12@250ms. It panics over any other text.
func Lines(start time.Time, every time.Duration, text string) []Series {
	var all []Series
	for line := range strings.Lines(text) {
		if line = strings.TrimSpace(line); line != "" {
			all = append(all, series(start.UnixMilli(), every.Milliseconds(), line))
		}
	}
	return all
}

// series reads a line.
func series(at, every int64, line string) Series {
	end := strings.LastIndex(line, "}") + 1
	if end == 0 {
		end = strings.Index(line, " ")
	}
	metric, rest, _ := strings.Cut(line[:end], "{")
	var pairs []string
	for rest = strings.TrimSuffix(rest, "}"); rest != ""; rest = strings.TrimPrefix(rest, ",") {
		name, value, _ := strings.Cut(rest, "=")
		quoted, err := strconv.QuotedPrefix(value)
		must(err, line)
		text, _ := strconv.Unquote(quoted)
		pairs, rest = append(pairs, name, text), value[len(quoted):]
	}
	s := Series{Labels: Labels(metric, pairs...)}
	for _, word := range strings.Fields(line[end:]) {
		at += s.add(at, every, word)
	}
	return s
}

// add reads a word and returns how much time it takes.
func (s *Series) add(at, every int64, word string) int64 {
	word, late, delayed := strings.Cut(word, "@")
	delay := time.Duration(0)
	var err error
	if delayed {
		delay, err = time.ParseDuration(late)
		must(err, late)
	}
	word, times, repeated := strings.Cut(word, "x")
	n := 0
	if repeated {
		n, err = strconv.Atoi(times)
		must(err, times)
	}
	if word == "_" {
		return max(int64(n), 1) * every
	}
	first, rise, _ := strings.Cut(word, "+")
	value, step := number(first), 0.0
	if rise != "" {
		step = number(rise)
	}
	for i := range int64(n + 1) {
		s.Times = append(s.Times, at+i*every+delay.Milliseconds())
		if i > 0 { // a sum would lose what makes a marker of a NaN
			value += step
		}
		s.Values = append(s.Values, value)
	}
	return int64(n+1) * every
}

func number(text string) float64 {
	if text == "stale" {
		return sample.StaleMarker()
	}
	n, err := strconv.ParseFloat(text, 64)
	must(err, text)
	return n
}

func must(err error, text string) {
	if err != nil {
		panic(fmt.Sprintf("%s: %v", text, err))
	}
}
