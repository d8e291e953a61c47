package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
)

// News is what one objective's alerts have to tell a destination.
type News struct {
	id        string
	objective *report.Objective // nil if it is in no file any more
	changes   []*change
}

// Alerts are those of a run, as a destination takes them.
type Alerts struct {
	Model   *report.Alerts
	Now     time.Time                // by the clock, whatever instant the model is of; zero: not known
	Takes   func(*report.Alert) bool // whether an alert goes to the destination
	Link    string                   // to the report, "" for none
	Files   string                   // tells where the objectives come from: the same in each run over the same files
	Partial bool                     // only some objectives of the files were looked at
}

// News returns what changed of each objective since was, in the order of the model, and
// what the destination knows if nothing of it is told: what has no news is taken over.
func (a Alerts) News(was State) ([]News, State) {
	next := State{}
	var out []News
	for i := range a.Model.Objectives {
		o := &a.Model.Objectives[i]
		n := News{id: o.ID(), objective: o}
		old := was[n.id]
		if old.Seen.After(a.Model.At) && !a.ahead(old.Seen) { // a later run was faster
			next[n.id] = old
			continue
		}
		w := Watched{Service: o.Service, Files: a.Files, Seen: a.Model.At, Alerts: map[string]Known{}}
		back := old.Seen.After(a.Model.At) && old.Seen.Sub(a.Model.At) < day
		if back {
			w.Seen = old.Seen
		}
		for _, p := range policies(o, a.Takes) {
			known, seen := old.Alerts[p.policy]
			if !seen {
				known = p.unknown(a.Model.At)
			}
			if back && !p.begun(known) {
				w.Alerts[p.policy] = known
				continue
			}
			c, then := compare(p, known, a.Model.At)
			if c != nil {
				then = known // until it is told
				n.add(w.Service, c)
			}
			w.Alerts[p.policy] = then
		}
		n.gone(old, w, a.Model.At)
		next[n.id] = w
		if len(n.changes) > 0 {
			out = append(out, n)
		}
	}
	return append(out, a.vanished(was, next)...), next
}

// ahead tells whether an instant is still to come: who looked then had a wrong clock, or
// the clock was put back. If it is less than a day ahead, only what begins is told until
// then: that something is over, or has no data, may be a thing of the past.
func (a Alerts) ahead(t time.Time) bool { return !a.Now.IsZero() && t.After(a.Now) }

// vanished returns the news of objectives that are in no file any more: those of the
// same files, and those that nobody has looked at for long. Others may be of somebody
// else's files.
func (a Alerts) vanished(was, next State) []News {
	var out []News
	for _, id := range slices.Sorted(maps.Keys(was)) {
		old := was[id]
		if _, there := next[id]; there {
			continue
		}
		if a.Partial || old.Files != a.Files && a.Model.At.Sub(old.Seen) < unwatched {
			next[id] = old
			continue
		}
		n := News{id: id}
		w := Watched{Service: old.Service, Files: old.Files, Seen: old.Seen, Alerts: map[string]Known{}}
		if n.gone(old, w, a.Model.At); len(n.changes) > 0 {
			next[id] = w
			out = append(out, n)
		}
	}
	return out
}

// gone adds the alerts that are not watched any more, if the destination has to know,
// and takes over what it knows of them until it is told.
func (n *News) gone(old, w Watched, at time.Time) {
	for _, policy := range slices.Sorted(maps.Keys(old.Alerts)) {
		was := old.Alerts[policy]
		if _, there := w.Alerts[policy]; there || !was.open() && !was.Doubt {
			continue
		}
		w.Alerts[policy] = was
		next := was
		next.Kind, next.Told, next.Doubt = notify.Resolved, at, false
		n.add(w.Service, &change{now: now{policy: policy, class: was.Class}, next: next, Change: notify.Change{
			Kind: notify.Resolved, Class: was.Class, Policy: policy, Since: was.Since, Again: !was.open(), Passed: was.doubtful()}})
	}
}

// add adds a change.
func (n *News) add(service string, c *change) {
	c.Service, c.Objective, c.Key = service, n.id, key(n.id, c.Policy)
	n.changes = append(n.changes, c)
}

// key tells an alert from all others.
func key(objective, policy string) string {
	sum := sha256.Sum256([]byte(objective + "\x00" + policy))
	return "nines-" + hex.EncodeToString(sum[:16])
}

// Outcome says how a change went, by its key, and whether the far side recognises it by
// that: then telling it anew does no harm.
type Outcome func(key string) (o notify.Outcome, recognised bool)

