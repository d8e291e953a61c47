package accesslog

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources/accesslog/line"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/input"
)

// maxSilences bounds how many silences are named.
const maxSilences = 3

// unreadNotes returns the findings about lines that could not be read: errors if
// they are over what the file allows.
func (s *source) unreadNotes(unread refused, j *job, over string) diag.List {
	rows, bytes := j.size(unread)
	f := diag.Warnf(s.cfg.Get("path").Pos, "accesslog/unread", "%s of %s do not fit format %q: %s",
		diag.Thousands(unread.n), lines(rows), s.spec.name(), fold.Percent(unread.n, rows))
	if unread.bySize(rows, bytes) {
		f.Message += ", and long or damaged ones are " + fold.Percent(unread.long, bytes) + " of the input"
	}
	f.Message += over
	if over != "" {
		f.Severity = diag.Error
		f = s.hint(f, unread.examples)
	}
	return shownWith(f, unread.examples, fmt.Sprintf("line does not fit format %q", s.spec.name()))
}

// asideNotes tells of the records that are none of a request.
func (s *source) asideNotes(aside map[string]int64) (notes diag.List) {
	for _, kind := range slices.Sorted(maps.Keys(aside)) {
		text := "%s are %s, not requests"
		if aside[kind] == 1 {
			text = "%s is one of the %s, not a request"
		}
		notes = append(notes, diag.Warnf(s.cfg.Get("path").Pos, "accesslog/aside", text, lines(aside[kind]), kind))
	}
	return notes
}

// shownWith returns f and a finding of its kind about each of the examples.
func shownWith(f diag.Finding, examples []example, why string) diag.List {
	notes := diag.List{f}
	for _, e := range examples {
		pos := diag.Pos{File: e.file, Line: e.line}
		notes = append(notes, diag.Finding{Severity: f.Severity, Pos: pos, Code: f.Code, Message: why, Excerpt: e.text})
	}
	return notes
}

// hint names the format that the unread lines look like.
func (s *source) hint(f diag.Finding, unread []example) diag.Finding {
	if name := looksLike(unread); name != "" && name != s.spec.name() {
		return f.WithHint("the lines look like format: %s", name)
	}
	if slices.ContainsFunc(unread, func(e example) bool { return input.Shifts(e.raw) }) {
		return f.WithHint("the lines have letters of ISO-2022-JP: say in the source how they are encoded: encoding: iso-2022-jp")
	}
	if words := s.before(unread); words != "" {
		text := cmp.Or(texts()[s.spec.name()], "$remote_addr …")
		return f.WithHint("the lines begin with words that are no part of the format, such as %s: "+
			"write it out with names for them, such as format: '%s %s'", diag.Quote(words), named(words), text)
	}
	return f.WithHint("check format against a line of the log, or raise max_unread")
}

// before returns the words that one of the lines begins with, before a record of the
// format; "" if there are none.
func (s *source) before(lines []example) string {
	l, err := s.spec.compile()
	if err != nil || l.serial {
		return ""
	}
	w := newWorker(l, 1<<62, minutes{}, nil)
	for _, e := range lines {
		for rest := line.Later(e.raw, e.raw); len(rest) > 0; rest = line.Later(e.raw, rest) {
			if _, ok := w.fits(rest, l.every); ok {
				return shown(e.raw[:len(e.raw)-len(rest)-1])
			}
		}
	}
	return ""
}

// named returns as many variables as there are words, apart by blanks.
func named(words string) string {
	var out []string
	for i := range strings.Fields(words) {
		out = append(out, fmt.Sprintf("$word%d", i+1))
	}
	return strings.Join(out, " ")
}

// looksLike names the known format that lines are of, "" if there is none.
func looksLike(lines []example) string {
	var sample []byte
	for _, e := range lines {
		sample = append(append(sample, e.raw...), '\n')
	}
	name, _ := Detect(sample)
	return name
}

// lateNote warns of lines that are left out since their time has not come. A log that is
// being written has some of the minute that has begun.
func (s *source) lateNote(t tally) diag.List {
	if t.future == 0 {
		return nil
	}
	pos, at := s.cfg.Get("path").Pos, s.env.At.UTC().Format(time.RFC3339)
	return diag.List{diag.Warnf(pos, "accesslog/late", "%s at or after %s left out", lines(t.late), at)}
}

// silenceNotes names the longest silences before the log's last second, in order
// of time.
func (s *source) silenceNotes(m minutes, last int64) diag.List {
	all := m.silences(last)
	shown := slices.Clone(all)
	order.Stable(shown, func(a, b silence) int { return cmp.Compare(b.to-b.from, a.to-a.from) })
	shown = shown[:min(len(shown), maxSilences)]
	order.Stable(shown, func(a, b silence) int { return cmp.Compare(a.from, b.from) })
	var notes diag.List
	for _, x := range shown {
		from, to := m.time(x.from), m.time(x.to)
		const minute = "2006-01-02T15:04Z"
		notes = append(notes, s.silenceNote(
			"no line from %s to %s (%s), a time that usually has traffic: it counts as no traffic",
			from.Format(minute), to.Format(minute), slo.FormatDuration(to.Sub(from))))
	}
	if more := len(all) - len(shown); more > 0 {
		notes = append(notes, s.silenceNote("%d more such silences", more))
	}
	return notes
}

func (s *source) silenceNote(format string, args ...any) diag.Finding {
	return diag.Warnf(s.cfg.Get("path").Pos, "accesslog/silence", format, args...).
		WithHint("a server that is down writes no log; " +
			"with budgeting by slices, no_traffic: bad counts such minutes as bad")
}

func (m minutes) time(i int) time.Time { return time.Unix(m.start+int64(i)*60, 0).UTC() }

func lines(n int64) string {
	if n == 1 {
		return "1 line"
	}
	return diag.Thousands(n) + " lines"
}

// printable returns c, or an escape of it if a terminal might act on it.
func printable(c rune) string {
	if unicode.IsPrint(c) {
		return string(c)
	}
	if c < 0x100 {
		return fmt.Sprintf(`\x%02x`, c)
	}
	return fmt.Sprintf(`\u%04x`, c)
}
