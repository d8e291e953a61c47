package table

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// columns holds the columns of a file against what requests need. A format
// whose rows name their own columns is judged row by row.
func (p *pass) columns(file string, have []string) error {
	if p.headed = have != nil; !p.headed {
		return nil
	}
	if name := p.config.core[colStamp]; !slices.Contains(have, name) {
		return diag.List{missingColumn(name, have)}
	}
	for _, a := range p.asked {
		for _, name := range a.names {
			if !slices.Contains(have, name) {
				a.wrong.add(file, missingColumn(name, have))
			}
		}
	}
	for _, s := range p.selections {
		if !p.provides(s.req.Count, have) && !(p.asked[s.index].byRow && p.bareHeader(have)) {
			s.wrong.add(file, s.lacks(1))
		}
	}
	p.bucketed = slices.ContainsFunc(p.selections, func(s *selection) bool { return s.wrong.count() == 0 })
	return nil
}

// provides tells whether columns of these names state a count.
func (p *pass) provides(which spec.Count, have []string) bool {
	has := func(col int) bool { return slices.Contains(have, p.config.core[col]) }
	n := counts{hasGood: has(colGood), hasBad: has(colBad), hasTotal: has(colTotal)}
	two := n.hasGood && n.hasBad || n.hasGood && n.hasTotal || n.hasBad && n.hasTotal
	_, _, ok := n.want(which)
	return two || ok
}

// bareHeader tells whether a table of these columns states no count.
func (p *pass) bareHeader(have []string) bool {
	return !slices.ContainsFunc(p.config.core[colGood:], func(name string) bool { return slices.Contains(have, name) })
}

func missingColumn(name string, have []string) diag.Finding {
	f := diag.Errorf(diag.Pos{Line: 1}, "column", "column %q is missing, the file has %s", name, strings.Join(quoteAll(have), ", "))
	for _, other := range have {
		if strings.EqualFold(strings.TrimSpace(other), name) {
			return f.WithHint("did you mean %q? names are the same only letter by letter", other)
		}
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
