package pyrra

import (
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/query"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// burn is one of pyrra's alerts: its windows are parts of that of the SLO.
type burn struct {
	name, key, class, severity string
	factor                     int64
	of28d                      [3]time.Duration // long, short and for of an SLO of 28 days
}

// burns returns pyrra's alerts (slo/rules.go, Windows).
func burns() []burn {
	const day = 24 * time.Hour
	return []burn{
		{"fast burn", "fastBurn", "page", "critical", 14, [3]time.Duration{time.Hour, 5 * time.Minute, 2 * time.Minute}},
		{"medium burn", "mediumBurn", "page", "critical", 7, [3]time.Duration{6 * time.Hour, 30 * time.Minute, 15 * time.Minute}},
		{"slow burn", "slowBurn", "ticket", "warning", 2, [3]time.Duration{day, 2 * time.Hour, time.Hour}},
		{"long-term burn", "longTermBurn", "ticket", "warning", 1, [3]time.Duration{4 * day, 6 * time.Hour, 3 * time.Hour}},
	}
}

// times are those of an alert.
type times struct{ long, short, wait time.Duration }

// of returns the times of an alert of an SLO over a window, in whole minutes as pyrra rounds them.
// Where pyrra's short window is no time at all, which Prometheus refuses, it is a minute.
func (b burn) of(window time.Duration) (t times, mended bool) {
	part := func(of time.Duration) time.Duration {
		return (window / (28 * 24 * time.Hour / of)).Round(time.Minute)
	}
	t = times{part(b.of28d[0]), part(b.of28d[1]), part(b.of28d[2])}
	if t.short == 0 {
		t.short, mended = time.Minute, true
	}
	return t, mended
}

// alerts returns the alert policies of the SLO.
func (r *reader) alerts(name spec.Value, i indicator) spec.Value {
	alerting := r.spec.Get("alerting")
	pos := alerting.Pos
	if !alerting.Is() {
		pos = r.spec.Get("target").Pos // what they follow from
	}
	var policies []spec.Value
	if native.On(alerting.Get("disabled")) {
		return yaml.ListOf(pos)
	}
	labels := r.alertLabels(name, i)
	if !native.Off(alerting.Get("burnrates")) {
		policies = append(policies, r.burning(alerting, labels, pos)...)
	}
	if !native.Off(alerting.Get("absent")) {
		policies = append(policies, r.absent(alerting, labels, pos))
	}
	return yaml.ListOf(pos, policies...)
}

// alertLabels are those that all alerts have: what pyrra copies from the object, what the selector
// says its metric has, and the SLO's name.
func (r *reader) alertLabels(name spec.Value, i indicator) spec.Value {
	out := yaml.MapOf(name.Pos)
	for _, f := range query.Equal(i.all) {
		out = native.Set(out, f)
	}
	for _, f := range r.labels(true).Fields {
		out = native.Set(out, f)
	}
	return native.Set(out, name.As("slo"))
}

// burning returns the policies of burn rates. Those whose windows are too short to be told apart are
// left out.
func (r *reader) burning(alerting, labels spec.Value, pos diag.Pos) (policies []spec.Value) {
	length := r.window.Duration()
	mended := false
	for _, b := range burns() {
		t, short := b.of(length)
		mended = mended || short
		if t.long <= t.short {
			r.add(diag.Warnf(r.window.Pos, "pyrra/window", "window %s has no %s alert: its windows would be %s and %s",
				diag.Quote(r.window.Text), b.name, slo.FormatDuration(t.long), slo.FormatDuration(t.short)))
			continue
		}
		policies = append(policies, r.policy(b, t, alerting, labels, pos))
	}
	if mended {
		r.add(diag.Warnf(r.window.Pos, "pyrra/window", "a short window of pyrra's would be 0s, which Prometheus refuses: it is 1m"))
	}
	return policies
}

func (r *reader) policy(b burn, t times, alerting, labels spec.Value, pos diag.Pos) spec.Value {
	labels = r.severity(labels, alerting, b.key, b.severity, pos)
	labels = native.Set(labels, yaml.Text(pos, duration(t.short)).As("short"))
	labels = native.Set(labels, yaml.Text(pos, duration(t.long)).As("long"))
	exhaustion := r.window.Duration() / time.Duration(b.factor)
	labels = native.Set(labels, yaml.Text(pos, duration(exhaustion)).As("exhaustion"))
	wait := spec.Value{}
	if t.wait > 0 {
		wait = yaml.Text(pos, slo.FormatDuration(t.wait))
	}
	when := yaml.MapOf(pos, yaml.Text(pos, strconv.FormatInt(b.factor, 10)).As("burn"),
		yaml.Text(pos, slo.FormatDuration(t.long)).As("long"), yaml.Text(pos, slo.FormatDuration(t.short)).As("short"))
	return yaml.MapOf(pos,
		yaml.Text(pos, b.name).As("name"),
		yaml.Text(pos, b.class).As("class"),
		or(alerting.Get("name"), "ErrorBudgetBurn", pos).As("alert"),
		labels.As("labels"),
		ours(r.meta.Get("annotations"), true).As("annotations"),
		wait.As("for"),
		yaml.ListOf(pos, when).As("when"),
	)
}

// absent returns the policy of a metric that is not there. Pyrra waits for as long as an outage
// takes to be told of by the fast burn (slo/rules.go, AbsentDuration).
func (r *reader) absent(alerting, labels spec.Value, pos diag.Pos) spec.Value {
	fast := burns()[0]
	t, _ := fast.of(r.window.Duration())
	target, _ := slo.ParseTarget(r.spec.Get("target").Text + "%")
	budget := target.Budget().Float()
	wait := time.Duration(float64(fast.factor)*budget*float64(t.long) + float64(t.wait)).Round(time.Minute)
	return yaml.MapOf(pos,
		yaml.Text(pos, "absent").As("name"),
		yaml.Text(pos, "page").As("class"),
		or(alerting.Get("absentName"), "SLOMetricAbsent", pos).As("alert"),
		r.severity(labels, alerting, "absent", "critical", pos).As("labels"),
		ours(r.meta.Get("annotations"), true).As("annotations"),
		yaml.ListOf(pos, yaml.MapOf(pos, yaml.Text(pos, slo.FormatDuration(max(wait, time.Minute))).As("no_data"))).As("when"),
	)
}

// severity adds the label severity of an alert.
func (r *reader) severity(labels, alerting spec.Value, key, usual string, pos diag.Pos) spec.Value {
	return native.Set(labels, or(alerting.Get("severities").Get(key), usual, pos).As("severity"))
}

// or returns a text, another one that stands at pos if it is not said.
func or(v spec.Value, usual string, pos diag.Pos) spec.Value {
	if native.Said(v).Kind != spec.Scalar {
		return yaml.Text(pos, usual)
	}
	return v
}

// duration writes a time as Prometheus does: whole weeks as weeks.
func duration(d time.Duration) string {
	const week = 7 * 24 * time.Hour
	if d > 0 && d%week == 0 {
		return strconv.FormatInt(int64(d/week), 10) + "w"
	}
	return strings.TrimSuffix(slo.FormatDuration(d.Truncate(time.Millisecond)), "0s")
}
