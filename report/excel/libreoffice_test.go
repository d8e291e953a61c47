package excel

import (
	"archive/zip"
	"bytes"
	"encoding/csv"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/build"
	"github.com/nines-slo/nines/report/unit"
	"github.com/nines-slo/nines/slo"
)

// always makes LibreOffice recalculate what other programs wrote; by default it
// trusts stored values, and a comparison with them would prove nothing.
const always = `<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>`

// soffice returns the program, and skips the test where it is not installed.
func soffice(t *testing.T) string {
	t.Helper()
	program, err := exec.LookPath("soffice")
	switch {
	case err == nil:
		return program
	case os.Getenv("NINES_CI") == "1":
		t.Fatal("soffice is not installed, and NINES_CI=1 forbids to skip")
	}
	t.Skip("soffice is not installed: the workbook is not recalculated by a real program")
	return ""
}

// cells says how those of a converted workbook are written.
type cells string

const (
	asStored cells = "false"
	asShown  cells = "true"
)

// recalculated converts workbooks in one run and returns each sheet's rows, by
// workbook and sheet. Stored values of formulas are spoilt first: what comes out
// was calculated.
func recalculated(t *testing.T, books map[string][]byte, as cells) map[string]map[string][][]string {
	t.Helper()
	program, dir := soffice(t), t.TempDir()
	profile := filepath.Join(dir, "profile")
	put(t, filepath.Join(profile, "user", "registrymodifications.xcu"), []byte(always))
	args := []string{"--headless", "-env:UserInstallation=file://" + profile, "--convert-to",
		"csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false," + string(as) + "," + string(as) + ",false,false,-1", "--outdir", dir}
	for name, data := range books {
		path := filepath.Join(dir, name+".xlsx")
		put(t, path, spoilt(t, data))
		args = append(args, path)
	}
	cmd := exec.CommandContext(t.Context(), program, args...)
	cmd.Env = append(os.Environ(), "HOME="+dir, "LC_ALL=C.UTF-8") // file names hold the sheets' Japanese names
	if text, err := cmd.CombinedOutput(); err != nil {
		t.Fatalf("soffice: %v\n%s", err, text)
	}
	out := map[string]map[string][][]string{}
	for name, data := range books {
		out[name] = map[string][][]string{}
		for _, sheet := range opened(t, data).GetSheetList() {
			out[name][sheet] = csvRows(t, filepath.Join(dir, name+"-"+sheet+".csv"))
		}
	}
	return out
}

func put(t *testing.T, path string, data []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, data, 0o644); err != nil {
		t.Fatal(err)
	}
}

