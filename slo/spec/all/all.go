// Package all lists the formats of SLO files that this build reads. A new format is a
// package beside this one, and a line here.
package all

import (
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/nobl9"
	"github.com/nines-slo/nines/slo/spec/openslo"
	"github.com/nines-slo/nines/slo/spec/pyrra"
	"github.com/nines-slo/nines/slo/spec/slogenerator"
	"github.com/nines-slo/nines/slo/spec/sloth"
)

// Formats returns every format, the native one first. Lenient reads what the rules of a format
// forbid and has one obvious meaning.
func Formats(lenient bool) []spec.Format {
	return []spec.Format{
		spec.Native(),
		nobl9.Format(),
		openslo.Format(lenient),
		pyrra.Format(),
		slogenerator.Format(),
		sloth.Format(),
	}
}
