// Package csv writes one row an objective, for spreadsheets and scripts. The
// header is English and stable: columns are only ever added at the end. Numbers
// are those of the JSON form, not rounded; an unknown number is an empty cell.
//
// A text that a spreadsheet would take for a formula gets a ' before it. Rows end
// with a line feed; cells are quoted as RFC 4180 says. Control characters and those
// that turn the direction of text are written as escapes, \x1b or \u202e, since CSV has
// none of its own; the JSON form has them as they are.
package csv

import (
	"encoding/csv"
	"io"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
	"github.com/nines-slo/nines/slo/diag"
)

// Status writes st, worst first.
func Status(w io.Writer, st *report.Status) error {
	cols := columns()
	rows := [][]string{header(cols)}
	for _, o := range st.Objectives {
		row := make([]string, len(cols))
		for i, c := range cols {
			row[i] = c.cell(o)
		}
		rows = append(rows, row)
	}
	return write(w, rows)
}

// column is one column of the table of objectives.
type column struct {
	name string
	cell func(report.Objective) string
}

func header(cols []column) []string {
	names := make([]string, len(cols))
	for i, c := range cols {
		names[i] = c.name
	}
	return names
}

// columns are in their stable order.
func columns() []column { return slices.Concat(judged(), spending(), covering()) }

// judged are what an objective is, what was counted and how it was judged.
func judged() []column {
	return []column{
		{"service", func(o report.Objective) string { return text(o.Service) }},
		{"name", func(o report.Objective) string { return text(o.Name) }},
		{"labels", func(o report.Objective) string { return text(labels(o.Labels)) }},
		{"owner", func(o report.Objective) string { return text(o.Owner) }},
		{"kind", func(o report.Objective) string { return text(o.Kind.Name) }},
		{"state", func(o report.Objective) string { return text(string(o.State)) }},
		{"target", func(o report.Objective) string { return number(o.Target.Number()) }},
		{"sli", func(o report.Objective) string { return number(o.SLI) }},
		{"method", func(o report.Objective) string { return text(string(o.Method)) }},
		{"good", func(o report.Objective) string { return number(o.Counts().Good) }},
		{"bad", func(o report.Objective) string { return number(o.Counts().Bad) }},
		{"total", func(o report.Objective) string { return number(o.Counts().Total) }},
	}
}

// spending is the budget and how fast it burns.
func spending() []column {
	return []column{
		{"allowed", func(o report.Objective) string { return number(o.Budget.Allowed) }},
		{"spent", func(o report.Objective) string { return number(o.Budget.Spent) }},
		{"remaining", func(o report.Objective) string { return number(o.Budget.Remaining) }},
		{"minutes_allowed", func(o report.Objective) string { return number(o.Budget.Minutes.Allowed) }},
		{"minutes_spent", func(o report.Objective) string { return number(o.Budget.Minutes.Spent) }},
		{"minutes_remaining", func(o report.Objective) string { return number(o.Budget.Minutes.Remaining) }},
		{"budget_basis", func(o report.Objective) string { return string(o.Budget.Basis) }},
		{"elapsed_allowed", func(o report.Objective) string { return number(o.Budget.Elapsed.Allowed) }},
		{"elapsed_spent", func(o report.Objective) string { return number(o.Budget.Elapsed.Spent) }},
		{"elapsed_remaining", func(o report.Objective) string { return number(o.Budget.Elapsed.Remaining) }},
		burn("burn_5m", 5*time.Minute),
		burn("burn_30m", 30*time.Minute),
		burn("burn_1h", time.Hour),
		burn("burn_6h", 6*time.Hour),
		burn("burn_3d", 3*24*time.Hour),
	}
}

// covering is the time that the figures cover, and what is to be known of them.
func covering() []column {
	return []column{
		{"coverage", func(o report.Objective) string { return number(o.Coverage) }},
		{"sli_without_exclusions", func(o report.Objective) string { return number(o.Unexcluded) }},
		{"window_kind", func(o report.Objective) string { return text(o.Window.Kind) }},
		{"window", func(o report.Objective) string { return text(o.Window.Length) }},
		{"start", func(o report.Objective) string { return instant(o.Window.Start) }},
		{"end", func(o report.Objective) string { return instant(o.Window.End) }},
		{"elapsed", func(o report.Objective) string { return instant(o.Window.Elapsed) }},
		{"since", since},
		{"timezone", func(o report.Objective) string { return text(o.Window.Timezone) }},
		{"warnings", func(o report.Objective) string { return warnings(o.Warnings) }},
		{"error", func(o report.Objective) string { return text(o.Failed) }},
		{"evidence", func(o report.Objective) string { return string(proof(o).Verdict) }},
		{"evidence_low", func(o report.Objective) string { return number(proof(o).Low) }},
		{"evidence_high", func(o report.Objective) string { return number(proof(o).High) }},
	}
}

func burn(name string, window time.Duration) column {
	return column{name, func(o report.Objective) string { return number(o.BurnRates.Over(window)) }}
}

func proof(o report.Objective) report.Evidence {
	if o.Evidence == nil {
		return report.Evidence{}
	}
	return *o.Evidence
}

// labels returns "k=v;l=w", sorted.
func labels(m map[string]string) string {
	var pairs []string
	for _, k := range slices.Sorted(maps.Keys(m)) {
		pairs = append(pairs, k+"="+m[k])
	}
	return strings.Join(pairs, ";")
}

func since(o report.Objective) string {
	if o.Window.Since == nil {
		return ""
	}
	return instant(*o.Window.Since)
}

func warnings(fs []diag.Finding) string {
	var all []string
	for _, f := range fs {
		said := f.Error()
		if f.Hint != "" {
			said += " (" + f.Hint + ")"
		}
		all = append(all, said)
	}
	return text(strings.Join(all, "; "))
}

// Series writes the counts behind an objective, a row a step:
// start,good,bad,total,excluded,measured. The counts are events of the measured,
// not excluded time, empty where there was none; excluded and measured are minutes.
func Series(w io.Writer, rows []budget.Row) error {
	cells := [][]string{{"start", "good", "bad", "total", "excluded", "measured"}}
	for _, r := range rows {
		cells = append(cells, []string{instant(r.Start), number(r.Counts.Good), number(r.Counts.Bad),
			number(r.Counts.Total), number(r.Excluded), number(r.Measured)})
	}
	return write(w, cells)
}

// write writes rows. Of what no file should hold, line ends and tabs alone are kept.
func write(w io.Writer, rows [][]string) error {
	out := diag.NewPage(w, diag.Text, false)
	if err := csv.NewWriter(out).WriteAll(rows); err != nil {
		return err
	}
	return out.Flush()
}

// number writes n as JSON does, but nothing for an unknown one.
func number(n slo.Number) string {
	if !n.Known() {
		return ""
	}
	return n.String()
}

func instant(t time.Time) string { return t.UTC().Format(time.RFC3339Nano) }

// text keeps spreadsheets from reading s as a formula, nor what stands behind what some
// of them take for the end of a cell. The wide forms of the signs are read as the narrow
// ones by spreadsheets set to Japanese.
func text(s string) string {
	s = strings.ToValidUTF8(s, "\uFFFD")
	var b strings.Builder
	before := ';'
	for i, r := range s {
		begins := strings.ContainsRune(";\t\r\n", before)
		signed := begins && strings.ContainsRune("=+-@\uff1d\uff0b\uff0d\uff20", r)
		if signed || i == 0 && strings.ContainsRune("\t\r\n", r) {
			b.WriteByte('\'')
		}
		b.WriteRune(r)
		before = r
	}
	return b.String()
}
