// Package all lists every kind of destination. A new kind is one folder beside this
// one and one line here.
package all

import (
	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/discord"
	"github.com/nines-slo/nines/report/notify/email"
	"github.com/nines-slo/nines/report/notify/exec"
	"github.com/nines-slo/nines/report/notify/googlechat"
	"github.com/nines-slo/nines/report/notify/lineworks"
	"github.com/nines-slo/nines/report/notify/mattermost"
	"github.com/nines-slo/nines/report/notify/opsgenie"
	"github.com/nines-slo/nines/report/notify/pagerduty"
	"github.com/nines-slo/nines/report/notify/slack"
	"github.com/nines-slo/nines/report/notify/stackstorm"
	"github.com/nines-slo/nines/report/notify/stdout"
	"github.com/nines-slo/nines/report/notify/teams"
	"github.com/nines-slo/nines/report/notify/webhook"
)

// Kinds returns the kinds of destination, by name.
func Kinds() []notify.Kind {
	return []notify.Kind{
		discord.Kind(),
		email.Kind(),
		exec.Kind(),
		googlechat.Kind(),
		lineworks.Kind(),
		mattermost.Kind(),
		opsgenie.Kind(),
		pagerduty.Kind(),
		slack.Kind(),
		stackstorm.Kind(),
		stdout.Kind(),
		teams.Kind(),
		webhook.Kind(),
	}
}
