package watch

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
)

// world is how alerts really are, and what one destination was told.
type world struct {
	at     time.Time
	alerts []*truth
	state  State
	keyed  bool
	files  string
	some   bool // only some objectives are looked at
	last   []News
}

// truth is how one condition is.
type truth struct {
	objective, policy, condition string
	state                        string // "fires", "covered", "blind", "idle" or "over"
	since, blind                 time.Time
	over                         []report.Firing
	absent                       bool
	class                        slo.Class
}

func (w *world) clock(text string) time.Time {
	var days, h, m int
	if _, err := fmt.Sscanf(text, "%d+%d:%d", &days, &h, &m); err != nil {
		days = 0
		if _, err := fmt.Sscanf(text, "%d:%d", &h, &m); err != nil {
			panic(text)
		}
	}
	return time.Date(2026, 11, 2+days, h, m, 0, 0, time.UTC)
}

// becomes changes how a condition is: "over" ends what fires, "flash 10:01-10:03" is a
// firing between two looks.
func (w *world) becomes(id, state string) {
	i := slices.IndexFunc(w.alerts, func(t *truth) bool { return t.condition == id })
	if i < 0 {
		objective, policy, _ := strings.Cut(id, "/")
		policy, _, _ = strings.Cut(policy, "#")
		i = len(w.alerts)
		w.alerts = append(w.alerts, &truth{objective: objective, policy: policy, condition: id, class: slo.Page})
		if policy == "ticket" {
			w.alerts[i].class = slo.Ticket
		}
	}
	t := w.alerts[i]
	if class := slo.Class(state); class == slo.Page || class == slo.Ticket {
		t.class = class
		return
	}
	was := t.state
	state, times, _ := strings.Cut(state, " ")
	t.absent = state == "absent"
	switch state {
	case "fires", "covered":
		if was != "fires" && was != "covered" && was != "blind" || t.since.IsZero() {
			t.since = w.at
		}
	case "over", "idle", "absent":
		if !t.since.IsZero() {
			end := w.at
			f := report.Firing{Start: t.since, End: &end}
			if was == "blind" {
				f.Blind = &t.blind
			}
			t.over, t.since = append(slices.Clone(t.over), f), time.Time{}
		}
	case "flash":
		from, to, _ := strings.Cut(times, "-")
		end := w.clock(to)
		t.over, state = append(slices.Clone(t.over), report.Firing{Start: w.clock(from), End: &end}), "over"
	case "blind":
		t.blind = w.at
	}
	t.state = state
}

// model is what a run finds.
func (w *world) model() *report.Alerts {
	a := &report.Alerts{Status: report.Status{At: w.at, Language: unit.English}}
	for _, t := range w.alerts {
		if t.absent {
			continue
		}
		i := slices.IndexFunc(a.Objectives, func(o report.Objective) bool { return o.Name == t.objective })
		if i < 0 {
			i = len(a.Objectives)
			a.Objectives = append(a.Objectives, report.Objective{Service: "shop", Name: t.objective})
			a.Objectives[i].Budget.Spent = slo.NumberFrac(1, 4)
		}
		one := report.Alert{
			Policy: t.policy, Class: t.class, Condition: t.condition, Test: slo.Burn, State: burn.Inactive,
			Cost: slo.NumberFrac(1, 10), Limit: slo.NumberOf(14), Covered: t.state == "covered", Idle: t.state == "idle",
			Long: &report.BurnFigure{Window: "1h", Rate: slo.NumberOf(20)}, Short: &report.BurnFigure{Window: "5m", Rate: slo.NumberOf(30)},
		}
		switch begun := !t.since.After(w.at); { // else the clock was put back
		case begun && (t.state == "fires" || t.state == "covered"):
			one.State = burn.Active
		case t.state == "blind", t.state == "idle":
			one.State = burn.NoData
		}
		if !t.since.IsZero() && one.State != burn.Inactive {
			one.Since = &t.since
		}
		if one.Over = t.over; t.state == "blind" {
			one.Known = &t.blind
		}
		a.Objectives[i].Alerts = append(a.Objectives[i].Alerts, one)
	}
	return a
}

func (w *world) watched() Alerts {
	return Alerts{Model: w.model(), Now: w.at, Takes: func(*report.Alert) bool { return true }, Files: w.files, Partial: w.some}
}

