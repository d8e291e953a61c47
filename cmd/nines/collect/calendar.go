package collect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/gate"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/ical"
	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/sources"
)

// calendars reads each iCalendar file once for each period that is asked for.
type calendars struct {
	root     *paths.Root // below which the files are
	known    map[string]calendar
	loads    map[string]*ical.Load // by path
	within   slo.Period            // of exclusions
	warnings diag.List             // of freezes; those of exclusions go with the objective
	refusals diag.List
	failed   bool // an exclusion's file cannot be read
}

// calendar is what one file says within a period.
type calendar struct {
	periods  []slo.Period
	warnings diag.List
	err      error
}

// readCalendars returns the set's objectives with the exclusions and freezes that
// stand in iCalendar files. An objective whose exclusions cannot be read cannot be
// judged, since nobody knows what is excluded; a freeze that cannot be read says so
// itself.
func readCalendars(ctx context.Context, p Plan) ([]*objective, *calendars) {
	c := &calendars{root: p.Env.Root, known: map[string]calendar{}, loads: map[string]*ical.Load{}}
	for _, o := range p.Set.Objectives {
		if len(o.Calendars) > 0 {
			c.within = c.within.Hull(p.Needs(o.SLO))
		}
	}
	c.within.End = c.within.End.Add(year)
	var out []*objective
	for _, o := range p.Set.Objectives {
		out = append(out, c.fill(ctx, p, o))
	}
	p.Set.Illustrate(c.refusals)
	return out, c
}

// year is how far past the counts exclusions are read, since those to come count for
// projections.
const year = 366 * 24 * time.Hour

func (c *calendars) fill(ctx context.Context, p Plan, o spec.Objective) *objective {
	own := &objective{Objective: o}
	own.Exclusions = slices.Clone(o.Exclusions) // the file's are shared
	for _, file := range o.Calendars {
		got := c.read(ctx, file, c.within)
		own.Exclusions[file.Exclusion].Fixed = got.periods
		own.warnings = append(own.warnings, got.warnings...)
		if got.err != nil {
			c.failed = true
			own.failed = cmp.Or(own.failed, c.refuse(file, got.err))
		}
	}
	if p.ReleasesAt != nil {
		c.freeze(ctx, p, own)
	}
	return own
}

// freeze fills the freezes of an objective's release policy, around the instant at
// which it is judged and as far back as counts are asked for.
func (c *calendars) freeze(ctx context.Context, p Plan, o *objective) {
	if len(o.Freezes) == 0 {
		return
	}
	policy := *o.Gate // the set's, which other objectives of the file share
	policy.Freezes = slices.Clone(policy.Freezes)
	o.Gate = &policy
	within := gate.Calendars(p.ReleasesAt(o.SLO)).Hull(p.Needs(o.SLO))
	for _, file := range o.Freezes {
		got, freeze := c.read(ctx, file, within), &policy.Freezes[file.Exclusion]
		freeze.Exclusion.Fixed = got.periods
		c.warnings = append(c.warnings, got.warnings...)
		if got.err != nil {
			freeze.Failed = c.refuse(file, got.err)
		}
	}
}

func (c *calendars) read(ctx context.Context, file spec.Calendar, within slo.Period) calendar {
	key := fmt.Sprint(file.Path, file.Zone, within)
	got, known := c.known[key]
	if !known {
		if c.loads[file.Path] == nil {
			c.loads[file.Path] = new(ical.Load)
		}
		got = c.readFile(ctx, file, within)
		c.known[key] = got
	}
	return got
}

func (c *calendars) readFile(ctx context.Context, file spec.Calendar, within slo.Period) (got calendar) {
	f, err := c.root.Open(file.Path)
	if err != nil {
		return calendar{err: err}
	}
	defer f.Close()
	got.periods, got.warnings, got.err = ical.Read(ctx, c.loads[file.Path], file.Path, f, file.Zone, within)
	if ctx.Err() != nil {
		return calendar{err: sources.Done(ctx)}
	}
	return got
}

// refuse remembers, once, that a file is of no use, and returns why.
func (c *calendars) refuse(file spec.Calendar, err error) string {
	refused := unreadable(file, err)
	if !slices.Contains(c.refusals, refused) {
		c.refusals = append(c.refusals, refused)
	}
	return refused.Error()
}

// unreadable says why the calendar that an SLO file names is of no use.
func unreadable(file spec.Calendar, err error) diag.Finding {
	var at *fs.PathError
	if strings.Contains(file.Name, "://") { // not shown: such addresses hold a key
		return diag.Errorf(file.Pos, "exclusion/ics", "a calendar is a file, and this is an address").
			WithHint("fetch it before, and name the file that it was written to")
	}
	if errors.As(err, &at) {
		return diag.Errorf(file.Pos, "exclusion/ics", "calendar %q cannot be read: %v", file.Name, at.Err).
			WithHint("paths are relative to the SLO file: this one is %s", file.Path)
	}
	if errors.As(err, new(*sources.Error)) { // the time was over, whatever the file says
		return diag.Errorf(file.Pos, "exclusion/ics", "calendar %q: %v", file.Name, err)
	}
	return diag.Errorf(file.Pos, "exclusion/ics", "calendar %q: %v", file.Name, err).
		WithHint("mend %s, or export it anew as iCalendar", file.Path)
}
