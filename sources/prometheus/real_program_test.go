package prometheus_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"math/big"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
)

// zones put their clocks back and forward in the months of the scenes, or lie between the
// quarters of an hour.
var zones = []string{"Europe/Berlin", "Asia/Kolkata", "Asia/Kathmandu", "Pacific/Chatham"}

// zoned is the name of an objective of a zone's month.
func zoned(zone string) string { return strings.ReplaceAll(strings.ToLower(zone), "/", "-") }

// document is an SLO file about the scenes; the source stands at its end, so that all else
// is the same whatever it is.
func document(source string) string {
	var b strings.Builder
	b.WriteString("apiVersion: nines/v1\nservice: shop\nslos:\n")
	add := func(name, target, window, more, sli string) {
		fmt.Fprintf(&b, "  - {name: %s, target: %s, window: %s, %s sli: {source: data, %s}}\n",
			name, target, window, more, sli)
	}
	shop := "bad: {counter: 'shop_requests_total{code=~\"5..\"}'}, total: {counter: shop_requests_total}"
	add("rolling", "99.9%", "30d", "", shop)
	add("quarter", "99.5%", "90d", "", shop)
	for _, zone := range zones {
		add(zoned(zone), "99%", "{calendar: month, timezone: "+zone+"}", "", shop)
	}
	add("slices", "99.9%", "30d", "budgeting: {method: timeslices, slice: 5m, target: 90%},", shop)
	add("instances", "99.9%", "30d", "per: [instance],", strings.Replace(shop, "total: {counter: shop_requests_total}",
		"good: {counter: 'shop_requests_total{code!~\"5..\"}'}", 1))
	add("typo", "99.9%", "30d", "", strings.Replace(shop, "shop_requests_total{", "shop_request_total{", 1))
	add("short", "99.9%", "30d", "", strings.ReplaceAll(shop, "shop_requests", "short_requests"))
	b.WriteString("sources:\n  data: {" + source + "}\n")
	return b.String()
}

// build builds nines.
func build(t *testing.T) string {
	t.Helper()
	out := filepath.Join(t.TempDir(), "nines")
	cmd := exec.Command("go", "build", "-o", out, "github.com/nines-slo/nines/cmd/nines")
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, text)
	}
	return out
}

// objective is what a status says of one.
type objective struct {
	Name      string
	Labels    map[string]string
	Window    struct{ Start, End time.Time }
	Events    struct{ Bad, Total int64 }
	Slices    struct{ Bad, Total int64 }
	SLI       json.Number
	Budget    struct{ Spent json.Number }
	Incidents []incident
	Warnings  []struct{ Code string }
	State     string
	Error     string
}

type incident struct {
	Start, End time.Time
	Bad        int64
}

// status runs nines and returns what it says of the objectives.
func status(t *testing.T, nines, source string) []byte {
	t.Helper()
	file := filepath.Join(t.TempDir(), "slo.yaml")
	if err := os.WriteFile(file, []byte(document(source)), 0o600); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command(nines, "status", "slo.yaml", "-o", "json", "--at", dusk.Format(time.RFC3339))
	cmd.Dir = filepath.Dir(file)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	var exit *exec.ExitError
	if err != nil && !errors.As(err, &exit) {
		t.Fatal(err)
	}
	var parts map[string]json.RawMessage
	if err := json.Unmarshal(out, &parts); err != nil {
		t.Fatalf("%v: %s%s", err, out, stderr.String())
	}
	return parts["slos"]
}

// scene returns that of a name.
func (w *world) scene(name string) *scene {
	return w.scenes[slices.IndexFunc(w.scenes, func(s *scene) bool { return s.name == name })]
}

