package yaml

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// width is how long a line with a map or a list in brackets may be.
const width = 100

// Beside returns lines of comments, without #, that stand above a key or an item of a list.
type Beside func(Value) []string

// Block writes v over several lines, as people write files: read back, it is the same value.
// Above each key and item, of which it is told the value, stands what beside returns.
func Block(v Value, beside Beside) string {
	p := printer{beside: beside}
	if v.Kind == Map && len(v.Fields) > 0 {
		p.fields(v.Fields, 0)
	} else {
		p.b.WriteString(inline(v) + "\n")
	}
	return p.b.String()
}

// printer writes one document.
type printer struct {
	b      strings.Builder
	beside Beside
}

func (p *printer) comments(v Value, indent int) {
	if p.beside == nil {
		return
	}
	for _, line := range p.beside(v) {
		p.b.WriteString(strings.TrimRight(strings.Repeat(" ", indent)+"# "+line, " ") + "\n")
	}
}

// fields writes the entries of a map, the first one where the line stands.
func (p *printer) fields(fields []Field, indent int) {
	for _, f := range fields {
		if p.short(f.Value, indent) { // else they stand above what is inside
			p.comments(f.Value, indent)
		}
		p.b.WriteString(strings.Repeat(" ", indent))
		p.field(f, indent)
	}
}

func (p *printer) field(f Field, indent int) {
	p.b.WriteString(key(f.Key) + ":")
	p.value(f.Value, indent)
}

// value writes what stands behind a key.
func (p *printer) value(v Value, indent int) {
	switch {
	case v.Kind == Map && !p.short(v, indent):
		p.b.WriteString("\n")
		p.fields(v.Fields, indent+2)
	case v.Kind == List && !p.short(v, indent):
		p.b.WriteString("\n")
		p.items(v.Items, indent+2)
	case v.Kind == Scalar && literal(v.Text):
		p.literal(v.Text, indent+2)
	case v.Kind == Scalar && plainly(v.Text) && !(v.Quoted && typed(v.Text)):
		p.b.WriteString(" " + v.Text + "\n")
	default:
		p.b.WriteString(" " + inline(v) + "\n")
	}
}

// plainly tells whether a text needs no quotes where no brackets are around it (YAML 1.2.2,
// section 7.3.3): brackets and commas within are a part of it.
func plainly(text string) bool {
	return text != "" && strings.IndexByte(",[]{}\"'", text[0]) < 0 && unquoted(strings.Map(func(r rune) rune {
		if strings.ContainsRune(",[]{}\"", r) {
			return 'x'
		}
		return r
	}, text))
}

// inline writes v on one line, without quotes where none are needed.
func inline(v Value) string {
	var parts []string
	switch v.Kind {
	case List:
		for _, item := range v.Items {
			parts = append(parts, inline(item))
		}
		return "[" + strings.Join(parts, ", ") + "]"
	case Map:
		for _, f := range v.Fields {
			parts = append(parts, key(f.Key)+": "+inline(f.Value))
		}
		return "{" + strings.Join(parts, ", ") + "}"
	case Scalar:
		if strings.ContainsAny(v.Text, `"\\:`) && !strings.ContainsAny(v.Text, "'") && !strings.ContainsFunc(v.Text, unseen) {
			return "'" + v.Text + "'" // PromQL is full of double quotes
		}
		quoted := strings.Contains(v.Text, ":") || v.Quoted && typed(v.Text)
		return printed(v.Text, quoted) // within brackets 0:0 is no text to all readers
	}
	return v.String()
}

// typed tells whether other readers of YAML take a text without quotes for a number, a truth or a
// date.
func typed(text string) bool {
	if strings.Trim(text, "0123456789.eE+-_:xTZ") == "" {
		return true
	}
	words := []string{"true", "false", "yes", "no", "on", "off", "y", "n", ".inf", ".nan"}
	return slices.Contains(words, strings.ToLower(text))
}

// items writes the entries of a list.
func (p *printer) items(items []Value, indent int) {
	for _, item := range items {
		p.comments(first(item), indent)
		p.b.WriteString(strings.Repeat(" ", indent) + "-")
		if item.Kind != Map || p.short(item, indent) {
			p.value(item, indent)
			continue
		}
		p.b.WriteString(" ")
		p.field(item.Fields[0], indent+2)
		p.fields(item.Fields[1:], indent+2)
	}
}

// first returns the value that is written first of v.
func first(v Value) Value {
	switch {
	case len(v.Fields) > 0:
		return first(v.Fields[0].Value)
	case len(v.Items) > 0:
		return first(v.Items[0])
	}
	return v
}

// short tells whether a map or a list stands on one line, in brackets: what has no other maps or
// lists, fits, and was not written over several lines.
func (p *printer) short(v Value, indent int) bool {
	inside := slices.Clone(v.Items)
	for _, f := range v.Fields {
		inside = append(inside, f.Value)
	}
	for _, one := range inside {
		flat := one.Kind == Scalar || one.Kind == Null
		if !flat || strings.Contains(one.Text, "\n") || one.Pos.Line != inside[0].Pos.Line {
			return false
		}
	}
	return indent+utf8.RuneCountInString(inline(v)) <= width
}

// literal tells whether a text of several lines can be written as it is behind "|".
func literal(text string) bool {
	if !strings.Contains(text, "\n") || strings.HasPrefix(text, "\n") || strings.Trim(text, " \n") == "" {
		return false
	}
	if text[0] == ' ' || text[0] == '\t' { // it would be taken for an indent
		return false
	}
	for _, line := range strings.Split(text, "\n") {
		if strings.TrimRight(line, " \t") != line || strings.Contains(line, "\t") {
			return false
		}
	}
	return !strings.ContainsFunc(strings.ReplaceAll(text, "\n", ""), unseen)
}

// literal writes a text as it is.
func (p *printer) literal(text string, indent int) {
	body := strings.TrimRight(text, "\n")
	switch len(text) - len(body) {
	case 0:
		p.b.WriteString(" |-\n")
	case 1:
		p.b.WriteString(" |\n")
	default:
		p.b.WriteString(" |+\n")
	}
	for _, line := range strings.Split(strings.TrimSuffix(text, "\n"), "\n") {
		if line != "" {
			p.b.WriteString(strings.Repeat(" ", indent) + line)
		}
		p.b.WriteString("\n")
	}
}
