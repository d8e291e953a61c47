// Package all lists every kind of destination. A new kind is one folder beside this
// one and one line here.
package all

import (
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/exec"
	"github.com/nines-slo/nines/report/notify/lineworks"
	"github.com/nines-slo/nines/report/notify/opsgenie"
	"github.com/nines-slo/nines/report/notify/pagerduty"
	"github.com/nines-slo/nines/report/notify/stackstorm"
	"github.com/nines-slo/nines/report/notify/stdout"
	"github.com/nines-slo/nines/report/notify/teams"
	"github.com/nines-slo/nines/report/notify/webhook"
)

// Kinds returns the kinds of destination, by name.
func Kinds() []notify.Kind {
	return []notify.Kind{
		exec.Kind(),
		lineworks.Kind(),
		opsgenie.Kind(),
		pagerduty.Kind(),
		stackstorm.Kind(),
		stdout.Kind(),
		teams.Kind(),
		webhook.Kind(),
	}
}
