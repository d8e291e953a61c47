package text

import (
	"fmt"
	"io"
	"strconv"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/backtest"
	"github.com/nines-slo/nines/slo/diag"
)

// maxEvents is how many firings and incidents of a policy are written out.
const maxEvents = 8

// Backtest writes a table of alerts, then what they did in time, then the rule.
func Backtest(w io.Writer, b *report.Backtest, opts Options) error {
	d := &backtestText{out: diag.NewPage(w, diag.Text, opts.Color), b: b, l: b.Language, opts: opts}
	d.line("%s", d.l.Say("backtest.title", "time", d.instant(report.Firing{Start: b.From,
		End: &b.To}), "zone", b.Zone.String()))
	d.line("")
	d.scores()
	for i := range b.Objectives {
		d.events(&b.Objectives[i])
	}
	d.tuning()
	d.rule()
	if !opts.Quiet {
		d.notes()
	}
	return d.out.Flush()
}

type backtestText struct {
	out  *diag.Screen
	b    *report.Backtest
	l    unit.Language
	opts Options
}

func (d *backtestText) line(format string, args ...any) { fmt.Fprintf(d.out, format+"\n", args...) }

// heading begins a part.
func (d *backtestText) heading(text, color string) {
	d.out.WriteString("\n")
	d.out.Paint(text, color)
	d.out.WriteString("\n")
}

// judged tells whether incidents come from people.
func (d *backtestText) judged() bool { return d.b.Incidents == report.FromFile }

// scores writes a line for every policy of every objective, and the totals.
func (d *backtestText) scores() {
	heads := []head{{d.l.Say("backtest.objective"), false}, {d.l.Say("backtest.alert"), false},
		{d.l.Say("backtest.fired"), true}, {d.l.Say("backtest.per_week"), true}}
	if d.judged() {
		for _, id := range []string{"backtest.detected", "backtest.late", "backtest.missed", "backtest.wrong",
			"backtest.precision", "backtest.recall"} {
			heads = append(heads, head{d.l.Say(id), true})
		}
	}
	heads = append(heads, head{d.l.Say("backtest.detection"), true}, head{d.l.Say("backtest.reset"), true},
		head{d.l.Say("backtest.spent"), true})
	var rows [][]cell
	for _, o := range d.b.Objectives {
		for _, a := range o.Policies {
			rows = append(rows, d.score(cut(diag.Escape(o.ID()), maxName), a))
		}
	}
	if len(d.b.Objectives) > 1 {
		for _, a := range d.b.Total {
			rows = append(rows, d.score(d.l.Say("backtest.all"), a))
		}
	}
	newGrid(heads, rows).write(d.out)
	d.line("\n%s", d.l.Say("backtest.spreads"))
}

func (d *backtestText) score(name string, a report.Alerted) []cell {
	l := d.l
	times, perWeek := narrow(l.Count(a.Times())), narrow(l.Multiple(a.PerWeek))
	row := []cell{{text: name}, {text: diag.Escape(a.Name)}, {text: times}, {text: perWeek}}
	if d.judged() {
		for _, n := range []slo.Number{a.Detected, a.Late, a.Missed, a.False} {
			row = append(row, cell{text: narrow(l.Count(n))})
		}
		row[len(row)-2].color, row[len(row)-1].color = alarming(a.Missed), alarming(a.False)
		row = append(row, cell{text: narrow(l.Percent(a.Precision, 0))}, cell{text: narrow(l.Percent(a.Recall, 0))})
	}
	return append(row, d.spread(a.Detection, l.Lapse), d.spread(a.Reset, l.Lapse), d.spread(a.Spent, l.Spent))
}

func alarming(n slo.Number) string {
	if n.Sign() > 0 {
		return red
	}
	return plain
}

// spread writes both figures without the widths that Japanese asks for.
func (d *backtestText) spread(s report.Spread, write func(slo.Number) string) cell {
	return cell{text: words.Spread(s, func(n slo.Number) string { return narrow(write(n)) })}
}

// events writes what the policies of o did, in time.
func (d *backtestText) events(o *report.Backtested) {
	var rows [][]cell
	more := 0
	for _, a := range o.Policies {
		events := a.Events()
		more += max(0, len(events)-maxEvents)
		for _, e := range events[:min(maxEvents, len(events))] {
			rows = append(rows, d.event(a, e))
		}
	}
	if len(rows) == 0 {
		return
	}
	d.heading(diag.Escape(o.ID()), bold)
	newGrid([]head{{d.l.Say("backtest.alert"), false}, {d.l.Say("backtest.outcome"), false},
		{d.l.Say("backtest.firing"), false}, {d.l.Say("backtest.incident"), false},
		{d.l.Say("backtest.detection"), true}, {d.l.Say("backtest.reset"), true},
		{d.l.Say("backtest.spent"), true}}, rows).write(d.out)
	if more > 0 {
		d.line("%s", d.l.Say("backtest.more", "n", strconv.Itoa(more)))
	}
}

