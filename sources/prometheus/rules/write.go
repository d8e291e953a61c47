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

func (f *File) group(indent string, g Group) {
	f.line(indent, "- name: ", yamlout.Text(g.Name))
	f.line(indent, "  interval: ", length(g.Interval))
	f.line(indent, "  rules:")
	for _, r := range g.Rules {
		f.rule(indent+"    ", r)
	}
}

func (f *File) rule(indent string, r Rule) {
	if r.Alert != "" {
		f.line(indent, "- alert: ", yamlout.Text(r.Alert))
	} else {
		f.line(indent, "- record: ", yamlout.Text(r.Record))
	}
	f.line(indent, "  expr: ", yamlout.Text(r.Expr))
	if r.For > 0 {
		f.line(indent, "  for: ", length(r.For))
	}
	f.pairs(indent, "labels", r.Labels)
	f.pairs(indent, "annotations", r.Annotations)
}

func (f *File) pairs(indent, key string, pairs []Pair) {
	if len(pairs) == 0 {
		return
	}
	f.line(indent, "  ", key, ":")
	for _, p := range pairs {
		f.line(indent, "    ", yamlout.Text(p.Name), ": ", yamlout.Text(p.Value))
	}
}
