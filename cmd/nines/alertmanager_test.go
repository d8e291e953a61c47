package main

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/cmd/nines/transport"
	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/sources/all"
)

// posted is an alert as Alertmanager shows it.
type posted struct {
	Fingerprint         string
	Labels, Annotations map[string]string
	StartsAt, EndsAt    time.Time
	Status              struct {
		State                   string
		InhibitedBy, SilencedBy []string
	}
}

// TestAlertmanager runs nines once a minute against the real program, with the
// configuration that report/README.md shows. 30 % fail for half an hour until a minute
// ago: a page fires and covers a ticket, is posted again, stays while the counts
// cannot be read, and ends.
func TestAlertmanager(t *testing.T) {
	am := startAlertmanager(t, "../../examples/alertmanager/alertmanager.yml")
	now := time.Now().Truncate(time.Minute)
	minute := func(n int) time.Time { return now.Add(time.Duration(n) * time.Minute) }
	slo := failing(t, minute(-31), minute(-1), now)

	am.run(t, slo, minute(-3), exitAnswered)
	page := am.await(t, "page", func(p posted) bool { return p.Status.State == "active" })
	// 0.5 % of the hour is bad after its first minute, over 2 × 0.1 %.
	if !page.StartsAt.Equal(minute(-30)) || !page.EndsAt.Equal(minute(2)) {
		t.Errorf("got a page from %s to %s, want %s to %s", page.StartsAt, page.EndsAt, minute(-30), minute(2))
	}
	if page.Labels["objective"] != "shop/orders" || page.Labels["team"] != "web" || page.Labels["alertname"] != "ErrorBudgetBurn" {
		t.Errorf("got labels %v", page.Labels)
	}
	am.await(t, "ticket", func(p posted) bool { return slices.Contains(p.Status.InhibitedBy, page.Fingerprint) })

	same := func(end time.Time, noData string) func(posted) bool {
		return func(p posted) bool {
			return p.Fingerprint == page.Fingerprint && p.StartsAt.Equal(page.StartsAt) && p.EndsAt.Equal(end) && p.Annotations["no_data"] == noData
		}
	}
	am.run(t, slo, minute(-2), exitAnswered)
	am.await(t, "page", same(minute(3), ""))
	am.silence(t, "objective", "shop/orders")
	am.await(t, "page", func(p posted) bool { return len(p.Status.SilencedBy) == 1 })

	counts := filepath.Join(filepath.Dir(slo), "counts.csv")
	if err := os.Rename(counts, counts+".away"); err != nil {
		t.Fatal(err)
	}
	am.run(t, slo, minute(-1), exitUncertain)
	am.await(t, "page", same(minute(4), "true"))
	if err := os.Rename(counts+".away", counts); err != nil {
		t.Fatal(err)
	}

	am.run(t, slo, now, exitAnswered)
	ticket := am.await(t, "ticket", func(p posted) bool { return len(p.Status.InhibitedBy) == 0 })
	if got := am.alerts(t); len(got) != 1 || !ticket.EndsAt.Equal(minute(5)) || ticket.Annotations["no_data"] != "" {
		t.Errorf("got %+v, want the ticket alone", got)
	}
}

// run posts how it stands at the instant at.
func (am liveAlertmanager) run(t *testing.T, slo string, at time.Time, want int) {
	t.Helper()
	var errs bytes.Buffer
	now := func() time.Time { return at.Add(5 * time.Second) }
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdout: io.Discard, stderr: &errs,
		getenv: func(string) string { return "" }, now: now, http: transport.New(now)}
	if code := a.run(t.Context(), []string{"alerts", slo, "-q", "--alertmanager", string(am)}); code != want || strings.Contains(errs.String(), "alertmanager") {
		t.Fatalf("exit %d, want %d: %s", code, want, errs.String())
	}
}

// failing writes an SLO file over ten hours of counts until end, with failures in
// [from, to), and returns its path.
func failing(t *testing.T, from, to, end time.Time) string {
	t.Helper()
	dir := t.TempDir()
	counts := "timestamp,bad,total\n"
	for at := end.Add(-10 * time.Hour); at.Before(end); at = at.Add(time.Minute) {
		bad := 0
		if !at.Before(from) && at.Before(to) {
			bad = 300
		}
		counts += fmt.Sprintf("%d,%d,1000\n", at.Unix(), bad)
	}
	file := `apiVersion: nines/v1
service: shop
sources: {counts: {type: csv, path: counts.csv}}
slos:
  - {name: orders, target: 99.9%, window: 30d, sli: {source: counts}, labels: {team: web}}
alerts:
  - {class: page, when: [{burn: 2, long: 1h, short: 1m}]}
  - {class: ticket, when: [{burn: 1, long: 6h, short: 30m}]}
`
	for name, text := range map[string]string{"slo.yaml": file, "counts.csv": counts} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	return filepath.Join(dir, "slo.yaml")
}

// liveAlertmanager is the address of one that runs.
type liveAlertmanager string

