package accesslog

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/sourcetest"
)

// carriers write a line as what carries logs does.
func carriers() map[string]func(line string) string {
	before := func(prefix string) func(string) string {
		return func(line string) string { return prefix + line }
	}
	return map[string]func(string) string{
		"nothing":                 before(""),
		"containerd":              before("2026-02-03T04:05:06.123456789+00:00 stdout F "),
		"containerd, stderr":      before("2026-02-03T04:05:06.123456789Z stderr F "),
		"docker compose":          before("web-1  | "),
		"docker compose, colours": before("\x1b[36mweb-1  | \x1b[0m"),
		"docker compose, bold":    before("\x1b[0;33;1mshop_nginx.1     | \x1b[0m"),
		"docker compose, stamps":  before("web-1  | 2026-02-03T04:05:06.123456789Z "),
		"docker compose, blanks":  before("web-1  |    "),
		"kubectl, stamps":         before("2026-02-03T04:05:06.123456789Z "),
		"syslog":                  before("Feb  3 04:05:06 web1 nginx: "),
		"syslog, a number":        before("Feb 13 04:05:06 web1 nginx[1234]: "),
		"syslog, priority":        before("<190>Feb  3 04:05:06 web1 nginx: "),
		"syslog, ISO time":        before("2026-02-03T04:05:06.123456+09:00 web1 nginx: "),
		"syslog, RFC 5424":        before(`<190>1 2026-02-03T04:05:06.123Z web1 nginx 12 - - `),
		"syslog, structured":      before(`<190>1 2026-02-03T04:05:06.123Z web1 nginx 12 ID7 [x@1 a="b c"][y@1 d="e"] `),
		"docker's files": func(line string) string {
			return fmt.Sprintf(`{"log":%q,"stream":"stdout","time":"2026-02-03T04:05:06.1Z"}`, line+"\n")
		},
		"kubectl, names":  before("[pod/web-1/nginx] "),
		"a log of syslog": before("2026-02-03T04:05:06.123456+09:00  web1 nginx: "),
		"both":            before("2026-02-03T04:05:06.1Z stdout F Feb  3 04:05:06 web1 nginx: "),
	}
}

// A line means the same whatever carried it: every field is that of the line alone.
func TestCarriers(t *testing.T) {
	for format, c := range map[string]struct{ line, fields string }{
		"combined":              {combinedLine, "remote_addr remote_user path status user_agent"},
		"combined+request_time": {combinedLine + " 0.042", "remote_addr duration"},
		"combined+D":            {combinedLine + " 42", "remote_addr %l %u status duration"},
		"vhost_combined":        {"shop.example:443 " + combinedLine, "host remote_addr path status"},
		"$host $remote_addr - $remote_user [$time_local] \"$request\" $status": {"shop.example " + combinedLine, "host remote_addr remote_user status"},
		"$host - $remote_user [$time_local] \"$request\" $status":              {`shop.example - ann [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200`, "host remote_user status"},
		"$time_iso8601 $status $request_time":                                  {"2026-02-03T04:05:06+00:00 200 0.1", "status duration"},
		"json":                                                                 {`{"time":"2026-10-01T00:00:00Z","status":503,"request_uri":"/a"}`, "path status"},
		"ltsv":                                                                 {"time:2026-10-01T00:00:00Z\tstatus:200\thost:192.0.2.7\tua:a: b", "remote_addr status user_agent"},
		"w3c":                                                                  {"2026-10-01 00:00:05 GET /a 200 192.0.2.7", "method path status remote_addr"},
		"cloudfront":                                                           {"2024-03-12\t15:22:28\tCDG50-P2\t703\t192.0.2.4\tGET\td6.example\t/t\t400\t-\tcurl\ta=b", "remote_addr path status"},
		"envoy":                                                                {`[2026-10-01T00:00:00.000Z] "GET /a HTTP/1.1" 200 - 0 1 2 1 "192.0.2.7" "curl" "id" "shop.example" "192.0.2.8:80"`, "path status host duration"},
		"alb":                                                                  {albLine("h2", "192.0.2.7:50718", 502, "GET https://shop.example:443/a HTTP/2.0"), "type remote_addr host path status"},
		"s3":                                                                   {`79a shop [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a 3E5 REST.GET.OBJECT key "GET /a HTTP/1.1" 200 - 113 - 7 5 "-" "x" -`, "owner bucket remote_addr operation status"},
		"caddy":                                                                {`{"ts":1767527205.4,"logger":"http.log.access","request":{"remote_ip":"192.0.2.7","uri":"/a"},"status":200}`, "remote_addr path status"},
		"ingress-nginx":                                                        {ingressLine, "remote_addr path status duration upstream_status req_id"},
		"istio":                                                                {istioLine, "remote_addr path host status duration route_name"},
		"haproxy":                                                              {haproxyLine, "remote_addr path status duration frontend"},
		"nginx-proxy-manager":                                                  {managerLine, "remote_addr path host status server"},
		"cloudfront-realtime":                                                  {realtimeLine, "remote_addr path host status duration"},
		"traefik":                                                              {`{"ClientAddr":"[2001:db8::7]:443","DownstreamStatus":200,"StartUTC":"2026-10-01T00:00:00Z"}`, "remote_addr status"},
	} {
		head := ""
		if format == "w3c" {
			head = "#Fields: date time cs-method cs-uri-stem sc-status c-ip\n"
		}
		fields := strings.Fields(c.fields)
		want := parsed(t, lineSpec{format: format}, head+c.line, fields...)
		if len(want) != 1 || want[0] == "unread" {
			t.Fatalf("%s: %q alone is %v", format, c.line, want)
		}
		for name, carried := range carriers() {
			text := carried(c.line) + "\n"
			if head != "" {
				text = carried(strings.TrimSuffix(head, "\n")) + "\n" + text
			}
			got := parsed(t, lineSpec{format: format}, text, fields...)
			if !slices.Equal(got, want) {
				t.Errorf("%s by %s\n got %v\nwant %v", format, name, got, want)
			}
			if status := parsed(t, lineSpec{format: format}, head+carried(c.line), "status"); len(status) != 1 || status[0] == "unread" {
				t.Errorf("%s by %s: the status alone is %v", format, name, status)
			}
		}
	}
}

