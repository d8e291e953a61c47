package sloth

import (
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/native"
	"github.com/nines-slo/nines/slo/spec/query"
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
		sli, ratio := native.ByShare(v.Pos, r.query(body, "error_ratio_query"), "bad")
		return sli, native.Slices(spec.Value{}, ratio, v.Pos)
	}
	counts := native.Counts{
		Pos: v.Pos, Part: "bad", Some: r.query(body, "error_query"), All: r.query(body, "total_query"), Code: "sloth",
	}
	if counts.Some.Text == counts.All.Text {
		same := diag.Warnf(counts.Some.Pos, "sloth/events", "%s is the same as %s: every event is an error", r.dialect("error_query"), r.dialect("total_query"))
		r.add(same.WithHint("count in %s the events that fail", r.dialect("error_query")))
	}
	sli, ratio, found := counts.SLI()
	r.found = append(r.found, found...)
	return sli, native.Slices(spec.Value{}, ratio, v.Pos)
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
