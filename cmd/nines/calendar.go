package main

import (
	"cmp"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/ical"
)

// calendars is what reading the iCalendar files of exclusions came to.
type calendars struct {
	warnings map[*spec.Objective][]diag.Finding
	failed   map[*spec.Objective]string // why an objective cannot be judged
	refusals diag.List                  // of all files
}

// readCalendars fills the exclusions that stand in iCalendar files. validate does
// not: it reads nothing but the SLO files. An objective whose file cannot be read
// cannot be judged, since nobody knows what is excluded.
func readCalendars(set *spec.Set, needs func(slo.SLO) slo.Period) calendars {
	c := calendars{warnings: map[*spec.Objective][]diag.Finding{}, failed: map[*spec.Objective]string{}}
	read := map[string]calendar{}
	for i := range set.Objectives {
		o := &set.Objectives[i]
		within := needs(o.SLO)
		within.End = within.End.Add(366 * 24 * time.Hour) // exclusions to come count for projections
		o.Exclusions = slices.Clone(o.Exclusions)         // the file's are shared
		for _, file := range o.Calendars {
			key := fmt.Sprint(file.Path, file.Zone, within)
			if _, ok := read[key]; !ok {
				read[key] = readCalendar(file, within)
			}
			c.take(o, file, read[key])
		}
	}
	set.Illustrate(c.refusals)
	return c
}

// take hands what a file says to an objective.
func (c *calendars) take(o *spec.Objective, file spec.Calendar, got calendar) {
	o.Exclusions[file.Exclusion].Fixed = got.periods
	c.warnings[o] = append(c.warnings[o], got.warnings...)
	if got.err == nil {
		return
	}
	refused := unreadable(file, got.err)
	c.failed[o] = cmp.Or(c.failed[o], refused.Error())
	if !slices.Contains(c.refusals, refused) {
		c.refusals = append(c.refusals, refused)
	}
}

// unreadable says why the calendar that an SLO file names is of no use.
func unreadable(file spec.Calendar, err error) diag.Finding {
	var at *fs.PathError
	if errors.As(err, &at) {
		return diag.Errorf(file.Pos, "exclusion/ics", "calendar %q cannot be read: %v", file.Name, at.Err).
			WithHint("paths are relative to the SLO file: this one is %s", file.Path)
	}
	return diag.Errorf(file.Pos, "exclusion/ics", "calendar %q: %v", file.Name, err).
		WithHint("mend %s, or export it anew as iCalendar", file.Path)
}

// calendar is what one file excludes within a period.
type calendar struct {
	periods  []slo.Period
	warnings diag.List
	err      error
}

func readCalendar(file spec.Calendar, within slo.Period) (c calendar) {
	f, err := os.Open(file.Path)
	if err != nil {
		return calendar{err: err}
	}
	defer f.Close()
	c.periods, c.warnings, c.err = ical.Read(file.Path, f, file.Zone, within)
	return c
}
