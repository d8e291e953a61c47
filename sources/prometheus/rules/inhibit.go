package rules

import (
	"bufio"
	"io"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources/prometheus/rules/yamlout"
)

// WriteInhibit writes the part of Alertmanager's configuration that keeps an alert quiet
// while a faster class of its objective fires. All are objectives that have rules.
func WriteInhibit(w io.Writer, all []spec.Objective) error {
	f := &File{out: bufio.NewWriter(w)}
	f.line("", mark)
	f.line("", "inhibit_rules:")
	equal := strings.Join(telling(all), ", ")
	f.inhibit(slo.Page, "ticket|log", equal)
	f.inhibit(slo.Ticket, "log", equal)
	return f.out.Flush()
}

// inhibit writes the rule by which a class mutes slower ones. Alerts of other origin, whose
// labels are equal since they have none of ours, are not meant; nor are those on missing
// data: they tell of the counting, and not of how fast the same events go bad.
func (f *File) inhibit(source slo.Class, targets, equal string) {
	f.line("  ", "- source_matchers: ['", classLabel, "=\"", string(source), "\"']")
	f.line("    ", "target_matchers: ['", classLabel, "=~\"", targets, "\"', '", sloLabel, "!=\"\"', '",
		conditionLabel, "!~\"(?s).* ", string(slo.Silence), " [^ ]+\"']")
	f.line("    ", "equal: [", equal, "]")
}

// telling returns the labels that tell the alerts of one objective and label set from
// others. One that no alert of an objective has is equal on all of them.
func telling(all []spec.Objective) []string {
	var per []string
	for _, o := range all {
		for _, label := range o.Per {
			per = append(per, yamlout.Text(label))
		}
	}
	slices.Sort(per)
	return append([]string{serviceLabel, sloLabel}, slices.Compact(per)...)
}
