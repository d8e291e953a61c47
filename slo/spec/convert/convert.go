// Package convert writes SLO files of any format in the native one, or as OpenSLO. Comments of
// the files stand above what they stood above; what could not be carried over is said in
// comments above what it concerns.
package convert

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Native writes the documents of a set, which were kept, in the native format: read again it
// is the same objectives.
func Native(set *spec.Set) string {
	m := newMargin(set)
	objectives := map[[2]string]*spec.Objective{}
	for i, o := range set.Objectives {
		objectives[[2]string{o.Service, o.Name}] = &set.Objectives[i]
	}
	var b strings.Builder
	for _, d := range set.Documents {
		if !d.Native.Is() {
			continue
		}
		if b.Len() > 0 {
			b.WriteString("---\n")
		}
		doc := d.Native
		if d.Format != spec.APIVersion {
			doc = m.firing(doc, objectives)
		}
		if d.Nowhere {
			doc = somewhere(doc)
			m.add(place{line: toFill}, "nines: write where it is")
		}
		b.WriteString(yaml.Block(doc, m.above))
	}
	for _, line := range m.rest() {
		b.WriteString(strings.TrimRight("# "+line, " ") + "\n")
	}
	return b.String()
}

// example is the address of a source that is nowhere, and toFill the line on which it stands.
const (
	example = "http://localhost:9090"
	toFill  = -1
)

// somewhere returns a document whose source has an address, for people to put theirs in.
func somewhere(doc spec.Value) spec.Value {
	doc.Fields = slices.Clone(doc.Fields)
	for i, f := range doc.Fields {
		if f.Key != "sources" {
			continue
		}
		f.Value.Fields = slices.Clone(f.Value.Fields)
		for j, source := range f.Value.Fields {
			source.Value.Fields = append(slices.Clone(source.Value.Fields), yaml.Text(diag.Pos{Line: toFill}, example).As("url"))
			f.Value.Fields[j] = source
		}
		doc.Fields[i] = f
	}
	return doc
}

// place is a line of a file.
type place struct {
	file string
	line int
}

// nowhere is the line behind all values.
const nowhere = 1 << 30

// margin is what stands beside the documents of a set: comments of their files, and what was
// lost. Each is written above the first value that stands on its line or behind.
type margin struct {
	notes map[place][]string
	order []place
}

func newMargin(set *spec.Set) *margin {
	m := &margin{notes: map[place][]string{}}
	lines := map[string][]int{} // on which values stand
	for _, d := range set.Documents {
		claim(d.Native, lines)
	}
	for _, file := range set.Files {
		slices.Sort(lines[file])
		for _, c := range set.Comments(file) {
			m.add(place{file, at(lines[file], c.Line)}, c.Text)
		}
	}
	for _, d := range set.Documents {
		for _, f := range d.Losses {
			line := at(lines[f.Pos.File], f.Pos.Line)
			m.add(place{f.Pos.File, line}, "nines: "+diag.Escape(f.Message)+" ["+f.Code+"]")
		}
	}
	return m
}

func (m *margin) add(p place, text string) {
	if m.notes[p] == nil {
		m.order = append(m.order, p)
	}
	m.notes[p] = append(m.notes[p], text)
}

// claim adds the lines on which values stand.
func claim(v spec.Value, lines map[string][]int) {
	if v.Pos.Line > 0 {
		lines[v.Pos.File] = append(lines[v.Pos.File], v.Pos.Line)
	}
	for _, item := range v.Items {
		claim(item, lines)
	}
	for _, f := range v.Fields {
		claim(f.Value, lines)
	}
}

// at returns the first of some lines from a line on.
func at(lines []int, line int) int {
	i, _ := slices.BinarySearch(lines, line)
	if i == len(lines) {
		return nowhere
	}
	return lines[i]
}

// above takes the notes that stand above a value.
func (m *margin) above(v spec.Value) []string { return m.take(place{v.Pos.File, v.Pos.Line}) }

func (m *margin) take(p place) []string {
	lines := m.notes[p]
	delete(m.notes, p)
	return lines
}

// rest takes all notes that are left.
func (m *margin) rest() (lines []string) {
	for _, p := range m.order {
		lines = append(lines, m.take(p)...)
	}
	return lines
}
