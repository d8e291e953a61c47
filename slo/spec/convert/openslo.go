package convert

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/query"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// OpenSLO writes the services and objectives of a set as documents of OpenSLO v1. What that has
// no words for is said in comments above what it concerns, and as a warning; an objective that
// cannot be said at all is left out, which is an error.
func OpenSLO(set *spec.Set) (string, diag.List) {
	w := &openSLO{names: map[string]bool{}, services: map[string]string{}, sources: map[string]string{}}
	for _, s := range set.Services {
		w.service(s)
	}
	for _, o := range set.Objectives {
		w.objective(o)
	}
	return strings.Join(w.docs, "---\n"), w.found
}

// openSLO collects documents.
type openSLO struct {
	docs     []string
	names    map[string]bool   // of documents, by kind and name
	services map[string]string // names of documents, by names of services
	sources  map[string]string // and by addresses of sources
	lost     []string          // of the objective at hand
	found    diag.List
}

// plain returns a number or a truth, and scalar a text. They stand in no file.
func plain(text string) spec.Value { return yaml.Text(diag.Pos{}, text) }

func scalar(text string) spec.Value {
	v := plain(text)
	v.Quoted = true
	return v
}

// object returns a map.
func object(fields ...spec.Field) spec.Value { return yaml.MapOf(diag.Pos{}, fields...) }

// document adds a document.
func (w *openSLO) document(kind, name, displayName string, labels map[string]string, body spec.Value, lost []string) {
	doc := object(
		scalar("openslo/v1").As("apiVersion"),
		scalar(kind).As("kind"),
		object(scalar(name).As("name"), scalar(displayName).As("displayName"), w.labels(labels).As("labels")).As("metadata"),
		body.As("spec"),
	)
	var head strings.Builder
	for _, line := range lost {
		head.WriteString("# nines: " + diag.Escape(line) + "\n")
	}
	w.docs = append(w.docs, head.String()+yaml.Block(doc, nil))
}

// labelValue is what OpenSLO's schema takes for the value of a label.
var labelValue = pattern.Of(`^[a-zA-Z0-9][a-zA-Z0-9._-]{0,62}$`)

// labels returns labels, missing if there are none.
func (w *openSLO) labels(labels map[string]string) spec.Value {
	out := object()
	for _, name := range sorted(labels) {
		if labelValue().MatchString(labels[name]) {
			out.Fields = append(out.Fields, scalar(labels[name]).As(name))
		}
	}
	if len(out.Fields) == 0 {
		return spec.Value{}
	}
	return out
}

