package accesslog

import (
	"bytes"
	"fmt"
	"maps"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/fold"
)

// parsed reads lines and returns "time field=value …" of each, ~ for a missing
// field, and "unread".
func parsed(t testing.TB, s lineSpec, text string, fields ...string) []string {
	t.Helper()
	l, err := s.compile()
	if err != nil {
		t.Fatalf("format %q: %v", s.format, err)
	}
	var slots []int
	for _, name := range fields {
		f, ok := l.resolve(name)
		if !ok {
			t.Fatalf("format %q has no field %q", s.format, name)
		}
		slots = append(slots, f.Index)
	}
	var got []string
	w := newWorker(l, 1<<62, minutes{}, func(_ []bool, at int64, values [][]byte) []fold.Unsure {
		line := time.Unix(at, 0).UTC().Format("2006-01-02T15:04:05")
		for i, name := range fields {
			value := "~"
			if v := values[slots[i]]; !(len(v) == 1 && v[0] == 0) && v != nil {
				value = string(v)
			}
			line += " " + name + "=" + value
		}
		got = append(got, line)
		return nil
	})
	all, err := w.readAll(strings.NewReader(text))
	if err != nil {
		t.Fatal(err)
	}
	for range all.unread {
		got = append(got, "unread")
	}
	return got
}

const (
	combinedLine = `192.0.2.7 - ann [17/May/2015:10:05:03 +0000] "GET /a/b?c=d&e HTTP/1.1" 503 2326 "http://example.com/" "curl/7.0 (x; y)"`
	apacheD      = `%h %l %u %t \"%r\" %>s %b %D`
)

