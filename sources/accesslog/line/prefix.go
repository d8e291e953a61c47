package line

import (
	"bytes"
	"encoding/json"
	"iter"
	"strings"
)

// maxPrefix bounds how far into a line its record may begin.
const maxPrefix = 256

// maxLayers bounds how many carriers a line has.
const maxLayers = 3

// Carrier is a set of what carried a line and wrote its own words before it.
type Carrier uint8

// What carries lines.
const (
	Kubernetes Carrier = 1 << iota // its runtimes, and kubectl
	Docker                         // its files
	Compose
	Syslog
	Stamps // a time alone, of docker and kubectl if they are asked for it
)

// String names all of the set, apart by commas; it is empty if there are none.
func (c Carrier) String() string {
	var names []string
	for i, name := range []string{"Kubernetes", "docker", "docker compose", "syslog", "timestamps"} {
		if c>>i&1 == 1 {
			names = append(names, name)
		}
	}
	return strings.Join(names, ", ")
}

// Unwrap returns what a line carries behind the words of whatever carried it: a
// container runtime, docker compose, docker's files, syslog, or one in the other. It
// is nil if there are none.
func Unwrap(b []byte) (inner []byte, by Carrier) {
	for range maxLayers { // as layers does, for every line
		next, one := unwrap(b)
		if next == nil {
			break
		}
		b, inner, by = next, next, by|one
	}
	return inner, by
}

// layers yields what a line carries, from the outside in.
func layers(b []byte) iter.Seq2[[]byte, Carrier] {
	return func(yield func([]byte, Carrier) bool) {
		for range maxLayers {
			var by Carrier
			if b, by = unwrap(b); b == nil || !yield(b, by) {
				return
			}
		}
	}
}

func unwrap(b []byte) ([]byte, Carrier) {
	if len(b) < 8 {
		return nil, 0
	}
	switch c := b[0]; {
	case c == '<':
		return priority(b), Syslog
	case c == '{' && bytes.Contains(b, []byte(`"log"`)) && bytes.Contains(b, []byte(`"stream"`)):
		return stored(b), Docker
	case c == '[' && bytes.HasPrefix(b, []byte("[pod/")):
		return prefixed(b), Kubernetes
	case digit(c) && counted(b) > 0:
		return priority(b[counted(b):]), Syslog
	case digit(c) && b[4] == '-' && len(b) > 10 && b[10] == 'T':
		return runtime(b)
	case letter(c) && b[3] == ' ' && dayTime(b[4:]):
		return tagged(dated(b[4:])), Syslog
	case letter(c) && like(b, "AAA 0000-00-00 00:00:00 "):
		return tagged(words(b, 4)), Syslog
	}
	return composed(b), Compose
}

// dayTime tells whether b begins with "26 03:17:29", a blank for a digit, maybe a year
// between the two.
func dayTime(b []byte) bool {
	if len(b) > 0 && b[0] == ' ' {
		return like(b[1:], "0 00:00:00") || like(b[1:], "0 0000 00:00:00 ")
	}
	return like(b, "00 00:00:00") || like(b, "00 0000 00:00:00 ")
}

// dated returns what stands behind "26 03:17:29 " and its like: with the year of Cisco's
// programs before the time, or with a fraction as journalctl -o short-precise writes it.
func dated(b []byte) []byte {
	if rest := b[3:]; like(rest, "0000 00:00:00 ") {
		return rest[14:]
	}
	for b = b[11:]; len(b) > 0 && (b[0] == '.' || digit(b[0])); {
		b = b[1:]
	}
	if len(b) == 0 {
		return nil
	}
	return b[1:]
}

// counted returns the length of "129 " before "<165>", as RFC 6587 counts the bytes of a
// message, 0 if there is none.
func counted(b []byte) int {
	n := 0
	for n < 6 && n < len(b) && digit(b[n]) {
		n++
	}
	if n+2 < len(b) && b[n] == ' ' && b[n+1] == '<' && digit(b[n+2]) {
		return n + 1
	}
	return 0
}

// prefixed reads "[pod/web-1/nginx] ", of kubectl logs --prefix.
func prefixed(b []byte) []byte {
	n := bytes.IndexByte(b, ' ')
	if n < 2 || n > maxPrefix || b[n-1] != ']' {
		return nil
	}
	return b[n+1:]
}

// stored reads {"log":"…\n","stream":"stdout","time":"…"}, of docker's own files.
func stored(b []byte) []byte {
	var entry struct{ Log, Stream string }
	if bytes.Count(b, []byte(`"log":`))+bytes.Count(b, []byte(`"log" :`)) != 1 || json.Unmarshal(b, &entry) != nil || entry.Stream == "" {
		return nil
	}
	inner := Plain(bytes.TrimRight([]byte(entry.Log), "\r\n"))
	if Control(inner) {
		return nil
	}
	return inner
}

