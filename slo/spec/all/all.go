// Package all lists the formats of SLO files that this build reads. A new format is a
// package beside this one, and a line here.
package all

import (
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/pyrra"
	"github.com/nines-slo/nines/slo/spec/sloth"
)

// Formats returns every format, the native one first.
func Formats() []spec.Format {
	return []spec.Format{
		spec.Native(),
		sloth.Format(),
		pyrra.Format(),
	}
}
