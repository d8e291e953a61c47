package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"iter"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nines-slo/nines/cmd/nines/replace"
	"github.com/nines-slo/nines/slo/burn"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/sources/prometheus/rules"
	"github.com/nines-slo/nines/sources/prometheus/rules/change"
	"github.com/nines-slo/nines/sources/prometheus/rules/dashboard"
	"github.com/nines-slo/nines/sources/prometheus/rules/unit"
)

// rulesCmd writes Prometheus rules. It reads the SLO files and nothing else.
type rulesCmd struct {
	Files      files    `embed:""`
	Choose     choosing `embed:""`
	Out        string   `placeholder:"FILE" help:"Write the rules here; - is stdout. With --kubernetes also a folder, which gets a file a service. Default: stdout."`
	Diff       string   `placeholder:"FILE" help:"Write nothing: show what would change in this file, exit 1 if anything would."`
	Tests      string   `enum:",2,3" default:"" placeholder:"VERSION" help:"With --out rules.yaml: also write rules_test.yaml beside it, which promtool of Prometheus 2 or 3 runs. Alerts have to fire and clear in it when backtest --prometheus-semantics says."`
	Kubernetes bool     `help:"Write PrometheusRule objects, one a service."`
	Dashboard  string   `placeholder:"FILE" help:"Write a dashboard of Grafana here, for all objectives; - is stdout. Without --out no rules are written beside it."`
	Inhibit    string   `placeholder:"FILE" help:"Write inhibit_rules of Alertmanager here, by which a page mutes tickets of the same objective; - is stdout. Without --out no rules are written beside them."`
	Quiet      bool     `short:"q" help:"No warnings and notes."`
}

// Run executes the command.
func (c *rulesCmd) Run(a *app) error {
	set, err := reading{Files: c.Files, Quiet: c.Quiet}.load(a)
	if err != nil {
		return err
	}
	chosen := set
	if len(c.Choose.Only) > 0 {
		if chosen, err = choose(set, c.Choose.Only); err != nil {
			return err
		}
	}
	if err := c.fit(); err != nil {
		return err
	}
	if err := c.ready(set); err != nil {
		return err
	}
	made := &ruling{kubernetes: c.Kubernetes}
	changed := false
	switch {
	case c.Diff != "":
		changed, err = c.diff(a, made, chosen.Objectives)
	case c.Kubernetes && c.toFolder():
		err = c.folder(a, set, made, chosen.Objectives)
	default:
		err = c.file(a, made, chosen.Objectives)
	}
	if err == nil {
		err = c.beside(a, made)
	}
	if err != nil {
		return err
	}
	if err := made.tell(a, set, c.Quiet); err != nil || !changed {
		return err
	}
	return exitError{code: exitFindings}
}

// fit refuses flags that do not go together.
func (c *rulesCmd) fit() error {
	stdout := c.Out == "" || replace.Stdout(c.Out)
	switch {
	case c.Diff == "-" && slices.Contains(c.Files.Paths, "-"):
		return usagef("the SLO files and --diff both read standard input\nhint: give one of them a file")
	case c.Diff != "" && c.Out+c.Tests+c.Dashboard+c.Inhibit != "":
		return usagef("--diff writes nothing: --out, --tests, --dashboard and --inhibit do not go with it")
	case c.Tests != "" && (stdout || c.Kubernetes):
		return usagef("--tests is for --out, a file of rules\nhint: add --out rules.yaml, without --kubernetes")
	case !c.Kubernetes && c.toFolder():
		return usagef("--out %s is a folder: rules are one file\nhint: name a file, or add --kubernetes", c.Out)
	}
	return c.apart()
}

// target is a file that the command writes, and the flag that asks for it.
type target struct{ flag, file string }

// place returns the one name of a target, - of stdout.
func (t target) place() string {
	if replace.Stdout(t.file) {
		return "-"
	}
	return replace.Place(t.file)
}

