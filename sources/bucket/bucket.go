// Package bucket makes series of counts that were made elsewhere: rows of a table,
// answers of a server, stored history. A row is the counts of one bucket for one
// set of labels; package fold is for events that nobody has counted yet.
//
// A bucket begins at whole steps from local midnight, or from midnight UTC if all
// rows of the source do. Steps over the clocks' change have no one grid, so a
// period with such a change is refused for steps that the change does not divide.
//
// Rows of one bucket that differ in a label add up, and where and per choose among
// them. A row that repeats another in all labels counts once; one that contradicts
// another refuses the requests in whose period it lies, and no other. Rows may come in
// any order. A bucket without a row was not measured, which is not the same as a row
// that says 0.
//
// A row that lacks a value which where tests is in no count. If it may make a request
// worse its counts are in the doubt of the series (slo.Series.Doubt), in the bucket that it
// shows to be measured; too many such rows refuse the request, see Config.MaxUnread. A row
// without a label of per is of a set of its own.
//
// Rows of steps shorter than a minute are added up to the minute they lie in. A minute that
// lacks some of them counts as what it has, with a warning.
//
// Buckets hold whole numbers of the smallest unit that occurs in the rows of a series: a
// row with more decimals than those before it makes the unit finer for all of them. What
// then comes to over slo.MaxUnits is refused.
//
// Memory holds those buckets of each label set that have a row: 16 bytes each where they are
// close together, 1.5 KiB for one alone, and as much again for what is in doubt. All buckets
// of a label set, 16 bytes each, are there while it is answered. For each period that is
// asked about it holds what tells repeated rows inside it: 8 bytes a row, 1 KiB for one
// alone, for each of the first 64 sets of labels, about 50 bytes a row for further ones, of
// which there are at most MaxSets.
package bucket

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/label"
	"github.com/nines-slo/nines/sources/match"
	"github.com/nines-slo/nines/sources/tried"
)

// Config is what a source says of its counts.
type Config struct {
	Room string         // of the codes of findings
	Step time.Duration  // of the rows; those of less than a minute are added up to minutes
	Zone *time.Location // whose midnight steps are counted from
	At   time.Time      // rows of buckets that end later are left out; zero: none

	MaxUnread slo.Number // share of a request's rows that may lack a value which where tests, and be bad

	StepPos diag.Pos // of what says the step in the source's block

	// These word a finding in the language of the source, without a file and a room:
	// that a row does not start a step, that it contradicts an earlier one, that it has
	// a set of labels beyond MaxSets (name is the label with the most values, if one
	// has several), and that a request needs counts which the row does not state.
	OffGrid     func(*Row) diag.Finding
	Contradicts func(*Row) diag.Finding
	TooMany     func(name string, values int) diag.Finding
	Lacks       func(spec.Count) diag.Finding
}

// Row is the counts of one bucket for one set of labels. Its bytes are not kept.
type Row struct {
	Pos    diag.Pos // file and line
	Start  time.Time
	Counts Counts   // completed
	Values [][]byte // by match.Field.Index, what where and per look at
	Key    []byte   // AppendKey of all labels, sorted by name
}

// Verdict is what became of a row.
type Verdict int

// The verdicts of Add.
const (
	Taken   Verdict = iota // counted, where a request wanted it
	OffGrid                // Err will say so, unless the other rows make it right
	Late                   // not complete at Config.At
)

// Collector counts the rows of one source for all its requests. It is not safe
// for concurrent use.
type Collector struct {
	config     Config
	selections []*Selection
	scopes     []*scope
	grid       *grid
	coming     int64 // start of the oldest bucket that was not complete at Config.At
}

// New returns a collector without requests.
func New(c Config) *Collector {
	return &Collector{config: c, grid: newGrid(c.Step, c.Zone, c.Room), coming: -minTime}
}

// Ask adds a request; index is what its answers call it. resolve returns where
// Row.Values holds what the where and the per labels of the request name. The
// findings are about the where.
func (c *Collector) Ask(
	index int, r sources.Request, resolve func(string) (match.Field, bool), known []string,
) (*Selection, diag.List) {
	where, findings := match.Parse(r.SLI.Get("where"), resolve, known)
	if r.Step > c.length() {
		r.Period = r.Whole() // a bucket asked for needs all of its rows
	}
	s := &Selection{Index: index, Request: r, Wrong: NewFindings(c.config.Room), where: match.New(where), tried: tried.New(where), doubt: newDoubt(where)}
	var columns []int
	for _, name := range r.Per {
		field, _ := resolve(name)
		columns = append(columns, field.Index)
	}
	s.split = label.New(r, columns, newPart)
	c.selections = append(c.selections, s)
	s.scope = c.scope(r.Period)
	s.scope.selections = append(s.scope.selections, s)
	return s, findings
}

// Selections returns the requests in the order of Ask.
func (c *Collector) Selections() []*Selection { return c.selections }

// Add counts a row for every request that wants it. One that contradicts another, or
// has a set of labels too many, refuses the requests in whose period it lies.
func (c *Collector) Add(r *Row) Verdict {
	if !c.grid.add(r.Pos.File, r.Start, func() diag.Finding { return c.config.OffGrid(r) }) {
		return OffGrid
	}
	if at := c.config.At; !at.IsZero() && c.startOf(r).Add(c.length()).After(at) {
		c.coming = min(c.coming, c.startOf(r).Unix())
		return Late
	}
	for _, s := range c.scopes {
		s.add(r, c)
	}
	return Taken
}

// length is that of the buckets.
func (c *Collector) length() time.Duration { return max(c.config.Step, time.Minute) }

// startOf returns the start of the bucket that a row is of.
func (c *Collector) startOf(r *Row) time.Time {
	if c.config.Step < time.Minute {
		return r.Start.Truncate(time.Minute)
	}
	return r.Start
}

// Err returns the rows that do not start a step. It refuses all requests of the
// collector.
func (c *Collector) Err() error { return c.grid.err() }

// coarser warns if all rows suggest a longer step.
func (c *Collector) coarser() []diag.Finding {
	step := c.grid.coarser()
	if step == 0 {
		return nil
	}
	text, then := slo.FormatDuration(step), "the time between them counts as not measured"
	if c.config.Step < time.Minute {
		then = "minutes seem to lack rows"
	}
	f := diag.Warnf(c.config.StepPos, c.config.Room+"/step",
		"all rows start a step of %s, but step is %s, so that %s", text, slo.FormatDuration(c.config.Step), then)
	return []diag.Finding{f.WithHint("did you mean step: %s?", text)}
}

// Rows counts rows and knows where the first is. A row that is added again at
// once counts once.
type Rows struct {
	N     int
	First diag.Pos
	last  diag.Pos
}

// Add counts a row.
func (c *Rows) Add(pos diag.Pos) {
	if pos == c.last {
		return
	}
	if c.N == 0 {
		c.First = pos
	}
	c.N, c.last = c.N+1, pos
}

// Merge adds rows behind those of c.
func (c *Rows) Merge(later Rows) {
	if c.N == 0 {
		c.First = later.First
	}
	c.N += later.N
}

// String is "1 row is" or "12 rows are".
func (c Rows) String() string {
	if c.N == 1 {
		return "1 row is"
	}
	return diag.Thousands(int64(c.N)) + " rows are"
}
