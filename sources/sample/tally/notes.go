package tally

import (
	"fmt"
	"math/big"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// warn makes a note about a selector.
func (s *side) warn(code, format string, args ...any) diag.Finding {
	return diag.Warnf(s.value.Pos, s.of.config.Room+"/"+code, format, args...)
}

// notes tells what became of the samples of a request.
func (a *asked) notes() (all []diag.Finding) {
	for _, s := range a.sides {
		if s.rounded {
			all = append(all, s.warn("rounded", "samples of %s are no whole numbers up to 2^53: "+
				"counts are rounded to 10^-6 of an event", s.selector))
		}
		for _, text := range s.said {
			all = append(all, s.warn("info", "the server says: %s", text))
		}
		if s.bound == nil || s.index == total { // of a histogram's buckets all begin together
			all = append(all, s.bornNotes()...)
		}
	}
	all = append(all, a.oldNote()...)
	if a.late > 0 {
		all = append(all, diag.Warnf(a.req.SLI.Pos, a.config.Room+"/late", "%s after %s left out",
			count(a.late, "sample", "is", "are"), a.config.At.UTC().Format(time.RFC3339)))
	}
	if a.unasked > 0 {
		all = append(all, diag.Warnf(a.req.SLI.Pos, a.config.Room+"/births",
			"more than %s series begin in the period: the first values of %s are left out unasked",
			diag.Thousands(maxBirths), diag.Thousands(int64(a.unasked))).
			WithHint("narrow the selectors, or ask for a shorter time"))
	}
	return all
}

// maxAge is how old the newest sample may be before a note tells, beside what the source
// says of its delay.
const maxAge = time.Hour

// oldNote tells that no samples came of late.
func (a *asked) oldNote() []diag.Finding {
	newest, end := int64(never), a.req.Period.End
	for _, s := range a.sides {
		newest = max(newest, s.newest)
		for _, one := range s.series {
			if s.expr.Is() && one != nil && one.n > 0 {
				newest = max(newest, one.lastAt)
			}
		}
	}
	if at := a.config.At; !at.IsZero() && at.Before(end) {
		end = at
	}
	age := end.Sub(time.UnixMilli(newest))
	if newest == never || age <= max(maxAge, 2*a.grid.length())+a.config.Delay {
		return nil
	}
	return []diag.Finding{diag.Warnf(a.req.SLI.Pos, a.config.Room+"/old", "the newest sample is of %s, %s before %s",
		stamp(newest), slo.FormatDuration(age.Truncate(time.Second)), end.UTC().Format(time.RFC3339)).
		WithHint("is it still scraped, and does the server still take samples?")}
}

// plural says how many there are: "is 1 pause", "are 2 pauses".
func plural(n int64, thing string) string {
	if n == 1 {
		return "is 1 " + thing
	}
	return "are " + diag.Thousands(n) + " " + thing + "s"
}

// count counts things: "1 sample is", "1,000 samples are".
func count(n int64, thing, is, are string) string {
	if n == 1 {
		return "1 " + thing + " " + is
	}
	return diag.Thousands(n) + " " + thing + "s " + are
}

// bornNotes tells of first values that are not counted. Where the samples of all series
// begin they are no loss: nothing was measured before.
func (s *side) bornNotes() []diag.Finding {
	n, sum := int64(0), new(big.Rat)
	for _, b := range s.births {
		if !b.whole && b.at > b.part.first+b.usual()/2 {
			n++
			sum.Add(sum, b.value.rat())
		}
	}
	if n == 0 {
		return nil
	}
	values := "value of 1 series of " + s.selector.String() + " is"
	if n > 1 {
		values = "values of " + diag.Thousands(n) + " series of " + s.selector.String() + " are"
	}
	return []diag.Finding{s.warn("births", "the first %s left out, since nobody can tell when these events were: %s at most",
		values, events(sum))}
}

// events writes a number of events.
func events(n *big.Rat) string {
	if n.IsInt() && n.Num().IsInt64() {
		return diag.Thousands(n.Num().Int64())
	}
	return slo.NumberRat(n).String()
}

// rat returns the value of a number.
func (n number) rat() *big.Rat {
	sum := new(big.Rat).SetInt64(n.whole)
	return sum.Add(sum, big.NewRat(n.micro, micro))
}

// notes tells of the pauses in a label set.
func (p *part) notes() []diag.Finding {
	if p.late.n == 0 {
		return nil
	}
	s := p.of.sides[0]
	longest := slo.FormatDuration(time.Duration(p.late.longest) * time.Millisecond)
	return []diag.Finding{s.warn("pause", "there %s of over two scrapes in the series, the longest of %s, "+
		"the first until %s: what happened then counts where they return",
		plural(int64(p.late.n), "pause"), longest, stamp(p.late.at))}
}

// notes tells of buckets that contradict themselves.
func (j *joined) notes(p *part) []diag.Finding {
	if len(j.over) == 0 {
		return nil
	}
	part := spec.Good
	if j.bad {
		part = spec.Bad
	}
	f := diag.Warnf(p.of.req.SLI.Pos, p.of.config.Room+"/excess",
		"%s taken as not measured: there are more %s events than events at all, the first time at %s",
		count(int64(len(j.over)), "bucket", "is", "are"), part, p.of.grid.time(j.over[0]).Format(time.RFC3339))
	return []diag.Finding{f.WithHint("%s", fmt.Sprintf("does total count all that %s does?", part))}
}
