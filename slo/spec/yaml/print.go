package yaml

import (
	"fmt"
	"strings"
	"unicode"
)

// String writes v on one line, as a file could: read back, it is the same value.
func (v Value) String() string {
	switch v.Kind {
	case List:
		var items []string
		for _, item := range v.Items {
			items = append(items, item.String())
		}
		return "[" + strings.Join(items, ", ") + "]"
	case Map:
		var fields []string
		for _, f := range v.Fields {
			fields = append(fields, key(f.Key)+": "+f.Value.String())
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case Scalar:
		return printed(v.Text, v.Quoted)
	}
	return "null"
}

// key returns a key, in quotes if it holds what ends one.
func key(text string) string { return printed(text, strings.Contains(text, ":")) }

// printed returns a scalar, in quotes if it had them or would be read otherwise
// without.
func printed(text string, quoted bool) string {
	if !quoted && unquoted(text) {
		return text
	}
	var b strings.Builder
	b.WriteByte('"')
	for _, r := range text {
		b.WriteString(escaped(r))
	}
	b.WriteByte('"')
	return b.String()
}

// escaped writes a character within double quotes.
func escaped(r rune) string {
	switch {
	case r == '"', r == '\\':
		return `\` + string(r)
	case r == '\n':
		return `\n`
	case r == '\t':
		return `\t`
	case r == '\r':
		return `\r`
	case unseen(r):
		return fmt.Sprintf(`\u%04x`, r)
	}
	return string(r)
}

// unseen tells whether editors or readers of YAML take a character for something else than a
// part of a text: a control character, the end of a line, or a byte order mark.
func unseen(r rune) bool {
	return unicode.IsControl(r) || r == '\u2028' || r == '\u2029' || r == '\ufeff'
}

// unquoted tells whether a text needs no quotes among the items of a list or a map (YAML
// 1.2.2, section 7.3.3).
func unquoted(text string) bool {
	switch {
	case text == "", strings.TrimSpace(text) != text, strings.ContainsFunc(text, unseen),
		text == "~", strings.Contains(text, "<<"), strings.EqualFold(text, "null"):
		return false
	case strings.ContainsAny(text, ",[]{}\n\t\r\""), strings.ContainsAny(text[:1], "#&*!|>'%@`"):
		return false
	case strings.Contains(text, ": "), strings.HasSuffix(text, ":"), strings.Contains(text, " #"):
		return false
	}
	marker := strings.HasPrefix(text, "---") || strings.HasPrefix(text, "...") // between documents
	return !marker && text != "-" && text != "?" && !strings.HasPrefix(text, "- ") && !strings.HasPrefix(text, "? ") && text[0] != ':'
}