// targets returns all that is written; of a folder of objects the folder.
func (c *rulesCmd) targets() []target {
	all := []target{{"--out", c.Out}, {"--tests", c.testFile()}, {"--dashboard", c.Dashboard}, {"--inhibit", c.Inhibit}}
	return slices.DeleteFunc(all, func(t target) bool { return t.file == "" })
}

// testFile returns where the tests of the rules go, "" without any.
func (c *rulesCmd) testFile() string {
	if c.Tests == "" {
		return ""
	}
	return strings.TrimSuffix(c.Out, filepath.Ext(c.Out)) + "_test.yaml"
}

// apart refuses two outputs that go to one place.
func (c *rulesCmd) apart() error {
	places := map[string]string{}
	for _, t := range c.targets() {
		place := t.place()
		if other, taken := places[place]; taken {
			return usagef("%s and %s both write to %s\nhint: give each a file of its own", other, t.flag, filepath.Clean(t.file))
		}
		places[place] = t.flag
	}
	return nil
}

// ready refuses outputs in the place of what is read, and tests in the place of what nines did not
// write and nobody named. Nothing is written before all are known to be good.
func (c *rulesCmd) ready(set *spec.Set) error {
	reads := inputsOf(set)
	for _, t := range c.targets() {
		if replace.Stdout(t.file) {
			continue
		}
		if err := reads.spare(t.file); err != nil {
			return err
		}
		if t.flag == "--tests" && foreign(t.file, unit.Mark) {
			return usagef("%s was not made by nines rules: it is not written over\nhint: give --out another name, or remove that file", t.file)
		}
	}
	return nil
}

// foreign tells whether there is a file that does not begin with a mark.
func foreign(file, mark string) bool {
	f, err := os.Open(file)
	if err != nil {
		return false
	}
	defer f.Close()
	begun, err := io.ReadAll(io.LimitReader(f, int64(len(mark))))
	return err == nil && string(begun) != mark
}

// toFolder tells whether --out names a folder, which may not be there yet.
func (c *rulesCmd) toFolder() bool {
	return c.Out != "" && (os.IsPathSeparator(c.Out[len(c.Out)-1]) || isFolder(c.Out))
}

// file writes the rules, and with --tests their tests beside them. Where only what goes with
// rules is asked for, they are made all the same: it is about those that have some.
func (c *rulesCmd) file(a *app, made *ruling, all []spec.Objective) error {
	if c.Out == "" && c.Dashboard+c.Inhibit != "" {
		return made.write(io.Discard, all)
	}
	if err := c.write(a, c.Out, func(w io.Writer) error { return made.write(w, all) }); err != nil {
		return err
	}
	if c.Tests == "" {
		return nil
	}
	return c.write(a, c.testFile(), func(w io.Writer) error { return c.tests(w, made) })
}

// beside writes what goes with the rules.
func (c *rulesCmd) beside(a *app, made *ruling) error {
	if c.Dashboard != "" {
		if err := c.write(a, c.Dashboard, dashboard.Write); err != nil {
			return err
		}
	}
	if c.Inhibit == "" {
		return nil
	}
	var all []spec.Objective
	for _, o := range made.made {
		all = append(all, *o)
	}
	return c.write(a, c.Inhibit, func(w io.Writer) error { return rules.WriteInhibit(w, all) })
}

// diff shows what would change in a file, and tells whether anything would. A file that is
// not there yet is an empty one.
func (c *rulesCmd) diff(a *app, made *ruling, all []spec.Objective) (bool, error) {
	before, size, err := c.before(a)
	if err != nil {
		return false, usagef("--diff %s cannot be read: %s", c.Diff, paths.Reason(err))
	}
	if file, is := before.(io.Closer); is {
		defer file.Close()
	}
	w, err := change.NewWriter(a.say(), before, size)
	if err != nil {
		return false, usagef("--diff %s cannot be read: %s", c.Diff, paths.Reason(err))
	}
	if err := made.write(w, all); err != nil {
		return false, err
	}
	return w.Close()
}

