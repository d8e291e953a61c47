package main

import (
	"archive/zip"
	"bytes"
	"context"
	"encoding/csv"
	"encoding/json"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nines-slo/nines/cmd/nines/transport"
	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/sources/all"
)

// heard is what a command said.
type heard struct {
	code     int
	out, err string
}

// typed runs a command as it was typed.
func typed(env map[string]string, args ...string) heard { return typedOn(nil, env, args...) }

// typedOn is typed where a network is there, or none.
func typedOn(net *transport.Transport, env map[string]string, args ...string) heard {
	var out, errs bytes.Buffer
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs,
		getenv: func(name string) string { return env[name] }, now: fixedNow, http: net}
	code := a.run(context.Background(), args)
	return heard{code, out.String(), errs.String()}
}

// sound tells what is raw in what a command wrote.
func (w heard) sound(t *testing.T, what, s string) {
	t.Helper()
	for stream, text := range map[string]string{"stdout": w.out, "stderr": w.err} {
		if raw := reporttest.Raw(text); raw != "" {
			t.Errorf("%s of %.40q: %s holds %q", what, s, stream, raw)
		}
		if line := reporttest.Obeyed(text); line != "" && !(stream == "stdout" && strings.Contains(what, "github")) {
			t.Errorf("%s of %.40q: %s has the command %.80q", what, s, stream, line)
		}
	}
}

// TestNothingRawOfTheCommandLine gives every string to commands that take words.
func TestNothingRawOfTheCommandLine(t *testing.T) {
	table := "../../examples/table"
	for _, s := range reporttest.Strings() {
		if strings.HasPrefix(s, "../") {
			continue
		}
		for _, args := range [][]string{
			{s}, {"status", s}, {"status", "--" + s}, {"status", table, "--only", s}, {"status", table, "--at", s},
			{"status", table, "-o", s}, {"status", table, "--timeout", s}, {"status", table, "--root", s}, {"status", table, "--from", s},
			{"report", table, "--period", s}, {"gate", table, "--deploys", s}, {"explain", table, s},
			{"explain", table, "--series", s, "-o", "csv"}, {"validate", s, "-o", "json"}, {"init", "--from-log", s, "--out", "-"},
			{"backtest", table, "--incidents", s}, {"alerts", table, "--alertmanager", s},
		} {
			typed(nil, args...).sound(t, strings.Join(args[:1], " "), s)
		}
	}
}

// fields are the places of an SLO file in which a text of people stands.
var fields = []string{
	`service: %s`, `owner: %s`, `labels: {team: %s}`, `report: {title: %s}`,
	`exclusions: [{name: %s, start: 2026-05-01T01:00:00Z, end: 2026-05-01T02:00:00Z}]`,
	`exclusions: [{name: x, agreed_by: %s, start: 2026-05-01T01:00:00Z, end: 2026-05-01T02:00:00Z}]`,
	`exclusions: [{name: x, ics: %s}]`, `exclusions: [{name: x, only: [%s], start: 2026-05-01T01:00:00Z, end: 2026-05-01T02:00:00Z}]`,
	`gate: {overrides: [{owner: %s, reason: r, expires: 2026-12-01}]}`, `gate: {overrides: [{owner: o, reason: %s, expires: 2026-12-01}]}`,
	`gate: {closed: {burn: %s}}`, `alerts: [{name: %s, class: page, long: 1h, short: 5m, factor: 10}]`, `alerts: [{class: %s, long: 1h}]`,
	`timezone: %s`, `%s: 1`, `apiVersion: %s`,
}

// promises are such places of an objective, sources those of a source.
var (
	promiseFields = []string{`name: %s`, `description: %s`, `owner: %s`, `labels: {%s: a}`, `labels: {k: %s}`, `target: %s`, `window: %s`, `per: [%s]`}
	sourceFields  = []string{`path: %s`, `type: %s`, `step: %s`, `timezone: %s`, `labels: {k: %s}`, `%s: 1`}
)

