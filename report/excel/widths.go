package excel

import "github.com/nines-slo/nines/slo"

// widen makes room for the longest figures: what does not fit shows as ###.
func (t *table) widen() {
	wide := t.countWidth()
	for i, c := range t.columns {
		switch c.title {
		case t.words.events, t.words.bad, t.words.expected:
			t.columns[i].width = max(c.width, wide)
		case t.words.allowed, t.words.leftEvents:
			t.columns[i].width = max(c.width, wide+4)
		case t.words.sli, t.words.ownSLI:
			t.columns[i].width = max(c.width, t.ratioWidth())
		case t.words.spent:
			t.columns[i].width = max(c.width, t.spentWidth())
		}
	}
}

// countWidth returns the characters that the largest count of the report takes.
func (b *book) countWidth() float64 {
	wide := 0
	for _, o := range b.report.Objectives {
		wide = max(wide, len(b.lang.Count(o.Counts().Total)))
	}
	return float64(wide) + 3
}

// ratioWidth returns the characters that the longest SLI takes.
func (b *book) ratioWidth() float64 {
	wide := 0
	for _, o := range b.report.Objectives {
		wide = max(wide, len(b.lang.SLI(slo.NumberOf(1), o.Target)))
	}
	return float64(wide) + 4
}

func (b *book) spentWidth() float64 {
	wide := 0
	for _, o := range b.report.Objectives {
		wide = max(wide, len(b.lang.Spent(o.Budget.Spent)))
	}
	return float64(wide) + 2
}
