package rules

// excluded tells of exclusions that the rules do not know of.
func (w *writer) excluded() {
	if n := len(w.objective.Exclusions) + len(w.objective.Calendars); n > 0 {
		w.warnf("exclusion", "rules count excluded time too: alerts may fire in it")
	}
}
