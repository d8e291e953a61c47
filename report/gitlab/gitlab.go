// Package gitlab writes a gate as the Code Quality report of GitLab, which its
// merge requests show at the line of the policy that decided: a list of issues,
// one per reason and override, empty if there is none.
package gitlab

import (
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"io"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// issue has the fields that GitLab reads.
type issue struct {
	Description string   `json:"description"`
	Check       string   `json:"check_name"`
	Fingerprint string   `json:"fingerprint"` // the same for the same reason in the next run
	Severity    string   `json:"severity"`
	Location    location `json:"location"`
}

type location struct {
	Path  string `json:"path"` // relative to the repository, without ./
	Lines lines  `json:"lines"`
}

type lines struct {
	Begin int `json:"begin"`
}

// Gate writes g.
func Gate(w io.Writer, g *report.Gate) error {
	issues := []issue{}
	for _, r := range g.Causes() {
		found := issueOf(words.Named(g.Language, r.IDs), r)
		if found.Location.Path == "" { // of what did not come
			found.Location.Path = strings.Join(g.Files[:min(1, len(g.Files))], "")
		}
		issues = append(issues, found)
	}
	for _, n := range g.Notes {
		about := g.Objectives[slices.IndexFunc(g.Objectives, func(o report.GateObjective) bool { return o.ID == n.Objectives[0] })]
		issues = append(issues, issue{Description: words.GateNote(g, n), Check: "nines-gate/" + n.Code,
			Fingerprint: fingerprint(append([]string{n.Code}, n.Objectives...)...), Severity: "info",
			Location: location{Path: filepath.ToSlash(about.File), Lines: lines{Begin: max(about.Checks[0].Pos.Line, 1)}}})
	}
	for _, o := range g.Exceptions() {
		issues = append(issues, issue{Description: o.Text, Check: "nines-gate/override", Fingerprint: fingerprint(o.Policy, o.Owner, o.Reason), Severity: "info",
			Location: location{Path: filepath.ToSlash(o.Pos.File), Lines: lines{Begin: max(o.Pos.Line, 1)}}})
	}
	if len(g.Objectives)+len(g.Lacking) == 0 {
		issues = append(issues, issue{Description: words.GateOpening(g), Check: "nines-gate/" + string(slo.CannotTell), Fingerprint: fingerprint("nothing"),
			Severity: "critical", Location: location{Path: strings.Join(g.Files[:min(1, len(g.Files))], ""), Lines: lines{Begin: 1}}})
	}
	enc := json.NewEncoder(diag.NewScreen(w, diag.JSON, false))
	enc.SetIndent("", "  ")
	return enc.Encode(issues)
}

func issueOf(name string, r report.GateReasonOf) issue {
	c := r.Check
	severity := map[slo.Verdict]string{slo.Closed: "blocker", slo.CannotTell: "critical", slo.Warn: "minor"}[c.Weight]
	text := name + ": " + c.Text
	if c.Remedy != "" {
		text += " – " + c.Remedy
	}
	return issue{Description: text, Check: "nines-gate/" + string(c.Code), Fingerprint: fingerprint(append(slices.Clone(r.IDs), string(c.Code), c.Policy)...), Severity: severity,
		Location: location{Path: filepath.ToSlash(c.Pos.File), Lines: lines{Begin: max(c.Pos.Line, 1)}}}
}

// fingerprint tells reasons apart.
func fingerprint(parts ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(parts, "\x00")))
	return hex.EncodeToString(sum[:16])
}
