package table

import (
	"slices"
	"strings"
	"unicode/utf8"

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

func missingColumn(name string, have []string, line int) diag.Finding {
	f := diag.Errorf(diag.Pos{Line: line}, "column", "column %q is missing, the file has %s",
		name, strings.Join(quoteAll(have), ", "))
	for _, other := range have {
		if strings.EqualFold(strings.TrimSpace(other), name) {
			return f.WithHint("did you mean %q? names are the same only letter by letter", other)
		}
	}
	if !utf8.ValidString(strings.Join(have, "")) {
		return f.WithHint("the header is not UTF-8: say in the source how it is encoded, such as encoding: shift_jis")
	}
	return f.WithHint("name it in the source if it is called something else: columns: {timestamp: time}")
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
