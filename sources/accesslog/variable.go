package accesslog

import (
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/sources/match"
)

// canonical are the fields that conditions may name whatever the format, in the
// order that messages list them.
var canonical = []string{"path", "method", "status", "duration", "upstream_time", "host", "uri", "query", "protocol",
	"user_agent", "referer", "remote_addr", "bytes", "request"}

// timeField is the meaning of a variable that says when the request was.
const timeField = "time"

// typeOf returns what a canonical field holds.
func typeOf(field string) match.Type {
	switch field {
	case "status":
		return match.Status
	case "duration", "upstream_time":
		return match.Duration
	case "bytes":
		return match.Number
	}
	return match.Text
}

// variable is one value of a line.
type variable struct {
	name  string        // in the format: "request_time", "%D", "request.uri", "sc-status"
	keys  []string      // of formats that name their values: the names it may have in a line
	field string        // what it means, canonical or timeField; empty: nothing but its name
	also  string        // a second meaning
	rank  int           // of several with one meaning the lowest is taken
	unit  time.Duration // of a duration written as a bare number
	clock string        // strftime layout of a time; empty: the shape says
	list  bool          // may hold several values: "0.1, 0.2 : 0.3"
	slot  int           // index of its value in a record
}

// nginxVariable returns what is known of $name.
func nginxVariable(name string) variable {
	v := variable{name: name, list: strings.HasPrefix(name, "upstream_") || strings.HasSuffix(name, "forwarded_for")}
	switch name {
	case "time_local", "time_iso8601", "msec":
		v.field = timeField
	case "request", "status", "host", "remote_addr", "method", "protocol", "referer", "user_agent", "path", "query", "bytes":
		v.field = name
	case "request_time":
		v.field, v.unit = "duration", time.Second
	case "upstream_response_time":
		v.field, v.unit = "upstream_time", time.Second
	case "upstream_connect_time", "upstream_header_time", "session_time", "connection_time":
		v.unit = time.Second
	case "body_bytes_sent":
		v.field, v.rank = "bytes", 1
	case "bytes_sent":
		v.field, v.rank = "bytes", 2
	case "http_referer":
		v.field = "referer"
	case "http_user_agent":
		v.field = "user_agent"
	case "http_host":
		v.field, v.rank = "host", 1
	case "server_name":
		v.field, v.rank = "host", 2
	case "request_method":
		v.field = "method"
	case "request_uri":
		v.field = "uri"
	case "uri", "document_uri":
		v.field, v.rank = "path", 1
	case "args", "query_string":
		v.field = "query"
	case "server_protocol":
		v.field = "protocol"
	}
	return v
}

// apacheVariable returns what is known of a directive: its letter and what
// stands in its braces, as in %{ms}T.
func apacheVariable(text string, letter byte, arg string) (variable, bool) {
	v := variable{name: text}
	switch letter {
	case 'h', 'a':
		v.field = "remote_addr"
	case 't':
		return apacheTime(v, arg)
	case 'r':
		v.field = "request"
	case 's':
		v.field = "status"
		if !strings.Contains(text, ">") {
			v.rank = 1 // before internal redirects
		}
	case 'B', 'b':
		v.field = "bytes"
	case 'O':
		v.field, v.rank = "bytes", 1
	case 'D':
		v.field, v.unit = "duration", time.Microsecond
	case 'T':
		return apacheSpan(v, arg)
	case 'U':
		v.field = "path"
	case 'q':
		v.field = "query"
	case 'm':
		v.field = "method"
	case 'H':
		v.field = "protocol"
	case 'v', 'V':
		v.field, v.rank = "host", 1
	case 'i':
		v.field = map[string]string{"referer": "referer", "user-agent": "user_agent", "host": "host"}[strings.ToLower(arg)]
	case 'A', 'C', 'e', 'f', 'I', 'k', 'l', 'L', 'n', 'o', 'p', 'P', 'R', 'S', 'u', 'X', 'x', 'c':
	default:
		return v, false
	}
	return v, true
}

func apacheTime(v variable, arg string) (variable, bool) {
	v.field = timeField
	arg = strings.TrimPrefix(strings.TrimPrefix(arg, "begin:"), "end:")
	switch arg {
	case "":
		v.clock = ""
	case "sec":
		v.clock = "%s"
	case "msec", "usec":
		v.clock = "%Q"
	case "msec_frac", "usec_frac":
		v.clock = "%f"
	default:
		v.clock = arg
	}
	return v, true
}

func apacheSpan(v variable, arg string) (variable, bool) {
	units := map[string]time.Duration{"": time.Second, "s": time.Second, "ms": time.Millisecond, "us": time.Microsecond}
	v.field, v.unit = "duration", units[arg]
	if v.unit == time.Second {
		v.rank = 1 // whole seconds: %D is better
	}
	return v, v.unit > 0
}

