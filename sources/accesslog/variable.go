package accesslog

import (
	"strings"
	"time"

	"github.com/nines-slo/nines/sources/match"
)

// canonical are the fields that conditions may name whatever the format, in the
// order that messages list them.
func canonical() []string {
	return []string{"path", "method", "status", "duration", "upstream_time", "host", "uri", "query", "protocol",
		"user_agent", "referer", "remote_addr", "bytes", "request"}
}

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
	none  bool          // a duration may say that there is none, beside "-" and nothing
	list  bool          // may hold several values: "0.1, 0.2 : 0.3"
	slot  int           // index of its value in a record
}

// spaced tells whether a value may hold blanks.
func (v variable) spaced() bool {
	switch v.field {
	case "request", "user_agent", "referer", "path", "uri", "query", timeField:
		return true
	case "remote_addr", "host", "method", "protocol", "status", "bytes", "duration":
		return false
	}
	return v.list || strings.HasPrefix(v.name, "http_") || strings.Contains(v.name, "{") || v.name == "remote_user" || v.name == "%u"
}

// nginxVariable returns what is known of $name.
func nginxVariable(name string) variable {
	v := variable{name: name, list: strings.HasPrefix(name, "upstream_") || strings.HasSuffix(name, "forwarded_for")}
	switch name {
	case "time_local", "time_iso8601", "msec":
		v.field = timeField
	case "request", "status", "host", "remote_addr", "method", "protocol",
		"referer", "user_agent", "path", "query", "bytes":
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
		v.field = headerField(arg)
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

// headerField returns the field that a request header holds, if it has one.
func headerField(header string) string {
	switch name := strings.ToLower(header); name {
	case "referer", "host":
		return name
	case "user-agent":
		return "user_agent"
	}
	return ""
}
