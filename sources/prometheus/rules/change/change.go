// Package change tells what differs between two files of rules, group by group: in a file
// of thousands of rules a change is read by the objective that it concerns.
package change

import (
	"bufio"
	"io"
	"slices"
	"strings"
)

// group is the lines of a group of rules. What stands outside of groups has no name.
type group struct {
	name  string
	lines []string
}

// Write writes what becomes of a file, and tells whether anything does: the groups that are
// added, removed or changed, of those with the lines that go (-) and come (+).
func Write(w io.Writer, before, after string) (bool, error) {
	out := bufio.NewWriter(w)
	old, now := groups(before), groups(after)
	was, is := byName(old), byName(now)
	any := false
	for _, g := range old {
		if is[g.name] == nil {
			any = true
			out.WriteString("removed " + g.title() + "\n")
		}
	}
	for _, g := range now {
		switch then := was[g.name]; {
		case then == nil:
			any = true
			out.WriteString("added " + g.title() + "\n")
		case !slices.Equal(then.lines, g.lines):
			any = true
			out.WriteString("changed " + g.title() + "\n")
			lines(out, then.lines, g.lines)
		}
	}
	if !any && before != after {
		any = true
		out.WriteString("changed the order of groups, or what stands between them\n")
	}
	return any, out.Flush()
}

func (g group) title() string {
	if g.name == "" {
		return "what is outside of groups"
	}
	return "group " + g.name
}

// groups splits a file. Whatever texts hold, a line that begins so begins a group.
func groups(text string) []group {
	out := []group{{}}
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		switch name, begins := strings.CutPrefix(strings.TrimLeft(line, " "), "- name: "); {
		case begins:
			out = append(out, group{name: name})
		case !strings.HasPrefix(line, "    ") && len(out) > 1: // the head of another object
			out[0].lines = append(out[0].lines, line)
			continue
		}
		last := &out[len(out)-1]
		last.lines = append(last.lines, line)
	}
	return out
}

// byName returns groups by their names, of which each has its own.
func byName(all []group) map[string]*group {
	out := make(map[string]*group, len(all))
	for i := range all {
		out[all[i].name] = &all[i]
	}
	return out
}

// lines writes how one list of lines becomes another, by their longest common part.
func lines(out *bufio.Writer, before, after []string) {
	common := make([][]int, len(before)+1) // of what is left from i and j on
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
	i, j := 0, 0
	for i < len(before) || j < len(after) {
		switch {
		case i < len(before) && j < len(after) && before[i] == after[j]:
			i, j = i+1, j+1
		case j == len(after) || i < len(before) && common[i+1][j] >= common[i][j+1]:
			out.WriteString("-" + before[i] + "\n")
			i++
		default:
			out.WriteString("+" + after[j] + "\n")
			j++
		}
	}
}
