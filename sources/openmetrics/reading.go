package openmetrics

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"io"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/table"
)

// point is one sample of a series.
type point struct {
	time      int64
	value     float64
	histogram *sample.Histogram // in place of value
	unable    bool              // it is a histogram that cannot be read
}

// taker is whoever wants what a file holds.
type taker interface {
	// point takes a sample.
	point(s *series, p point, at diag.Pos) error

	// bad takes why a line cannot be read.
	bad(f diag.Finding)
}

// errEnough is that a taker wants no more of a file.
var errEnough = errors.New("no more is wanted")

// reading is one file being read.
type reading struct {
	in     *sources.Input
	known  *known
	to     taker
	format format
	said   bool // the source says the format
	ended  bool // # EOF was read
	lines  *table.Lines
}

// read reads the samples of a file. Why a line cannot be read is told to the taker; an
// error ends the work.
func read(ctx context.Context, in *sources.Input, content io.Reader, said format, k *known, to taker) error {
	r := &reading{in: in, known: k, to: to, format: said, said: said != unsaid}
	if !r.said {
		buffered := bufio.NewReaderSize(content, headSize)
		head, err := buffered.Peek(headSize)
		if err != nil && err != io.EOF {
			return err
		}
		if r.format = formatOf(head, err == io.EOF); r.format == unsaid {
			r.refuse(undecided())
			return nil
		}
		content = buffered
	}
	r.lines = table.NewFeedLines(content) // labels may have a \r
	return r.file(ctx)
}

// file reads all lines.
func (r *reading) file(ctx context.Context) error {
	for n := 0; ; n++ {
		if n%4096 == 0 && ctx.Err() != nil {
			return sources.Done(ctx)
		}
		line, err := r.lines.Next()
		switch {
		case err == io.EOF:
			r.end()
			return nil
		case errors.Is(err, table.ErrTooLong):
			r.wrong(nil, &unreadable{0, err.Error(), "is the file a text of samples?"})
			continue
		case err != nil:
			return r.broken(err)
		}
		if err := r.line(line); err != nil {
			return err
		}
	}
}

// broken keeps what refuses the rest of the file and returns other errors.
func (r *reading) broken(err error) error {
	var list diag.List
	if !errors.As(err, &list) {
		return err
	}
	for _, f := range list {
		r.refuse(f)
	}
	return nil
}

// end judges how the file ends.
func (r *reading) end() {
	n := r.lines.Number()
	what, mend := "", ""
	switch {
	case n == 0:
		return
	case r.format == openMetrics && !r.ended:
		what, mend = "the file does not end in # EOF, as OpenMetrics does: it is cut short", "add the line # EOF"
	case r.format != openMetrics && !r.lines.Ended():
		what, mend = "the last line has no end: the file is cut short", "end the line"
	default:
		return
	}
	f := diag.Errorf(diag.Pos{Line: n}, "end", "%s", what)
	r.refuse(f.WithHint("is whoever writes it done? if nothing is missing %s", mend))
}

// line reads one line.
func (r *reading) line(line []byte) error {
	line = bytes.TrimRight(line, "\r") // of \r\r\n, or at the end of the file
	text := line[blanks(line):]
	stray := strayReturn(line)
	switch {
	case len(text) == 0:
		return nil
	case stray >= 0:
		r.wrong(line, &unreadable{stray, "a carriage return without a line feed behind it ends no line",
			"write the lines of the file with line feeds: tr '\\r' '\\n' does"})
		return nil
	case r.ended:
		r.wrong(nil, &unreadable{0, "there are lines behind # EOF", "name files that were put together each by itself"})
		return nil
	case text[0] == '#':
		r.comment(text)
		return nil
	}
	r.in.Rows++
	s, at, why := r.known.series(text, r.format)
	if why == nil {
		var p point
		if p, why = r.point(text, at); why == nil {
			return r.to.point(s, p, diag.Pos{File: r.in.Name, Line: r.lines.Number()})
		}
	}
	why.at += len(line) - len(text)
	r.in.Unread++
	r.wrong(line, why)
	return nil
}

