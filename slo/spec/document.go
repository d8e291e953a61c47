package spec

import (
	"errors"
	"maps"
	"slices"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/mask"
)

// document is one YAML document: one service. Each part of it has a reader.
type document struct {
	found   *findings
	set     *Set
	ids     map[string]diag.Pos // of objectives, of all files
	root    Value
	zone    *time.Location
	service string
	labels  map[string]string
	heirs   inheritance
	usual   slo.SLO // what SLOs have that do not say: they share its numbers

	sources    *sourceReader
	promises   promiseReader
	alerts     *alertReader
	exclusions exclusionReader

	first, last int // its objectives are set.Objectives[first:last]
}

// newDocument checks the keys of a document in the native format, which a file of dir says in
// another one. The file's exclusions are borne so far.
func (l *loader) newDocument(root Value, dir string, in Format, borne *load) *document {
	for _, name := range []string{"sources", "defaults", "slos"} {
		root = l.found.mend(root, name, l.keys)
	}
	root, from := l.sourced(root, in)
	foreign := in.Name != APIVersion
	wrong := Check(root, l.keys)
	l.found.add(wrong...)
	zone := root.Get("timezone").Zone(time.UTC)
	alerts := newAlertReader(&l.found, l.conditions, l.factors)
	alerts.foreign, alerts.sound = foreign, len(wrong) == 0
	heirs := inheritance{service: root, defaults: root.Get("defaults")}
	return &document{
		found: &l.found, set: l.set, ids: l.ids,
		root: root, zone: zone, service: root.Get("service").Text, labels: map[string]string{}, heirs: heirs,
		usual:      slo.SLO{MinCoverage: slo.DefaultMinCoverage(), AtRisk: slo.DefaultAtRisk(), Incidents: slo.DefaultIncidents()},
		sources:    &sourceReader{found: &l.found, kinds: l.kinds, dir: dir, zone: zone, from: from, foreign: foreign},
		promises:   promiseReader{found: &l.found, heirs: heirs, zone: zone},
		alerts:     alerts,
		exclusions: exclusionReader{found: &l.found, dir: dir, zone: zone, load: borne},
	}
}

// read adds the service and its objectives to the set.
func (d *document) read() {
	if tier := d.root.Get("tier"); tier.Kind == Scalar {
		d.labels["tier"] = tier.Text
	}
	addLabels(d.labels, d.root.Get("labels"))
	d.set.Services = append(d.set.Services, Service{
		Name: d.service, Description: d.root.Get("description").Text, Owner: d.root.Get("owner").Text,
		Labels: d.labels, Pos: d.root.Get("service").Pos,
	})
	d.sources.read(d.root.Get("sources"))
	d.alerts.readCommon(d.root.Get("alerts"))
	d.first = len(d.set.Objectives)
	for entry, v := range d.root.Get("slos").Items {
		if v.Kind == Map {
			d.objectives(v, entry)
		}
	}
	d.last = len(d.set.Objectives)
}

func addLabels(labels map[string]string, v Value) {
	for _, f := range v.Fields {
		labels[f.Key] = f.Value.Text
	}
}

// objectives adds what one entry of slos promises.
func (d *document) objectives(v Value, entry int) {
	o := d.objective(v)
	o.entry = entry
	alerts := d.alerts.of(v)
	for i, promise := range d.promises.promises(v) {
		one := o
		if i > 0 {
			one.Labels = maps.Clone(o.Labels)
		}
		one.Target, one.Window = promise.target, promise.window
		if promise.suffix != "" {
			one.Name += "-" + promise.suffix
		}
		one.Since = d.since(v, one.Window.Location())
		if promise.pos.Line > 0 {
			one.Pos = promise.pos
		}
		d.promises.fits(promise, one)
		d.alerts.fit(alerts, &one)
		d.keep(one)
	}
}

// objective returns what the objectives of one entry of slos have in common.
func (d *document) objective(v Value) Objective {
	name := v.Get("name")
	per := v.Get("per").Strings()
	parts, kind := d.sources.indicator(v.Get("sli"), per)
	o := Objective{Parts: parts, Per: per, Pos: name.Pos, base: name.Text}
	o.SLO = slo.SLO{
		Service: d.service, Name: name.Text, Description: v.Get("description").Text,
		Owner: d.heirs.orService(v, "owner").Text, Labels: maps.Clone(d.labels), Kind: kind,
		MinCoverage: fraction(d.heirs.of(v, "min_coverage"), d.usual.MinCoverage),
		AtRisk:      fraction(d.heirs.of(v, "at_risk"), d.usual.AtRisk),
		Incidents:   d.found.incidents(d.heirs.of(v, "incident"), d.usual.Incidents),
		Budgeting:   d.promises.budgeting(v, parts),
	}
	d.found.weightless(v.Get("sli"), o.Budgeting)
	o.MayVanish = v.Get("vanished").Text == vanishedIgnore
	o.MaxSets = d.found.maxSets(v.Get("max_sets"))
	d.found.perSecret(v.Get("per"))
	if len(o.Per) == 0 {
		d.found.besidePer(v, "vanished", "max_sets")
	}
	addLabels(o.Labels, d.heirs.defaults.Get("labels"))
	addLabels(o.Labels, v.Get("labels"))
	o.Links = d.links(v)
	for _, p := range parts {
		o.Step = max(o.Step, p.Source.Step)
		o.Delay = max(o.Delay, p.Source.Block.Get("delay").Duration())
	}
	return o
}