// After returns what the destination knows once news were told with that outcome. What
// surely did not arrive is told again by the next run as it stands then; what may have
// arrived the next run tells once more, and further ones only where it is recognised.
func (s State) After(news []News, outcome Outcome) State {
	next := maps.Clone(s)
	for _, n := range news {
		w := next[n.id]
		w.Alerts = maps.Clone(w.Alerts)
		for _, c := range n.changes {
			then := c.next
			o, recognised := outcome(c.Key)
			switch o {
			case notify.Sent:
			case notify.Unknown:
				then.Doubt = recognised || !c.Again
			default:
				continue
			}
			if c.gone() && !then.Doubt {
				delete(w.Alerts, c.Policy)
			} else {
				w.Alerts[c.Policy] = then
			}
		}
		if next[n.id] = w; n.objective == nil && len(w.Alerts) == 0 {
			delete(next, n.id)
		}
	}
	return next
}

// bundled is from how many objectives with news on all stand in one message.
const bundled = 4

// Bundles shares news out among messages: one an objective, or one for all if there are
// many.
func Bundles(news []News) [][]News {
	if len(news) >= bundled {
		return [][]News{news}
	}
	var out [][]News
	for i := range news {
		out = append(out, news[i:i+1])
	}
	return out
}

// Message tells news.
func (a Alerts) Message(news []News) notify.Message {
	m := notify.Message{Kind: "alert", Language: a.Model.Language, At: a.Model.At, State: slo.OnTrack}
	rows, why := map[slo.State][]notify.Row{}, map[string]bool{}
	for _, n := range news {
		for _, c := range n.changes {
			r := notify.Row{State: stateOf(c.Kind), Name: a.name(c), Text: a.fill(n, c)}
			if len(news) > 1 {
				r.Name = n.id + " " + r.Name
			}
			m.Changes = append(m.Changes, c.Change)
			r.More = slices.DeleteFunc(slices.Clone(c.Details), func(d string) bool { return why[d] })
			if n.objective != nil && n.objective.Failed != "" {
				why[n.objective.Failed] = true // a reader wants to know it once
			}
			rows[r.State] = append(rows[r.State], r)
			if r.State.Rank() < m.State.Rank() {
				m.State = r.State
			}
		}
	}
	// All in one section: there may be hundreds of rows, and of those that have no room
	// nothing stays but how many they are.
	m.Sections = []notify.Section{{Rows: slices.Concat(rows[slo.Missed], rows[slo.NoData], rows[slo.OnTrack])}}
	m.Headline = a.headline(m.Changes, len(news))
	if a.Link != "" {
		m.Links = []notify.Link{{Text: m.Language.Say("brief.link"), URL: a.Link}}
	}
	m.Data = dataOf(m)
	return m
}

// name is what a row calls an alert: its policy, with its class where that is another
// word.
func (a Alerts) name(c *change) string {
	if c.Policy == string(c.Class) {
		return c.Policy
	}
	return a.Model.Language.Say("watch.name", "policy", c.Policy, "class", a.Model.Language.Class(c.Class))
}

// fill says what the change is about, and returns what a row says of it, where the
// objective and the policy stand already.
func (a Alerts) fill(n News, c *change) string {
	if c.Kind != notify.NoData {
		fired := c.firings(a.Model.At)
		c.Times, c.Seconds = len(fired), int64(lasted(fired)/time.Second)
	}
	say := a.sayer(n, c)
	var text string
	switch {
	case c.gone():
		c.Summary, text = say("watch.gone"), say("watch.gone.row")
	case c.Kind == notify.NoData:
		c.Summary, text = say("watch.no_data"), say(unknown(c.Change))
		if n.objective.Failed != "" {
			c.Details = append(c.Details, n.objective.Failed)
		}
	case c.Kind == notify.Resolved && c.Since.IsZero():
		c.Summary, text = say("watch.back"), say("watch.back.row")
	case c.Kind == notify.Resolved:
		text = a.over(c, say)
		c.Details = append(c.Details, say("watch.spent", "spent", a.Model.Language.Spent(n.objective.Budget.Spent)))
	default:
		text = say("watch.fires.row")
		if c.Times > 1 { // it did not all the time
			text = say("watch.comes.row")
		}
		a.fires(n, c, say)
	}
	if len(c.before) > 0 {
		last := c.before[len(c.before)-1]
		c.Details = append(c.Details, say("watch.before", "n", strconv.Itoa(len(c.before)), "since", a.instant(c.before[0].begin),
			"until", a.instant(last.known), "length", a.Model.Language.Duration(atLeast(lasted(c.before)))))
	} else if times := len(c.next.Begun); times > 1 && c.Times <= 1 {
		c.Details = append(c.Details, say("watch.times", "n", strconv.Itoa(times)))
	}
	if c.Again {
		c.Details = append(c.Details, say("watch.again"))
	}
	return text
}

// sayer returns what fills in texts about a change.
func (a Alerts) sayer(n News, c *change) func(name string, fill ...string) string {
	l := a.Model.Language
	return func(name string, fill ...string) string {
		return l.Say(name, append(fill, "objective", n.id, "policy", c.Policy, "length", l.Duration(c.length(a.Model.At)),
			"total", l.Duration(atLeast(time.Duration(c.Seconds)*time.Second)), "n", strconv.Itoa(c.Times),
			"since", a.instant(c.Since), "until", a.instant(c.Until), "blind", a.instant(c.Blind))...)
	}
}

