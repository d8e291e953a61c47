package main

import (
	"bytes"
	"context"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report"
	places "github.com/nines-slo/nines/report/notify/all"
	"github.com/nines-slo/nines/report/text"
	"github.com/nines-slo/nines/sources/all"
)

// TestOutputsAgain: every form of an answer is drawn again from its JSON, byte by byte.
// It speaks Japanese, whose texts differ from the English messages that JSON has too. A
// status leaves the days of its tables to reports.
func TestOutputsAgain(t *testing.T) {
	forms := outputs()
	again(t, forms.status, report.ReadStatus, []string{"table", "wide"}, "status", "shop")
	again(t, forms.alerts, report.ReadAlerts, nil, "alerts", "shop")
	again(t, forms.gate, report.ReadGate, nil, "gate", "shop")
	again(t, forms.suggest, report.ReadSuggestions, nil, "suggest", "table")
	again(t, forms.backtest, report.ReadBacktest, nil, "backtest", "table",
		"--from", "2026-09-01T00:00:00Z", "--to", "2026-10-01T00:00:00Z")
}

// again runs a command over an example in every form but some, and draws the same from
// its JSON.
func again[M any](t *testing.T, f forms[M], read func([]byte) (M, error), but []string,
	command, example string, flags ...string) {
	t.Helper()
	run := func(form string) []byte {
		var out, errs bytes.Buffer
		a := app{kinds: all.Kinds(), places: places.Kinds(), stdin: strings.NewReader(""), stdout: &out, stderr: &errs,
			getenv: func(string) string { return "" }, now: fixedNow}
		args := []string{command, "../../examples/" + example, "-q", "--at", "2026-10-01T00:00:00Z",
			"--lang", "ja", "-o", form}
		if code := a.run(context.Background(), append(args, flags...)); code == exitUsage || out.Len() == 0 {
			t.Fatalf("%q: exit %d: %s", args, code, errs.Bytes())
		}
		return out.Bytes()
	}
	model, err := read(run("json"))
	if err != nil {
		t.Fatalf("%s: %v", command, err)
	}
	for _, form := range f {
		if slices.Contains(but, form.name) {
			continue
		}
		var got bytes.Buffer
		if err := form.write(&got, model, text.Options{Quiet: true}); err != nil {
			t.Fatal(err)
		}
		if want := run(form.name); !bytes.Equal(got.Bytes(), want) {
			t.Errorf("%s -o %s, drawn again:\n%s\nwant:\n%s", command, form.name, got.Bytes(), want)
		}
	}
}
