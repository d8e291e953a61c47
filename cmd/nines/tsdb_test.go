package main

import (
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/tsdb/tsdbtest"
)

// tsdb writes a data folder of Prometheus: the series that a file has in the form of
// sampletest.Lines, scraped from START on. Samples before HEAD are in a block, the others in
// the write-ahead log.
func tsdb(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 5 {
		ts.Fatalf("usage: tsdb FOLDER FILE START EVERY HEAD")
	}
	start, err := time.Parse(time.RFC3339, args[2])
	ts.Check(err)
	every, err := time.ParseDuration(args[3])
	ts.Check(err)
	head, err := time.Parse(time.RFC3339, args[4])
	ts.Check(err)
	all := sampletest.Lines(start, every, ts.ReadFile(args[1]))
	before, after := split(all, head.UnixMilli())
	log := &tsdbtest.Log{}
	log.Series(all)
	log.Scrapes(all, after, tsdbtest.Samples, tsdbtest.Floats)
	files := tsdbtest.Block{ULID: tsdbtest.ULID(1), Series: before}.Files()
	files["wal/00000000"] = log.Bytes()
	for name, text := range files {
		path := ts.MkAbs(filepath.Join(args[0], name))
		ts.Check(os.MkdirAll(filepath.Dir(path), 0o755))
		ts.Check(os.WriteFile(path, text, 0o644))
	}
}

// split cuts series at an instant.
func split(all []sampletest.Series, at int64) (before, after []sampletest.Series) {
	for _, s := range all {
		n := 0
		for n < len(s.Times) && s.Times[n] < at {
			n++
		}
		if n > 0 {
			before = append(before, sampletest.Series{Labels: s.Labels, Times: s.Times[:n], Values: s.Values[:n]})
		}
		if n < len(s.Times) {
			after = append(after, sampletest.Series{Labels: s.Labels, Times: s.Times[n:], Values: s.Values[n:]})
		}
	}
	return before, after
}
