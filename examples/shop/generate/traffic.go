package main

import (
	"time"
	_ "time/tzdata" // the zones, wherever it runs
)

// Sums are integers, in thousandths where shares are meant, so that every
// machine writes the same.
const thousand = 1000

// day is how busy a shop is at each full hour of its local day.
var day = [24]int{
	180, 110, 80, 70, 80, 120, 240, 420, 600, 720, 800, 840,
	880, 820, 800, 820, 860, 920, 980, 1000, 990, 860, 600, 340,
}

// week is how busy a day is, from Sunday.
var week = [7]int{1140, 1000, 960, 950, 970, 1020, 1080}

// season is how busy a month is, from January: the shop grows, and December
// brings presents.
var season = map[int][12]int{
	2025: {0, 0, 0, 0, 0, 0, 0, 0, 800, 860, 1040, 1300},
	2026: {780, 790, 840, 870, 860, 830, 790, 820, 920, 1000, 1000, 1000},
}

// load returns how busy the shop is at t, on the clock of its zone.
func load(t time.Time, zone *time.Location) int {
	t = t.In(zone)
	h, m := t.Hour(), t.Minute()
	n := (day[h]*(60-m) + day[(h+1)%24]*m) / 60
	return n * week[t.Weekday()] / thousand * season[t.Year()][t.Month()-1] / thousand
}

// The zones of the shop and of its payments.
var berlin, tokyo = zone("Europe/Berlin"), zone("Asia/Tokyo")

func zone(name string) *time.Location {
	loc, err := time.LoadLocation(name)
	if err != nil {
		panic(err) // the binary embeds the zones
	}
	return loc
}

// event is a time in which things go differently.
type event struct{ start, end time.Time }

func (e event) contains(t time.Time) bool { return !t.Before(e.start) && t.Before(e.end) }

func utc(text string) time.Time {
	t, err := time.Parse("2006-01-02 15:04", text)
	if err != nil {
		panic(err)
	}
	return t
}

func between(start, end string) event { return event{utc(start), utc(end)} }

// The three incidents of October 2026, in UTC.
var (
	deploy    = between("2026-10-13 16:10", "2026-10-13 17:35") // checkout refuses most orders, payments lack some answers
	reindex   = between("2026-10-22 07:30", "2026-10-22 08:10") // search answers with errors
	slowPages = between("2026-10-28 17:10", "2026-10-28 21:00") // pages of the storefront are slow
)

// Older incidents, and time that nothing was measured in.
var (
	blackFriday = between("2025-11-28 18:00", "2025-11-28 18:45")
	badIndex    = between("2026-06-17 09:00", "2026-06-17 09:25")
	silence     = between("2026-10-08 06:00", "2026-10-13 10:00") // the exporter of suggestions was down
	migration   = between("2026-10-04 17:00", "2026-10-04 19:00") // of the payments database, agreed
)

// began and ended bound everything that was measured.
var (
	began = utc("2025-09-30 15:00") // 1 October 2025 in Tokyo
	ended = utc("2026-10-31 23:00") // 1 November 2026 in Berlin
)

// maintained tells whether t lies in the planned maintenance of the shop: an
// hour from 02:00 on Sundays. Where the clock shows 02:00 twice it is the first,
// where it shows none there is no maintenance.
func maintained(t time.Time) bool {
	local := t.In(berlin)
	midnight := time.Date(local.Year(), local.Month(), local.Day(), 0, 0, 0, 0, local.Location())
	since := t.Sub(midnight)
	return local.Weekday() == time.Sunday && local.Hour() == 2 && since >= 2*time.Hour && since < 3*time.Hour
}
