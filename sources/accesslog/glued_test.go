package accesslog

import (
	"strings"
	"testing"
)

// The end of a record that failed, with a part of its request, behind a line that did
// not, or the beginning of one, with its time, before it: the line is unread, and no
// event that holds the other.
func TestGluedLines(t *testing.T) {
	alb := strings.Replace(albLine("h2", "192.0.2.7:50718", 502, "GET https://shop.example:443/a HTTP/2.0"), ` "10.0.100.2:80" "401" "-" "-"`, "", 1)
	s3 := `79a shop [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a 3E5 REST.GET.OBJECT key "GET /a HTTP/1.1" 503 - 113 - 7 5 "-" "x" -`
	for _, c := range []struct {
		name, format, line, status string
		time                       string // what a beginning that tells anything holds
	}{
		{"combined", "combined", combinedLine, "503", "[17"},
		{"combined, values added", "combined", combinedLine + ` "192.0.2.9" 0.1`, "503", "[17"},
		{"combined with a duration", "combined+request_time", combinedLine + " 0.042", "503", "[17"},
		{"common", "common", combinedLine[:strings.Index(combinedLine, ` "http`)], "503", "[17"},
		{"envoy", "envoy", `[2026-10-01T00:00:00.000Z] "GET /a HTTP/1.1" 503 - 0 1 2 1 "192.0.2.7" "curl" "id" "shop.example" "192.0.2.8:80"`, "503", "T00:"},
		{"alb", "alb", alb, "502", "T23:55:00.36"},
		{"alb with values of later years", "alb", alb + ` "10.0.0.1:80" "502" "-" "-" TID_1`, "502", "T23:55:00.36"},
		{"s3", "s3", s3, "503", "[06/Feb/"},
		{"s3 with values of later years", "s3", s3 + ` id SigV4 TLS AuthHeader shop.example TLSv1.3 - Yes`, "503", "[06/Feb/"},
		{"ingress-nginx", "ingress-nginx", ingressLine, "503", "[17"},
		{"istio", "istio", istioLine, "503", "T00:"},
		{"haproxy", "haproxy", haproxyLine, "503", "[06/Feb/"},
		{"nginx-proxy-manager", "nginx-proxy-manager", strings.Replace(managerLine, " 503 503 ", " - 503 ", 1), "503", "[01/Oct/"},
		{"vhost_combined", "vhost_combined", "shop.example:443 " + combinedLine, "503", "[17"},
		{"ltsv", "ltsv", "time:2026-10-01T00:00:00Z\tstatus:503\treq:GET /a HTTP/1.1\tua:curl", "503", "\tstatus:"},
	} {
		good := strings.Replace(c.line, c.status, "200", 1)
		fits := func(text string) {
			if got := parsed(t, lineSpec{format: c.format}, good+"\n"+text+"\n", "status"); len(got) != 2 || got[1] != "unread" {
				t.Errorf("%s: %v of %s", c.name, got, text)
			}
		}
		for i := 1; i < strings.Index(c.line, c.status)-1; i++ {
			fits(good + c.line[i:])
		}
		for i := strings.Index(c.line, c.time) + len(c.time); i < len(c.line); i++ {
			fits(c.line[:i] + good)
		}
		if got := parsed(t, lineSpec{format: c.format}, c.line+"\n"+good, "status"); len(got) != 2 || got[1] == "unread" {
			t.Errorf("%s: %v", c.name, got)
		}
	}
}

// Values that a server adds behind those of its format, quoted and named as it likes, do
// not make a line one that holds another.
func TestValuesAdded(t *testing.T) {
	for _, added := range []string{` "192.0.2.9"`, ` rt="0.1" [x y] "a, b" 0.1, 0.2 : 0.3`, ` "-" - urt="0.001" url="781"`, ` "GET"`, ` "x\"y"`, `  -`} {
		for _, format := range []string{"combined", "combined+request_time"} {
			got := parsed(t, lineSpec{format: format}, combinedLine+added+"\n", "status")
			if len(got) != 1 || !strings.HasSuffix(got[0], "status=503") {
				t.Errorf("%s with %s: %v", format, added, got)
			}
		}
	}
	for _, added := range []string{` "192.0.2.9`, ` 9"`, ` 0.1TTP/1.1" 200 1`, ` "GET / HTTP/1.1"`, `x`, `"`} {
		if got := parsed(t, lineSpec{format: "combined"}, combinedLine+added+"\n", "status"); len(got) != 1 || got[0] != "unread" {
			t.Errorf("combined with %s: %v", added, got)
		}
	}
}
