package line

import "bytes"

// Added tells whether rest, which stands behind the last value of a format, is of whole
// values that a server added, and not the end of another record. Behind a quote that
// closes the last value stands a blank, or the rest of a value that holds quotes which
// its server does not escape.
func Added(rest []byte, closed bool) bool {
	if closed && len(rest) > 0 && !blank(rest[0]) {
		return rest[0] != '"' && bytes.Count(rest, []byte{'"'})%2 == 0 && rest[len(rest)-1] == '"' &&
			!bytes.Contains(rest, []byte(` "`))
	}
	for {
		for len(rest) > 0 && blank(rest[0]) {
			rest = rest[1:]
		}
		if len(rest) == 0 {
			return true
		}
		end := addedEnd(rest)
		if end < 0 || requested(rest[:end]) {
			return false
		}
		rest = rest[end:]
	}
}

// addedEnd returns the length of the value that b begins with: a word, or text in
// quotes, with or without a name before it. It is -1 if the value is no whole one.
func addedEnd(b []byte) int {
	for i := 0; i < len(b); i++ {
		switch {
		case blank(b[i]):
			return i
		case b[i] == '"':
			n := closing(b[i+1:])
			if n < 0 {
				return -1
			}
			if i += n + 1; i+1 < len(b) && !blank(b[i+1]) && b[i+1] != ',' && b[i+1] != ';' {
				return -1
			}
		}
	}
	return len(b)
}

// closing returns where the quote is that ends a text, -1 without one.
func closing(b []byte) int {
	for from := 0; ; {
		n := bytes.IndexByte(b[from:], '"')
		if n < 0 {
			return -1
		}
		if n += from; n == 0 || b[n-1] != '\\' || !escaped(b[:n]) {
			return n
		}
		from = n + 1
	}
}

func blank(c byte) bool { return c == ' ' || c == '\t' }

// requested tells whether a value is the request line of another record.
func requested(value []byte) bool {
	if value[len(value)-1] != '"' {
		return false
	}
	n := bytes.LastIndex(value, []byte(" HTTP/"))
	return n >= 0 && len(value)-n <= len(` HTTP/1.1"`)
}

// escaped tells whether an odd number of backslashes stands at the end of b.
func escaped(b []byte) bool {
	return (len(b)-len(bytes.TrimRight(b, `\`)))%2 == 1
}
