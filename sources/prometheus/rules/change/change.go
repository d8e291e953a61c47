// Package change tells what differs between two files of rules, group by group: in a file
// of thousands of rules a change is read by the objective that it concerns. Of the old file it
// holds where each group stands, and of the new one, which is written to it, a group at once.
package change

import (
	"bufio"
	"fmt"
	"hash/maphash"
	"io"
	"slices"
	"strings"
)

// Writer is written the new file, and writes what becomes of the old one: the groups that are
// added, changed or removed, of those that change with the lines that go (-) and come (+). Begin
// it with NewWriter, and close it.
type Writer struct {
	out    *bufio.Writer
	before io.ReaderAt
	old    map[string]*place
	seed   maphash.Seed
	parts  splitter

	changed bool
	last    int // place of the newest part of the new file
	mixed   bool
	err     error
}

// place is where a part of the old file stands.
type place struct {
	at     int64
	length int
	sum    uint64
	number int
	kept   bool // the new file has such a part
}

// NewWriter reads the old file.
func NewWriter(out io.Writer, before io.ReaderAt, size int64) (*Writer, error) {
	w := &Writer{out: bufio.NewWriter(out), before: before, old: map[string]*place{}, seed: maphash.MakeSeed()}
	at := int64(0)
	parts := splitter{done: func(name string, text []byte) {
		w.old[name] = &place{at: at, length: len(text), sum: maphash.Bytes(w.seed, text), number: len(w.old)}
		at += int64(len(text))
	}}
	if _, err := io.Copy(&parts, io.NewSectionReader(before, 0, size)); err != nil {
		return nil, err
	}
	parts.end()
	w.parts.done = w.compare
	return w, nil
}

// Write takes more of the new file.
func (w *Writer) Write(text []byte) (int, error) {
	n, _ := w.parts.Write(text)
	return n, w.err
}

// Close tells whether anything changes.
func (w *Writer) Close() (changed bool, err error) {
	w.parts.end()
	gone := make([]string, 0, len(w.old))
	for name, p := range w.old {
		if !p.kept {
			gone = append(gone, name)
		}
	}
	slices.SortFunc(gone, func(a, b string) int { return w.old[a].number - w.old[b].number })
	for _, name := range gone {
		w.say("removed " + name)
	}
	if w.mixed && !w.changed {
		w.say("changed the order of groups")
	}
	if w.err != nil {
		return w.changed, w.err
	}
	return w.changed, w.out.Flush()
}

func (w *Writer) say(what string) {
	w.changed = true
	w.out.WriteString(what + "\n")
}

// compare tells what becomes of a part.
func (w *Writer) compare(name string, text []byte) {
	then := w.old[name]
	if then == nil {
		w.say("added " + name)
		return
	}
	then.kept = true
	w.mixed = w.mixed || then.number < w.last
	w.last = then.number
	if then.sum == maphash.Bytes(w.seed, text) {
		return
	}
	before := make([]byte, then.length)
	if _, err := w.before.ReadAt(before, then.at); err != nil && err != io.EOF {
		w.err = fmt.Errorf("the old rules cannot be read again: %w", err)
		return
	}
	w.say("changed " + name)
	lines(w.out, strings.Split(strings.TrimSuffix(string(before), "\n"), "\n"), strings.Split(strings.TrimSuffix(string(text), "\n"), "\n"))
}

// splitter cuts a file into its groups, and what stands before the first one of the file or of
// an object of Kubernetes. No two parts have one name.
type splitter struct {
	done func(name string, text []byte)

	name  string // of the part that is read
	text  []byte
	from  int // where its last line begins
	times map[string]int
}

// Write takes more of the file.
func (s *splitter) Write(text []byte) (int, error) {
	for rest := text; len(rest) > 0; {
		n := len(rest)
		if end := slices.Index(rest, '\n'); end >= 0 {
			n = end + 1
		}
		s.text = append(s.text, rest[:n]...)
		if rest[n-1] == '\n' {
			s.line()
		}
		rest = rest[n:]
	}
	return len(text), nil
}

// line ends the part before a line that begins another one.
func (s *splitter) line() {
	line := s.text[s.from:]
	if name, begins := beginning(string(line)); begins {
		rest := slices.Clone(line)
		s.text = s.text[:s.from]
		s.end()
		s.text, s.name = append(s.text, rest...), name
	} else if s.name == "" {
		if name, is := strings.CutPrefix(string(line), "  name: "); is {
			s.name = "object " + strings.TrimSuffix(name, "\n")
		}
	}
	s.from = len(s.text)
}

// end ends the last part.
func (s *splitter) end() {
	if len(s.text) > 0 {
		name := s.name
		if name == "" {
			name = "what is outside of groups"
		}
		if s.times == nil {
			s.times = map[string]int{}
		}
		if s.times[name]++; s.times[name] > 1 {
			name = fmt.Sprintf("%s (%d)", name, s.times[name])
		}
		s.done(name, s.text)
	}
	s.text, s.from, s.name = s.text[:0], 0, ""
}

// beginning tells whether a line begins a group or an object, and how the group is called.
// Whatever texts hold, they stand on one line behind a key.
func beginning(line string) (name string, begins bool) {
	if line == "---\n" {
		return "", true
	}
	name, begins = strings.CutPrefix(strings.TrimLeft(line, " "), "- name: ")
	return "group " + strings.TrimSuffix(name, "\n"), begins
}

// most is how many pairs of lines are compared. Of parts with more all lines go and come.
const most = 1_000_000

// lines writes how one list of lines becomes another, by their longest common part.
func lines(out *bufio.Writer, before, after []string) {
	for len(before) > 0 && len(after) > 0 && before[0] == after[0] {
		before, after = before[1:], after[1:]
	}
	for len(before) > 0 && len(after) > 0 && before[len(before)-1] == after[len(after)-1] {
		before, after = before[:len(before)-1], after[:len(after)-1]
	}
	common := commons(before, after)
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case common != nil && i < len(before) && j < len(after) && before[i] == after[j]:
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && (common == nil || common[i+1][j] >= common[i][j+1]):
			out.WriteString("-" + before[i] + "\n")
			i++
		default:
			out.WriteString("+" + after[j] + "\n")
			j++
		}
	}
}

// commons returns how many lines are common to what is left of both from each pair of lines on, nil
// where these are too many.
func commons(before, after []string) [][]int {
	if len(before)*len(after) > most {
		return nil
	}
	common := make([][]int, len(before)+1)
	for i := range common {
		common[i] = make([]int, len(after)+1)
	}
	for i := len(before) - 1; i >= 0; i-- {
		for j := len(after) - 1; j >= 0; j-- {
			common[i][j] = max(common[i+1][j], common[i][j+1])
			if before[i] == after[j] {
				common[i][j] = common[i+1][j+1] + 1
			}
		}
	}
	return common
}
