package burn

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/budget"
)

// stepper goes minute by minute through counts and does what the text says, with nothing
// but whole numbers.
type stepper struct {
	data        *slo.Series
	long, short int   // minutes; short: 0 for none
	per         int64 // burn rate times 1 − target, in thousandths of an event
	hold        int
	minBad      int64
	carry       int
}

// sums returns the bad and the valid of the last w minutes before minute k, and whether
// some minute of them since first, or all of that time, was not measured.
func (s stepper) sums(k, w, first int) (bad, total int64, gap bool) {
	for i := max(k-w, first); i < k; i++ {
		if math.IsNaN(s.data.Total[i]) {
			gap = true
			continue
		}
		bad, total = bad+int64(s.data.Bad[i]), total+int64(s.data.Total[i])
	}
	return bad, total, gap || k <= first
}

// at tells whether the condition is true, whether it can be judged, and if not, whether
// that is for want of traffic alone.
func (s stepper) at(k, first int) (holds, judged, idle bool) {
	bad, total, gap := s.sums(k, s.long, first)
	holds, judged, idle = bad >= s.minBad && 1000*bad > s.per*total, total > 0, total > 0 || !gap
	if s.short == 0 {
		return holds && judged, judged, idle
	}
	bad, total, gap = s.sums(k, s.short, first)
	holds, judged, idle = holds && 1000*bad > s.per*total, judged && total > 0, idle && (total > 0 || !gap)
	return holds && judged, judged, idle
}

// stepped is how the condition stands at a minute.
type stepped struct {
	fires, pending, idle, known bool
	since, seen                 int    // seen: without data, the last minute judged, −1 else
	over                        string // as overs shows them
}

// run returns how it stands at the end of each minute.
func (s stepper) run(first int) []stepped {
	var out []stepped
	now := stepped{since: -1}
	held, seen := 0, -1 // minutes in a row that were true; the last judged
	for k := 0; k <= s.data.Len(); k++ {
		holds, judged, idle := s.at(k, first)
		if now.fires && (judged && !holds || !judged && k-seen > s.carry) {
			now.over += fmt.Sprintf(" %d-%d", now.since, k)
			if k > seen+1 {
				now.over += fmt.Sprintf(" blind from %d", seen)
			}
			now.fires, now.since = false, -1
		}
		if now.seen = -1; judged {
			seen = k
		} else if seen >= 0 {
			now.seen = seen
		}
		if held++; !holds {
			held = 0
		}
		if held > s.hold && !now.fires {
			now.fires, now.since = true, k
		}
		now.known, now.idle, now.pending = judged, !judged && idle, held > 0 && !now.fires
		if now.pending {
			now.since = k - held + 1
		} else if !now.fires {
			now.since = -1
		}
		out = append(out, now)
	}
	return out
}

// Firings and standings are those of the stepper, over traffic that comes and goes, with
// gaps, in all semantics, wherever the replay begins.
func TestAgreesWithStepper(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		s, c, p, semantics := drawStepper(t)
		lead := 3*s.long + s.hold + 5 // not measured, so that the counts reach far enough back
		data := minutes(lead+s.data.Len(), func(i int) (float64, float64) {
			if i < lead {
				return math.NaN(), math.NaN()
			}
			return s.data.Bad[i-lead], s.data.Total[i-lead]
		})
		s.data = data
		o := objective(900_000_000, month)
		o.Since = data.Time(lead)
		l, err := budget.New(o, data)
		if err != nil {
			t.Fatal(err)
		}
		want := s.run(lead)
		e := New(l, []slo.Policy{p}, Options{Semantics: semantics})
		from := rapid.IntRange(lead, data.Len()).Draw(t, "from")
		to := rapid.IntRange(from, data.Len()).Draw(t, "to")
		track := e.Replay(data.Time(from), data.Time(to))[0]
		if got, want := shown(track.Firings), firingsOf(want, from, to); got != want {
			t.Fatalf("%s from %d to %d: fired%s, want%s", c, from, to, got, want)
		}
		if want := want[from].fires && want[from-1].fires && want[from].since < from; track.Earlier != want {
			t.Fatalf("%s from %d: earlier %t, want %t", c, from, track.Earlier, want)
		}
		for k := lead; k <= data.Len() && semantics == Own; k++ {
			got := e.At(data.Time(k))[0]
			if text, want := standing(got), want[k].String(); text != want {
				t.Fatalf("%s at %d: %s, want %s", c, k, text, want)
			}
		}
	})
}

