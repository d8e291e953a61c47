// Package tried watches conditions for whether anything meets them, and keeps a sample of
// what occurs for the person who mistyped one.
package tried

import (
	"cmp"
	"fmt"
	"maps"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/spec/mask"
	"github.com/nines-slo/nines/sources/match"
)

// Condition is a condition and, as long as no event met it, values of the fields that it
// tests: who mistyped one should see what occurs.
type Condition struct {
	met    bool // by an event; a condition that is not there is met
	expr   match.Expr
	fields []*field
}

// field is a field and a sample of its values.
type field struct {
	name     string
	index    int
	texts    []string  // that the condition names
	patterns []pattern // of its globs and regexps
	values   map[string]*occurrence
	secret   bool     // by its name: no value of it is kept
	there    bool     // a secret had a value
	most     uint64   // the largest hash of values
	near     []nearby // the closest to texts, at most shownValues
}

const (
	maxValues   = 64  // of one field that are kept
	shownValues = 3   // of them that are shown
	longest     = 128 // bytes of a value that are kept
)

// pattern is a glob or a regexp, and the same for which case does not matter.
type pattern struct{ exact, folded *regexp.Regexp }

func newPattern(re string) pattern {
	return pattern{regexp.MustCompile(re), regexp.MustCompile("(?i:" + re + ")")}
}

// occurrence is how often a value was seen. Of more values than fit, those with the
// smallest hashes are kept, which does not depend on the order of the events.
type occurrence struct {
	hash uint64
	n    int64
}

// nearby is a value close to a text of the condition.
type nearby struct {
	value, text string
	edits       int // 0: they differ by case
}

// New returns a condition that no event was held against; without one it is met.
func New(e match.Expr) Condition {
	t := Condition{met: e == nil, expr: e}
	t.list(e, true)
	return t
}

// list adds the fields that e tests, and the texts that it names for them, unless it
// asks for all others.
func (t *Condition) list(e match.Expr, named bool) {
	switch e := e.(type) {
	case match.And:
		for _, one := range e {
			t.list(one, named)
		}
	case match.Or:
		for _, one := range e {
			t.list(one, named)
		}
	case match.Not:
		t.list(e.Expr, !named)
	case match.Test:
		f := t.field(e)
		if !named {
			return
		}
		switch is := e.Is.(type) {
		case match.OneOf:
			f.texts = append(f.texts, is...)
		case match.Glob:
			runs := strings.NewReplacer(`\*`, ".*", `\?`, ".").Replace(regexp.QuoteMeta(string(is)))
			f.patterns = append(f.patterns, newPattern("(?s:^"+runs+"$)"))
		case match.Regexp:
			f.patterns = append(f.patterns, newPattern(string(is)))
		}
	}
}

func (t *Condition) field(test match.Test) *field {
	i := slices.IndexFunc(t.fields, func(f *field) bool { return f.name == test.Name })
	if i >= 0 {
		return t.fields[i]
	}
	f := &field{name: test.Name, index: test.Field.Index, values: map[string]*occurrence{}, secret: mask.IsSecret(test.Name)}
	t.fields = append(t.fields, f)
	return f
}

// OnlyNamed leaves fields of which the condition names texts or patterns, and is met
// without any: of one that nothing should meet, only what almost does is worth a word.
func (t *Condition) OnlyNamed() {
	t.fields = slices.DeleteFunc(t.fields, func(f *field) bool { return len(f.texts)+len(f.patterns) == 0 })
	t.met = t.met || len(t.fields) == 0
}

// Met tells whether an event met the condition.
func (t *Condition) Met() bool { return t.met }

// Add notes the values of an event of which the condition says truth.
func (t *Condition) Add(truth match.Truth, values [][]byte) {
	if t.met {
		return
	}
	if truth == match.Yes {
		t.met, t.fields = true, nil
		return
	}
	for _, f := range t.fields {
		v := values[f.index]
		if match.Missing(v) {
			continue
		}
		if f.secret {
			f.there = true
			continue
		}
		if seen, ok := f.values[string(v)]; ok {
			seen.n++
			continue
		}
		v = v[:min(len(v), longest)]
		f.compare(v)
		f.keep(v, 1)
	}
}

// keep adds a value to the sample if its hash is small enough.
func (f *field) keep(v []byte, n int64) {
	hash := hashOf(v)
	if len(f.values) == maxValues && hash > f.most {
		return
	}
	if seen, ok := f.values[string(v)]; ok {
		seen.n += n
		return
	}
	f.values[string(v)] = &occurrence{hash, n}
	f.most = max(f.most, hash)
	if len(f.values) <= maxValues {
		return
	}
	maps.DeleteFunc(f.values, func(_ string, o *occurrence) bool { return o.hash == f.most })
	f.most = 0
	for _, o := range f.values {
		f.most = max(f.most, o.hash)
	}
}

// hashOf is FNV-1a with its bits mixed.
func hashOf(v []byte) uint64 {
	h := uint64(14695981039346656037)
	for _, c := range v {
		h = (h ^ uint64(c)) * 1099511628211
	}
	return (h ^ h>>32) * 0x9E3779B97F4A7C15
}

