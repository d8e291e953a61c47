package accesslog

import (
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/match"
)

// TestUnits says the unit of a duration in the source, whatever the format, and asks
// for it by each name it has.
func TestUnits(t *testing.T) {
	const apache = `'%h %l %u %t "%r" %>s %b %D %T'`
	for _, c := range []struct{ source, field, want string }{
		{"format: combined+D\nunits: {duration: ms}", "duration", "1ms"},
		{"format: combined+D", "duration", "1µs"},
		{"format: combined+D\nunits: {'%D': ms}", "duration", "1ms"},
		{"format: " + apache + "\nunits: {duration: ms}", "duration", "1ms"},
		{"format: " + apache + "\nunits: {duration: ms}", "%T", "1s"},
		{"format: " + apache + "\nunits: {'%T': us}", "%T", "1µs"},
		{"format: " + apache + "\nunits: {'%T': us}", "duration", "1µs"}, // of %D, as it is
		{"format: combined+request_time\nunits: {duration: ms}", "$request_time", "1ms"},
		{"format: combined+request_time\nunits: {request_time: ms}", "duration", "1ms"},
		{"format: combined+request_time+upstream_time\nunits: {upstream_time: ms}", "upstream_time", "1ms"},
		{"format: combined+request_time+upstream_time\nunits: {upstream_time: ms}", "duration", "1s"},
		{"format: '$time_iso8601 $status $took'\nunits: {took: ms}", "took", "1ms"},
		{"format: '$time_iso8601 $status $took'\nunits: {$took: h}", "$took", "1h0m0s"},
		{"format: json\nunits: {duration: us}", "duration", "1µs"},
		{"format: json\nunits: {db.took: us}", "db.took", "1µs"},
		{"format: json\nfields: {duration: took}\nunits: {duration: ns}", "duration", "1ns"},
		{"format: ltsv\nunits: {duration: ms}", "duration", "1ms"},
		{"format: w3c\nunits: {duration: s}", "duration", "1s"},
		{"format: traefik\nunits: {duration: ms}", "duration", "1ms"},
		{"format: alb\nunits: {duration: ms}", "duration", "1ms"},

		{"format: combined\nunits: {duration: ms}", "", `slo.yaml:3:9: units: "duration" is no duration of the format [accesslog/unit]`},
		{"format: combined+D\nunits: {status: ms}", "", `units: "status" is no duration of the format`},
		{"format: combined+D\nunits: {took: ms}", "", `units: "took" is no duration of the format`},
		{"format: json\nunits: {status: ms}", "", `units: "status" is no duration of the format`},
		{"format: combined+D\nunits: {duration: sec}", "", `units: duration: "sec" is not a unit`},
		{"format: combined+D\nunits: {duration: d}", "", `units: duration: "d" is not a unit`},
	} {
		block, err := spec.ParseBlock("slo.yaml", "path: a\n"+c.source, "")
		if err != nil {
			t.Fatal(err)
		}
		if findings := check(block, spec.Block{}); len(findings) > 0 || c.field == "" {
			if c.field != "" || !findings.Errors() || !strings.Contains(findings.Error(), c.want) {
				t.Errorf("%s: got %v, want %q", c.source, findings, c.want)
			}
			continue
		}
		s, _ := readSpec(block)
		l, err := s.compile()
		if err != nil {
			t.Fatal(err)
		}
		field, ok := l.resolve(c.field)
		if got := field.Unit.String(); !ok || got != c.want || field.Type == match.Text {
			t.Errorf("%s: %s: got %s, %v; want %s", c.source, c.field, got, ok, c.want)
		}
	}
}

// TestTimeFormatWithBlanks reads times of a layout that has in it what ends them.
func TestTimeFormatWithBlanks(t *testing.T) {
	for _, c := range []struct{ format, clock, line, want string }{
		{"$time_local $status $request_time", "%Y/%m/%d %H:%M:%S", "2026/05/01 09:30:00 503 0.2", "2026-05-01T09:30:00 status=503"},
		{"$status $time_local", "%d.%m.%Y %H:%M", "503 01.05.2026 09:30", "2026-05-01T09:30:00 status=503"},
		{"%t %>s %D", "%m/%d/%Y %I:%M:%S %p", "[5/1/2026 9:30:00 PM] 503 7", "2026-05-01T21:30:00 status=503"},
		{"$time_local|$status", "%d %b %Y|%T", "01 May 2026|09:30:00|503", "2026-05-01T09:30:00 status=503"},
	} {
		got := parsed(t, lineSpec{format: c.format, clock: c.clock, zone: time.UTC}, c.line, "status")
		if len(got) != 1 || got[0] != c.want {
			t.Errorf("%s of %q: got %q, want %s", c.clock, c.line, got, c.want)
		}
	}
}
