package wire

import (
	"context"
	"math"
	"net/url"
	"strconv"

	"github.com/nines-slo/nines/sources/sample"
)

// maxRows is how many samples a line of an export is asked to have, and mostRows how
// many it may have.
const maxRows, mostRows = 1000, 64_000

// exported asks VictoriaMetrics for the samples of a query, in lines of JSON. The
// parameter reduce_mem_usage is not set: with it the lines of a series come in no order.
func (s *Store) exported(ctx context.Context, q sample.Query, feed *feed, tell tell) error {
	form := url.Values{
		"match[]": {q.Selector.String()}, "start": {seconds(q.From)}, "end": {seconds(q.To)},
		"max_rows_per_line": {strconv.Itoa(maxRows)},
	}
	feed.resumed = true
	told, err := s.client.ask(ctx, "export", s.client.extra(form), func(l *lexer) (said, error) {
		feed.begin(span{from: q.From, to: q.To})
		return readExport(l, feed)
	})
	if failed := tell(told); failed != nil {
		return failed
	}
	return err
}

// readExport takes all lines of an export.
func readExport(l *lexer, feed *feed) (said, error) {
	line := exportLine{said: said{status: "success"}}
	for l.peek() == '{' {
		if err := line.read(l, feed); err != nil {
			return line.said, err
		}
	}
	if l.peek() == '<' {
		return line.said, page()
	}
	return line.said, l.close()
}

// exportLine is a line of an export: {"metric": …, "values": […], "timestamps": […]}. A
// server that fails half way writes an error in its place.
type exportLine struct {
	said   said // in all lines so far
	labels sample.Labels
	named  bool
	values []float64
	times  []int64
}

func (e *exportLine) read(l *lexer, feed *feed) error {
	e.labels, e.named, e.values, e.times = nil, false, e.values[:0], e.times[:0]
	err := l.object(func(key []byte) (err error) {
		switch string(key) {
		case "metric":
			e.named = true
			e.labels, err = readLabels(l)
		case "values":
			err = l.list(func() error { return e.value(l) })
		case "timestamps":
			err = l.list(func() error { return e.time(l) })
		default:
			err = e.said.field(l, string(key), l.skip)
		}
		return err
	})
	switch {
	case err != nil:
		return err
	case e.said.status == "error":
		return refused("the export ends with an error")
	case !e.named || len(e.values) != len(e.times):
		return refused("the export has a line that is no series with as many values as times")
	}
	if err := feed.series(e.labels); err != nil {
		return err
	}
	for i, at := range e.times {
		if err := feed.add(at, e.values[i]); err != nil {
			return err
		}
	}
	return feed.end()
}

func (e *exportLine) value(l *lexer) error {
	if len(e.values) == mostRows {
		return refused("the export has a line of over %d samples", mostRows)
	}
	v, err := exportValue(l)
	e.values = append(e.values, v)
	return err
}

// exportValue takes a number, or what stands for what JSON has none for.
func exportValue(l *lexer) (float64, error) {
	switch l.peek() {
	case 'n':
		return sample.StaleMarker(), l.word("null")
	case 'N': // before version 1.80 or so
		return sample.StaleMarker(), l.word("NaN")
	case '"':
		text, err := l.str(maxNumber)
		switch {
		case err != nil:
			return 0, err
		case string(text) == "Infinity":
			return math.Inf(1), nil
		case string(text) == "-Infinity":
			return math.Inf(-1), nil
		case string(text) == "NaN":
			return math.NaN(), nil
		}
		return 0, refused("the export has a value of %q, which is no number", text)
	}
	if v, ok := l.digits(); ok {
		return float64(v), nil
	}
	text, err := l.number()
	if err != nil {
		return 0, err
	}
	v, err := strconv.ParseFloat(string(text), 64)
	if err != nil {
		return 0, refused("the export has a value of %q, which is no number", text)
	}
	return v, nil
}

// time takes a time, which is in milliseconds.
func (e *exportLine) time(l *lexer) error {
	if len(e.times) == mostRows {
		return refused("the export has a line of over %d samples", mostRows)
	}
	at, ok := l.digits()
	if !ok {
		text, err := l.number()
		if err != nil {
			return err
		}
		if at, err = strconv.ParseInt(string(text), 10, 64); err != nil {
			return refused("the export has a time of %q, which is no whole millisecond", text)
		}
	}
	e.times = append(e.times, at)
	return nil
}

// digits takes a whole number of at most 15 digits in the quick way. If it returns false
// nothing was taken.
func (l *lexer) digits() (int64, bool) {
	b := l.buf[l.pos:l.end]
	if len(b) < 17 || b[0] == '0' {
		return 0, false
	}
	var n int64
	i := 0
	for ; i < 16 && b[i]-'0' <= 9; i++ {
		n = n*10 + int64(b[i]-'0')
	}
	if i == 0 || i == 16 || b[i] != ',' && b[i] != ']' {
		return 0, false
	}
	l.pos += i
	return n, true
}
