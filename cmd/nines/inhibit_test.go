package main

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"maps"
	"net/http"
	"os"
	"path/filepath"
	"testing"

	"github.com/nines-slo/nines/sources/all"
)

// inhibited is an alert that Alertmanager has, and whether another mutes it.
type inhibited struct {
	labels map[string]string
	muted  bool
}

// labelled returns labels of an alert of an objective, of none without a name.
func labelled(class, name, region string, more ...string) map[string]string {
	labels := map[string]string{"alertname": "x", "nines_class": class, "nines_condition": class + " 1h/5m"}
	if name != "" {
		labels["nines_service"], labels["nines_slo"] = "shop", name
	}
	if region != "" {
		labels["region"] = region
	}
	for i := 0; i < len(more); i += 2 {
		labels[more[i]] = more[i+1]
	}
	return labels
}

// alike are alerts of which some have to be heard.
func alike() map[string]inhibited {
	return map[string]inhibited{
		"a page":                             {labelled("page", "paid", ""), false},
		"its ticket":                         {labelled("ticket", "paid", ""), true},
		"its log":                            {labelled("log", "paid", ""), true},
		"its ticket with labels of a policy": {labelled("ticket", "paid", "", "severity", "warning"), true},
		"no data of it":                      {labelled("ticket", "paid", "", "nines_condition", "ticket no data 30m"), false},
		"a policy that is called so":         {labelled("ticket", "paid", "", "nines_condition", "no data 5m 1h/5m"), true},
		"a page of a label set":              {labelled("page", "split", "eu"), false},
		"its ticket there":                   {labelled("ticket", "split", "eu"), true},
		"the ticket of another set":          {labelled("ticket", "split", "us"), false},
		"the log of that":                    {labelled("log", "split", "us"), true},
		"no data of all":                     {labelled("ticket", "split", "", "nines_condition", "ticket no data 30m"), false},
		"a ticket without a page":            {labelled("ticket", "well", ""), false},
		"a page of nobody":                   {labelled("page", "", ""), false},
		"a ticket of nobody":                 {labelled("ticket", "", ""), false},
	}
}

// What `nines rules --inhibit` writes keeps quiet what a faster class covers, and nothing
// else: no other objective, no other label set, no missing data, nobody else's alerts.
func TestInhibit(t *testing.T) {
	am := startAlertmanager(t, inhibiting(t, t.TempDir()))
	cases := alike()
	missing := maps.Clone(cases)
	var alerts []map[string]any
	for name, c := range cases {
		c.labels["case"] = name
		alerts = append(alerts, map[string]any{"labels": c.labels})
	}
	am.post(t, alerts)
	var wrong []string
	within(t, func() string { return fmt.Sprintf("wrong %q, not there %v", wrong, missing) }, func() bool {
		wrong = nil
		for _, p := range am.alerts(t) {
			c := cases[p.Labels["case"]]
			if muted := len(p.Status.InhibitedBy) > 0; muted != c.muted {
				wrong = append(wrong, fmt.Sprintf("%s: muted is %v, want %v", p.Labels["case"], muted, c.muted))
			}
			delete(missing, p.Labels["case"])
		}
		return len(wrong) == 0 && len(missing) == 0
	})
}

// inhibiting has the rules written, and returns a configuration that has them.
func inhibiting(t *testing.T, dir string) string {
	t.Helper()
	slo, inhibit := filepath.Join(dir, "slo.yaml"), filepath.Join(dir, "inhibit.yaml")
	const sli = "sli: {source: prom, bad: {counter: errors_total}, total: {counter: requests_total}}}\n"
	file := "apiVersion: nines/v1\nservice: shop\nsources: {prom: {type: prometheus, url: 'http://prometheus.example:9090'}}\n" +
		"defaults: {target: 99%, window: 30d}\nslos:\n  - {name: paid, " + sli + "  - {name: split, per: [region], " + sli + "  - {name: well, " + sli
	if err := os.WriteFile(slo, []byte(file), 0o600); err != nil {
		t.Fatal(err)
	}
	var errs bytes.Buffer
	a := app{kinds: all.Kinds(), stdout: io.Discard, stderr: &errs, getenv: func(string) string { return "" }}
	if code := a.run(t.Context(), []string{"rules", slo, "--inhibit", inhibit}); code != exitAnswered {
		t.Fatalf("exit %d: %s", code, errs.String())
	}
	rules, err := os.ReadFile(inhibit)
	if err != nil {
		t.Fatal(err)
	}
	config := filepath.Join(dir, "alertmanager.yml")
	whole := "route: {receiver: nobody}\nreceivers: [{name: nobody}]\n" + string(rules)
	if err := os.WriteFile(config, []byte(whole), 0o600); err != nil {
		t.Fatal(err)
	}
	return config
}

// post posts alerts.
func (am liveAlertmanager) post(t *testing.T, alerts []map[string]any) {
	t.Helper()
	body, err := json.Marshal(alerts)
	if err != nil {
		t.Fatal(err)
	}
	resp, err := http.Post(string(am)+"/api/v2/alerts", "application/json", bytes.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", resp.Status, text)
	}
}
