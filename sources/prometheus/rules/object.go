package rules

import (
	"bufio"
	"crypto/sha256"
	"encoding/hex"
	"io"
	"strings"

	"github.com/nines-slo/nines/sources/prometheus/rules/yamlout"
)

// Objects writes groups as PrometheusRule objects of Kubernetes, one a service. Begin it
// with NewObjects.
type Objects struct {
	file  File
	begun bool // there is an object
}

// NewObjects begins objects.
func NewObjects(w io.Writer) *Objects {
	return &Objects{file: File{out: bufio.NewWriterSize(w, 1<<16)}}
}

// ObjectMark is what each object begins with: a file that does may be written anew, or removed.
const ObjectMark = mark + "\napiVersion: monitoring.coreos.com/v1\nkind: PrometheusRule\n"

// Add writes the object of a service, none without groups.
func (o *Objects) Add(service string, groups []Group) {
	if len(groups) == 0 {
		return
	}
	f := &o.file
	if o.begun {
		f.line("", "---")
	}
	o.begun = true
	f.out.WriteString(ObjectMark)
	f.line("", "metadata:")
	f.line("  ", "name: ", yamlout.Text(ObjectName(service)))
	f.line("  ", "labels:")
	f.line("    ", "app.kubernetes.io/managed-by: nines")
	f.line("  ", "annotations:")
	f.line("    ", "nines-slo/service: ", yamlout.Text(service))
	f.line("", "spec:")
	f.line("  ", "groups:")
	for _, g := range groups {
		f.group("    ", g)
	}
}

// Close writes what is still held.
func (o *Objects) Close() error { return o.file.out.Flush() }

// longest is how long the name of an object may be, that of a label in the DNS (RFC 1123).
const longest = 63

// ObjectName returns the name of the object of a service: nines- and the service. What such
// a name may not be is made one, with a sum of the service behind it, so that no two
// services have one name, and no service has another for what stands beside it. A service
// whose own name ends as if it were such a sum has one, too.
func ObjectName(service string) string {
	name := strings.Trim(strings.Map(func(r rune) rune {
		switch {
		case r >= 'a' && r <= 'z', r >= '0' && r <= '9':
			return r
		case r >= 'A' && r <= 'Z':
			return r + 'a' - 'A'
		}
		return '-'
	}, service), "-")
	if name == service && len(name) <= longest-len("nines-") && !summed(name) {
		return "nines-" + name
	}
	digest := sha256.Sum256([]byte(service))
	sum := hex.EncodeToString(digest[:sumBytes])
	room := longest - len("nines-") - len(sum) - 1
	name = strings.Trim(name[:min(len(name), room)], "-")
	if name == "" {
		return "nines-" + sum
	}
	return "nines-" + name + "-" + sum
}

// sumBytes is how many bytes of a sum tell services apart.
const sumBytes = 4

// summed tells whether a name ends as those with a sum do.
func summed(name string) bool {
	last := name[strings.LastIndexByte(name, '-')+1:]
	_, err := hex.DecodeString(last)
	return err == nil && len(last) == 2*sumBytes
}