// Where counts come late, people know of everything as much later and of nothing else.
func TestDelay(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		st, c, p, semantics := drawStepper(t)
		at := func(k int) time.Time { return st.data.Time(k) }
		evaluator := func(delay time.Duration) *Evaluator {
			o := objective(900_000_000, month)
			o.Delay = delay
			l, err := budget.New(o, st.data)
			if err != nil {
				t.Fatal(err)
			}
			return New(l, []slo.Policy{p}, Options{Semantics: semantics})
		}
		delay := time.Duration(rapid.IntRange(1, 90).Draw(t, "minutes")) * time.Minute
		prompt, late := evaluator(0), evaluator(delay)
		from := rapid.IntRange(0, st.data.Len()).Draw(t, "from")
		to := rapid.IntRange(from, st.data.Len()).Draw(t, "to")
		want, got := prompt.Replay(at(from), at(to))[0], late.Replay(at(from).Add(delay), at(to).Add(delay))[0]
		if shown(got.Firings) != shown(shifted(want.Firings, delay)) || got.Earlier != want.Earlier {
			t.Fatalf("%s, %s late: fired%s, want%s later", c, delay, shown(got.Firings), shown(want.Firings))
		}
		now, then := prompt.At(at(to))[0], late.At(at(to).Add(delay + time.Second))[0]
		times := []*time.Time{&now.Since, &now.Clears, &now.Known}
		for i := range now.Over {
			times = append(times, &now.Over[i].Start, &now.Over[i].End, &now.Over[i].Blind)
		}
		for _, when := range times {
			if !when.IsZero() {
				*when = when.Add(delay)
			}
		}
		if fmt.Sprint(then) != fmt.Sprint(now) {
			t.Fatalf("%s, %s late:\n%v, want\n%v", c, delay, then, now)
		}
	})
}

func shifted(firings []Firing, by time.Duration) (out []Firing) {
	for _, f := range firings {
		f.Start = f.Start.Add(by)
		if !f.End.IsZero() {
			f.End = f.End.Add(by)
		}
		out = append(out, f)
	}
	return out
}

func drawStepper(t *rapid.T) (stepper, slo.Condition, slo.Policy, Semantics) {
	semantics := rapid.SampledFrom([]Semantics{Own, Prometheus2, Prometheus3}).Draw(t, "semantics")
	s := stepper{long: rapid.IntRange(2, 30).Draw(t, "long"), hold: rapid.SampledFrom([]int{0, 0, 1, 4}).Draw(t, "for")}
	s.short = rapid.IntRange(0, s.long-1).Draw(t, "short")
	s.minBad = rapid.SampledFrom([]int64{0, 0, 2, 5}).Draw(t, "min bad")
	tenths := rapid.SampledFrom([]int64{5, 10, 25}).Draw(t, "burn")
	s.per = tenths * 10 // of 1 − 90 %: tenths / 10 × 100 thousandths
	minute := func(n int) time.Duration { return time.Duration(n) * time.Minute }
	c := slo.Condition{Test: slo.Burn, Limit: slo.NumberFrac(tenths, 10), Long: minute(s.long), Short: minute(s.short)}
	p := slo.Policy{Name: "p", When: []slo.Condition{c}, For: minute(s.hold)}
	if s.minBad > 0 {
		p.MinBad = slo.NumberOf(s.minBad)
	}
	rng := rand.New(rand.NewPCG(rapid.Uint64().Draw(t, "seed"), 3))
	mood, left := 0, 0
	s.data = minutes(rapid.IntRange(1, 200).Draw(t, "minutes"), func(int) (float64, float64) {
		if left--; left < 0 {
			mood, left = rng.IntN(5), rng.IntN(25)
		}
		switch total := rng.IntN(10); mood {
		case 0:
			return math.NaN(), math.NaN()
		case 1:
			return 0, 0
		case 2:
			return float64(rng.IntN(total + 1)), float64(total)
		case 3:
			return 0, float64(total)
		}
		return float64(rng.IntN(2)), float64(1 + rng.IntN(2))
	})
	s.carry = s.long
	switch semantics {
	case Prometheus2:
		s.carry = 0
	case Prometheus3:
		s.carry, s.long = 0, s.long-1
		switch {
		case s.short == 1:
			s.short = -1 // a range of one minute has one sample, and no increase
		case s.short > 0:
			s.short--
		}
	}
	return s, c, p, semantics
}

// firingsOf returns the firings of [from, to] as shown does.
func firingsOf(all []stepped, from, to int) string {
	text, on := "", false
	for k := from; k <= to; k++ {
		switch {
		case all[k].fires && !on:
			text += fmt.Sprintf(" %d", k)
		case !all[k].fires && on:
			text += fmt.Sprintf("-%d", k)
		}
		on = all[k].fires
	}
	if on {
		text += "-on"
	}
	return text
}

// String returns what standing does.
func (s stepped) String() string {
	state := Inactive
	switch {
	case !s.known:
		state = NoData
	case s.fires:
		state = Active
	case s.pending:
		state = Pending
	}
	return fmt.Sprintf("%s since %d, idle %t, known to %d, over%s", state, s.since, s.idle, s.seen, s.over)
}

func standing(a Alert) string {
	since, known := -1, -1
	if !a.Since.IsZero() {
		since = int(a.Since.Sub(start).Minutes())
	}
	if !a.Known.IsZero() {
		known = int(a.Known.Sub(start).Minutes())
	}
	return fmt.Sprintf("%s since %d, idle %t, known to %d, over%s", a.State, since, a.Idle, known, overs(a.Over))
}
