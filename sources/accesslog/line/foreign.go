package line

import (
	"bytes"
	"encoding/json"
	"slices"
)

// Foreign names the kind of a line that a program writes about itself into the
// stream of its access log. It is empty if b is of no such kind.
func Foreign(b []byte) string {
	b = bytes.TrimLeft(b, " \t")
	for rest := range layers(b) {
		if len(bytes.TrimSpace(rest)) == 0 {
			return "empty lines"
		}
		if kind := foreign(rest); kind != "" {
			return kind
		}
	}
	return foreign(b)
}

func foreign(b []byte) string {
	switch {
	case len(b) == 0:
		return ""
	case b[0] == '{':
		return object(b)
	case like(b, "0000/00/00 00:00:00 [AAA"):
		return "nginx error log entries"
	case b[0] == '[' && like(b, "[AAA AAA 00 00:00:00"):
		return "Apache error log entries"
	case b[0] == '[' && like(b, "[0000-00-00 00:00:00.000][0"):
		return "Envoy log entries"
	case postgres(b):
		return "PostgreSQL log entries"
	case php(b):
		return "PHP log entries"
	case haproxy(b):
		return "HAProxy log entries"
	case klog(b), logfmt(b), leveled(b):
		return "application log entries"
	case bytes.HasPrefix(b, []byte("/docker-entrypoint")), like(b, "00-") && bytes.Contains(b, []byte(".sh: info: ")):
		return "lines of a container's start"
	}
	return ""
}

// haproxy takes what HAProxy says of itself and its servers, its errors before a request,
// and connections that it only passed on.
func haproxy(b []byte) bool {
	first, rest, _ := bytes.Cut(b, []byte{' '})
	switch string(first) {
	case "Server", "Backup", "backend", "Proxy", "Health", "Connect":
		for _, says := range []string{" is UP", " is DOWN", " is going DOWN", " has no server available", " started.", " stopped", "check for server ",
			"server ", " is stopping"} {
			if bytes.Contains(rest, []byte(says)) {
				return true
			}
		}
		return false
	case "[NOTICE]", "[WARNING]", "[ALERT]":
		return true
	}
	if bytes.IndexByte(first, ':') < 0 || !like(rest, "[00/AAA/0000:00:00:00.000] ") {
		return false
	}
	words := bytes.Fields(rest)
	if len(words) > 2 && words[1][len(words[1])-1] == ':' { // frontend/bind: SSL handshake failure
		return true
	}
	// frontend backend/server Tw/Tc/Tt bytes cause a/b/c/d/e queues
	return len(words) == 8 && bytes.Count(words[3], []byte("/")) == 2 &&
		len(words[5]) == 2 && bytes.Count(words[6], []byte("/")) == 4
}

// klog takes "I0126 03:17:29.123456       7 main.go:1] ", of Kubernetes' programs.
func klog(b []byte) bool {
	return bytes.IndexByte([]byte("IWEF"), b[0]) >= 0 && like(b[1:], "0000 00:00:00.000000 ")
}

// postgres takes "2026-10-01 00:00:00.123 UTC [1] LOG:  …", with or without a user and
// a database before the level.
func postgres(b []byte) bool {
	if !like(b, "0000-00-00 00:00:00") {
		return false
	}
	words := bytes.Fields(b[:min(len(b), 120)])
	if len(words) < 5 || words[3][0] != '[' || words[3][len(words[3])-1] != ']' || !digit(words[3][1]) {
		return false
	}
	levels := []string{"LOG:", "INFO:", "NOTICE:", "WARNING:", "ERROR:", "FATAL:", "PANIC:", "DETAIL:", "HINT:",
		"STATEMENT:", "CONTEXT:", "QUERY:", "DEBUG:", "DEBUG1:", "DEBUG2:", "DEBUG3:", "DEBUG4:", "DEBUG5:"}
	return slices.ContainsFunc(words[4:min(len(words), 7)], func(w []byte) bool { return slices.Contains(levels, string(w)) })
}

// php takes "PHP Warning:  …" and the lines of PHP-FPM, alone or behind
// "[01-Oct-2026 00:00:00 UTC] ".
func php(b []byte) bool {
	stamped := like(b, "[00-AAA-0000 00:00:00")
	if stamped {
		_, b, _ = bytes.Cut(b, []byte("] "))
	}
	if rest, ok := bytes.CutPrefix(b, []byte("PHP ")); ok {
		for _, kind := range []string{"Warning:", "Notice:", "Deprecated:", "Fatal error:", "Parse error:", "Recoverable fatal error:",
			"Startup:", "Strict Standards:", "Core Warning:", "Stack trace:", "  "} {
			if bytes.HasPrefix(rest, []byte(kind)) {
				return true
			}
		}
	}
	n := bytes.IndexByte(b, ':')
	return stamped && n > 0 && (level(b[:n]) || string(b[:n]) == "ALERT")
}

// logfmt takes time="2026-10-01T00:00:00Z" level=info msg="…".
func logfmt(b []byte) bool {
	head := b[:min(len(b), 120)]
	for _, key := range []string{"time=", "ts=", "t=", "level=", "lvl="} {
		if bytes.HasPrefix(head, []byte(key)) {
			return bytes.Contains(head, []byte("level=")) || bytes.Contains(head, []byte("lvl="))
		}
	}
	return false
}

// leveled takes a level, alone or behind a time: "2026-10-01T00:00:00Z INF …",
// "2026/10/01 00:00:00.123<tab>INFO<tab>…", "DEBUG: …".
func leveled(b []byte) bool {
	timed := like(b, "0000-00-00T00:00:00") || like(b, "0000-00-00 00:00:00") || like(b, "0000/00/00 00:00:00")
	words := bytes.Fields(b[:min(len(b), 80)])
	if !timed {
		n := bytes.IndexByte(b, ':')
		return n > 0 && bytes.IndexByte(b[:n], ' ') < 0 && level(b[:n])
	}
	skip := 1
	if b[10] == ' ' {
		skip = 2
	}
	return len(words) > skip && level(bytes.Trim(words[skip], "[]:"))
}

func level(word []byte) bool {
	levels := []string{"debug", "info", "notice", "warn", "warning", "error", "fatal", "panic", "critical",
		"trc", "dbg", "inf", "wrn", "err", "ftl", "pnc"}
	return slices.Contains(levels, string(bytes.ToLower(word)))
}

// object takes a JSON object with a level and a message, and nothing that only
// a request has.
func object(b []byte) string {
	var fields map[string]json.RawMessage
	if json.Unmarshal(b, &fields) != nil {
		return ""
	}
	has := func(names ...string) bool {
		return slices.ContainsFunc(names, func(name string) bool { return fields[name] != nil })
	}
	if !has("level", "severity", "lvl", "Level") || !has("msg", "message", "Message", "error") {
		return ""
	}
	if has("status", "status_code", "response_code", "DownstreamStatus", "OriginStatus", "method", "request_method",
		"http_method", "RequestMethod", "request", "request_line", "uri", "request_uri", "url", "path", "RequestPath", "StartUTC") {
		return ""
	}
	return "application log entries"
}
