package fold

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec"
)

// A condition that nothing met is told with what occurs; that nothing was bad, only if
// something almost was.
func TestUnmet(t *testing.T) {
	events := []string{"10 200 0.1 eu", "11 503 0.1 eu", "12 200 0.1 us", "13 200 0.1 EU"}
	for _, c := range []struct{ sli, want, hint string }{
		{"where: {region: eu}\nbad: {status: 5xx}", "", ""},
		{`bad: {region: "u*", status: 7xx}`, "", ""},
		{`bad: {region: "U*"}`, `bad {region: "U*"} met none of 4 events: "region" was "us"`, `did you mean "us"?`},
		{`bad: {region: "~^U"}`, `bad {region: "~^U"} met none of 4 events: "region" was "us"`, `did you mean "us"?`},
		{`bad: {region: "x*"}`, "", ""},
		{"where: {region: ue}\nbad: {status: 5xx}", `slo.yaml:1:8: where {region: ue} met none of 4 events: "region" was "eu", "EU", "us" [x/unmet]`, `mend where: none of the events has what it asks for`},
		{"where: {region: eus}\nbad: {status: 5xx}", `where {region: eus} met none of 4 events: "region" was "EU", "eu", "us"`, `did you mean "EU"?`},
		{"where: {region: Us}\nbad: {status: 5xx}", `where {region: Us} met none of 4 events: "region" was "us"`, `did you mean "us"?`},
		{"where: {region: eu, status: 404}\nbad: {status: 5xx}", `where {region: eu, status: 404} met none of 4 events: "status" was "200", "503"`, "mend where"},
		{"where: {region: us, status: 503}\nbad: {status: 5xx}", `met none of 4 events: "region" was "eu", "EU", "us"; "status" was "200", "503"`, "mend where"},
		{"where: {region: none}\nbad: {status: 5xx}", `where {region: none} met none of 4 events`, "mend where"},
		{"where: {region: us}\ngood: {status: 404}", `slo.yaml:2:7: good {status: 404} met none of 1 event: "status" was "200"`, "mend good"},
		{"where: {region: us}\nbad: {status: 404}", "", ""},
		{"bad: {duration: '> 5s'}", "", ""},
		{"bad: {region: Eu}", `slo.yaml:1:6: bad {region: Eu} met none of 4 events: "region" was "EU", "eu"`, `did you mean "EU"?`},
		{"bad: {region: mars}", "", ""},
		{"bad: {region: {not: [eu, us, EU]}}", "", ""},
	} {
		f := folder(t, ask(t, c.sli))
		add(f, events...)
		add(f, "-5 404 9 mars", "301 404 9 mars") // in no period
		notes := answers(f, 0, 299)[0].Notes
		got, hint := "", ""
		if len(notes) > 0 {
			got, hint = notes[0].Error(), notes[0].Hint
		}
		if !strings.Contains(got, c.want) || c.want == "" && got != "" || !strings.Contains(hint, c.hint) {
			t.Errorf("%s:\n got %s, hint %s\nwant %s, hint %s", c.sli, got, hint, c.want, c.hint)
		}
	}
}

// Of an sli of two sources where is what is good, or bad: a day without failures is no
// reason to doubt it.
func TestUnmetOfTwoSources(t *testing.T) {
	events := []string{"10 200 0.1 eu", "12 200 0.1 us"}
	for _, c := range []struct {
		sli   string
		count spec.Count
		want  string
	}{
		{"where: {status: 500-599}", spec.Bad, ""},
		{"where: {duration: '> 5s'}", spec.Bad, ""},
		{"where: {status: [404, 5xx], region: eu}", spec.Bad, ""},
		{"where: {region: mars}", spec.Bad, ""},
		{"where: {region: EU}", spec.Bad, `slo.yaml:1:8: bad {region: EU} met none of 2 events: "region" was "eu" [x/unmet]`},
		{"where: {region: eu}\nbad: {status: 5xx}", spec.Bad, ""},
		{"where: {region: mars}\nbad: {status: 5xx}", spec.Bad, `where {region: mars} met none of 2 events: "region" was "eu", "us" [x/unmet]`},
		{"where: {region: mars}", spec.Good, `good {region: mars} met none of 2 events: "region" was "eu", "us" [x/unmet]`},
		{"where: {status: 404}", spec.Good, `good {status: 404} met none of 2 events: "status" was "200" [x/unmet]`},
		{"where: {region: mars}", spec.Total, `where {region: mars} met none of 2 events: "region" was "eu", "us" [x/unmet]`},
	} {
		r := ask(t, c.sli)
		r.Count = c.count
		f := folder(t, r)
		add(f, events...)
		got := ""
		for _, n := range answers(f, 0, 299)[0].Notes {
			got += n.Error()
		}
		if !strings.HasSuffix(got, c.want) || c.want == "" && got != "" {
			t.Errorf("%s of %s:\n got %s\nwant %s", c.count, c.sli, got, c.want)
		}
	}
}

func BenchmarkUnmet(b *testing.B) {
	for name, sli := range map[string]string{"where met": "{where: {region: eu}, bad: {status: 5xx}}", "where not met": "{where: {region: ue}, bad: {status: 5xx}}",
		"bad names a text": "{bad: {region: mars}}", "bad is a range": "{bad: {status: 5xx}}"} {
		b.Run(name, func(b *testing.B) {
			f := folder(b, ask(b, sli))
			at, values := event("70 200 0.304 eu")
			b.ReportAllocs()
			for b.Loop() {
				f.Add(at, values)
			}
		})
	}
}