// A line that begins with words that nobody knows is unread, whatever is asked of it: they
// would be the host or the client of its record.
func TestUnknownPrefix(t *testing.T) {
	for _, prefix := range []string{"web1 ", "[pod:nginx-1] ", "2026-02-03T04:05:06Z ", "edge eu-1 x=y ", "[info] a [b] ", "web1:", "web1|"} {
		for format, c := range map[string]struct{ line, fields string }{
			"combined":       {combinedLine, "remote_addr remote_user status"},
			"combined+D":     {combinedLine + " 42", "remote_addr %u duration"},
			"vhost_combined": {"shop.example " + combinedLine, "remote_addr host"},
			"json":           {`{"time":"2026-10-01T00:00:00Z","status":503,"uri":"/a"}`, "path status"},
			"ltsv":           {"time:2026-10-01T00:00:00Z\tstatus:503", "status"},
			"alb":            {albLine("h2", "192.0.2.7:50718", 200, "GET https://a:443/ HTTP/2.0"), "remote_addr"},
			"envoy":          {samples()["envoy"], "path"},
		} {
			if slices.Contains([]string{"vhost_combined", "ltsv", "alb"}, format) && !strings.HasSuffix(prefix, " ") {
				continue // it is a part of the name that the line begins with
			}
			for _, fields := range [][]string{strings.Fields(c.fields), strings.Fields(c.fields)[:1], {"status"}} {
				if got := parsed(t, lineSpec{format: format}, c.line, fields...); len(got) != 1 || got[0] == "unread" {
					t.Errorf("%s alone: %v of %v", format, got, fields)
				}
				if got := parsed(t, lineSpec{format: format}, prefix+c.line, fields...); !slices.Equal(got, []string{"unread"}) {
					t.Errorf("%s after %q: %v of %v is not unread", format, prefix, got, fields)
				}
			}
		}
	}
	said := parsed(t, lineSpec{format: `$node $remote_addr - $remote_user [$time_local] "$request" $status`}, "web1 "+combinedLine, "node", "remote_addr")
	if want := "2015-05-17T10:05:03 node=web1 remote_addr=192.0.2.7"; len(said) != 1 || said[0] != want {
		t.Errorf("a format that has the word: %v, want %s", said, want)
	}
	forwarded := `$http_x_forwarded_for - $remote_user [$time_local] "$request" $status`
	for _, c := range []struct{ format, line, want string }{
		{"combined", strings.Replace(combinedLine, "192.0.2.7", "192.0.2.7, 192.0.2.8", 1), "192.0.2.7, 192.0.2.8"},
		{"combined+D", strings.Replace(combinedLine, "192.0.2.7", "192.0.2.7, 2001:db8::8", 1) + " 1", "192.0.2.7, 2001:db8::8"},
		{"combined", strings.Replace(combinedLine, "192.0.2.7", "pc7.example", 1), "pc7.example"},
		{"combined", strings.Replace(combinedLine, "192.0.2.7", "2001:db8::7", 1), "2001:db8::7"},
		{"combined", strings.Replace(combinedLine, "192.0.2.7", "unix:", 1), "unix:"},
		{"combined+D", strings.Replace(combinedLine, "192.0.2.7", "pc7.example", 1) + " 1", "pc7.example"},
	} {
		got := parsed(t, lineSpec{format: c.format}, c.line, "remote_addr")
		if want := "2015-05-17T10:05:03 remote_addr=" + c.want; len(got) != 1 || got[0] != want {
			t.Errorf("%s: %q, want %s", c.line, got, want)
		}
	}
	host := `$host - $remote_user [$time_local] "$request" $status`
	for _, c := range []struct{ format, line, field, want string }{ // no address begins where no address is
		{"combined", "web1:" + combinedLine, "remote_addr", "unread"},
		{"combined", "web1|" + combinedLine, "remote_addr", "unread"},
		{"combined", "[info]" + combinedLine, "remote_addr", "unread"},
		{"combined", "web1:" + combinedLine, "status", "unread"},
		{"combined", "web1 " + strings.Replace(combinedLine, "192.0.2.7", "pc7.example", 1), "status", "unread"},
		{forwarded, "192.0.2.7, 192.0.2.8" + combinedLine[9:], "status", "2015-05-17T10:05:03 status=503"},
		{forwarded, "web1 192.0.2.7, 192.0.2.8" + combinedLine[9:], "http_x_forwarded_for", "unread"},
		{host, "_" + combinedLine[9:], "host", "2015-05-17T10:05:03 host=_"},
		{host, "my_svc:80" + combinedLine[9:], "host", "2015-05-17T10:05:03 host=my_svc:80"},
		{host, "'\";()" + combinedLine[9:], "host", "2015-05-17T10:05:03 host='\";()"},
		{host, "a.example, b.example" + combinedLine[9:], "host", "2015-05-17T10:05:03 host=a.example, b.example"},
		{host, "web1 a.example" + combinedLine[9:], "host", "unread"},
	} {
		if got := parsed(t, lineSpec{format: c.format}, c.line, c.field); len(got) != 1 || got[0] != c.want {
			t.Errorf("%s: %q, want %s", c.line, got, c.want)
		}
	}
}

