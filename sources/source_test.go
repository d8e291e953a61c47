package sources

import (
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
)

func request(t *testing.T, sli string) Request {
	t.Helper()
	b, err := spec.ParseBlock("slo.yaml", sli, "")
	if err != nil {
		t.Fatal(err)
	}
	return Request{SLI: b, Count: spec.Both, Step: time.Minute}
}

// Values that print alike are not alike.
func TestKeysOfDifferentRequestsDiffer(t *testing.T) {
	change := func(f func(*Request)) Request {
		r := request(t, "where: {region: [eu, west]}")
		f(&r)
		return r
	}
	different := map[string]Request{
		"two items":            request(t, "where: {region: [eu, west]}"),
		"one item":             request(t, "where: {region: ['eu, west']}"),
		"a text":               request(t, "where: {region: '[eu, west]'}"),
		"two fields":           request(t, "{where: {a: x, b: y}}"),
		"a field in a text":    request(t, "{where: {a: 'x, b: y'}}"),
		"a field in a key":     request(t, "{where: {'a: x, b': y}}"),
		"nothing":              request(t, "{}"),
		"null":                 request(t, "where:"),
		"the text null":        request(t, "where: 'null'"),
		"of bad":               change(func(r *Request) { r.Count = spec.Bad }),
		"of total":             change(func(r *Request) { r.Count = spec.Total }),
		"by region":            change(func(r *Request) { r.Per = []string{"region"} }),
		"by region and host":   change(func(r *Request) { r.Per = []string{"region", "host"} }),
		"by a label of both":   change(func(r *Request) { r.Per = []string{"region, host"} }),
		"by a label of none":   change(func(r *Request) { r.Per = []string{""} }),
		"a step of an hour":    change(func(r *Request) { r.Step = time.Hour }),
		"a step of 61 seconds": change(func(r *Request) { r.Step = 61 * time.Second }),
	}
	seen := map[string]string{}
	for name, r := range different {
		if other, twice := seen[r.Key()]; twice {
			t.Errorf("%s and %s have one key: %s", name, other, r.Key())
		}
		seen[r.Key()] = name
	}
}

func TestKeysOfTheSameRequestAreEqual(t *testing.T) {
	want := request(t, "{where: {region: [eu, west], code: '200'}, bad: {status: 5xx}}")
	same := map[string]Request{
		"over several lines, unquoted": request(t, "bad:\n  status: '5xx'\nwhere:\n  code: 200\n  region:\n  - eu\n  - west\n"),
		"another name of the source":   request(t, "{source: edge, where: {region: [eu, west], code: '200'}, bad: {status: 5xx}}"),
		"without a count":              want,
		"another period":               want,
		"percentiles too":              want,
	}
	for name, r := range same {
		switch name {
		case "without a count":
			r.Count = ""
		case "another period":
			r.Period = slo.Period{Start: time.Unix(0, 0), End: time.Unix(60, 0)}
		case "percentiles too":
			r.Percentiles = true
		}
		if r.Key() != want.Key() {
			t.Errorf("%s: got %s, want %s", name, r.Key(), want.Key())
		}
	}
}

// A store files counts under this text: a release that changes it loses them.
func TestKeyStaysAsItIs(t *testing.T) {
	r := request(t, "{source: edge, where: {region: [eu, west]}}")
	r.Per = []string{"host"}
	const want = "m4:5:counts4:both3:perl1:s4:host3:slim1:5:wherem1:6:regionl2:s2:eus4:west4:steps4:1m0s"
	if got := r.Key(); got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}
