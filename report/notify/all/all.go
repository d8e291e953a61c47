// Package all lists every kind of destination. A new kind is one folder beside this
// one and one line here.
package all

import (
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/email"
	"github.com/nines-slo/nines/report/notify/stdout"
)

// Kinds returns the kinds of destination, by name.
func Kinds() []notify.Kind {
	return []notify.Kind{
		email.Kind(),
		stdout.Kind(),
	}
}