// before returns the rules that --diff names, and their size. What comes through a pipe is held.
func (c *rulesCmd) before(a *app) (io.ReaderAt, int64, error) {
	in := a.stdin
	if c.Diff != "-" {
		file, err := a.root.OpenNamed(c.Diff)
		if errors.Is(err, fs.ErrNotExist) {
			fmt.Fprintf(a.stderr, "%s is not there yet: all rules are new\n", diag.Escape(c.Diff))
			return strings.NewReader(""), 0, nil
		}
		if err != nil {
			return nil, 0, err
		}
		if info, err := file.Stat(); err == nil && info.Mode().IsRegular() {
			return file, info.Size(), nil
		}
		in = file
	}
	text, err := io.ReadAll(in)
	return bytes.NewReader(text), int64(len(text)), err
}

// folder writes a file for each service, whole also where --only chooses a part of it, and
// removes those that nines made of services that are gone. With --only nobody knows which are.
func (c *rulesCmd) folder(a *app, set *spec.Set, made *ruling, all []spec.Objective) error {
	chosen := map[string]bool{}
	for _, o := range all {
		chosen[o.Service] = true
	}
	names, err := c.objects(set, made, chosen)
	if err != nil {
		return err
	}
	var files replace.Many
	for service, own := range services(set.Objectives) {
		if !chosen[service] {
			continue
		}
		groups := made.groups(own)
		if len(groups) == 0 {
			continue
		}
		err := files.Write(filepath.Join(c.Out, rules.ObjectName(service)+".yaml"), func(w io.Writer) error {
			objects := rules.NewObjects(w)
			objects.Add(service, groups)
			return objects.Close()
		})
		if err != nil {
			return err
		}
	}
	if len(c.Choose.Only) > 0 {
		return nil
	}
	return made.sweep(a, c.Out, names)
}

// objects returns the names of the files of a folder, one for each service. It refuses those of
// the chosen that others have: what is read, what somebody else wrote, and other outputs.
func (c *rulesCmd) objects(set *spec.Set, made *ruling, chosen map[string]bool) (map[string]bool, error) {
	names, reads := map[string]bool{}, inputsOf(set)
	for _, o := range set.Objectives {
		name := rules.ObjectName(o.Service) + ".yaml"
		if names[name] {
			continue
		}
		names[name] = true
		if !chosen[o.Service] {
			continue
		}
		file := filepath.Join(c.Out, name)
		if err := reads.spare(file); err != nil {
			return nil, err
		}
		if text, err := os.ReadFile(file); err == nil && !made.wrote(name, text) {
			return nil, usagef("%s was not made by nines rules: it is not written over", file)
		}
	}
	folder := replace.Place(c.Out)
	for _, t := range c.targets() {
		if dir, name := filepath.Split(t.place()); filepath.Clean(dir) == folder && names[name] {
			return nil, usagef("--out and %s both write to %s\nhint: give each a file of its own", t.flag, filepath.Clean(t.file))
		}
	}
	return names, nil
}

// wrote tells whether nines wrote a file of a folder: one object, under the name of one.
func (*ruling) wrote(name string, text []byte) bool {
	return strings.HasPrefix(name, "nines-") && strings.HasPrefix(string(text), rules.ObjectMark) && !strings.Contains(string(text), "\n---")
}

