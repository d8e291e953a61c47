package survey

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources/accesslog"
)

// Bounds of what a survey remembers and proposes.
const (
	maxGroups = 1000 // paths beyond them are counted together
	maxShown  = 3
)

// thresholds are what a latency objective may be proposed with.
var thresholds = [...]time.Duration{
	10 * time.Millisecond, 20 * time.Millisecond, 50 * time.Millisecond, 100 * time.Millisecond, 200 * time.Millisecond,
	300 * time.Millisecond, 500 * time.Millisecond, 750 * time.Millisecond, time.Second, 1500 * time.Millisecond,
	2 * time.Second, 3 * time.Second, 5 * time.Second, 10 * time.Second, 30 * time.Second, time.Minute,
}

// group is the traffic below one path.
type group struct {
	prefix        string
	lines, failed int64
	timed         int64
	within        [len(thresholds)]int64 // timed requests of at most that duration
}

// Survey is what was seen of a log.
type Survey struct {
	format string
	lines  int64
	unread int64
	groups map[string]*group
}

func (s *Survey) add(e accesslog.Event) {
	s.lines++
	prefix := prefixOf(e.Path)
	if s.groups[prefix] == nil && len(s.groups) >= maxGroups {
		prefix = "/*"
	}
	g := s.groups[prefix]
	if g == nil {
		g = &group{prefix: prefix}
		s.groups[prefix] = g
	}
	g.lines++
	if strings.HasPrefix(e.Status, "5") {
		g.failed++
	}
	if !e.Timed {
		return
	}
	g.timed++
	for i, t := range thresholds {
		if e.Duration <= t {
			g.within[i]++
		}
	}
}

// prefixOf returns the glob of the part of a site that a path belongs to: its
// first segment, or two where the first is only a door such as /api or /v1.
func prefixOf(path string) string {
	first, rest, more := strings.Cut(strings.TrimPrefix(path, "/"), "/")
	if !more || !plain(first) {
		return "/*"
	}
	if door := first == "api" || len(first) == 2 && first[0] == 'v'; door {
		if second, _, more := strings.Cut(rest, "/"); more && plain(second) {
			return "/" + first + "/" + second + "/*"
		}
	}
	return "/" + first + "/*"
}

// plain tells whether a segment is a name and no pattern, number or noise.
func plain(segment string) bool {
	return segment != "" && len(segment) <= 40 && strings.Trim(segment, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.") == "" &&
		strings.Trim(segment, "0123456789") != ""
}

// chosen returns the groups worth an objective of their own, busiest first: those
// with a tenth of the traffic; the whole site if there is none.
func (s *Survey) chosen() []*group {
	var out []*group
	all := &group{prefix: "/*"}
	for _, g := range s.groups {
		all.join(g)
		if g.prefix != "/*" && 10*g.lines >= s.lines {
			out = append(out, g)
		}
	}
	slices.SortFunc(out, func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.lines, a.lines), cmp.Compare(a.prefix, b.prefix))
	})
	if len(out) == 0 {
		return []*group{all}
	}
	return out[:min(len(out), maxShown)]
}

// below returns all the traffic that g's glob selects, deeper groups included.
func (s *Survey) below(g *group) *group {
	all := &group{prefix: g.prefix}
	for _, h := range s.groups {
		if strings.HasPrefix(h.prefix, strings.TrimSuffix(g.prefix, "*")) {
			all.join(h)
		}
	}
	return all
}

func (g *group) join(h *group) {
	g.lines, g.failed, g.timed = g.lines+h.lines, g.failed+h.failed, g.timed+h.timed
	for i := range g.within {
		g.within[i] += h.within[i]
	}
}

// service names the group after the last segment of its prefix.
func (g *group) service() string {
	segments := strings.Split(strings.Trim(g.prefix, "/*"), "/")
	return cmp.Or(segments[len(segments)-1], "site")
}

