package openslo

import (
	"math"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// shorthand is how OpenSLO writes a duration.
var shorthand = pattern.Of(`^([1-9][0-9]*)([mhdwMQY])$`)

// nominal are the days of calendar units where no calendar says how long they are.
func nominal() map[string]int { return map[string]int{"M": 30, "Q": 90, "Y": 365} }

// length returns a duration as the native format has it.
func (r *reader) length(v spec.Value, key string) spec.Value {
	parts := shorthand().FindStringSubmatch(v.Text)
	switch {
	case !v.Is():
		return spec.Value{}
	case parts == nil && strings.Trim(v.Text, "0123456789") == "" && v.Text != "" && key == "timeSliceWindow":
		r.breaks(diag.Errorf(v.Pos, "openslo/duration", "%s %s has no unit", key, diag.Quote(v.Text)), "minutes")
		return yaml.Text(v.Pos, v.Text+"m")
	case parts == nil:
		f := diag.Errorf(v.Pos, "openslo/duration", "%s %s is no duration of OpenSLO", key, diag.Quote(v.Text))
		r.add(f.WithHint("write a number with m, h, d, w, M, Q or Y: 30d"))
		return spec.Value{}
	}
	text := v.Text
	n, err := strconv.Atoi(parts[1])
	if days := nominal()[parts[2]]; days > 0 && n < math.MaxInt32 {
		text = strconv.Itoa(n*days) + "d"
	}
	if _, wrong := slo.ParseDuration(text); wrong != nil || err != nil {
		r.add(diag.Errorf(v.Pos, "openslo/duration", "%s %s is longer than any time that is counted", key, diag.Quote(v.Text)))
		return spec.Value{}
	}
	if text == v.Text {
		return v
	}
	return yaml.Text(v.Pos, text)
}

// window returns the window of an SLO.
func (r *reader) window() spec.Value {
	windows := append(r.spec.Get("timeWindow").Items, r.spec.Get("timeWindows").Items...)
	if len(windows) != 1 {
		r.add(diag.Errorf(r.spec.Get("timeWindow").Pos, "openslo/window", "an SLO has one time window, this has %d", len(windows)))
		return spec.Value{}
	}
	w := windows[0]
	duration := w.Get("duration")
	if r.version == v1alpha {
		duration = r.counted(w)
	}
	calendar := w.Get("calendar")
	rolling := w.Get("isRolling").Text == "true"
	switch {
	case !rolling && !calendar.Is() && !w.Get("isRolling").Is():
		return r.length(duration, "duration") // v1alpha, and what says nothing
	case !rolling && !calendar.Is():
		r.breaks(diag.Errorf(w.Pos, "openslo/window", "a window that does not roll has no calendar"), "it is taken as one that rolls")
	case rolling && calendar.Is():
		r.breaks(diag.Errorf(calendar.Pos, "openslo/window", "a window that rolls has a calendar"), "the calendar is left out")
	case !rolling:
		return r.calendar(duration, calendar)
	}
	return r.length(duration, "duration")
}

// counted returns a time window of v1alpha as a duration of v1.
func (r *reader) counted(w spec.Value) spec.Value {
	units := map[string]string{"minute": "m", "hour": "h", "day": "d", "week": "w", "month": "M", "quarter": "Q", "year": "Y"}
	unit, count := w.Get("unit"), w.Get("count")
	letter := units[strings.TrimSuffix(strings.ToLower(unit.Text), "s")]
	if letter == "" {
		f := diag.Errorf(unit.Pos, "openslo/window", "unit %s is none of a time window", diag.Quote(unit.Text))
		r.add(f.WithHint("they are Minute, Hour, Day, Week, Month, Quarter and Year"))
		return spec.Value{}
	}
	if !count.Is() {
		return yaml.Text(unit.Pos, "1"+letter)
	}
	return yaml.Text(count.Pos, count.Text+letter)
}

// calendar returns a calendar window.
func (r *reader) calendar(duration, calendar spec.Value) spec.Value {
	units := map[string]string{
		"1d": "day", "24h": "day", "1w": "week", "7d": "week", "1M": "month", "1Q": "quarter", "3M": "quarter", "1Y": "year", "12M": "year", "4Q": "year",
	}
	unit := units[duration.Text]
	if unit == "" {
		f := diag.Errorf(duration.Pos, "openslo/window", "a calendar window of %s is no day, week, month, quarter or year", diag.Quote(duration.Text))
		r.add(f.WithHint("write 1d, 1w, 1M, 1Q or 1Y, or isRolling: true"))
		return spec.Value{}
	}
	window, found := native.Calendar(duration.Pos, unit, calendar.Get("startTime"), calendar.Get("timeZone"), "openslo")
	r.found = append(r.found, found...)
	return window
}
