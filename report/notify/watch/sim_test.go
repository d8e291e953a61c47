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

// line is what is so of one policy, a letter a minute: F is judged to fire, a dot not to,
// and of ? nobody knows.
type line struct {
	objective, policy string
	class             slo.Class
	minutes           string
}

// carry is for how many minutes a firing is carried on of which nobody knows.
const carry = 60

var midnight = time.Date(2026, 11, 2, 0, 0, 0, 0, time.UTC)

func minute(k int) *time.Time {
	t := midnight.Add(time.Duration(k) * time.Minute)
	return &t
}

// alert is how the policy stands at minute k, as the rules of alerts say.
func (l line) alert(k int) report.Alert {
	a := report.Alert{Policy: l.policy, Class: l.class, Test: slo.Events, State: burn.Inactive, Limit: slo.NumberOf(1)}
	begin, judged := -1, -1
	for i := 0; i <= k; i++ {
		letter := l.minutes[i]
		if begin >= 0 && (letter == '.' || letter == '?' && i-judged > carry) {
			f := report.Firing{Start: *minute(begin), End: minute(i)}
			if judged < i-1 {
				f.Blind = minute(judged)
			}
			a.Over, begin = append(a.Over, f), -1
		}
		if letter == 'F' && begin < 0 {
			begin = i
		}
		if letter != '?' {
			judged = i
		}
	}
	switch l.minutes[k] {
	case 'F':
		a.State = burn.Active
	case '?':
		a.State = burn.NoData
		if judged >= 0 {
			a.Known = minute(judged)
		}
	}
	if begin >= 0 {
		a.Since = minute(begin)
	}
	return a
}

// modelAt is what a run finds at minute k. failed is an objective whose source gives no
// answer.
func modelAt(lines []line, k int, failed string) *report.Alerts {
	m := &report.Alerts{Status: report.Status{At: *minute(k), Language: unit.English}}
	for _, l := range lines {
		i := slices.IndexFunc(m.Objectives, func(o report.Objective) bool { return o.Name == l.objective })
		if i < 0 {
			i = len(m.Objectives)
			m.Objectives = append(m.Objectives, report.Objective{Service: "shop", Name: l.objective})
		}
		o, a := &m.Objectives[i], l.alert(k)
		if l.objective == failed {
			a, o.Failed = report.Alert{Policy: l.policy, Class: l.class, State: burn.NoData}, "no answer"
		}
		pages := slices.ContainsFunc(o.Alerts, func(a report.Alert) bool { return a.State == burn.Active })
		a.Covered = pages && a.State == burn.Active && l.class != slo.Page
		o.Alerts = append(o.Alerts, a)
	}
	return m
}

func drawLine(t *rapid.T, objective, policy string, class slo.Class, n int) line {
	l := line{objective: objective, policy: policy, class: class}
	for len(l.minutes) < n-240 {
		letter := rapid.SampledFrom([]string{"F", ".", ".", "?"}).Draw(t, policy)
		l.minutes += strings.Repeat(letter, rapid.IntRange(1, 100).Draw(t, "for"))
	}
	l.minutes = l.minutes[:n-240] + strings.Repeat(".", 241)
	return l
}

// reader is somebody who is told: by a chat, and by a pager.
type reader struct {
	lines   []line
	state   State
	open    map[string]bool            // what the pager has open, by key
	ends    map[string][]notify.Change // what was told to be over
	before  map[string][]firing        // what was told to have been over before something else
	looked  map[string]int             // the minute of the first look
	strange []string                   // what a pager is never to get
	twice   []string                   // what it gets only where something was lost
}

// run is a run at minute k over all objectives or one.
func (r *reader) run(k int, failed, only string, outcome notify.Outcome, noted notify.Outcome) int {
	m := modelAt(r.lines, k, failed)
	if only != "" {
		m.Objectives = slices.DeleteFunc(m.Objectives, func(o report.Objective) bool { return o.Name != only })
	}
	for _, o := range m.Objectives {
		if _, seen := r.looked[o.ID()]; !seen {
			r.looked[o.ID()] = k
		}
	}
	a := Alerts{Model: m, Now: m.At, Takes: func(*report.Alert) bool { return true }, Files: "ours", Partial: only != ""}
	news, next := a.News(r.state)
	r.state = next
	for _, bundle := range Bundles(news) {
		message := a.Message(bundle)
		if outcome == notify.Sent {
			r.hear(k, message, bundle)
		}
		r.state = r.state.After(bundle, func(string) (notify.Outcome, bool) { return noted, true })
	}
	return len(news)
}

