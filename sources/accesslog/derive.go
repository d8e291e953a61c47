package accesslog

import (
	"bytes"
	"net/netip"
	"strconv"
	"time"

	"github.com/nines-slo/nines/sources/match"
)

// plain tells whether the value is used as it stands in the line. Several
// durations are added up.
func (v variable) plain() bool {
	return v.field != "path" && v.field != "uri" && v.field != "query" && v.field != "remote_addr" && !v.list
}

func (d *derivation) value(r *record) []byte {
	for _, s := range d.steps {
		if v := s(r); v != nil {
			return v
		}
	}
	if d.request >= 0 && r.values[d.request] != nil { // what it lacks was never sent
		from := len(r.scratch)
		r.scratch = append(r.scratch, match.Void...)
		return r.scratch[from:]
	}
	return nil
}

// steps returns the ways to a canonical field that is not plain, best first.
func (l *layout) steps(name string) []step {
	switch name {
	case "path":
		return l.ways([]string{"path", "uri", "request"}, pathOf)
	case "query":
		return l.ways([]string{"query", "uri", "request"}, queryOf)
	case "uri":
		return l.ways([]string{"uri", "path", "request"}, uriOf)
	case "host":
		if l.absolute {
			return l.ways([]string{"request"}, hostOf)
		}
	case "method":
		return l.ways([]string{"method", "request"}, methodOf)
	case "protocol":
		return l.ways([]string{"protocol", "request"}, protocolOf)
	case "remote_addr":
		if l.ported {
			return l.ways([]string{name}, endpointOf)
		}
		return l.ways([]string{name}, addressOf)
	case "duration", "upstream_time":
		return l.sums(name)
	}
	return nil
}

// ways returns a step for each of the fields that the layout has.
func (l *layout) ways(fields []string, of func(field string, value []byte) []byte) []step {
	var steps []step
	for _, field := range fields {
		if v, ok := l.find(field); ok {
			l.wanted[v.slot] = true
			steps = append(steps, func(r *record) []byte { return of(field, r.values[v.slot]) })
		}
	}
	return steps
}

// sums adds up a list of durations in one variable, or one duration of several
// variables of the same rank.
func (l *layout) sums(name string) []step {
	first, ok := l.find(name)
	if !ok {
		return nil
	}
	var slots []int
	for _, v := range l.alike(first, name) {
		slots = append(slots, v.slot)
		l.wanted[v.slot] = true
	}
	return []step{func(r *record) []byte { return r.sum(slots, first.unit) }}
}

// sum returns the sum of all durations in the slots, nil if one cannot be read or is
// not there. nginx lists one time per server it asked, apart by commas and colons; "-" in
// a list is a server that was not reached and counts nothing.
func (r *record) sum(slots []int, unit time.Duration) []byte {
	if v := r.values[slots[0]]; len(slots) == 1 && bytes.IndexByte(v, ' ') < 0 && bytes.IndexByte(v, ',') < 0 {
		return v
	}
	field, total, seen := match.Field{Unit: unit}, int64(0), false
	for _, slot := range slots {
		if len(slots) > 1 && len(dashed(r.values[slot])) == 0 {
			return nil
		}
		for rest := r.values[slot]; len(rest) > 0; {
			var one []byte
			if one, rest = cutListed(rest); len(one) == 0 || string(one) == "-" {
				continue
			}
			ns, ok := field.Nanoseconds(one)
			if !ok {
				return nil
			}
			total, seen = total+ns, true
		}
	}
	if !seen || total < 0 {
		return nil
	}
	from := len(r.scratch)
	r.scratch = append(strconv.AppendInt(r.scratch, total, 10), "ns"...)
	return r.scratch[from:]
}

// cutListed returns the first value of a list as nginx writes one, "0.1, - : 0.2",
// and the rest. Between its separators it finds empty values.
func cutListed(b []byte) (one, rest []byte) {
	n := bytes.IndexAny(b, ",: ")
	if n < 0 {
		return b, nil
	}
	return b[:n], b[n+1:]
}

// methodOf returns GET of "GET /path HTTP/1.1". What a client sent that is no
// request line ("\x16\x03\x01") has no method, path or protocol.
func methodOf(field string, request []byte) []byte {
	if field != "request" {
		return request
	}
	n := bytes.IndexByte(request, ' ')
	if n <= 0 || request[0] == '-' {
		return nil
	}
	for _, c := range request[:n] {
		if c|0x20 < 'a' || c|0x20 > 'z' {
			if c != '-' && c != '_' {
				return nil
			}
		}
	}
	return request[:n]
}

func protocolOf(field string, request []byte) []byte {
	if field != "request" {
		return request
	}
	n := len(request) - len(" HTTP/1.1")
	if n <= 0 || string(request[n:n+6]) != " HTTP/" {
		n = bytes.LastIndexByte(request, ' ') // HTTP/2
	}
	if n > 0 && len(request) > n+6 && string(request[n:n+6]) == " HTTP/" {
		return request[n+1:]
	}
	return nil
}