// document returns an SLO file with one line more, and one more key of the objective and
// of the source.
func document(line, promise, source string) string {
	doc := ""
	for _, fixed := range []string{"apiVersion: nines/v1", "service: shop"} {
		if key, _, _ := strings.Cut(fixed, ":"); !strings.HasPrefix(line, key+":") {
			doc += fixed + "\n"
		}
	}
	join := func(more string, fixed ...string) string {
		var parts []string
		for _, one := range fixed {
			if key, _, _ := strings.Cut(one, ":"); !strings.HasPrefix(more, key+":") {
				parts = append(parts, one)
			}
		}
		if more != "" {
			parts = append(parts, more)
		}
		return "{" + strings.Join(parts, ", ") + "}"
	}
	return doc + line + "\nsources:\n  m: " + join(source, "type: csv", "path: m.csv") + "\nslos:\n  - " +
		join(promise, "name: up", "target: 90%", "window: 1d", "per: [k]", "sli: {source: m}") + "\n"
}

// TestNothingRawOfFiles writes every string where an SLO file, its data and its names have
// texts: a file for each place, each of which is found to be right or told what is wrong
// with it, and one with the string in all free texts and in the data.
func TestNothingRawOfFiles(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Mkdir("all", 0o700); err != nil {
		t.Fatal(err)
	}
	for _, s := range reporttest.Strings() {
		quoted := strconv.Quote(s) // which YAML reads as Go does, but for bytes that are no text
		var rows bytes.Buffer
		table := csv.NewWriter(&rows)
		table.WriteAll([][]string{{"timestamp", "k", "good", "total"}, {"2026-05-01T11:58:00Z", s, "1", "9"}, {"2026-05-01T11:59:00Z", s, "1", "9"}})
		write("m.csv", rows.String())
		at := []string{"--at", "2026-05-01T12:00:00Z"}
		var docs []string
		for _, f := range fields {
			docs = append(docs, document(fmt.Sprintf(f, quoted), "", ""))
		}
		for _, f := range promiseFields {
			docs = append(docs, document("", fmt.Sprintf(f, quoted), ""))
		}
		for _, f := range sourceFields {
			docs = append(docs, document("", "", fmt.Sprintf(f, quoted)))
		}
		docs = append(docs, s, document("# "+s, "", ""), document("owner: "+s, "", ""))
		for i, doc := range docs {
			write(filepath.Join("all", fmt.Sprintf("%d.yaml", i)), doc)
		}
		typed(nil, "validate", "all").sound(t, "validate", s)
		typed(nil, "validate", "all", "-o", "json").sound(t, "validate -o json", s)
		write("nines.yaml", document(strings.ReplaceAll(free, "%s", quoted), "description: "+quoted, ""))
		for _, args := range [][]string{{"status", "-o", "csv"}, {"gate", "-o", "github"}, {"report", "--markdown", "-"}} {
			typed(nil, append(args, at...)...).sound(t, strings.Join(args, " "), s)
		}
	}
}

// free are texts that files may hold on any one line.
const free = `owner: %s
report: {title: %s}
exclusions: [{name: %s, agreed_by: %s, start: 2026-05-01T11:00:00Z, end: 2026-05-01T11:01:00Z}]
gate: {overrides: [{owner: %s, reason: %s, expires: 2026-12-01}]}`

