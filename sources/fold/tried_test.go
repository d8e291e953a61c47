package fold

import (
	"fmt"
	"math/rand/v2"
	"strings"
	"testing"

	"github.com/nines-slo/nines/sources/match"
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

// What is sampled of many values does not depend on their order, nor on who read them.
func TestSampleDoesNotDependOnOrder(t *testing.T) {
	rnd := rand.New(rand.NewPCG(3, 4))
	e := match.And{match.Test{Name: "region", Is: match.OneOf{"v77x"}}}
	var values []string
	for range 5000 {
		values = append(values, fmt.Sprintf("v%d", rnd.IntN(500)))
	}
	said := func(parts int) string {
		var all []tried
		for range parts {
			all = append(all, newTried(e))
		}
		for _, i := range rnd.Perm(len(values)) {
			all[rnd.IntN(parts)].add(match.No, [][]byte{[]byte(values[i])})
		}
		for i := range all[1:] {
			all[0].merge(&all[1+i])
		}
		f := all[0].fields[0]
		if len(f.values) != maxValues {
			t.Errorf("%d values are kept, want %d", len(f.values), maxValues)
		}
		near := f.occurring()
		f.near = nil
		return near + " | " + f.occurring()
	}
	first := said(1)
	if !strings.HasPrefix(first, `"v77" |`) {
		t.Errorf("the closest value is not shown: %s", first)
	}
	for parts := range 6 {
		if got := said(parts + 1); got != first {
			t.Errorf("of %d parts: %s, want %s", parts+1, got, first)
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
