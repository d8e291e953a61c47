package fold

import (
	"bytes"
	"math/big"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/match"
)

// MaxUnread is the key of a source for what may be unread or unsure.
func MaxUnread() spec.Key {
	return spec.Key{Name: "max_unread", Type: spec.Fraction, Example: "1%",
		Doc: "Share of the events, by number or by size, or of the rows of counts, that may be unreadable, " +
			"or lack a value that decides whether they are bad, before the objective is no_data; 1% if left out."}
}

// ReadMaxUnread returns what the block of a source says of MaxUnread.
func ReadMaxUnread(block spec.Block) slo.Number {
	text := block.Get("max_unread").Text
	if text == "" {
		return slo.NumberFrac(1, 100)
	}
	share, _ := slo.ParseShare(text) // the key's type lets nothing else pass
	return share.Number()
}

// Fields are some of the fields that a request tests, or splits by. The last stands
// for all after the sixty-third.
type Fields uint64

const lastField = 63

// Unsure is a request that cannot judge an event and the fields that the event lacks.
type Unsure struct {
	Request int
	Lacks   Fields
}

// Shown is an event that a request cannot judge, as an example.
type Shown struct {
	Pos     diag.Pos
	Lacks   Fields
	Excerpt string // of the input; "" shows none
}

// Share is a part of a whole, none of nothing.
type Share struct{ Part, Whole int64 }

func (s Share) rat() *big.Rat {
	if s.Part == 0 {
		return new(big.Rat)
	}
	return big.NewRat(s.Part, s.Whole)
}

// What a condition leaves open: whether an event is one of the request's, and whether
// such a one is bad, or of which label set.
const (
	whereGroup = iota
	sliGroup
)

// field is one that a request tests, or a label.
type field struct {
	name  string
	key   string // where, good, bad or per
	group int
	field match.Field
	cond  *match.Cond // of the key
	span  bool        // it is tested as a duration
}

// lacks tells whether an event has no value that can be tested.
func (f *field) lacks(values [][]byte) bool {
	v := values[f.field.Index]
	return len(v) == 0 || f.key == "per" && match.Missing(v) || f.key != "per" && f.cond.Lacks(f.name, values)
}

// listFields lists the fields whose absence can make the request unsure.
func (r *request) listFields(c conditions) {
	add := func(f field) {
		same := func(o field) bool { return o.name == f.name && o.group == f.group }
		if i := slices.IndexFunc(r.fields, same); i >= 0 {
			r.fields[i].span = r.fields[i].span || f.span
			return
		}
		r.fields = append(r.fields, f)
	}
	conds := map[string]*match.Cond{"where": c.where, "good": c.good, "bad": c.bad}
	test := func(key string, group int) {
		match.Tests(c.exprs[key], func(t match.Test) {
			f := field{name: t.Name, key: key, group: group, field: t.Field, cond: conds[key]}
			switch t.Is.(type) {
			case match.None:
				return
			case match.CompareDuration, match.BetweenDurations:
				f.span = true
			}
			add(f)
		})
	}
	test("where", whereGroup)
	test(r.key, sliGroup)
	for i, name := range r.req.Per {
		add(field{name: name, key: "per", group: sliGroup, field: match.Field{Index: r.columns[i]}})
	}
}

// tally says how many events of the request's period could be judged.
type tally struct {
	seen   int64 // all of them
	held   int64 // for which `where` is true
	judged int64
	groups [2]doubtful
}

// doubtful are the events that one group of conditions leaves open.
type doubtful struct {
	all   int64
	bad   int64   // that may be
	lacks []int64 // by field of the request: those that lack it
	texts Fields  // of which some have a text that is no number, or no duration
	other Fields  // of which some have a text that is not UTF-8
	odd   []byte  // such a text, the first in order
}

func (t *tally) merge(o tally) {
	t.seen, t.held, t.judged = t.seen+o.seen, t.held+o.held, t.judged+o.judged
	for i := range t.groups {
		g, other := &t.groups[i], o.groups[i]
		g.all, g.bad = g.all+other.all, g.bad+other.bad
		g.texts, g.other = g.texts|other.texts, g.other|other.other
		g.strange(other.odd)
		for k, n := range other.lacks {
			g.add(k, n)
		}
	}
}

// strange takes note of a text that is not UTF-8.
func (d *doubtful) strange(text []byte) {
	if len(text) > 0 && (d.odd == nil || bytes.Compare(text, d.odd) < 0) {
		d.odd = bytes.Clone(text)
	}
}

func (d *doubtful) add(field int, n int64) {
	for len(d.lacks) <= field {
		d.lacks = append(d.lacks, 0)
	}
	d.lacks[field] += n
}

// whole returns of how many events a group is a part.
func (t *tally) whole(group int) int64 {
	if group == whereGroup {
		return t.seen
	}
	return t.judged + t.groups[group].all
}

