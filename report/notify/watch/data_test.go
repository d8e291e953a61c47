package watch

import (
	"bytes"
	"encoding/json"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/slo"
)

// The example of the page is what a destination gets of an alert that came and went, of
// one that fires, and of one whose data ended while it fired.
func TestDataIsThatOfThePage(t *testing.T) {
	w := &world{at: time.Date(2026, 11, 2, 9, 5, 0, 0, time.UTC), files: "ours"}
	for _, id := range []string{"a/page", "a/slow", "a/ticket"} {
		w.becomes(id, "over")
	}
	w.look(func(string) notify.Outcome { return notify.Sent })
	for _, f := range []string{"flash 09:10-09:15", "flash 09:50-09:55", "flash 10:35-10:41"} {
		w.becomes("a/page", f)
	}
	w.at = w.clock("10:30")
	w.becomes("a/ticket", "fires")
	w.at = w.clock("11:00")
	w.becomes("a/slow", "fires")
	w.becomes("a/ticket", "blind")
	w.at = w.clock("11:45")
	told := w.look(func(string) notify.Outcome { return notify.Unknown })
	var form bytes.Buffer
	if err := json.Indent(&form, told[0].Data, "", "  "); err != nil {
		t.Fatal(err)
	}
	form.WriteString("\n")
	reporttest.Golden(t, "alert.json", form.Bytes())
	page, err := os.ReadFile("../../README.md")
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(page), "```json\n"+form.String()+"```") {
		t.Error("report/README.md shows something else than testdata/alert.json")
	}
	// Every key is explained there.
	var keys map[string]any
	all, _ := json.Marshal(notify.Change{
		Since: w.at, Until: w.at, Blind: w.at, Times: 1, Seconds: 1, Passed: true, Again: true, Details: []string{""},
	})
	if err := json.Unmarshal(all, &keys); err != nil || len(keys) != reflect.TypeFor[notify.Change]().NumField() {
		t.Fatalf("%d keys: %v", len(keys), err)
	}
	for key := range keys {
		if !strings.Contains(string(page), "| `"+key+"` |") {
			t.Errorf("report/README.md says nothing of %s", key)
		}
	}
}

// What is written reads back.
func TestReadData(t *testing.T) {
	when := rapid.Custom(func(t *rapid.T) time.Time {
		if rapid.Bool().Draw(t, "none") {
			return time.Time{}
		}
		return time.Unix(rapid.Int64Range(0, 4e9).Draw(t, "unix"), 0).UTC()
	})
	rapid.Check(t, func(t *rapid.T) {
		m := notify.Message{At: when.Draw(t, "at"), Headline: rapid.String().Draw(t, "headline"), Changes: []notify.Change{}}
		for range rapid.IntRange(0, 3).Draw(t, "changes") {
			m.Changes = append(m.Changes, notify.Change{
				Key: rapid.String().Draw(t, "key"), Kind: notify.Resolved, Class: slo.Page,
				Service: rapid.String().Draw(t, "service"), Objective: rapid.String().Draw(t, "objective"),
				Policy: rapid.String().Draw(t, "policy"), Since: when.Draw(t, "since"), Until: when.Draw(t, "until"),
				Blind: when.Draw(t, "blind"), Times: rapid.Int().Draw(t, "times"), Seconds: rapid.Int64().Draw(t, "seconds"),
				Passed: rapid.Bool().Draw(t, "passed"), Again: rapid.Bool().Draw(t, "again"),
				Summary: rapid.String().Draw(t, "summary"),
			})
		}
		back, err := Read(dataOf(m))
		if want := (&Data{Schema, m.At, m.Headline, m.Changes}); err != nil || !reflect.DeepEqual(back, want) {
			t.Fatalf("got %v, %v, want %v", back, err, want)
		}
	})
	for text, want := range map[string]string{
		`{"schema":"nines.summary/v1"}`: `this is "nines.summary/v1", not "nines.alert/v1"`,
		`{"schema":`:                    "unexpected end of JSON input",
	} {
		if _, err := Read([]byte(text)); err == nil || err.Error() != want {
			t.Errorf("%s: %v", text, err)
		}
	}
}

// Whatever is read is told to be right or wrong, and reads back.
func FuzzRead(f *testing.F) {
	f.Add([]byte(`{"schema":"nines.alert/v1","at":"2026-11-02T10:00:00Z","headline":"x","changes":[{"key":"k","since":"2026-11-02T09:00:00+01:00"}]}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		d, err := Read(text)
		if err != nil {
			return
		}
		m := notify.Message{At: d.At, Headline: d.Headline, Changes: d.Changes}
		if again, err := Read(dataOf(m)); err == nil && len(again.Changes) != len(d.Changes) {
			t.Errorf("%q reads back as %v", text, again)
		}
	})
}