// Partial tells whether a container runtime says that b is a part of a longer line.
func Partial(b []byte) bool {
	head := b[:min(len(b), 60)]
	return like(head, "0000-00-00T00:00:00") &&
		(bytes.Contains(head, []byte(" stdout P ")) || bytes.Contains(head, []byte(" stderr P ")))
}

// runtime reads "2026-10-01T00:00:00.1Z stdout F ", of Kubernetes, the stamp and host
// of syslog, and the stamp alone that docker and kubectl write if they are asked to.
func runtime(b []byte) ([]byte, Carrier) {
	if !like(b, "0000-00-00T00:00:00") {
		return nil, 0
	}
	rest := words(b, 1)
	for _, stream := range []string{"stdout F ", "stderr F "} {
		if after, ok := bytes.CutPrefix(rest, []byte(stream)); ok {
			return after, Kubernetes
		}
	}
	if inner := tagged(rest); inner != nil {
		return inner, Syslog
	}
	return stamped(b), Stamps
}

// stamped reads "2026-10-01T00:00:00.123456789Z ". No server writes as many digits as
// what carries its lines does.
func stamped(b []byte) []byte {
	if !like(b, "0000-00-00T00:00:00.0000000") {
		return nil
	}
	if bytes.IndexByte(b, ' ') < 0 {
		return b[len(b):] // an empty line
	}
	return unindented(words(b, 1))
}

// unindented returns b from its first byte on that is no blank.
func unindented(b []byte) []byte {
	for len(b) > 0 && b[0] == ' ' {
		b = b[1:]
	}
	return b
}

// priority reads "<13>" and what syslog writes behind it.
func priority(b []byte) []byte {
	n := bytes.IndexByte(b[:min(len(b), 6)], '>')
	if n < 2 {
		return nil
	}
	b = b[n+1:]
	if like(b, "0 ") {
		return structured(b[2:])
	}
	if rest, _ := unwrap(b); rest != nil {
		return rest
	}
	return tagged(b)
}

// structured reads "2026-10-01T00:00:00Z web1 nginx 12 - [x@1 k=\"v\"] " of RFC 5424.
func structured(b []byte) []byte {
	rest := words(b, 5)
	if len(rest) == 0 {
		return nil
	}
	if after, ok := bytes.CutPrefix(rest, []byte("- ")); ok {
		return bytes.TrimPrefix(after, []byte("\xef\xbb\xbf"))
	}
	n := elements(rest)
	if n == 0 || n == len(rest) || rest[n] != ' ' {
		return nil
	}
	return bytes.TrimPrefix(rest[n+1:], []byte("\xef\xbb\xbf"))
}

// elements returns the length of the elements of structured data that b begins with. In the
// quotes of a value a bracket ends none, nor does what a backslash stands before.
func elements(b []byte) (n int) {
	quoted := false
	for i := 0; i < len(b); i++ {
		switch c := b[i]; {
		case i == n && c != '[':
			return n
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case c == ']' && !quoted:
			n = i + 1
		}
	}
	return n
}

// tagged reads "web1 nginx[12]: " and "nginx: ": the tag ends with a colon.
func tagged(b []byte) []byte {
	n := bytes.Index(b[:min(len(b), maxPrefix)], []byte(": "))
	if n <= 0 {
		return nil
	}
	tag := b[:n]
	if len(bytes.Fields(tag)) > 2 || bytes.ContainsAny(tag, "\"{=#\t") {
		return nil
	}
	return b[n+2:]
}

// composed reads "web-1  | ", of docker compose.
func composed(b []byte) []byte {
	n := bytes.IndexByte(b[:min(len(b), 100)], '|')
	if n < 2 || b[n-1] != ' ' || n+1 >= len(b) || b[n+1] != ' ' {
		return nil
	}
	name := bytes.TrimRight(b[:n], " ")
	if len(name) == 0 || bytes.ContainsAny(name, " \t\"[{:") {
		return nil
	}
	return unindented(b[n+2:])
}

// words returns what stands behind the first n words and the blanks after each.
func words(b []byte, n int) []byte {
	for ; n > 0; n-- {
		i := bytes.IndexByte(b, ' ')
		if i <= 0 {
			return nil
		}
		b = b[i+1:]
	}
	return b
}

// Later returns the part of a line that begins with its next word, nil if that is
// further in than a prefix goes. line is the whole line.
func Later(line, b []byte) []byte {
	i := bytes.IndexByte(b, ' ')
	if i < 0 || len(line)-len(b)+i > maxPrefix {
		return nil
	}
	return b[i+1:]
}
