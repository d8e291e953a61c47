package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/sources/all"
)

// TestFilesNameAllLanguages: what SLO files may say is what there are texts for.
func TestFilesNameAllLanguages(t *testing.T) {
	var out bytes.Buffer
	a := app{kinds: all.Kinds(), places: places.Kinds(), stdout: &out, stderr: &out, now: fixedNow}
	if code := a.run(context.Background(), []string{"schema"}); code != 0 {
		t.Fatalf("exit %d: %s", code, out.Bytes())
	}
	list := regexp.MustCompile(`(?s)"description": "Language of the report.",\s*"enum": (\[.*?\])`).FindSubmatch(out.Bytes())
	if list == nil {
		t.Fatal("the schema has no languages")
	}
	var got []unit.Language
	if err := json.Unmarshal(list[1], &got); err != nil {
		t.Fatal(err)
	}
	if want := unit.Languages(); !slices.Equal(got, want) {
		t.Errorf("files may name %q, there are texts for %q", got, want)
	}
}

// TestLanguageIsAFolder: the program built with one more folder of texts, those of
// English in capitals, says all that it says in that language. No line of code differs.
func TestLanguageIsAFolder(t *testing.T) {
	if testing.Short() {
		t.Skip("it builds the program")
	}
	root, dir := filepath.Join("..", ".."), t.TempDir()
	loud := filepath.Join(dir, "nines")
	build := exec.Command("go", "build", "-overlay", addLanguage(t, root, dir), "-o", loud, "./cmd/nines")
	build.Dir = root
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	in := func(language string, args ...string) string {
		cmd := exec.Command(loud, append(args, "--at", "2026-10-12T09:30:00Z", "--lang", language)...)
		cmd.Dir = filepath.Join(root, "examples", "table")
		out, err := cmd.Output()
		if exit := new(exec.ExitError); err != nil && !(errors.As(err, &exit) && exit.ExitCode() == exitUncertain) {
			t.Fatalf("%q: %v", args, err)
		}
		return string(out)
	}
	for _, args := range [][]string{
		{"status", ".", "-o", "markdown"}, {"status", ".", "-o", "wide"}, {"alerts", ".", "-o", "markdown"},
		{"backtest", ".", "-o", "markdown", "--from", "2026-09-01T00:00:00Z", "--to", "2026-10-01T00:00:00Z"},
	} {
		quiet, got := in("en", args...), in("loud", args...)
		if got == quiet {
			t.Errorf("%q: the further language says what English says", args)
		}
		if !strings.EqualFold(got, quiet) {
			t.Errorf("%q: the further language says other things than English:\n%s\n%s", args, got, quiet)
		}
	}
	page := in("loud", "report", ".", "--period", "2026-09", "--html", "-")
	for _, want := range []string{`<html lang="loud">`, "OBJECTIVES WITHIN THEIR BUDGET", "SEPTEMBER 2026", "HOW THE FIGURES ARE MADE"} {
		if !strings.Contains(page, want) {
			t.Errorf("the page does not say %q", want)
		}
	}
}

// addLanguage writes the texts of English in capitals, and returns the overlay by
// which the go tool finds them as one more folder.
func addLanguage(t *testing.T, root, dir string) string {
	t.Helper()
	texts, err := filepath.Abs(filepath.Join(root, "report", "words", "texts"))
	if err != nil {
		t.Fatal(err)
	}
	files, err := filepath.Glob(filepath.Join(texts, "en", "*.txt"))
	if err != nil || len(files) == 0 {
		t.Fatalf("no texts of English: %v", err)
	}
	overlay := map[string]map[string]string{"Replace": {}}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		name := filepath.Join(dir, filepath.Base(file))
		if err := os.WriteFile(name, []byte(inCapitals(string(text))), 0o644); err != nil {
			t.Fatal(err)
		}
		overlay["Replace"][filepath.Join(texts, "loud", filepath.Base(file))] = name
	}
	form, err := json.Marshal(overlay)
	if err != nil {
		t.Fatal(err)
	}
	name := filepath.Join(dir, "overlay.json")
	if err := os.WriteFile(name, form, 0o644); err != nil {
		t.Fatal(err)
	}
	return name
}

// inCapitals returns a file of texts in capitals, but for its ids and places.
func inCapitals(file string) string {
	place := regexp.MustCompile(`\{\w+\}`)
	var out strings.Builder
	for line := range strings.Lines(file) {
		id, text, ok := strings.Cut(strings.TrimSuffix(line, "\n"), " = ")
		if !ok || strings.HasPrefix(id, "#") {
			continue
		}
		if plain, err := strconv.Unquote(text); err == nil {
			text = plain
		}
		loud := strings.ToUpper(text)
		for _, at := range place.FindAllStringIndex(text, -1) {
			loud = loud[:at[0]] + text[at[0]:at[1]] + loud[at[1]:]
		}
		out.WriteString(id + " = " + strconv.Quote(loud) + "\n")
	}
	return out.String()
}
