// Command render writes the sample report as HTML to standard output.
//
//	go run ./render [-hostile] [-lang ja] > report.html
package main

import (
	"flag"
	"fmt"
	"os"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/report/html"
	"github.com/nines-slo/nines/report/reporttest"
	"github.com/nines-slo/nines/report/unit"
)

func main() {
	hostile := flag.Bool("hostile", false, "use names that break careless renderers")
	lang := flag.String("lang", "en", "language: en or ja")
	flag.Parse()
	if err := html.Write(os.Stdout, sample(*hostile, unit.Language(*lang))); err != nil {
		fmt.Fprintln(os.Stderr, "render:", err)
		os.Exit(2)
	}
}

func sample(hostile bool, lang unit.Language) *report.Report {
	if hostile {
		return reporttest.Hostile(lang)
	}
	return reporttest.Sample(lang)
}
