package main

import (
	"fmt"
	"io"
	"time"
)

// job is one run of a batch job.
type job struct {
	name     string
	start    time.Time
	status   string
	duration time.Duration
}

func (j job) write(w io.Writer) {
	fmt.Fprintf(w, "{\"timestamp\":%q,\"job\":%q,\"status\":%q,\"duration\":\"%ds\"}\n",
		j.start.Format(stamp), j.name, j.status, int(j.duration.Seconds()))
}

// settled lists the nights, by their date in Tokyo, on which a settlement went wrong.
var settled = map[string]string{
	"2025-12-24 wallet":   "late",
	"2025-12-31 card":     "late",
	"2026-02-11 konbini":  "failed",
	"2026-05-06 transfer": "late",
	"2026-09-22 payout":   "failed",
	"2026-10-14 card":     "late", // the night after the incident of the checkout
}

// writeSettlement writes five runs a night, from 01:00 in Tokyo.
func writeSettlement(w io.Writer) {
	r := random(6)
	for night := began; night.Before(ended.Add(-7 * time.Hour)); night = night.Add(24 * time.Hour) {
		for i, name := range []string{"card", "transfer", "wallet", "konbini", "payout"} {
			j := job{name, night.Add(time.Hour + time.Duration(i*20)*time.Minute), "ok", time.Duration(420+r.under(600)) * time.Second}
			switch settled[night.In(tokyo).Format("2006-01-02 ")+name] {
			case "late":
				j.duration += 40 * time.Minute
			case "failed":
				j.status = "failed"
			}
			j.write(w)
		}
	}
}

// writeIndex writes the hourly runs that bring new products into the search,
// since the summer of 2026 when they were first recorded.
func writeIndex(w io.Writer) {
	r, late := random(7), spaced{every: 210, left: 150}
	for t := utc("2026-06-30 22:00"); t.Before(ended); t = t.Add(time.Hour) {
		j := job{"index", t.Add(3 * time.Minute), "ok", time.Duration(95+r.under(240)) * time.Second}
		if reindex.contains(t.Add(59*time.Minute)) || late.of(1, &r) > 0 {
			j.duration += 12 * time.Minute
		}
		j.write(w)
	}
}
