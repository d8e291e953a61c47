package clock

import (
	"bytes"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Layout is a compiled strftime layout: conversions and the text between them.
type Layout []conversion

type conversion struct {
	verb  byte   // 0: literal text
	text  string // of a literal
	tight bool   // another number follows or precedes at once: all digits are written
}

// Compile reads a strftime layout that says an instant to the minute. %f is a fraction
// of a second, %Q the time in milli- or microseconds since 1970.
func Compile(layout string) (Layout, error) {
	s, err := compile(layout)
	if err == nil && !s.has("sQ") && !(s.dated() && s.has("HI") && s.has("M")) {
		err = fmt.Errorf("the time lacks a date or a time of day")
	}
	return s, err
}

// CompileDate is Compile of a layout that may leave out the time of day, which is then
// midnight.
func CompileDate(layout string) (Layout, error) {
	s, err := compile(layout)
	switch {
	case err != nil || s.has("sQ"):
	case !s.dated():
		err = fmt.Errorf("the time lacks a year, a month or a day")
	case s.has("MSfp") && !s.has("HI"), s.has("Sf") && !s.has("M"):
		err = fmt.Errorf("the time of day lacks an hour or a minute")
	}
	return s, err
}

func compile(layout string) (Layout, error) {
	var s Layout
	for layout = spelled(layout); layout != ""; {
		i := strings.IndexByte(layout, '%')
		if i < 0 {
			i = len(layout)
		}
		if i > 0 {
			s = append(s, conversion{text: layout[:i]})
			layout = layout[i:]
			continue
		}
		if len(layout) < 2 || !strings.ContainsRune("YmdHMSybBezZsaAIpfQ%", rune(layout[1])) {
			unknown := layout[:min(2, len(layout))]
			return nil, fmt.Errorf("%q is not a conversion of strftime that is known here", unknown)
		}
		if layout[1] == '%' {
			s = append(s, conversion{text: "%"})
		} else {
			s = append(s, conversion{verb: layout[1]})
		}
		layout = layout[2:]
	}
	if s.has("I") && !s.has("p") {
		return nil, fmt.Errorf("%%I is an hour of twelve, which needs %%p; %%H is one of the day")
	}
	for i := range s[min(1, len(s)):] {
		if s[i].number() && s[i+1].number() {
			s[i].tight, s[i+1].tight = true, true
		}
	}
	return s, nil
}

// patterns are what other tools call the parts of a time, as strftime does: letters of
// spreadsheets, Java and moment, and the reference time of Go. Longer ones come first.
func patterns() (letters, reference *strings.Replacer) {
	letters = strings.NewReplacer("YYYY", "%Y", "yyyy", "%Y", "YY", "%y", "yy", "%y", "MMMM", "%B", "MMM", "%b", "MM", "%m",
		"DD", "%d", "dd", "%d", "HH", "%H", "hh", "%I", "mm", "%M", "ss", "%S", ".SSS", ".%f", ",SSS", ",%f", "SSS", "%f",
		"AM/PM", "%p", "XXX", "%z", "ZZ", "%z", "'T'", "T", "A", "%p", "a", "%p", "Z", "%z",
		"D", "%d", "d", "%d", "M", "%m", "H", "%H", "h", "%I", "m", "%M")
	reference = strings.NewReplacer("2006", "%Y", "January", "%B", "Jan", "%b", "Monday", "%A", "Mon", "%a", "-07:00", "%z", "-0700", "%z",
		"Z07:00", "%z", "MST", "%Z", ".000", ".%f", "15", "%H", "01", "%m", "02", "%d", "03", "%I", "04", "%M", "05", "%S", "06", "%y", "PM", "%p")
	return letters, reference
}

// Strftime returns the layout that says what one of a spreadsheet, of Java, of moment or of
// Go means, "" if it is none that is known.
func Strftime(layout string) string {
	letters, reference := patterns()
	if strings.Contains(layout, "%") {
		return ""
	}
	for _, notation := range []*strings.Replacer{reference, letters} {
		meant := spreadsheet(notation.Replace(layout))
		if _, err := CompileDate(meant); err == nil && meant != layout {
			return meant
		}
	}
	return ""
}

// spreadsheet mends what spreadsheets write in one way: hours are of twelve beside AM and PM
// alone, behind them MM is the minutes, and mm before them is the month.
func spreadsheet(layout string) string {
	if !strings.Contains(layout, "%p") {
		layout = strings.ReplaceAll(layout, "%I", "%H")
	}
	layout = strings.NewReplacer("%H:%m", "%H:%M", "%I:%m", "%I:%M").Replace(layout)
	if strings.Contains(layout, "%m") || strings.Contains(layout, "%b") || strings.Contains(layout, "%B") {
		return layout
	}
	date, rest, found := strings.Cut(layout, "%M")
	if !found {
		return layout
	}
	return date + "%m" + rest
}

// Hint says how to write a layout that Compile refuses: in strftime what it means, else
// example, with what that reads.
func Hint(layout, example, reads string) string {
	if meant := Strftime(layout); meant != "" {
		return fmt.Sprintf("layouts are those of strftime: write %q", meant)
	}
	return fmt.Sprintf("write a strftime layout, such as %q of %s", example, reads)
}

// spelled writes out the conversions that stand for others.
func spelled(layout string) string {
	return strings.NewReplacer(
		"%T", "%H:%M:%S", "%F", "%Y-%m-%d", "%D", "%m/%d/%y", "%R", "%H:%M", "%r", "%I:%M:%S %p",
		"%h", "%b", "%k", "%H", "%l", "%I", "%P", "%p", "%-d", "%d", "%-m", "%m", "%-y", "%y",
		"%-H", "%H", "%-I", "%I", "%-M", "%M", "%-S", "%S",
		"%3N", "%f", "%6N", "%f", "%9N", "%f", "%N", "%f", "%L", "%f", "%%", "%%").Replace(layout)
}

// number tells whether a conversion stands for digits.
func (c conversion) number() bool { return c.verb != 0 && strings.IndexByte("YymdeHIMSf", c.verb) >= 0 }

// dated tells whether the layout names a day.
func (s Layout) dated() bool { return s.has("Yy") && s.has("mbB") && s.has("de") }

// Zoned tells whether times of the layout say which instant they are, whatever
// the zone of the log.
func (s Layout) Zoned() bool { return s.has("zZsQ") }

// Daily tells whether times of the layout are days.
func (s Layout) Daily() bool { return !s.has("HIsQ") }

// has tells whether one of the conversions is in the layout.
func (s Layout) has(verbs string) bool {
	return slices.ContainsFunc(s, func(c conversion) bool {
		return c.verb != 0 && strings.IndexByte(verbs, c.verb) >= 0
	})
}

// Wall is a time as it was written: what a clock on a wall shows.
type Wall struct {
	Sec   int64 // since 1970, as if the clock were one of UTC
	Nanos int32
	Zoned bool // the text says which instant it is: Sec is that of UTC
}

// Read reads a text that is a time in the layout and nothing else.
func (s Layout) Read(text []byte) (w Wall, ok bool) {
	r, ok := s.scan(text)
	switch {
	case !ok:
		return Wall{}, false
	case r.whole:
		return Wall{Sec: r.epoch, Zoned: true}, true
	}
	return Wall{Sec: r.t.unix(nil), Nanos: r.nanos, Zoned: r.t.zoned}, true
}

// parse returns the Unix seconds of a text, in zone if it names none.
func (s Layout) parse(text []byte, zone *time.Location) (int64, bool) {
	r, ok := s.scan(text)
	if !ok || r.whole {
		return r.epoch, ok
	}
	return r.t.unix(zone), true
}

// reading is the state of one text being read.
type reading struct {
	rest  []byte
	t     moment
	nanos int32
	epoch int64
	whole bool // epoch is the time
	pm    int  // 12 after noon, 0 before, -1 if nothing was said
}

func (s Layout) scan(text []byte) (reading, bool) {
	r := reading{rest: text, pm: -1}
	r.t.month, r.t.day = 1, 1
	for _, c := range s {
		if c.verb == 0 {
			if len(r.rest) < len(c.text) || string(r.rest[:len(c.text)]) != c.text {
				return r, false
			}
			r.rest = r.rest[len(c.text):]
			continue
		}
		before := len(r.rest)
		if !r.read(c.verb) || c.tight && before-len(r.rest) < 2 {
			return r, false
		}
	}
	if len(r.rest) > 0 {
		return r, false
	}
	if r.pm >= 0 {
		r.t.hour = r.t.hour%12 + r.pm
	}
	ok := r.whole || r.t.valid()
	r.t.second = min(r.t.second, 59)
	return r, ok
}

// read reads what one conversion stands for.
func (r *reading) read(verb byte) bool {
	switch verb {
	case 'H', 'I', 'M', 'S', 'f':
		return r.timeOfDay(verb)
	case 'a', 'A':
		return len(r.word()) > 0
	case 'p':
		return r.half()
	case 'z', 'Z':
		return r.zone()
	case 's', 'Q':
		return r.sinceEpoch()
	}
	return r.date(verb)
}

func (r *reading) date(verb byte) (ok bool) {
	switch verb {
	case 'Y':
		before := len(r.rest)
		r.t.year, _ = r.number(4)
		ok = before-len(r.rest) == 4
	case 'y':
		r.t.year, ok = r.number(2)
		r.t.year += 2000
		if r.t.year > 2068 { // POSIX
			r.t.year -= 100
		}
	case 'm':
		r.t.month, ok = r.number(2)
	case 'b', 'B':
		r.t.month, ok = monthOf(r.word()), true
	case 'd', 'e':
		r.pad()
		r.t.day, ok = r.number(2)
	}
	return ok
}

func (r *reading) timeOfDay(verb byte) (ok bool) {
	switch verb {
	case 'H':
		r.pad()
		r.t.hour, ok = r.number(2)
	case 'I':
		r.pad()
		r.t.hour, ok = r.number(2)
		ok = ok && r.t.hour >= 1 && r.t.hour <= 12
	case 'M':
		r.t.minute, ok = r.number(2)
	case 'S':
		r.t.second, ok = r.number(2)
	case 'f':
		r.nanos, ok = r.fraction()
	}
	return ok
}

// fraction reads up to nine digits behind a point.
func (r *reading) fraction() (nanos int32, ok bool) {
	before := len(r.rest)
	n, ok := r.number(9)
	for digits := before - len(r.rest); digits < 9; digits++ {
		n *= 10
	}
	return int32(n), ok
}

// pad skips the blank that stands for the first of two digits.
func (r *reading) pad() {
	if len(r.rest) > 0 && r.rest[0] == ' ' {
		r.rest = r.rest[1:]
	}
}

// half reads AM or PM, also as they are written in Japan.
func (r *reading) half() bool {
	for half, name := range []string{"午前", "午後"} {
		if rest, ok := bytes.CutPrefix(r.rest, []byte(name)); ok {
			r.rest, r.pm = rest, 12*half
			return true
		}
	}
	w := r.word()
	if len(w) != 2 || w[1]|0x20 != 'm' || w[0]|0x20 != 'a' && w[0]|0x20 != 'p' {
		return false
	}
	r.pm = 0
	if w[0]|0x20 == 'p' {
		r.pm = 12
	}
	return true
}

// sinceEpoch reads Unix time, which is the whole time.
func (r *reading) sinceEpoch() bool {
	n := 0
	for n < len(r.rest) && digit(r.rest[n]) {
		n++
	}
	r.epoch, r.whole = parseEpoch(r.rest[:n])
	r.rest = r.rest[n:]
	return r.whole
}

// number reads up to n digits.
func (r *reading) number(n int) (int, bool) {
	i, v := 0, 0
	for i < n && i < len(r.rest) && digit(r.rest[i]) {
		v = v*10 + int(r.rest[i]-'0')
		i++
	}
	r.rest = r.rest[i:]
	return v, i > 0
}

func (r *reading) word() []byte {
	i := 0
	for i < len(r.rest) && r.rest[i]|0x20 >= 'a' && r.rest[i]|0x20 <= 'z' {
		i++
	}
	w := r.rest[:i]
	r.rest = r.rest[i:]
	return w
}

func (r *reading) zone() bool {
	i := 0
	for i < len(r.rest) && i < 6 && r.rest[i] != ' ' && r.rest[i] != ']' && r.rest[i] != '.' {
		i++
	}
	ok := i > 0 && r.t.setZone(r.rest[:i])
	r.rest = r.rest[i:]
	return ok
}
