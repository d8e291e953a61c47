package accesslog

import (
	"bytes"
	"errors"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/accesslog/line"
	"github.com/nines-slo/nines/sources/clock"
	"github.com/nines-slo/nines/sources/match"
)

// layout is a compiled format: the variables of a line and how to split it.
type layout struct {
	vars     []variable
	anyName  bool         // a line may have fields that the format does not list
	marks    [][]byte     // names that only the lines of requests have, in small letters
	like     string       // what a line of the format itself would be taken for
	absolute bool         // request lines name the host: "GET https://host/path HTTP/1.1"
	ported   bool         // the client's address always has a port behind it
	times    []int        // slots of the texts that make the time
	stamp    clock.Layout // nil: the shape of the time says
	status   int          // slot, -1 if lines have none
	preset   bool         // the format has a name
	spans    []int        // of a preset: slots of durations that somebody asks for
	zone     *time.Location
	memo     map[string]lookup
	derive   []derivation
	wanted   []bool    // by slot: somebody asks for it
	demands  []*demand // of the requests; nil: all that is wanted
	every    *demand   // all of them together

	// split returns a splitter for one goroutine. It is called once all fields
	// were resolved.
	split func(*layout) splitter

	// fill adds to a buffer a line with a "-" in the place of each value that it leaves out;
	// nil: it leaves out none. The field is nil where no line does.
	fill func(to, text []byte) []byte

	whole  *pattern // of formats with text between the variables
	serial bool     // directives in the file change how later lines read

	// aside names the kind of a record that is none of a request, "" of one that is;
	// nil: all records are of requests.
	aside func(r *record) string
}

// splitter fills values of a line; false: the line does not fit the format as far as
// the demand goes.
type splitter interface {
	split(line []byte, r *record, d *demand) bool
}

// beginner is a splitter that knows how a record begins.
type beginner interface {
	splitter

	// begins tells whether the record that was split begins like one, and not with words
	// before it; surely: by the address of its client, not by a name that a word may be too.
	begins(r *record, surely bool) bool
}

// lookup is a field that somebody asked for.
type lookup struct {
	field match.Field
	slots []bool // what it is made of
}

// record is one line as a goroutine reads it.
type record struct {
	values  [][]byte
	scratch []byte // what values that are not as in the line point into
	full    []byte // the line with all values, if it left some out
	filled  bool   // it did
	entire  bool   // a format with text between the variables has all values, and nothing more
	rest    []byte // of a format with text between the variables: what follows the time
	aside   string // what kind of record it is, if it is none of a request
	joined  bool   // the line holds another, or a part of one
	carrier line.Carrier
}

// derivation makes a value of others: the first step that returns one counts.
type derivation struct {
	slot    int
	steps   []step
	request int // slot of the request line that it is a part of, -1: of none
}

type step func(r *record) []byte

func newLayout(vars []variable, split func(*layout) splitter) *layout {
	l := &layout{memo: map[string]lookup{}, status: -1, split: split, zone: time.UTC}
	for _, v := range vars {
		l.add(v)
	}
	return l
}

// record returns a record for one goroutine, once all fields were resolved.
func (l *layout) record() record {
	return record{values: make([][]byte, len(l.wanted))}
}

// slot returns a new slot of the records.
func (l *layout) slot() int {
	l.wanted = append(l.wanted, false)
	return len(l.wanted) - 1
}

func (l *layout) add(v variable) variable {
	v.slot = l.slot()
	l.vars = append(l.vars, v)
	return v
}

// find returns the variable that means field.
func (l *layout) find(field string) (variable, bool) {
	best, found := variable{}, false
	for _, v := range l.vars {
		if (v.field == field || v.also == field) && (!found || v.rank < best.rank) {
			best, found = v, true
		}
	}
	return best, found
}

// alike returns the variables that together are field, as v is.
func (l *layout) alike(v variable, field string) []variable {
	var out []variable
	for _, w := range l.vars {
		if (w.field == field || w.also == field) && w.rank == v.rank && v.unit > 0 {
			out = append(out, w)
		}
	}
	if len(out) == 0 {
		return []variable{v}
	}
	return out
}

// setUnit says the unit of the bare numbers that a name stands for, false if it stands
// for no duration.
func (l *layout) setUnit(name string, unit time.Duration) bool {
	best, isField := l.find(name)
	isField = isField && typeOf(name) == match.Duration
	found := false
	for i, v := range l.vars {
		means := isField && (v.field == name || v.also == name) && v.rank == best.rank
		named := v.name == name && (v.field == "" || typeOf(v.field) == match.Duration)
		if !means && !named {
			continue
		}
		l.vars[i].unit, found = unit, true
		if l.whole != nil {
			l.whole.tokens[v.slot].word = true
		}
	}
	if !found && l.anyName && name != timeField && !slices.Contains(canonical(), name) {
		l.add(variable{name: name, keys: []string{name}, unit: unit})
		return true
	}
	return found
}

