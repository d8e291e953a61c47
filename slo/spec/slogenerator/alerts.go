package slogenerator

import (
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// defaultPolicy is that of SLOs that name none.
const defaultPolicy = "default"

// steps returns the steps of the SLO's error budget policy, nil if no configuration was read.
func (r *reader) steps() []spec.Value {
	name := r.spec.Get("error_budget_policy")
	if !r.config.read {
		f := diag.Warnf(r.spec.Pos, "slo-generator/policy", "no configuration with error_budget_policies is read: the window is 30d, the alerts are nines' own")
		r.once(f.WithHint("name the shared configuration too"))
		return nil
	}
	key := defaultPolicy
	if name.Is() {
		key = name.Text
	}
	policy, known := r.config.policies[key]
	if !known {
		pos := name.Pos
		if !name.Is() {
			pos = r.spec.Pos
		}
		f := diag.Errorf(pos, "slo-generator/policy", "the configuration has no error budget policy %s", diag.Quote(key))
		r.add(f.WithHint("it has %s", strings.Join(r.config.policyNames(), ", ")))
		return nil
	}
	steps := policy.Get("steps").Items
	for _, step := range steps {
		if _, ok := seconds(step); !ok {
			return nil // reported with the configuration
		}
	}
	return steps
}

// most is how many seconds a window may have: ten years.
const most = 315_360_000

// seconds returns the window of a step.
func seconds(step spec.Value) (time.Duration, bool) {
	n, err := strconv.ParseInt(step.Get("window").Text, 10, 32)
	return time.Duration(n) * time.Second, err == nil && n > 0 && n <= most
}

// window returns the window of an SLO that stands at pos: that of its longest step.
func window(steps []spec.Value, pos diag.Pos) spec.Value {
	longest := time.Duration(0)
	for _, step := range steps {
		if d, _ := seconds(step); d > longest {
			longest, pos = d, step.Get("window").Pos
		}
	}
	if longest == 0 {
		return yaml.Text(pos, "30d")
	}
	return yaml.Text(pos, slo.FormatDuration(longest))
}

// alerts returns a policy for each step, missing if there are none.
func alerts(steps []spec.Value) spec.Value {
	if len(steps) == 0 {
		return spec.Value{}
	}
	var policies []spec.Value
	for _, step := range steps {
		class := "log"
		if step.Get("alert").Text == "true" {
			class = "page"
		}
		long, _ := seconds(step)
		at := step.Get("window").Pos
		when := yaml.MapOf(at, step.Get("burn_rate_threshold").As("burn"),
			yaml.Text(at, slo.FormatDuration(long)).As("long"), yaml.Text(at, "none").As("short"))
		annotations := spec.Value{}
		if message := step.Get("message_alert"); message.Kind == spec.Scalar && message.Text != "" {
			annotations = yaml.MapOf(message.Pos, message.As("message"))
		}
		policies = append(policies, yaml.MapOf(step.Pos,
			step.Get("name").As("name"),
			yaml.Text(step.Pos, class).As("class"),
			annotations.As("annotations"),
			yaml.ListOf(at, when).As("when"),
		))
	}
	return yaml.ListOf(steps[0].Pos, policies...)
}
