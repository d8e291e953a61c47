package alertmanager

import (
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo/burn"
)

// What an Alertmanager has of objectives that cannot be judged is posted again.
func TestHeld(t *testing.T) {
	shop := func(name, failed string, by, region string) report.Objective {
		o := report.Objective{Service: "shop", Name: name, Failed: failed, Labels: map[string]string{}}
		if by != "" {
			o.By = []string{by}
		}
		if region != "" {
			o.Labels["region"] = region
		}
		return o
	}
	const why = "no such file"
	tests := []struct {
		name       string
		objectives []report.Objective
		listed     string // objectives of the alerts there, with spaces between; "orders" for shop/orders
		want       string
	}{
		{"its source failed", []report.Objective{shop("orders", why, "", "")}, "orders other", "orders"},
		{"it is judged", []report.Objective{shop("orders", "", "", ""), shop("carts", why, "", "")}, "orders", ""},
		{"it is no objective any more", []report.Objective{shop("carts", why, "", "")}, "orders", ""},
		{"none of its labels is known", []report.Objective{shop("orders", why, "region", "")}, "orders{region=us} orders{region=eu}", "orders{region=eu} orders{region=us}"},
		{"one of its labels is judged", []report.Objective{shop("orders", "", "region", "eu"), shop("orders", why, "region", "us")}, "orders{region=eu} orders{region=us} orders{region=jp}", "orders{region=us}"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			var posted []alert
			s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
				if r.Method == http.MethodPost {
					if err := json.NewDecoder(r.Body).Decode(&posted); err != nil {
						t.Error(err)
					}
					return
				}
				if got := r.URL.Query()["filter"]; !slices.Equal(got, []string{`alertname=~"ErrorBudget.*|SLONoData"`}) || r.URL.Query().Get("k") != "v" {
					t.Errorf("asked %s", r.URL)
				}
				json.NewEncoder(w).Encode(there(tt.listed))
			}))
			defer s.Close()
			m, _ := to(t, s.URL+"?k=v", "")
			a := &report.Alerts{Status: report.Status{At: at, Objectives: tt.objectives}}
			if err := m.Post(t.Context(), a, 5*time.Minute); err != nil {
				t.Fatal(err)
			}
			var got []string
			for _, one := range posted {
				got = append(got, strings.TrimPrefix(one.Labels["objective"], "shop/"))
				if !one.EndsAt.Equal(*minute(-5)) || !one.StartsAt.Equal(*minute(60)) || one.Annotations["no_data"] != "true" {
					t.Errorf("got %+v", one)
				}
			}
			if strings.Join(got, " ") != tt.want {
				t.Errorf("got %q, want %q", got, tt.want)
			}
		})
	}
}

// there returns alerts of objectives as Alertmanager lists them, and one that
// another program posted.
func there(objectives string) []map[string]any {
	out := []map[string]any{{"labels": map[string]string{"alertname": "ErrorBudgetBurn", "service": "shop", "slo": "orders"}, "startsAt": at, "endsAt": at}}
	for id := range strings.FieldsSeq(objectives) {
		name, _, _ := strings.Cut(id, "{")
		out = append(out, map[string]any{
			"labels":   map[string]string{"alertname": "ErrorBudgetBurn", "service": "shop", "slo": name, "objective": "shop/" + id},
			"startsAt": minute(60), "endsAt": minute(-1), "fingerprint": "x", "status": map[string]any{"state": "active"},
		})
	}
	return out
}

// A fresh verdict is not overruled by an old one, and what is known is posted
// whatever the list is worth.
func TestHeldDoesNotGetInTheWay(t *testing.T) {
	silence := fast(burn.Active)
	silence.Since = minute(2)
	a := checkout(silence)
	a.Objectives[0].Failed = "no such file"
	own, err := json.Marshal(alertsOf(a, time.Hour))
	if err != nil {
		t.Fatal(err)
	}
	for list, want := range map[string]string{string(own): "", "[]": "", "null": "", "{}": "something else than a list", "<html>": "answers with a page", `[{"startsAt": 1}]`: "something else"} {
		var body string
		s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			if r.Method == http.MethodGet {
				io.WriteString(w, list)
				return
			}
			text, _ := io.ReadAll(r.Body)
			body = string(text)
		}))
		m, _ := to(t, s.URL, "")
		err := m.Post(t.Context(), a, time.Hour)
		if body != string(own) {
			t.Errorf("%s: posted %s", list, body)
		}
		if want == "" && err != nil || want != "" && (err == nil || !strings.Contains(err.Error(), want)) {
			t.Errorf("%s: got error %v, want %q", list, err, want)
		}
		s.Close()
	}
}