func TestFormats(t *testing.T) {
	for _, c := range []struct{ format, line, fields, want string }{
		{"common", `192.0.2.7 - - [17/May/2015:10:05:03 +0200] "GET /a?b HTTP/1.1" 200 5`, "path query method status bytes protocol uri remote_addr",
			"2015-05-17T08:05:03 path=/a query=b method=GET status=200 bytes=5 protocol=HTTP/1.1 uri=/a?b remote_addr=192.0.2.7"},
		{"common", combinedLine, "status bytes", "2015-05-17T10:05:03 status=503 bytes=2326"},
		{"combined", combinedLine, "path status referer user_agent remote_user", "2015-05-17T10:05:03 path=/a/b status=503 referer=http://example.com/ user_agent=curl/7.0 (x; y) remote_user=ann"},
		{"", combinedLine, "status", "2015-05-17T10:05:03 status=503"},
		{"combined", combinedLine[:90], "status", "2015-05-17T10:05:03 status=503"}, // cut after what is asked for
		{"combined", combinedLine[:90], "user_agent", "unread"},

		{"combined", strings.Replace(combinedLine, "ann", "ann of shop", 1), "remote_user", "2015-05-17T10:05:03 remote_user=ann of shop"},
		{"combined+request_time", combinedLine + ` 0.042`, "duration", "2015-05-17T10:05:03 duration=0.042"},
		{"combined+request_time", combinedLine + ` 0.042 more`, "duration", "2015-05-17T10:05:03 duration=0.042"},
		{"combined+request_time", combinedLine, "status duration", "unread"},
		{"combined+request_time", combinedLine, "status", "2015-05-17T10:05:03 status=503"},
		{"combined+D", combinedLine + ` 42000`, "duration", "2015-05-17T10:05:03 duration=42000"},
		{"combined+request_time+upstream_time", combinedLine + ` 0.5 0.1, 0.25 : -`, "duration upstream_time", "2015-05-17T10:05:03 duration=0.5 upstream_time=350000000ns"},
		{"combined+request_time+upstream_time", combinedLine + ` 0.5 -`, "duration upstream_time", "2015-05-17T10:05:03 duration=0.5 upstream_time=~"},
		{"vhost_combined", "shop.example:443 " + combinedLine, "host status", "2015-05-17T10:05:03 host=shop.example:443 status=503"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "\x16\x03\x01" 400 0 "-" "-"`, "path method status", "2015-05-17T10:05:03 path=~ method=~ status=400"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "-" 408 0 "-" "-"`, "path method uri status", "2015-05-17T10:05:03 path=~ method=~ uri=~ status=408"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "" 400 0 "-" "-"`, "path status", "2015-05-17T10:05:03 path=~ status=400"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /" 200 0 "-" "-"`, "path protocol", "2015-05-17T10:05:03 path=/ protocol=~"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a b HTTP/1.0" 200 0 "-" "-"`, "path", "2015-05-17T10:05:03 path=/a b"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET http://h:1/a?b HTTP/1.0" 200 0 "-" "-"`, "path uri", "2015-05-17T10:05:03 path=/a uri=http://h:1/a?b"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET /a\"b\\ HTTP/1.0" 200 0 "a\x22b" "\\"`, "path referer user_agent", `2015-05-17T10:05:03 path=/a"b\ referer=a"b user_agent=\`},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.0" - 0 "-" "-"`, "status", "2015-05-17T10:05:03 status=~"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.0" 000 0 "-" "-"`, "status", "2015-05-17T10:05:03 status=~"},
		{"combined", `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.0" 20x 0 "-" "-"`, "status", "unread"},
		{"combined", `192.0.2.7 - - [32/May/2015:10:05:03 +0000] "GET / HTTP/1.0" 200 0 "-" "-"`, "status", "unread"},
		{"combined", `hello`, "status", "unread"},
		{"combined", "# " + combinedLine[:9], "status", "unread"},
		{`$remote_addr [$time_iso8601] $request_method ${request_uri} $status $request_time rid=$http_x_id`, `::1 [2026-10-01T09:00:00+09:00] PUT /x?y 201 0.001 rid=a b`,
			"method path query status duration http_x_id $http_x_id", "2026-10-01T00:00:00 method=PUT path=/x query=y status=201 duration=0.001 http_x_id=a b $http_x_id=a b"},
		{`$msec $status $uri?$args`, `1443693600.123 200 /a/b?c`, "path query uri", "2015-10-01T10:00:00 path=/a/b query=c uri=/a/b"},
		{`log_format main escape=json '{"t":"$time_iso8601",' '"s":$status,"u":"$request_uri"}';`, `{"t":"2026-10-01T00:00:00+00:00","s":200,"u":"/a\"b"}`, "path", `2026-10-01T00:00:00 path=/a"b`},
		{`$http_x_forwarded_for - $remote_user [$time_local] "$request" $status`, `192.0.2.1, 192.0.2.2 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200`, "status http_x_forwarded_for", "2015-05-17T10:05:03 status=200 http_x_forwarded_for=192.0.2.1, 192.0.2.2"},
		{`$upstream_response_time $status [$time_local]`, `0.1, 0.2 : 0.3 200 [17/May/2015:10:05:03 +0000]`, "upstream_time status", "2015-05-17T10:05:03 upstream_time=600000000ns status=200"},
		{apacheD, `192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 - 1500`, "duration bytes %D", "2015-05-17T10:05:03 duration=1500 bytes=~ %D=1500"},
		{`LogFormat "%v:%p %h %l %u %t \"%r\" %>s %O \"%{Referer}i\" \"%{X-Id}i\"" vhost`, `h:80 192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 12 "-" "id7"`, "host bytes %{X-Id}i status", "2015-05-17T10:05:03 host=h bytes=12 %{X-Id}i=id7 status=200"},
		{`%{%Y-%m-%d %H:%M:%S %z}t %m %U %q %H %s %{ms}T`, `2026-10-01 09:00:00 +0900 GET /a ?b=c HTTP/2.0 200 17`, "method path query protocol duration", "2026-10-01T00:00:00 method=GET path=/a query=b=c protocol=HTTP/2.0 duration=17"},
		{`[%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t] %>s %T`, `[17/May/2015 10:05:03.123 +0200] 200 3`, "status duration", "2015-05-17T08:05:03 status=200 duration=3"},
		{`%{sec}t %>s %%`, `1443693600 200 %`, "status", "2015-10-01T10:00:00 status=200"},
		{`%{msec}t\t%>s`, "1443693600999\t200", "status", "2015-10-01T10:00:00 status=200"},
		{"ltsv", "time:[28/Feb/2013:12:00:00 +0900]\thost:192.0.2.1\treq:GET /list?a HTTP/1.1\tstatus:200\tsize:5316\tua:Mozilla/5.0 (x:y)\treqtime:9.789\tapptime:0.1\tvhost:api.example\tx_id:7",
			"path method status bytes user_agent duration upstream_time host remote_addr x_id", "2013-02-28T03:00:00 path=/list method=GET status=200 bytes=5316 user_agent=Mozilla/5.0 (x:y) duration=9.789 upstream_time=0.1 host=api.example remote_addr=192.0.2.1 x_id=7"},
		{"ltsv", "time:2026-10-01T00:00:00Z\tstatus:200", "duration status", "2026-10-01T00:00:00 duration=~ status=200"},
		{"ltsv", "time:2026-10-01T00:00:00Z\tmsg:hi", "status", "unread"},
		{"json", `{"time":"2026-10-01T00:00:00Z","status":503,"request_uri":"\/a\/b?c","request_method":"GET","request_time":"0.5","user":{"id":[7,8]},"n":null,"t":true}`,
			"path method status duration user.id n t", "2026-10-01T00:00:00 path=/a/b method=GET status=503 duration=0.5 user.id=7 n=~ t=true"},
		{"json", `{"ts":1443693600.75,"status":"200","request":"GET \/x HTTP\/1.1","a.b":"é\u00e9\ud83d\ude00\n"}`, "path status a.b", "2015-10-01T10:00:00 path=/x status=200 a.b=éé😀\\n"},
		{"json", `{"ts":1443693600750,"status":200}`, "status", "2015-10-01T10:00:00 status=200"},
		{"json", `{"ts":1.4436936e+09,"status":200}`, "status", "2015-10-01T10:00:00 status=200"},
		{"json", `2026-10-01T00:00:00.1Z stdout F {"ts":1443693600,"status":200}`, "status", "2015-10-01T10:00:00 status=200"},
		{"json", `{"ts":1443693600,"status":200`, "status", "unread"},
		{"json", `{"ts":1443693600,"msg":"started"}`, "status", "unread"},
		{"json", `{"ts":1443693600,"status":200}{}`, "status", "unread"},
		{"traefik", `{"DownstreamStatus":200,"Duration":357313,"RequestMethod":"GET","RequestPath":"/a?b","StartUTC":"2021-12-08T14:02:43.587782192Z","time":"x"}`,
			"path status duration", "2021-12-08T14:02:43 path=/a status=200 duration=357313"},
		{"traefik-clf", combinedLine + ` 500 "test@docker" "http://192.0.2.3:80" 42ms`, "duration router", "2015-05-17T10:05:03 duration=42ms router=test@docker"},
		{"caddy", `{"ts":1693840791.7564995,"request":{"method":"GET","host":"h","uri":"/?a","headers":{"User-Agent":["curl/7"]}},"duration":0.000002701,"status":0}`,
			"path host status duration user_agent", "2023-09-04T15:19:51 path=/ host=h status=~ duration=0.000002701 user_agent=curl/7"},
		{"envoy-json", `{":authority":"h","duration":11,"method":"GET","response_code":200,"start_time":"2025-12-31T16:37:40.479Z","x-envoy-origin-path":"/a"}`,
			"host path status duration", "2025-12-31T16:37:40 host=h path=/a status=200 duration=11"},
		{"envoy", `[2016-04-15T20:17:00.310Z] "POST /api/v1 HTTP/2" 204 - 154 0 226 100 "192.0.2.28" "ua" "id" "host" "tcp://192.0.2.1:80"`,
			"path status duration upstream_time host", "2016-04-15T20:17:00 path=/api/v1 status=204 duration=226 upstream_time=100 host=host"},
		{"alb", `https 2018-07-02T22:23:00.186641Z app/lb/1 192.0.2.1:2817 10.0.0.1:80 0.086 0.048 0.037 200 200 0 57 "GET https://www.example.com:443/a?b HTTP/1.1" "curl/7" ECDHE TLSv1.2 arn "Root" "-" "-" 0 2018-07-02T22:22:48.364000Z "forward" "-" "-"`,
			"path host status duration upstream_time remote_addr", "2018-07-02T22:23:00 path=/a host=www.example.com status=200 duration=171000000ns upstream_time=0.048 remote_addr=192.0.2.1"},
		{"alb", `http 2018-07-02T22:23:00.186641Z app/lb/1 192.0.2.1:2817 - -1 -1 -1 502 - 0 57 "GET http://www.example.com:80/ HTTP/1.1" "curl/7" - - arn "Root"`,
			"status duration", "2018-07-02T22:23:00 status=502 duration=~"},
		{"alb", `http 2018-07-02T22:23:00.186641Z app/lb/1 192.0.2.1:2817 - -1 -1 -1 400 - 0 57 "- http://lb.example:80- -" "-" - - arn "Root"`,
			"path method host status", ""},
		{"s3", `79a bucket [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a 3E5 REST.GET.VERSIONING key "GET /b?versioning HTTP/1.1" 200 - 113 - 7 5 "-" "S3Console/0.4" -`,
			"path status duration upstream_time operation", "2019-02-06T00:00:38 path=/b status=200 duration=7 upstream_time=5 operation=REST.GET.VERSIONING"},
		{"cloudfront", "#Version: 1.0\n#Fields: date time sc-status cs-uri-stem time-taken cs(Host)\n2024-03-12\t15:22:28\t000\t/a\t0.113\th",
			"path status duration host", "2024-03-12T15:22:28 path=/a status=~ duration=0.113 host=h"},
		{"cloudfront", "2024-03-12\t15:22:28\tCDG50-P2\t703\t192.0.2.4\tGET\td6.cloudfront.net\t/t\t400\t-\tcurl\ta=b\t-\tError\tid\thub.example\thttps\t62\t0.113\t-",
			"path query method status duration host", "2024-03-12T15:22:28 path=/t query=a=b method=GET status=400 duration=0.113 host=hub.example"},
		{"w3c", "#Software: Microsoft Internet Information Services 10.0\n#Fields: date time cs-method cs-uri-stem cs-uri-query sc-status time-taken s-port\n2026-10-01 00:00:05 GET /a - 200 49 443\n#Fields: time date sc-status cs-uri-stem\n00:00:06 2026-10-01 500 \"/b c\"",
			"path query status duration s-port", "2026-10-01T00:00:05 path=/a query=~ status=200 duration=49 s-port=443;2026-10-01T00:00:06 path=/b c query=~ status=500 duration=~ s-port=~"},
		{"w3c", "2026-10-01 00:00:05 GET /a - 200 49 443", "status", "unread"},
		{"w3c", "#Date: 2026-10-01 22:00:00\n#Fields: time sc-status\n22:00:01 200\n21:59:59 404\n23:59:59 500\n00:00:00 501\n23:59:58 502\n13:00:00 503",
			"status", "2026-10-01T22:00:01 status=200;2026-10-01T21:59:59 status=404;2026-10-01T23:59:59 status=500;2026-10-02T00:00:00 status=501;" +
				"2026-10-02T23:59:58 status=502;2026-10-03T13:00:00 status=503"},
		{"w3c", "#Date: 2026-10-01 22:00:00\n#Fields: time sc-status\n22:00:01 200\n#Date: 2026-10-05 01:00:00\n01:00:02 200\n25:00:00 200",
			"status", "2026-10-01T22:00:01 status=200;2026-10-05T01:00:02 status=200;unread"},
		{"w3c", "#Fields: time sc-status\n22:00:01 200", "status", "unread"},
		{"w3c", "#Date: yesterday\n#Fields: time sc-status\n22:00:01 200", "status", "unread"},
		{"ingress-nginx", ingressLine, "path status duration upstream_time upstream_addr upstream_status proxy_upstream_name req_id",
			"2015-05-17T10:05:03 path=/a/b status=503 duration=0.101 upstream_time=101000000ns upstream_addr=10.1.0.2:80, 10.1.0.3:80 upstream_status=502, 503 proxy_upstream_name=default-web-80 req_id=f00d"},
		{"ingress-nginx", combinedLine + ` 0 0.000 [] [] - - - - f00d`, "duration upstream_time upstream_addr", "2015-05-17T10:05:03 duration=0.000 upstream_time=~ upstream_addr=~"},
		{"istio", istioLine, "path host status duration upstream_time remote_addr bytes response_flags upstream_cluster route_name",
			"2026-10-01T00:00:00 path=/a host=shop.example:8000 status=503 duration=12 upstream_time=~ remote_addr=192.0.2.7 bytes=91 response_flags=UF upstream_cluster=outbound|80||web route_name=default"},
		{"istio", strings.Replace(istioLine, `"GET /a?b HTTP/1.1" 503`, `"- - -" 0`, 1), "status", ""},
		{"envoy", strings.Replace(samples()["envoy"], `"GET /a HTTP/1.1" 200`, `"- - -" 0`, 1), "status", ""},
		{"istio", strings.Replace(istioLine, ` 503 `, ` 0 `, 1), "status", "2026-10-01T00:00:00 status=~"},
		{"haproxy", haproxyLine, "path method status duration upstream_time remote_addr bytes frontend backend server termination_state tq",
			"2026-02-06T12:14:14 path=/a method=GET status=503 duration=109 upstream_time=69 remote_addr=192.0.2.7 bytes=2750 frontend=https-in~ backend=bck server=srv1 termination_state=---- tq=10"},
		{"haproxy", `2001:db8::7:33317 [06/Feb/2026:12:14:14.655] http-in http-in/<NOSRV> -1/-1/-1/-1/5000 408 212 - - cR-- 2/2/0/0/+1 0/0 "<BADREQ>"`, "path status duration upstream_time tq remote_addr server",
			"2026-02-06T12:14:14 path=~ status=408 duration=5000 upstream_time=~ tq=~ remote_addr=2001:db8::7 server=<NOSRV>"},
		{"haproxy", strings.Replace(haproxyLine, "/109 503 2750", "/+109 200 +2750", 1), "duration bytes", "2026-02-06T12:14:14 duration=~ bytes=+2750"},
		{"haproxy", strings.Replace(haproxyLine, "69/109 503", "-1/-1 -1", 1), "status duration upstream_time", "2026-02-06T12:14:14 status=~ duration=~ upstream_time=~"},
		{"haproxy", strings.Replace(haproxyLine, "192.0.2.7:33317", "unix:2", 1), "remote_addr", "2026-02-06T12:14:14 remote_addr=unix"},
		{"haproxy", `192.0.2.7:33313 [06/Feb/2026:12:12:51.443] fnt bck/srv1 0/0/5007 212 -- 0/0/0/0/3 0/0`, "status", ""},
		{"haproxy", `192.0.2.7:33313 [06/Feb/2026:12:12:51.443] fnt/1: SSL handshake failure`, "status", ""},
		{"haproxy", `Server bck/srv1 is DOWN, reason: Layer4 timeout, check duration: 2001ms. 0 active and 0 backup servers left.`, "status", ""},
		{"nginx-proxy-manager", managerLine, "path query method host status bytes remote_addr upstream_status server user_agent",
			"2026-10-01T00:00:00 path=/a query=b method=GET host=shop.example status=503 bytes=162 remote_addr=192.0.2.7 upstream_status=503 server=10.0.0.2 user_agent=curl/8 (x)"},
		{"nginx-proxy-manager", strings.Replace(managerLine, "MISS 503 503", "- 502, 200 200", 1), "status upstream_status upstream_cache_status", "2026-10-01T00:00:00 status=200 upstream_status=502, 200 upstream_cache_status=~"},
		{"nginx-proxy-manager", strings.Replace(managerLine, "MISS 503 503", "- - 499", 1), "status upstream_status", "2026-10-01T00:00:00 status=499 upstream_status=~"},
		{"nginx-proxy-manager", `[01/Oct/2026:00:00:00 +0000] 404 - GET http shop.example "/a" [Client 192.0.2.7] [Length 1] [Gzip -] "x" "-"`, "status path server upstream_status user_agent",
			"2026-10-01T00:00:00 status=404 path=/a server=~ upstream_status=~ user_agent=x"},
		{"cloudfront-realtime", realtimeLine, "path query method host status duration upstream_time bytes remote_addr user_agent referer c-country",
			"2026-10-01T00:00:00 path=/a query=b=c method=GET host=shop.example status=503 duration=0.130 upstream_time=0.12 bytes=512 remote_addr=192.0.2.7 user_agent=curl/8 referer=~ c-country=FR"},
		{"cloudfront-realtime", strings.Replace(realtimeLine, "\t503\t", "\t000\t", 1), "status", "2026-10-01T00:00:00 status=~"},
		{"vhost_combined", combinedLine, "host remote_addr %u status", "2015-05-17T10:05:03 host=~ remote_addr=192.0.2.7 %u=ann status=503"},
	} {
		got := strings.Join(parsed(t, lineSpec{format: c.format}, c.line, strings.Fields(c.fields)...), ";")
		if got != c.want {
			t.Errorf("%s of %q\n got %s\nwant %s", c.format, c.line, got, c.want)
		}
	}
}

func TestNamedFields(t *testing.T) {
	s := lineSpec{format: "json", fields: map[string]string{"time": "meta.when", "status": "res.code", "duration": "took", "path": "req.url"}, units: []unitOfName{{name: "duration", unit: time.Millisecond}}}
	got := parsed(t, s, `{"meta":{"when":"2026-10-01T00:00:00Z"},"res":{"code":201},"took":12.5,"req":{"url":"/a?b"}}`, "path", "status", "duration")
	if want := "2026-10-01T00:00:00 path=/a status=201 duration=12.5"; len(got) != 1 || got[0] != want {
		t.Errorf("got %q, want %s", got, want)
	}
	l, err := s.compile()
	if err != nil {
		t.Fatal(err)
	}
	if f, _ := l.resolve("duration"); f.Unit != time.Millisecond {
		t.Errorf("unit %v, want 1ms", f.Unit)
	}
}

func TestFormatErrors(t *testing.T) {
	for format, want := range map[string]string{
		`$time_local $status$request`: `nothing stands between "status" and "request"`,
		`$status $request`:            "it has no time",
		`${time_local $status`:        "is not closed",
		`%t %j`:                       `"%j" is not a directive of LogFormat`,
		`%t %>`:                       "ends before its letter",
		`%{%Y}t %>s`:                  "lacks a date or a time of day",
		`%{%Y-%m-%d %Q%!}t %>s`:       "is not a conversion of strftime",
		`combinde`:                    "it is no name of a format",
		`%t %{x}T`:                    `"%{x}T" is not a directive`,
	} {
		if _, err := (lineSpec{format: format}).compile(); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("format %q: %v, want %q", format, err, want)
		}
	}
}

