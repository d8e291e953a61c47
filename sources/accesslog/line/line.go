// Package line knows what lines of a log hold beside requests: colours and control
// characters, what carried a line and wrote its own words before it, and the records
// that programs write into the same stream. It knows no format of requests.
package line

import (
	"bytes"
	"encoding/binary"
)

const (
	escape = 0x1b
	del    = 0x7f
)

// Control tells whether b holds a control character other than a tab. No server
// writes one as it is: the line is damaged, coloured, or several lines in one.
func Control(b []byte) bool {
	const ones, tops = 0x0101010101010101, 0x8080808080808080
	for len(b) >= 8 {
		x := binary.LittleEndian.Uint64(b)
		low := (x - 0x20*ones) &^ x & tops
		dels := x ^ del*ones
		if (low|(dels-ones)&^dels&tops) != 0 && control(b[:8]) {
			return true
		}
		b = b[8:]
	}
	return control(b)
}

func control(b []byte) bool {
	for _, c := range b {
		if c < ' ' && c != '\t' || c == del {
			return true
		}
	}
	return false
}

// Plain returns b without the sequences that colour it on a terminal.
func Plain(b []byte) []byte {
	if bytes.IndexByte(b, escape) < 0 {
		return b
	}
	var out []byte
	for len(b) > 0 {
		if n := coloured(b); n > 0 {
			b = b[n:]
			continue
		}
		out = append(out, b[0])
		b = b[1:]
	}
	return out
}

// coloured returns the length of the sequence that b begins with: ESC [ 0;33;1 m.
func coloured(b []byte) int {
	if len(b) < 3 || b[0] != escape || b[1] != '[' {
		return 0
	}
	for n := 2; n < len(b); n++ {
		switch c := b[n]; {
		case c == 'm' || c == 'K':
			return n + 1
		case c != ';' && !digit(c):
			return 0
		}
	}
	return 0
}

func digit(c byte) bool { return c-'0' < 10 }

func letter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }

// like tells whether b begins with a text of the same shape as pattern, in which 0 is
// any digit and A any letter.
func like(b []byte, pattern string) bool {
	if len(b) < len(pattern) {
		return false
	}
	for i := range len(pattern) {
		switch c := b[i]; pattern[i] {
		case '0':
			if !digit(c) {
				return false
			}
		case 'A':
			if !letter(c) {
				return false
			}
		default:
			if c != pattern[i] {
				return false
			}
		}
	}
	return true
}
