package fold

import (
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// thought is a condition as a file says it and as a person reads it, of the values of
// an event by name; "" is one that is missing.
type thought struct {
	text  string
	truth func(event map[string]string) match.Truth
}

func one(text, field string, holds func(value string) bool) thought {
	return thought{text, func(event map[string]string) match.Truth {
		switch {
		case event[field] == "":
			return match.Unsure
		case holds(event[field]):
			return match.Yes
		}
		return match.No
	}}
}

func none(text, field string, whenMissing, otherwise match.Truth) thought {
	return thought{text, func(event map[string]string) match.Truth {
		if event[field] == "" {
			return whenMissing
		}
		return otherwise
	}}
}

// both says that two conditions must hold, by Kleene's table.
func both(a, b thought) thought {
	return thought{a.text + ", " + b.text, func(e map[string]string) match.Truth {
		x, y := a.truth(e), b.truth(e)
		switch {
		case x == match.No || y == match.No:
			return match.No
		case x == match.Yes && y == match.Yes:
			return match.Yes
		}
		return match.Unsure
	}}
}

func opposite(a thought) thought {
	return thought{"not: {" + a.text + "}", func(e map[string]string) match.Truth {
		return map[match.Truth]match.Truth{match.Yes: match.No, match.No: match.Yes, match.Unsure: match.Unsure}[a.truth(e)]
	}}
}

// thoughts are conditions of one field, each of another.
func thoughts() [][]thought {
	serverError := func(v string) bool { return strings.HasPrefix(v, "5") }
	fast := func(v string) bool { return v == "0.1" }
	return [][]thought{
		{one("status: 5xx", "status", serverError), one("status: {not: 5xx}", "status", func(v string) bool { return !serverError(v) }),
			none("status: none", "status", match.Yes, match.No), none("status: {not: none}", "status", match.No, match.Yes),
			{"status: [none, 500-599]", func(e map[string]string) match.Truth {
				if e["status"] == "" || serverError(e["status"]) {
					return match.Yes
				}
				return match.No
			}}},
		{one(`duration: "<= 1s"`, "duration", fast), none("duration: none", "duration", match.Yes, match.No)},
		{one("region: eu", "region", func(v string) bool { return v == "eu" }), one("region: [eu, us]", "region", func(string) bool { return true }),
			none("region: {not: none}", "region", match.No, match.Yes)},
	}
}

func drawThought() *rapid.Generator[thought] {
	return rapid.Custom(func(t *rapid.T) thought {
		fields := rapid.Permutation(thoughts()).Draw(t, "fields")
		out := rapid.SampledFrom(fields[0]).Draw(t, "first")
		for _, more := range fields[1:] {
			if rapid.Bool().Draw(t, "and") {
				out = both(out, rapid.SampledFrom(more).Draw(t, "more"))
			}
		}
		if rapid.Bool().Draw(t, "not") {
			out = opposite(out)
		}
		return out
	})
}

// twin counts one event after the other as the README says it.
type twin struct{ bad, total, doubt map[string]int }

func (w *twin) add(region string, split bool, held, bad match.Truth) {
	set := region
	if !split {
		set = "all"
	}
	switch {
	case held == match.No:
	case held == match.Yes && bad != match.Unsure && set != "":
		w.total[set]++
		if bad == match.Yes {
			w.bad[set]++
		}
	case bad == match.No: // surely none of the bad ones
	case set == "":
		w.doubt["everywhere"]++
	default:
		w.doubt[set]++
	}
}

// What is counted and what is doubted of any events by any conditions is what a person
// would write down.
func TestLikeKleene(t *testing.T) {
	rapid.Check(t, func(rt *rapid.T) {
		good := rapid.Bool().Draw(rt, "good")
		where, sli := drawThought().Draw(rt, "where"), drawThought().Draw(rt, "sli")
		split := rapid.Bool().Draw(rt, "per")
		text := "bad: {" + sli.text + "}"
		if good {
			text = "good: {" + sli.text + "}"
		}
		req := ask(t, "where: {"+where.text+"}\n"+text)
		if split {
			req.Per = []string{"region"}
		}
		f := folder(t, req)
		w := twin{map[string]int{}, map[string]int{}, map[string]int{}}
		for range rapid.IntRange(0, 12).Draw(rt, "events") {
			e := map[string]string{"status": rapid.SampledFrom([]string{"", "200", "503"}).Draw(rt, "status"),
				"duration": rapid.SampledFrom([]string{"", "0.1", "9"}).Draw(rt, "duration"), "region": rapid.SampledFrom([]string{"", "eu", "us"}).Draw(rt, "region")}
			bad := sli.truth(e)
			if good {
				bad = opposite(sli).truth(e)
			}
			w.add(e["region"], split, where.truth(e), bad)
			f.Add(start.Unix()+61, [][]byte{[]byte(e["status"]), []byte(e["duration"]), []byte(e["region"])})
		}
		agree(rt, text, answers(f, 0, 299), w)
	})
}

func agree(t *rapid.T, text string, got []sources.Answer, w twin) {
	for _, a := range got {
		set := a.Labels["region"]
		if a.Labels == nil {
			set = "all"
		}
		doubt := 0.0
		if a.Series.Doubt != nil {
			doubt = a.Series.Doubt.Bad[1]
			if doubt != a.Series.Doubt.Total[1] {
				t.Fatalf("%s: doubt %s", text, sourcetest.Counts(a.Series.Doubt))
			}
		}
		want := []int{w.bad[set], w.total[set], w.doubt[set] + w.doubt["everywhere"]}
		if got := []int{int(a.Series.Bad[1]), int(a.Series.Total[1]), int(doubt)}; fmt.Sprint(got) != fmt.Sprint(want) {
			t.Fatalf("%s, set %q: bad, total, doubt %v, want %v", text, set, got, want)
		}
		delete(w.total, set)
	}
	if len(w.total) > 0 {
		t.Fatalf("%s: no answer of %v", text, w.total)
	}
}

// An unread event doubts all sets, as one of the total and of the bad; a count of good
// events has no doubt.
func TestUnreadIsDoubted(t *testing.T) {
	for count, want := range map[spec.Count]string{spec.Both: "3/3 0/0 0/0 0/0 0/0", spec.Bad: "0/3 0/0 0/0 0/0 0/0", spec.Total: "0/3 0/0 0/0 0/0 0/0", spec.Good: ""} {
		req := ask(t, "bad: {status: 5xx}")
		req.Count, req.Per = count, []string{"region"}
		f := folder(t, req)
		add(f, "10 200 1 eu", "11 500 1 us")
		f.Unread(0, start.Unix()+5, 3)
		f.Unread(0, start.Unix()-1, 3)
		f.Unread(0, start.Unix()+300, 3)
		for _, a := range answers(f, 0, 299) {
			if got := doubts(a.Series); got != want {
				t.Errorf("%s of %v: doubt %s, want %s", count, a.Labels, got, want)
			}
		}
	}
}

func doubts(s *slo.Series) string {
	if s.Doubt == nil {
		return ""
	}
	return sourcetest.Counts(s.Doubt)
}