func sorted(labels map[string]string) []string {
	var names []string
	for name := range labels {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// notName is what a name of OpenSLO, a label of the DNS, has none of.
var notName = pattern.Of(`[^a-z0-9]+`)

// maxName is the length of a label of the DNS (RFC 1123).
const maxName = 63

// name returns a name that no other document of the kind has.
func (w *openSLO) name(kind, text string) string {
	base := strings.Trim(notName().ReplaceAllString(strings.ToLower(text), "-"), "-")
	if base == "" {
		base = strings.ToLower(kind)
	}
	base = strings.TrimRight(base[:min(len(base), maxName-4)], "-")
	name := base
	for n := 2; w.names[kind+" "+name]; n++ {
		name = fmt.Sprintf("%s-%d", base, n)
	}
	w.names[kind+" "+name] = true
	return name
}

func (w *openSLO) service(s spec.Service) {
	if w.services[s.Name] != "" {
		return // another document of the same service
	}
	name := w.name("Service", s.Name)
	w.services[s.Name] = name
	w.document("Service", name, s.Name, s.Labels, object(w.description(s.Description).As("description")), nil)
}

// maxDescription is how long OpenSLO's descriptions may be.
const maxDescription = 1050

func (w *openSLO) description(text string) spec.Value {
	switch runes := []rune(text); {
	case text == "":
		return spec.Value{}
	case len(runes) > maxDescription:
		return scalar(string(runes[:maxDescription]))
	}
	return scalar(text)
}

// lose takes note of what OpenSLO has no words for.
func (w *openSLO) lose(when bool, format string, args ...any) {
	if when {
		w.lost = append(w.lost, fmt.Sprintf(format, args...))
	}
}

// objective adds an SLO, with what is lost of it.
func (w *openSLO) objective(o spec.Objective) {
	w.lost = nil
	indicator, goal, why := w.indicator(o)
	if why != "" {
		left := diag.Errorf(o.Pos, "openslo/left-out", "%s is left out: %s", o.ID(), why)
		w.found = append(w.found, left)
		return
	}
	w.losses(o)
	name := w.name("SLO", o.Service+"-"+o.Name)
	method := "Occurrences"
	if o.Budgeting.Method == slo.Timeslices {
		method = "Timeslices"
		goal = append(goal, plain(o.Budgeting.Target.Number().String()).As("timeSliceTarget"),
			w.duration(o.Budgeting.Slice).As("timeSliceWindow"))
	}
	goal = append(goal, plain(o.Target.Number().String()).As("target"))
	body := object(
		w.description(o.Description).As("description"),
		scalar(w.services[o.Service]).As("service"),
		object(object(scalar(name).As("name")).As("metadata"), object(indicator).As("spec")).As("indicator"),
		yaml.ListOf(diag.Pos{}, w.window(o.Window)).As("timeWindow"),
		scalar(method).As("budgetingMethod"),
		yaml.ListOf(diag.Pos{}, object(goal...)).As("objectives"),
	)
	w.document("SLO", name, o.Name, o.Labels, body, w.lost)
	for _, line := range w.lost {
		w.found = append(w.found, diag.Warnf(o.Pos, "openslo/lost", "%s: %s", o.ID(), line))
	}
}

// losses takes note of what an objective has that OpenSLO's schema has no place for.
func (w *openSLO) losses(o spec.Objective) {
	burning := func(p slo.Policy) bool { return len(p.When) > 0 }
	w.lose(slices.ContainsFunc(o.Alerts, burning), "its alerts are not carried over: a condition of OpenSLO has one window")
	w.lose(len(o.Exclusions) > 0, "its %d exclusions are not carried over: that time counts", len(o.Exclusions))
	w.lose(o.Gate != nil, "the policy of the gate is not carried over")
	w.lose(len(o.Per) > 0, "it is not split by %s: all of them are one", strings.Join(o.Per, ", "))
	gaps := o.Budgeting.Slices() && (o.Budgeting.Gaps != slo.GapsExclude || o.Budgeting.NoTraffic != slo.NoTrafficIgnore)
	for _, name := range sorted(o.Labels) {
		w.lose(!labelValue().MatchString(o.Labels[name]), "its label %s is not carried over: its value is none of OpenSLO's", name)
	}
	w.lose(len([]rune(o.Description)) > maxDescription, "its description is cut to %d characters", maxDescription)
	w.lose(gaps, "what a slice without data or traffic is worth is not carried over")
}

// window returns a time window.
func (w *openSLO) window(win slo.Window) spec.Value {
	if win.Rolling() {
		return object(w.duration(win.Length).As("duration"), plain("true").As("isRolling"))
	}
	units := map[slo.Unit]string{slo.Day: "1d", slo.Week: "1w", slo.Month: "1M", slo.Quarter: "1Q", slo.Year: "1Y"}
	start := win.Bounds(time.Date(2024, 1, 4, 0, 0, 0, 0, win.Location())).Start.In(win.Location())
	zone := win.Location().String()
	if !strings.Contains(zone, "/") {
		zone = "Etc/" + zone // which the schema wants, and is the same
	}
	return object(
		scalar(units[win.Unit]).As("duration"),
		plain("false").As("isRolling"),
		object(scalar(start.Format(time.DateTime)).As("startTime"), scalar(zone).As("timeZone")).As("calendar"),
	)
}

// duration returns a length in one unit.
func (w *openSLO) duration(d time.Duration) spec.Value {
	const day = 24 * time.Hour
	switch {
	case d%day == 0:
		return scalar(fmt.Sprintf("%dd", d/day))
	case d%time.Hour == 0:
		return scalar(fmt.Sprintf("%dh", d/time.Hour))
	}
	return scalar(fmt.Sprintf("%dm", d/time.Minute))
}

// indicator returns the metric of an objective, and what its goal says of that. Why tells what
// OpenSLO has no words for.
func (w *openSLO) indicator(o spec.Objective) (metric spec.Field, goal []spec.Field, why string) {
	sli := o.Parts[0].SLI.Value
	switch {
	case o.Budgeting.Method == slo.RatioTimeslices:
		return metric, nil, "OpenSLO's schema has no RatioTimeslices"
	case sli.Get("ratio").Is():
		return metric, nil, "OpenSLO's schema has no ratio alone"
	case sli.Get("histogram").Is():
		return metric, nil, "OpenSLO has no histograms"
	case len(o.Parts) == 1 && sli.Get("value").Is():
		return w.threshold(o.Parts[0])
	}
	return w.counts(o)
}

// threshold returns a metric whose values are judged.
func (w *openSLO) threshold(p spec.Part) (metric spec.Field, goal []spec.Field, why string) {
	test, op := p.SLI.Get("good").Text, map[string]string{"<": "lt", "<=": "lte", ">": "gt", ">=": "gte"}
	if bad := p.SLI.Get("bad"); bad.Is() {
		test, op = bad.Text, map[string]string{"<": "gte", "<=": "gt", ">": "lte", ">=": "lt"}
	}
	limit := strings.TrimLeft(test, "<>=!")
	sign := test[:len(test)-len(limit)]
	if op[sign] == "" {
		return metric, nil, "OpenSLO does not compare by " + sign
	}
	metric = object(w.source(p.Source, p.SLI.Get("value")).As("metricSource")).As("thresholdMetric")
	return metric, []spec.Field{scalar(op[sign]).As("op"), plain(strings.TrimSpace(limit)).As("value")}, ""
}

// counts returns a metric of two counts.
func (w *openSLO) counts(o spec.Objective) (metric spec.Field, goal []spec.Field, why string) {
	counter, counts := false, map[spec.Count]spec.Value{}
	for _, p := range o.Parts {
		for _, c := range []spec.Count{spec.Good, spec.Bad, spec.Total} {
			v := p.SLI.Get(string(c))
			if p.Count == c {
				v = p.SLI.Value
			}
			if v.Is() {
				q, grows := counted(v)
				if q.Kind == spec.Missing {
					return metric, nil, "OpenSLO counts by two queries, and a source of type " + p.Source.Type + " has none here"
				}
				counter, counts[c] = grows, w.source(p.Source, q)
			}
		}
	}
	total, hasTotal := counts[spec.Total]
	if !hasTotal || len(counts) != 2 {
		return metric, nil, "OpenSLO needs the total beside the good or the bad events"
	}
	fields := []spec.Field{plain(fmt.Sprint(counter)).As("counter")}
	for _, c := range []spec.Count{spec.Good, spec.Bad} {
		if source, has := counts[c]; has {
			fields = append(fields, object(source.As("metricSource")).As(string(c)))
		}
	}
	fields = append(fields, object(total.As("metricSource")).As("total"))
	return object(fields...).As("ratioMetric"), nil, ""
}

// counted returns the query of a count, missing if it has none, and whether what it gives grows
// as a counter does.
func counted(v spec.Value) (q spec.Value, grows bool) {
	for _, key := range []string{"counter", "query"} {
		if q := v.Get(key); q.Is() {
			return q, key == "counter"
		}
	}
	if v.Kind == spec.Scalar {
		return v, false
	}
	return spec.Value{}, false
}

// source returns where a query is asked. The length of a bucket is called as sloth calls it,
// whose files and tools are the most.
func (w *openSLO) source(s *spec.Source, q spec.Value) spec.Value {
	text := strings.ReplaceAll(q.Text, query.Step, "{{.window}}")
	return object(
		w.dataSource(s).As("metricSourceRef"),
		scalar(s.Type).As("type"),
		object(scalar(text).As("query")).As("spec"),
	)
}

// dataSource adds a document of a source that has an address, and returns its name.
func (w *openSLO) dataSource(s *spec.Source) spec.Value {
	address := s.Block.Get("url")
	if address.Kind != spec.Scalar {
		return spec.Value{}
	}
	key := s.Name + " " + address.Text
	if w.sources[key] == "" {
		w.sources[key] = w.name("DataSource", s.Name)
		details := object(scalar(address.Text).As("url"))
		body := object(scalar(s.Type).As("type"), details.As("connectionDetails"))
		w.document("DataSource", w.sources[key], s.Name, nil, body, nil)
	}
	return scalar(w.sources[key])
}
