package online

import (
	"io"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Line is what is there of one query, or of one part of an objective.
type Line struct {
	Objective string     `json:"objective"`
	Source    string     `json:"source"`
	Count     string     `json:"count,omitempty"` // the key of the sli: "bad", "value"; "" for what gives all
	Query     string     `json:"query,omitempty"`
	Read      []string   `json:"read,omitempty"` // in place of a query: files
	Rows      int64      `json:"rows,omitempty"` // of them
	By        string     `json:"by,omitempty"`   // "remote read", "instant queries", "export", "promql"
	Series    *int       `json:"series,omitempty"`
	Sets      int        `json:"label_sets,omitempty"` // of an objective that is split by labels
	First     *time.Time `json:"first"`                // sample, or bucket of files
	Newest    *time.Time `json:"newest"`
	Every     string     `json:"every,omitempty"` // between samples: "15s"
	Step      string     `json:"step,omitempty"`  // of the buckets, which is $step of a query
	Labels    []string   `json:"labels,omitempty"`
	Failed    bool       `json:"failed,omitempty"` // there is no answer; a finding tells why

	Pos diag.Pos `json:"-"`

	step, every time.Duration
}

// Lines are those of several objectives.
type Lines []Line

// said returns the line with its lengths in words. Samples are not a second apart but
// 999 ms, which is chance.
func (l Line) said() Line {
	if l.every >= time.Second {
		l.every = l.every.Round(time.Second / 10)
	}
	if l.every > 0 {
		l.Every = slo.FormatDuration(l.every)
	}
	if l.step > 0 {
		l.Step = slo.FormatDuration(l.step)
	}
	return l
}

// stamp writes an instant to the second.
func stamp(t time.Time) string { return t.UTC().Format("2006-01-02T15:04:05Z") }

// amount says how much there is.
func (l Line) amount() string {
	switch {
	case l.Series == nil && l.Failed:
		return "no answer"
	case l.Series == nil:
		return several(l.Rows, "row", "rows")
	case l.Sets > 0:
		return several(int64(*l.Series), "series", "series") + " in " + several(int64(l.Sets), "label set", "label sets")
	}
	return several(int64(*l.Series), "series", "series")
}

func several(n int64, one, more string) string {
	switch n {
	case 0:
		return "no " + more
	case 1:
		return "1 " + one
	}
	return diag.Thousands(n) + " " + more
}

// cells are those of a line of text.
func (l Line) cells() []string {
	out := []string{l.Objective, l.Count, l.amount(), "", "", "", "from " + l.Source, "", l.Query}
	if l.First != nil && l.Newest != nil {
		out[3] = stamp(*l.First) + " to " + stamp(*l.Newest)
	}
	if l.Every != "" {
		out[4] = "every " + l.Every
	}
	if l.Step != "" {
		out[5] = "step " + l.Step
	}
	if l.By != "" {
		out[6] += " by " + l.By
	}
	if len(l.Labels) > 0 {
		out[7] = "labels " + strings.Join(l.Labels, " ")
	}
	if l.Query == "" {
		out[8] = diag.Few(l.Read)
	}
	return out
}

// String tells it in one line.
func (l Line) String() string {
	var said []string
	for _, text := range l.cells()[1:] {
		if text != "" {
			said = append(said, text)
		}
	}
	return l.Objective + ": " + strings.Join(said, ", ")
}

// List writes a line for each query.
func (all Lines) List(w io.Writer) error {
	if len(all) == 0 {
		return nil
	}
	var rows [][]string
	for _, l := range all {
		cells := l.cells()
		for i, text := range cells {
			cells[i] = strings.Join(strings.Fields(text), " ")
		}
		rows = append(rows, cells)
	}
	return diag.Rows(w, "what the sources have:", rows)
}

// note is a line as an entry of a list of findings.
type note struct {
	Severity string   `json:"severity"` // "note": nothing is wrong
	Pos      diag.Pos `json:"pos"`      // of the sli
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Found    Line     `json:"found"`
}

// Notes returns an entry of a list of findings for each line.
func (all Lines) Notes() []any {
	var out []any
	for _, l := range all {
		out = append(out, note{"note", l.Pos, "online/found", l.String(), l})
	}
	return out
}
