package main

import (
	"fmt"
	"os"
	"slices"
	"time"

	"github.com/nines-slo/nines/report"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/spec"
)

// readCalendars fills the exclusions that stand in iCalendar files. validate does
// not: it reads nothing but the SLO files.
func readCalendars(set *spec.Set, b *report.Builder) error {
	read := map[string][]slo.Period{}
	for i := range set.Objectives {
		o := &set.Objectives[i]
		within := b.Needs(o.SLO)
		within.End = within.End.Add(366 * 24 * time.Hour) // exclusions to come count for projections
		o.Exclusions = slices.Clone(o.Exclusions)         // the file's are shared
		for k := range o.Exclusions {
			e := &o.Exclusions[k]
			if e.Calendar == "" {
				continue
			}
			key := fmt.Sprint(e.Calendar, o.Window.Location(), within)
			if _, ok := read[key]; !ok {
				periods, err := readCalendar(e.Calendar, o.Window.Location(), within)
				if err != nil {
					return exitError{exitUsage, fmt.Errorf("exclusion %q of %s: %s: %w", e.Name, o.Pos, e.Calendar, err)}
				}
				read[key] = periods
			}
			e.Fixed = read[key]
		}
	}
	return nil
}

func readCalendar(path string, zone *time.Location, within slo.Period) ([]slo.Period, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return spec.ReadCalendar(f, zone, within)
}