// noDuration says which names have units, where one has none.
func noDuration(l *layout, u unitOfName) diag.Finding {
	f := diag.Errorf(u.pos, "accesslog/unit", "units: %q is no duration of the format", u.name)
	var names []string
	for _, name := range canonical() {
		if _, ok := l.find(name); ok && typeOf(name) == match.Duration {
			names = append(names, name)
		}
	}
	for _, v := range l.vars {
		if v.field == "" && v.unit > 0 {
			names = append(names, v.name)
		}
	}
	if len(names) == 0 {
		return f.WithHint("its lines have no duration that is known: leave units out, or write out the format that has one")
	}
	return f.WithHint("it has %s", strings.Join(names, ", "))
}

// seal settles what every line is read for: its time and, with status, its
// status. Without, a line may lack it unless a condition asks for it.
func (l *layout) seal(status bool) error {
	if status {
		l.requireStatus()
	}
	var clocks []string
	for _, v := range l.timeVariables() {
		l.times, clocks = append(l.times, v.slot), append(clocks, v.clock)
		l.wanted[v.slot] = true
	}
	if len(clocks) == 0 {
		return errors.New("it has no time")
	}
	text := strings.Join(clocks, " ")
	if text == "" || text == "%F %T" {
		return nil
	}
	var err error
	l.stamp, err = clock.Compile(text)
	return err
}

// timeVariables returns the variables that make the time: one that says all of
// it, zone included, or else all that say something.
func (l *layout) timeVariables() []variable {
	var out []variable
	for _, v := range l.vars {
		if v.field != timeField {
			continue
		}
		if s, err := clock.Compile(v.clock); v.clock == "" || err == nil && s.Zoned() {
			return []variable{v}
		}
		out = append(out, v)
	}
	return out
}

func (l *layout) requireStatus() {
	if v, ok := l.find("status"); ok {
		l.status = v.slot
		l.wanted[v.slot] = true
	}
}

// resolve returns the field of that name: canonical, or a variable by the name
// that the format gives it.
func (l *layout) resolve(name string) (match.Field, bool) {
	if found, ok := l.memo[name]; ok {
		return found.field, true
	}
	before := l.wanted
	l.wanted = make([]bool, len(before))
	f, ok := l.canonical(name)
	if !ok {
		f, ok = l.variable(strings.TrimPrefix(name, "$"))
	}
	if ok {
		l.memo[name] = lookup{f, slices.Clone(l.wanted)}
	}
	if ok && l.preset && (f.Type == match.Duration || f.Unit > 0) {
		l.spans = append(l.spans, f.Index)
	}
	for slot, wanted := range before {
		l.wanted[slot] = l.wanted[slot] || wanted
	}
	return f, ok
}

// canonical returns a field that is there under its own name or can be made of others.
func (l *layout) canonical(name string) (match.Field, bool) {
	v, ok := l.find(name)
	if name == "status" {
		l.requireStatus()
	}
	var steps []step
	if !ok || l.anyName || !v.plain() || len(l.alike(v, name)) > 1 {
		steps = l.steps(name)
	}
	if ok && len(steps) == 0 {
		l.wanted[v.slot] = true
		return match.Field{Index: v.slot, Type: typeOf(name), Unit: v.unit}, true
	}
	if len(steps) == 0 {
		return match.Field{}, false
	}
	f := match.Field{Index: l.derived(steps), Type: typeOf(name), Unit: v.unit}
	if request, ok := l.find("request"); ok && f.Type == match.Text && name != "remote_addr" {
		l.derive[len(l.derive)-1].request = request.slot
	}
	return f, true
}

// derived returns the slot of a value that is made of others.
func (l *layout) derived(steps []step) int {
	d := derivation{slot: l.slot(), steps: steps, request: -1}
	l.derive = append(l.derive, d)
	return d.slot
}

// variable returns a variable by its name in the format.
func (l *layout) variable(name string) (match.Field, bool) {
	i := slices.IndexFunc(l.vars, func(v variable) bool { return v.name == name })
	if i < 0 && !l.anyName {
		return match.Field{}, false
	}
	if i < 0 {
		i = len(l.vars)
		l.add(variable{name: name, keys: []string{name}})
	}
	v := l.vars[i]
	l.wanted[v.slot] = true
	f := match.Field{Index: v.slot, Type: match.Any, Unit: v.unit}
	if v.list && v.unit > 0 {
		f.Index = l.derived([]step{func(r *record) []byte { return r.sum([]int{v.slot}, v.unit) }})
	}
	if slices.Contains(canonical(), v.field) {
		f.Type = typeOf(v.field)
	}
	return f, true
}

// known lists the names that resolve takes.
func (l *layout) known() []string {
	wanted := slices.Clone(l.wanted)
	defer func() { l.wanted = wanted }() // to list a field is not to ask for it
	var names []string
	for _, name := range canonical() {
		if _, ok := l.find(name); ok || len(l.steps(name)) > 0 {
			names = append(names, name)
		}
	}
	for _, v := range l.vars {
		if v.field == "" && !slices.Contains(names, v.name) {
			names = append(names, v.name)
		}
	}
	return names
}