func TestCheck(t *testing.T) {
	for _, c := range []struct{ block, sli, want string }{
		{"path: a\nformat: combinde", "bad: {status: 5xx}", `slo.yaml:2:9: format "combinde": it is no name of a format`},
		{"path: a\ntime_format: '%Y'", "bad: {status: 5xx}", `slo.yaml:2:14: time_format "%Y": the time lacks a date or a time of day [accesslog/time]`},
		{"path: a", "bad: {duration: '> 1s'}", `sli.yaml:1:7: the source has no field "duration" [match/field]`},
		{"path: a", "where: {host: x}\nbad: {status: 5xx}", `sli.yaml:1:9: the source has no field "host" [match/field]`},
		{"path: a", "where: {}", `[match/condition]`},
		{"path: a", "where: {path: /}", `[sli/neither]`},
		{"path: a\nformat: combined\nfields: {path: x}", "bad: {status: 5xx}", `slo.yaml:3:9: format "combined" does not name its values, so fields cannot [accesslog/fields]`},
		{"path: a\nformat: json\nfields: {pth: x}", "bad: {status: 5xx}", `slo.yaml:3:10: fields: "pth" is not a field of access logs [accesslog/fields]`},
		{"path: a\nformat: json\nfields: {host: session_token}", "bad: {status: 5xx}", `slo.yaml:3:16: fields: "session_token" is the name of a secret`},
		{"path: a\nformat: json\nfields: {duration: took}", "bad: {status: 5xx}", `fields: duration: the unit of "took" is not known [accesslog/unit]`},
		{"path: a\nformat: json\nfields: {duration: took, duration_unit: ms}", "good: {duration: '<= 1s'}", ""},
		{"path: a\nformat: json\nfields: {duration: took}\nunits: {duration: min}", "bad: {status: 5xx}", `units: duration: "min" is not a unit [accesslog/unit]`},
		{"path: a\nformat: json\nfields: {duration: took}\nunits: {duration: ms}", "good: {duration: '<= 1s', team.name: x}", ""},
		{"path: a\nformat: combined+D", "good: {duration: '<= 1s'}", ""},
	} {
		block, err := spec.ParseBlock("slo.yaml", c.block, "")
		if err != nil {
			t.Fatal(err)
		}
		sli, err := spec.ParseBlock("sli.yaml", c.sli, "")
		if err != nil {
			t.Fatal(err)
		}
		got := check(block, sli).Error()
		if c.want == "" && got != "" || !strings.Contains(got, c.want) {
			t.Errorf("%q, %q: %q, want %q", c.block, c.sli, got, c.want)
		}
	}
}