// unknown is the text of a row about an alert of which nobody knows.
func unknown(c notify.Change) string {
	fired, blind := !c.Since.IsZero(), !c.Blind.IsZero()
	switch {
	case fired && blind:
		return "watch.no_data.fired.blind"
	case fired:
		return "watch.no_data.fired"
	case blind:
		return "watch.no_data.row.blind"
	}
	return "watch.no_data.row"
}

// over says that an alert is over, and returns what a row says of it.
func (a Alerts) over(c *change, say func(name string, fill ...string) string) string {
	switch {
	case c.Times > 1:
		c.Summary = say("watch.quiet")
		if !c.Blind.IsZero() {
			c.Details = append(c.Details, say("watch.blind"))
		}
		return say("watch.quiet.row")
	case c.Passed && !c.doubt:
		c.Summary = say("watch.passed")
	default:
		c.Summary = say("watch.over")
	}
	switch {
	case c.Until.IsZero():
		return say("watch.over.since")
	case !c.Blind.IsZero():
		return say("watch.over.blind")
	}
	return say("watch.over.row")
}

// fires says what there is to know of an alert that fires.
func (a Alerts) fires(n News, c *change, say func(name string, fill ...string) string) {
	l, first := a.Model.Language, c.now.alerts[0]
	figures := []string{"condition", first.Condition, "figure", words.AlertFigure(l, first), "limit", words.AlertLimit(l, first)}
	switch {
	case c.Kind == notify.Fires:
		c.Summary = say("watch.fires", figures...)
	case c.Times > 1:
		c.Summary = say("watch.comes", figures...)
	default:
		c.Summary = say("watch.still", figures...)
	}
	c.Details = append(c.Details, say("watch.condition", figures...),
		say("watch.cost", "cost", l.Spent(first.Cost), "spent", l.Spent(n.objective.Budget.Spent)))
	if clears := c.now.clears(); !clears.IsZero() {
		c.Details = append(c.Details, say("watch.clears", "clears", a.instant(clears)))
	}
}

// atLeast returns d, but no less than people count in.
func atLeast(d time.Duration) time.Duration { return max(d, time.Minute) }

// instant shows a time to people.
func (a Alerts) instant(t time.Time) string {
	if t.IsZero() || a.Model.Zone == nil {
		return a.Model.Language.DateTime(t, a.Model.Zone)
	}
	return a.Model.Language.DateTime(t, a.Model.Zone) + " " + a.Model.Zone.String()
}

// length is for how long the alert fires or did; 0 if it did not.
func (c *change) length(at time.Time) time.Duration {
	if c.Since.IsZero() {
		return 0
	}
	if !c.Until.IsZero() {
		at = c.Until
	}
	return atLeast(at.Sub(c.Since))
}

func stateOf(kind notify.ChangeKind) slo.State {
	switch kind {
	case notify.Fires, notify.StillFires:
		return slo.Missed
	case notify.NoData:
		return slo.NoData
	}
	return slo.OnTrack
}

// headline is the whole message in one line.
func (a Alerts) headline(changes []notify.Change, objectives int) string {
	l := a.Model.Language
	if len(changes) == 1 {
		return changes[0].Summary
	}
	counts := map[notify.ChangeKind]int{}
	for _, c := range changes {
		counts[c.Kind]++
	}
	var parts []string
	for _, one := range []struct {
		kinds []notify.ChangeKind
		say   func(n string) string
	}{
		{[]notify.ChangeKind{notify.Fires, notify.StillFires}, func(n string) string { return l.Say("watch.count.firing", "n", n) }},
		{[]notify.ChangeKind{notify.NoData}, func(n string) string { return l.Say("watch.count.no_data", "n", n) }},
		{[]notify.ChangeKind{notify.Resolved}, func(n string) string { return l.Say("watch.count.over", "n", n) }},
	} {
		n := 0
		for _, kind := range one.kinds {
			n += counts[kind]
		}
		if n > 0 {
			parts = append(parts, one.say(strconv.Itoa(n)))
		}
	}
	counted := strings.Join(parts, l.Say("watch.comma"))
	if objectives == 1 {
		return l.Say("watch.single", "objective", changes[0].Objective, "counts", counted)
	}
	return l.Say("watch.several", "n", strconv.Itoa(objectives), "counts", counted, "services", strings.Join(services(changes), ", "))
}

// maxServices is how many services a headline names.
const maxServices = 3

func services(changes []notify.Change) []string {
	var out []string
	for _, c := range changes {
		if !slices.Contains(out, c.Service) {
			out = append(out, c.Service)
		}
	}
	if len(out) > maxServices {
		out = append(out[:maxServices:maxServices], "…")
	}
	return out
}
