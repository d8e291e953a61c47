package main

import (
	"fmt"
	"io"
	"time"
)

// table is a series of counts as a monitoring system would export it.
type table struct {
	random
	step   time.Duration
	zone   *time.Location
	peak   int // events of the busiest step
	errors spaced
}

// row returns the counts of the step at t; extra is the share of a thousand that
// fails beside the usual.
func (b *table) row(t time.Time, extra int) (bad, total int) {
	noise := 950 + b.under(100)
	total = b.peak * load(t, b.zone) / thousand * noise / thousand
	bad = b.errors.of(total, &b.random)
	if extra > 0 {
		bad = b.round(total * extra)
	}
	return bad, total
}

// each calls f with every step that was measured.
func (b *table) each(f func(t time.Time)) {
	for t := began; t.Before(ended); t = t.Add(b.step) {
		f(t)
	}
}

const stamp = "2006-01-02T15:04:05Z"

func writeSearch(w io.Writer) {
	b := &table{random: 1, step: 5 * time.Minute, zone: berlin, peak: 300, errors: spaced{every: 3400}}
	fmt.Fprintln(w, "timestamp,bad,total")
	b.each(func(t time.Time) {
		extra := 0
		switch {
		case maintained(t):
			extra = 1000
		case reindex.contains(t):
			extra = 330
		case blackFriday.contains(t):
			extra = 400
		case badIndex.contains(t):
			extra = 250
		}
		bad, total := b.row(t, extra)
		fmt.Fprintf(w, "%s,%d,%d\n", t.Format(stamp), bad, total)
	})
}

func writeSuggestions(w io.Writer) {
	b := &table{random: 2, step: time.Hour, zone: berlin, peak: 9000, errors: spaced{every: 900}}
	fmt.Fprintln(w, "timestamp,good,total")
	b.each(func(t time.Time) {
		if silence.contains(t) {
			return
		}
		extra := 0
		if maintained(t) {
			extra = 1000
		}
		bad, total := b.row(t, extra)
		fmt.Fprintf(w, "%s,%d,%d\n", t.Format(stamp), total-bad, total)
	})
}

// writePayments writes payments of the checkout: what was paid in the end.
func writePayments(w io.Writer) {
	b := &table{random: 3, step: 5 * time.Minute, zone: tokyo, peak: 180, errors: spaced{every: 560}}
	fmt.Fprintln(w, "timestamp,good,bad")
	b.each(func(t time.Time) {
		extra := 0
		switch {
		case migration.contains(t):
			extra = 700
		case deploy.contains(t):
			extra = 220
		}
		bad, total := b.row(t, extra)
		fmt.Fprintf(w, "%s,%d,%d\n", t.Format(stamp), total-bad, bad)
	})
}

// writeAuthorisations writes answers of the card networks of two regions.
func writeAuthorisations(w io.Writer) {
	regions := []struct {
		name string
		table
	}{
		{"asia", table{random: 4, step: time.Hour, zone: tokyo, peak: 2100, errors: spaced{every: 3100}}},
		{"europe", table{random: 5, step: time.Hour, zone: berlin, peak: 1500, errors: spaced{every: 1900}}},
	}
	fmt.Fprintln(w, "timestamp,region,bad,total")
	regions[0].each(func(t time.Time) {
		extra := 0
		if migration.contains(t) {
			extra = 900
		}
		for i := range regions {
			bad, total := regions[i].row(t, extra)
			fmt.Fprintf(w, "%s,%s,%d,%d\n", t.Format(stamp), regions[i].name, bad, total)
		}
	})
}
