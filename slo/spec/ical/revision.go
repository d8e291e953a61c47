package ical

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
)

// revision tells how new what an event says is (RFC 5546, section 2.1.5). The zero
// value is that of an event which does not say.
type revision struct {
	sequence int
	stamp    time.Time // DTSTAMP
	modified time.Time // LAST-MODIFIED
}

// set takes over a line that says how new an event is.
func (r *revision) set(p property) error {
	if p.name == "SEQUENCE" {
		n, err := strconv.ParseUint(p.value, 10, 31)
		if err != nil {
			return p.errorf("%q is not a whole number", p.value)
		}
		r.sequence = int(n)
		return nil
	}
	w, err := p.when(p.value, scope{zone: time.UTC})
	if err != nil {
		return err
	}
	if p.name == "DTSTAMP" {
		r.stamp = w.instant()
	} else {
		r.modified = w.instant()
	}
	return nil
}

// compare returns how r stands to other: under 0 if it is older, over 0 if newer.
func (r revision) compare(other revision) int {
	return cmp.Or(cmp.Compare(r.sequence, other.sequence),
		r.stamp.Compare(other.stamp), r.modified.Compare(other.modified))
}

// newest returns what holds of the events of a file, in its order: of the revisions of
// one the newest, and of two that are as new the later in the file, which is warned of.
// A series takes over what replaces occurrences of it.
func newest(name string, all []event, l *Load) ([]*event, diag.List, error) {
	k := keeper{name: name, load: l, series: map[string]*event{}, kept: map[identity]*event{}}
	for i := range all {
		if e := &all[i]; e.series() && e.uid != "" {
			k.series[e.uid] = k.keep(e)
		}
	}
	for i := range all {
		if e := &all[i]; !e.series() || e.uid == "" {
			k.keep(e)
		}
	}
	var out []*event
	for i := range all {
		e := &all[i]
		if k.kept[k.identity(e)] != e {
			continue
		}
		absorbed, err := k.absorbed(e)
		if err != nil {
			return nil, nil, fmt.Errorf("line %d: %w", e.line, err)
		}
		if !absorbed {
			out = append(out, e)
		}
	}
	return out, k.warnings, nil
}

// keeper keeps the newest revision of everything.
type keeper struct {
	name     string            // of the file
	series   map[string]*event // by UID
	kept     map[identity]*event
	warnings diag.List
	load     *Load
}

// identity is what the revisions of one thing have in common: a series, or what
// replaces one occurrence of it, or those from there on. What has no UID is alone.
type identity struct {
	uid     string
	line    int // of an event without UID
	series  bool
	onwards bool
	at      int64 // of the occurrence
}

func (k *keeper) identity(e *event) identity {
	if e.uid == "" {
		return identity{line: e.line}
	}
	id := identity{uid: e.uid, series: e.series(), onwards: e.onwards}
	if !e.series() {
		at := e.replaces
		if s := k.series[e.uid]; s != nil && !s.cancelled {
			at = s.alike(at)
		}
		id.at = at.instant().Unix()
	}
	return id
}

// keep returns which of e and what is known under its identity is the newer one.
func (k *keeper) keep(e *event) *event {
	id := k.identity(e)
	known := k.kept[id]
	if known == nil {
		k.kept[id] = e
		return e
	}
	order := e.revision.compare(known.revision)
	if order == 0 && !e.equal(known) {
		k.warnings = append(k.warnings, asNew(k.name, e, known))
	}
	if order >= 0 {
		k.kept[id] = e
	}
	return k.kept[id]
}

// absorbed tells whether the series that e belongs to says all that e would, and lets
// it know otherwise what e replaces.
func (k *keeper) absorbed(e *event) (bool, error) {
	series := k.series[e.uid]
	if e.series() || series == nil {
		return false, nil
	}
	if obsolete, err := e.obsolete(series, k.load); err != nil || obsolete {
		return true, err
	}
	series.moves = append(series.moves, e)
	return e.onwards, nil
}

// obsolete tells whether a newer revision of its series does away with what e says of
// an occurrence: the series is cancelled, or has that occurrence no more.
func (e *event) obsolete(series *event, l *Load) (bool, error) {
	order := series.revision.compare(e.revision)
	if series.cancelled || order <= 0 {
		return series.cancelled && order >= 0, nil
	}
	has, err := series.has(e.replaces, l)
	return !has, err
}

// has tells whether a series has the occurrence that w names.
func (e *event) has(w when, l *Load) (bool, error) {
	at := e.alike(w).instant()
	around := slo.Period{Start: at.Add(-day), End: at.Add(day)}
	if err := l.add(len(e.with) + len(e.without)); err != nil {
		return false, err
	}
	starts, err := e.starts(around, l)
	return slices.ContainsFunc(starts, func(o occurrence) bool {
		return e.names(w, o.start) && !slices.ContainsFunc(e.without, func(x exception) bool { return e.names(x.when, o.start) })
	}), err
}

// equal tells whether e and other are at the same time, whatever else they say.
func (e *event) equal(other *event) bool {
	when := func(e *event) []property {
		var out []property
		for _, p := range e.lines {
			switch p.name {
			case "DTSTART", "DTEND", "DURATION", "RRULE", "RDATE", "EXDATE", "STATUS":
				out = append(out, p)
			}
		}
		return out
	}
	return slices.EqualFunc(when(e), when(other), func(a, b property) bool {
		zoneA, _ := a.param("TZID")
		zoneB, _ := b.param("TZID")
		return a.name == b.name && a.value == b.value && zoneA == zoneB
	})
}

// asNew warns of two revisions of which none is the newer one.
func asNew(name string, later, earlier *event) diag.Finding {
	f := diag.Warnf(diag.Pos{File: name, Line: later.line}, "exclusion/revision",
		"this event replaces the one on line %d, which has its UID %s and is as new", earlier.line, diag.Quote(later.uid))
	return f.WithHint("give each event a UID of its own, or the newer one a higher SEQUENCE (RFC 5545, section 3.8.7.4)")
}
