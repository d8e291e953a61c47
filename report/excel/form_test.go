package excel

import (
	"archive/zip"
	"bytes"
	"encoding/xml"
	"io"
	"path"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/unit"
)

func parts(t testing.TB, data []byte) []*zip.File {
	t.Helper()
	z, err := zip.NewReader(bytes.NewReader(data), int64(len(data)))
	if err != nil {
		t.Fatal(err)
	}
	return z.File
}

func content(t testing.TB, part *zip.File) string {
	t.Helper()
	r, err := part.Open()
	if err != nil {
		t.Fatal(err)
	}
	defer r.Close()
	b, err := io.ReadAll(r)
	if err != nil {
		t.Fatal(err)
	}
	return string(b)
}

// worksheetOrder is that of CT_Worksheet, ECMA-376 part 1, 18.3.1.99.
var worksheetOrder = []string{"sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "sheetCalcPr", "sheetProtection",
	"protectedRanges", "scenarios", "autoFilter", "sortState", "dataConsolidate", "customSheetViews", "mergeCells", "phoneticPr",
	"conditionalFormatting", "dataValidations", "hyperlinks", "printOptions", "pageMargins", "pageSetup", "headerFooter", "rowBreaks",
	"colBreaks", "customProperties", "cellWatches", "ignoredErrors", "smartTags", "drawing", "legacyDrawing", "tableParts", "extLst"}

func TestPartsAreSound(t *testing.T) {
	for name, r := range reports() {
		t.Run(name, func(t *testing.T) {
			names := map[string]bool{}
			all := parts(t, r.data)
			for _, p := range all {
				if names[p.Name] {
					t.Errorf("%s stands twice in the archive", p.Name)
				}
				names[p.Name] = true
			}
			for _, p := range all {
				if strings.HasPrefix(p.Name, "xl/worksheets/sheet") {
					checkOrder(t, p.Name, content(t, p))
				}
				if strings.HasSuffix(p.Name, ".rels") {
					checkTargets(t, p.Name, content(t, p), names)
				}
			}
		})
	}
}

func checkOrder(t *testing.T, part, text string) {
	t.Helper()
	d, depth, last := xml.NewDecoder(strings.NewReader(text)), 0, -1
	for {
		token, err := d.Token()
		if err == io.EOF {
			return
		}
		if err != nil {
			t.Fatalf("%s: %v", part, err)
		}
		switch e := token.(type) {
		case xml.StartElement:
			if depth++; depth == 2 {
				at := slices.Index(worksheetOrder, e.Name.Local)
				if at < last || at < 0 {
					t.Errorf("%s: <%s> stands after <%s>", part, e.Name.Local, worksheetOrder[max(last, 0)])
				}
				last = at
			}
		case xml.EndElement:
			depth--
		}
	}
}

func checkTargets(t *testing.T, part, text string, names map[string]bool) {
	t.Helper()
	folder := path.Dir(path.Dir(part))
	for _, m := range regexp.MustCompile(`Target="([^"]*)"`).FindAllStringSubmatch(text, -1) {
		target := path.Join(folder, m[1])
		if path.IsAbs(m[1]) {
			target = m[1][1:]
		}
		if !names[target] || strings.Contains(m[1], "://") {
			t.Errorf("%s points at %q, which is not in the archive", part, m[1])
		}
	}
}

func TestEveryFontIsNamed(t *testing.T) {
	for lang, want := range map[unit.Language]string{unit.English: "Calibri", unit.Japanese: "Meiryo UI"} {
		for _, p := range parts(t, sample(lang).data) {
			if p.Name != "xl/styles.xml" {
				continue
			}
			text := content(t, p)
			fonts := text[strings.Index(text, "<fonts"):strings.Index(text, "</fonts>")]
			if all, named := strings.Count(fonts, "<font>"), strings.Count(fonts, `<name val="`+want+`"`); all != named || all == 0 {
				t.Errorf("%s: %d of %d fonts are %s", lang, named, all, want)
			}
		}
	}
}

func TestNamesAreDefinedOnce(t *testing.T) {
	f := opened(t, sample(unit.English).data)
	seen := map[string]bool{}
	for _, d := range f.GetDefinedName() {
		key := d.Scope + "/" + d.Name
		if seen[key] {
			t.Errorf("%s is defined twice", key)
		}
		seen[key] = true
	}
	for _, want := range []string{"Workbook/period_minutes", "Workbook/at_risk", "Summary/_xlnm.Print_Area", "Objectives/_xlnm.Print_Titles", "Daily/_xlnm._FilterDatabase"} {
		if !seen[want] {
			t.Errorf("%s is not defined; there are %v", want, seen)
		}
	}
}

func TestTargetIsAnInput(t *testing.T) {
	f := opened(t, sample(unit.English).data)
	rules, err := f.GetDataValidations("Objectives")
	if err != nil || len(rules) != 1 {
		t.Fatalf("%d input rules, %v", len(rules), err)
	}
	if r := rules[0]; r.Sqref != "F5:F18" || r.Type != "decimal" || r.Formula1 != "0.5" || r.Formula2 != "0.999999" {
		t.Errorf("input rule %+v, want a decimal of 0.5 to 0.999999 in F5:F18", r)
	}
}
