package sloth

import (
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/query"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// sli returns what is counted, and how the budget of a ratio is.
func (r *reader) sli(v spec.Value) (sli, budgeting spec.Value) {
	if len(v.Fields) != 1 {
		wrong := diag.Errorf(v.Pos, "sloth/sli", "an sli has one of events, raw and plugin, this one has %d of them", len(v.Fields))
		r.add(wrong.WithHint("write events: with %s and %s", r.dialect("error_query"), r.dialect("total_query")))
		return spec.Value{}, spec.Value{}
	}
	body := v.Fields[0].Value
	switch v.Fields[0].Key {
	case "plugin":
		id := body.Get("id")
		plugin := diag.Errorf(id.Pos, "sloth/plugin", "SLI plugin %s is code of sloth, which is not run", diag.Quote(id.Text))
		r.add(plugin.WithHint("write the two queries that it makes as events: sloth generate prints them"))
		return spec.Value{}, spec.Value{}
	case "raw":
		share := r.query(body, "error_ratio_query")
		if some, all, rest, ok := query.Counts(share); ok {
			key := map[bool]string{false: "bad", true: "good"}[rest]
			return yaml.MapOf(v.Pos, some.As(key), all.As("total")), spec.Value{}
		}
		return ratio(share)
	}
	some, all := r.query(body, "error_query"), r.query(body, "total_query")
	bad, total, why, ok := query.Pair(some, all)
	if !ok {
		r.add(diag.Warnf(some.Pos, "sloth/ratio",
			"these are no two counts of events, because of %s: only their ratio is looked at", diag.Quote(why)))
		return ratio(query.Ratio(some, all))
	}
	return yaml.MapOf(v.Pos, bad.As("bad"), total.As("total")), spec.Value{}
}

// ratio returns an sli of which only the share of errors is known.
func ratio(q spec.Value) (sli, budgeting spec.Value) {
	return yaml.MapOf(q.Pos, q.As("ratio")), yaml.Text(q.Pos, "ratio-timeslices")
}

// query returns a query with the word of the native format for the length of a window.
func (r *reader) query(body spec.Value, key string) spec.Value {
	v := body.Get(r.dialect(key))
	stepped, times := query.Stepped(v, query.Window())
	if times == 0 {
		none := diag.Errorf(v.Pos, "sloth/window", "%s has no {{.window}}: it tells nothing of a window", r.dialect(key))
		r.add(none.WithHint("write [{{.window}}] behind each selector"))
	}
	if other := query.Template().FindStringIndex(stepped.Text); other != nil {
		wrong := diag.Errorf(stepped.Within(other[0], other[1]), "sloth/template",
			"nothing is put in for %s", diag.Quote(stepped.Text[other[0]:other[1]]))
		r.add(wrong.WithHint("there is {{.window}} alone"))
	}
	return stepped
}