// look is a run whose messages end so, and what they tell.
func (w *world) look(outcome func(key string) notify.Outcome) []notify.Message {
	alerts := w.watched()
	news, next := alerts.News(w.state)
	w.state = next
	var out []notify.Message
	for _, bundle := range Bundles(news) {
		out = append(out, alerts.Message(bundle))
		w.state = w.state.After(bundle, func(key string) (notify.Outcome, bool) { return outcome(key), w.keyed })
	}
	w.last = news
	return out
}

// said is a message in short.
func said(m notify.Message) string {
	hour := func(t time.Time) string { return t.Format("15:04") }
	var out []string
	for _, c := range m.Changes {
		text := strings.TrimPrefix(c.Objective, "shop/") + "/" + c.Policy + " " + string(c.Kind)
		if !c.Since.IsZero() {
			text += " since " + hour(c.Since)
		}
		if !c.Until.IsZero() {
			text += " until " + hour(c.Until)
		}
		if c.Times > 1 {
			text += fmt.Sprintf(", %d times, %d min", c.Times, c.Seconds/60)
		}
		if c.Passed {
			text += ", passed"
		}
		if !c.Blind.IsZero() {
			text += ", blind from " + hour(c.Blind)
		}
		for _, d := range c.Details {
			if strings.HasPrefix(d, "came and went") {
				text += ", " + strings.TrimSuffix(d, " in the last hour")
			}
			if before, is := strings.CutPrefix(d, "fired before that too, "); is {
				text += ", before " + before
			}
		}
		if strings.Contains(c.Summary, "not watched any more") {
			text += ", not watched"
		}
		if c.Again {
			text += ", again"
		}
		out = append(out, text)
	}
	return strings.Join(out, "; ")
}

