package watch

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
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
	objective *report.Objective
	changes   []*change
}

// Alerts are those of a run, as a destination takes them.
type Alerts struct {
	Model *report.Alerts
	Takes func(*report.Alert) bool // whether an alert goes to the destination
	Link  string                   // to the report, "" for none
}

// News returns what changed of each objective since was, in the order of the model, and
// what the destination knows if nothing of it is told: what has no news is taken over.
func (a Alerts) News(was State) ([]News, State) {
	next := State{Run: a.Model.At, Alerts: map[string]map[string]Known{}}
	maps.Copy(next.Alerts, was.Alerts)
	var out []News
	for i := range a.Model.Objectives {
		o := &a.Model.Objectives[i]
		n := News{objective: o}
		known := map[string]Known{}
		maps.Copy(known, was.Alerts[o.ID()])
		for _, p := range policies(o, a.Takes) {
			c, then := compare(p, known[p.policy], was.Run, a.Model.At)
			if c != nil {
				c.Service, c.Objective, c.Key = o.Service, o.ID(), key(o.ID(), p.policy)
				n.changes = append(n.changes, c)
			} else if then.Kind != "" || len(then.Begun) > 0 {
				known[p.policy] = then
			}
		}
		if len(known) > 0 {
			next.Alerts[o.ID()] = known
		}
		if len(n.changes) > 0 {
			out = append(out, n)
		}
	}
	return out, next
}

// key tells an alert from all others.
func key(objective, policy string) string {
	sum := sha256.Sum256([]byte(objective + "\x00" + policy))
	return "nines-" + hex.EncodeToString(sum[:16])
}

// Outcome says how a change went, by its key.
type Outcome func(key string) notify.Outcome

// After returns what the destination knows once news were told with that outcome. What
// surely did not arrive is told again by the next run as it stands then; of what may
// have arrived the next run tells once more.
func (s State) After(news []News, outcome Outcome) State {
	next := State{Run: s.Run, Alerts: maps.Clone(s.Alerts)}
	if next.Alerts == nil {
		next.Alerts = map[string]map[string]Known{}
	}
	for _, n := range news {
		known := map[string]Known{}
		maps.Copy(known, next.Alerts[n.objective.ID()])
		for _, c := range n.changes {
			switch outcome(c.Key) {
			case notify.Sent:
				known[c.Policy] = c.next
			case notify.Unknown:
				then := c.next
				then.Doubt = !c.Again
				known[c.Policy] = then
			}
		}
		if len(known) > 0 {
			next.Alerts[n.objective.ID()] = known
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
	for _, n := range news {
		s := notify.Section{}
		if len(news) > 1 {
			s.Title = n.objective.ID()
		}
		for _, c := range n.changes {
			a.fill(n.objective, c)
			m.Changes = append(m.Changes, c.Change)
			s.Rows = append(s.Rows, a.row(c))
			if state := stateOf(c.Kind); state.Rank() < m.State.Rank() {
				m.State = state
			}
		}
		m.Sections = append(m.Sections, s)
	}
	m.Headline = a.headline(m.Changes, len(news))
	if a.Link != "" {
		m.Links = []notify.Link{{Text: m.Language.Say("brief.link"), URL: a.Link}}
	}
	m.Data, _ = json.Marshal(map[string]any{ // of texts and times alone
		"schema": "nines.alert/v1", "at": m.At.UTC(), "headline": m.Headline, "changes": m.Changes,
	})
	return m
}

// fill says what the change is about.
func (a Alerts) fill(o *report.Objective, c *change) {
	l := a.Model.Language
	first := c.now.alerts[0]
	fill := []string{
		"objective", o.ID(), "policy", c.Policy, "figure", words.AlertFigure(l, first), "limit", words.AlertLimit(l, first),
		"length", l.Duration(c.length(a.Model.At)),
	}
	switch c.Kind {
	case notify.Fires:
		c.Summary = l.Say("watch.fires", fill...)
	case notify.StillFires:
		c.Summary = l.Say("watch.still", fill...)
	case notify.Resolved:
		c.Summary = l.Say("watch.over", fill...)
	case notify.NoData:
		c.Summary = l.Say("watch.no_data", fill...)
	}
	if n := len(c.next.Begun); n > 1 {
		c.Details = append(c.Details, l.Say("watch.times", "n", strconv.Itoa(n)))
	}
	if c.Kind == notify.Fires || c.Kind == notify.StillFires {
		c.Details = append(c.Details, l.Say("watch.condition", "condition", first.Condition),
			l.Say("watch.since", "since", l.DateTime(c.Since, a.Model.Zone)+zoned(a.Model.Zone)),
			l.Say("watch.cost", "cost", l.Spent(first.Cost), "spent", l.Spent(o.Budget.Spent)))
	}
	if o.Failed != "" && c.Kind == notify.NoData {
		c.Details = append(c.Details, o.Failed)
	}
	if c.Again {
		c.Details = append(c.Details, l.Say("watch.again"))
	}
}

func zoned(zone *time.Location) string {
	if zone == nil {
		return ""
	}
	return " " + zone.String()
}

// length is for how long the alert fires or did.
func (c *change) length(at time.Time) time.Duration {
	if !c.Until.IsZero() {
		at = c.Until
	}
	return max(at.Sub(c.Since), time.Minute)
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

func (a Alerts) row(c *change) notify.Row {
	return notify.Row{State: stateOf(c.Kind), Name: a.Model.Language.Class(c.Class), Text: c.Summary, More: c.Details}
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
