package notify

import (
	"math"
	"slices"
)

// Fit returns m with as many rows as fit takes, and how many are left out: those of the
// last section first, but of each section the first row last, so that the least that is
// said of the gate weighs more than one more of many objectives. A section says how many
// of its rows have no room ("and 12 more"). Headline, titles, links and notes are never
// left out: if fit takes not even them, the message without a row is returned.
func Fit(m Message, fit func(Message) bool) (Message, int) {
	rows := 0
	for _, s := range m.Sections {
		rows += len(s.Rows)
	}
	low, high := 0, rows // low rows fit, or nothing does; more than high do not
	for low < high {
		middle := (low + high + 1) / 2
		if fit(m.first(middle)) {
			low = middle
		} else {
			high = middle - 1
		}
	}
	return m.first(low), rows - low
}

// first returns m with n rows: the first of each section, and then the others. A section
// without rows that had some says how many, and stays.
func (m Message) first(n int) Message {
	take := make([]int, len(m.Sections))
	for _, most := range []int{1, math.MaxInt} {
		for i, s := range m.Sections {
			more := min(n, most, len(s.Rows)-take[i])
			take[i] += more
			n -= more
		}
	}
	sections := slices.Clone(m.Sections)
	for i := range sections {
		s := &sections[i]
		if left := len(s.Rows) - take[i]; left > 0 {
			s.Left = m.Language.Counted("notify.left", left)
		}
		s.Rows = s.Rows[:take[i]:take[i]]
	}
	m.Sections = sections
	return m
}
