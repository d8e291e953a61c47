package mask

import (
	"html"
	"slices"
	"strconv"
	"strings"
	"unicode"
	"unicode/utf16"
	"unicode/utf8"
)

// Hide returns text with instead in place of a secret, in whatever way that is spelled: as
// it is, or with some of its characters escaped for an address, JSON, HTML or XML, or a
// string of a program, more than once too, or read byte by byte as latin-1 or Windows-1252.
// For who repeats what it was sent may have put it into something else.
func Hide(text, secret, instead string) string {
	if secret == "" {
		return text
	}
	var out strings.Builder
	runes := []rune(secret)
	shown := 0
	for at := 0; at < len(text); {
		end := spelled(text, at, runes)
		if strings.HasPrefix(text[at:], secret) { // which may be no UTF-8
			end = max(end, at+len(secret))
		}
		if end == at {
			at++ // not by characters: what is no UTF-8 may begin within one
			continue
		}
		out.WriteString(text[shown:at] + instead)
		at, shown = end, end
	}
	return out.String() + text[shown:]
}

// spelled returns where the secret that text has at a place ends, in its longest spelling;
// the place itself if there is none.
func spelled(text string, at int, secret []rune) int {
	ends := [2][]int{{at}}
	for _, r := range secret {
		ends[1] = ends[1][:0]
		for _, i := range ends[0] {
			ends[1] = character(ends[1], text, i, r)
		}
		if len(ends[1]) == 0 {
			return at
		}
		slices.Sort(ends[1])
		ends[0], ends[1] = slices.Compact(ends[1]), ends[0]
	}
	return slices.Max(ends[0])
}

// character appends where a character that text has at a place ends, in each spelling.
func character(ends []int, text string, at int, r rune) []int {
	ends = escaped(ends, text, at, r)
	if r < utf8.RuneSelf {
		return ends
	}
	const lost = "\uFFFD" // one for all that was lost
	switch rest := text[at:]; {
	case strings.HasPrefix(rest, "?"):
		ends = append(ends, at+1)
	case strings.HasPrefix(rest, lost):
		ends = append(ends, at+len(lost))
	case strings.HasSuffix(text[:at], lost):
		ends = append(ends, at)
	}
	if r <= unicode.MaxLatin1 { // as JavaScript's escape has it
		if n := percents(text[at:], string([]byte{byte(r)})); n > 0 {
			ends = append(ends, at+n)
		}
	}
	bytewise := []int{at}
	for _, b := range []byte(string(r)) {
		var next []int
		for _, i := range bytewise {
			next = escaped(next, text, i, rune(b))
			if w := windows(b); w >= 0 {
				next = escaped(next, text, i, w)
			}
		}
		bytewise = next
	}
	return append(ends, bytewise...)
}

// windows returns what Windows-1252 has for a byte, −1 if that is what latin-1 has.
func windows(b byte) rune {
	const first, own = 0x80, "€ ‚ƒ„…†‡ˆ‰Š‹Œ Ž  ‘’“”•–—˜™š›œ žŸ" // a blank: none
	if all := []rune(own); b >= first && int(b-first) < len(all) && all[b-first] != ' ' {
		return all[b-first]
	}
	return -1
}

// escaped appends where a character that text has at a place ends, as it is and as it is
// escaped.
func escaped(ends []int, text string, at int, r rune) []int {
	rest := text[at:]
	if strings.HasPrefix(rest, string(r)) {
		ends = append(ends, at+utf8.RuneLen(r))
	}
	n := 0
	switch {
	case rest == "":
		return ends
	case rest[0] == '\\':
		n = backslashed(rest, r)
	case rest[0] == '&':
		n = entity(rest, r)
	case rest[0] == '%':
		n = percents(rest, string(r))
	}
	if n > 0 {
		ends = append(ends, at+n)
	}
	switch {
	case r == '\\':
		ends = repeated(ends, text, at, `\`)
	case r == '%' && rest[0] == '%':
		ends = repeated(ends, text, at+1, "25")
	case r == '&' && rest[0] == '&':
		ends = repeated(ends, text, at+1, "amp;")
	case r == ' ':
		ends = escaped(ends, text, at, '+') // in the form of a web page
	}
	return ends
}

// repeated appends where each of the repetitions ends that text has at a place.
func repeated(ends []int, text string, at int, part string) []int {
	for strings.HasPrefix(text[at:], part) {
		at += len(part)
		ends = append(ends, at)
	}
	return ends
}

// backslashed returns the length of a character with backslashes before it, which are two
// or more where it is escaped again, 0 if text does not begin with it.
func backslashed(text string, r rune) int {
	rest := strings.TrimLeft(text, `\`)
	n := len(text) - len(rest)
	const named, letters = "\n\t\r\b\f", "ntrbf"
	i := strings.IndexRune(named, r)
	switch {
	case i >= 0 && strings.HasPrefix(rest, letters[i:i+1]):
		return n + 1
	case !unicode.IsLetter(r) && !unicode.IsDigit(r) && strings.HasPrefix(rest, string(r)):
		return n + utf8.RuneLen(r)
	case hex(rest, 'x', 2) == r:
		return n + 3
	case hex(rest, 'U', 8) == r:
		return n + 9
	case hex(rest, 'u', 4) == r:
		return n + 5
	}
	const half = 5 // of a pair: u and four digits
	if high, _ := utf16.EncodeRune(r); high != unicode.ReplacementChar && hex(rest, 'u', 4) == high {
		second := strings.TrimLeft(rest[half:], `\`)
		if utf16.DecodeRune(high, hex(second, 'u', 4)) == r {
			return len(text) - len(second) + half
		}
	}
	return 0
}

// hex returns the number of some digits behind a letter, −1 if text does not begin with these.
func hex(text string, letter byte, digits int) rune {
	if len(text) <= digits || text[0] != letter {
		return -1
	}
	n, err := strconv.ParseUint(text[1:1+digits], 16, 31)
	if err != nil {
		return -1
	}
	return rune(n)
}

// entity returns the length of a character that is written as HTML and XML have it, 0 if
// text does not begin with it. Its & may be written so again.
func entity(text string, r rune) int {
	const longest, amp = 12, "amp;"
	for at := 1; ; at += len(amp) {
		name, _, closed := strings.Cut(text[at:min(len(text), at+longest)], ";")
		if closed && html.UnescapeString("&"+name+";") == string(r) {
			return at + len(name) + 1
		}
		if !strings.HasPrefix(text[at:], amp) {
			return 0
		}
	}
}

// percents returns the length of the bytes of a character that are written as addresses have
// them, 0 if text does not begin with it. Its % may be written so again.
func percents(text, bytes string) int {
	rest := text
	for _, b := range []byte(bytes) {
		if !strings.HasPrefix(rest, "%") {
			return 0
		}
		for rest = rest[1:]; strings.HasPrefix(rest, "25"); {
			rest = rest[2:]
		}
		if hex("%"+rest, '%', 2) != rune(b) {
			return 0
		}
		rest = rest[2:]
	}
	return len(text) - len(rest)
}
