package burn

import (
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
)

// At 99.9 % the default page takes 1.44 % of an hour's events, or 0.6 % of six hours':
// 3 bad events fill the hour from 208.4 an hour on.
func TestScarceAt(t *testing.T) {
	hour := slo.Condition{Test: slo.Burn, Limit: slo.NumberFrac(72, 5), Long: time.Hour, Short: 5 * time.Minute}
	day := slo.Condition{Test: slo.Burn, Limit: slo.NumberOf(6), Long: 24 * time.Hour}
	twelve := slo.Condition{Test: slo.Burn, Limit: slo.NumberOf(120), Long: time.Hour} // 12 % of the events
	share := slo.Condition{Test: slo.Events, Limit: slo.NumberFrac(1, 50), Long: time.Hour, Short: 5 * time.Minute}
	page := func(p slo.Policy, when ...slo.Condition) []slo.Policy {
		p.Name, p.When = "p", when
		if p.Class == "" {
			p.Class = slo.Page
		}
		return []slo.Policy{p}
	}
	sure := slo.Evidence{Confidence: slo.NumberFrac(95, 100), Method: slo.Wilson}
	const none = ""
	tests := []struct {
		name         string
		policies     []slo.Policy // nil: the default ones
		hourly       slo.Number
		said, remedy string
	}{
		{"60 an hour: 0.864 is passed by 1", nil, slo.NumberOf(60), "at this traffic 1 failure in an hour pages", "alerts: [{class: page, min_bad: 5}, {class: ticket}]"},
		{"100 an hour: 1.44 is passed by 2", nil, slo.NumberOf(100), "at this traffic 2 failures in an hour page", "alerts: [{class: page, min_bad: 5}, {class: ticket}]"},
		{"208 an hour: 2.9952 is passed by 3", nil, slo.NumberOf(208), "at this traffic 3 failures in an hour page", "alerts: [{class: page, min_bad: 5}, {class: ticket}]"},
		{"209 an hour: 3.0096", nil, slo.NumberOf(209), none, none},
		{"625/3 an hour: exactly 3", nil, slo.NumberFrac(625, 3), none, none},
		{"4 an hour: 5 would be more than half of them", nil, slo.NumberOf(4), "at this traffic 1 failure in an hour pages", "alerts: [{class: page, min_bad: 3}, {class: ticket}]"},
		{"nobody came", nil, slo.NumberOf(0), none, none},
		{"nobody knows", nil, slo.Number{}, none, none},
		{"a policy of the file", page(slo.Policy{}, hour), slo.NumberOf(100), "at this traffic 2 failures in an hour page", "min_bad: 5"},
		{"a minimum of 2", page(slo.Policy{MinBad: slo.NumberOf(2)}, hour), slo.NumberOf(60), "at this traffic 2 failures in an hour page", "min_bad: 5"},
		{"mended by 3", page(slo.Policy{MinBad: slo.NumberOf(3)}, hour), slo.NumberOf(4), none, none},
		{"mended by 5", page(slo.Policy{MinBad: slo.NumberOf(5)}, hour), slo.NumberOf(60), none, none},
		// Wilson's lower end of 2 of 100 is 0.55 %, of 3 of 100 it is 1.03 %, of 2 of 60 0.92 %, of 3 of 60 1.71 %.
		// Of 4 it is 1.57 % of 100 and 1.42 % of 110, of 3 of 5 it is 23.07 %, of 2 of 5 11.76 %.
		{"mended by evidence", page(slo.Policy{Evidence: sure}, hour), slo.NumberOf(110), none, none},
		{"evidence of 4 of 100", page(slo.Policy{Evidence: sure}, hour), slo.NumberOf(100), "at this traffic 4 failures in an hour page", "min_bad: 5"},
		{"evidence of 3 of 5: as many as would be proposed", page(slo.Policy{Evidence: sure}, twelve), slo.NumberOf(5), none, none},
		{"2 of 5 without evidence", page(slo.Policy{MinBad: slo.NumberOf(2)}, twelve), slo.NumberOf(5), "at this traffic 2 failures in an hour page", "min_bad: 3"},
		{"a minimum of 3 where 5 is right", page(slo.Policy{MinBad: slo.NumberOf(3)}, twelve), slo.NumberOf(20), "at this traffic 3 failures in an hour page", "min_bad: 5"},
		{"a minimum of 4 where 5 is right", page(slo.Policy{MinBad: slo.NumberOf(4)}, twelve), slo.NumberOf(20), "at this traffic 4 failures in an hour page", "min_bad: 5"},
		{"a minimum of 5", page(slo.Policy{MinBad: slo.NumberOf(5)}, twelve), slo.NumberOf(20), none, none},
		{"10 an hour: 5 are half", page(slo.Policy{MinBad: slo.NumberOf(3)}, hour), slo.NumberOf(10), "at this traffic 3 failures in an hour page", "min_bad: 5"},
		{"3 mend the hour, so also the day", page(slo.Policy{MinBad: slo.NumberOf(3)}, day, hour), slo.NumberOf(8), none, none},
		{"evidence of 3 of 60", page(slo.Policy{Evidence: sure}, hour), slo.NumberOf(60), "at this traffic 3 failures in an hour page", "min_bad: 5"},
		{"one window of a day, 10 an hour: 1.44", page(slo.Policy{}, day), slo.NumberOf(10), "at this traffic 2 failures in a day page", "min_bad: 5"},
		{"2 % of what 30 days of 100 an hour may have are 1.44", page(slo.Policy{}, share), slo.NumberOf(100), "at this traffic 2 failures in an hour page", "min_bad: 5"},
		{"out of reach: 1,500 times 0.1 %", page(slo.Policy{}, slo.Condition{Test: slo.Burn, Limit: slo.NumberOf(1500), Long: time.Hour}), slo.NumberOf(1), none, none},
		{"a ticket", page(slo.Policy{Class: slo.Ticket}, hour), slo.NumberOf(100), none, none},
		{"the fewer of two", page(slo.Policy{}, day, hour), slo.NumberOf(8), "at this traffic 1 failure in an hour pages", "min_bad: 3"},
	}
	for _, tt := range tests {
		s := objective(999_000_000, month)
		s.Alerts = tt.policies
		got, found := ScarceAt(s, s.Policies(), tt.hourly)
		if found != (tt.said != none) || found && (got.String() != tt.said || got.Remedy(s) != tt.remedy) {
			t.Errorf("%s: %t %s, %s; want %s, %s", tt.name, found, got, got.Remedy(s), tt.said, tt.remedy)
		}
	}
	s := objective(999_000_000, month)
	s.Budgeting = slo.Budgeting{Method: slo.Timeslices, Slice: 5 * time.Minute}
	if got, found := ScarceAt(s, s.Policies(), slo.NumberOf(60)); found {
		t.Errorf("slices: %s", got)
	}
}

