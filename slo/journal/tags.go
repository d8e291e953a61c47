package journal

import (
	"errors"
	"strings"

	"github.com/nines-slo/nines/slo/deploy"
)

const hintTags = "each line is a stamp and a tag: " + gitLog

// tags reads what git prints: a stamp, then the names of the commit. Of git log's
// %D, "HEAD -> main, tag: v1.4.2", the tags are taken; where it names none, as
// for-each-ref's refname:short, all of it.
func (l *deployList) tags() {
	for i, line := range l.page.lines {
		trimmed := strings.TrimSpace(line)
		if trimmed == "" {
			continue
		}
		begin := strings.Index(line, trimmed)
		stamp, rest, parts := cutStamp(trimmed)
		l.page.known = stamp != "" // another line may be of anything
		if stamp == "" {
			l.wrong(l.page.at(i+1, begin, len(trimmed)), hintTags, "the line does not begin with a stamp")
			continue
		}
		pos := l.page.at(i+1, begin, len(stamp))
		t, err := parts.instant()
		if err == nil && rest != "" && rest[0] != ' ' && rest[0] != '\t' {
			err = errors.New("is followed by something else than a blank")
		}
		if err != nil {
			l.wrong(pos, hintStamp, "time %q %v", stamp, err)
			continue
		}
		l.add(deploy.Deploy{Time: t, Name: tagOf(strings.TrimSpace(rest))}, pos)
	}
}

// tagOf returns the tags among the names of a commit, else all that stands there.
func tagOf(names string) string {
	var tags []string
	for name := range strings.SplitSeq(strings.Trim(names, "()"), ", ") {
		tag, ok := strings.CutPrefix(name, "tag: ")
		if tag = strings.TrimSpace(tag); ok && tag != "" {
			tags = append(tags, tag)
		}
	}
	if len(tags) == 0 {
		return names
	}
	return strings.Join(tags, ", ")
}
