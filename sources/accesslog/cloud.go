package accesslog

import (
	"bytes"
	"time"
)

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
		l.whole.tokens[len(l.whole.tokens)-1].word = true // AWS adds columns
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

// envoyLayout is Envoy's default text format.
func envoyLayout() (*layout, error) {
	const text = `[$time] "$request" $status $response_flags $bytes_received $bytes $duration $upstream_service_time ` +
		`"$x_forwarded_for" "$user_agent" "$request_id" "$host" "$upstream_host"`
	return compileNames(text, func(name string) variable {
		v := variable{name: name}
		switch name {
		case "time":
			v.field = timeField
		case "duration":
			v.field, v.unit = "duration", time.Millisecond
		case "upstream_service_time":
			v.field, v.unit = "upstream_time", time.Millisecond
		case "request", "status", "bytes", "user_agent", "host":
			v.field = name
		}
		return v
	})
}

// cloudfrontColumns are those of a standard log without a #Fields directive.
func cloudfrontColumns() []string {
	return []string{"date", "time", "x-edge-location", "sc-bytes", "c-ip", "cs-method", "cs(Host)", "cs-uri-stem", "sc-status",
		"cs(Referer)", "cs(User-Agent)", "cs-uri-query", "cs(Cookie)", "x-edge-result-type", "x-edge-request-id", "x-host-header",
		"cs-protocol", "cs-bytes", "time-taken", "x-forwarded-for", "ssl-protocol", "ssl-cipher", "x-edge-response-result-type",
		"cs-protocol-version", "fle-status", "fle-encrypted-fields", "c-port", "time-to-first-byte", "x-edge-detailed-result-type",
		"sc-content-type", "sc-content-len", "sc-range-start", "sc-range-end"}
}