// The hint about a missing unit holds as it is written.
func TestUnitHint(t *testing.T) {
	for _, name := range []string{"duration", "upstream_time"} {
		block := parse(t, "path: a\nformat: json\nfields: {"+name+": took}")
		list := check(block, spec.Block{})
		want := "say it in the source: units: {" + name + ": ms}; s, us and ns are units too"
		if len(list) != 1 || list[0].Hint != want {
			t.Fatalf("got %v, want the hint %q", list, want)
		}
		line, _, _ := strings.Cut(strings.TrimPrefix(list[0].Hint, "say it in the source: "), ";")
		if list := check(parse(t, "path: a\nformat: json\nfields: {"+name+": took}\n"+line), spec.Block{}); len(list) > 0 {
			t.Errorf("%s is refused: %v", line, list)
		}
	}
}

func TestDetect(t *testing.T) {
	for want, text := range samples() {
		for by, carried := range carriers() {
			var log string
			for _, line := range strings.Split(text+"\n"+text, "\n") {
				log += carried(line) + "\n"
			}
			if got, ok := Detect([]byte(log)); got != want || !ok {
				t.Errorf("Detect of a %s log by %s = %q, %v", want, by, got, ok)
			}
		}
	}
	if missing := slices.DeleteFunc(presets(), func(name string) bool { return samples()[name] != "" }); len(missing) > 0 {
		t.Errorf("no sample of %v", missing)
	}
	if a, b := slices.Sorted(slices.Values(presets())), slices.Sorted(slices.Values(formats())); !slices.Equal(a, b) {
		t.Errorf("Detect tries %v, of %v", b, a)
	}
	for _, text := range []string{"", "hello\nworld\n", "\x00\x01\n", `{"a":1}`} {
		if got, ok := Detect([]byte(text)); ok {
			t.Errorf("Detect(%q) = %q, want none", text, got)
		}
	}
}

