package accesslog_test

import (
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/nines-slo/nines/sources/accesslog"
	"github.com/nines-slo/nines/sources/sourcetest"
)

func TestConformance(t *testing.T) {
	sourcetest.Run(t, sourcetest.Suite{Kind: accesslog.Kind(), Write: writeLog, Many: true, Labels: true, Grows: true, Events: true})
}

// writeLog writes a log whose host is the reference's name and whose user is its region.
func writeLog(t *testing.T, dir string, refs []sourcetest.Reference) sourcetest.Config {
	t.Helper()
	var b strings.Builder
	for _, e := range sourcetest.Events(refs) {
		status := "200"
		switch {
		case e.Vague:
			status = "-"
		case e.Bad:
			status = "503"
		}
		fmt.Fprintf(&b, "%s - %q [%s] \"GET /x HTTP/1.1\" %s 0 0.250 -\n", e.Name, e.Region, e.Time.Format("02/Jan/2006:15:04:05 -0700"), status)
	}
	if err := os.WriteFile(filepath.Join(dir, "access.log"), []byte(b.String()), 0o600); err != nil {
		t.Fatal(err)
	}
	const format = `$host - "$region" [$time_local] "$request" $status $body_bytes_sent $request_time $upstream_response_time`
	cfg := sourcetest.Config{
		Source:  fmt.Sprintf("path: access.log\nformat: '%s'\n", format),
		Failing: "good: {upstream_time: '<= 300ms'}", // which no line has
	}
	for _, ref := range refs {
		if ref.Labels != nil {
			cfg.SLI = []string{"bad: {status: 5xx}"}
			break
		}
		cfg.SLI = append(cfg.SLI, fmt.Sprintf("where: {host: %s}\nbad: {status: 5xx}", ref.Name))
	}
	return cfg
}