// TestStories are lines of time, what becomes of alerts, how a message would end if
// that is not well, and what the destination is told: "-" for nothing.
func TestStories(t *testing.T) {
	for name, lines := range map[string]string{
		"begins, goes on for a day, and is over": `
			10:00   | a/page fires |         | a/page firing since 10:00
			10:01   |              |         | -
			1+09:59 |              |         | -
			1+10:00 |              |         | a/page still_firing since 10:00
			1+10:30 |              |         | -
			1+11:00 | a/page over  |         | a/page resolved since 10:00 until 11:00
			1+11:01 |              |         | -`,
		"what fires at the first look is told, what is over is not": `
			10:00 | a/page fires, b/page flash 08:00-08:10 | | a/page firing since 10:00
			10:01 |                                        | | -`,
		"several conditions are one alert": `
			10:00 | a/page#fast over, a/page#slow fires |  | a/page firing since 10:00
			10:05 | a/page#fast fires                   |  | -
			10:10 | a/page#slow over                    |  | -
			10:15 | a/page#fast over                    |  | a/page resolved since 10:00 until 10:15`,
		"one that a faster one covers stays quiet, also at its end": `
			10:00 | a/page fires, a/ticket covered |  | a/page firing since 10:00
			10:10 | a/page over, a/ticket over     |  | a/page resolved since 10:00 until 10:10
			10:11 |                                |  | -
			12:00 | a/page fires, a/ticket covered |  | a/page firing since 12:00
			12:10 | a/page over, a/ticket fires    |  | a/page resolved since 12:00 until 12:10; a/ticket firing since 12:00
			13:00 | a/ticket covered               |  | -
			13:10 | a/ticket over                  |  | a/ticket resolved since 12:00 until 13:10`,
		"it fires and is over between two runs": `
			10:00 | a/page over                |  | -
			10:05 | a/page flash 10:01-10:03   |  | a/page resolved since 10:01 until 10:03, passed
			10:10 |                            |  | -`,
		"the same, where counts come late and the message fails at first": `
			10:00 | a/page over                |        | -
			10:05 | a/page flash 09:57-09:59   | failed | a/page resolved since 09:57 until 09:59, passed
			10:10 |                            |        | a/page resolved since 09:57 until 09:59, passed
			10:15 |                            |        | -`,
		"what failed to arrive is told as it stands then": `
			10:00 | a/page fires |  failed | a/page firing since 10:00
			10:05 | a/page over  |         | a/page resolved since 10:00 until 10:05, passed
			10:06 |              |         | -`,
		"it comes and goes": `
			10:00 | a/page fires |  | a/page firing since 10:00
			10:05 | a/page over  |  | a/page resolved since 10:00 until 10:05
			10:10 | a/page fires |  | a/page firing since 10:10, came and went 2 times
			10:12 | a/page over  |  | -
			10:14 | a/page fires |  | -
			10:16 | a/page over  |  | -
			10:18 | a/page fires |  | -
			10:20 | a/page over  |  | -
			10:49 |              |  | -
			10:50 |              |  | a/page resolved since 10:10 until 10:20, 3 times, 6 min
			10:51 |              |  | -
			14:00 | a/page fires |  | a/page firing since 14:00
			14:05 | a/page over  |  | a/page resolved since 14:00 until 14:05`,
		"it comes and goes between runs": `
			10:00 | a/page over              |  | -
			10:02 | a/page flash 10:01-10:02 |  | a/page resolved since 10:01 until 10:02, passed
			10:04 | a/page flash 10:03-10:04 |  | -
			10:06 | a/page flash 10:05-10:06 |  | -
			10:35 |                          |  | -
			10:36 |                          |  | a/page resolved since 10:03 until 10:06, 2 times, 2 min, passed
			10:37 |                          |  | -`,
		"it loses its data while it fires": `
			10:00   | a/page fires |  | a/page firing since 10:00
			10:10   | a/page blind |  | a/page no_data since 10:00, blind from 10:10
			10:20   |              |  | -
			1+10:10 |              |  | a/page no_data since 10:00, blind from 10:10
			1+10:20 | a/page over  |  | a/page resolved since 10:00 until 10:10, blind from 10:10`,
		"one that never fired loses its data, and has them again": `
			10:00 | a/page over  |  | -
			10:10 | a/page blind |  | a/page no_data, blind from 10:10
			10:20 | a/page over  |  | a/page resolved`,
		"one that never fired loses its data, and then fires": `
			10:00 | a/page blind |  | a/page no_data, blind from 10:00
			10:20 | a/page fires |  | a/page firing since 10:20
			10:21 |              |  | -`,
		"it fires six times between two runs, and is told until when": `
			09:05 | a/page over |  | -
			09:10 | a/page fires |  | a/page firing since 09:10
			12:40 | a/page flash 09:10-09:15, a/page flash 09:50-09:55, a/page flash 10:30-10:35, a/page flash 11:10-11:15, a/page flash 11:50-11:55, a/page flash 12:30-12:35 |  | -
			12:49 |              |  | -
			12:50 |              |  | a/page resolved since 09:10 until 12:35, 6 times, 30 min
			13:30 |              |  | -`,
		"it fires six times within an hour between two runs": `
			09:05 | a/page over |  | -
			09:10 | a/page fires |  | a/page firing since 09:10
			10:10 | a/page flash 09:10-09:15, a/page flash 09:25-09:30, a/page flash 09:40-09:45, a/page flash 09:55-10:00 |  | -
			10:29 |              |  | -
			10:30 |              |  | a/page resolved since 09:10 until 10:00, 4 times, 20 min
			13:30 |              |  | -`,
		"no run for three days, and each firing is told of": `
			10:00   | a/page over  |  | -
			3+10:00 | a/page flash 1+02:00-1+02:10, a/page flash 2+03:00-2+03:20 |  | a/page resolved since 02:00 until 03:20, 2 times, 30 min, passed
			3+10:01 |              |  | -`,
		"no run for three days, and it fires again": `
			10:00   | a/page over  |  | -
			3+10:00 | a/page flash 1+02:00-1+02:10, a/page flash 2+03:00-2+03:20, a/page fires |  | a/page firing since 10:00, before 2× since the last message: from 2026-11-03 02:00 to 2026-11-04 03:20 (30 min in all)
			3+10:10 | a/page over  |  | a/page resolved since 10:00 until 10:10
			3+10:11 |              |  | -`,
		"it comes and goes for a day": `
			10:00   | a/page fires |  | a/page firing since 10:00
			1+10:00 | a/page flash 10:00-11:00, a/page flash 20:00-21:00, a/page fires |  | a/page still_firing since 10:00, 3 times, 120 min
			1+11:00 | a/page over  |  | a/page resolved since 10:00 until 11:00, 3 times, 180 min`,
		"it fired and was over while there were no data": `
			10:00 | a/page over  |  | -
			10:10 | a/page blind |  | a/page no_data, blind from 10:10
			10:20 | a/page flash 10:11-10:15 |  | a/page resolved since 10:11 until 10:15, passed
			10:21 |              |  | -`,
		"it loses its data for one run while it fires, and fires on": `
			10:00 | a/page fires |  | a/page firing since 10:00
			10:10 | a/page blind |  | a/page no_data since 10:00, blind from 10:10
			10:11 | a/page fires |  | a/page firing since 10:00
			10:20 | a/page over  |  | a/page resolved since 10:00 until 10:20
			10:21 |              |  | -`,
		"of what a faster one covered all the time nobody is told later": `
			10:00 | a/page over, a/ticket over |  | -
			10:10 | a/page flash 10:01-10:08, a/ticket flash 10:02-10:07 |  | a/page resolved since 10:01 until 10:08, passed
			10:11 |                            |  | -
			11:10 | a/page flash 11:01-11:08, a/ticket flash 11:02-11:09 |  | a/page resolved since 11:01 until 11:08, passed; a/ticket resolved since 11:02 until 11:09, passed
			11:11 |                            |  | -`,
		"its class becomes a faster one while it fires": `
			10:00 | a/slow fires, a/slow ticket |  | a/slow firing since 10:00
			10:01 | a/slow page                 |  | a/slow firing since 10:00
			10:02 |                             |  | -
			10:03 | a/slow ticket               |  | -
			10:04 | a/slow over                 |  | a/slow resolved since 10:00 until 10:04`,
		"a clock that is put back by an hour": `
			10:00 | a/page fires, b/page over |         | a/page firing since 10:00
			10:10 |              |         | -
			09:10 | b/page fires |         | b/page firing since 09:10
			09:40 |              |         | -
			10:20 |              |         | -
			10:30 | a/page over  |         | a/page resolved since 10:00 until 10:30`,
		"no traffic is no news": `
			10:00 | a/page idle  |  | -
			10:10 | a/page fires |  | a/page firing since 10:10
			10:20 | a/page idle  |  | a/page resolved since 10:10 until 10:20`,
		"data that come and go": `
			10:00 | a/page over  |  | -
			10:01 | a/page blind |  | a/page no_data, blind from 10:01
			10:02 | a/page over  |  | a/page resolved
			10:03 | a/page blind |  | a/page no_data, blind from 10:03, came and went 2 times
			10:04 | a/page over  |  | -
			10:05 | a/page blind |  | -
			10:06 | a/page over  |  | -
			10:35 |              |  | -
			10:36 |              |  | a/page resolved, came and went 3 times`,
		"nobody knows whether it arrived: once more, and marked": `
			10:00 | a/page fires |  unknown | a/page firing since 10:00
			10:01 |              |          | a/page firing since 10:00, again
			10:02 |              |          | -
			10:03 | a/page over  |  unknown | a/page resolved since 10:00 until 10:03
			10:04 |              |  unknown | a/page resolved since 10:00 until 10:03, again
			10:05 |              |          | -`,
		"nobody knows whether it arrived, and then it is over": `
			10:00 | a/page fires |  unknown | a/page firing since 10:00
			10:01 | a/page over  |          | a/page resolved since 10:00 until 10:01, passed
			10:02 |              |          | -`,
		"where the far side recognises it: until it has it": `
			10:00 | a/page fires | unknown keyed | a/page firing since 10:00
			10:01 |              | unknown keyed | a/page firing since 10:00, again
			10:02 |              | keyed         | a/page firing since 10:00, again
			10:03 |              | keyed         | -`,
		"four objectives and more are one message": `
			10:00 | a/page fires, b/page fires, c/page fires               |  | a/page firing since 10:00 & b/page firing since 10:00 & c/page firing since 10:00
			10:05 | a/page over, b/page over, c/page over, d/page fires    |  | a/page resolved since 10:00 until 10:05; b/page resolved since 10:00 until 10:05; c/page resolved since 10:00 until 10:05; d/page firing since 10:05`,
		"an objective that is in no file any more": `
			10:00 | a/page fires, b/page fires |        | a/page firing since 10:00 & b/page firing since 10:00
			10:01 | a/page absent              | failed | a/page resolved since 10:00, not watched
			10:02 |                            |        | a/page resolved since 10:00, not watched
			10:03 |                            |        | -
			10:04 | b/page over                |        | b/page resolved since 10:00 until 10:04
			10:05 | b/page absent              |        | -`,
		"a policy that is in no file any more": `
			10:00 | a/page fires, a/ticket over |  | a/page firing since 10:00
			10:01 | a/page absent               |  | a/page resolved since 10:00, not watched
			10:02 |                             |  | -`,
		"a run over some objectives": `
			10:00 | a/page fires, b/page over |      | a/page firing since 10:00
			10:01 | a/page absent             | some | -
			10:02 |                           |      | a/page resolved since 10:00, not watched`,
		"two teams in one folder": `
			10:00   | a/page fires, b/page over |       | a/page firing since 10:00
			10:01   | a/page absent             | other | -
			1+11:00 |                           | other | -
			1+12:01 |                           | other | a/page resolved since 10:00, not watched
			1+12:02 |                           | other | -`,
	} {
		t.Run(name, func(t *testing.T) {
			w := &world{}
			for line := range strings.SplitSeq(strings.TrimSpace(lines), "\n") {
				w.tell(t, line)
			}
		})
	}
}

