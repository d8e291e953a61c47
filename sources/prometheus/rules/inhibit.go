package rules

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/spec"
)

// Inhibit writes what a configuration of Alertmanager needs for a slower alert to be quiet
// while a faster one of the same objective fires. Missing data is told all the same.
func (m *Maker) Inhibit(w io.Writer, all []*spec.Objective) error {
	told := map[string]bool{} // labels that tell alerts of a policy apart
	for _, o := range all {
		for _, label := range slices.Concat(o.Per, m.labels[pair{o.Service, o.Name}]) {
			told[label] = true
		}
	}
	equal := append([]string{serviceLabel, sloLabel}, slices.Sorted(maps.Keys(told))...)
	_, err := fmt.Fprintf(w, `%s
inhibit_rules:
  - source_matchers: ['nines_class="page"']
    target_matchers: ['nines_class=~"ticket|log"', 'nines_condition!~".* no data .*"']
    equal: [%s]
  - source_matchers: ['nines_class="ticket"', 'nines_condition!~".* no data .*"']
    target_matchers: ['nines_class="log"', 'nines_condition!~".* no data .*"']
    equal: [%[2]s]
`, mark, strings.Join(equal, ", "))
	return err
}
