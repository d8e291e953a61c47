package accesslog

import "bytes"

// ltsv splits lines of label:value pairs with tabs between them.
type ltsv struct{ names names }

func newLTSV(l *layout) splitter { return &ltsv{names: namesOf(l)} }

func (s *ltsv) split(line []byte, r *record, _ *demand) bool {
	clear(r.values)
	pairs := 0
	for len(line) > 0 {
		n := bytes.IndexByte(line, '\t')
		if n < 0 {
			n = len(line)
		}
		if label := bytes.IndexByte(line[:n], ':'); label > 0 {
			pairs++
			s.names.set(r, line[:label], line[label+1:n])
		}
		line = line[min(n+1, len(line)):]
	}
	return pairs > 0
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

func (s names) set(r *record, name, value []byte) {
	for i := range s {
		if string(name) == s[i].name {
			r.values[s[i].slot] = value
		}
	}
}
