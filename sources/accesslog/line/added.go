package line

import "bytes"

// Added tells whether rest, which stands behind the last value of a format, is of whole
// values that a server added, and not the end of another record. Behind a quote that
// closes the last value stands a blank, or the rest of a value that holds quotes which
// its server does not escape.
func Added(rest []byte, closed bool) bool {
	if closed && len(rest) > 0 && rest[0] != ' ' && rest[0] != '\t' {
		return rest[0] != '"' && bytes.Count(rest, []byte{'"'})%2 == 0 && rest[len(rest)-1] == '"' &&
			!bytes.Contains(rest, []byte(` "`))
	}
	for {
		if rest = bytes.TrimLeft(rest, " \t"); len(rest) == 0 {
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
	quoted := false
	for i, c := range b {
		switch {
		case c == '"' && !escaped(b[:i]):
			if quoted && i+1 < len(b) && bytes.IndexByte([]byte(" \t,;"), b[i+1]) < 0 {
				return -1
			}
			quoted = !quoted
		case !quoted && (c == ' ' || c == '\t'):
			return i
		}
	}
	if quoted {
		return -1
	}
	return len(b)
}

// requested tells whether a value is the request line of another record.
func requested(value []byte) bool {
	n := bytes.LastIndex(value, []byte(" HTTP/"))
	return n >= 0 && value[len(value)-1] == '"' && len(value)-n <= len(` HTTP/1.1"`)
}

// escaped tells whether an odd number of backslashes stands at the end of b.
func escaped(b []byte) bool {
	return (len(b)-len(bytes.TrimRight(b, `\`)))%2 == 1
}
