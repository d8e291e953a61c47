package rules

import (
	"bufio"
	"io"

	"github.com/nines-slo/nines/sources/prometheus/rules/yamlout"
)

// File writes groups as one file of rules. Begin it with NewFile.
type File struct {
	out   *bufio.Writer
	begun bool // there is a group
}

// mark is the first line of all that is written.
const mark = "# Made by nines rules. Change the SLO files and make it anew."

// NewFile begins a file.
func NewFile(w io.Writer) *File {
	f := &File{out: bufio.NewWriterSize(w, 1<<16)}
	f.line("", mark)
	return f
}

// Add writes groups.
func (f *File) Add(groups []Group) {
	for _, g := range groups {
		if !f.begun {
			f.line("", "groups:")
		}
		f.begun = true
		f.group("  ", g)
	}
}

// Close writes what is still held.
func (f *File) Close() error {
	if !f.begun {
		f.line("", "groups: []")
	}
	return f.out.Flush()
}

// line writes texts with the blanks before them.
func (f *File) line(indent string, texts ...string) {
	f.out.WriteString(indent)
	for _, text := range texts {
		f.out.WriteString(text)
	}
	f.out.WriteByte('\n')
}

// text writes a line that ends with a text of whatever kind.
func (f *File) text(indent, key, text string) {
	line := append(f.out.AvailableBuffer(), indent...)
	line = yamlout.Append(append(line, key...), text)
	f.out.Write(append(line, '\n'))
}

func (f *File) group(indent string, g Group) {
	f.text(indent, "- name: ", g.Name)
	f.line(indent, "  interval: ", length(g.Interval))
	f.line(indent, "  rules:")
	common, indent := string(pairs(nil, g.Labels)), indent+"    "
	for _, r := range g.Rules {
		f.rule(indent, r, common)
	}
}

// rule writes a rule, a recording with labels that are written already.
func (f *File) rule(indent string, r Rule, common string) {
	if r.Alert != "" {
		f.text(indent, "- alert: ", r.Alert)
		common = ""
	} else {
		f.text(indent, "- record: ", r.Record)
	}
	f.text(indent, "  expr: ", r.Expr)
	if r.For > 0 {
		f.line(indent, "  for: ", length(r.For))
	}
	labels := append(append(f.out.AvailableBuffer(), indent...), "  labels: {"...)
	labels = append(labels, common...)
	if common != "" && len(r.Labels) > 0 {
		labels = append(labels, ", "...)
	}
	f.out.Write(append(pairs(labels, r.Labels), "}\n"...))
	if len(r.Annotations) > 0 {
		f.line(indent, "  annotations:")
	}
	for _, p := range r.Annotations {
		f.text(indent, "    "+yamlout.Text(p.Name)+": ", p.Value)
	}
}

// pairs writes what stands between the braces of a map.
func pairs(to []byte, all []Pair) []byte {
	for i, p := range all {
		if i > 0 {
			to = append(to, ", "...)
		}
		to = yamlout.Append(append(yamlout.Append(to, p.Name), ": "...), p.Value)
	}
	return to
}
