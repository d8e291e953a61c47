package openmetrics

import (
	"bytes"
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

// format is how the lines of a file are written.
type format byte

// The formats. Timestamps of OpenMetrics are seconds, those of the others milliseconds.
const (
	unsaid format = iota
	openMetrics
	prometheus
	dump
)

// formats are the values of the key format.
func formats() []string { return []string{"", "openmetrics", "prometheus", "dump"} }

func (f format) title() string {
	return [...]string{"", "OpenMetrics", "the Prometheus text format", "what promtool tsdb dump prints"}[f]
}

// Times of samples, in milliseconds. No number is likely both as seconds and as
// milliseconds.
var (
	earliest = time.Date(1990, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	latest   = time.Date(2200, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
	last     = time.Date(10000, 1, 1, 0, 0, 0, 0, time.UTC).UnixMilli()
)

// likely tells whether samples are of that time.
func likely(ms int64) bool { return ms >= earliest && ms < latest }

// headSize is how much of a file tells what it is.
const headSize = 256 << 10

// formatOf tells how a file is written that begins with head; all of it, if complete.
// What one format alone has decides; where there is nothing of the kind, which unit
// gives the timestamps a likely time. unsaid: neither does.
func formatOf(head []byte, complete bool) format {
	byTime, stamped := unsaid, false
	for len(head) > 0 {
		line, rest, ended := bytes.Cut(head, []byte{'\n'})
		if !ended && !complete {
			break
		}
		head = rest
		line = bytes.TrimRight(bytes.TrimPrefix(line, []byte("\ufeff")), "\r \t")
		if strayReturn(line) >= 0 {
			continue // refused, whatever the format
		}
		if f := proof(line); f != unsaid {
			return f
		}
		if found := timeOf(line); len(found) > 0 && byTime == unsaid {
			stamped, byTime = true, unitOf(found)
		}
	}
	if !stamped && complete {
		return prometheus // there is nothing to read, or it has no times
	}
	return byTime
}

// proof returns the format whose lines alone are like that one.
func proof(line []byte) format {
	switch {
	case len(line) == 0:
		return unsaid
	case line[0] == '#':
		return proofOfComment(line)
	case nameless(line):
		return dump
	}
	end := seriesEnd(line)
	if end < 0 {
		return unsaid
	}
	if bytes.Contains(line[end:], []byte("# {")) || len(timeOf(line)) > 0 && !whole(timeOf(line)) {
		return openMetrics
	}
	return unsaid
}

// proofOfComment is proof of a line that begins with #.
func proofOfComment(line []byte) format {
	words := bytes.Fields(line)
	switch {
	case string(line) == "# EOF", len(words) > 3 && string(words[1]) == "UNIT":
		return openMetrics
	case len(words) != 4 || string(words[1]) != "TYPE":
		return unsaid
	}
	switch string(words[3]) {
	case "unknown", "info", "stateset", "gaugehistogram":
		return openMetrics
	case "untyped":
		return prometheus
	}
	return unsaid
}

// nameless tells whether a line begins with labels that have no name before them, nor as
// the first of them.
func nameless(line []byte) bool {
	if line[0] != '{' {
		return false
	}
	line = line[1+blanks(line[1:]):]
	if len(line) == 0 || line[0] != '"' {
		return true
	}
	n := quotedEnd(line)
	if n <= len(`""`) {
		return false // it does not end, or is no name of any format
	}
	n += blanks(line[n:])
	return n < len(line) && line[n] == '='
}

// timeOf returns the timestamp of a line, nil if it has none.
func timeOf(line []byte) []byte {
	end := seriesEnd(line)
	if end <= 0 || line[0] == '#' {
		return nil
	}
	line = line[end:]
	line = line[blanks(line):]
	line = line[token(line):]
	line = line[blanks(line):]
	line = line[:token(line)]
	if len(line) > 0 && line[0] == '#' {
		return nil
	}
	return line
}

// unitOf tells by the time that a timestamp is which unit it has.
func unitOf(text []byte) format {
	ms, _, ok := stamp(text, false)
	switch {
	case ok && likely(ms):
		return prometheus
	case ok && ms < last && likely(ms*1000):
		return openMetrics
	}
	return unsaid
}

// unlikely says that a timestamp is not one of the format's.
func (f format) unlikely(ms int64) *unreadable {
	other, unit := openMetrics, "milliseconds"
	if f == openMetrics {
		other, unit = prometheus, "seconds"
	}
	what := "the time of the sample is too far away"
	if ms >= 0 && ms < last {
		what = "the time of the sample is " + time.UnixMilli(ms).UTC().Format(time.RFC3339) + ", which is not likely"
	}
	return &unreadable{what: what + ": " + f.title() + " has times in " + unit,
		mend: "say in the source how the file is written if that is so, or if it is another format: " +
			"format: " + formats()[f] + ", or " + formats()[other]}
}

// undecided refuses a file of which nobody can tell the unit of its times.
func undecided() diag.Finding {
	return diag.Errorf(diag.Pos{}, "format", "nothing says whether the times are seconds, as in OpenMetrics, "+
		"or milliseconds, as in the Prometheus text format").
		WithHint("say it in the source: format: openmetrics, or format: prometheus; " +
			"or end an OpenMetrics file with # EOF")
}