// sweep removes the objects that nines wrote to a folder, those of names aside.
func (r *ruling) sweep(a *app, dir string, names map[string]bool) error {
	entries, err := os.ReadDir(dir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	for _, e := range entries {
		file := filepath.Join(dir, e.Name())
		if names[e.Name()] || !e.Type().IsRegular() || filepath.Ext(file) != ".yaml" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil || !r.wrote(e.Name(), text) {
			continue
		}
		if err := os.Remove(file); err != nil {
			return err
		}
		fmt.Fprintf(a.stderr, "removed %s: its service is in no SLO file any more\n", diag.Escape(file))
	}
	return nil
}

// writing writes a text that escapes by itself what is not seen.
type writing func(io.Writer) error

func (w writing) write(to io.Writer) error { return w(to) }

// write has a file written, stdout if it has no name.
func (c *rulesCmd) write(a *app, file string, text writing) error {
	if file == "" || replace.Stdout(file) {
		return text.write(a.stdout)
	}
	return replace.Write(file, text)
}

// tests writes the tests of all rules that were made.
func (c *rulesCmd) tests(w io.Writer, made *ruling) error {
	semantics := map[string]burn.Semantics{"2": burn.Prometheus2, "3": burn.Prometheus3}[c.Tests]
	f := unit.NewFile(w, filepath.Base(c.Out))
	for _, o := range made.made {
		test, err := unit.Outage(*o, semantics)
		if err != nil {
			made.findings = append(made.findings, diag.Warnf(o.Pos, "rules/test", "no test for %s: %v", o.ID(), err))
			continue
		}
		f.Add(test)
	}
	return f.Close()
}

// ruling makes the rules of objectives, and keeps what there is to say of them.
type ruling struct {
	findings diag.List
	made     []*spec.Objective
	others   int // objectives of other sources

	kubernetes bool // objects are written
}

// write writes the rules of all that have some: one file, or an object a service.
func (r *ruling) write(w io.Writer, all []spec.Objective) error {
	if r.kubernetes {
		objects := rules.NewObjects(w)
		for service, own := range services(all) {
			objects.Add(service, r.groups(own))
		}
		return objects.Close()
	}
	f := rules.NewFile(w)
	for i := range all {
		f.Add(r.of(&all[i]))
	}
	return f.Close()
}

// groups returns those of some objectives.
func (r *ruling) groups(all []spec.Objective) []rules.Group {
	var out []rules.Group
	for i := range all {
		out = append(out, r.of(&all[i])...)
	}
	return out
}

// services yields the objectives of each service, by name.
func services(all []spec.Objective) iter.Seq2[string, []spec.Objective] {
	return func(yield func(string, []spec.Objective) bool) {
		of := map[string][]spec.Objective{}
		for _, o := range all {
			of[o.Service] = append(of[o.Service], o)
		}
		for _, service := range slices.Sorted(maps.Keys(of)) {
			if !yield(service, of[service]) {
				return
			}
		}
	}
}

// of returns the groups of an objective, none if it has none.
func (r *ruling) of(o *spec.Objective) []rules.Group {
	for _, p := range o.Parts {
		if p.Source.Type != "prometheus" {
			r.others++
			r.findings = append(r.findings, diag.Warnf(o.Pos, "rules/source", "no rules for %s: its source is %s",
				o.ID(), p.Source.Type))
			return nil
		}
	}
	groups, findings := rules.Of(*o)
	r.findings = append(r.findings, findings...)
	if !findings.Errors() {
		r.made = append(r.made, o)
	}
	return groups
}

// tell says what there is to know of the rules. Objectives that Prometheus counts and that
// have none, and files of which nothing came, are no answer.
func (r *ruling) tell(a *app, set *spec.Set, quiet bool) error {
	r.findings.Sort()
	set.Illustrate(r.findings)
	var shown diag.List
	for _, f := range r.findings {
		if !quiet || f.Severity == diag.Error {
			shown = append(shown, f)
		}
	}
	a.tell(shown)
	if len(r.made)+len(r.findings) == 0 {
		fmt.Fprintln(a.stderr, "no objectives: nothing to make rules of")
	}
	if r.others > 0 && !quiet {
		fmt.Fprintf(a.stderr, "%s of other sources, which have no rules\n", plural(r.others, "objective"))
	}
	if r.findings.Errors() || len(r.made) == 0 {
		return exitError{code: exitFindings}
	}
	return nil
}