// jsonKeys are names that logs of JSON lines often use.
var jsonKeys = map[string][]string{
	timeField:       {"time", "timestamp", "@timestamp", "ts", "time_iso8601", "time_local", "msec", "start_time"},
	"status":        {"status", "status_code", "response_code"},
	"request":       {"request", "request_line"},
	"uri":           {"uri", "request_uri", "url"},
	"path":          {"path"},
	"query":         {"query", "args", "query_string"},
	"method":        {"method", "request_method", "http_method"},
	"protocol":      {"protocol", "server_protocol"},
	"host":          {"host", "http_host", "server_name"},
	"user_agent":    {"user_agent", "http_user_agent", "agent"},
	"referer":       {"referer", "http_referer", "referrer"},
	"remote_addr":   {"remote_addr", "remote_ip", "client_ip"},
	"bytes":         {"bytes", "body_bytes_sent", "bytes_sent", "size"},
	"duration":      {"request_time"},
	"upstream_time": {"upstream_response_time"},
}

var traefikKeys = map[string][]string{
	timeField: {"StartUTC"}, "status": {"DownstreamStatus"}, "uri": {"RequestPath"}, "method": {"RequestMethod"},
	"protocol": {"RequestProtocol"}, "host": {"RequestHost"}, "user_agent": {"request_User-Agent"}, "referer": {"request_Referer"},
	"remote_addr": {"ClientHost"}, "bytes": {"DownstreamContentSize"}, "duration": {"Duration"}, "upstream_time": {"OriginDuration"},
}

var caddyKeys = map[string][]string{
	timeField: {"ts"}, "status": {"status"}, "uri": {"request.uri"}, "method": {"request.method"}, "protocol": {"request.proto"},
	"host": {"request.host"}, "user_agent": {"request.headers.User-Agent"}, "referer": {"request.headers.Referer"},
	"remote_addr": {"request.remote_ip", "request.client_ip"}, "bytes": {"size"}, "duration": {"duration"},
}

var envoyKeys = map[string][]string{
	timeField: {"start_time"}, "status": {"response_code"}, "uri": {"x-envoy-origin-path", "path"}, "method": {"method"},
	"protocol": {"protocol"}, "host": {":authority", "authority"}, "user_agent": {"user-agent", "user_agent"},
	"remote_addr": {"downstream_remote_address"}, "bytes": {"bytes_sent"}, "duration": {"duration"},
	"upstream_time": {"x-envoy-upstream-service-time", "upstream_service_time"},
}

// ltsvKeys are the labels that ltsv.org recommends.
var ltsvKeys = map[string][]string{
	timeField: {"time"}, "status": {"status"}, "request": {"req"}, "uri": {"uri"}, "method": {"method"}, "protocol": {"protocol"},
	"host": {"vhost"}, "user_agent": {"ua"}, "referer": {"referer"}, "remote_addr": {"host"}, "bytes": {"size"},
	"duration": {"reqtime"}, "upstream_time": {"apptime"},
}

// w3cKeys are the field names of IIS and CloudFront. A date and a time stand apart.
var w3cKeys = map[string][]string{
	"status": {"sc-status"}, "path": {"cs-uri-stem"}, "uri": {"cs-uri"}, "query": {"cs-uri-query"}, "method": {"cs-method"},
	"protocol": {"cs-version", "cs-protocol-version"}, "host": {"cs-host", "x-host-header", "cs(Host)"},
	"user_agent": {"cs(User-Agent)"}, "referer": {"cs(Referer)"}, "remote_addr": {"c-ip"}, "bytes": {"sc-bytes"},
	"duration": {"time-taken"},
}

// units are those of durations whose name says it.
var units = map[string]time.Duration{
	"request_time": time.Second, "upstream_response_time": time.Second, "reqtime": time.Second, "apptime": time.Second,
	"reqtime_microsec": time.Microsecond,
}

// keyed returns the variables of a format that names its values. unit is that
// of its durations, 0 if the names say it.
func keyed(names map[string][]string, unit time.Duration) []variable {
	var vars []variable
	for _, field := range append([]string{timeField}, canonical...) {
		keys := names[field]
		if len(keys) == 0 {
			continue
		}
		v := variable{name: keys[0], keys: slices.Clone(keys), field: field}
		if typeOf(field) == match.Duration {
			v.list = true
			if v.unit = unit; unit == 0 {
				v.unit = units[keys[0]]
			}
		}
		vars = append(vars, v)
	}
	return vars
}