// tell is one line of a story.
func (w *world) tell(t *testing.T, line string) {
	t.Helper()
	var cell []string
	for part := range strings.SplitSeq(line, "|") {
		cell = append(cell, strings.TrimSpace(part))
	}
	w.at = w.clock(cell[0])
	for change := range strings.SplitSeq(cell[1], ", ") {
		if id, state, ok := strings.Cut(change, " "); ok {
			w.becomes(id, state)
		}
	}
	ends := notify.Sent
	w.keyed, w.some, w.files = false, false, "ours"
	for word := range strings.FieldsSeq(cell[2]) {
		switch word {
		case "keyed":
			w.keyed = true
		case "some":
			w.some = true
		case "other":
			w.files = "theirs"
		default:
			ends = notify.Outcome(word)
		}
	}
	var got []string
	for _, m := range w.look(func(string) notify.Outcome { return ends }) {
		got = append(got, said(m))
	}
	if told := strings.Join(got, " & "); told != cell[3] && (told != "" || cell[3] != "-") {
		t.Errorf("%s: told %q, want %q", cell[0], told, cell[3])
	}
}

// Three hundred at once are one message, whose headline says what there is.
func TestManyAtOnce(t *testing.T) {
	w := &world{at: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC)}
	for i := range 300 {
		w.becomes(fmt.Sprintf("o%03d/page", i), "fires")
	}
	told := w.look(func(string) notify.Outcome { return notify.Sent })
	if len(told) != 1 || len(told[0].Changes) != 300 || told[0].Headline != "300 objectives have alerts: 300 firing (shop)" {
		t.Errorf("got %d messages, %q", len(told), told[0].Headline)
	}
	short, left := notify.Within(told[0], func(m notify.Message) bool { return len(notify.Plain(m)) < 2000 })
	if text := notify.Plain(short); left < 200 || !strings.Contains(text, fmt.Sprintf("and %d more", left)) {
		t.Errorf("in a small place: %s", text)
	}
	if again := w.look(func(string) notify.Outcome { return notify.Sent }); len(again) > 0 {
		t.Errorf("told again: %q", again[0].Headline)
	}
}