// TestNothingRawOfNames gives commands files whose names are hostile, and every command in
// every form a table in which every string is a label.
func TestNothingRawOfNames(t *testing.T) {
	t.Chdir(t.TempDir())
	rows := [][]string{{"timestamp", "k", "good", "total"}}
	for _, s := range reporttest.Strings() {
		rows = append(rows, []string{"2026-05-01T11:59:00Z", s, "1", "9"})
		if s == "" || len(s) > 200 || strings.ContainsAny(s, "/\x00") {
			continue
		}
		if err := os.WriteFile(s+".yaml", []byte("apiVersion: nines/v1\nservices: x\n"), 0o600); err != nil {
			continue // no name here
		}
		for _, args := range [][]string{{"status", "./" + s + ".yaml"}, {"status", s + ".yaml"}, {"validate", s + ".yaml", "-o", "json"}, {"validate", "."}} {
			typed(nil, args...).sound(t, args[0], s)
		}
		os.Remove(s + ".yaml")
	}
	var table bytes.Buffer
	csv.NewWriter(&table).WriteAll(rows)
	os.WriteFile("m.csv", table.Bytes(), 0o600)
	os.WriteFile("nines.yaml", []byte(document("owner: x", "", "")), 0o600)
	for command, forms := range map[string]string{"status": "table wide json csv markdown", "alerts": "table json markdown",
		"gate": "table json markdown junit github gitlab", "suggest": "table json markdown", "backtest": "table json csv markdown"} {
		for form := range strings.FieldsSeq(forms) {
			args := []string{command, "-o", form, "--at", "2026-05-01T12:00:00Z"}
			if command == "suggest" || command == "backtest" {
				args = append(args, "--from", "2026-05-01T10:00:00Z")
			}
			w := typed(nil, args...)
			w.sound(t, command+" -o "+form, "all")
			if form == "json" && !json.Valid([]byte(w.out)) {
				t.Errorf("%s -o json is none: %.200s", command, w.out)
			}
		}
	}
	typed(nil, "explain", "nines.yaml", "--at", "2026-05-01T12:00:00Z").sound(t, "explain", "all")
	summary := filepath.Join(t.TempDir(), "summary.md")
	typed(map[string]string{"GITHUB_STEP_SUMMARY": summary}, "gate", "-o", "github", "--at", "2026-05-01T12:00:00Z").sound(t, "github", "all")
	if text, err := os.ReadFile(summary); err != nil || reporttest.Raw(string(text)) != "" {
		t.Errorf("the step's summary holds %q, %v", reporttest.Raw(string(text)), err)
	}
	out := typed(nil, "report", "--period", "2026-05", "--at", "2026-06-02T12:00:00Z", "--out", "made")
	out.sound(t, "report", "all")
	text, err := os.ReadFile("made/report.html")
	if err != nil || reporttest.Raw(string(text)) != "" {
		t.Errorf("the page holds %q, %v\n%s", reporttest.Raw(string(text)), err, out.err)
	}
	book, err := zip.OpenReader("made/report.xlsx")
	if err != nil {
		t.Fatal(err)
	}
	defer book.Close()
	for _, part := range book.File {
		f, err := part.Open()
		if err != nil {
			t.Fatal(err)
		}
		text, _ := io.ReadAll(f)
		if raw := reporttest.Raw(strings.ReplaceAll(string(text), "\r\n", "\n")); raw != "" || strings.Contains(string(text), "<f>1+1") {
			t.Errorf("%s of the workbook holds %q", part.Name, raw)
		}
	}
}

// addresses are where the destinations of messages read theirs: secrets, that no output
// shows.
func addresses() map[string]string {
	return map[string]string{
		"SLACK": "https://hooks.slack.com/services/T0CANARY/B0CANARY/hushhushhushhushhush", "CHAT": "https://chat.example/hooks/CANARYhushhush",
		"DISCORD": "https://discord.com/api/webhooks/123456789012345678/CANARYhushhush", "KEY": "CANARY0123456789abcdef0123456789",
		"GOOGLE": "https://chat.googleapis.com/v1/spaces/AAAA/messages?key=CANARYhush&token=CANARYhushhush",
		"TEAMS":  "https://x.environment.api.powerplatform.com:443/powerautomate/triggers/manual/paths/invoke?api-version=1&sig=CANARYhush",
		"LINE":   "https://webhook.worksmobile.com/message/CANARYhushhush",
	}
}

// everywhere are destinations of each kind that people read, and of each that programs do.
const everywhere = `destinations:
  out: {type: stdout, classes: [page, ticket]}
  slack: {type: slack, url_env: SLACK, classes: [page, ticket]}
  mattermost: {type: mattermost, url_env: CHAT, classes: [page, ticket]}
  discord: {type: discord, url_env: DISCORD, classes: [page, ticket]}
  google: {type: googlechat, url_env: GOOGLE, classes: [page, ticket]}
  teams: {type: teams, url_env: TEAMS, classes: [page, ticket]}
  line: {type: lineworks, url_env: LINE, classes: [page, ticket]}
  hook: {type: webhook, url_env: CHAT, token_env: KEY, classes: [page, ticket]}
  storm: {type: stackstorm, url: "https://st2.example", key_env: KEY, webhook: nines, classes: [page, ticket]}
  program: {type: exec, command: [cat], input: text, classes: [page, ticket]}
  mail: {type: email, smtp: "mail.example:587", from: slo@shop.example, to: [a@shop.example], classes: [page, ticket]}
  pager: {type: pagerduty, key_env: KEY, classes: [page, ticket]}
  genie: {type: opsgenie, key_env: KEY, classes: [page, ticket]}
`

