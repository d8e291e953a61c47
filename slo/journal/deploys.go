package journal

import (
	"cmp"
	"errors"
	"io"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/deploy"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
)

// maxListed is how many errors, and how many warnings, of one list are told.
const maxListed = 50

// Deploys returns the deploys of a list, by time. What it is shows in its first line:
//
//   - CSV with a header: a column time (or timestamp, deployed_at, date), one of
//     name, version, tag or release, and service where known;
//   - NDJSON: one object a line with these keys;
//   - git: lines of an RFC 3339 stamp and a tag, as git log --tags --no-walk
//     --format='%cI %D' and git for-each-ref print them.
//
// Stamps are RFC 3339 or Unix time in seconds or milliseconds. A deploy that stands
// there twice is one. If an error is among the findings there are no deploys.
func Deploys(name string, r io.Reader) ([]deploy.Deploy, diag.List) {
	p, err := open(name, r)
	l := &deployList{page: p, seen: map[deploy.Deploy]int{}}
	if err == nil && strings.ContainsRune(p.text(), 0) {
		err = errNoText
	}
	switch {
	case errors.Is(err, errTooLarge):
		l.wrong(p.whole(), hintFewer, "the list is larger than %d MB", maxBytes>>20)
	case errors.Is(err, errNoText):
		l.wrong(p.whole(), "save it as UTF-8", "the list is not UTF-8 text")
	case err != nil:
		l.wrong(p.whole(), "", "cannot be read: %v", err)
	default:
		l.read()
	}
	return l.result()
}

// deployList is a list of deploys that is being read.
type deployList struct {
	page     *page
	deploys  []deploy.Deploy
	seen     map[deploy.Deploy]int // line, by what it says
	errors   int                   // told or not
	warnings int
}

// read finds out what the list is and reads it.
func (l *deployList) read() {
	first := slices.IndexFunc(l.page.lines, func(line string) bool { return strings.TrimSpace(line) != "" })
	if first < 0 {
		l.warn(l.page.whole(), hintFormats, "the list holds no deploys")
		return
	}
	line := strings.TrimSpace(l.page.lines[first])
	stamp, rest, _ := cutStamp(line)
	switch {
	case line[0] == '{':
		l.objects()
	case stamp != "" && (rest == "" || !strings.ContainsRune(",;\t", rune(rest[0]))):
		l.tags()
	default:
		l.table()
	}
	if len(l.deploys) == 0 && l.errors == 0 {
		l.warn(l.page.whole(), "", "the list holds no deploys")
	}
}

const (
	gitLog      = "git log --tags --no-walk --format='%cI %D'"
	hintFewer   = "keep the deploys of the months you look at"
	hintFormats = "give a CSV file with the columns time,name,service, or the same as NDJSON, " +
		"or what " + gitLog + " prints"
	hintTag = "give it a version or a tag; of git take the commits with tags: " + gitLog
)

// add takes a deploy, whose time stands at pos.
func (l *deployList) add(d deploy.Deploy, pos diag.Pos) {
	if d.Pos.Line == 0 {
		d.Pos = pos
	}
	says := deploy.Deploy{Time: d.Time, Name: d.Name, Service: d.Service}
	switch {
	case d.Name == "":
		l.wrong(pos, hintTag, "a deploy has no name")
	case l.seen[says] > 0:
		l.warn(pos, "", "the deploy of line %d stands here again and counts once", l.seen[says])
	case len(l.deploys) == maxEntries:
		l.wrong(pos, hintFewer, "the list holds more than %d deploys", maxEntries)
	default:
		l.seen[says] = pos.Line
		l.deploys = append(l.deploys, d)
	}
}

// result returns what was read.
func (l *deployList) result() ([]deploy.Deploy, diag.List) {
	const rest = "%d more of these are not listed"
	if l.errors > maxListed {
		l.page.find(diag.Errorf(l.page.whole(), "deploy/list", rest, l.errors-maxListed))
	}
	if l.warnings > maxListed {
		l.page.find(diag.Warnf(l.page.whole(), "deploy/list", rest, l.warnings-maxListed))
	}
	l.page.findings.Sort()
	if l.errors > 0 {
		return nil, l.page.findings
	}
	order.Stable(l.deploys, func(a, b deploy.Deploy) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
	})
	return l.deploys, l.page.findings
}

func (l *deployList) wrong(pos diag.Pos, hint, format string, args ...any) {
	l.errors++
	if l.errors <= maxListed {
		l.page.find(diag.Errorf(pos, "deploy/list", format, args...).WithHint("%s", hint))
	}
}

func (l *deployList) warn(pos diag.Pos, hint, format string, args ...any) {
	l.warnings++
	if l.warnings <= maxListed {
		l.page.find(diag.Warnf(pos, "deploy/list", format, args...).WithHint("%s", hint))
	}
}