// right holds figures against the truth.
func (h held) right(t *testing.T, slos []byte) {
	t.Helper()
	var all []objective
	if err := json.Unmarshal(slos, &all); err != nil {
		t.Fatal(err)
	}
	shop, compared := h.scene("shop_requests_total"), 0
	for _, s := range all {
		window := slo.Period{Start: s.Window.Start, End: s.Window.End}
		name := fmt.Sprint(s.Name, s.Labels)
		target := map[string]int64{"rolling": 1000, "quarter": 200}[s.Name]
		switch s.Name {
		case "typo":
			if !strings.Contains(s.Error, `there is no metric "shop_request_total"`) || s.Events.Total != 0 {
				t.Errorf("%s: %q", name, s.Error)
			}
			continue
		case "slices":
			h.sliced(t, shop, window, s.Slices.Bad, s.Slices.Total)
			continue
		case "short": // of 30 days there are five
			bad, total := h.scene("short_requests_total").want[""].sums(window)
			if s.Events.Bad != bad || s.Events.Total != total || len(s.Warnings) == 0 || s.State == "on_track" {
				t.Errorf("%s: %d of %d events, want %d of %d, and a warning: %s, %v",
					name, s.Events.Bad, s.Events.Total, bad, total, s.State, s.Warnings)
			}
			continue
		case "instances":
			shop := h.scene("shop by instance")
			h.same(t, name, s, shop.want[s.Labels["instance"]], window, 1000)
			compared++
			continue
		case "rolling", "quarter":
		default:
			target = 100
			for _, zone := range zones {
				if zoned(zone) == s.Name && window != month(t, zone) {
					t.Errorf("%s: the month is %v, want %v", name, window, month(t, zone))
				}
			}
		}
		h.same(t, name, s, shop.want[""], window, target)
		compared++
	}
	if want := 2 + 2 + len(zones); compared != want {
		t.Errorf("%d objectives were compared, want %d", compared, want)
	}
}

// same holds the figures of an objective of the shop against the truth. target is one of so
// many events that may fail.
func (h held) same(t *testing.T, name string, got objective, want *truth, window slo.Period, target int64) {
	t.Helper()
	bad, total := want.sums(window)
	if got.Events.Bad != bad || got.Events.Total != total || total == 0 {
		t.Errorf("%s: %d of %d events, want %d of %d", name, got.Events.Bad, got.Events.Total, bad, total)
	}
	near(t, name+": sli", got.SLI, big.NewRat(total-bad, total))
	if window.End.Equal(dusk) { // else the budget is of the month's end
		near(t, name+": budget spent", got.Budget.Spent, big.NewRat(bad*target, total))
	}
	n := 0
	for _, out := range outages() {
		// Slices of five minutes tell where an incident begins and ends.
		from, to := time.UnixMilli(out.from).UTC(), time.UnixMilli(out.to).UTC()
		if !window.Contains(from) {
			continue
		}
		n++
		if !slices.ContainsFunc(got.Incidents, func(i incident) bool {
			failed, _ := want.sums(slo.Period{Start: i.Start, End: i.End})
			return !i.Start.After(from) && !i.End.Before(to) && i.Bad == failed &&
				from.Sub(i.Start) < 5*time.Minute && i.End.Sub(to) < 5*time.Minute
		}) {
			t.Errorf("%s: no incident is from %v to %v: %+v", name, from, to, got.Incidents)
		}
	}
	if len(got.Incidents) != n {
		t.Errorf("%s: %d incidents, want %d: %+v", name, len(got.Incidents), n, got.Incidents)
	}
}

// month is that of dusk, in a zone.
func month(t *testing.T, zone string) slo.Period {
	t.Helper()
	in, err := time.LoadLocation(zone)
	if err != nil {
		t.Fatal(err)
	}
	local := dusk.In(in)
	first := time.Date(local.Year(), local.Month(), 1, 0, 0, 0, 0, in)
	return slo.Period{Start: first.UTC(), End: first.AddDate(0, 1, 0).UTC()}
}

// sliced holds bad slices against the truth: those of which over a tenth failed.
func (h held) sliced(t *testing.T, shop *scene, window slo.Period, bad, total int64) {
	t.Helper()
	var wantBad, wantTotal int64
	for start := window.Start; start.Before(window.End); start = start.Add(5 * time.Minute) {
		failed, all := shop.want[""].sums(slo.Period{Start: start, End: start.Add(5 * time.Minute)})
		if all > 0 {
			wantTotal++
		}
		if failed*10 > all {
			wantBad++
		}
	}
	if bad != wantBad || total != wantTotal {
		t.Errorf("%d of %d slices are bad, want %d of %d", bad, total, wantBad, wantTotal)
	}
}

// near tells whether a number is what it must be, as far as its digits say.
func near(t *testing.T, what string, got json.Number, want *big.Rat) {
	t.Helper()
	f, _ := want.Float64()
	if n, err := got.Float64(); err != nil || math.Abs(n-f) > 1e-12*math.Abs(f) {
		t.Errorf("%s: %s, want %v", what, got, f)
	}
}
