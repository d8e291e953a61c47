package spec

import (
	"maps"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// document is one YAML document: one service.
type document struct {
	*loader
	Value
	dir      string
	zone     *time.Location
	service  string
	defaults Value
	labels   map[string]string
	sources  map[string]*Source
	broken   map[string]bool // sources with findings: what uses them is not judged
	alerts   *alertList      // of the document; nil: the default policies
	first    int             // its objectives are set.Objectives[first:last]
	last     int
}

// documents reads the documents of one file, and then the exclusions, which may
// name what any of them promises.
func (l *loader) documents(in input, docs []Value) {
	var read []*document
	for _, v := range docs {
		if d, ok := l.document(in, v); ok {
			d.read()
			read = append(read, d)
		}
	}
	for _, d := range read {
		d.exclude(read)
		d.gates()
	}
}

// document refuses what is not of this format at all.
func (l *loader) document(in input, v Value) (*document, bool) {
	if v.Kind != Map {
		l.add(wrongType(v, "", "a map that begins with apiVersion: "+APIVersion, "apiVersion: "+APIVersion))
		return nil, false
	}
	version := v.Get("apiVersion")
	switch {
	case version.Kind == Missing && !v.Get("slos").Is():
		l.add(diag.Errorf(v.Pos, "file/format", "key %q is missing", "apiVersion").WithHint("this version reads %s", APIVersion))
		return nil, false
	case version.Kind == Scalar && version.Text != "" && version.Text != APIVersion:
		l.add(diag.Errorf(version.Pos, "file/format", "apiVersion %s is not a known format", diag.Quote(version.Text)).WithHint("this version reads %s", APIVersion))
		return nil, false
	}
	for _, name := range []string{"sources", "defaults", "slos"} {
		v = l.mend(v, name, fileKeys())
	}
	l.add(Check(v, fileKeys())...)
	return &document{loader: l, Value: v, dir: in.dir, zone: v.Get("timezone").Zone(time.UTC), service: v.Get("service").Text}, true
}

func (d *document) read() {
	d.defaults = d.Get("defaults")
	d.zones = append(d.zones, d.zone.String())
	d.labels = map[string]string{}
	if tier := d.Get("tier"); tier.Kind == Scalar {
		d.labels["tier"] = tier.Text
	}
	addLabels(d.labels, d.Get("labels"))
	d.set.Services = append(d.set.Services, Service{
		Name: d.service, Description: d.Get("description").Text, Owner: d.Get("owner").Text, Labels: d.labels, Pos: d.Get("service").Pos,
	})
	d.readReport()
	d.readSources()
	d.alerts = d.readAlerts(d.Get("alerts"), true)
	d.first = len(d.set.Objectives)
	for _, v := range d.Get("slos").Items {
		if v.Kind == Map {
			d.objectives(v)
		}
	}
	d.last = len(d.set.Objectives)
}

func addLabels(labels map[string]string, v Value) {
	for _, f := range v.Fields {
		labels[f.Key] = f.Value.Text
	}
}

// inherit returns the value of a key of an SLO, or of defaults.
func (d *document) inherit(v Value, key string) Value {
	if own := v.Get(key); own.Kind != Missing {
		return own
	}
	if inherited := d.defaults.Get(key); inherited.Is() {
		return inherited
	}
	return Value{}
}

// inheritService is inherit for keys that the service itself has too.
func (d *document) inheritService(v Value, key string) Value {
	if own := d.inherit(v, key); own.Kind != Missing {
		return own
	}
	return d.Get(key)
}

// objectives adds what one entry of slos promises.
func (d *document) objectives(v Value) {
	parts, kind := d.indicator(v)
	o := Objective{Parts: parts, Per: v.Get("per").Strings(), Pos: v.Get("name").Pos, base: v.Get("name").Text, entry: v.Pos}
	o.SLO = slo.SLO{
		Service: d.service, Name: v.Get("name").Text, Description: v.Get("description").Text,
		Owner: d.inheritService(v, "owner").Text, Labels: maps.Clone(d.labels), Kind: kind,
		MinCoverage: d.fraction(v, "min_coverage", slo.DefaultMinCoverage()), AtRisk: d.fraction(v, "at_risk", slo.DefaultAtRisk()),
		Incidents: d.incidents(d.inherit(v, "incident")), Budgeting: d.budgeting(v, parts),
	}
	addLabels(o.Labels, d.defaults.Get("labels"))
	addLabels(o.Labels, v.Get("labels"))
	alerts := d.alertsOf(v)
	for _, p := range parts {
		o.Step = max(o.Step, p.Source.Step)
	}
	for _, promise := range d.promises(v) {
		one := o
		one.Labels = maps.Clone(o.Labels)
		one.Target, one.Window = promise.target, promise.window
		if promise.suffix != "" {
			one.Name += "-" + promise.suffix
		}
		one.Since = d.since(v, one.Window.Location())
		if promise.pos.Line > 0 {
			one.Pos = promise.pos
		}
		d.checkWindow(promise, one)
		d.fit(alerts, &one)
		d.keepObjective(one)
	}
}

// keepObjective adds o, unless another has its ID.
func (d *document) keepObjective(o Objective) {
	if o.Name == "" || o.Service == "" {
		return // reported as missing
	}
	id := o.ID()
	if first, twice := d.ids[id]; twice {
		d.add(diag.Errorf(o.Pos, "slo/duplicate", "slo %s is already at %s", diag.Quote(id), first).WithHint("names and labels of a service's slos must differ"))
		return
	}
	d.ids[id] = o.Pos
	d.set.Objectives = append(d.set.Objectives, o)
}

func (d *document) fraction(v Value, key string, fallback slo.Number) slo.Number {
	text := d.inherit(v, key)
	if n, err := parseFraction(text.Text); err == nil && text.Kind == Scalar {
		return n
	}
	return fallback
}

func (d *document) incidents(v Value) slo.Incidents {
	in := slo.DefaultIncidents()
	if burn := v.Get("burn"); burn.Is() {
		in.Burn = d.positive(burn, "burn")
	}
	if join := v.Get("join"); join.Is() {
		in.Join = join.Duration()
	}
	if bad := v.Get("min_bad"); bad.Is() {
		in.MinBad = d.positive(bad, "min_bad")
	}
	return in
}

// positive returns a number over 0.
func (d *document) positive(v Value, key string) slo.Number {
	n := decimal(v)
	if n.Known() && n.Sign() <= 0 {
		d.add(diag.Errorf(v.Pos, "spec/value", "%s %s must be over 0", key, diag.Quote(v.Text)))
	}
	return n
}

// since returns when a promise began, dates in its window's zone.
func (d *document) since(v Value, zone *time.Location) time.Time {
	text := d.inheritService(v, "since")
	if text.Kind != Scalar {
		return time.Time{}
	}
	return d.instant(text, "since", zone)
}

// instant returns a Moment in zone; one that the clocks skip is a finding.
func (d *document) instant(v Value, key string, zone *time.Location) time.Time {
	m, err := parseMoment(v.Text)
	if err != nil {
		return time.Time{} // reported by Check
	}
	at, exists := m.in(zone)
	if !exists {
		d.add(diag.Errorf(v.Pos, "time/skipped", "%s %s does not exist in %s: the clocks skip it", key, diag.Quote(v.Text), zone))
	}
	return at
}

// readReport takes over a report block. Several blocks must not disagree.
func (d *document) readReport() {
	block := d.Get("report")
	for _, f := range block.Fields {
		if first, twice := d.report[f.Key]; twice && first.Text != f.Value.Text {
			d.add(diag.Errorf(f.Value.Pos, "report/conflict", "report.%s is %s here and %s at %s", f.Key, diag.Quote(f.Value.Text), diag.Quote(first.Text), first.Pos).
				WithHint("there is one report for all files: keep one of the two"))
			continue
		}
		d.report[f.Key] = f.Value
	}
	r := &d.set.Report
	r.Title, r.Period, r.Language = d.report["title"].Text, d.report["period"].Text, d.report["language"].Text
}

// reportZone returns the report's zone: what its block says, or else the zone
// that all services have in common, nil if there is none.
func (l *loader) reportZone() *time.Location {
	if zone := l.report["timezone"].Zone(nil); zone != nil {
		return zone
	}
	names := slices.Compact(slices.Sorted(slices.Values(l.zones)))
	if len(names) != 1 {
		return nil
	}
	zone, _ := time.LoadLocation(names[0])
	return zone
}