func (r *reader) hear(k int, m notify.Message, news []News) {
	for _, n := range news {
		for _, c := range n.changes {
			r.before[c.Key] = append(r.before[c.Key], c.before...)
			if c.Kind == notify.Resolved && !c.Since.IsZero() {
				r.ends[c.Key] = append(r.ends[c.Key], c.Change)
			}
		}
	}
	for _, c := range m.Paged() {
		if c.Kind == notify.Resolved && !r.open[c.Key] && !c.Again {
			r.strange = append(r.strange, fmt.Sprintf("minute %d: %s is resolved without a trigger", k, c.Policy))
		}
		if c.Passed && c.Kind == notify.Fires && r.open[c.Key] && !c.Again {
			r.twice = append(r.twice, fmt.Sprintf("minute %d: %s is opened twice", k, c.Policy))
		}
		r.open[c.Key] = c.Kind != notify.Resolved
	}
}

func drawReader(t *rapid.T) *reader {
	const n = 1440
	return &reader{
		lines: []line{
			drawLine(t, "a", "page", slo.Page, n), drawLine(t, "a", "ticket", slo.Ticket, n), drawLine(t, "b", "page", slo.Page, n),
		},
		open: map[string]bool{}, ends: map[string][]notify.Change{}, before: map[string][]firing{}, looked: map[string]int{},
	}
}

// Runs now and then, over all or one objective, with sources and messages that fail: each
// firing of a page is told to be over once, with the time that it is known to have
// fired; a pager gets no end without a begin and no begin without an end; and when all
// has been quiet nothing more is told.
func TestEachFiringIsToldOnce(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawReader(t)
		for k := 0; k < 1200; {
			failed := rapid.SampledFrom([]string{"", "", "", "a", "b"}).Draw(t, "failed")
			only := rapid.SampledFrom([]string{"", "", "a"}).Draw(t, "only")
			ends := rapid.SampledFrom([]notify.Outcome{notify.Sent, notify.Sent, notify.Failed}).Draw(t, "ends")
			r.run(k, failed, only, ends, ends)
			k += rapid.SampledFrom([]int{1, 1, 5, 5, 30, 90, 400}).Draw(t, "minutes")
		}
		for k := 1200; k < 1439; k++ {
			r.run(k, "", "", notify.Sent, notify.Sent)
		}
		if more := r.run(1440, "", "", notify.Sent, notify.Sent); more > 0 {
			t.Errorf("told again of %d", more)
		}
		for _, l := range r.lines {
			times, seconds, wantTimes, wantSeconds := r.account(t, l)
			if l.class == slo.Page && (times != wantTimes || seconds != wantSeconds) { // what a page covered is not told
				t.Errorf("%s/%s: %d firings of %d min were told, want %d of %d min", l.objective, l.policy,
					times, seconds/60, wantTimes, wantSeconds/60)
			}
		}
		for _, wrong := range r.twice {
			t.Error(wrong)
		}
	})
}

// The same where messages get lost on their way, or arrive, and nobody knows which: no
// firing is lost for that.
func TestNoFiringIsLostInDoubt(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		r := drawReader(t)
		for k := 0; k < 1200; {
			ends := rapid.SampledFrom([]notify.Outcome{notify.Sent, notify.Sent, notify.Failed}).Draw(t, "ends")
			noted := rapid.SampledFrom([]notify.Outcome{ends, notify.Unknown}).Draw(t, "noted")
			r.run(k, "", "", ends, noted)
			k += rapid.SampledFrom([]int{1, 5, 30, 90}).Draw(t, "minutes")
		}
		for k := 1200; k < 1439; k++ {
			r.run(k, "", "", notify.Sent, notify.Sent)
		}
		for _, l := range r.lines {
			if times, _, want, _ := r.account(t, l); l.class == slo.Page && times < want {
				t.Errorf("%s/%s: %d firings were told, want %d", l.objective, l.policy, times, want)
			}
		}
	})
}

// account counts what was told of a policy, and what there was to tell by its minutes.
func (r *reader) account(t *rapid.T, l line) (times int, seconds int64, wantTimes int, wantSeconds int64) {
	id := key("shop/"+l.objective, l.policy)
	if r.open[id] {
		t.Errorf("%s is open at the end", l.policy)
	}
	for _, wrong := range r.strange {
		t.Error(wrong)
	}
	for i, c := range r.ends[id] {
		times += c.Times
		seconds += c.Seconds
		if i > 0 && !c.Again && c.Since.Before(r.ends[id][i-1].Until) {
			r.twice = append(r.twice, fmt.Sprintf("%s: what was over at %s is told again", l.policy, r.ends[id][i-1].Until))
		}
	}
	for _, f := range r.before[id] {
		times++
		seconds += int64(f.length() / time.Second)
	}
	for _, f := range l.alert(1440).Over {
		if !f.End.After(*minute(r.looked["shop/"+l.objective])) {
			continue
		}
		known := *f.End
		if f.Blind != nil {
			known = *f.Blind
		}
		wantTimes++
		wantSeconds += int64(known.Sub(f.Start) / time.Second)
	}
	return times, seconds, wantTimes, wantSeconds
}