func (d *backtestText) event(a report.Alerted, e report.Event) []cell {
	row := []cell{{text: diag.Escape(a.Name)}, d.outcome(e), {text: "-"}, {text: "-"}, {}, {}, {}}
	if e.Firing != nil {
		row[2].text = d.instant(*e.Firing)
	}
	if e.Match == nil {
		return row
	}
	row[3].text = d.instant(report.Firing{Start: e.Match.Start, End: e.Match.End})
	if e.Match.Incident != "" {
		row[3].text += " " + cut(diag.Escape(e.Match.Incident), maxName)
	}
	if e.Firing != nil {
		row[4].text = narrow(d.l.Lapse(e.Match.Detection))
		row[5].text = narrow(d.l.Lapse(e.Match.Reset))
		row[6].text = narrow(d.l.Spent(e.Match.Spent))
	}
	return row
}

// outcome says how an alert did.
func (d *backtestText) outcome(e report.Event) cell {
	switch {
	case e.Again:
		return cell{text: d.l.Say("backtest.again")}
	case e.Match == nil && d.judged():
		return cell{d.l.Say("backtest.false_alarm"), red}
	case e.Match == nil:
		return cell{text: d.l.Say("backtest.unmatched")}
	case e.Match.Already:
		return cell{d.l.Say("backtest.already"), red}
	}
	words := map[backtest.Outcome]cell{
		backtest.Detected: {d.l.Say("backtest.detected_one"), green}, backtest.Late: {d.l.Say("backtest.late_one"), yellow},
		backtest.Missed: {d.l.Say("backtest.missed_one"), red}, backtest.NotJudged: {d.l.Say("backtest.not_judged"), cyan},
	}
	return words[e.Match.Outcome]
}

// instant writes when f was.
func (d *backtestText) instant(f report.Firing) string {
	start := d.l.DateTime(f.Start, d.b.Zone)
	if f.Earlier {
		start = narrow(d.l.Say("backtest.earlier", "start", start))
	}
	if f.End == nil {
		return narrow(d.l.Say("backtest.open", "start", start))
	}
	end := d.l.DateTime(*f.End, d.b.Zone)
	if same := len("2006-01-02 "); len(end) > same && d.l.DateTime(f.Start, d.b.Zone)[:same] == end[:same] {
		end = end[same:]
	}
	return start + " - " + end
}

// rule says what the words mean.
func (d *backtestText) rule() {
	d.line("")
	if !d.judged() {
		d.line("%s", d.l.Say("backtest.found"))
	}
	var late []string
	for _, o := range d.b.Objectives {
		text := d.l.Duration(o.Late)
		if len(late) == 0 || late[len(late)-1] != text {
			late = append(late, text)
		}
	}
	if len(late) == 1 {
		d.line("%s", d.l.Say("backtest.rule", "late", late[0]))
	} else {
		d.line("%s", d.l.Say("backtest.rule", "late", d.l.Say("backtest.late_differs")))
	}
	if d.b.Outside > 0 {
		d.line("%s", d.l.Say("backtest.outside", "n", strconv.Itoa(d.b.Outside)))
	}
	for _, text := range []string{words.Ranges(d.l, d.b.Ranges), words.Delays(d.l, d.b), words.OwnDays(d.l, d.b)} {
		if text != "" {
			d.line("%s", diag.Escape(text))
		}
	}
}

// notes writes what the reader has to know of the data.
func (d *backtestText) notes() {
	p := d.l
	var ns notes
	for _, o := range d.b.Objectives {
		if o.Failed != "" {
			ns.add(note{label: p.Say("text.failed"), color: red, text: o.Failed}, o.ID())
		}
	}
	ns.unused(d.b.Sources, p)
	ns.sources(d.b.Sources, p)
	for _, o := range d.b.Objectives {
		for _, f := range o.Warnings {
			ns.add(finding(f, p), o.ID())
		}
	}
	if len(ns) > 0 {
		d.line("")
	}
	for _, n := range ns {
		n.write(d.out, p)
	}
}