// What is said is so: of 100 events an hour 1 bad pages nobody. A second one, in minute
// 120, does until it has left the window of 5 m.
func TestScarceAgreesWithReplay(t *testing.T) {
	for bad, want := range map[float64]string{1: "p 1h/5m:", 2: "p 1h/5m: 121-126"} {
		data := minutes(300, func(i int) (float64, float64) {
			total := []float64{2, 1, 2}[i%3]
			switch i {
			case 119:
				return 1, total
			case 120:
				return bad - 1, total
			}
			return 0, total
		})
		hour := slo.Condition{Test: slo.Burn, Limit: slo.NumberFrac(72, 5), Long: time.Hour, Short: 5 * time.Minute}
		if got := replay(t, objective(999_000_000, month), data, []slo.Policy{{Name: "p", Class: slo.Page, When: []slo.Condition{hour}}}); got != want {
			t.Errorf("%v bad: %q, want %q", bad, got, want)
		}
	}
}

func TestSpan(t *testing.T) {
	for d, want := range map[time.Duration]string{
		time.Minute: "a minute", 30 * time.Minute: "30 minutes", time.Hour: "an hour", 90 * time.Minute: "90 minutes",
		6 * time.Hour: "6 hours", 24 * time.Hour: "a day", 72 * time.Hour: "3 days",
	} {
		if got := span(d); got != want {
			t.Errorf("%s: %q, want %q", d, got, want)
		}
	}
}

// A hint that is followed mends, at once: the line is more than what was said to page, and
// with it nothing more is said of that policy.
func TestScarceIsMended(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		p := slo.Policy{Name: "p", Class: slo.Page}
		for range rapid.IntRange(1, 3).Draw(t, "conditions") {
			long := rapid.SampledFrom([]time.Duration{time.Minute, time.Hour, 6 * time.Hour, 72 * time.Hour}).Draw(t, "long")
			limit := rapid.Int64Range(1, 900).Draw(t, "limit")
			p.When = append(p.When, slo.Condition{Test: slo.Burn, Limit: slo.NumberOf(limit), Long: long})
		}
		if n := rapid.Int64Range(0, 6).Draw(t, "min_bad"); n > 0 {
			p.MinBad = slo.NumberOf(n)
		}
		if rapid.Bool().Draw(t, "evidence") {
			p.Evidence = slo.Evidence{Confidence: slo.NumberFrac(95, 100), Method: slo.Wilson}
		}
		hourly := slo.NumberFrac(rapid.Int64Range(1, 3000).Draw(t, "ten hours' events"), 10)
		s := objective(999_000_000, month)
		got, found := ScarceAt(s, []slo.Policy{p}, hourly)
		if !found {
			return
		}
		if least := p.MinBad; got.MinBad <= got.Bad || least.Known() && least.Cmp(slo.NumberOf(int64(got.Bad))) > 0 {
			t.Fatalf("%s; %s, of a minimum of %s", got, got.Remedy(s), least)
		}
		p.MinBad = slo.NumberOf(int64(got.MinBad))
		if again, found := ScarceAt(s, []slo.Policy{p}, hourly); found {
			t.Fatalf("%s; mended with %s: %s", got, got.Remedy(s), again)
		}
	})
}
