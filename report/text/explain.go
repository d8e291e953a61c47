package text

import (
	"fmt"
	"io"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

// Question is what an explanation says of where the counts came from.
type Question struct {
	Pos      string         // of the objective in its file
	Counts   []string       // what was counted, one line a source
	Refusals []diag.Finding // why its sources gave no answer
}

// Causes writes, before several objectives are explained, what is said of more than one of
// them: why a source gave no answer, and where data lies. It returns them without it.
func Causes(w io.Writer, st report.Status) ([]report.Objective, error) {
	var all notes
	cause := func(f diag.Finding) bool { return strings.HasPrefix(f.Code, "data/") }
	failure := func(o *report.Objective) note { return note{label: unit.English.Say("text.failed"), text: o.Failed} }
	for i := range st.Objectives {
		o := &st.Objectives[i]
		if o.Failed != "" {
			all.add(failure(o), o.ID())
		}
		for _, f := range o.Warnings {
			if cause(f) {
				all.add(finding(f, unit.English), o.ID())
			}
		}
	}
	once := func(n note) bool { return len(n.names) < 2 }
	all = slices.DeleteFunc(all, once)
	out := diag.NewPage(w, diag.Text, false)
	for _, n := range all {
		n.write(out, unit.English)
		out.WriteString("\n")
	}
	left := slices.Clone(st.Objectives)
	for i := range left {
		o := &left[i]
		if all.has(failure(o)) {
			o.Failed = "see above"
		}
		o.Warnings = slices.DeleteFunc(slices.Clone(o.Warnings), func(f diag.Finding) bool {
			return cause(f) && all.has(finding(f, unit.English))
		})
	}
	return left, out.Flush()
}

// Explain writes, step by step, how the figures of o came about, with every
// number that a reader needs to redo them.
func Explain(w io.Writer, o *report.Objective, q Question) error {
	e := &explainer{out: diag.NewPage(w, diag.Text, false), o: o, q: q}
	e.head()
	e.counted()
	e.ratio()
	e.budgeted()
	e.soFar()
	e.burn()
	e.doubt()
	e.verdict()
	return e.out.Flush()
}

type explainer struct {
	out  *diag.Screen
	o    *report.Objective
	q    Question
	step int
}

// line writes a line with its name in the left column.
func (e *explainer) line(name, format string, args ...any) {
	fmt.Fprintf(e.out, "  %-12s %s\n", name, diag.Escape(fmt.Sprintf(format, args...)))
}

// title begins the next step.
func (e *explainer) title(format string, args ...any) {
	e.step++
	fmt.Fprintf(e.out, "\n%d. %s\n", e.step, diag.Escape(fmt.Sprintf(format, args...)))
}

// num writes a number in full digits, with thousands separators if it is whole.
func num(n slo.Number) string {
	if n.IsInt() {
		return unit.English.Count(n)
	}
	return n.String()
}

func (e *explainer) head() {
	o := e.o
	fmt.Fprintln(e.out, diag.Escape(o.ID()))
	if o.Description != "" {
		fmt.Fprintf(e.out, "  %s\n", diag.Escape(o.Description))
	}
	e.line("file", "%s", e.q.Pos)
	for _, c := range e.q.Counts {
		e.line("counts", "%s", c)
	}
	e.line("method", "%s", e.method())
	w := o.Window
	from, to, length := stamp(w.Start), stamp(w.End), slo.FormatDuration(w.Whole().Length())
	e.line("window", "%s %s: %s to %s (%s), zone %s", w.Kind, w.Length, from, to, length, w.Timezone)
	if o.Window.Elapsed.Before(o.Window.End) {
		e.line("so far", "until %s", stamp(o.Window.Elapsed))
	}
	if o.Window.Delay != "" {
		e.line("delay", "the counts of an instant are complete %s after it", o.Window.Delay)
	}
	if o.Window.Since != nil {
		e.line("since", "%s: the promise is younger than its window", stamp(*o.Window.Since))
	}
	for _, x := range o.Exclusions {
		length := slo.FormatDuration(x.Length())
		times := fmt.Sprintf("%d times", len(x.Periods))
		if len(x.Periods) == 1 {
			times = "once"
		}
		e.line("excluded", "%s, %s, %s%s", x.Name, times, length, agreed(x.AgreedBy))
		if !x.Whole() {
			planned, step := slo.Minutes(x.Length()), slo.FormatDuration(e.o.Buckets.Step)
			e.line("", "%s of these %s minutes are excluded: whole buckets of %s alone are", num(x.Excluded), num(planned), step)
		}
	}
}

// method says what is counted, and how a slice is judged.
func (e *explainer) method() string {
	if e.o.Unit != "" {
		return e.counting() + "; events are counted in units of " + e.o.Unit
	}
	return e.counting()
}

func (e *explainer) counting() string {
	s := e.o.Slice
	switch {
	case s == nil:
		return string(e.o.Method)
	case s.Target == nil:
		return fmt.Sprintf("%s: each %s counts with its error ratio, bad / total events in it; "+
			"bad, good and allowed are slices, exact fractions of them", e.o.Method, s.Length)
	}
	const good = "%s: a slice of %s is good if at least %s of the events in it are"
	return fmt.Sprintf(good, e.o.Method, s.Length, s.Target)
}

func agreed(by string) string {
	if by == "" {
		return ""
	}
	return ", agreed by " + by
}

func stamp(t time.Time) string { return t.UTC().Format(time.RFC3339) }

func (e *explainer) counted() {
	b := e.o.Buckets
	e.title("What was counted")
	e.line("buckets", "%d of %s; %d more are excluded", b.Elapsed, slo.FormatDuration(b.Step), b.Excluded)
	e.line("coverage", "%d measured / %d = %s", b.Measured, b.Elapsed, e.o.Coverage)
	c, noun := e.counts()
	e.line("total", "%s valid %s", num(c.Total), noun)
	e.line("bad", "%s", num(c.Bad))
	e.line("good", "%s − %s = %s", num(c.Total), num(c.Bad), num(c.Good))
}

func (e *explainer) counts() (budget.Counts, string) {
	if e.o.Slices != nil {
		return e.o.Counts(), "slices"
	}
	return e.o.Counts(), "events"
}

func (e *explainer) ratio() {
	c, _ := e.counts()
	if e.o.Budget.Projected() {
		e.title("SLI = good / total, of %s so far", words.SoFar(unit.English, *e.o))
	} else {
		e.title("SLI = good / total")
	}
	e.line("SLI", "%s / %s = %s", num(c.Good), num(c.Total), e.o.SLI)
	if e.o.Unexcluded.Cmp(e.o.SLI) != 0 {
		e.line("", "without exclusions it would be %s", e.o.Unexcluded)
	}
	if v := e.o.Evidence; v != nil {
		says := words.Evidence(unit.English, *e.o, *v)
		e.line("evidence", "%s, by %s from %s bad of %s", says, v.Method, num(c.Bad), num(c.Total))
	}
}

func (e *explainer) budgeted() {
	c, noun := e.counts()
	share := e.o.Target.Budget()
	b := e.o.Budget
	target := e.o.Target
	e.title("Error budget of target %s: 1 − %s = %s of the %s may be bad", target, target.Number(), share, noun)
	e.expected(c, noun)
	e.line("allowed", "%s × %s = %s", share, num(b.Total), num(b.Allowed))
	e.line("spent", "bad / allowed = %s / %s = %s", num(c.Bad), num(b.Allowed), b.Spent)
	e.line("remaining", "1 − %s = %s", b.Spent, b.Remaining)
	minutes := e.o.Measured.String() + " measured min"
	if b.Projected() {
		minutes = "(" + minutes + " + " + e.o.ToCome.String() + " to come)"
	}
	e.line("in minutes", "allowed %s × %s = %s, spent %s, remaining %s", share, minutes,
		b.Minutes.Allowed, b.Minutes.Spent, b.Minutes.Remaining)
}

// expected tells what a period that still runs is expected to have.
func (e *explainer) expected(c budget.Counts, noun string) {
	b := e.o.Budget
	switch {
	case !b.Projected():
	case e.o.Slices != nil:
		e.line("expected", "%s slices in the whole period, less those that are excluded", num(b.Total))
	default:
		const expected = "%s %s so far + %s by %s, at the means of the same hours of the week in the four weeks before"
		e.line("expected", expected, num(c.Total), noun, num(b.Total.Sub(c.Total)), stamp(e.o.Window.End))
	}
}

// soFar tells what the time so far of a running period alone allows.
func (e *explainer) soFar() {
	b := e.o.Budget.Elapsed
	if !e.o.Budget.Projected() {
		return
	}
	c, _ := e.counts()
	e.title("What the time so far alone allows")
	e.line("allowed", "%s × %s = %s", e.o.Target.Budget(), num(c.Total), num(b.Allowed))
	e.line("spent", "%s / %s = %s", num(c.Bad), num(b.Allowed), b.Spent)
	e.line("remaining", "1 − %s = %s", b.Spent, b.Remaining)
}

func (e *explainer) burn() {
	if len(e.o.BurnRates) == 0 {
		return
	}
	e.title("Burn rate = bad / total / %s, over the time before %s", e.o.Target.Budget(), stamp(e.o.Window.Elapsed))
	for _, b := range e.o.BurnRates {
		if !b.Rate.Known() {
			e.line(slo.FormatDuration(b.Window), "%s: unknown", e.unknown(b))
			continue
		}
		e.line(slo.FormatDuration(b.Window), "%s / %s / %s = %s", num(b.Bad), num(b.Total), e.o.Target.Budget(), b.Rate)
	}
}

// unknown tells why a burn rate is not known. No traffic is one reason, not measured another.
func (e *explainer) unknown(b budget.BurnRate) string {
	seen := b.Buckets
	switch {
	case b.Window < e.o.Buckets.Step:
		return "shorter than a bucket of " + slo.FormatDuration(e.o.Buckets.Step)
	case seen.Elapsed == 0 && seen.Excluded > 0:
		return "all of it is excluded"
	case seen.Measured == 0:
		return "nothing was measured"
	case seen.Measured < seen.Elapsed:
		return "no valid events in what was measured"
	}
	return "no valid events"
}

func (e *explainer) verdict() {
	e.title("State: %s", words.State(unit.English, e.o.State, e.o.Caveat))
	b := e.o.Budget
	switch {
	case e.o.Failed != "":
		e.line("because", "the source gave no answer: %s", e.o.Failed)
	case e.o.State == slo.NoData && e.o.Buckets.Elapsed == 0 && e.o.Buckets.Excluded > 0:
		e.line("because", "all of it is excluded")
	case e.o.State == slo.NoData && e.o.Unmeasured():
		e.line("because", "nothing was measured")
	case e.o.State == slo.NoData && !e.o.SLI.Known():
		e.line("because", "there was no valid event")
	case e.o.State == slo.NoData:
		e.line("because", "coverage %s is under %s", e.o.Coverage, e.o.MinCoverage)
	case b.Projected():
		e.line("because", "%s of the whole period's budget is spent (at risk over %s), "+
			"and %s of what the time so far allows (at risk over 1)", b.Spent, e.o.AtRisk, b.Elapsed.Spent)
	default:
		worst := unit.English.State(e.worst())
		e.line("because", "spent %s; over %s is at risk, over 1 is %s", b.Spent, e.o.AtRisk, worst)
	}
	for _, w := range e.o.Warnings {
		e.line("warning", "%s", w.Error())
		if w.Hint != "" {
			e.line("  hint", "%s", w.Hint)
		}
	}
}

// doubt tells of events that were not read or cannot be judged, what they would change,
// and by which rules.
func (e *explainer) doubt() {
	d := e.o.Doubt
	refused := inDoubt(e.q.Refusals)
	if d == nil && !refused && !inDoubt(e.o.Warnings) {
		return
	}
	title := "Events that were not read, or that no condition can judge"
	if d != nil && d.Parted {
		title = "Events of the bucket that the threshold parts"
	}
	e.title("%s", title)
	switch {
	case d != nil:
		e.line("events", "%s: no figure above has them as bad", unit.English.Doubted(d.Events, d.Parted))
		e.line("at worst", "SLI %s → %s, spent %s → %s%s", e.o.SLI, d.SLI, e.o.Budget.Spent, d.Spent, e.turns(d.State))
	case refused:
		e.line("events", "more than the source allows, see below")
	default:
		e.line("events", "those that a warning below tells of cannot be bad: they change nothing")
	}
	e.line("missing", `a value that is empty, null or not there; in a log also "-", 0, 000 and -1 as a status, `+
		"-1 as a duration; where a number is tested, a text too")
	e.line("unsure", "a test of it is neither true nor false, and not: of it neither; but where another test is "+
		"false the condition is, and one of a list that is true is enough")
	e.line("none", "names such a value: [none, 500-599] is true of it, and {not: none} in where leaves such events out")
	e.line("counted as", "an unread event is valid and bad at the time of the line before; an unsure one is bad "+
		"unless bad is surely false or good surely true, and valid unless where is surely false")
	e.line("max_unread", "of the source, 1%% if left out: with a larger share of events that are unread, "+
		"or unsure and maybe bad, the objective is no data")
	e.line("gate", "takes them at worst: where that would close it, it cannot tell")
}

// turns says that the state would be another.
func (e *explainer) turns(to slo.State) string {
	if to == e.o.State {
		return ""
	}
	return ", " + unit.English.State(e.o.State) + " → " + unit.English.State(to)
}

// inDoubt tells whether one of the findings is about such events.
func inDoubt(findings []diag.Finding) bool {
	return slices.ContainsFunc(findings, func(f diag.Finding) bool {
		return strings.HasSuffix(f.Code, "/absent") || strings.HasSuffix(f.Code, "/unread")
	})
}

func (e *explainer) worst() slo.State {
	if e.o.Window.Closed {
		return slo.Missed
	}
	return slo.Exhausted
}