// doubtEvent notes an event that cannot be judged and returns what it lacks, nothing
// if it cannot be bad.
func (r *request) doubtEvent(t int64, values [][]byte, held, bad match.Truth, labelled bool) (lacks Fields) {
	group := sliGroup
	if held == match.Unsure {
		group = whereGroup
	}
	g := &r.tally.groups[group]
	g.all++
	harmless := r.key != "" && bad == match.No
	for i := range r.fields {
		if f := &r.fields[i]; f.group == group && f.lacks(values) {
			k := min(i, lastField)
			lacks |= 1 << k
			g.add(k, 1)
			if v := values[f.field.Index]; !match.Missing(v) {
				g.texts |= 1 << k
				if !utf8.Valid(v) {
					g.other |= 1 << k
					g.strange(v)
				}
			}
		}
	}
	if harmless {
		return 0
	}
	g.bad++
	r.doubt(r.doubtsOf(values, held, labelled), t, 1)
	return lacks
}

// doubtsOf returns where an event is doubted: in its label set, in all of them if it
// lacks a label, or in its own if there is such a set without it.
func (r *request) doubtsOf(values [][]byte, held match.Truth, labelled bool) *cells {
	split := r.split
	if held == match.Unsure && len(r.columns) > 0 {
		split = r.strays
	}
	if labelled {
		if s := split.Part(values); s != nil {
			return &s.doubts
		}
	}
	return &r.anywhere
}

// doubt adds events that may be bad. At worst they are, so a count of good events has
// none of them.
func (r *request) doubt(c *cells, t int64, n uint64) {
	if r.req.Count == spec.Good {
		return
	}
	at := c.At(r.bucket(t))
	at.total += n
	if r.whole() {
		at.bad += n
	}
}

// doubts returns the findings about what a request could not read or judge: errors if
// that is more than the source allows.
func (f *Folder) doubts(r *request, saw Seen) (notes diag.List) {
	l := limit{most: f.Source.MaxUnread.Rat()}
	l.add(saw.Unread)
	for group := range r.tally.groups {
		l.add(Share{r.tally.groups[group].bad, r.tally.whole(group)})
	}
	if saw.Unread.Part > 0 {
		notes = append(notes, saw.Tell(l.over(saw.Unread))...)
	}
	for group := range r.tally.groups {
		if r.tally.groups[group].all > 0 {
			notes = append(notes, f.absent(r, group, l, saw.Shown)...)
		}
	}
	return notes
}

// limit holds shares of events, each of what the one before left over, against the
// most that they may be together.
type limit struct {
	most *big.Rat
	left *big.Rat // what none of them took; nil: all
}

func (l *limit) add(s Share) {
	if l.left == nil {
		l.left = big.NewRat(1, 1)
	}
	rest := new(big.Rat).Sub(big.NewRat(1, 1), s.rat())
	l.left.Mul(l.left, rest)
}

// over says of a share that it is too much, or that all of them are; "" if they are not.
func (l *limit) over(s Share) string {
	switch all := new(big.Rat).Sub(big.NewRat(1, 1), l.left); {
	case s.rat().Cmp(l.most) > 0:
		return ", over max_unread " + percentOf(l.most)
	case all.Cmp(l.most) > 0:
		return ", with the others over max_unread " + percentOf(l.most)
	}
	return ""
}

// Over says of a share of a source that it is over its max_unread, "" if it is not.
func Over(part, whole int64, most slo.Number) string {
	l := limit{most: most.Rat()}
	l.add(Share{part, whole})
	return l.over(Share{part, whole})
}

// absent returns the findings about events that one group of conditions leaves open.
func (f *Folder) absent(r *request, group int, l limit, shown []Shown) diag.List {
	g, of := r.tally.groups[group], r.tally.whole(group)
	note := f.absentNote(r, group)
	if g.bad == 0 {
		note.Message += "; none of them can be bad"
		return diag.List{note}
	}
	if g.bad < g.all {
		note.Message += "; " + diag.Thousands(g.bad) + " of them may be bad"
	}
	over := l.over(Share{g.bad, of})
	note.Message += ": " + Percent(g.bad, of) + over
	if over != "" {
		note.Severity = diag.Error
	}
	if g.all == of && (g.texts == 0 || r.spans(g.texts, group)) {
		note.Hint = "no " + f.Source.Noun + " has one: is the name right? " +
			"a duration has a unit, as in 12ms, or one that the source knows"
	}
	return append(diag.List{note}, r.examples(note, group, f.Source.Noun, shown)...)
}