// What carried the lines is named, in the order of the names.
func TestCarriersAreNamed(t *testing.T) {
	want := map[string]string{
		"nothing": "", "containerd": "Kubernetes", "containerd, stderr": "Kubernetes", "docker compose": "docker compose",
		"docker compose, colours": "docker compose", "docker compose, bold": "docker compose", "docker compose, stamps": "docker compose, timestamps",
		"docker compose, blanks": "docker compose", "kubectl, stamps": "timestamps", "kubectl, names": "Kubernetes", "syslog": "syslog",
		"syslog, a number": "syslog", "syslog, priority": "syslog", "syslog, ISO time": "syslog", "syslog, RFC 5424": "syslog",
		"syslog, structured": "syslog", "a log of syslog": "syslog", "docker's files": "docker", "both": "Kubernetes, syslog",
	}
	for name, carried := range carriers() {
		for _, format := range []string{"combined", "json"} {
			in, err := Inspect(strings.NewReader("junk\n"+carried(samples()[format])+"\n"), format, func(Event) {})
			if by, ok := want[name]; err != nil || !ok || in.CarriedBy != by {
				t.Errorf("%s by %s is carried by %q, want %q, %v", format, name, in.CarriedBy, by, err)
			}
		}
	}
}

func albLine(kind, client string, status int, request string) string {
	return fmt.Sprintf(`%s 2026-09-10T23:55:00.361692Z app/lb/6378 %s 10.0.0.1:80 0.000 0.003 0.000 %d %d 29 805 "%s" "ok/4" ECDHE TLSv1.2 arn:x "Root=1" `+
		`"shop.example" "arn:y" 11 2026-09-10T23:55:00.358000Z "forward" "-" "-" "10.0.100.2:80" "401" "-" "-"`, kind, client, status, status, request)
}

