package match

import (
	"bytes"
	"net/netip"
	"regexp"
	"slices"
	"strings"
)

// namesHost tells whether a field of that name holds a host, whatever the source.
func namesHost(name string) bool {
	names := []string{"host", "http_host", "server_name", "vhost", "remote_addr", "remote_ip", "client_ip", "c-ip",
		"upstream", "upstream_addr", "upstream_host"}
	return slices.Contains(names, strings.TrimPrefix(name, "$"))
}

// LabelOf returns what makes a label of the values of a field of that name, nil where they
// stand as they are. A host is one label however it is written: in small letters, without a
// dot at its end, an address in one notation; and without its port, which tells only the
// servers behind a proxy apart.
func LabelOf(name string) func([]byte) []byte {
	switch {
	case !namesHost(name):
		return nil
	case strings.HasPrefix(strings.TrimPrefix(name, "$"), "upstream"):
		return func(b []byte) []byte { return hostLabel(b, true) }
	}
	return func(b []byte) []byte { return hostLabel(b, false) }
}

func hostLabel(b []byte, ported bool) []byte {
	written := func(c byte) bool { return c == ':' || small(c) != c }
	if n := len(b); n == 0 || b[n-1] != '.' && !slices.ContainsFunc(b, written) {
		return b // as nearly all are written
	}
	name, port := cutPort(b)
	if ip := addressOf(name); ip.IsValid() {
		name = []byte(ip.String())
	} else {
		name = appendSmall(nil, undotted(name))
	}
	switch {
	case !ported || len(port) == 0:
		return name
	case bytes.IndexByte(name, ':') >= 0:
		return slices.Concat([]byte("["), name, []byte("]:"), port)
	}
	return slices.Concat(name, []byte(":"), port)
}

// host is the test for one host. Ports are compared where both name one.
type host struct {
	text string // as the condition has it
	name string // in small letters, without brackets and a dot at the end
	port string
	ip   netip.Addr // if the name is an address
}

func newHost(text string) host {
	name, port := cutPort([]byte(text))
	h := host{text: text, name: strings.ToLower(string(undotted(name))), port: string(port)}
	h.ip = addressOf(name)
	return h
}

func (h host) judge(b []byte) Truth { return known(b, h.holds(b)) }

func (h host) holds(b []byte) bool {
	if string(b) == h.text {
		return true
	}
	name, port := cutPort(b)
	if len(port) > 0 && h.port != "" && string(port) != h.port {
		return false
	}
	if h.ip.IsValid() && bytes.IndexByte(name, ':') >= 0 {
		return addressOf(name) == h.ip
	}
	if name = undotted(name); len(name) != len(h.name) {
		return false
	}
	for i, c := range name {
		if small(c) != h.name[i] {
			return false
		}
	}
	return true
}

// differentHost is true of every other host.
type differentHost host

func (d differentHost) judge(b []byte) Truth { return known(b, !host(d).holds(b)) }

// hostGlob is a pattern of hosts, in small letters: of the host alone, or with its port.
type hostGlob glob

func (g hostGlob) judge(b []byte) Truth { return known(b, g.holds(b)) }

func (g hostGlob) holds(b []byte) bool {
	var written, alone [128]byte
	name, _ := cutPort(b)
	return glob(g).holds(appendSmall(written[:0], undotted(b))) || glob(g).holds(appendSmall(alone[:0], undotted(name)))
}

// hostMatches is a regular expression of the host as it is written, or alone in small
// letters.
type hostMatches struct{ re *regexp.Regexp }

func (m hostMatches) judge(b []byte) Truth { return known(b, m.holds(b)) }

func (m hostMatches) holds(b []byte) bool {
	name, _ := cutPort(b)
	return m.re.Match(b) || m.re.Match(bytes.ToLower(undotted(name)))
}

// cutPort splits "host:80", "192.0.2.7:80", "[2001:db8::7]:80" and "2001:db8::7:50718". Of
// an address without brackets the last colon is part of the address if it can be.
func cutPort(b []byte) (name, port []byte) {
	last := bytes.LastIndexByte(b, ':')
	if last >= 0 && last+1 < len(b) && digits(b[last+1:]) {
		name, port = b[:last], b[last+1:]
	} else {
		name = b
	}
	if end := len(name) - 1; end > 0 && name[0] == '[' && name[end] == ']' {
		return name[1:end], port
	}
	if bytes.IndexByte(name, ':') >= 0 && (addressOf(b).IsValid() || !addressOf(name).IsValid()) {
		return b, nil
	}
	return name, port
}

// addressOf returns the address that b is, in one notation.
func addressOf(b []byte) netip.Addr {
	ip, _ := netip.ParseAddr(string(b))
	return ip.Unmap()
}

func digits(b []byte) bool {
	return !slices.ContainsFunc(b, func(c byte) bool { return !isDigit(c) })
}

// undotted drops the dot that ends a fully qualified name.
func undotted(b []byte) []byte {
	if n := len(b) - 1; n > 0 && b[n] == '.' {
		return b[:n]
	}
	return b
}

func appendSmall(to, b []byte) []byte {
	for _, c := range b {
		to = append(to, small(c))
	}
	return to
}

func small(c byte) byte {
	if c >= 'A' && c <= 'Z' {
		return c | 0x20
	}
	return c
}