const (
	ingressLine = combinedLine + ` 95 0.101 [default-web-80] [] 10.1.0.2:80, 10.1.0.3:80 0, 2 0.001, 0.100 502, 503 f00d`
	istioLine   = `[2026-10-01T00:00:00.000Z] "GET /a?b HTTP/1.1" 503 UF upstream_reset{connection_failure} - "tls_error:_x" 0 91 12 - ` +
		`"192.0.2.7" "curl/8" "id-1" "shop.example:8000" "10.0.0.2:80" outbound|80||web - 10.0.0.1:80 192.0.2.7:37652 - default`
	haproxyLine  = `192.0.2.7:33317 [06/Feb/2026:12:14:14.655] https-in~ bck/srv1 10/0/30/69/109 503 2750 - - ---- 1/1/1/1/0 0/0 {shop.example|a b} {} "GET /a?b HTTP/1.1"`
	managerLine  = `[01/Oct/2026:00:00:00 +0000] MISS 503 503 - GET https shop.example "/a?b" [Client 192.0.2.7] [Length 162] [Gzip 2.1] [Sent-to 10.0.0.2] "curl/8 (x)" "-"`
	realtimeLine = "1790812800.104\t192.0.2.7\t0.002\t503\t512\tGET\thttps\td1.cloudfront.example\t/a\t44\tCDG50-P2\tid\tshop.example\t0.130\tHTTP/2.0\t" +
		"IPv4\tcurl/8\t-\t-\tb=c\tError\t-\tTLSv1.3\tTLS_AES\tError\t-\t-\ttext/html\t-\t-\t-\t50718\tError\tFR\t-\t*/*\t*\t-\t-\t-\tE1\td1\t0.1\t0.12\t64500"
)

