package words

import (
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// FiredTitle sums the alerts of a report up in one line.
func FiredTitle(r *report.Report) string {
	if r.Unmeasured() {
		return r.Language.Say("fired.unknown")
	}
	counts, useful := map[slo.Class]int{}, 0
	rows, silent := r.FiredRows()
	for _, row := range rows {
		counts[row.Alert.Class] += row.Alert.Fired
		useful += row.Alert.InIncidents()
	}
	mute := r.Mute()
	title := firedTitle(r.Language, counts, useful)
	switch {
	case mute == 0:
		return title
	case len(rows)+silent == 0:
		return r.Language.Say("fired.cannot")
	}
	return r.Language.Counted("fired.some_cannot", mute, "title", title)
}

// NoAlert says that no alert told of i, or that none can have.
func NoAlert(l unit.Language, i report.Incident) string {
	if i.Mute {
		return l.Say("fired.cannot_tell_of")
	}
	return l.Say("fired.told_of")
}

func firedTitle(l unit.Language, counts map[slo.Class]int, useful int) string {
	total := counts[slo.Page] + counts[slo.Ticket] + counts[slo.Log]
	if total == 0 {
		return l.Say("fired.none")
	}
	var parts []string
	for _, class := range []slo.Class{slo.Page, slo.Ticket, slo.Log} {
		if n := counts[class]; n > 0 {
			parts = append(parts, l.Counted("fired.alerts", n, "class", l.Class(class)))
		}
	}
	alerts := strings.Join(parts, l.Say("fired.comma"))
	if useful == total {
		return l.Say("fired.whole", "alerts", alerts)
	}
	return l.Say("fired.some", "alerts", alerts, "useful", strconv.Itoa(useful), "n", strconv.Itoa(total))
}

// Blips says how many blips there were besides the incidents, "" if there were none.
func Blips(l unit.Language, n slo.Number) string {
	if n.Sign() == 0 {
		return ""
	}
	return l.Counted("fired.blips", int(n.Float()))
}

// Spread returns "3 min / 9 min", as write writes each, once where both are the same.
func Spread(s report.Spread, write func(slo.Number) string) string {
	median, worst := write(s.Median), write(s.Worst)
	if median == worst {
		return median
	}
	return median + " / " + worst
}
