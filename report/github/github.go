// Package github writes a gate for GitHub Actions: a workflow command per reason
// and override, which GitHub shows at the line of the policy that decided, and the verdict as
// text, so that it ends the step's log.
//
// Names come from files that a pull request may change. What stands in a command is
// escaped as the runner's toolkit does it, and the text stands between
// stop-commands and a token that depends on all of the text, so that no name in it
// is taken for a command. GitHub shows ten errors and ten warnings of a step.
package github

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"io"
	"strings"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// Gate writes g.
func Gate(w io.Writer, g *report.Gate) error {
	var commands, body bytes.Buffer
	for _, r := range g.Causes() {
		command(&commands, words.Named(g.Language, r.IDs), r.Check)
	}
	for _, n := range g.Notes {
		fmt.Fprintf(&commands, "::notice title=%s::%s\n", property("nines gate: "+n.Code), data(words.GateNote(g, n)))
	}
	for _, o := range g.Exceptions() {
		fmt.Fprintf(&commands, "::notice %stitle=%s::%s\n", place(o.Pos), property("nines gate: override"), data(o.Text))
	}
	if len(g.Objectives)+len(g.Lacking) == 0 {
		fmt.Fprintf(&commands, "::error title=nines gate::%s\n", data(words.GateOpening(g)))
	}
	if err := text.Gate(&body, g, text.Options{}); err != nil {
		return err
	}
	sum := sha256.Sum256(body.Bytes())
	token := hex.EncodeToString(sum[:])
	out := diag.NewScreen(w, diag.Commands, false)
	_, err := fmt.Fprintf(out, "%s::stop-commands::%s\n%s::%s::\n", commands.Bytes(), token, body.Bytes(), token)
	return err
}

// command writes a reason as an annotation.
func command(out *bytes.Buffer, id string, c report.GateCheck) {
	level := "error"
	if c.Weight == slo.Warn {
		level = "warning"
	}
	message := id + ": " + c.Text
	if c.Remedy != "" {
		message += "\n" + c.Remedy
	}
	fmt.Fprintf(out, "::%s %stitle=%s::%s\n", level, place(c.Pos), property("nines gate: "+string(c.Code)), data(message))
}

// place returns the properties of a place, "" for none.
func place(p diag.Pos) string {
	if p.File == "" {
		return ""
	}
	return fmt.Sprintf("file=%s,line=%d,", property(p.File), max(p.Line, 1))
}

// data escapes what a command says.
func data(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(s)
}

// property escapes the value of a command's property.
func property(s string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(s)
}
