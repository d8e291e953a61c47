package table

import (
	"fmt"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/bucket"
)

// columns holds the columns of a file against what requests need. A format
// whose rows name their own columns is judged row by row.
func (r *reading) columns(have []string, line int) error {
	for _, s := range r.plan.counts.Selections() {
		s.Useless = false
	}
	if r.headed = have != nil; !r.headed {
		return nil
	}
	c := &r.plan.source.config
	if name := c.core[colStamp]; !slices.Contains(have, name) {
		return diag.List{missingColumn(name, have, line)}
	}
	for i, a := range r.plan.asked {
		for _, name := range a.names {
			if !slices.Contains(have, name) {
				r.wrongFor(i).Add(r.in.Name, missingColumn(name, have, line))
				if a.selection != nil {
					a.selection.Useless = true
				}
			}
		}
	}
	for _, s := range r.plan.counts.Selections() {
		byRow := r.plan.asked[s.Index].byRow && c.bareHeader(have)
		if !c.provides(s.Request.Count, have) && !byRow {
			s.Wrong.Add(r.in.Name, onLine(line, lacks(s.Request.Count)))
			s.Useless = true
		}
	}
	return nil
}

// provides tells whether columns of these names state a count.
func (c *config) provides(which spec.Count, have []string) bool {
	has := func(col int) bool { return slices.Contains(have, c.core[col]) }
	n := bucket.Counts{HasGood: has(colGood), HasBad: has(colBad), HasTotal: has(colTotal)}
	two := n.HasGood && n.HasBad || n.HasGood && n.HasTotal || n.HasBad && n.HasTotal
	_, _, ok := n.Say(which)
	return two || ok
}

// bareHeader tells whether a table of these columns states no count.
func (c *config) bareHeader(have []string) bool {
	return !slices.ContainsFunc(c.core[colGood:], func(name string) bool { return slices.Contains(have, name) })
}

// ofTime tells whether a column is called as columns of times are, whatever else a
// source may call them. A header without one may be the first line of anything.
func ofTime(name string) bool {
	usual := []string{"timestamp", "@timestamp", "time", "date", "datetime", "date_time", "ts", "start", "start_time",
		"started_at", "created_at", "event_time", "day", "hour", "minute", "日時", "時刻", "日付"}
	return slices.ContainsFunc(usual, func(one string) bool { return strings.EqualFold(one, strings.TrimSpace(name)) })
}

// usualHeader tells whether columns are called as those of tables are.
func usualHeader(have []string) bool {
	counts := []string{"good", "bad", "total"}
	return len(have) > 1 && slices.ContainsFunc(have, func(name string) bool { return ofTime(name) || slices.Contains(counts, name) })
}

// missingColumn says that a column is not there. Names are shown of what looks like a
// header, not of the first line of any file.
func missingColumn(name string, have []string, line int) diag.Finding {
	pos, usual := diag.Pos{Line: line}, usualHeader(have)
	f := diag.Errorf(pos, "column", "column %q is missing, the file has %s", name, strings.Join(quoteAll(have), ", "))
	if !usual {
		f = diag.Errorf(pos, "column",
			"column %q is missing: the first line has %s, and none that is called as times or counts are", name, fields(len(have)))
	}
	switch i := slices.IndexFunc(have, func(s string) bool { return strings.EqualFold(strings.TrimSpace(s), name) }); {
	case i >= 0:
		return f.WithHint("did you mean %q? names are the same only letter by letter", have[i])
	case !usual:
		return f.WithHint("is this a table with a header? name a column that is called something else in the source: " +
			"columns: {timestamp: when}")
	}
	return f.WithHint("name it in the source if it is called something else: columns: {timestamp: time}")
}

func fields(n int) string {
	if n == 1 {
		return "1 column"
	}
	return fmt.Sprintf("%d columns", n)
}

func quoteAll(names []string) []string {
	var out []string
	for _, n := range names[:min(len(names), 12)] {
		out = append(out, quote([]byte(n)))
	}
	if len(names) > 12 {
		out = append(out, "…")
	}
	return out
}