// samples are lines of the formats that Detect knows.
func samples() map[string]string {
	return map[string]string{
		"ingress-nginx":                       ingressLine,
		"istio":                               istioLine,
		"haproxy":                             haproxyLine,
		"nginx-proxy-manager":                 managerLine,
		"cloudfront-realtime":                 realtimeLine,
		"vhost_combined":                      "shop.example:443 " + combinedLine,
		"envoy":                               `[2026-10-01T00:00:00.000Z] "GET /a HTTP/1.1" 200 - 0 1 2 1 "192.0.2.7" "curl" "id" "shop.example" "192.0.2.8:80"`,
		"s3":                                  `79a shop [06/Feb/2019:00:00:38 +0000] 192.0.2.3 79a 3E5 REST.GET.OBJECT key "GET /a HTTP/1.1" 200 - 113 - 7 5 "-" "x" -`,
		"caddy":                               `{"ts":1767527205.4,"logger":"http.log.access","request":{"remote_ip":"192.0.2.7","uri":"/a"},"status":200}`,
		"envoy-json":                          `{":authority":"h","duration":11,"method":"GET","response_code":200,"start_time":"2025-12-31T16:37:40.479Z"}`,
		"cloudfront":                          "2024-03-12\t15:22:28\tCDG50-P2\t703\t192.0.2.4\tGET\td6.example\t/t\t400\t-\tcurl\ta=b\t-\tError\tid\thub.example\thttps\t62\t0.113\t-\tTLSv1.3\tAES\tError\tHTTP/1.1",
		"common":                              `192.0.2.7 - - [17/May/2015:10:05:03 +0200] "GET /a?b HTTP/1.1" 200 5`,
		"combined":                            combinedLine,
		"combined+request_time":               combinedLine + " 0.042",
		"combined+D":                          combinedLine + " 42000",
		"combined+request_time+upstream_time": combinedLine + " 0.042 0.041",
		"traefik-clf":                         combinedLine + ` 500 "test@docker" "http://192.0.2.3:80" 42ms`,
		"ltsv":                                "time:[28/Feb/2013:12:00:00 +0900]\treq:GET / HTTP/1.1\tstatus:200",
		"json":                                `{"time":"2026-10-01T00:00:00Z","status":503,"request_uri":"/a"}`,
		"traefik":                             `{"DownstreamStatus":200,"StartUTC":"2021-12-08T14:02:43.58Z"}`,
		"w3c":                                 "#Fields: date time sc-status\n2026-10-01 00:00:05 200",
		"alb":                                 `http 2018-07-02T22:23:00.186641Z app/lb/1 192.0.2.1:2817 10.0.0.1:80 0.000 0.001 0.000 200 200 0 57 "GET http://www.example.com:80/ HTTP/1.1" "curl/7" - - arn "Root" "-" "-" 0 2018-07-02T22:22:48.364000Z "forward" "-" "-"`,
	}
}

