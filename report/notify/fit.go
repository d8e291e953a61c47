package notify

// Fit returns m with as many rows as fit takes, and how many are left out: the last
// of the last section first, so that what weighs most stays. A
// section says how many of its rows have no room ("and 12 more"). Headline, links and notes are never left out:
// if fit takes not even them, the message without a row is returned.
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

// first returns m with its first n rows. A section without rows that had some says
// how many, and stays.
func (m Message) first(n int) Message {
	sections := make([]Section, 0, len(m.Sections))
	for _, s := range m.Sections {
		take := min(n, len(s.Rows))
		if left := len(s.Rows) - take; left > 0 {
			s.Left = m.Language.Counted("notify.left", left)
		}
		s.Rows = s.Rows[:take:take]
		n -= take
		sections = append(sections, s)
	}
	m.Sections = sections
	return m
}
