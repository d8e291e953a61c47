package yaml

import (
	"math"
	"strings"
	"unicode/utf8"

	"github.com/goccy/go-yaml/token"
)

// Most files are lines of a key and a value, dashes, and notes. Their tokens are found a line
// at once, which takes a tenth of the time of the library's scanner. A file with any other line is
// left to that.

// plainLines finds the tokens of such lines.
type plainLines struct {
	*Reader
	line int
	most int // blanks that the next line may begin with, else it goes on with a text
}

// placedToken is a token beside its place, so that both are made at once.
type placedToken struct {
	token.Token
	place token.Position
}

// chunk is how many tokens are made at once.
const chunk = 64

// plainTokens returns the tokens that scan finds in a text, without notes, until it is called again.
// It is false if there is more in it than plain lines.
func (r *Reader) plainTokens(text string) (tokens, bool) {
	if strings.IndexByte(text, '\t') >= 0 {
		return nil, false
	}
	r.all = r.all[:0]
	l := plainLines{Reader: r, most: math.MaxInt}
	for line := range strings.SplitSeq(text, "\n") {
		l.line++
		if !l.take(line) || len(l.all) > maxTokens {
			return nil, false
		}
	}
	return l.all, true
}

// take reads a line, which begins with "---", dashes, or a key.
func (l *plainLines) take(line string) bool {
	at := behindBlanks(line, 0)
	switch {
	case ended(line, at):
		return true
	case line == "---":
		l.add(token.DocumentHeaderType, 0, line)
		l.most = math.MaxInt
		return true
	case at > l.most:
		return false
	}
	owner := -1 // where the dash or the key stands that has the value
	for line[at] == '-' && (at+1 == len(line) || line[at+1] == ' ') {
		l.add(token.SequenceEntryType, at, "-")
		owner, at = at, behindBlanks(line, at+1)
		if ended(line, at) {
			l.most = math.MaxInt
			return true
		}
	}
	if n := keyLength(line[at:]); n > 0 {
		l.add(typeOf(line[at:at+n]), at, line[at:at+n])
		l.add(token.MappingValueType, at+n, ":")
		owner, at = at, behindBlanks(line, at+n+1)
		if ended(line, at) {
			l.most = math.MaxInt
			return true
		}
	}
	l.most = owner
	return owner >= 0 && l.value(line, at)
}

// value reads a text that ends with its line, or before a note.
func (l *plainLines) value(line string, at int) bool {
	text := line[at:]
	if quote := text[0]; quote == '"' || quote == '\'' {
		n := strings.IndexByte(text[1:], quote) + 2
		if n < 2 || quote == '"' && strings.IndexByte(text[:n], '\\') >= 0 || n < len(text) && text[n] != ' ' ||
			!ended(text, behindBlanks(text, n)) {
			return false
		}
		kind := token.DoubleQuoteType
		if quote == '\'' {
			kind = token.SingleQuoteType
		}
		l.add(kind, at, text[:n]).Value = text[1 : n-1]
		return true
	}
	if note := strings.Index(text, " #"); note >= 0 {
		text = text[:note]
	}
	text = strings.TrimRight(text, " ")
	if !word(text[0]) && text[0] < utf8.RuneSelf && strings.IndexByte("/(.$~", text[0]) < 0 || strings.Contains(text, ": ") || text[len(text)-1] == ':' {
		return false
	}
	l.add(typeOf(text), at, text)
	return true
}

// add adds a token of the line that stands behind some bytes, none of which is part of a longer
// character.
func (l *plainLines) add(kind token.Type, behind int, text string) *token.Token {
	n := len(l.all)
	if n/chunk == len(l.chunks) {
		l.chunks = append(l.chunks, make([]placedToken, chunk))
	}
	one := &l.chunks[n/chunk][n%chunk]
	one.place = token.Position{Line: l.line, Column: behind + 1}
	one.Token = token.Token{Type: kind, Origin: text, Position: &one.place}
	l.all = append(l.all, &one.Token)
	return &one.Token
}

// behindBlanks returns where a line goes on behind blanks.
func behindBlanks(line string, at int) int {
	for at < len(line) && line[at] == ' ' {
		at++
	}
	return at
}

// ended tells whether nothing but a note follows, behind a blank or at the beginning.
func ended(line string, at int) bool { return at == len(line) || line[at] == '#' }

// keyLength returns how long the key is with which a text begins, 0 if it begins with none.
func keyLength(text string) int {
	n := 0
	for n < len(text) && (word(text[n]) || n > 0 && strings.IndexByte("-./", text[n]) >= 0) {
		n++
	}
	if n == len(text) || text[n] != ':' || n+1 < len(text) && text[n+1] != ' ' {
		return 0
	}
	return n
}

func word(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_'
}

// typeOf returns the type of a plain text. Those of numbers and truths do not matter.
func typeOf(text string) token.Type {
	switch text {
	case "null", "Null", "NULL", "~":
		return token.NullType
	}
	return token.StringType
}