// absentNote says how many events lack what a group of conditions needs.
func (f *Folder) absentNote(r *request, group int) diag.Finding {
	g := r.tally.groups[group]
	var lacked Fields
	for i, n := range g.lacks {
		if n > 0 {
			lacked |= 1 << i
		}
	}
	keys, need, have := r.keys(lacked, group), " needs", " have "
	if len(keys) > 1 {
		need = " need"
	}
	if g.all == 1 {
		have = " has "
	}
	what := f.Source.count(r.tally.whole(group))
	if group == sliGroup {
		what += " to judge"
	}
	note := diag.Warnf(r.keyPos(keys[0]), f.Source.Room+"/absent", "%s of %s%s%s, which %s%s",
		diag.Thousands(g.all), what, have, r.without(lacked, group), strings.Join(keys, " and "), need)
	if g.other&lacked != 0 {
		return note.WithHint("they are not UTF-8: say in the source how its text is encoded, such as encoding: %s",
			input.GuessEncoding(g.odd))
	}
	if g.texts&lacked != 0 && !r.spans(g.texts&lacked, group) {
		return note.WithHint("%s", MendTexts(f.Source.Noun))
	}
	return note.WithHint("%s", r.leaveOut(r.names(lacked, group), group, f.Source.Noun))
}

// MendTexts is the hint about texts where numbers are tested.
func MendTexts(noun string) string {
	return "mend the data; leave such " + noun + "s out by what they say, {not: n/a} in where; or list texts " +
		"beside the range, as [500-599, error]: then all others are surely not in it"
}

// examples returns findings of the kind of note about single events.
func (r *request) examples(note diag.Finding, group int, noun string, shown []Shown) (notes diag.List) {
	for _, e := range shown {
		if len(r.names(e.Lacks, group)) == 0 {
			continue
		}
		notes = append(notes, diag.Finding{Severity: note.Severity, Pos: e.Pos, Code: note.Code,
			Message: noun + " has " + r.without(e.Lacks, group), Excerpt: e.Excerpt})
	}
	return notes
}

// keyPos returns where the file says the condition of a key, or what it splits by.
func (r *request) keyPos(key string) diag.Pos {
	if v := r.req.SLI.Get(key); v.Is() {
		return v.Pos
	}
	return r.req.SLI.Pos
}

// without says what an event lacks: a text that is no number or duration is there, but
// no use.
func (r *request) without(of Fields, group int) string {
	no := "no "
	for i, f := range r.fields {
		if of>>min(i, lastField)&1 == 1 && f.group == group && (f.span || r.tally.groups[group].texts>>min(i, lastField)&1 == 1) {
			no = "no readable "
		}
	}
	return no + quoted(r.names(of, group))
}

// spans tells whether one of the fields is tested as a duration.
func (r *request) spans(of Fields, group int) bool {
	for i, f := range r.fields {
		if of>>min(i, lastField)&1 == 1 && f.group == group && f.span {
			return true
		}
	}
	return false
}

// names returns the names of fields that belong to a group.
func (r *request) names(of Fields, group int) (names []string) {
	for i, f := range r.fields {
		if of>>min(i, lastField)&1 == 1 && f.group == group {
			names = append(names, f.name)
		}
	}
	return names
}

// keys returns which conditions test those fields.
func (r *request) keys(of Fields, group int) (keys []string) {
	for i, f := range r.fields {
		if of>>min(i, lastField)&1 == 1 && f.group == group && !slices.Contains(keys, f.key) {
			keys = append(keys, f.key)
		}
	}
	return keys
}

// leaveOut says how to count only events that have the fields.
func (r *request) leaveOut(names []string, group int, noun string) string {
	var tests []string
	for _, name := range names {
		tests = append(tests, match.Key(name)+": {not: none}")
	}
	text := strings.Join(tests, ", ")
	switch {
	case group == whereGroup: // which tests the field already
		return "not: {" + match.Key(names[0]) + ": none} in where leaves such " + noun + "s out"
	case r.where != nil:
		return "add " + text + " to where to leave such " + noun + "s out"
	}
	return "where: {" + text + "} leaves such " + noun + "s out"
}

// count is "1 line" or "1,440 lines".
func (s Source) count(n int64) string {
	if n == 1 {
		return "1 " + s.Noun
	}
	return diag.Thousands(n) + " " + s.Noun + "s"
}

func quoted(names []string) string {
	var out []string
	for _, n := range names {
		out = append(out, strconv.Quote(n))
	}
	return strings.Join(out, " or ")
}

// Percent returns a share that is over 0, rounded up to two significant digits: a
// share over the limit never shows as the limit.
func Percent(part, whole int64) string {
	share, digits := big.NewRat(part, whole), 0
	share.Mul(share, big.NewRat(100, 1))
	power := big.NewInt(1)
	for scaled := new(big.Rat).Set(share); scaled.Cmp(big.NewRat(10, 1)) < 0; digits++ {
		scaled.Mul(scaled, big.NewRat(10, 1))
		power.Mul(power, big.NewInt(10))
	}
	n := new(big.Int).Mul(share.Num(), power)
	n.Add(n, share.Denom()).Sub(n, big.NewInt(1)).Quo(n, share.Denom())
	return decimal(new(big.Rat).SetFrac(n, power), digits)
}

// percentOf writes a limit in full: it has at most nine decimals.
func percentOf(limit *big.Rat) string {
	return decimal(new(big.Rat).Mul(limit, big.NewRat(100, 1)), 9)
}

func decimal(n *big.Rat, digits int) string {
	text := n.FloatString(digits)
	if digits > 0 {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	return text + " %"
}
