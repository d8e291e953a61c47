package pyrra

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/query"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// indicator is what is counted.
type indicator struct {
	sli, per spec.Value
	all      spec.Value // selector of all events
}

// indicator returns what the document counts.
func (r *reader) indicator() indicator {
	v := r.spec.Get("indicator")
	if len(v.Fields) != 1 {
		wrong := diag.Errorf(v.Pos, "pyrra/indicator",
			"an indicator is one of ratio, latency, latencyNative and bool_gauge, this has %d of them", len(v.Fields))
		r.add(wrong.WithHint("make an SLO of each"))
		return indicator{}
	}
	kind, body := v.Fields[0].Key, v.Fields[0].Value
	i := indicator{per: grouping(body), all: body.Get("total").Get("metric")}
	switch kind {
	case "ratio":
		i.sli = yaml.MapOf(body.Pos, r.count(body.Get("errors").Get("metric"), i.per).As("bad"), r.count(i.all, i.per).As("total"))
	case "latency":
		i.sli = yaml.MapOf(body.Pos, r.count(body.Get("success").Get("metric"), i.per).As("good"), r.count(i.all, i.per).As("total"))
	case "latencyNative":
		limit := body.Get("latency")
		good := yaml.Join(limit.Pos, yaml.Words("<= "), yaml.Whole(limit))
		i.sli = yaml.MapOf(body.Pos, r.selector(i.all).As("histogram"), good.As("good"))
	case "bool_gauge":
		i.all = body.Get("metric")
		i.sli = yaml.MapOf(body.Pos, r.selector(i.all).As("value"), yaml.Text(i.all.Pos, ">= 1").As("good"))
	}
	return i
}

// grouping returns the labels that an indicator is split by, missing if there are none.
func grouping(body spec.Value) spec.Value {
	labels := body.Get("grouping")
	if len(labels.Strings()) == 0 {
		return spec.Value{}
	}
	return labels
}

// selector refuses what is no plain selector.
func (r *reader) selector(v spec.Value) spec.Value {
	if strings.ContainsAny(query.Outside(v.Text), "()[]+-*/") {
		wrong := diag.Errorf(v.Pos, "pyrra/metric", "metric is the selector of a metric, without functions")
		r.add(wrong.WithHint(`write http_requests_total{job="checkout"}`))
	}
	return v
}

// count returns how the events of a selector are counted.
func (r *reader) count(v, per spec.Value) spec.Value {
	r.selector(v)
	by := ""
	if per.Is() {
		by = " by (" + strings.Join(per.Strings(), ", ") + ") "
	}
	end := len(strings.TrimRight(v.Text, " \n\t"))
	return yaml.Join(v.Pos, yaml.Words("sum"+by+"(increase("), yaml.Part{Of: v, To: end}, yaml.Words("["+query.Step+"]))"))
}
