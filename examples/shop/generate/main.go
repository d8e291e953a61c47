// Command generate writes the measurements of the example shop: rotated access
// logs, tables of counts and the runs of batch jobs. It knows no clock and no
// outside randomness, so every run writes the same content. Run it as
//
//	go run ./examples/shop/generate
package main

import (
	"bufio"
	"compress/gzip"
	"flag"
	"fmt"
	"io"
	"os"
	"path/filepath"
)

func main() {
	dir := flag.String("dir", "examples/shop", "folder that gets logs/ and data/")
	flag.Parse()
	if err := generate(*dir); err != nil {
		fmt.Fprintln(os.Stderr, "generate:", err)
		os.Exit(1)
	}
}

// generate writes every file below dir.
func generate(dir string) error {
	for _, week := range weeks() {
		name := "logs/access-" + week.start.In(berlin).Format("2006-01-02") + ".log.gz"
		if err := writeFile(filepath.Join(dir, name), week.write); err != nil {
			return err
		}
	}
	for name, write := range map[string]func(io.Writer){
		"data/search.csv.gz":         writeSearch,
		"data/suggestions.csv":       writeSuggestions,
		"data/payments.csv.gz":       writePayments,
		"data/authorisations.csv.gz": writeAuthorisations,
		"data/settlement.ndjson":     writeSettlement,
		"data/index.ndjson":          writeIndex,
	} {
		if err := writeFile(filepath.Join(dir, name), write); err != nil {
			return err
		}
	}
	return nil
}

// writeFile creates a file, compressed if its name says so.
func writeFile(path string, write func(io.Writer)) error {
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		return err
	}
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	if filepath.Ext(path) == ".gz" {
		if err := compress(w, write); err != nil {
			return err
		}
	} else {
		write(w)
	}
	if err := w.Flush(); err != nil {
		return err
	}
	return f.Close()
}

func compress(w io.Writer, write func(io.Writer)) error {
	z := gzip.NewWriter(w)
	b := bufio.NewWriter(z)
	write(b)
	if err := b.Flush(); err != nil {
		return err
	}
	return z.Close()
}
