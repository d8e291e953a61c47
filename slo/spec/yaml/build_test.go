package yaml

import (
	"testing"

	"github.com/nines-slo/nines/slo/diag"
)

// A map that is built of another's values says the same as one that is read, and
// stands where the values do.
func TestBuild(t *testing.T) {
	docs, findings := Parse("x.yaml", []byte("goal: 99.9\nwho: [a, b]\n"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	doc := docs[0]
	goal := doc.Get("goal")
	built := MapOf(doc.Pos,
		Text(goal.Pos, goal.Text+"%").As("target"),
		doc.Get("who").As("owners"),
		doc.Get("window").As("window"),
		ListOf(doc.Pos, MapOf(doc.Pos)).As("slos"),
	)
	read, findings := Parse("y.yaml", []byte("{slos: [{}], owners: [a, b], target: 99.9%}"))
	if len(findings) > 0 {
		t.Fatal(findings)
	}
	if built.Key() != read[0].Key() {
		t.Errorf("got %s, want %s", built, read[0])
	}
	want := diag.Pos{File: "x.yaml", Line: 1, Col: 7, Len: 4}
	if f := built.Fields[0]; f.Pos != want || f.Value.Pos != want {
		t.Errorf("target stands at %v and %v, want %v", f.Pos, f.Value.Pos, want)
	}
	if built.Get("window").Is() || len(built.Fields) != 3 {
		t.Errorf("got %s: a missing value has a field", built)
	}
}
