package survey

import (
	"bytes"
	"cmp"
	_ "embed"
	"fmt"
	"slices"
	"strings"
	"text/template"
	"time"

	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/sources/accesslog"
)

// Bounds of what a survey remembers and proposes.
const (
	maxGroups = 1000 // paths beyond them are counted together
	maxShown  = 3
	window    = 30 * 24 * time.Hour // of what is proposed
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
	last          time.Time // of its requests
	lines, failed int64
	answered      int64 // requests with a status
	timed         int64
	within        [len(thresholds)]int64 // timed requests of at most that duration
}

// Survey is what was seen of a log.
type Survey struct {
	format string
	lines  int64
	unread int64
	by     []string  // what carried its lines
	first  time.Time // of its requests, the last too
	last   time.Time
	groups map[string]*group
}

// Last returns the time of the newest request.
func (s *Survey) Last() time.Time { return s.last }

// Ends returns the flag that judges at the end of the log, and what it is: the end of its
// last day, unless too much of the time until then has no requests.
func (s *Survey) Ends() string {
	end := s.last.Add(time.Minute).UTC().Truncate(time.Minute)
	day := end.Add(-1).Truncate(24 * time.Hour)
	if next := day.Add(24 * time.Hour); 10*next.Sub(end) <= next.Sub(s.first) {
		return "--at " + day.Format(time.DateOnly) + ", the last day of the log"
	}
	return "--at " + end.Format("2006-01-02T15:04") + ", the end of the log"
}

// carried adds to what carried the lines.
func (s *Survey) carried(by string) {
	for _, name := range strings.Split(by, ", ") {
		if name != "" && !slices.Contains(s.by, name) {
			s.by = append(s.by, name)
		}
	}
}