func csvRows(t *testing.T, path string) [][]string {
	t.Helper()
	f, err := os.Open(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	r := csv.NewReader(f)
	r.FieldsPerRecord, r.LazyQuotes = -1, true
	rows, err := r.ReadAll()
	if err != nil {
		t.Fatal(err)
	}
	return rows
}

var stored = regexp.MustCompile(`</f><v>[^<]*</v>`)

func spoilt(t *testing.T, data []byte) []byte {
	return edited(t, data, func(_, text string) string { return stored.ReplaceAllString(text, "</f><v>424242</v>") })
}

// edited changes the worksheets of a workbook as text.
func edited(t *testing.T, data []byte, change func(part, text string) string) []byte {
	t.Helper()
	var buf bytes.Buffer
	zw := zip.NewWriter(&buf)
	for _, p := range parts(t, data) {
		text := content(t, p)
		if strings.HasPrefix(p.Name, "xl/worksheets/") {
			text = change(p.Name, text)
		}
		w, err := zw.Create(p.Name)
		if err != nil {
			t.Fatal(err)
		}
		if _, err := w.Write([]byte(text)); err != nil {
			t.Fatal(err)
		}
	}
	if err := zw.Close(); err != nil {
		t.Fatal(err)
	}
	return buf.Bytes()
}

// at returns the cell of a converted sheet, "" beyond its end.
func at(rows [][]string, cell string) string {
	var col string
	var row int
	split := strings.IndexAny(cell, "0123456789")
	col = cell[:split]
	fmt.Sscan(cell[split:], &row)
	x := 0
	for _, c := range col {
		x = x*26 + int(c-'A') + 1
	}
	if row > len(rows) || x > len(rows[row-1]) {
		return ""
	}
	return unpercent(rows[row-1][x-1])
}

// unpercent returns "12.5%" as 0.125: cells with such a format come out like that.
func unpercent(v string) string {
	digits, percent := strings.CutSuffix(v, "%")
	n, err := strconv.ParseFloat(digits, 64)
	if !percent || err != nil {
		return v
	}
	return strconv.FormatFloat(n/100, 'g', -1, 64)
}

// TestLibreOfficeCalculatesWhatIsStored holds every formula of every report
// against a real spreadsheet, and a changed target against a new judgement.
func TestLibreOfficeCalculatesWhatIsStored(t *testing.T) {
	soffice(t)
	models := map[string]*report.Report{
		"en": sample(unit.English).Report, "ja": sample(unit.Japanese).Report, "hostile": reports()["hostile"].Report,
		"exact": exactly(t), "running": running(t), "none": many(0),
	}
	books := map[string][]byte{}
	for name, r := range models {
		books[name] = written(t, r)
	}
	before, loosened := map[string][]byte{}, map[string]*report.Report{}
	for name, builder := range map[string]func() *build.Builder{"closed-changed": tenDays, "running-changed": month} {
		before[name] = written(t, one(t, builder(), "99.9%"))
		books[name] = retargeted(t, before[name])
		loosened[name] = one(t, builder(), "99%")
	}
	got := recalculated(t, books, asStored)
	for name := range models {
		checkStored(t, name, formulas(t, books[name]), got[name])
	}
	for name, r := range loosened {
		checkStored(t, name, withActuals(formulas(t, written(t, r)), formulas(t, before[name])), got[name])
	}
}

// TestLibreOfficeShowsWhatThePageShows holds the figures of the page against a real
// spreadsheet, which calculates and rounds by itself.
func TestLibreOfficeShowsWhatThePageShows(t *testing.T) {
	soffice(t)
	books := map[string][]byte{}
	for name, r := range agreeing() {
		books[name] = written(t, r)
	}
	got := recalculated(t, books, asShown)
	for name, r := range agreeing() {
		t.Run(name, func(t *testing.T) {
			checkAgreement(t, r, pageFigures(t, r), bookFigures(r, got[name]))
		})
	}
}

// one is a report on a single objective that has 5,000 bad of 1,440,000 events.
func one(t *testing.T, b *build.Builder, target string) *report.Report {
	t.Helper()
	return judge(t, b, []promise{{name: "latency", target: target, bad: 7000, total: 1_440_000}})
}

// retargeted changes the target of the first objective from 99.9 % to 99 %.
func retargeted(t *testing.T, data []byte) []byte {
	t.Helper()
	target, changed := regexp.MustCompile(`(<c r="F5" s="\d+"><v>)0\.999(</v>)`), 0
	data = edited(t, data, func(part, text string) string {
		if part != "xl/worksheets/sheet2.xml" {
			return text
		}
		changed += len(target.FindAllString(text, -1))
		return target.ReplaceAllString(text, "${1}0.99$2")
	})
	if changed != 1 {
		t.Fatalf("%d targets were changed, want 1", changed)
	}
	return data
}

func TestLooserTargetChangesTheState(t *testing.T) {
	for name, c := range map[string]struct {
		builder       func() *build.Builder
		before, after slo.State
	}{"closed": {tenDays, slo.Missed, slo.Met}, "running": {month, slo.Exhausted, slo.OnTrack}} {
		before, after := one(t, c.builder(), "99.9%").Objectives[0].State, one(t, c.builder(), "99%").Objectives[0].State
		if before != c.before || after != c.after {
			t.Errorf("%s: %s became %s, want %s and %s", name, before, after, c.before, c.after)
		}
	}
}

// withActuals takes the actuals from the workbook before: a target changes neither
// them nor their digits.
func withActuals(after, before []formula) []formula {
	for i, c := range after {
		if c.cell == "G5" && strings.Contains(c.text, "INT(") {
			after[i] = before[slices.IndexFunc(before, func(b formula) bool { return b.sheet == c.sheet && b.cell == c.cell })]
		}
	}
	return after
}

func checkStored(t *testing.T, name string, all []formula, sheets map[string][][]string) {
	t.Helper()
	for _, c := range all {
		if v := at(sheets[c.sheet], c.cell); !same(v, c.cached) {
			t.Errorf("%s: %s!%s =%s gives %q, stored is %q", name, c.sheet, c.cell, c.text, v, c.cached)
		}
	}
	for sheet, rows := range sheets {
		for y, row := range rows {
			for x, v := range row {
				if strings.HasPrefix(v, "Err:") || strings.HasPrefix(v, "#") {
					t.Errorf("%s: %s, row %d, column %d shows %s", name, sheet, y+1, x+1, v)
				}
			}
		}
	}
}