// An address is the address alone, without port and brackets.
func TestAddresses(t *testing.T) {
	combined := func(addr string) string { return strings.Replace(combinedLine, "192.0.2.7", addr, 1) }
	for _, c := range []struct{ format, line, want string }{
		{"alb", albLine("h2", "192.0.2.7:50718", 200, "GET https://a:443/ HTTP/2.0"), "192.0.2.7"},
		{"alb", albLine("h2", "2001:db8:4538:1:bcf4:5264:e01c:f215:50718", 200, "GET https://a:443/ HTTP/2.0"), "2001:db8:4538:1:bcf4:5264:e01c:f215"},
		{"alb", albLine("h2", "2001:db8::7:50718", 200, "GET https://a:443/ HTTP/2.0"), "2001:db8::7"},
		{"alb", albLine("h2", "[2001:db8::7]:50718", 200, "GET https://a:443/ HTTP/2.0"), "2001:db8::7"},
		{"alb", albLine("h2", "::1:50718", 200, "GET https://a:443/ HTTP/2.0"), "::1"},
		{"combined", combined("192.0.2.9:443"), "192.0.2.9"},
		{"combined", combined("2001:db8::7"), "2001:db8::7"},
		{"combined", combined("[2001:db8::7]"), "2001:db8::7"},
		{"combined", combined("[2001:db8::7]:443"), "2001:db8::7"},
		{"combined", combined("::1"), "::1"},
		{`$remote_addr:$remote_port - $remote_user [$time_local] "$request" $status`, combined("192.0.2.9:443"), "192.0.2.9"},
		{`$remote_addr:$remote_port - $remote_user [$time_local] "$request" $status`, combined("2001:db8::7:443"), "2001:db8::7"},
		{`$remote_addr:$remote_port - $remote_user [$time_local] "$request" $status`, combined("[2001:db8::7]:443"), "2001:db8::7"},
		{"traefik", `{"ClientAddr":"192.0.2.9:443","DownstreamStatus":200,"StartUTC":"2026-10-01T00:00:00Z"}`, "192.0.2.9"},
		{"traefik", `{"ClientAddr":"[2001:db8::7]:443","ClientHost":"2001:db8::7","DownstreamStatus":200,"StartUTC":"2026-10-01T00:00:00Z"}`, "2001:db8::7"},
		{"envoy-json", `{"downstream_remote_address":"[fd00::5a]:43000","response_code":200,"start_time":"2026-10-01T00:00:00Z"}`, "fd00::5a"},
		{"envoy-json", `{"downstream_remote_address":"10.0.0.12:59292","response_code":200,"start_time":"2026-10-01T00:00:00Z"}`, "10.0.0.12"},
		{"caddy", `{"ts":1767527205.4,"request":{"remote_ip":"2001:db8::7"},"status":200}`, "2001:db8::7"},
		{"cloudfront", "2024-03-12\t15:22:28\tCDG\t703\t2001:db8::7\tGET\th\t/t\t400\t-\tcurl", "2001:db8::7"},
		{"ltsv", "time:2026-10-01T00:00:00Z\tstatus:200\thost:2001:db8::7", "2001:db8::7"},
		{"s3", `79a shop [06/Feb/2019:00:00:38 +0000] 2001:db8::7 79a 3E5 REST.GET.OBJECT key "GET /a HTTP/1.1" 200 - 113 - 7 5 "-" "x" -`, "2001:db8::7"},
	} {
		got := parsed(t, lineSpec{format: c.format}, c.line, "remote_addr")
		if len(got) != 1 || !strings.HasSuffix(got[0], " remote_addr="+c.want) {
			t.Errorf("%s of %q: %q, want %s", c.format, c.line, got, c.want)
		}
	}
	for request, want := range map[string]string{
		"GET https://api.shop.example:443/a HTTP/2.0": "api.shop.example", "GET http://api.shop.example/a HTTP/1.1": "api.shop.example",
		"GET https://[2001:db8::1]:443/ HTTP/2.0": "2001:db8::1", "GET https://192.0.2.1:8443/?u=http://x:1/ HTTP/2.0": "192.0.2.1",
		"GET https://a.example:443 HTTP/2.0": "a.example",
	} {
		got := parsed(t, lineSpec{format: "alb"}, albLine("h2", "192.0.2.7:1", 200, request), "host")
		if len(got) != 1 || !strings.HasSuffix(got[0], " host="+want) {
			t.Errorf("host of %q: %q, want %s", request, got, want)
		}
	}
}

