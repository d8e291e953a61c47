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
// another is refused. Rows may come in any order. A bucket without a row was not
// measured, which is not the same as a row that says 0.
//
// Memory holds the buckets of the requests and what tells repeated rows inside the
// requested periods: 8 bytes a bucket for each of the first 64 sets of labels,
// about 50 bytes a row for further ones, of which there are at most MaxSets.
package bucket

import (
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/label"
	"github.com/nines-slo/nines/sources/match"
)

// Config is what a source says of its counts.
type Config struct {
	Room string         // of the codes of findings
	Step time.Duration  // of the buckets
	Zone *time.Location // whose midnight steps are counted from
	At   time.Time      // rows of buckets that end later are left out; zero: none

	StepPos diag.Pos // of what says the step in the source's block

	// OffGrid and Lacks word a finding in the language of the source, without a
	// file and a room: that a row does not start a step, and that a request needs
	// counts which the row does not state.
	OffGrid func(*Row) diag.Finding
	Lacks   func(spec.Count) diag.Finding
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
	Counted     Verdict = iota // counted, where a request wanted it
	OffGrid                    // Err will say so, unless the other rows make it right
	Late                       // not complete at Config.At
	Repeated                   // the same as an earlier row, counted once
	Contradicts                // an earlier row has other counts
	TooMany                    // the first whose set of labels is beyond MaxSets; the source must refuse it
	Refused                    // a further one of those
)

// Collector counts the rows of one source for all its requests. It is not safe
// for concurrent use.
type Collector struct {
	config     Config
	selections []*Selection
	span       slo.Period // from the first to the last instant requested

	grid     *grid
	seen     map[int64]*seen // by phase of the step
	tooMany  *seen           // that had a set too many
	repeated Rows
}

// New returns a collector without requests.
func New(c Config) *Collector {
	return &Collector{config: c, grid: newGrid(c.Step, c.Zone, c.Room), seen: map[int64]*seen{}}
}

// Ask adds a request; index is what its answers call it. resolve returns where
// Row.Values holds what the where and the per labels of the request name. The
// findings are about the where.
func (c *Collector) Ask(
	index int, r sources.Request, resolve func(string) (match.Field, bool), known []string,
) (*Selection, diag.List) {
	where, findings := match.Compile(r.SLI.Get("where"), resolve, known)
	s := &Selection{Index: index, Request: r, Wrong: NewFindings(c.config.Room), where: where}
	var columns []int
	for _, name := range r.Per {
		field, _ := resolve(name)
		columns = append(columns, field.Index)
	}
	s.split = label.New(r, columns, newPart)
	c.selections = append(c.selections, s)
	c.span = c.span.Hull(r.Period)
	return s, findings
}

// Selections returns the requests in the order of Ask.
func (c *Collector) Selections() []*Selection { return c.selections }

// Add counts a row for every request that wants it.
func (c *Collector) Add(r *Row) Verdict {
	if !c.grid.add(r.Pos.File, r.Start, func() diag.Finding { return c.config.OffGrid(r) }) {
		return OffGrid
	}
	if at := c.config.At; !at.IsZero() && r.Start.Add(c.config.Step).After(at) {
		return Late
	}
	if v := c.first(r); v != Counted {
		return v
	}
	for _, s := range c.selections {
		s.add(r, c)
	}
	return Counted
}

// first tells whether a row says again what an earlier one said. It looks only at
// the requested periods, which bounds what it remembers.
func (c *Collector) first(r *Row) Verdict {
	if !c.span.Contains(r.Start) {
		return Counted
	}
	sec := r.Start.Unix()
	phase := mod(sec, c.grid.step)
	if c.seen[phase] == nil {
		c.seen[phase] = newSeen()
	}
	bucket := floorDiv(sec-c.span.Start.Unix(), c.grid.step)
	v := c.seen[phase].check(r.Key, bucket, &r.Counts)
	switch {
	case v == Repeated:
		c.repeated.Add(r.Pos)
	case v == TooMany && c.tooMany != nil:
		return Refused
	case v == TooMany:
		c.tooMany = c.seen[phase]
	}
	return v
}

// Widest returns the label with the most values, and how many those are, once
// there are too many sets of labels.
func (c *Collector) Widest() (name string, values int) { return c.tooMany.widest() }

// Err returns the rows that do not start a step. It refuses the whole source.
func (c *Collector) Err() error { return c.grid.err() }

// Notes are the warnings that all requests share.
func (c *Collector) Notes() (notes []diag.Finding) {
	if n := c.repeated.N; n > 0 {
		notes = append(notes, diag.Warnf(c.repeated.First, c.config.Room+"/repeated",
			"%s the same as an earlier one, counted once", c.repeated))
	}
	if step := c.grid.coarser(); len(c.selections) > 0 && step > 0 {
		text := slo.FormatDuration(step)
		f := diag.Warnf(c.config.StepPos, c.config.Room+"/step",
			"all rows start a step of %s, but step is %s, so that the time between them counts as not measured",
			text, slo.FormatDuration(c.config.Step))
		notes = append(notes, f.WithHint("did you mean step: %s?", text))
	}
	return notes
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