// compare notes a value that is close to a text of the condition.
func (f *field) compare(v []byte) {
	for _, text := range f.texts {
		if edits, ok := edits(text, v); ok {
			f.addNear(nearby{string(v), text, edits})
		}
	}
	for _, p := range f.patterns {
		if p.folded.Match(v) && !p.exact.Match(v) {
			f.addNear(nearby{string(v), p.exact.String(), 0})
		}
	}
}

func (f *field) addNear(n nearby) {
	if slices.Contains(f.near, n) {
		return
	}
	f.near = append(f.near, n)
	order.Stable(f.near, func(a, b nearby) int {
		return cmp.Or(cmp.Compare(a.edits, b.edits), cmp.Compare(a.value, b.value), cmp.Compare(a.text, b.text))
	})
	f.near = f.near[:min(len(f.near), shownValues)]
}

// edits returns how many letters v and text differ by, and whether they are close: they
// differ by case alone, or by one or two letters that are less than half of them.
func edits(text string, v []byte) (int, bool) {
	if len(v) > len(text)+2 || len(v) < len(text)-2 {
		return 0, false
	}
	value := string(v)
	if strings.EqualFold(text, value) {
		return 0, text != value
	}
	n := diag.Edits(text, value)
	return n, n <= 2 && 2*n < max(utf8.RuneCountInString(text), utf8.RuneCountInString(value))
}

// Merge adds what was held against the same condition elsewhere.
func (t *Condition) Merge(o *Condition) {
	if t.met = t.met || o.met; t.met {
		t.fields = nil
		return
	}
	for i, f := range t.fields {
		f.there = f.there || o.fields[i].there
		for v, seen := range o.fields[i].values {
			f.keep([]byte(v), seen.n)
		}
		for _, n := range o.fields[i].near {
			f.addNear(n)
		}
	}
}

// Close tells whether a value is one that the condition names but for case or one or two letters.
func (t *Condition) Close() bool {
	return slices.ContainsFunc(t.fields, func(f *field) bool { return len(f.near) > 0 })
}

// Unmet says that a condition, which a file has at pos and calls key, met none of so many
// events: "12 rows". noun is what one of them is called.
func (t *Condition) Unmet(pos diag.Pos, room, key, events, noun string) diag.Finding {
	note := diag.Warnf(pos, room+"/unmet", "%s %s met none of %s", key, diag.Cut(match.Print(t.expr), 200, "…"), events)
	fields := t.unmetFields()
	for i, f := range fields {
		separator := "; "
		if i == 0 {
			separator = ": "
		}
		note.Message += fmt.Sprintf("%s%q was %s", separator, f.name, f.occurring())
	}
	if i := slices.IndexFunc(fields, func(f *field) bool { return len(f.near) > 0 }); i >= 0 {
		return note.WithHint("did you mean %s?", show(fields[i].near[0].value))
	}
	return note.WithHint("mend %s: none of the %ss has what it asks for", key, noun)
}

// unmetFields returns the fields of which no value met what is asked of them; all of
// them if they only never met it together.
func (t *Condition) unmetFields() []*field {
	width := 0
	match.Tests(t.expr, func(test match.Test) { width = max(width, test.Field.Index+1) })
	values := make([][]byte, width)
	unmet := slices.DeleteFunc(slices.Clone(t.fields), func(f *field) bool {
		own := match.New(t.about(f.name))
		for v := range f.values {
			if values[f.index] = []byte(v); own.Judge(values) == match.Yes {
				return true
			}
		}
		return false
	})
	if len(unmet) == 0 {
		unmet = t.fields
	}
	return unmet[:min(len(unmet), shownValues)]
}

// about returns the part of the condition that is about one field alone.
func (t *Condition) about(name string) match.Expr {
	all, _ := t.expr.(match.And)
	var own match.And
	for _, one := range all {
		alone := true
		match.Tests(one, func(test match.Test) { alone = alone && test.Name == name })
		if alone {
			own = append(own, one)
		}
	}
	return own
}

// occurring lists the values that are close, else those that are frequent.
func (f *field) occurring() string {
	if len(f.near) > 0 {
		var all []string
		for _, n := range f.near {
			all = append(all, show(n.value))
		}
		return strings.Join(slices.Compact(all), ", ")
	}
	values := slices.SortedFunc(maps.Keys(f.values), func(a, b string) int {
		return cmp.Or(cmp.Compare(f.values[b].n, f.values[a].n), cmp.Compare(a, b))
	})
	var all []string
	for _, v := range values[:min(len(values), shownValues)] {
		all = append(all, show(v))
	}
	switch {
	case f.there:
		return "something else, which is not shown: the name is that of a secret"
	case len(all) == 0:
		return "never there"
	case len(values) > len(all):
		all = append(all, "…")
	}
	return strings.Join(all, ", ")
}

// show writes a value on one line.
func show(v string) string {
	return strconv.Quote(diag.Cut(strings.ToValidUTF8(v, "\uFFFD"), 60, "…"))
}