// Two lines in one, half of one, or what is no text is unread: it is never one event,
// unless a carriage return alone parts the lines.
func TestDamagedLines(t *testing.T) {
	other := strings.Replace(combinedLine, "503", "200", 1)
	alb := albLine("h2", "192.0.2.7:50718", 502, "GET https://shop.example:443/a HTTP/2.0")
	s3 := `79a shop [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a 3E5 REST.GET.OBJECT key "GET /a HTTP/1.1" 200 - 113 - 7 5 "-" "x" -`
	envoy := `[2026-10-01T00:00:00.000Z] "GET /a HTTP/1.1" 200 - 0 1 2 1 "192.0.2.7" "curl" "id" "shop.example" "192.0.2.8:80"`
	caddy := `{"ts":1767527205.4,"request":{"uri":"/a"},"status":200}`
	ltsv := "time:2026-10-01T00:00:00Z\tstatus:200\tua:curl"
	ingress, istio, haproxy, manager, realtime := ingressLine, istioLine, haproxyLine, managerLine, realtimeLine
	w3c := "2026-10-01 00:00:05 GET /a 200 192.0.2.7"
	const fields = "#Fields: date time cs-method cs-uri-stem sc-status c-ip\n"
	for _, c := range []struct {
		name, format, text string
		events, unread     int
	}{
		{"joined", "combined", other + combinedLine, 0, 1},
		{"joined with a blank", "combined", other + " " + combinedLine, 0, 1},
		{"cut in the request", "combined", other[:70] + combinedLine, 0, 1},
		{"cut in the status", "combined", other[:strings.Index(other, " 200 ")+3] + combinedLine, 0, 1},
		{"cut in the time", "combined", other[:30] + combinedLine, 0, 1},
		{"cut at the time", "combined", other[:20] + combinedLine, 0, 1},
		{"followed by half of one", "combined", other + combinedLine[:40], 0, 1},
		{"followed by the beginning of one", "combined", other + combinedLine[:15], 0, 1},
		{"followed by more values", "combined", other + " 0.1 x", 1, 0},
		{"joined, common", "common", other[:strings.Index(other, ` "http`)] + combinedLine, 0, 1},
		{"joined, with a duration", "combined+request_time", other + " 0.1" + combinedLine + " 0.2", 0, 1},
		{"carriage returns", "combined", other + "\r" + combinedLine + "\r" + other, 3, 0},
		{"carriage returns at the end", "combined", other + "\r\r\n" + other + "\r\n", 2, 0},
		{"a carriage return in a line", "combined", other[:60] + "\r" + other[60:], 0, 2},
		{"NUL", "combined", other[:60] + "\x00" + other[60:], 0, 1},
		{"NULs before a line", "combined", strings.Repeat("\x00", 5000) + other, 0, 1},
		{"NULs alone", "combined", strings.Repeat("\x00", 5000), 0, 1},
		{"binary", "combined", "\x01\xff\xfe" + other, 0, 1},
		{"a bell", "combined", strings.Replace(other, "curl", "\a", 1), 0, 1},
		{"colours in the line", "combined", "\x1b[32m" + strings.Replace(other, " 200 ", " \x1b[1;32m200\x1b[0m ", 1) + "\x1b[0m", 1, 0},
		{"an escape that is no colour", "combined", "\x1b]0;title\a" + other, 0, 1},
		{"a time in the query", "combined", strings.Replace(other, "c=d", "from=2015-05-17T10:05:03Z", 1), 1, 0},
		{"a quote that is not escaped", "combined", strings.Replace(other, "curl/7.0", `"curl"`, 1), 1, 0},
		{"ISO time in the query", `$remote_addr $time_iso8601 "$request" $status "$http_user_agent"`,
			`192.0.2.7 2026-10-01T00:00:00Z "GET /?from=2026-10-01T00:00:00Z HTTP/1.1" 200 "2026-10-01T00:00:00Z"`, 1, 0},
		{"joined, ISO time", `$remote_addr $time_iso8601 "$request" $status`,
			`192.0.2.7 2026-10-01T00:00:00Z "GET / HT192.0.2.8 2026-10-01T00:00:09Z "GET /" 200`, 0, 1},
		{"joined, epoch", "$msec|$status|$request_uri", "1443693600.123|200|/a1443693601.123|500|/b", 0, 1},
		{"an epoch in the query", "$msec|$status|$request_uri", "1443693600.123|200|/a?_=1443693601.123", 1, 0},
		{"joined, alb", "alb", alb + alb, 0, 1},
		{"cut in the request, alb", "alb", alb[:150] + alb, 0, 1},
		{"followed by half of one, alb", "alb", alb + alb[:60], 0, 1},
		{"followed by the beginning of one, alb", "alb", alb + alb[:9], 0, 1},
		{"of more values, alb", "alb", alb + ` TID_1 "-" "-" "x"`, 1, 0},
		{"joined, s3", "s3", s3 + s3, 0, 1},
		{"cut, s3", "s3", s3[:60] + s3, 0, 1},
		{"joined, envoy", "envoy", envoy + envoy, 0, 1},
		{"cut, envoy", "envoy", envoy[:40] + envoy, 0, 1},
		{"joined, ingress", "ingress-nginx", ingress + ingress, 0, 1},
		{"cut, ingress", "ingress-nginx", ingress[:70] + ingress, 0, 1},
		{"joined, istio", "istio", istio + istio, 0, 1},
		{"cut, istio", "istio", istio[:40] + istio, 0, 1},
		{"joined, haproxy", "haproxy", haproxy + haproxy, 0, 1},
		{"cut, haproxy", "haproxy", haproxy[:90] + haproxy, 0, 1},
		{"of no whole request, haproxy", "haproxy", haproxy[:len(haproxy)-9], 1, 0},
		{"joined, nginx-proxy-manager", "nginx-proxy-manager", manager + manager, 0, 1},
		{"cut, nginx-proxy-manager", "nginx-proxy-manager", manager[:60] + manager, 0, 1},
		{"joined, cloudfront-realtime", "cloudfront-realtime", realtime + realtime, 0, 1},
		{"cut, cloudfront-realtime", "cloudfront-realtime", realtime[:60] + realtime, 0, 1},
		{"joined, json", "caddy", caddy + caddy, 0, 1},
		{"joined with a blank, json", "caddy", caddy + " " + caddy, 0, 1},
		{"cut, json", "caddy", caddy[:40] + caddy, 0, 1},
		{"the end of another, json", "caddy", caddy[30:] + caddy, 0, 1},
		{"the middle of another, json", "caddy", caddy[12:40] + caddy, 0, 1},
		{"trailing, json", "caddy", caddy + " x", 0, 1},
		{"carriage returns, json", "caddy", caddy + "\r" + caddy, 2, 0},
		{"joined without braces, json", "caddy", caddy[:len(caddy)-1] + "," + caddy[1:], 0, 1},
		{"joined without braces, json", "json", `{"time":"2026-10-01T00:00:00Z","status":503,"time":"2026-10-01T00:00:01Z","status":200}`, 0, 1},
		{"joined without braces, traefik", "traefik", `{"DownstreamStatus":503,"StartUTC":"2026-10-01T00:00:00Z","DownstreamStatus":null,"x":1}`, 0, 1},
		{"joined without braces, envoy", "envoy-json", `{"response_code":503,"start_time":"2026-10-01T00:00:00Z","response_code":200}`, 0, 1},
		{"a name twice that nobody asks for", "json", `{"time":"2026-10-01T00:00:00Z","level":"info","status":503,"level":"info"}`, 1, 0},
		{"a name twice in different objects", "json", `{"time":"2026-10-01T00:00:00Z","status":503,"upstream":{"status":200}}`, 1, 0},
		{"NUL, json", "caddy", caddy + "\x00", 0, 1},
		{"joined, ltsv", "ltsv", ltsv + ltsv, 0, 1},
		{"cut, ltsv", "ltsv", ltsv[:34] + ltsv, 0, 1},
		{"joined with a tab, ltsv", "ltsv", ltsv + "\t" + ltsv, 0, 1},
		{"trailing, ltsv", "ltsv", ltsv + "\tgarbage", 0, 1},
		{"a tab at the end, ltsv", "ltsv", ltsv + "\t", 1, 0},
		{"joined, w3c", "w3c", fields + w3c + w3c, 0, 1},
		{"cut, w3c", "w3c", fields + w3c[:24] + w3c, 0, 1},
		{"a blank at the end, w3c", "w3c", fields + w3c + " ", 1, 0},
	} {
		got := parsed(t, lineSpec{format: c.format}, c.text, "status")
		unread := 0
		for _, line := range got {
			if line == "unread" {
				unread++
			}
		}
		if len(got)-unread != c.events || unread != c.unread {
			t.Errorf("%s, %s: %v, want %d events and %d unread", c.format, c.name, got, c.events, c.unread)
		}
	}
}