// believes is what the reader of a far side knows after messages, by key.
func believes(known map[string]notify.Change, told []notify.Message) {
	for _, m := range told {
		for _, c := range m.Changes {
			known[c.Key] = c
		}
	}
}

// Whatever happens, in whatever order, with runs that fail, die before or after the
// message or are unsure: once messages arrive and nothing changes for an hour, the
// reader knows of each alert what is so, and is then told nothing more.
func TestReaderKnowsTheTruth(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		w := &world{at: time.Date(2026, 11, 2, 10, 0, 0, 0, time.UTC), files: "ours", keyed: rapid.Bool().Draw(t, "keyed")}
		ids := []string{"a/page#1", "a/page#2", "a/ticket", "b/page"}
		for _, id := range ids {
			w.becomes(id, "over")
		}
		known, lost := map[string]notify.Change{}, 0
		for range rapid.IntRange(1, 25).Draw(t, "runs") {
			w.at = w.at.Add(time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute)
			id := rapid.SampledFrom(ids).Draw(t, "id")
			w.becomes(id, rapid.SampledFrom([]string{"fires", "over", "blind", "idle", "absent"}).Draw(t, "state"))
			ends := rapid.SampledFrom([]notify.Outcome{notify.Sent, notify.Failed, notify.Unknown, "lost"}).Draw(t, "ends")
			noted := ends
			if ends == "lost" { // killed before the message went out: the ledger knows of the begin alone
				noted = notify.Unknown
				lost++
			}
			if lost > 1 && !w.keyed { // where nothing is recognised, it is told once more and not for ever
				ends, noted = notify.Sent, notify.Sent
			}
			told := w.look(func(string) notify.Outcome { return noted })
			if ends == notify.Sent || ends == notify.Unknown {
				believes(known, told)
			}
		}
		for range 70 {
			w.at = w.at.Add(time.Minute)
			believes(known, w.look(func(string) notify.Outcome { return notify.Sent }))
		}
		if more := w.look(func(string) notify.Outcome { return notify.Sent }); len(more) > 0 {
			t.Errorf("told again: %s", said(more[0]))
		}
		held(t, w, known)
	})
}

