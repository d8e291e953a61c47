package accesslog

import (
	"bytes"
	"io"
	"time"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// Detect names the format of the lines in sample, the beginning of a log. It is
// false unless three in four of the lines fit.
func Detect(sample []byte) (format string, ok bool) {
	lines := sampleLines(sample)
	for _, name := range []string{"traefik", "caddy", "envoy-json", "json", "w3c", "cloudfront", "alb", "s3", "envoy",
		"combined+request_time+upstream_time", "combined+request_time", "combined+D",
		"traefik-clf", "combined", "vhost_combined", "common", "ltsv"} {
		if fits(name, lines) {
			return name, true
		}
	}
	return "", false
}

// sampleLines returns the lines that are not empty; one that the sample cuts is
// left out if there are others.
func sampleLines(sample []byte) [][]byte {
	lines := bytes.Split(bytes.TrimPrefix(sample, []byte("\ufeff")), []byte("\n"))
	if last := len(lines) - 1; last > 0 {
		lines = lines[:last]
	}
	var out [][]byte
	for _, line := range lines {
		if line = bytes.TrimRight(line, "\r"); len(line) > 0 {
			out = append(out, line)
		}
	}
	return out
}

// fits tells whether nearly all lines are of that format from end to end.
func fits(name string, lines [][]byte) bool {
	l, err := lineSpec{format: name}.compile()
	if err != nil {
		return false
	}
	duration, timed := l.resolve("duration")
	l.resolve("path")
	l.resolve("status")
	w := newWorker(l, 1<<62, minutes{}, nil)
	good, all := 0, 0
	for _, line := range lines {
		if l.serial && line[0] == '#' {
			w.splitter.(*columns).directive(line)
			continue
		}
		all++
		if _, ok := l.read(line, w.splitter, &w.clock, &w.record, l.every); !ok {
			continue
		}
		if l.whole != nil && !l.whole.wholly(name, line) {
			continue
		}
		if timed && l.whole != nil && !decimals(name, w.record.values[duration.Index]) {
			continue
		}
		good++
	}
	return all > 0 && good*4 >= all*3
}

// wholly tells whether nothing of the line is left over. AWS adds columns.
func (p *pattern) wholly(name string, line []byte) bool {
	rest, there := p.cut(line, nil) // no token is kept
	return there == len(p.tokens) && (len(rest) == 0 || name == "alb" || name == "s3" || name == "envoy")
}

// decimals tells seconds from microseconds, which only their look does.
func decimals(name string, duration []byte) bool {
	point := bytes.IndexByte(duration, '.') >= 0
	switch name {
	case "combined+request_time", "combined+request_time+upstream_time":
		return point
	case "combined+D":
		return !point
	case "traefik-clf":
		return bytes.HasSuffix(duration, []byte("ms"))
	}
	return true
}

// Event is one request of a log, as Inspect shows it.
type Event struct {
	Time         time.Time
	Method, Path string
	Host         string
	Status       string
	Duration     time.Duration
	Timed        bool // Duration is known
}

// Inspect reads a log of a format that Detect named, or any other, and calls fn
// for every line that can be read. It returns how many lines there were and how
// many of them could not be read.
func Inspect(r io.Reader, format string, fn func(Event)) (sources.Input, error) {
	var in sources.Input
	l, err := lineSpec{format: format}.compile()
	if err != nil {
		return in, err
	}
	w := newWorker(l, 1<<62, minutes{}, inspector(l, fn)) // resolves the fields first
	found, err := w.readAll(r)
	in.Rows, in.Unread, in.CarriedBy = found.rows, found.unread, found.carriers.String()
	return in, err
}

// inspector resolves the fields of an Event.
func inspector(l *layout, fn func(Event)) event {
	text := func(name string) func([][]byte) string {
		f, ok := l.resolve(name)
		if !ok {
			return func([][]byte) string { return "" }
		}
		return func(values [][]byte) string {
			if match.Missing(values[f.Index]) {
				return ""
			}
			return string(values[f.Index])
		}
	}
	method, path, host, status := text("method"), text("path"), text("host"), text("status")
	duration, timed := l.resolve("duration")
	return func(_ []bool, t int64, values [][]byte) []fold.Unsure {
		e := Event{Time: time.Unix(t, 0).UTC()}
		e.Method, e.Path, e.Host, e.Status = method(values), path(values), host(values), status(values)
		if timed {
			ns, ok := duration.Nanoseconds(values[duration.Index])
			e.Duration, e.Timed = time.Duration(ns), ok
		}
		fn(e)
		return nil
	}
}
