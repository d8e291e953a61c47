// Package html draws a report as one HTML file for managers: it is opened from
// mail, read on a phone, printed on A4, and asks nothing of a network. It leaves
// out everything that an objective on track does not need: the good news is one
// row of a table.
//
// Bars, bullets and calendars are SVG written here and work without JavaScript.
// Charts are option objects that the embedded ECharts draws; each has a table of
// its figures. Texts of the user reach the page through html/template, through
// escaped SVG or as JSON, never as markup.
package html

import (
	"bytes"
	"crypto/sha256"
	"embed"
	"encoding/base64"
	"html/template"
	"io"

	"github.com/klauspost/compress/zstd"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo/diag"
)

//go:embed page.gohtml style.css draw.js echarts/echarts.min.js.zst echarts/LICENSE.zst echarts/NOTICE
var assets embed.FS

// Write writes r as one HTML file in r.Language. The same r gives the same bytes.
func Write(w io.Writer, r *report.Report) error {
	p, err := newPage(r)
	if err != nil {
		return err
	}
	t, err := template.ParseFS(assets, "page.gohtml")
	if err != nil {
		return err
	}
	out := diag.NewPage(w, diag.JSON, false)
	if err := t.Execute(out, p); err != nil {
		return err
	}
	return out.Flush()
}

// asset returns an embedded file.
func asset(name string) string {
	data, err := assets.ReadFile(name)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return string(data)
}

// library returns the chart library, which a program that draws no page need not unpack.
func library() string { return unpacked("echarts/echarts.min.js.zst") }

// unpacked returns an embedded file that is compressed.
func unpacked(name string) string {
	unpack, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1))
	if err != nil {
		panic(err) // it takes its options
	}
	defer unpack.Close()
	text, err := unpack.DecodeAll([]byte(asset(name)), nil)
	if err != nil {
		panic(err) // the file is part of the program
	}
	return string(text)
}

// scripts returns the script elements of a page and the policy that allows them
// and nothing else. A page without charts needs no chart library.
func scripts(charts bool) (elements template.HTML, policy string) {
	sources := []string{asset("draw.js")}
	if charts {
		sources = []string{library(), asset("draw.js")}
	}
	var html bytes.Buffer
	policy = "default-src 'none'; img-src data:; style-src 'unsafe-inline'; script-src"
	for _, s := range sources {
		sum := sha256.Sum256([]byte(s))
		policy += " 'sha256-" + base64.StdEncoding.EncodeToString(sum[:]) + "'"
		html.WriteString("<script>" + s + "</script>\n")
	}
	return template.HTML(html.String()), policy
}
