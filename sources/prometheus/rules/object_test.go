package rules_test

import (
	"bytes"
	"regexp"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
	"github.com/nines-slo/nines/sources/prometheus/rules"
)

// Names of objects are labels of the DNS, and each service has its own.
func TestObjectName(t *testing.T) {
	made := func(service string) string { return strings.TrimPrefix(rules.ObjectName(service), "nines-") }
	label, seen := regexp.MustCompile(`^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$`), map[string]string{}
	for _, service := range []string{
		"checkout", "Checkout", "check.out", "check-out", "-check-out", "check out", "支払い", "決済",
		strings.Repeat("a", 57), strings.Repeat("a", 58), strings.Repeat("a", 59), "a\nb", "x-" + strings.Repeat("-", 80) + "y",
		made("Checkout"), made("支払い"), made(made("Checkout")), "checkout-20261101", "deadbeef",
	} {
		name := rules.ObjectName(service)
		if !label.MatchString(name) {
			t.Errorf("service %q has the object %q", service, name)
		}
		if other, taken := seen[name]; taken {
			t.Errorf("services %q and %q have the object %q", service, other, name)
		}
		seen[name] = service
	}
	if got := rules.ObjectName("checkout"); got != "nines-checkout" {
		t.Errorf("got %q", got)
	}
}

// Objects of hostile services are read back, each with its own groups.
func TestObjects(t *testing.T) {
	form := load(t, "testdata/forms.yaml")[:1]
	var all []spec.Objective
	for _, text := range hostile() {
		all = append(all, called(t, form, text)...)
	}
	var out bytes.Buffer
	objects := rules.NewObjects(&out)
	for _, o := range all {
		groups, _ := rules.Of(o)
		objects.Add(o.Service, groups)
	}
	objects.Add("none", nil)
	if err := objects.Close(); err != nil {
		t.Fatal(err)
	}
	docs, findings := yaml.Parse("f", out.Bytes())
	if findings.Errors() || len(docs) != len(all) {
		t.Fatalf("%d objects: %v", len(docs), findings)
	}
	names := map[string]bool{}
	for i, doc := range docs {
		names[doc.Get("metadata").Get("name").Text] = true
		if got := doc.Get("metadata").Get("annotations").Get("nines-slo/service").Text; got != all[i].Service {
			t.Errorf("service %q is %q", all[i].Service, got)
		}
		if groups := doc.Get("spec").Get("groups").Items; len(groups) != 2 {
			t.Errorf("%d groups", len(groups))
		}
	}
	if len(names) != len(all) {
		t.Errorf("%d services have %d names", len(all), len(names))
	}
}
