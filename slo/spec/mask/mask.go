// Package mask takes secrets out of the lines of SLO files, which findings show, and out of
// what others say. It would rather hide too much than a character too few: a file that breaks YAML's
// grammar, or misspells a key, has its secrets all the same.
package mask

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// What stands behind the name of a secret in the key that says where it comes from.
const (
	FromEnv  = "_env"
	FromFile = "_file"
)

var (
	secretName = pattern.Of(`(?i)token|secret|password|passwd|passphrase|credential|authorization|bearer|` +
		`cookie|session|jwt|signature|connection[ _-]?string|` +
		`(api|routing|integration|service|genie|private|access|signing)[ _-]?key|` +
		`(^|[ _.-])(auth|pass|pwd|sid|otp|pin|sig|dsn)($|[ _.-])`)

	// A variable's name as nobody writes a token, and a file's. Words of small letters are
	// names where two or more are joined, and short enough to be words.
	variable = pattern.Of(`^[A-Z]{1,20}[0-9]?(_[A-Z0-9]{1,20})*$|^[a-z]{1,12}(_[a-z]{1,12}){1,4}$`)
	file     = pattern.Of(`^[a-z0-9_-]*[./][a-z0-9_./-]*$|^[a-z]{1,12}([_-][a-z]{1,12}){1,4}$|` +
		`^[A-Za-z0-9_./-]+\.(txt|url|key|pem|json|token|secret)$`)
	word = pattern.Of(`^[a-z]{1,20}$`)

	// The user and the query of an address, or what comes behind ?name= anywhere.
	user  = pattern.Of(`//([^@\s"']+)@`)
	query = pattern.Of(`(?:://[^\s"'?]*\?|[^\s"'?]\?[^\s"'=?]+=)([^\s"']+)`)
)

// IsSecret tells whether a key holds a secret, as its name says.
func IsSecret(key string) bool { return secretName().MatchString(key) }

// header of a request that holds a secret, beside those of secretName.
var header = pattern.Of(`(?i)^x-auth|(^|-)key$`)

// IsSecretHeader tells whether a header holds a secret, as its name says.
func IsSecretHeader(name string) bool { return IsSecret(name) || header().MatchString(name) }

var (
	// What is a secret wherever it stands: the user of an address, what a query calls a
	// secret, addresses of webhooks, tokens as those that give them out write them, and
	// what follows the scheme of Authorization.
	known = pattern.Of(`(?i)//[^/@\s"']+@|[?&](sig|key|access_key|[\w-]*(token|secret|password|api[_-]?key))=[^&\s"'{]|` +
		`hooks\.slack\.com/(services|workflows|triggers)/|discord(app)?\.com/api/webhooks/|webhook\.worksmobile\.com/message/|` +
		`/hooks/[a-z0-9]{20,}|\bxox[a-z]-\w|\bgh[a-z]_\w{16}|\bgithub_pat_\w|\bglpat-\w|\bwhsec_\w|\b(bearer|basic|geniekey) +[\w+/=.~-]{8}`)

	// A name with its value: of a header, a flag, JSON.
	named = pattern.Of(`([\w-]+)["']?\s*[:=]\s*["']?([^\s"'{$<]+)`)
)

// Shows tells whether there is a secret in a text, as people write one: known as such,
// or behind a name that says it.
func Shows(text string) bool {
	if known().MatchString(text) {
		return true
	}
	for _, m := range named().FindAllStringSubmatch(text, -1) {
		ofHeader := strings.HasPrefix(strings.ToLower(m[1]), "x-") && IsSecretHeader(m[1])
		if (IsSecret(m[1]) || ofHeader) && !elsewhere(m[1]) {
			return true
		}
	}
	return false
}

// elsewhere tells whether a name is of where a secret comes from.
func elsewhere(name string) bool {
	name = strings.ToLower(name)
	for _, end := range []string{"file", "path", "env", "url", "name", "id"} {
		if strings.HasSuffix(name, end) {
			return true
		}
	}
	return false
}

// AsksFor tells whether a word of a command is a flag whose value, the word behind it, is
// a secret.
func AsksFor(flag string) bool {
	return strings.HasPrefix(flag, "-") && !strings.ContainsAny(flag, "= ") && IsSecret(flag) && !elsewhere(flag)
}

// Names tells which keys hold secrets. It is for one goroutine.
type Names struct {
	credentials []string
	known       map[string]bool
}

// New returns Names for files in which the keys credentials hold secrets. Keys that
// are usual elsewhere may be misspelt too.
func New(credentials []string) *Names {
	usual := []string{"token", "secret", "password"}
	return &Names{credentials: append(usual, credentials...), known: map[string]bool{}}
}

// maxGuesses is how many keys of one file are compared with credentials. No file that
// people write has as many different ones.
const maxGuesses = 5000

// hold tells whether a key holds a secret, or where one comes from: by its name, or
// because it is a credential or nearly one.
func (n *Names) hold(key string) bool {
	holds, known := n.known[key]
	if !known {
		name := strings.TrimSuffix(strings.TrimSuffix(key, FromEnv), FromFile)
		holds = IsSecret(name)
		if len(n.known) < maxGuesses {
			holds = holds || diag.Nearest(name, n.credentials) != ""
			n.known[key] = holds
		}
	}
	return holds
}