// uriOf returns the target of a request line, or the value of another field.
func uriOf(field string, value []byte) []byte {
	if field != "request" {
		return dashed(value)
	}
	method := methodOf("request", value)
	if method == nil {
		return nil
	}
	target := value[len(method)+1:]
	if protocol := protocolOf("request", value); protocol != nil {
		target = target[:max(0, len(target)-len(protocol)-1)]
	}
	if len(target) == 0 {
		return nil
	}
	return target
}

// pathOf returns the path of a URI without its query string: "/a" of "/a?b" and
// of "http://host/a?b".
func pathOf(field string, value []byte) []byte {
	uri := uriOf(field, value)
	if n := bytes.IndexByte(uri, '?'); n >= 0 {
		uri = uri[:n]
	}
	_, path := cutHost(uri)
	return path
}

func queryOf(field string, value []byte) []byte {
	if field == "query" {
		return bytes.TrimPrefix(dashed(value), []byte("?"))
	}
	uri := uriOf(field, value)
	n := bytes.IndexByte(uri, '?')
	if n < 0 {
		return nil
	}
	return uri[n+1:]
}

// hostOf returns the host of a URI without its port and brackets.
func hostOf(field string, value []byte) []byte {
	host, _ := cutHost(uriOf(field, value))
	n := bytes.LastIndexByte(host, ':')
	if n >= 0 && n > bytes.LastIndexByte(host, ']') {
		host = host[:n]
	}
	return unbracketed(host)
}

// cutHost takes "http://host:80/a" apart. Other URIs are all path.
func cutHost(uri []byte) (host, path []byte) {
	if len(uri) == 0 || uri[0] == '/' {
		return nil, uri
	}
	n := bytes.Index(uri, []byte("://"))
	if n <= 0 {
		return nil, uri
	}
	host = uri[n+3:]
	slash := bytes.IndexByte(host, '/')
	if slash < 0 {
		return host, []byte("/")
	}
	return host[:slash], host[slash:]
}

// addressOf drops the port that load balancers write, and the brackets before it. Of
// an IPv6 address without brackets the last colon is part of the address.
func addressOf(_ string, value []byte) []byte {
	n := bytes.LastIndexByte(value, ':')
	if n <= 0 || value[0] == '[' && value[n-1] != ']' || value[0] != '[' && bytes.IndexByte(value, ':') != n {
		return unbracketed(value)
	}
	return endpointOf("", value)
}

// endpointOf drops the port of an address that always has one: "2001:db8::1:443".
func endpointOf(_ string, value []byte) []byte {
	n := bytes.LastIndexByte(value, ':')
	if n <= 0 || n+1 == len(value) {
		return value
	}
	for _, c := range value[n+1:] {
		if !digit(c) {
			return value
		}
	}
	return unbracketed(value[:n])
}

func unbracketed(value []byte) []byte {
	if n := len(value) - 1; n > 0 && value[0] == '[' && value[n] == ']' {
		return value[1:n]
	}
	return value
}

// isAddress tells whether b is an IP address, with a port or without, or a list of such.
func isAddress(b []byte) bool {
	dots, digits := 0, 0
	for n, c := range b {
		switch {
		case digit(c):
			digits++
		case c == '.':
			dots++
		case c == ':' && dots == 3 && digits >= 4 && n+1 < len(b) && plainNumber(b[n+1:]):
			return true
		default:
			return allListed(b, isWrittenAddress)
		}
	}
	return dots == 3 && digits >= 4 && len(b) <= len("255.255.255.255")
}

func isWrittenAddress(b []byte) bool {
	if _, err := netip.ParseAddr(string(addressOf("", b))); err == nil {
		return true
	}
	_, err := netip.ParseAddr(string(endpointOf("", b)))
	return err == nil
}

// allListed tells whether is holds for all of a list, "a, b" or "a,b".
func allListed(b []byte, is func(one []byte) bool) bool {
	for {
		one, rest, more := bytes.Cut(b, []byte{','})
		if !is(bytes.TrimSpace(one)) {
			return false
		}
		if b = rest; !more {
			return true
		}
	}
}

// isClient tells whether b is what a server writes for the address of a client that it
// knows by name or socket, or not at all, or a list of such.
func isClient(b []byte) bool {
	return allListed(b, func(one []byte) bool {
		if bytes.HasPrefix(one, []byte("unix:")) || isWrittenAddress(one) {
			return true
		}
		for _, c := range endpointOf("", one) {
			if !digit(c) && (c|0x20 < 'a' || c|0x20 > 'z') && c != '.' && c != '-' && c != '_' {
				return false
			}
		}
		return true
	})
}

// dashed returns nil for "-".
func dashed(value []byte) []byte {
	if len(value) == 1 && value[0] == '-' {
		return nil
	}
	return value
}
