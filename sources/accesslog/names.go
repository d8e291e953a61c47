package accesslog

import (
	"time"

	"github.com/nines-slo/nines/sources/match"
)

// keyed returns the variables of a format that names its values. unit is that
// of its durations, 0 if the names say it.
func keyed(names func(field string) []string, unit time.Duration) []variable {
	var vars []variable
	for _, field := range append([]string{timeField}, canonical()...) {
		keys := names(field)
		if len(keys) == 0 {
			continue
		}
		v := variable{name: keys[0], keys: keys, field: field}
		if typeOf(field) == match.Duration {
			v.list = true
			if v.unit = unit; unit == 0 {
				v.unit, _ = unitOf(keys[0])
			}
		}
		vars = append(vars, v)
	}
	return vars
}

// unitOf returns the unit of durations whose name says it.
func unitOf(name string) (time.Duration, bool) {
	switch name {
	case "request_time", "upstream_response_time", "reqtime", "apptime":
		return time.Second, true
	case "reqtime_microsec":
		return time.Microsecond, true
	}
	return 0, false
}

// jsonKeys are names that logs of JSON lines often use.
func jsonKeys(field string) []string {
	return map[string][]string{
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
	}[field]
}

func traefikKeys(field string) []string {
	switch field {
	case timeField:
		return []string{"StartUTC"}
	case "status":
		return []string{"DownstreamStatus"}
	case "uri":
		return []string{"RequestPath"}
	case "method":
		return []string{"RequestMethod"}
	case "protocol":
		return []string{"RequestProtocol"}
	case "host":
		return []string{"RequestHost"}
	case "user_agent":
		return []string{"request_User-Agent"}
	case "referer":
		return []string{"request_Referer"}
	case "remote_addr":
		return []string{"ClientHost", "ClientAddr"}
	case "bytes":
		return []string{"DownstreamContentSize"}
	case "duration":
		return []string{"Duration"}
	case "upstream_time":
		return []string{"OriginDuration"}
	}
	return nil
}

func caddyKeys(field string) []string {
	switch field {
	case timeField:
		return []string{"ts"}
	case "status":
		return []string{"status"}
	case "uri":
		return []string{"request.uri"}
	case "method":
		return []string{"request.method"}
	case "protocol":
		return []string{"request.proto"}
	case "host":
		return []string{"request.host"}
	case "user_agent":
		return []string{"request.headers.User-Agent"}
	case "referer":
		return []string{"request.headers.Referer"}
	case "remote_addr":
		return []string{"request.remote_ip", "request.client_ip"}
	case "bytes":
		return []string{"size"}
	case "duration":
		return []string{"duration"}
	}
	return nil
}

func envoyKeys(field string) []string {
	switch field {
	case timeField:
		return []string{"start_time"}
	case "status":
		return []string{"response_code"}
	case "uri":
		return []string{"x-envoy-origin-path", "path"}
	case "method":
		return []string{"method"}
	case "protocol":
		return []string{"protocol"}
	case "host":
		return []string{":authority", "authority"}
	case "user_agent":
		return []string{"user-agent", "user_agent"}
	case "remote_addr":
		return []string{"downstream_remote_address"}
	case "bytes":
		return []string{"bytes_sent"}
	case "duration":
		return []string{"duration"}
	case "upstream_time":
		return []string{"x-envoy-upstream-service-time", "upstream_service_time"}
	}
	return nil
}

// ltsvKeys are the labels that ltsv.org recommends.
func ltsvKeys(field string) []string {
	return map[string][]string{
		timeField:       {"time"},
		"status":        {"status"},
		"request":       {"req"},
		"uri":           {"uri"},
		"method":        {"method"},
		"protocol":      {"protocol"},
		"host":          {"vhost"},
		"user_agent":    {"ua"},
		"referer":       {"referer"},
		"remote_addr":   {"host"},
		"bytes":         {"size"},
		"duration":      {"reqtime"},
		"upstream_time": {"apptime"},
	}[field]
}

// w3cKeys are the field names of IIS and CloudFront. A date and a time stand apart.
func w3cKeys(field string) []string {
	return map[string][]string{
		"status":        {"sc-status"},
		"path":          {"cs-uri-stem"},
		"uri":           {"cs-uri"},
		"query":         {"cs-uri-query"},
		"method":        {"cs-method"},
		"protocol":      {"cs-version", "cs-protocol-version"},
		"host":          {"x-host-header", "cs-host", "cs(Host)"},
		"user_agent":    {"cs(User-Agent)", "cs-user-agent"},
		"referer":       {"cs(Referer)", "cs-referer"},
		"remote_addr":   {"c-ip"},
		"bytes":         {"sc-bytes"},
		"duration":      {"time-taken"},
		"upstream_time": {"origin-lbl"},
	}[field]
}