// Control characters are no part of a value, whoever wrote them into the log.
func TestControlCharactersStayEscaped(t *testing.T) {
	for _, c := range []struct{ format, line, want string }{
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /\x1b[31m\x22\n HTTP/1.1" 200 5 "-" "\x07é\xc3\xa9\t"`, `path=/\x1b[31m"\n user_agent=\x07éé\t`},
		{"json", `{"time":"2015-05-17T10:05:03Z","status":200,"path":"/\u001b[31m\u0022\n\u009b","user_agent":"\u00e9\u007f\t"}`, `path=/\u001b[31m"\n\u009b user_agent=é\u007f\t`},
	} {
		got := parsed(t, lineSpec{format: c.format}, c.line, "path", "user_agent")
		if len(got) != 1 || got[0] != "2015-05-17T10:05:03 "+c.want {
			t.Errorf("%s: %q, want %s", c.format, got, c.want)
		}
	}
}

// A status has three digits; fewer are the rest of one.
func TestStatusDigits(t *testing.T) {
	for _, format := range []string{"combined", "ltsv", "json"} {
		line := map[string]string{
			"combined": `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" %s 5 "-" "x"`,
			"ltsv":     "time:2015-05-17T10:05:03Z\tstatus:%s\tua:x",
			"json":     `{"time":"2015-05-17T10:05:03Z","status":"%s","uri":"/"}`,
		}[format]
		for status, want := range map[string]string{
			"200": "status=200", "999": "status=999", "100": "status=100", "009": "status=009", "000": "status=~", "0": "status=~", "-": "status=~", "-1": "status=~",
			"5": "", "50": "", "00": "", "99": "", "099": "", "5030": "", "-5": "",
		} {
			if want = "2015-05-17T10:05:03 " + want; !strings.Contains(want, "=") {
				want = "unread"
			}
			got := parsed(t, lineSpec{format: format}, fmt.Sprintf(line, status), "status")
			if len(got) != 1 || got[0] != want {
				t.Errorf("%s, status %s: %v, want %s", format, status, got, want)
			}
		}
	}
}

// Records that are none of a request are neither events nor unread, and are told of.
func TestRecordsAside(t *testing.T) {
	minute := func(i int) string {
		return day.Add(time.Duration(i) * time.Second).Format("02/Jan/2006:15:04:05 -0700")
	}
	s3 := func(i int, operation, request, status string) string {
		return fmt.Sprintf("79a shop [%s] 192.0.2.3 79a 3E5 %s key %s %s - 113 - 7 5 \"-\" \"x\" -\n", minute(i), operation, request, status)
	}
	combined := func(i, status int) string {
		return strings.TrimSuffix(request(day.Add(time.Duration(i)*time.Second), "/", status, ""), " \n") + "\n"
	}
	unix := day.Unix()
	for _, c := range []struct{ name, format, sli, text, want, notes string }{
		{"s3", "s3", "bad: {status: 500-599}", s3(0, "REST.GET.OBJECT", `"GET /a HTTP/1.1"`, "200") + s3(1, "WEBSITE.GET.OBJECT", `"GET /a HTTP/1.1"`, "503") +
			s3(2, "S3.EXPIRE.OBJECT", "-", "-") + s3(3, "S3.TRANSITION_SIA.OBJECT", `"-"`, "-") + s3(4, "BATCH.DELETE.OBJECT", "-", "204"),
			"1/2", "1 line is one of the S3 batch records, not a request;2 lines are S3 lifecycle records, not requests"},
		{"alb", "alb", "bad: {status: 500-599}", strings.ReplaceAll(albLine("h2", "192.0.2.7:1", 502, "GET https://a:443/ HTTP/2.0")+"\n"+
			albLine("http", "192.0.2.7:1", 400, "- http://a:80- -")+"\n"+albLine("http", "192.0.2.7:1", 400, "-")+"\n", "2026-09-10T23:55:00", "2026-10-01T00:00:00"),
			"1/1", "2 lines are connections without a request, not requests"},
		{"caddy", "caddy", "bad: {status: 500-599}", fmt.Sprintf(`{"ts":%d.1,"logger":"http.log.error.log0","msg":"dial tcp","request":{"uri":"/a"},"status":502}
{"ts":%[1]d.2,"logger":"http.log.access.log0","msg":"handled request","request":{"uri":"/a"},"status":502}
{"ts":%[1]d.3,"logger":"http.log.access","msg":"handled request","request":{"uri":"/a"},"status":200}
{"ts":%[1]d.3,"level":"info","logger":"tls.obtain","msg":"acquiring lock"}
{"ts":%[1]d.3,"logger":"http.log.accessories","request":{"uri":"/a"},"status":200}
{"ts":%[1]d.4,"request":{"uri":"/a"},"status":200}
`, unix), "1/3", "1 line is one of the Caddy error log entries, not a request;2 lines are Caddy log entries, not requests"},
		{"nginx", "combined", "bad: {status: 500-599}", combined(0, 502) +
			"2026/10/01 00:00:00 [error] 31#31: *7 connect() failed, client: 192.0.2.1, server: a, request: \"GET / HTTP/1.1\", host: \"a\"\n" +
			"web-1  | 2026/10/01 00:00:00 [notice] 1#1: start worker process 30\n" +
			"/docker-entrypoint.sh: Configuration complete; ready for start up\n20-envsubst-on-templates.sh: info: Running envsubst\n" + combined(9, 200),
			"1/2", "2 lines are lines of a container's start, not requests;2 lines are nginx error log entries, not requests"},
		{"apache", "combined", "bad: {status: 500-599}", combined(0, 500) +
			"[Thu Oct 01 00:00:00.880562 2026] [auth_basic:error] [pid 10:tid 140] [client 192.0.2.1:502] AH01618: user x not found: /\n" + combined(9, 200),
			"1/2", "1 line is one of the Apache error log entries, not a request"},
		{"ingress", "combined", "bad: {status: 500-599}", combined(0, 500) + "I1001 00:00:00.123456       7 controller.go:168] \"Reloading\" count=1\n" +
			"W1001 00:00:00.123456       7 controller.go:1112] Error getting SSL certificate\n", "1/1", "2 lines are application log entries, not requests"},
		{"traefik", "traefik", "bad: {status: 500-599}", `{"DownstreamStatus":502,"StartUTC":"2026-10-01T00:00:00Z","level":"info","msg":""}
{"level":"info","msg":"Configuration loaded","time":"2026-10-01T00:00:00Z"}
{"level":"error","message":"Skipping","time":"2026-10-01T00:00:00Z"}
time="2026-10-01T00:00:00Z" level=info msg="Traefik version 2"
2026-10-01T00:00:00Z INF github.com/traefik/traefik > Traefik version 3
DEBUG: Plugin: 2026/10/01 00:00:00 updated
{"RequestPath":"/a","DownstreamStatus":502,"level":"info","msg":""}
`, "1/1", `1 of 2 lines do not fit format "traefik": 50 %;5 lines are application log entries, not requests;line does not fit format "traefik"`},
		{"envoy", "envoy", "bad: {status: 500-599}", `[2026-10-01T00:00:00.000Z] "GET /a HTTP/1.1" 503 - 0 1 2 1 "192.0.2.7" "curl" "id" "shop.example" "192.0.2.8:80"
[2026-10-01 00:00:00.743][1][info][main] [source/server/server.cc:404] initializing epoch 0
2026-10-01T00:00:00.743000Z	info	envoy main	starting
`, "1/1", "1 line is one of the Envoy log entries, not a request;1 line is one of the application log entries, not a request"},
		{"json", "json", "bad: {status: 500-599}", `{"time":"2026-10-01T00:00:00Z","status":500,"uri":"/","level":"info","msg":"request"}
{"time":"2026-10-01T00:00:00Z","level":"info","msg":"started"}
`, "1/1", "1 line is one of the application log entries, not a request"},
		{"json by its duration", "json", "good: {duration: <= 1s}", `{"time":"2026-10-01T00:00:00Z","status":500,"uri":"/","request_time":0.2}
{"time":"2026-10-01T00:00:00Z","level":"info","msg":"started"}
`, "0/1", "1 line is one of the application log entries, not a request"},
		{"json by its level", "json", "bad: {level: error}", `{"time":"2026-10-01T00:00:00Z","level":"info","msg":"started"}
{"time":"2026-10-01T00:00:00Z","level":"error","msg":"failed"}
`, "1/2", ""},
	} {
		dir := write(t, map[string]string{"a.log": c.text})
		got, err := fetch(t, dir, "path: a.log\nmax_unread: 60%\nformat: "+c.format, day.Add(time.Hour), period(2), c.sli)
		if err != nil || got[0].Err != nil {
			t.Errorf("%s: %v, %v", c.name, err, got[0].Err)
			continue
		}
		var notes []string
		for _, n := range got[0].Notes {
			notes = append(notes, n.Message)
		}
		slices.Sort(notes)
		counts, _, _ := strings.Cut(sourcetest.Counts(got[0].Series), " ")
		if text := strings.Join(notes, ";"); counts != c.want || text != c.notes {
			t.Errorf("%s: %s, %s\nwant %s, %s", c.name, counts, text, c.want, c.notes)
		}
	}
}

// A record that lacks a value, or is damaged, is none of an application's own lines only
// because it has a level too.
func TestRecordsWithALevel(t *testing.T) {
	pino := lineSpec{format: "json", fields: map[string]string{"time": "time", "status": "res.statusCode"}}
	logfmt := lineSpec{format: "time=$time_iso8601 level=info uri=$uri status=$status"}
	for _, c := range []struct {
		name string
		spec lineSpec
		line string
		want string // unread, aside, or the status
	}{
		{"whole", pino, `{"level":30,"time":1790812800000,"res":{"statusCode":503},"msg":"done"}`, "503"},
		{"null", pino, `{"level":50,"time":1790812800000,"res":{"statusCode":null},"msg":"aborted"}`, "unread"},
		{"null around it", pino, `{"level":50,"time":1790812800000,"res":null,"msg":"aborted"}`, "unread"},
		{"other letters", pino, `{"level":50,"time":1790812800000,"res":{"StatusCode":503},"msg":"done"}`, "unread"},
		{"a time that is none", pino, `{"level":50,"time":"?","res":{"statusCode":503},"msg":"done"}`, "unread"},
		{"of the application", pino, `{"level":30,"time":1790812800000,"msg":"listening"}`, "aside"},
		{"half, behind a level", lineSpec{format: "json"}, `INFO: {"time":"2026-10-01T00:00:00Z","status":5`, "unread"},
		{"a text behind a level", lineSpec{format: "json"}, `INFO: started`, "aside"},
		{"logfmt", logfmt, "time=2026-10-01T00:00:00Z level=info uri=/ status=503", "503"},
		{"logfmt, cut", logfmt, "time=2026-10-01T00:00:00Z level=info uri=/ st", "unread"},
		{"a level in the format", lineSpec{format: "$time_iso8601 INFO $uri $status"}, "2026-10-01T00:00:00Z INFO /", "unread"},
		{"no level in the format", lineSpec{format: "$time_iso8601 $uri $status"}, "2026-10-01T00:00:00Z INFO started", "aside"},
	} {
		l, err := c.spec.compile()
		if err != nil {
			t.Fatal(err)
		}
		status, _ := l.resolve("status")
		got := ""
		w := newWorker(l, 1<<62, minutes{}, func(_ []bool, _ int64, values [][]byte) []fold.Unsure {
			got = string(values[status.Index])
			return nil
		})
		found, err := w.readAll(strings.NewReader(c.line + "\n"))
		switch {
		case err != nil:
			t.Fatal(err)
		case len(found.refused[0].aside) > 0:
			got = "aside"
		case found.unread > 0:
			got = "unread"
		}
		if got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

// Directives are read behind colours too, and are no requests; what is a part of a value is
// no directive.
func TestCarriedDirectives(t *testing.T) {
	const fields, row = "#Fields: date time cs-uri-stem sc-status", "2026-10-01 00:00:00 /a 200"
	for _, before := range []string{"", "\x1b[36mweb-1  | \x1b[0m", "web-1  | ", "2026-10-01T00:00:00.1Z stdout F "} {
		log := before + "#Version: 1.0\n" + before + fields + "\n" + before + row + "\n" +
			before + "2026-10-01 00:00:01 /b?#Fields:+date 503\n" + before + "2026-10-01 00:00:02 /c 200\n"
		got := parsed(t, lineSpec{format: "w3c"}, log, "path", "status")
		want := []string{"2026-10-01T00:00:00 path=/a status=200", "2026-10-01T00:00:01 path=/b status=503", "2026-10-01T00:00:02 path=/c status=200"}
		if !slices.Equal(got, want) {
			t.Errorf("behind %q: %q", before, got)
		}
	}
}
