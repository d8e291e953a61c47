// Package native says in the native format what several formats of other tools say in the same way:
// shares, labels, calendar windows, counts and ratios.
package native

import (
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/query"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Said returns a text, a missing one if it is empty.
func Said(v spec.Value) spec.Value {
	if v.Kind == spec.Scalar && v.Text == "" {
		return spec.Value{}
	}
	return v
}

// On tells whether a spec.Switch is on, and Off whether it is off. One that does not stand is neither.
func On(v spec.Value) bool {
	return slices.Contains([]string{"y", "yes", "true", "on"}, strings.ToLower(v.Text))
}

// Off tells whether a spec.Switch is off.
func Off(v spec.Value) bool { return v.Text != "" && !On(v) }

// Some returns a map, a missing one if it is empty.
func Some(m spec.Value) spec.Value {
	if len(m.Fields) == 0 {
		return spec.Value{}
	}
	return m
}

// Merged returns the entries of maps in one, of a key given twice the last one, missing if there is
// none. What is empty says nothing.
func Merged(maps ...spec.Value) spec.Value {
	var out spec.Value
	n := 0
	for _, m := range maps {
		n += len(m.Fields)
	}
	for _, m := range maps {
		if out.Kind == spec.Missing && len(m.Fields) > 0 {
			out = spec.Value{Kind: spec.Map, Pos: m.Pos, Fields: make([]spec.Field, 0, n)}
		}
		for _, f := range m.Fields {
			out.Fields = slices.DeleteFunc(out.Fields, func(old spec.Field) bool { return old.Key == f.Key })
			if Said(f.Value).Is() {
				out.Fields = append(out.Fields, f)
			}
		}
	}
	return Some(out)
}

// Labels returns labels of which one may have several values, missing if there are none.
func Labels(m spec.Value) spec.Value {
	out := yaml.MapOf(m.Pos)
	for _, f := range m.Fields {
		if text := strings.Join(f.Value.Strings(), ","); text != "" {
			f.Value = yaml.Text(f.Value.Pos, text)
			out.Fields = append(out.Fields, f)
		}
	}
	return Some(out)
}

// Percent returns a number as a percentage.
func Percent(v spec.Value) spec.Value { return yaml.Join(v.Pos, yaml.Whole(v), yaml.Words("%")) }

// Share returns a ratio, of which all is 100%.
func Share(ratio spec.Value) spec.Value {
	if strings.HasPrefix(ratio.Text, "1") && strings.Trim(ratio.Text, "0.") == "1" {
		return yaml.Text(ratio.Pos, "100%")
	}
	return ratio
}

// Calendar returns a calendar window of a unit, which stands at pos, from a date and a time of day on
// in a zone. Windows of the native format begin at midnight: the finding says so, code is its prefix.
func Calendar(pos diag.Pos, unit string, start, zone spec.Value, code string) (spec.Value, diag.List) {
	date, clock, _ := strings.Cut(strings.Replace(start.Text, "T", " ", 1), " ")
	var found diag.List
	if strings.Trim(clock, "0:Z ") != "" {
		found = append(found, diag.Warnf(start.Pos, code+"/start", "windows begin at midnight, not at %s", clock))
	}
	anchor := spec.Value{}
	if unit != "day" && start.Is() {
		anchor = yaml.Text(start.Pos, date)
	}
	return yaml.MapOf(pos, yaml.Text(pos, unit).As("calendar"), zone.As("timezone"), anchor.As("anchor")), found
}

// Counts are two queries of which one counts some of the events of the other.
type Counts struct {
	Pos   diag.Pos   // of what says them
	Part  string     // which events Some are: good or bad
	Some  spec.Value // with query.Step for the length of a window, as All
	All   spec.Value
	Grow  bool   // they are counters that hold all events since their processes started
	Fixed bool   // they may have a fixed range, which the tool asks for again and again
	Code  string // prefix of findings
}

// SLI returns the sli of two counts, or of their ratio if they are none: that is a finding.
func (c Counts) SLI() (sli spec.Value, ratio bool, found diag.List) {
	some, all, why, ok := c.counted()
	if ok {
		return yaml.MapOf(c.Pos, some.As(c.Part), all.As("total")), false, nil
	}
	lost := diag.Warnf(c.Some.Pos, c.Code+"/ratio",
		"these are no two counts of events, because of %s: only their ratio is looked at", diag.Quote(why))
	share := query.Ratio(some, all)
	if c.Part == "good" {
		share = yaml.Join(share.Pos, yaml.Words("1 - "), yaml.Whole(share))
	}
	return yaml.MapOf(c.Pos, share.As("ratio")), true, diag.List{lost}
}

// counted returns the queries as counts, false with the words that are in the way if they are none.
func (c Counts) counted() (some, all spec.Value, why string, ok bool) {
	some, all = c.Some, c.All
	if c.Grow {
		a, first := query.Grown(some)
		b, second := query.Grown(all)
		if first && second {
			return query.Pair(a, b)
		}
	}
	if c.Fixed {
		if a, ok := query.Unfixed(some); ok {
			some = a
		}
		if b, ok := query.Unfixed(all); ok {
			all = b
		}
	}
	return query.Pair(some, all)
}

// ByShare returns the sli of a query that gives the share of some events, good or bad: of the two counts
// that it divides, where it does, else of the ratio.
func ByShare(pos diag.Pos, share spec.Value, of string) (sli spec.Value, ratio bool) {
	other := map[string]string{"good": "bad", "bad": "good"}[of]
	if some, all, rest, ok := query.Counts(share); ok {
		if rest {
			of = other
		}
		return yaml.MapOf(pos, some.As(of), all.As("total")), false
	}
	if of == "good" {
		share = yaml.Join(share.Pos, yaml.Words("1 - (\n"), yaml.Whole(share), yaml.Words("\n)"))
	}
	return yaml.MapOf(pos, share.As("ratio")), true
}

// Slices returns how the budget of a ratio is counted, which has no events: as said, else by the
// mean of slices.
func Slices(said spec.Value, ratio bool, pos diag.Pos) spec.Value {
	if ratio && !said.Is() {
		return yaml.Text(pos, "ratio-timeslices")
	}
	return said
}

// Small warns of a number of percent that looks like a ratio.
func Small(v spec.Value, key, code string) diag.List {
	if !strings.HasPrefix(v.Text, "0.") {
		return nil
	}
	text, meant := v.Text, spec.Percentage(v.Text)
	if v.Quoted {
		text, meant = diag.Quote(text), strconv.Quote(meant)
	}
	small := diag.Warnf(v.Pos, code, "%s %s is percent: a hundredth of what a ratio would be", key, text)
	return diag.List{small.WithHint("write %s: %s", key, meant)}
}

// Unknown refuses a version or a kind of a tool's documents, under a key of a document, by what is
// read of it.
func Unknown(tool, code string, doc spec.Value, key string, known ...string) diag.Finding {
	v := doc.Get(key)
	f := diag.Errorf(v.Pos, code+"/version", "%s %s is none of %s's that this version reads", key, diag.Quote(v.Text), tool)
	if near := diag.Nearest(v.Text, known); near != "" {
		return f.WithHint("did you mean %s?", near)
	}
	return f.WithHint("it reads %s", strings.Join(known, ", "))
}

// Set returns a map with an entry, in place of one of the same key.
func Set(m spec.Value, f spec.Field) spec.Value {
	m.Fields = slices.DeleteFunc(slices.Clone(m.Fields), func(old spec.Field) bool { return old.Key == f.Key })
	m.Fields = append(m.Fields, f)
	return m
}
