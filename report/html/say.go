package html

import (
	"slices"
	"strconv"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/report/words/texts"
	"github.com/nines-slo/nines/slo"
)

// speaker writes what every part of a page says, in the report's language and on
// the clock of its zone.
type speaker struct {
	l    unit.Language
	w    unit.Words
	s    *sentences
	zone *time.Location
}

func newSpeaker(l unit.Language, zone *time.Location) *speaker {
	if !slices.Contains(unit.Languages(), l) {
		l = unit.English
	}
	if zone == nil {
		zone = time.UTC
	}
	return &speaker{l: l, w: l.Words(), s: sentencesOf(l), zone: zone}
}

// instant writes t as tables do.
func (say *speaker) instant(t time.Time) string { return say.l.DateTime(t, say.zone) }

// between writes the bounds of a time.
func (say *speaker) between(start, end time.Time) string {
	return say.instant(start) + " – " + say.instant(end)
}

// counted adds to a figure of o's counts, in a running period, the time that they are of.
func (say *speaker) counted(o report.Objective, figure string) string {
	if !o.Budget.Projected() || !o.SLI.Known() {
		return figure
	}
	return figure + " " + texts.Fill(say.s.ActualSoFar, "length", words.SoFar(say.l, o))
}

// date writes the day of t.
func (say *speaker) date(t time.Time) string { return say.l.Date(t, say.zone) }

// lastDate writes the day in which a stretch of time that ends at t ended.
func (say *speaker) lastDate(t time.Time) string { return say.date(unit.LastInstant(t)) }

// period names a period of the report.
func (say *speaker) period(p report.Period) string { return say.l.Period(p.Name, p.Bounds(), say.zone) }

// before names the period before r's: a month by its name.
func (say *speaker) before(r *report.Report) string {
	if r.Before.Name == "" {
		return say.w.Previous
	}
	return say.period(r.Before)
}

// window writes a window of the model, "6h", for people.
func (say *speaker) window(w string) string {
	d, err := slo.ParseDuration(w)
	if err != nil {
		return w
	}
	return say.l.Duration(d)
}

// own names an objective's own window.
func (say *speaker) own(w report.Window) string { return say.l.Window(w.Kind, w.Length) }

// state is a verdict: mark, word and colour.
type state struct{ Mark, Word, Tone string }

func (say *speaker) state(s slo.State) state { return marked(s, say.l.State(s)) }

// verdict is the state of an objective, with its caveat.
func (say *speaker) verdict(o report.Objective) state {
	return marked(o.State, words.State(say.l, o.State, o.Caveat))
}

// marked is a verdict that is as bad as s, in a word of its own.
func marked(s slo.State, word string) state {
	return state{Mark: unit.Mark(s), Word: word, Tone: tone(s)}
}

// standing says how an objective stood.
func (say *speaker) standing(sli, spent slo.Number, state string, target slo.Target) string {
	return texts.Fill(say.s.Standing,
		"sli", say.l.SLI(sli, target), "spent", say.l.Spent(spent), "state", state)
}

// worstDay says which day cost most.
func (say *speaker) worstDay(o report.Objective) string {
	worst := o.WorstDay()
	switch {
	case worst == nil:
		return say.s.CalendarUnknown
	case worst.Level <= report.LevelEven:
		return say.s.CalendarCalm
	}
	date, err := slo.ParseDate(worst.Date)
	if err != nil {
		return say.s.CalendarUnknown // a model's dates are valid
	}
	day := say.l.Date(date.Midday(), time.UTC)
	return texts.Fill(say.s.CalendarPeak, "date", day, "multiple", say.l.Multiple(worst.Multiple))
}

// more says how many things are not shown, "" if none.
func more(template string, n int) string {
	if n <= 0 {
		return ""
	}
	return texts.Fill(template, "n", strconv.Itoa(n))
}

func of(n, total int) string { return strconv.Itoa(n) + " / " + strconv.Itoa(total) }
