// Package deploy tells which deploys cost error budget: it reads lists of deploys
// and compares the hours after each with the hours before it and with the usual
// for that weekday.
//
// A verdict is a comparison in time, not a cause: what else happened in the same
// hours counts too, and is named where it was a deploy.
package deploy

import (
	"bytes"
	"cmp"
	"fmt"
	"io"
	"slices"
	"time"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
)

// Deploy is one change that went live.
type Deploy struct {
	Time    time.Time
	Name    string   // a version or a tag
	Service string   // "": it may have touched every objective
	Pos     diag.Pos // where its service stands, else where the deploy does
}

// Limits of one list.
const (
	maxBytes    = 16 << 20
	maxDeploys  = 100_000
	maxFindings = 50
)

// Read returns the deploys of a list, by time. What it is shows in its first line:
//
//   - CSV with a header: a column time (or timestamp, deployed_at, date), one of
//     name, version, tag or release, and service where known;
//   - NDJSON: one object a line with these keys;
//   - git: lines of an RFC 3339 stamp and a tag, as git log --tags --no-walk
//     --format='%cI %D' and git for-each-ref print them.
//
// Stamps are RFC 3339 or Unix time in seconds or milliseconds. A deploy that stands
// there twice is one. If an error is among the findings there are no deploys.
func Read(name string, r io.Reader) ([]Deploy, diag.List) {
	text, err := io.ReadAll(io.LimitReader(r, maxBytes+1))
	l := &list{file: name, lines: bytes.Split(bytes.TrimPrefix(text, []byte("\uFEFF")), []byte("\n")), seen: map[Deploy]int{}}
	switch {
	case err != nil:
		l.wrong(diag.Pos{File: name}, "", "cannot be read: %v", err)
	case len(text) > maxBytes:
		l.wrong(diag.Pos{File: name}, hintFewer, "the list is larger than %d MB", maxBytes>>20)
	case !utf8.Valid(text) || bytes.IndexByte(text, 0) >= 0:
		l.wrong(diag.Pos{File: name}, "save it as UTF-8", "the list is not UTF-8 text")
	default:
		l.read()
	}
	return l.result()
}

// list is a list that is being read.
type list struct {
	file     string
	lines    [][]byte
	deploys  []Deploy
	seen     map[Deploy]int // line, by what it says
	findings diag.List
	errors   int // among findings, and those that are not listed
	warnings int
}

// read finds out what the list is and reads it.
func (l *list) read() {
	first := slices.IndexFunc(l.lines, func(line []byte) bool { return len(bytes.TrimSpace(line)) > 0 })
	if first < 0 {
		l.warn(diag.Pos{File: l.file}, hintFormats, "the list holds no deploys")
		return
	}
	line := bytes.TrimSpace(l.lines[first])
	stamp := stampPattern.Find(line)
	switch {
	case line[0] == '{':
		l.objects()
	case stamp != nil && !bytes.ContainsAny(line[len(stamp):min(len(stamp)+1, len(line))], ",;\t"):
		l.tags()
	default:
		l.table()
	}
	if len(l.deploys) == 0 && l.errors == 0 {
		l.warn(diag.Pos{File: l.file}, "", "the list holds no deploys")
	}
}

const (
	hintFewer   = "keep the deploys of the months you look at"
	hintFormats = "give a CSV file with the columns time,name,service, or the same as NDJSON, or what git log --tags --no-walk --format='%cI %D' prints"
)

// add takes a deploy, whose time stands at pos.
func (l *list) add(d Deploy, pos diag.Pos) {
	if d.Pos.Line == 0 {
		d.Pos = pos
	}
	key := Deploy{Time: d.Time.UTC(), Name: d.Name, Service: d.Service}
	switch {
	case d.Name == "":
		l.wrong(pos, "give it a version or a tag; of git take the commits with tags: git log --tags --no-walk --format='%cI %D'", "a deploy has no name")
	case l.seen[key] > 0:
		l.warn(pos, "", "the deploy of line %d stands here again and counts once", l.seen[key])
	case len(l.deploys) == maxDeploys:
		l.wrong(pos, hintFewer, "the list holds more than %d deploys", maxDeploys)
	default:
		l.seen[key] = pos.Line
		d.Time = key.Time
		l.deploys = append(l.deploys, d)
	}
}

// result returns what was read.
func (l *list) result() ([]Deploy, diag.List) {
	for severity, n := range map[diag.Severity]int{diag.Error: l.errors, diag.Warning: l.warnings} {
		if n > maxFindings {
			l.findings = append(l.findings, diag.Finding{Severity: severity, Pos: diag.Pos{File: l.file}, Code: "deploy/list",
				Message: fmt.Sprintf("%d more of these are not listed", n-maxFindings)})
		}
	}
	l.findings.Sort()
	if l.errors > 0 {
		return nil, l.findings
	}
	slices.SortStableFunc(l.deploys, func(a, b Deploy) int {
		return cmp.Or(a.Time.Compare(b.Time), cmp.Compare(a.Service, b.Service), cmp.Compare(a.Name, b.Name))
	})
	return l.deploys, l.findings
}

func (l *list) wrong(pos diag.Pos, hint, format string, args ...any) {
	l.errors++
	l.report(diag.Errorf(pos, "deploy/list", format, args...), l.errors, hint)
}

func (l *list) warn(pos diag.Pos, hint, format string, args ...any) {
	l.warnings++
	l.report(diag.Warnf(pos, "deploy/list", format, args...), l.warnings, hint)
}

// report lists f, the nth of its severity.
func (l *list) report(f diag.Finding, nth int, hint string) {
	if nth > maxFindings {
		return
	}
	if n := f.Pos.Line; n > 0 {
		f.Excerpt = string(bytes.TrimRight(l.lines[n-1], "\r"))
	}
	f.Hint = hint
	l.findings = append(l.findings, f)
}

// at returns the place of n bytes at byte col (from 0) of a line (from 1).
func (l *list) at(line, col, n int) diag.Pos {
	text := l.lines[line-1]
	col = min(col, len(text))
	return diag.Pos{File: l.file, Line: line, Col: utf8.RuneCount(text[:col]) + 1, Len: utf8.RuneCount(text[col:min(col+n, len(text))])}
}
