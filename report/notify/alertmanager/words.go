package alertmanager

import (
	"fmt"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo/burn"
)

// annotations returns what is said of an alert. It may change while it fires.
func annotations(s *report.Status, o *report.Objective, a *report.Alert) map[string]string {
	w := words.OfAlerts(s.Language)
	out := map[string]string{
		"summary": fmt.Sprintf("%s: %s: %s (%s %s)", o.ID(), a.Condition, words.AlertFigure(s.Language, a),
			strings.ToLower(w.Limit), words.AlertLimit(s.Language, a)),
		"description": description(w, s, o, a),
	}
	if a.Covered {
		out["covered"] = "true"
	}
	if a.State == burn.NoData {
		out["no_data"] = "true"
	}
	return out
}

// description returns what the objective is about, and a line for everything that
// `nines alerts` shows.
func description(w words.AlertWords, s *report.Status, o *report.Objective, a *report.Alert) string {
	l, zone := s.Language, ""
	if s.Zone != nil {
		zone = " " + s.Zone.String()
	}
	var b strings.Builder
	line := func(head, text string) {
		if text != "" {
			fmt.Fprintf(&b, "%s: %s\n", head, text)
		}
	}
	if o.Description != "" {
		b.WriteString(o.Description + "\n\n")
	}
	line(w.State, w.StateOf(a))
	line(w.Now, words.AlertFigure(l, a))
	line(w.Limit, words.AlertLimit(l, a))
	line(w.Spent, l.Spent(o.Budget.Spent))
	if a.Since == nil {
		return strings.TrimSuffix(b.String(), "\n")
	}
	line(w.Since, w.Begun(a, s)+zone)
	line(w.Cost, l.Spent(a.Cost))
	if clears := w.ClearsAt(a, s); a.Clears != nil {
		line(w.Clears, clears+zone)
	} else {
		line(w.Clears, clears)
	}
	b.WriteString(w.Legend)
	return b.String()
}
