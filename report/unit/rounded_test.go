package unit

import "testing"

func TestRoundedIsWhatSpreadsheetsShow(t *testing.T) {
	n := func(text string) Rounded { return Multiple(num(t, text)) }
	for _, c := range []struct {
		name                string
		got                 Rounded
		value, text, format string
	}{
		{"a multiple", n("0.61"), "0.7", "0.7", "#,##0.0"},
		{"a large one", n("144.7"), "145", "145", "#,##0"},
		{"just under 100", n("99.95"), "100", "100.0", "#,##0.0"},
		{"unknown", n("?"), "?", "–", "#,##0.0"},
		{"spent", Spent(num(t, "1.1501")), "1.16", "116%", "0%"},
		{"nothing spent", Spent(num(t, "0")), "0", "0%", "0%"},
		{"a small share", Share(num(t, "0.1725")), "0.173", "17.3%", "0.0%"},
		{"a disaster", Spent(num(t, "123.45")), "123.45", "12,345%", "#,##0%"},
		{"no share", Share(num(t, "0")), "0", "0%", "0%"},
		{"an actual", SLI(num(t, "0.99996"), target(t, "99.9%")), "0.9999", "99.99%", "0.00%"},
		{"an actual that just missed", SLI(num(t, "0.99899999"), target(t, "99.9%")), "0.9989", "99.89%", "0.00%"},
		{"an actual that just kept", SLI(num(t, "0.999"), target(t, "99.9%")), "0.999", "99.90%", "0.00%"},
		{"spent to the last event", Spent(num(t, "1")), "1", "100%", "0%"},
		{"spent and a little more", Spent(num(t, "1.0001")), "1.01", "101%", "0%"},
		{"coverage", Percent(num(t, "0.9999"), 1), "0.999", "99.9%", "0.0%"},
		{"whole events", Count(num(t, "5659")), "5659", "5,659", "#,##0"},
		{"parts of events", Count(num(t, "1/3")), "0.33", "0.33", "#,##0.00"},
		{"events left", EventsLeft(num(t, "5659.9")), "5659", "5,659", "#,##0"},
		{"events over", EventsLeft(num(t, "-0.1")), "-1", "-1", "#,##0"},
		{"held", Whole(num(t, "21.9")), "21", "21", "#,##0"},
		{"a length", WholeMinutes(num(t, "10.01")), "11", "11", "#,##0"},
	} {
		if c.got.Value.Cmp(num(t, c.value)) != 0 || c.got.String() != c.text || c.got.Format() != c.format {
			t.Errorf("%s: %v shown as %s by %s, want %s, %s, %s", c.name, c.got.Value, c.got, c.got.Format(), c.value, c.text, c.format)
		}
	}
}

// Less than a minute is written in seconds where units can change within a column.
func TestMinutesLeftIsTheFigureOfLeft(t *testing.T) {
	for _, c := range []struct{ n, text, left string }{
		{"82.9", "82", "82 min"}, {"10", "10", "10 min"}, {"9.99", "9.9", "9.9 min"}, {"4", "4", "4 min"}, {"1", "1", "1 min"},
		{"0.5", "0.50", "30 s"}, {"0", "0", "0 min"}, {"-0.5", "-0.50", "30 s over"}, {"-6.31", "-6.4", "6.4 min over"},
		{"-9.99", "-10", "10 min over"}, {"-81.1", "-82", "82 min over"}, {"?", "–", "–"},
	} {
		if got := MinutesLeft(num(t, c.n)).String(); got != c.text {
			t.Errorf("MinutesLeft(%s) = %s, want %s", c.n, got, c.text)
		}
		if got := English.Left(num(t, c.n)); got != c.left {
			t.Errorf("Left(%s) = %s, want %s", c.n, got, c.left)
		}
	}
}
