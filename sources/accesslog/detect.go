package accesslog

import (
	"bytes"
	"io"
	"slices"
	"time"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/accesslog/line"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/match"
)

// Detect names the format of the lines in sample, the beginning of a log. It is
// false unless three in four of the lines fit.
func Detect(sample []byte) (format string, ok bool) {
	n, _ := Nearest(sample)
	return n.Format, n.Fits
}

// Near is the format that most of a sample's lines are of.
type Near struct {
	Format string
	Fits   bool // three in four of the lines are
	Line   int  // the first that is not, in the sample, from 1; 0: there is none
	Text   string
}

// Nearest returns the first format that a sample, the beginning of a log, fits; else the
// one that most of its lines are of, and false if none is.
func Nearest(sample []byte) (Near, bool) {
	lines := sampleLines(sample)
	best, most := Near{}, 0
	for _, name := range formats() {
		near, good := fits(name, lines)
		if near.Fits {
			return near, true
		}
		if good > most {
			best, most = near, good
		}
	}
	return best, most > 0
}

// formats are the presets, one that tells more of the same line before one that tells less.
func formats() []string {
	return []string{"traefik", "caddy", "envoy-json", "json", "w3c", "cloudfront", "cloudfront-realtime", "alb", "s3",
		"istio", "envoy", "nginx-proxy-manager", "haproxy", "ingress-nginx", "combined+request_time+upstream_time",
		"combined+request_time", "combined+D", "traefik-clf", "vhost_combined", "combined", "common", "ltsv"}
}

// sampled is a line of a sample.
type sampled struct {
	number int
	text   []byte
}

// sampleLines returns the lines that are not empty; one that the sample cuts is
// left out if there are others.
func sampleLines(sample []byte) []sampled {
	lines := bytes.Split(bytes.TrimPrefix(sample, []byte("\ufeff")), []byte("\n"))
	if last := len(lines) - 1; last > 0 {
		lines = lines[:last]
	}
	var out []sampled
	for i, text := range lines {
		if text = line.Plain(bytes.TrimRight(text, "\r")); len(text) > 0 {
			out = append(out, sampled{i + 1, text})
		}
	}
	return out
}

// fits tells how many of the lines are of that format from end to end, and whether nearly
// all are.
func fits(name string, lines []sampled) (near Near, good int) {
	near.Format = name
	l, err := lineSpec{format: name}.compile()
	if err != nil {
		return near, 0
	}
	duration, timed := l.resolve("duration")
	for _, field := range []string{"path", "status", "host"} {
		l.resolve(field)
	}
	w := newWorker(l, 1<<62, minutes{}, nil)
	all, named := 0, 0
	for _, one := range lines {
		if l.serial && w.directive(one.text) {
			continue
		}
		_, ok := l.read(one.text, w.splitter, &w.clock, &w.record, l.every)
		if !ok && w.record.aside != "" {
			continue
		}
		all++
		if ok && l.whole != nil {
			ok = (w.record.entire || grows(name)) && !(timed && !decimals(name, w.record.values[duration.Index]))
		}
		switch {
		case ok:
			good++
		case near.Line == 0:
			near.Line, near.Text = one.number, shown(one.text)
		}
		if ok && !w.record.filled {
			named++
		}
	}
	if name == "vhost_combined" && named*10 < all { // any combined log is one of sites without a name
		return near, 0
	}
	near.Fits = good > 0 && good*4 >= all*3
	return near, good
}

// grows tells whether columns may be added behind those of a format.
func grows(name string) bool {
	return slices.Contains([]string{"alb", "s3", "envoy", "istio"}, name)
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
