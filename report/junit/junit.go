// Package junit writes a gate as JUnit XML, which GitLab, Jenkins and others show
// as test results: a test case per objective. Closed is a failure, cannot tell an
// error, warn and open pass; a gate without objectives is one error, so that no
// file of it reads as passed.
package junit

import (
	"encoding/xml"
	"io"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/words"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

type suites struct {
	XMLName  xml.Name `xml:"testsuites"`
	Name     string   `xml:"name,attr"`
	Tests    int      `xml:"tests,attr"`
	Failures int      `xml:"failures,attr"`
	Errors   int      `xml:"errors,attr"`
	Suite    suite    `xml:"testsuite"`
}

type suite struct {
	Name      string     `xml:"name,attr"`
	Tests     int        `xml:"tests,attr"`
	Failures  int        `xml:"failures,attr"`
	Errors    int        `xml:"errors,attr"`
	Skipped   int        `xml:"skipped,attr"`
	Time      string     `xml:"time,attr"`
	Timestamp string     `xml:"timestamp,attr"`
	Cases     []testcase `xml:"testcase"`
	Out       string     `xml:"system-out,omitempty"`
}

type testcase struct {
	Class   string  `xml:"classname,attr"` // GitLab shows it as the suite
	Name    string  `xml:"name,attr"`
	File    string  `xml:"file,attr,omitempty"`
	Line    int     `xml:"line,attr,omitempty"`
	Time    string  `xml:"time,attr"`
	Failure *result `xml:"failure"`
	Error   *result `xml:"error"`
	Out     string  `xml:"system-out,omitempty"`
}

type result struct {
	Message string `xml:"message,attr"`
	Type    string `xml:"type,attr"`
	Text    string `xml:",chardata"`
}

// Gate writes g.
func Gate(w io.Writer, g *report.Gate) error {
	s := suite{Name: clean(words.GateTitle(g)), Time: "0", Timestamp: g.At.UTC().Format(time.RFC3339), Out: clean(whole(g))}
	for _, o := range g.Objectives {
		s.Cases = append(s.Cases, caseOf(g, o))
	}
	for _, c := range g.Lacking {
		why := &result{Message: clean(c.Text), Type: string(c.Weight), Text: clean(told(g, c) + whole(g))}
		s.Cases = append(s.Cases, testcase{Class: "nines gate", Name: clean(c.Name), Time: "0", Error: why})
	}
	if len(s.Cases) == 0 {
		s.Cases = []testcase{{Class: "nines gate", Name: "objectives", Time: "0", Error: &result{Message: clean(words.GateOpening(g)), Type: string(slo.CannotTell)}}}
	}
	for _, c := range s.Cases {
		if c.Failure != nil {
			s.Failures++
		}
		if c.Error != nil {
			s.Errors++
		}
	}
	s.Tests = len(s.Cases)
	all := suites{Name: "nines gate", Tests: s.Tests, Failures: s.Failures, Errors: s.Errors, Suite: s}
	out := diag.NewPage(w, diag.XML, false)
	out.WriteString(xml.Header)
	enc := xml.NewEncoder(out)
	enc.Indent("", "  ")
	if err := enc.Encode(all); err != nil {
		return err
	}
	out.WriteString("\n")
	return out.Flush()
}

// caseOf returns the test case of an objective.
func caseOf(g *report.Gate, o report.GateObjective) testcase {
	first := o.Checks[0]
	c := testcase{Class: clean(o.Status.Service), Name: clean(o.ID), File: clean(first.Pos.File), Line: first.Pos.Line, Time: "0"}
	why := &result{Message: clean(first.Text), Type: string(o.Verdict), Text: clean(checks(g, o) + whole(g))}
	switch o.Verdict {
	case slo.Closed:
		c.Failure = why
	case slo.CannotTell:
		c.Error = why
	default:
		c.Out = clean(checks(g, o))
	}
	return c
}

// checks lists every check of o.
func checks(g *report.Gate, o report.GateObjective) string {
	var b strings.Builder
	for _, c := range o.Checks {
		b.WriteString(told(g, c))
	}
	return b.String()
}

// told returns the lines that tell c.
func told(g *report.Gate, c report.GateCheck) string {
	text := words.GateSays(g, c) + ": " + c.Text + " (" + c.Policy + ")\n"
	if c.Remedy != "" {
		text += "  " + c.Remedy + "\n"
	}
	return text
}

// whole tells what holds for all of g.
func whole(g *report.Gate) string {
	var b strings.Builder
	for _, n := range g.Notes {
		b.WriteString(words.GateNote(g, n) + "\n")
	}
	for _, o := range g.Exceptions() {
		b.WriteString(o.Text + "\n")
	}
	for _, text := range append(words.GateOverride(g), words.GateOpening(g)) {
		if text != "" {
			b.WriteString(text + "\n")
		}
	}
	return b.String()
}

// clean drops what XML 1.0 has no characters for.
func clean(s string) string {
	return strings.Map(func(r rune) rune {
		legal := r == '\t' || r == '\n' || r >= 0x20 && r < 0xD800 || r >= 0xE000 && r < 0xFFFE || r > 0xFFFF
		if !legal || r == utf8.RuneError {
			return '\uFFFD'
		}
		return r
	}, s)
}