// TestNothingRawOfMessages writes every string where a message has texts: names, owners,
// labels, titles, links, deploys and the errors of sources. What each kind of destination
// would be sent holds nothing raw, and no secret.
func TestNothingRawOfMessages(t *testing.T) {
	t.Chdir(t.TempDir())
	var to []string
	for line := range strings.Lines(everywhere) {
		name, _, _ := strings.Cut(strings.TrimSpace(line), ":")
		if name != "destinations" && name != "pager" && name != "genie" {
			to = append(to, "--to", name)
		}
	}
	write := func(name, text string) {
		if err := os.WriteFile(name, []byte(text), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	table := func(name string, rows ...[]string) {
		var out bytes.Buffer
		csv.NewWriter(&out).WriteAll(rows)
		write(name, out.String())
	}
	sent := 0
	for _, s := range reporttest.Strings() {
		quoted := strconv.Quote(s)
		rows := [][]string{{"timestamp", "k", "good", "total"}}
		for _, minute := range []string{"00:00", "11:56", "11:57", "11:58", "11:59"} {
			rows = append(rows, []string{"2026-05-08T" + minute + ":00Z", s, "1", "9"})
		}
		table("m.csv", rows...)
		table("deploys.csv", []string{"time", "name"}, []string{"2026-05-08T11:55:00Z", s})
		for i, doc := range []string{
			document(strings.ReplaceAll(free, "%s", quoted), "description: "+quoted, ""),
			document("report: {link: "+quoted+"}", "", ""), document("", "name: "+quoted, ""), document("owner: x", "", "path: "+quoted),
		} {
			write("nines.yaml", doc+everywhere)
			for _, args := range [][]string{
				append([]string{"summary", "--dry-run", "--state", "state", "--at", "2026-05-11T12:00:00Z", "--deploys", "deploys.csv"}, to...),
				append([]string{"summary", "--dry-run", "--state", "state", "--at", "2026-05-11T12:00:00Z", "--split", "owner"}, to[:4]...),
				{"summary", "-o", "markdown", "--at", "2026-05-11T12:00:00Z"}, {"summary", "-o", "json", "--at", "2026-05-11T12:00:00Z"},
				{"alerts", "--notify", "--dry-run", "--state", "state", "--at", "2026-05-08T12:00:00Z"},
			} {
				w := typedOn(transport.New(fixedNow), addresses(), args...)
				what := fmt.Sprintf("%d: %s %s", i, args[0], args[1])
				w.sound(t, what, s)
				if at := strings.Index(w.out+w.err, "CANARY"); at >= 0 {
					t.Errorf("%s of %.40q shows a secret: %.80q", what, s, (w.out + w.err)[max(0, at-40):])
				}
				sent += strings.Count(w.out, "to mail a@shop.example\n")
			}
		}
	}
	if sent < 79 {
		t.Errorf("%d mails would be sent: the test shows little", sent)
	}
}

// TestStreams holds who may write to the streams: nobody names those of the process but
// main, and what stands for them as a path; nobody those of the app but what puts a screen
// in front of them, and forms, which do so themselves.
func TestStreams(t *testing.T) {
	process := []string{"cmd/nines/main.go", "cmd/nines/replace/replace.go", "examples/shop/generate/main.go"}
	err := filepath.WalkDir("../..", func(path string, e fs.DirEntry, err error) error {
		name, _ := filepath.Rel("../..", path)
		switch {
		case err != nil:
			return err
		case e.IsDir() && (e.Name() == "testdata" || strings.HasPrefix(e.Name(), ".") && name != "."):
			return filepath.SkipDir
		case !strings.HasSuffix(path, ".go") || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, 0)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				if of, ok := n.Fun.(*ast.Ident); ok && of.Name == "println" {
					t.Errorf("%s prints to stderr", name)
				}
				if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == "write" {
					n.Args = slices.DeleteFunc(n.Args, func(arg ast.Expr) bool { return streamOf(arg) == "a.stdout" })
				}
			case *ast.SelectorExpr:
				stream := streamOf(n)
				own := stream == "a.stdout" && name != "cmd/nines/app.go"
				if (stream == "os.Stdout" || stream == "os.Stderr") && !slices.Contains(process, name) || own {
					t.Errorf("%s writes to %s", name, stream)
				}
			}
			if found := streamOf(n); slices.Contains([]string{"fmt.Print", "fmt.Println", "fmt.Printf", "log.Print", "log.Printf"}, found) {
				t.Errorf("%s writes by %s", name, found)
			}
			return true
		})
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}

// streamOf returns "a.b" of such an expression.
func streamOf(n ast.Node) string {
	selected, ok := n.(*ast.SelectorExpr)
	if !ok {
		return ""
	}
	of, ok := selected.X.(*ast.Ident)
	if !ok {
		return ""
	}
	return of.Name + "." + selected.Sel.Name
}
