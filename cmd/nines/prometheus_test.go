package main

import (
	"net/http/httptest"
	"os"
	"strings"
	"time"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/nines-slo/nines/sources/prometheus/wire/wiretest"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// prometheus starts a server that speaks Prometheus' API about the series that a file has
// in the form of sampletest.Lines, scraped from START on, and sets a variable to its
// address. A line "# TYPE METRIC TYPE" says of what type a metric is. The server has no
// remote read; one called vm has the export of VictoriaMetrics. A QUERY evaluates to what
// its file has.
func prometheus(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 4 || len(args)%2 > 0 {
		ts.Fatalf("usage: prometheus NAME FILE START EVERY [QUERY FILE]...")
	}
	start, err := time.Parse(time.RFC3339, args[2])
	ts.Check(err)
	every, err := time.ParseDuration(args[3])
	ts.Check(err)
	types := map[string]string{}
	read := func(file string) (out []wiretest.Series) {
		var samples []string
		for line := range strings.Lines(ts.ReadFile(file)) {
			if words := strings.Fields(line); len(words) == 4 && words[1] == "TYPE" {
				types[words[2]] = words[3]
			} else {
				samples = append(samples, line)
			}
		}
		for _, s := range sampletest.Lines(start, every, strings.Join(samples, "")) {
			out = append(out, wiretest.Series{Labels: s.Labels, Times: s.Times, Values: s.Values})
		}
		return out
	}
	s := &wiretest.Server{Series: read(args[1]), Victoria: args[0] == "vm", Types: types,
		Answers: map[string][]wiretest.Series{}}
	for i := 4; i < len(args); i += 2 {
		s.Answers[args[i]] = read(args[i+1])
	}
	server := httptest.NewServer(s)
	ts.Defer(server.Close)
	ts.Setenv(args[0], server.URL+"/prefix")
}

// fill puts the values of variables into a file, which has them as @NAME@.
func fill(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: fill FILE NAME...")
	}
	text := ts.ReadFile(args[0])
	for _, name := range args[1:] {
		text = strings.ReplaceAll(text, "@"+name+"@", ts.Getenv(name))
	}
	ts.Check(os.WriteFile(ts.MkAbs(args[0]), []byte(text), 0o600))
}