func (s *Survey) add(e accesslog.Event) {
	s.lines++
	if s.first.IsZero() || e.Time.Before(s.first) {
		s.first = e.Time
	}
	if e.Time.After(s.last) {
		s.last = e.Time
	}
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
	g.seen(e.Time)
	if e.Status != "" {
		g.answered++
	}
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

// seen takes note of the time of a request.
func (g *group) seen(t time.Time) {
	if t.After(g.last) {
		g.last = t
	}
}

var (
	word = pattern.Of(`^[A-Za-z0-9_.-]+$`)
	door = pattern.Of(`^(api|rest|v[0-9]{1,2})$`)
	id   = pattern.Of(`^[0-9]+$|[0-9]{4}|^[0-9A-Fa-f-]*[0-9][0-9A-Fa-f-]*$`)
)

// maxDoors is how many segments may only lead to a part of a site: /api/v1.
const maxDoors = 2

// prefixOf returns the glob of the part of a site that a path belongs to: its
// first segment, behind those that are only doors such as /api or /v1. From an id on it
// is a star. It is empty of what has no path.
func prefixOf(path string) string {
	if !strings.HasPrefix(path, "/") {
		return ""
	}
	prefix, rest := "", path[1:]
	for doors := 0; ; doors++ {
		segment, after, more := strings.Cut(rest, "/")
		if !more || !plain(segment) {
			break
		}
		prefix, rest = prefix+"/"+segment, after
		if doors == maxDoors || !door().MatchString(segment) {
			break
		}
	}
	return prefix + "/*"
}

// plain tells whether a segment is a name and no pattern, noise or id: a number, a date, a
// UUID, or hexadecimal digits.
func plain(segment string) bool {
	return len(segment) <= 40 && word().MatchString(segment) && !id().MatchString(segment)
}

// chosen returns the groups worth an objective of their own, busiest first: those
// with a tenth of the traffic and some in the last window of the log; the whole site if
// there is none.
func (s *Survey) chosen() []*group {
	var out []*group
	for _, g := range s.groups {
		if g.prefix == "" || g.answered+g.timed == 0 || s.last.Sub(s.below(g).last) >= window {
			continue
		}
		if g.prefix != "/*" && 10*g.lines >= s.lines {
			out = append(out, g)
		}
	}
	order.Stable(out, func(a, b *group) int {
		return cmp.Or(cmp.Compare(b.lines, a.lines), cmp.Compare(a.prefix, b.prefix))
	})
	if len(out) == 0 {
		return []*group{{prefix: "/*"}}
	}
	return out[:min(len(out), maxShown)]
}

// leftOut returns how many requests none of the groups selects.
func (s *Survey) leftOut(chosen []*group) (n int64) {
	for _, h := range s.groups {
		if !slices.ContainsFunc(chosen, func(g *group) bool { return g.selects(h) }) {
			n += h.lines
		}
	}
	return n
}

// selects tells whether the glob of g selects the traffic of h.
func (g *group) selects(h *group) bool {
	return strings.HasPrefix(h.prefix, strings.TrimSuffix(g.prefix, "*"))
}

// below returns all the traffic that g's glob selects, deeper groups included.
func (s *Survey) below(g *group) *group {
	all := &group{prefix: g.prefix}
	for _, h := range s.groups {
		if g.selects(h) {
			all.join(h)
		}
	}
	return all
}

func (g *group) join(h *group) {
	g.lines, g.failed, g.timed = g.lines+h.lines, g.failed+h.failed, g.timed+h.timed
	g.answered += h.answered
	g.seen(h.last)
	for i := range g.within {
		g.within[i] += h.within[i]
	}
}

// service names the group after the last segment of its prefix.
func (g *group) service() string {
	segments := strings.Split(strings.Trim(g.prefix, "/*"), "/")
	return cmp.Or(segments[len(segments)-1], "site")
}

//go:embed proposal.yaml.tmpl
var proposal string

// service is what the template of a proposal shows of one group.
type service struct {
	Name, Prefix string
	Target       slo.Target
	Seen, Lines  string // the share of good requests, of how many
	Without      string // requests without a status, "" for none
	Alerts       *alerts
	Latency      *latency
}

// alerts are what a file has to say of alerts where little traffic comes.
type alerts struct{ Why, List string }

// latency is what a latency objective would promise.
type latency struct {
	Within      string // "300ms"
	Target      slo.Target
	Seen, Timed string
	Without     string // requests without a duration, "" for none
	Alerts      *alerts
}

// Propose writes SLO files, a document a service. path is where the source finds the
// log.
func (s *Survey) Propose(path string) ([]byte, error) {
	t, err := template.New("proposal").Parse(proposal)
	if err != nil {
		return nil, err
	}
	var b bytes.Buffer
	chosen := s.chosen()
	left := s.leftOut(chosen)
	err = t.Execute(&b, map[string]any{
		"Path": path, "Format": s.format, "Lines": count(s.lines), "Unread": s.unread, "UnreadLines": count(s.unread),
		"MaxUnread": s.maxUnread(), "CarriedBy": strings.Join(s.by, ", "), "Left": left, "LeftLines": count(left), "LeftShare": unit.English.Percent(slo.NumberOf(left).Quo(slo.NumberOf(s.lines)), 1),
		"Since": s.first.UTC().Truncate(time.Minute).Format(time.RFC3339), "Services": s.services(chosen),
	})
	return b.Bytes(), err
}

// services returns what to propose, each under a name of its own.
func (s *Survey) services(chosen []*group) []service {
	var out []service
	named := map[string]int{}
	for _, g := range chosen {
		name := g.service()
		if named[name]++; named[name] > 1 {
			name = fmt.Sprintf("%s-%d", name, named[name])
		}
		out = append(out, s.propose(s.below(g), name))
	}
	return out
}

func (s *Survey) propose(g *group, name string) service {
	out := service{Name: name, Prefix: g.prefix, Lines: count(g.answered)}
	if g.answered > 0 {
		out.Target, out.Seen = availabilityTarget(g), share(g.answered-g.failed, g.answered)
		out.Without = without(g.lines - g.answered)
		out.Alerts = s.alerts(out.Target, g.answered)
	}
	if g.timed > 0 {
		i := slowThreshold(g)
		target := highest(g.within[i], g.timed, "99%", "95%", "90%", "50%")
		out.Latency = &latency{
			Within: slo.FormatDuration(thresholds[i]),
			Target: target,
			Seen:   share(g.within[i], g.timed),
			Timed:  count(g.timed),

			Without: without(g.lines - g.timed),
			Alerts:  s.alerts(target, g.timed),
		}
	}
	return out
}

// alerts returns what an objective of that target needs if so many requests are all that
// came in the time of the log, nil if the default alerts do.
func (s *Survey) alerts(target slo.Target, requests int64) *alerts {
	o := slo.SLO{Target: target, Window: slo.Window{Length: window}, Budgeting: slo.Budgeting{Method: slo.Occurrences}}
	hours := slo.NumberFrac(int64(s.last.Sub(s.first)+time.Minute), int64(time.Hour))
	few, found := burn.ScarceAt(o, o.Policies(), slo.NumberOf(requests).Quo(hours))
	if !found {
		return nil
	}
	return &alerts{Why: few.String(), List: few.Remedy(o)}
}

// maxUnread returns the share that the source has to allow of lines that do not fit, in
// whole percent, "" where what it allows by itself is enough.
func (s *Survey) maxUnread() string {
	if all := s.lines + s.unread; 100*s.unread > all {
		return fmt.Sprintf("%d%%", (100*s.unread+all-1)/all)
	}
	return ""
}

// without says how many requests lack what an objective asks for, "" for none.
func without(n int64) string {
	switch n {
	case 0:
		return ""
	case 1:
		return "1 request has"
	}
	return count(n) + " requests have"
}

func count(n int64) string { return unit.English.Count(slo.NumberOf(n)) }

func share(n, of int64) string { return unit.English.Percent(slo.NumberOf(n).Quo(slo.NumberOf(of)), 3) }

// availabilityTarget returns the highest usual target that the log met, at most
// three nines: more cannot be told from one log.
func availabilityTarget(g *group) slo.Target {
	return highest(g.answered-g.failed, g.answered, "99.9%", "99.5%", "99%", "95%", "90%", "50%")
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