// Plain tells whether a value says where a secret comes from, and is none itself.
func Plain(key, text string) bool {
	switch {
	case strings.HasSuffix(key, FromEnv):
		return variable().MatchString(text)
	case strings.HasSuffix(key, FromFile):
		return len(text) <= 100 && file().MatchString(text)
	}
	return false
}

// Word tells whether a text may be the bare name of a file as well as a secret: who knows
// whether there is such a file can tell.
func Word(text string) bool { return word().MatchString(text) }

// Places returns where the secrets of a document stand.
func (n *Names) Places(doc yaml.Value) []diag.Pos {
	var out []diag.Pos
	for _, item := range doc.Items {
		out = append(out, n.Places(item)...)
	}
	for _, f := range doc.Fields {
		if n.hold(f.Key) {
			out = append(out, scalars(f.Key, f.Value)...)
		} else {
			out = append(out, n.Places(f.Value)...)
		}
	}
	return out
}

// scalars returns where the scalars of a secret key's value stand.
func scalars(key string, v yaml.Value) []diag.Pos {
	var out []diag.Pos
	if v.Kind == yaml.Scalar && !Plain(key, v.Text) {
		out = append(out, v.Pos)
	}
	for _, item := range v.Items {
		out = append(out, scalars(key, item)...)
	}
	for _, f := range v.Fields {
		out = append(out, scalars(f.Key, f.Value)...)
	}
	return out
}

// Lines replaces secrets in the lines of a file by stars, one a character: from each
// of places to the end of its line, and whatever looks like one.
func (n *Names) Lines(lines []string, places []diag.Pos) {
	var open value
	for i, line := range lines {
		if open.goesOn(line) {
			lines[i] = stars(line, 0, len(line))
			continue
		}
		lines[i], open = n.line(line)
	}
	for _, p := range places {
		if p.Line >= 1 && p.Line <= len(lines) {
			line := lines[p.Line-1]
			lines[p.Line-1] = stars(line, column(line, p.Col), len(line))
		}
	}
}

// line masks one line, and returns the secret value that may go on behind it.
func (n *Names) line(line string) (string, value) {
	from, open := n.find(line)
	line = stars(line, from, len(line))
	if !strings.ContainsAny(line, "@?") {
		return line, open // without what user and query look for
	}
	for _, part := range []*regexp.Regexp{user(), query()} {
		for _, m := range part.FindAllStringSubmatchIndex(line, -1) {
			if hidden := stars(line, m[2], m[3]); len(hidden) == len(line) {
				line = hidden
			} else { // other characters follow at other places
				line = stars(line, m[2], len(line))
				break
			}
		}
	}
	return line, open
}

// find returns where the first secret value of a line begins, the line's end if there
// is none.
func (n *Names) find(line string) (from int, open value) {
	for at := range len(line) {
		if line[at] != ':' && line[at] != '=' { // the signs of YAML and of a query
			continue
		}
		start, name := keyBefore(line[:at])
		behind := strings.TrimLeft(line[at+1:], space)
		if name == "" || !n.hold(name) || Plain(name, first(behind)) {
			continue
		}
		from = len(line) - len(behind)
		if before := line[:start]; strings.Trim(before, " -") == "" {
			return from, value{open: true, column: len(before), block: true}
		}
		return from, value{open: true, column: indent(line)}
	}
	return len(line), value{}
}

const (
	space  = " \t\r\n\f"
	quotes = `"'`
)

// keyBefore returns the key with which a text ends, quoted or not, and where it starts. The
// name is "" if there is none.
func keyBefore(text string) (start int, name string) {
	text = strings.TrimRight(text, space)
	if n := len(text); n > 0 && strings.IndexByte(quotes, text[n-1]) >= 0 {
		text = text[:n-1]
	}
	start = len(text)
	for start > 0 && ofKey(text[start-1]) {
		start--
	}
	name = strings.TrimLeft(text[start:], ".-")
	start = len(text) - len(name)
	if start > 0 && strings.IndexByte(quotes, text[start-1]) >= 0 {
		start--
	}
	return start, name
}

// ofKey tells whether a key may have a byte. It begins with neither a dot nor a dash.
func ofKey(c byte) bool {
	return c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z' || c >= '0' && c <= '9' || c == '_' || c == '.' || c == '-'
}

// first returns the scalar with which a text begins, without quotes.
func first(text string) string {
	if end := strings.IndexAny(text, ",}]"); end >= 0 {
		text = text[:end]
	}
	text, _, _ = strings.Cut(text, " #")
	return strings.Trim(text, ` "'`)
}

// value is one that may go on in the lines behind the one that its key stands in.
type value struct {
	open   bool
	column int  // of the key; of its line, where the key stands in brackets
	block  bool // its list may begin in the column of the key
}

// goesOn tells whether a line is a part of the value.
func (v value) goesOn(line string) bool {
	switch at := indent(line); {
	case !v.open:
		return false
	case at == len(line), at > v.column:
		return true
	default:
		return v.block && at == v.column && line[at] == '-'
	}
}

func indent(line string) int { return len(line) - len(strings.TrimLeft(line, " ")) }

// column returns the byte at which a column begins.
func column(line string, col int) int {
	at := 0
	for i := 1; i < col && at < len(line); i++ {
		_, size := utf8.DecodeRuneInString(line[at:])
		at += size
	}
	return at
}

// stars returns line with a star for every character from one byte to another.
func stars(line string, from, to int) string {
	return line[:from] + strings.Repeat("*", utf8.RuneCountInString(line[from:to])) + line[to:]
}
