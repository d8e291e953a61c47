package accesslog

import (
	"bytes"
	"time"
)

const (
	nginxCommon    = `$remote_addr - $remote_user [$time_local] "$request" $status $body_bytes_sent`
	nginxCombined  = nginxCommon + ` "$http_referer" "$http_user_agent"`
	apacheCombined = `%h %l %u %t "%r" %>s %b "%{Referer}i" "%{User-Agent}i"`
)

// texts are the formats that are an nginx log_format or an Apache LogFormat of
// their own.
func texts() map[string]string {
	return map[string]string{
		"common":                              nginxCommon,
		"combined":                            nginxCombined,
		"combined+request_time":               nginxCombined + ` $request_time`,
		"combined+request_time+upstream_time": nginxCombined + ` $request_time $upstream_response_time`,
		"combined+D":                          apacheCombined + ` %D`,
		"traefik-clf":                         nginxCombined + ` $request_count "$router" "$server" $request_time`,
		"ingress-nginx": nginxCombined + ` $request_length $request_time [$proxy_upstream_name] [$proxy_alternative_upstream_name] ` +
			`$upstream_addr $upstream_response_length $upstream_response_time $upstream_status $req_id`,
	}
}

// presets are the formats that have a name.
func presets() []string {
	return []string{"common", "combined", "combined+request_time", "combined+request_time+upstream_time",
		"combined+D", "vhost_combined", "ingress-nginx", "nginx-proxy-manager", "haproxy", "json", "ltsv", "alb", "s3",
		"cloudfront", "cloudfront-realtime", "w3c", "traefik", "traefik-clf", "caddy", "envoy", "envoy-json", "istio"}
}

// albLayout is the access log of an AWS Application Load Balancer. Its three
// times are -1 where there was none: such a request has no duration.
func albLayout() (*layout, error) {
	const text = `$type $time $elb $client $target $request_processing_time $target_processing_time $response_processing_time ` +
		`$status $target_status $received_bytes $bytes "$request" "$user_agent" $ssl_cipher $ssl_protocol $target_group_arn ` +
		`"$trace_id" "$domain_name" "$chosen_cert_arn" $matched_rule_priority $request_creation_time "$actions_executed" "$redirect_url"`
	l, err := compileNames(text, func(name string) variable {
		v := variable{name: name}
		switch name {
		case "time":
			v.field = timeField
		case "client":
			v.field = "remote_addr"
		case "request_processing_time", "response_processing_time":
			v.field, v.unit = "duration", time.Second
		case "target_processing_time":
			v.field, v.also, v.unit = "duration", "upstream_time", time.Second
		case "status", "bytes", "request", "user_agent":
			v.field = name
		}
		return v
	})
	if err != nil {
		return nil, err
	}
	l.absolute, l.ported = true, true
	l.setAside("request", func(request []byte) string {
		if bytes.HasPrefix(request, []byte("- ")) || len(request) == 1 && request[0] == '-' {
			return "connections without a request"
		}
		return ""
	})
	return l, nil
}

// s3Layout is the server access log of Amazon S3.
func s3Layout() (*layout, error) {
	const text = `$owner $bucket [$time] $remote_addr $requester $request_id $operation $key "$request" $status $error_code ` +
		`$bytes $object_size $total_time $turn_around_time "$referer" "$user_agent" $version_id`
	l, err := compileNames(text, func(name string) variable {
		v := variable{name: name}
		switch name {
		case "time":
			v.field = timeField
		case "total_time":
			v.field, v.unit = "duration", time.Millisecond
		case "turn_around_time":
			v.field, v.unit = "upstream_time", time.Millisecond
		case "remote_addr", "request", "status", "bytes", "referer", "user_agent":
			v.field = name
		}
		return v
	})
	if err == nil {
		l.setAside("operation", s3Aside)
	}
	return l, err
}

// s3Aside names what S3 does without being asked, and the deletions of which a
// request for many has made a record each.
func s3Aside(operation []byte) string {
	switch kind, _, _ := bytes.Cut(operation, []byte(".")); string(kind) {
	case "S3":
		return "S3 lifecycle records"
	case "BATCH":
		return "S3 batch records"
	}
	return ""
}

// caddyAside names what Caddy logs beside its access log, such as the error of the
// same request.
func caddyAside(logger []byte) string {
	rest, ok := bytes.CutPrefix(logger, []byte("http.log.access"))
	switch {
	case len(logger) == 0, ok && (len(rest) == 0 || rest[0] == '.' || digit(rest[0])):
		return ""
	case bytes.HasPrefix(logger, []byte("http.log.error")):
		return "Caddy error log entries"
	}
	return "Caddy log entries"
}

// setAside has a variable tell which records are none of a request, and what they are.
func (l *layout) setAside(name string, kind func(value []byte) string) {
	f, ok := l.variable(name)
	if !ok {
		return
	}
	l.aside = func(r *record) string { return kind(r.values[f.Index]) }
}

// envoyText is Envoy's default format, in the variables of a log_format.
const envoyText = `[$time] "$request" $status $response_flags $bytes_received $bytes $duration $upstream_service_time ` +
	`"$x_forwarded_for" "$user_agent" "$request_id" "$host" "$upstream_host"`

