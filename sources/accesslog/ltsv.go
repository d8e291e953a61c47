package accesslog

import (
	"bytes"
	"slices"
)

// ltsv splits lines of label:value pairs with tabs between them. A line that has a
// label twice, or a part without one, is two lines or half of one.
type ltsv struct {
	names  names
	labels [][]byte // that are known, with a blank before and the colon
}

func newLTSV(l *layout) splitter {
	s := &ltsv{names: namesOf(l)}
	for _, v := range l.vars {
		for _, key := range v.keys {
			s.labels = append(s.labels, []byte(" "+key+":"))
		}
	}
	return s
}

// begins tells whether the first pair of a line begins it, and no words before it.
func (s *ltsv) begins(label, value []byte) bool {
	for _, c := range label {
		if !digit(c) && (c|0x20 < 'a' || c|0x20 > 'z') && c != '_' && c != '.' && c != '-' {
			return false
		}
	}
	return bytes.IndexByte(value, ' ') < 0 ||
		!slices.ContainsFunc(s.labels, func(known []byte) bool { return bytes.Contains(value, known) })
}

func (s *ltsv) split(line []byte, r *record, _ *demand) bool {
	clear(r.values)
	pairs := 0
	var marks uint64
	for whole := line; len(line) > 0; {
		n := bytes.IndexByte(line, '\t')
		if n < 0 {
			n = len(line)
		}
		label := bytes.IndexByte(line[:n], ':')
		if label <= 0 && n > 0 || label > 0 && !s.names.set(r, line[:label], line[label+1:n]) {
			return false
		}
		if label > 0 && pairs == 0 && !s.begins(line[:label], line[label+1:n]) {
			return false
		}
		if label > 0 {
			pairs++
			mark := uint64(1) << ((line[0]*7 + line[label-1]*3 + byte(label)) % 64)
			if marks&mark != 0 && recursLabel(whole[:len(whole)-len(line)], line[:label+1]) {
				return false
			}
			marks |= mark
		}
		line = line[min(n+1, len(line)):]
	}
	return pairs > 0
}

// recursLabel tells whether the pairs before have a label, which is given with its colon.
func recursLabel(before, label []byte) bool {
	for len(before) > 0 {
		if bytes.HasPrefix(before, label) {
			return true
		}
		_, before, _ = bytes.Cut(before, []byte{'\t'})
	}
	return false
}

// names are the names of values that somebody asks for.
type names []nameSlot

type nameSlot struct {
	name string
	slot int
}

func namesOf(l *layout) names {
	var out names
	for _, v := range l.vars {
		for _, key := range v.keys {
			if l.wanted[v.slot] {
				out = append(out, nameSlot{key, v.slot})
			}
		}
	}
	return out
}

// set keeps a value that is asked for, false if the line has it twice.
func (s names) set(r *record, name, value []byte) bool {
	for i := range s {
		if string(name) != s[i].name {
			continue
		}
		if r.values[s[i].slot] != nil {
			return false
		}
		r.values[s[i].slot] = value
	}
	return true
}
