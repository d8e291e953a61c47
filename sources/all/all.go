// Package all lists every kind of source. A new kind is one folder beside this
// one and one line here.
package all

import (
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/accesslog"
	"github.com/nines-slo/nines/sources/csv"
	"github.com/nines-slo/nines/sources/ndjson"
	"github.com/nines-slo/nines/sources/synthetic"
)

// Kinds returns the kinds of source, by name.
func Kinds() []sources.Kind {
	return []sources.Kind{
		accesslog.Kind(),
		csv.Kind(),
		ndjson.Kind(),
		synthetic.Kind(),
	}
}

// Specs returns what files may say of each kind.
func Specs() []spec.SourceKind {
	var out []spec.SourceKind
	for _, k := range Kinds() {
		out = append(out, k.SourceKind)
	}
	return out
}