func TestInspect(t *testing.T) {
	var got []Event
	in, err := Inspect(strings.NewReader("junk\n"+combinedLine+" 0.042\n"), "combined+request_time", func(e Event) { got = append(got, e) })
	want := Event{Time: time.Date(2015, 5, 17, 10, 5, 3, 0, time.UTC), Method: "GET", Path: "/a/b", Status: "503", Duration: 42 * time.Millisecond, Timed: true}
	if err != nil || len(got) != 1 || got[0] != want || in.Rows != 2 || in.Unread != 1 {
		t.Errorf("Inspect = %+v, %+v, %v, want %+v", got, in, err, want)
	}
}

// FuzzLine reads any line with any format that has a name.
func FuzzLine(f *testing.F) {
	for _, text := range samples() {
		f.Add([]byte(text))
	}
	var layouts []*layout
	for _, name := range presets() {
		l, err := lineSpec{format: name}.compile()
		if err != nil {
			f.Fatal(err)
		}
		for _, field := range append(canonical(), "other.name") {
			l.resolve(field)
		}
		layouts = append(layouts, l)
	}
	f.Fuzz(func(t *testing.T, line []byte) {
		for _, l := range layouts {
			w := newWorker(l, 1<<62, minutes{}, func([]bool, int64, [][]byte) []fold.Unsure { return nil })
			got, err := w.readAll(bytes.NewReader(line))
			ends := bytes.Count(line, []byte("\n")) + bytes.Count(line, []byte("\r")) // bare ones are lost line ends
			if err != nil || got.unread > got.rows || got.rows > int64(ends)+1 {
				t.Errorf("%d of %d lines are unread, %v", got.unread, got.rows, err)
			}
		}
	})
}