// startAlertmanager runs the real program with a configuration until the test ends, and
// skips the test where it is not installed.
func startAlertmanager(t *testing.T, config string) liveAlertmanager {
	t.Helper()
	program, err := exec.LookPath("prometheus-alertmanager")
	switch {
	case err == nil:
	case os.Getenv("NINES_CI") == "1":
		t.Fatal("prometheus-alertmanager is not installed, and NINES_CI=1 forbids to skip")
	default:
		t.Skip("prometheus-alertmanager is not installed: what is posted is not shown to the real program")
	}
	address := freeAddress(t)
	var log bytes.Buffer
	cmd := exec.Command(program, "--config.file="+config, "--storage.path="+t.TempDir(),
		"--web.listen-address="+address, "--cluster.listen-address=")
	cmd.Stdout, cmd.Stderr = &log, &log
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() {
		cmd.Process.Kill()
		cmd.Wait()
		if t.Failed() {
			t.Logf("prometheus-alertmanager:\n%s", log.String())
		}
	})
	am := liveAlertmanager("http://" + address)
	within(t, func() string { return "Alertmanager is not ready" }, func() bool {
		resp, err := http.Get(string(am) + "/-/ready")
		if err != nil {
			return false
		}
		resp.Body.Close()
		return resp.StatusCode == http.StatusOK
	})
	return am
}

func freeAddress(t *testing.T) string {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer l.Close()
	return l.Addr().String()
}

// within waits until ok, a while at the most: another program is at work.
func within(t *testing.T, otherwise func() string, ok func() bool) {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), 30*time.Second)
	defer cancel()
	for !ok() {
		select {
		case <-ctx.Done():
			t.Fatal(otherwise())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// alerts returns what has not ended.
func (am liveAlertmanager) alerts(t *testing.T) []posted {
	t.Helper()
	resp, err := http.Get(string(am) + "/api/v2/alerts")
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	var out []posted
	if err := json.NewDecoder(resp.Body).Decode(&out); err != nil {
		t.Fatal(err)
	}
	return out
}

// await waits until there is one alert of severity, as it should be.
func (am liveAlertmanager) await(t *testing.T, severity string, as func(posted) bool) posted {
	t.Helper()
	var got []posted
	within(t, func() string { return fmt.Sprintf("no such %s: %+v", severity, got) }, func() bool {
		got = slices.DeleteFunc(am.alerts(t), func(p posted) bool { return p.Labels["severity"] != severity })
		return len(got) == 1 && as(got[0])
	})
	return got[0]
}

// silence silences alerts with a label.
func (am liveAlertmanager) silence(t *testing.T, label, value string) {
	t.Helper()
	body := fmt.Sprintf(`{"matchers": [{"name": %q, "value": %q, "isRegex": false}], "startsAt": %q, "endsAt": %q, "createdBy": "test", "comment": "test"}`,
		label, value, time.Now().Format(time.RFC3339), time.Now().Add(time.Hour).Format(time.RFC3339))
	resp, err := http.Post(string(am)+"/api/v2/silences", "application/json", strings.NewReader(body))
	if err != nil {
		t.Fatal(err)
	}
	defer resp.Body.Close()
	if text, _ := io.ReadAll(resp.Body); resp.StatusCode != http.StatusOK {
		t.Fatalf("%s: %s", resp.Status, text)
	}
}

// A source that does not end takes no time from who is to be told of the others.
func TestTellsInTime(t *testing.T) {
	end := time.Date(2026, time.October, 13, 10, 0, 0, 0, time.UTC)
	file := failing(t, end.Add(-2*time.Hour), end, end)
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	slow := strings.Replace(string(text), "sources: {", "sources: {slow: {type: csv, path: \"-\", step: 1m}, ", 1)
	slow = strings.Replace(slow, "slos:\n", "slos:\n  - {name: slow, target: 99.9%, window: 30d, sli: {source: slow}}\n", 1)
	if err := os.WriteFile(file, []byte(slow), 0o600); err != nil {
		t.Fatal(err)
	}
	told := make(chan string, 10)
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method == http.MethodGet {
			io.WriteString(w, "[]") // what it has of the objective without counts
			return
		}
		body, _ := io.ReadAll(r.Body)
		told <- string(body)
	}))
	defer server.Close()
	waits, never, err := os.Pipe()
	if err != nil {
		t.Fatal(err)
	}
	defer never.Close()
	now := func() time.Time { return end.Add(5 * time.Second) }
	a := app{kinds: all.Kinds(), stdin: waits, stdout: io.Discard, stderr: io.Discard,
		getenv: func(string) string { return "" }, now: now, http: transport.New(now)}
	code := a.run(t.Context(), []string{"alerts", file, "-q", "--timeout", "3s", "--alertmanager", server.URL})
	close(told)
	posted := ""
	for body := range told {
		posted += body
	}
	if code != exitUncertain || !strings.Contains(posted, `"shop/orders"`) {
		t.Errorf("exit %d, told %q", code, posted)
	}
}