// comment reads a line that begins with #. One that only another format has refuses the
// file: its times would be of another unit.
func (r *reading) comment(line []byte) {
	line = bytes.TrimRight(line, " \t")
	is := proofOfComment(line)
	switch {
	case is == unsaid:
	case is == r.format:
		r.ended = string(line) == "# EOF"
	case !r.said:
		r.wrong(nil, &unreadable{
			what: "the line is one of " + is.title() + ", and those before it are of " + r.format.title(),
			mend: "say in the source which one the file is: format: " + formats()[is] + ", or " + formats()[r.format],
		})
	}
}

// point reads what stands behind a series: a value, a time and perhaps an exemplar.
func (r *reading) point(line []byte, at int) (p point, why *unreadable) {
	at += blanks(line[at:])
	if r.format == dump && at < len(line) && line[at] == '{' {
		h, n, why := readHistogram(line[at:])
		if why != nil {
			why.at += at
			return p, why
		}
		p.histogram, p.unable = h, h == nil
		at += n
	} else {
		v, n, ok := value(line[at:])
		if !ok {
			return p, &unreadable{at, "the value of the sample is not a number",
				"behind the labels stand a value and a time"}
		}
		p.value = v
		at += n
	}
	at += blanks(line[at:])
	p.time, _, why = r.stamp(line, at)
	return p, why
}

// stamp reads the time at the end of a line.
func (r *reading) stamp(line []byte, at int) (int64, int, *unreadable) {
	if at == len(line) || line[at] == '#' {
		return 0, at, &unreadable{at, "the sample has no time",
			"a scrape says what is now, not when: read what was kept, as promtool tsdb dump prints it, " +
				"or write the time behind the value"}
	}
	ms, n, ok := stamp(line[at:], r.format == openMetrics)
	switch {
	case !ok && r.format == openMetrics:
		return 0, at, &unreadable{at, "the time of the sample is not a number of seconds",
			"OpenMetrics has 1791795600.123"}
	case !ok:
		return 0, at, &unreadable{at, "the time of the sample is not a whole number of milliseconds",
			r.format.title() + " has 1791795600123"}
	case !r.said && !likely(ms), ms < 0, ms >= last:
		why := r.format.unlikely(ms)
		why.at = at
		return 0, at, why
	}
	at += n
	if at == len(line) {
		return ms, at, nil
	}
	return ms, at, r.exemplar(line, at+blanks(line[at:]))
}

// exemplar checks what stands behind the time of a sample: an exemplar of OpenMetrics,
// which counts nothing.
func (r *reading) exemplar(line []byte, at int) *unreadable {
	if at == len(line) {
		return nil
	}
	begin := at + 1
	begin += blanks(line[min(begin, len(line)):])
	if r.format != openMetrics || line[at] != '#' || begin >= len(line) || line[begin] != '{' {
		return &unreadable{at, "something stands behind the time of the sample", "a line ends there"}
	}
	length := seriesEnd(line[begin:])
	if length < 0 {
		return &unreadable{begin, "the labels of the exemplar do not end", `they are written # {trace_id="x"}`}
	}
	if _, why := readLabels(line[begin:begin+length], dump); why != nil {
		why.at += begin
		return why
	}
	begin += length
	begin += blanks(line[begin:])
	_, n, ok := value(line[begin:])
	if !ok {
		return &unreadable{begin, "the value of the exemplar is not a number",
			"behind its labels stands a value, and perhaps a time"}
	}
	begin += n
	begin += blanks(line[begin:])
	if begin == len(line) {
		return nil
	}
	if _, n, ok = stamp(line[begin:], true); !ok || begin+n != len(line) {
		return &unreadable{begin, "the time of the exemplar is not a number of seconds",
			"OpenMetrics has 1791795600.123"}
	}
	return nil
}

// wrong tells the taker that the line read last cannot be used.
func (r *reading) wrong(line []byte, why *unreadable) {
	pos := diag.Pos{Line: r.lines.Number()}
	if line != nil {
		pos.Col = 1 + utf8.RuneCount(line[:why.at])
	}
	r.refuse(diag.Errorf(pos, "line", "%s", why.what).WithHint("%s", why.mend))
}

func (r *reading) refuse(f diag.Finding) {
	f.Pos.File = r.in.Name
	r.to.bad(f)
}