// held compares what the reader believes with what is so.
func held(t *rapid.T, w *world, known map[string]notify.Change) {
	stands := map[string]notify.ChangeKind{}
	for _, o := range w.model().Objectives {
		for _, p := range policies(&o, func(*report.Alert) bool { return true }) {
			kind := notify.Resolved
			switch {
			case p.fires:
				kind = notify.Fires
			case p.blind:
				kind = notify.NoData
			}
			stands[key(o.ID(), p.policy)] = kind
		}
	}
	for k, c := range known {
		if _, there := stands[k]; !there {
			stands[k] = notify.Resolved // not watched any more
		}
		if c.Kind == notify.StillFires {
			c.Kind = notify.Fires
		}
		if stands[k] != c.Kind {
			t.Errorf("%s/%s: the reader believes %s, it is %s", c.Objective, c.Policy, c.Kind, stands[k])
		}
	}
	for k, kind := range stands {
		if _, told := known[k]; !told && kind != notify.Resolved {
			t.Errorf("the reader knows nothing of what is %s", kind)
		}
	}
}

// TestTexts shows what people read.
func TestTexts(t *testing.T) {
	for language, want := range map[unit.Language]string{
		unit.English: `shop/a: 1 firing, 1 over

x page: fires since 2026-11-02 10:00 UTC (10 min)
    a/page: 20.0× / 30.0×, limit 14.0×
    10% of the budget went since it fires, 25% is spent in all
    this may have been told before, nobody knows whether that message arrived
  slow (page): over, fired from 2026-11-02 09:30 UTC to 2026-11-02 10:10 UTC (40 min)
    25% of the budget is spent in all
`,
		unit.Japanese: `shop/a: 発報中1件、復旧1件

x page: 発報中 2026-11-02 10:00 UTCから(10分)
    a/page: 20.0× / 30.0×(しきい値14.0×)
    発報後にバジェットの10%を消費、合計25%
    再送の可能性があります。前回の到達は不明です
  slow(呼び出し(即時対応)): 復旧 2026-11-02 09:30 UTCから2026-11-02 10:10 UTCまで発報(40分)
    バジェットの消費は合計25%
`,
	} {
		w := &world{at: time.Date(2026, 11, 2, 9, 30, 0, 0, time.UTC), files: "ours"}
		w.becomes("a/page", "over")
		w.becomes("a/slow", "fires")
		w.look(func(string) notify.Outcome { return notify.Sent })
		w.at = w.at.Add(30 * time.Minute)
		w.becomes("a/page", "fires")
		w.look(func(string) notify.Outcome { return notify.Unknown })
		w.at = w.at.Add(10 * time.Minute)
		w.becomes("a/slow", "over")
		alerts := w.watched()
		alerts.Model.Language, alerts.Model.Zone = language, time.UTC
		news, _ := alerts.News(w.state)
		if got := notify.Plain(alerts.Message(news)); got != want {
			t.Errorf("%s: got\n%s\nwant\n%s", language, got, want)
		}
	}
}

