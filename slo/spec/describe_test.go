package spec

import (
	"fmt"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
)

// describe lists what a set says, one line a fact.
func describe(set *Set) string {
	var b strings.Builder
	r := set.Report
	fmt.Fprintf(&b, "report %q %q %q %v\n", r.Title, r.Period, r.Language, r.Zone)
	for _, s := range set.Services {
		fmt.Fprintf(&b, "service %q %q owner %q %v\n", s.Name, s.Description, s.Owner, s.Labels)
	}
	for _, o := range set.Objectives {
		fmt.Fprintf(&b, "\n%s\n", o.ID())
		fmt.Fprintf(&b, "  %q owner %q %s %s\n", o.Description, o.Owner, o.Kind.Name, o.Kind.Threshold)
		fmt.Fprintf(&b, "  %s over %s %s in %s week %s anchor %s\n", o.Target, o.Window, o.Window.Nominal(), o.Window.Location(), o.Window.WeekStart, o.Window.Anchor)
		fmt.Fprintf(&b, "  %s slice %s target %s gaps %s no traffic %s\n", o.Budgeting.Method, o.Budgeting.Slice, o.Budgeting.Target, o.Budgeting.Gaps, o.Budgeting.NoTraffic)
		fmt.Fprintf(&b, "  min coverage %s at risk %s incidents %s %s %s %s since %s\n", o.MinCoverage, o.AtRisk, o.Incidents.Burn, o.Incidents.Join, o.Incidents.MinBad, o.Incidents.MinSpent, instants(o.Since))
		for _, p := range o.Parts {
			fmt.Fprintf(&b, "  %s of %s (%s) at %s\n", p.Count, p.Source.Name, p.Source.Type, p.SLI.Pos)
		}
		if o.Links != nil {
			fmt.Fprintf(&b, "  links %q\n", o.Links)
		}
		describeAlerts(&b, o.Alerts)
		describeGate(&b, o)
		if len(o.Per) > 0 {
			fmt.Fprintf(&b, "  per %v\n", o.Per)
		}
		for i, e := range o.Exclusions {
			describeExclusion(&b, e)
			for _, c := range o.Calendars {
				if c.Exclusion == i {
					fmt.Fprintf(&b, " file %s of %q at %s in %s", c.Path, c.Name, c.Pos, c.Zone)
				}
			}
			b.WriteByte('\n')
		}
	}
	return b.String()
}

func describeAlerts(b *strings.Builder, policies []slo.Policy) {
	if policies != nil {
		fmt.Fprintf(b, "  %d policies\n", len(policies))
	}
	for _, p := range policies {
		fmt.Fprintf(b, "  alert %q %s for %s min bad %s evidence %s to %v\n", p.Name, p.Class, p.For, p.MinBad, p.Evidence, p.To)
		if p.Rule != "" || p.Labels != nil || p.Annotations != nil {
			fmt.Fprintf(b, "    rule %q labels %q annotations %q\n", p.Rule, p.Labels, p.Annotations)
		}
		for _, c := range p.When {
			fmt.Fprintf(b, "    %s: %s over %s %s within %s\n", p.Title(c), c.Limit, c.Long, c.Short, c.Within)
		}
	}
}

func describeGate(b *strings.Builder, o Objective) {
	if o.Gate == nil {
		return
	}
	fmt.Fprintf(b, "  gate max age %s missing %s\n", o.Gate.MaxAge, o.Gate.Missing)
	for _, r := range o.Gate.Rules {
		fmt.Fprintf(b, "    %s if %s %s equal %t over %s evidence %s alert %q within %s chance %s only %v hours %v at %s\n",
			r.Then, r.Test, r.Limit, r.Equal, r.Over, r.Evidence, r.Alert, r.Within, r.Chance, r.Only, r.Hours, r.Pos)
	}
	for i, f := range o.Gate.Freezes {
		describeExclusion(b, f.Exclusion)
		fmt.Fprintf(b, " only %v at %s", f.Only, f.Pos)
		for _, c := range o.Freezes {
			if c.Exclusion == i {
				fmt.Fprintf(b, " file %s of %q in %s", c.Path, c.Name, c.Zone)
			}
		}
		b.WriteByte('\n')
	}
	for _, v := range o.Gate.Overrides {
		fmt.Fprintf(b, "    %s by %q for %q until %s only %v missing %t at %s\n", v.Then, v.Owner, v.Reason, instants(v.Expires), v.Only, v.Missing, v.Pos)
	}
}

func describeExclusion(b *strings.Builder, e slo.Exclusion) {
	fmt.Fprintf(b, "  without %q agreed by %q", e.Name, e.AgreedBy)
	for _, p := range e.Fixed {
		fmt.Fprintf(b, " %s to %s", instants(p.Start), instants(p.End))
	}
	if e.Rule != nil {
		fmt.Fprintf(b, " %s from %s %s in %s for %s", e.Rule.Rule, e.Rule.Start, e.Rule.Clock, e.Rule.Zone, e.Rule.Duration)
	}
}

func instants(t time.Time) string {
	if t.IsZero() {
		return "-"
	}
	return t.UTC().Format(time.RFC3339)
}