// read finds the record in a line and returns when it was; false: the line lacks what
// is demanded, or is of a kind that r.aside names.
func (l *layout) read(text []byte, s splitter, c *clock.Clock, r *record, d *demand) (int64, bool) {
	r.joined = false
	t, ok := l.locate(text, s, c, r, d)
	if r.aside != "" {
		return 0, false
	}
	if !ok || l.anyName && !l.asked(r, d) {
		r.aside = l.foreign(text)
	}
	if !ok || r.aside != "" {
		return 0, false
	}
	for i := range l.derive {
		r.values[l.derive[i].slot] = l.derive[i].value(r)
	}
	l.blank(r)
	return t, true
}

// foreign names what a line that is no record may be instead. One that looks like the
// format, or names what the file says a request has, is a record that is damaged, or
// lacks a value.
func (l *layout) foreign(text []byte) string {
	kind := line.Foreign(text)
	if kind == "" || kind == l.like {
		return ""
	}
	if len(l.marks) > 0 {
		text = bytes.ToLower(text)
	}
	for _, mark := range l.marks {
		if bytes.Contains(text, mark) {
			return ""
		}
	}
	return kind
}

// asked tells whether a record has anything beside its time that is demanded. Of
// formats that name their values, an application's own lines have nothing of it.
func (l *layout) asked(r *record, d *demand) bool {
	for slot, required := range d.required {
		if required && r.values[slot] != nil && !slices.Contains(l.times, slot) {
			return true
		}
	}
	return false
}

// locate reads the record of a line: behind what is known to carry lines, or at the start.
func (l *layout) locate(text []byte, s splitter, c *clock.Clock, r *record, d *demand) (int64, bool) {
	if inner, by := line.Unwrap(text); inner != nil {
		if t, ok := l.begin(inner, s, c, r, d); ok {
			r.carrier = by
			return t, true
		}
	}
	r.carrier = 0
	return l.begin(text, s, c, r, d)
}

// begin reads the record that begins a line. Words before it, that nobody knows, would be
// taken for a part of it.
func (l *layout) begin(text []byte, s splitter, c *clock.Clock, r *record, d *demand) (int64, bool) {
	r.filled = false
	t, ok := l.parseFirst(text, s, c, r, d)
	if !ok && l.fill != nil {
		if full := l.fill(r.full[:0], text); full != nil {
			r.full, r.filled, text = full, true, full
			t, ok = l.parseFirst(text, s, c, r, d)
		}
	}
	return t, ok && l.alone(text, r)
}

// parseFirst is parse of a record that has to begin like one.
func (l *layout) parseFirst(text []byte, s splitter, c *clock.Clock, r *record, d *demand) (int64, bool) {
	t, ok := l.parse(text, s, c, r, d)
	b, able := s.(beginner)
	if !ok || !able || b.begins(r, true) {
		return t, ok
	}
	if !b.begins(r, false) {
		return 0, false
	}
	stop := len(r.rest) // a record begins before its time
	for rest := line.Later(text, text); len(rest) > stop; rest = line.Later(text, rest) {
		if _, ok := l.parse(rest, s, c, r, d); ok && b.begins(r, true) {
			return 0, false // and the name was a word before it
		}
	}
	return l.parse(text, s, c, r, d)
}

// alone tells whether a line holds no record beside the one that r holds.
func (l *layout) alone(text []byte, r *record) bool {
	r.joined = l.whole != nil && !l.whole.alone(text, r)
	return !r.joined
}

// parse splits a record and returns when it was; false: it lacks what is demanded.
// If it is none of a request, r.aside says what it is.
func (l *layout) parse(text []byte, s splitter, c *clock.Clock, r *record, d *demand) (int64, bool) {
	r.scratch, r.aside = r.scratch[:0], ""
	if !s.split(text, r, d) {
		return 0, false
	}
	t, ok := c.Read(l.time(r))
	if !ok {
		return 0, false
	}
	if l.aside != nil {
		if r.aside = l.aside(r); r.aside != "" {
			return t, true
		}
	}
	if d.status >= 0 && d.lacksStatus(r.values[d.status]) {
		return 0, false
	}
	for i := range d.numbers {
		if n := &d.numbers[i]; !n.reads(r.values[n.slot]) {
			return 0, false
		}
	}
	return t, true
}

// time returns the text of the time, its parts joined by blanks.
func (l *layout) time(r *record) []byte {
	if len(l.times) == 1 {
		return r.values[l.times[0]]
	}
	from := len(r.scratch)
	for i, slot := range l.times {
		if i > 0 {
			r.scratch = append(r.scratch, ' ')
		}
		r.scratch = append(r.scratch, r.values[slot]...)
	}
	return r.scratch[from:]
}

// isStatus takes three digits from 100 on, the 009 of nginx for a request of HTTP/0.9,
// and "-" of requests that were not answered. Fewer digits are the rest of a status.
func isStatus(b []byte) bool {
	if len(b) == 1 {
		return b[0] == '-'
	}
	return len(b) == 3 && digit(b[0]) && digit(b[1]) && digit(b[2]) && (b[0] != '0' || string(b) == "009")
}
