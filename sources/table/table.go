// Package table answers requests from files of rows: what the csv and ndjson
// kinds share. A Format reads rows, this package knows what they mean.
//
// An sli without good and bad reads a pre-bucketed table: a row is the counts of
// one step, two of good, bad and total. All other columns are dimensions: rows
// of one timestamp that differ in a dimension add up, and where and per choose
// among them. A row that repeats another in all columns counts once, with a
// warning. An sli with good or bad reads one row an event, and its tests are
// about columns; a row that repeats another is one more event. The total of an
// sli of two sources counts rows too where they state none of good, bad and total,
// and the source names no step and no such column; a warning says so.
//
// A step begins at whole steps from local midnight, or from midnight UTC if all
// rows of the source do. Steps over the clocks' change have no one grid, so a
// period with such a change is refused for steps that the change does not divide.
//
// A time is RFC 3339 or Unix time, or written as time_format says. A local time that comes
// twice in its zone, or never, is refused: nobody knows which instant it is.
//
// It is of the opinion that a wrong figure is worse than none: a row that cannot
// be read refuses the source, and all such rows are named. A value that cannot be
// read refuses the requests that ask for its column, a count the requests for counts;
// a row that contradicts itself refuses these too, and a row that contradicts another
// those in whose period it lies. Such rows count for the others: what is said of one
// request does not depend on what else is asked. Rows whose time has not come (Env.At)
// are left out and counted. It does not repair: no sign, exponent or separator is guessed
// at. An event lacks a value that is empty, null or of a field that is not there, which is
// no fault of the row: package fold says what becomes of it, up to max_unread, and
// package bucket what of a row of counts that lacks what where tests. A column that a
// header does not name refuses the requests that ask for it.
//
// Memory holds the buckets that have rows and, of pre-bucketed tables, what
// tells duplicates inside the requested periods, as package bucket says. Over 10,000
// sets, such as one column that is different in every row makes, refuse the source.
package table

import (
	"bytes"
	"context"
	"io"
	"time"
	"unicode"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/fold"
	"github.com/nines-slo/nines/sources/input"
)

// Format is one way to write rows in a file.
type Format struct {
	Name  string     // of the kind; the room of its codes
	Doc   string     // one line for editors
	Keys  []spec.Key // beside those that all tables have
	Check func(block spec.Block) diag.List

	// Open reads as much of a file as it needs to name its columns. Findings of
	// Open and of its Reader have no file, and codes without the room.
	Open func(block spec.Block, file string, r io.Reader) (Reader, error)
}

// Reader reads the rows of one file.
type Reader interface {
	// Columns names the columns in order, and the line that does; nil if every row
	// names its own.
	Columns() (names []string, line int)

	// Bind says what Next shall read; it is called once, before Next.
	Bind(want Columns)

	// Next reads a row. A diag.Finding concerns that row alone and reading goes
	// on; any other error ends the file, io.EOF as it should.
	Next(row *Row) error
}

// Columns are what is wanted of rows. The first Core names are what a row
// states; all other columns that it has identify it, asked for or not.
type Columns struct {
	Names []string
	Core  int
	Keyed bool // fill Row.Key
}

// Row is one row. Its bytes are good until the next one is read.
type Row struct {
	Line   int
	Values [][]byte // of Columns.Names; nil if the row has no such column
	Bad    []Bad    // values that nobody can read; all others can be used
	Short  bool     // the row has fewer values than the file has columns
	Key    []byte   // bucket.AppendKey of the columns that identify the row, sorted by name

	known bool // a row of the file had a time, so it is a table: values may be shown
}

// shown returns what may be shown of a value. Of a file that may be no table at all, but
// something that an SLO file wants to see, that is what its characters are like.
func (r *Row) shown(value []byte) []byte {
	if r.known || value == nil {
		return value
	}
	return bytes.Map(func(c rune) rune {
		switch {
		case unicode.IsDigit(c):
			return '9'
		case unicode.IsLetter(c):
			return 'x'
		}
		return c
	}, value)
}

// Bad says why a value cannot be read. It concerns whoever asks for the column.
type Bad struct {
	Column int // in Row.Values
	Why    diag.Finding
}

// Kind returns the kind of source that reads f.
func Kind(f Format) sources.Kind {
	return sources.Kind{
		SourceKind: spec.SourceKind{
			Name:  f.Name,
			Doc:   f.Doc,
			Keys:  append(keys(), f.Keys...),
			SLI:   sliKeys(),
			Check: f.check,
			Step:  stepOf,
			Files: func(block spec.Block) spec.Value { return block.Get("path") },
		},
		Open: func(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
			c, findings := newConfig(cfg)
			if findings.Errors() {
				return nil, findings
			}
			return &source{format: f, config: c, env: env}, nil
		},
	}
}

// stepOf returns the length of the buckets that a source has; shorter ones are added up.
func stepOf(block spec.Block) time.Duration {
	step := block.Get("step").Duration()
	if step > 0 {
		step = max(step, time.Minute)
	}
	return step
}

func keys() []spec.Key {
	column := func(name, doc string) spec.Key { return spec.Key{Name: name, Type: spec.Text, Doc: doc} }
	return []spec.Key{
		{Name: "path", Type: spec.Texts, Required: true, Doc: `Files to read, globs allowed, .gz and .zst too; "-" is standard input.`},
		input.EncodingKey(),
		{Name: "step", Type: spec.Length, Doc: "Length of a bucket of a pre-bucketed table, 1m if left out; " +
			"whole minutes that divide 24h, or whole seconds that divide 1m, whose rows are added up to minutes."},
		{Name: "time_format", Type: spec.Text, Doc: `strftime layout of the timestamps: "%d.%m.%Y %H:%M", or "%Y/%m/%d" for midnights; left out, they are RFC 3339 or Unix time.`},
		{Name: "timezone", Type: spec.TimeZone, Doc: "Zone of timestamps without an offset, which are refused without this key; steps are counted from its midnight."},
		{Name: "columns", Type: spec.Object, Doc: "Names of columns that are called something else.", Keys: []spec.Key{
			column("timestamp", "Start of the bucket, or time of the event."),
			column("good", "Good events of the bucket."),
			column("bad", "Bad events of the bucket."),
			column("total", "Valid events of the bucket."),
			column("duration", "How long the event took; conditions call it duration."),
		}},
		fold.MaxUnread(),
		{Name: "units", Type: spec.TextMap, Doc: "Unit of bare numbers in a column of durations: {latency: ms}; ns, us, ms, s, m or h. Without it the column's name says it (_ns, _us, _ms), else they are seconds."},
	}
}

func sliKeys() []spec.Key {
	return []spec.Key{
		{Name: "where", Type: spec.Condition, Doc: "Which rows count at all."},
		{Name: "good", Type: spec.Condition, Doc: "Which events are good; the table then has one row an event."},
		{Name: "bad", Type: spec.Condition, Doc: "Which events are bad; the table then has one row an event."},
	}
}