// TestRows shows what people read of alerts that come and go, and of data that end.
func TestRows(t *testing.T) {
	for name, tt := range map[string]struct{ at, becomes, then, en, ja string }{
		"one firing": {
			"10:05", "a/page fires", "10:05 a/page over",
			"over, fired from 2026-11-02 10:00 UTC to 2026-11-02 10:05 UTC (5 min)",
			"復旧 2026-11-02 10:00 UTCから2026-11-02 10:05 UTCまで発報(5分)",
		},
		"several": {
			"13:00", "a/page fires", "13:00 a/page flash 10:00-10:05, a/page flash 11:00-11:05, a/page flash 12:20-12:29",
			"now quiet, fired 3 times from 2026-11-02 10:00 UTC to 2026-11-02 12:29 UTC (19 min in all)",
			"復旧 2026-11-02 10:00 UTCから2026-11-02 12:29 UTCまでに3回発報(計19分)",
		},
		"a gap in the end": {
			"13:00", "a/page fires", "10:10 a/page blind, 10:30 a/page over",
			"over, fired from 2026-11-02 10:00 UTC until 2026-11-02 10:10 UTC at least (10 min), then there were no data for a time",
			"復旧 2026-11-02 10:00 UTCから少なくとも2026-11-02 10:10 UTCまで発報(10分)、以後しばらくデータなし",
		},
		"no data while it fires": {
			"13:00", "a/page fires", "10:10 a/page blind",
			"no data, fired since 2026-11-02 10:00 UTC and nobody knows since 2026-11-02 10:10 UTC whether it goes on",
			"データなし、2026-11-02 10:00 UTCから発報、2026-11-02 10:10 UTC以降も継続しているかは不明",
		},
		"no data": {
			"13:00", "a/page over", "10:10 a/page blind",
			"no data, nobody knows since 2026-11-02 10:10 UTC whether it fires",
			"データなし、2026-11-02 10:10 UTCから発報状況は不明",
		},
	} {
		for language, want := range map[unit.Language]string{unit.English: tt.en, unit.Japanese: tt.ja} {
			w := &world{files: "ours"}
			w.at = w.clock("10:00")
			id, state, _ := strings.Cut(tt.becomes, " ")
			w.becomes(id, state)
			w.look(func(string) notify.Outcome { return notify.Sent })
			for step := range strings.SplitSeq(tt.then, ", ") {
				if at, rest, timed := strings.Cut(step, " a/"); timed {
					w.at, step = w.clock(at), "a/"+rest
				}
				id, state, _ := strings.Cut(step, " ")
				w.becomes(id, state)
			}
			w.at = w.clock(tt.at)
			alerts := w.watched()
			alerts.Model.Language, alerts.Model.Zone = language, time.UTC
			news, _ := alerts.News(w.state)
			if got := alerts.Message(news).Sections[0].Rows[0].Text; got != want {
				t.Errorf("%s: got\n%s\nwant\n%s", name, got, want)
			}
		}
	}
}

// Who looked ahead, or had a wrong clock, keeps nobody from being told now.
func TestLookingAhead(t *testing.T) {
	at := time.Date(2026, time.November, 30, 8, 0, 0, 0, time.UTC)
	since := at.Add(-time.Minute)
	o := report.Objective{Service: "shop", Name: "orders", Alerts: []report.Alert{
		{Policy: "page", Class: slo.Page, State: burn.Active, Since: &since},
	}}
	a := Alerts{Model: &report.Alerts{Status: report.Status{At: at, Objectives: []report.Objective{o}}}, Now: at.Add(time.Second),
		Takes: func(*report.Alert) bool { return true }}
	for ahead, want := range map[time.Duration]int{-time.Minute: 1, 0: 1, 15 * 24 * time.Hour: 1} {
		was := State{"shop/orders": {Service: "shop", Seen: at.Add(ahead), Alerts: map[string]Known{"page": {}}}}
		if news, _ := a.News(was); len(news) != want {
			t.Errorf("seen %s ahead: got %d news, want %d", ahead, len(news), want)
		}
	}
	late := a
	late.Now = at.Add(time.Hour)
	was := State{"shop/orders": {Service: "shop", Seen: at.Add(time.Minute), Alerts: map[string]Known{"page": {}}}}
	if news, _ := late.News(was); len(news) != 0 {
		t.Errorf("a run that a later one overtook tells %d news", len(news))
	}
}