// Propose writes SLO files, a document a service.
func (s *Survey) Propose(path string) []byte {
	var b bytes.Buffer
	fmt.Fprintf(&b, "# Proposed from %s: %s requests.\n", path, unit.English.Count(slo.NumberOf(s.lines)))
	if s.unread > 0 {
		fmt.Fprintf(&b, "# %s more lines do not fit format %s; over max_unread, 1 %% if the source does not say, the objectives have no data.\n", unit.English.Count(slo.NumberOf(s.unread)), s.format)
	}
	b.WriteString("# A target follows from what users need, not from what the system happens to do: look at each one.\n")
	b.WriteString("# Check this file with: nines validate. See the figures with: nines status.\n")
	named := map[string]int{}
	for i, g := range s.chosen() {
		if i > 0 {
			b.WriteString("---\n")
		}
		service := g.service()
		if named[service]++; named[service] > 1 {
			service = fmt.Sprintf("%s-%d", service, named[service])
		}
		s.below(g).write(&b, service, path, s.format)
	}
	return b.Bytes()
}

func (g *group) write(b *bytes.Buffer, service, path, format string) {
	share := func(n, of int64) string {
		return unit.English.Percent(slo.NumberOf(n).Quo(slo.NumberOf(of)), 3)
	}
	fmt.Fprintf(b, "apiVersion: nines/v1\nservice: %q\ntimezone: UTC # whose midnights begin days and months\n\n", service)
	fmt.Fprintf(b, "sources:\n  edge: {type: accesslog, path: %q, format: %q}\n\nslos:\n", path, format)
	fmt.Fprintf(b, "  - name: availability\n    description: Requests answered without a server error.\n")
	fmt.Fprintf(b, "    target: %s # seen: %s of %s requests\n", availabilityTarget(g), share(g.lines-g.failed, g.lines), unit.English.Count(slo.NumberOf(g.lines)))
	fmt.Fprintf(b, "    window: 30d # rolling; or month, quarter, week for calendar ones\n    sli:\n      source: edge\n")
	fmt.Fprintf(b, "      where: {path: %q} # which requests count at all\n      bad: {status: 500-599} # which of them break the promise\n", g.prefix)
	if g.timed == 0 {
		b.WriteString("  # The log has no durations: a latency objective needs a format with $request_time or %D.\n")
		return
	}
	i := slowThreshold(g)
	limit := slo.FormatDuration(thresholds[i])
	fmt.Fprintf(b, "  - name: latency\n    description: Requests answered within %s.\n", limit)
	fmt.Fprintf(b, "    target: %s # seen: %s of %s requests with a duration\n", highest(g.within[i], g.timed, "99%", "95%", "90%", "50%"),
		share(g.within[i], g.timed), unit.English.Count(slo.NumberOf(g.timed)))
	fmt.Fprintf(b, "    window: 30d\n    sli:\n      source: edge\n      where: {path: %q}\n      good: {duration: \"<= %s\"}\n", g.prefix, limit)
}

// availabilityTarget returns the highest usual target that the log met, at most
// three nines: more cannot be told from one log.
func availabilityTarget(g *group) slo.Target {
	return highest(g.lines-g.failed, g.lines, "99.9%", "99.5%", "99%", "95%", "90%", "50%")
}

// slowThreshold returns the smallest threshold that 95 % of the requests keep, the
// largest if none.
func slowThreshold(g *group) int {
	for i := range thresholds {
		if 100*g.within[i] >= 95*g.timed {
			return i
		}
	}
	return len(thresholds) - 1
}

// highest returns the first of the targets, highest first, that good of all meets,
// the last if none.
func highest(good, all int64, targets ...string) slo.Target {
	seen := slo.NumberOf(good).Quo(slo.NumberOf(all))
	var t slo.Target
	for _, text := range targets {
		t, _ = slo.ParseTarget(text)
		if seen.Cmp(t.Number()) >= 0 {
			break
		}
	}
	return t
}