// FuzzFormat compiles any text as a format and reads a line with it.
func FuzzFormat(f *testing.F) {
	for _, name := range slices.Sorted(maps.Keys(texts())) {
		f.Add(texts()[name], combinedLine)
	}
	f.Add(`%{%d/%b/%Y %T}t.%{msec_frac}t %{%z}t %>s`, "17/May/2015 10:05:03.123 +0200 200")
	f.Add(`log_format x '$msec' "$status";`, "1 2")
	f.Fuzz(func(t *testing.T, format, line string) {
		l, err := compileText(format)
		if err != nil {
			return
		}
		for _, name := range l.known() {
			if _, ok := l.resolve(name); !ok {
				t.Errorf("format %q lists field %q and does not have it", format, name)
			}
		}
		w := newWorker(l, 1<<62, minutes{}, func([]bool, int64, [][]byte) []fold.Unsure { return nil })
		w.line(place{text: []byte(line)})
	})
}

func ExampleDetect() {
	format, ok := Detect([]byte(`192.0.2.7 - - [17/May/2015:10:05:03 +0000] "GET / HTTP/1.1" 200 5 "-" "curl/8.0" 0.042` + "\n"))
	fmt.Println(format, ok)
	// Output: combined+request_time true
}

// A line of pairs, or of S3, with words before it that nobody knows is unread, whatever is
// asked for: they are no part of its first field.
func TestWordsBeforeRecords(t *testing.T) {
	ltsv := "time:[01/Oct/2026:00:00:00 +0000]\thost:192.0.2.1\tua:a time:b\treq:GET / HTTP/1.1\tstatus:200\tsize:2"
	s3 := `owner bucket [01/Oct/2026:00:00:00 +0000] 192.0.2.1 req ID REST.GET.OBJECT key "GET /key HTTP/1.1" 200 - 2 2 3 4 "-" "ua" -`
	for _, c := range []struct{ format, before, text string }{
		{"ltsv", "", ltsv}, {"s3", "", s3},
		{"ltsv", "0|web|", ltsv}, {"ltsv", "web1 says ", ltsv}, {"ltsv", "00:00:01 ", ltsv}, {"ltsv", "web1: ", ltsv},
		{"s3", "web1 says ", s3}, {"s3", "web1 ", s3},
	} {
		for _, fields := range [][]string{{"status"}, {"status", "path", "host"}, {"user_agent"}} {
			w, _ := reader(t, c.format, c.text, fields...)
			w.fresh()
			w.line(place{text: []byte(c.before + c.text)})
			if read := w.found.unread == 0; read != (c.before == "") {
				t.Errorf("%s %q, asked for %q: read %v", c.format, c.before, fields, read)
			}
		}
	}
}
