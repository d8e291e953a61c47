package deploy

import (
	"bytes"
	"errors"
	"strings"
)

// tags reads what git prints: a stamp, then the names of the commit. Of git log's
// %D, "HEAD -> main, tag: v1.4.2", the tags are taken; where it names none, as
// for-each-ref's refname:short, all of it.
func (l *list) tags() {
	for i, line := range l.lines {
		trimmed := bytes.TrimSpace(line)
		if len(trimmed) == 0 {
			continue
		}
		begin := bytes.Index(line, trimmed)
		m := stampPattern.FindSubmatch(trimmed)
		if m == nil {
			l.wrong(l.at(i+1, begin, len(trimmed)), "each line is a stamp and a tag: git log --tags --no-walk --format='%cI %D'", "the line does not begin with a stamp")
			continue
		}
		pos := l.at(i+1, begin, len(m[0]))
		rest := trimmed[len(m[0]):]
		parts := make([]string, len(m))
		for k := range m {
			parts[k] = string(m[k])
		}
		t, err := parseParts(parts)
		if err == nil && len(rest) > 0 && rest[0] != ' ' && rest[0] != '\t' {
			err = errors.New("is followed by something else than a blank")
		}
		if err != nil {
			l.wrong(pos, hintStamp, "time %q %v", m[0], err)
			continue
		}
		l.add(Deploy{Time: t, Name: tagOf(string(bytes.TrimSpace(rest)))}, pos)
	}
}

// tagOf returns the tags among the names of a commit, else all that stands there.
func tagOf(names string) string {
	var tags []string
	for name := range strings.SplitSeq(strings.Trim(names, "()"), ", ") {
		if tag, ok := strings.CutPrefix(name, "tag: "); ok {
			tags = append(tags, tag)
		}
	}
	if len(tags) == 0 {
		return names
	}
	return strings.Join(tags, ", ")
}