// weightless refuses to count the events of an sli that is a ratio.
func (f *findings) weightless(sli Value, b slo.Budgeting) {
	if ratio := sli.Get("ratio"); ratio.Is() && !b.Slices() {
		uncounted := diag.Errorf(ratio.Pos, "budgeting/ratio", "a ratio has no events that could be counted")
		f.add(uncounted.WithHint("add budgeting: {method: ratio-timeslices, slice: 5m}"))
	}
}

// links returns where to read more about an SLO, nil for nowhere.
func (d *document) links(v Value) map[string]string {
	var out map[string]string
	for _, from := range []Value{d.root, d.heirs.defaults, v} {
		if links := from.Get("links"); out == nil && len(links.Fields) > 0 {
			out = map[string]string{}
		}
		addLabels(out, from.Get("links"))
	}
	return out
}

// perSecret refuses labels that are called as secrets are: whoever reads a report would see
// their values.
func (f *findings) perSecret(per Value) {
	labels := per.Items
	if per.Kind == Scalar {
		labels = []Value{per}
	}
	for _, v := range labels {
		if v.Kind == Scalar && mask.IsSecret(v.Text) {
			shown := diag.Errorf(v.Pos, "slo/per",
				"per: %s is the name of a secret, and every report would show its values", diag.Quote(v.Text))
			f.add(shown.WithHint("split by a field that all may read; " +
				"if this one is none of a secret, give it another name in the data"))
		}
	}
}

// maxSets returns how many label sets there may be.
func (f *findings) maxSets(v Value) int {
	if !v.Is() {
		return DefaultMaxSets
	}
	n, err := strconv.Atoi(v.Text)
	if err == nil && n < 1 || errors.Is(err, strconv.ErrRange) {
		f.add(diag.Errorf(v.Pos, "slo/max_sets", "max_sets %s is not a number of label sets", diag.Quote(v.Text)).
			WithHint("write a whole number from 1 on; %d is what it is if left out", DefaultMaxSets))
	}
	return n
}

// besidePer reports keys that say something of label sets, of an SLO without any.
func (f *findings) besidePer(v Value, keys ...string) {
	for _, key := range keys {
		if said := v.Get(key); said.Is() {
			needless := diag.Errorf(said.Pos, "slo/"+key, "%s has a meaning beside per only", key)
			f.add(needless.WithHint("remove it, or add per: [region]"))
		}
	}
}

// since returns when a promise began, dates in its window's zone.
func (d *document) since(v Value, zone *time.Location) time.Time {
	text := d.heirs.orService(v, "since")
	if text.Kind != Scalar {
		return time.Time{}
	}
	return d.found.instant(text, "since", zone)
}

// keep adds o, unless another has its ID.
func (d *document) keep(o Objective) {
	if o.Name == "" || o.Service == "" {
		return // reported as missing
	}
	id := o.ID()
	if first, twice := d.ids[id]; twice {
		again := diag.Errorf(o.Pos, "slo/duplicate", "slo %s is already at %s", diag.Quote(id), first)
		d.found.add(again.WithHint("give it another name: labels tell no slos apart"))
		return
	}
	d.ids[id] = o.Pos
	d.set.Objectives = append(d.set.Objectives, o)
}

// own returns the document's objectives, to be added to.
func (d *document) own() []*Objective {
	var out []*Objective
	for i := d.first; i < d.last; i++ {
		out = append(out, &d.set.Objectives[i])
	}
	return out
}

// ofSLO returns the objectives that one entry of slos made.
func (d *document) ofSLO(entry int) []*Objective {
	return slices.DeleteFunc(d.own(), func(o *Objective) bool { return o.entry != entry })
}

// fraction returns a share from 0 to 100 %, fallback if v says none.
func fraction(v Value, fallback slo.Number) slo.Number {
	if v.Kind != Scalar {
		return fallback
	}
	if n, err := parseFraction(v.Text); err == nil {
		return n
	}
	return fallback
}

// incidents reads what makes an incident, which is as usual where v does not say.
func (f *findings) incidents(v Value, usual slo.Incidents) slo.Incidents {
	in := usual
	if burn := v.Get("burn"); burn.Is() {
		in.Burn = f.positive(burn, "burn")
	}
	if join := v.Get("join"); join.Is() {
		in.Join = join.Duration()
	}
	if bad := v.Get("min_bad"); bad.Is() {
		in.MinBad = f.positive(bad, "min_bad")
	}
	in.MinSpent = fraction(v.Get("min_spent"), in.MinSpent)
	return in
}

// positive returns a number over 0.
func (f *findings) positive(v Value, key string) slo.Number {
	n := decimal(v)
	if n.Known() && n.Sign() <= 0 {
		f.add(diag.Errorf(v.Pos, "spec/value", "%s %s must be over 0", key, diag.Quote(v.Text)))
	}
	return n
}

// instant returns a Moment in zone; one that the clocks skip is a finding.
func (f *findings) instant(v Value, key string, zone *time.Location) time.Time {
	m, err := parseMoment(v.Text)
	if err != nil {
		return time.Time{} // reported by Check
	}
	at, exists := m.in(zone)
	if !exists {
		f.add(diag.Errorf(v.Pos, "time/skipped",
			"%s %s does not exist in %s: the clocks skip it", key, diag.Quote(v.Text), zone))
	}
	return at
}