// istioText is what Istio has Envoy write.
const istioText = `[$time] "$request" $status $response_flags $response_code_details $connection_termination_details ` +
	`"$upstream_transport_failure_reason" $bytes_received $bytes $duration $upstream_service_time ` +
	`"$x_forwarded_for" "$user_agent" "$request_id" "$host" "$upstream_host" $upstream_cluster $upstream_local_address ` +
	`$downstream_local_address $downstream_remote_address $requested_server_name $route_name`

func envoyLayout(text string) (*layout, error) {
	l, err := compileNames(text, func(name string) variable {
		v := variable{name: name}
		switch name {
		case "time":
			v.field = timeField
		case "duration":
			v.field, v.unit = "duration", time.Millisecond
		case "upstream_service_time":
			v.field, v.unit = "upstream_time", time.Millisecond
		case "downstream_remote_address":
			v.field = "remote_addr"
		case "request", "status", "bytes", "user_agent", "host":
			v.field = name
		}
		return v
	})
	if err == nil {
		l.setAside("request", func(request []byte) string {
			if string(request) == "- - -" {
				return "connections without a request"
			}
			return ""
		})
	}
	return l, err
}

// haproxyLayout is HAProxy's HTTP log. Its timers are -1 where a request did not come so
// far, and have a plus where the rest was not waited for. Captured headers stand behind
// the queues, if there are any.
func haproxyLayout() (*layout, error) {
	const text = `$client [$time] $frontend $backend/$server $tq/$tw/$tc/$tr/$tt $status $bytes ` +
		`$request_cookie $response_cookie $termination_state $connections $queues "$request"`
	l, err := compileNames(text, func(name string) variable {
		v := variable{name: name}
		switch name {
		case "time":
			v.field = timeField
		case "client":
			v.field = "remote_addr"
		case "tt":
			v.field, v.unit = "duration", time.Millisecond
		case "tr":
			v.field, v.unit = "upstream_time", time.Millisecond
		case "tq", "tw", "tc":
			v.unit = time.Millisecond
		case "status", "bytes", "request":
			v.field = name
		}
		return v
	})
	if err == nil {
		l.ported = true
	}
	return l, err
}

// proxyManagerLayout is the access log of nginx-proxy-manager, of hosts that it proxies.
// Those that it answers itself have no upstream.
func proxyManagerLayout() (*layout, error) {
	const text = `[$time_local] $upstream_cache_status $upstream_status $status - $method $scheme $host "$request_uri" ` +
		`[Client $remote_addr] [Length $bytes] [Gzip $gzip_ratio] [Sent-to $server] "$http_user_agent" "$http_referer"`
	l, err := compileNginx(text)
	if err == nil {
		l.fill, l.whole.exact = fillProxyManager, true
	}
	return l, err
}

// fillProxyManager adds what a line without an upstream lacks.
func fillProxyManager(to, text []byte) []byte {
	n := bytes.Index(text, []byte("] "))
	if n < 0 {
		return nil
	}
	head, rest := text[:n+2], text[n+2:]
	sent := bytes.Index(rest, []byte(`] "`))
	if len(rest) < 6 || string(rest[3:6]) != " - " || sent < 0 {
		return nil
	}
	to = append(append(append(to, head...), "- - "...), rest[:sent+1]...)
	return append(append(to, " [Sent-to -]"...), rest[sent+1:]...)
}

// vhostLayout is Apache's log of several sites, in which those of one may lack its name.
func vhostLayout() (*layout, error) {
	l, err := compileApache(`%v ` + apacheCombined)
	if err == nil {
		l.fill = func(to, text []byte) []byte {
			n := bytes.IndexByte(text, ' ')
			if n < 0 || !isAddress(text[:n]) || n+2 < len(text) && isAddress(firstWord(text[n+1:])) {
				return nil
			}
			return append(append(to, "- "...), text...)
		}
	}
	return l, err
}

func firstWord(b []byte) []byte {
	word, _, _ := bytes.Cut(b, []byte{' '})
	return word
}

// cloudfrontColumns are those of a standard log without a #Fields directive.
func cloudfrontColumns() []string {
	return []string{"date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status",
		"cs(Referer)", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id", "x-host-header",
		"cs-protocol", "cs-bytes", "time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type",
		"cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port", "time-to-first-byte", "x-edge-detailed-result-type",
		"sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end"}
}

// realtimeColumns are all fields of a real-time log in the order that CloudFront gives
// them. A configuration may leave some out.
func realtimeColumns() []string {
	return []string{"timestamp", "c-ip", "time-to-first-byte", "sc-status", "sc-bytes", "cs-method", "cs-protocol", "cs-host",
		"cs-uri-stem", "cs-bytes", "x-edge-location", "x-edge-request-id", "x-host-header", "time-taken", "cs-protocol-version",
		"c-ip-version", "cs-user-agent", "cs-referer", "cs-cookie", "cs-uri-query", "x-edge-response-result-type",
		"x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-result-type", "fle-encrypted-fields", "fle-status",
		"sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end", "c-port", "x-edge-detailed-result-type",
		"c-country", "cs-accept-encoding", "cs-accept", "cache-behavior-path-pattern", "cs-headers", "cs-header-names",
		"cs-headers-count", "primary-distribution-id", "primary-distribution-dns-name", "origin-fbl", "origin-lbl", "asn"}
}
