package tally

import (
	"cmp"
	"context"
	"fmt"
	"math/big"
	"slices"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
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
		if a.config.Said != nil && s.query != nil {
			s.said = append(s.said, a.config.Said(s.query.text)...)
		}
		all = slices.Concat(all, s.twice(), s.excess(), s.aboveNotes())
		for _, text := range s.said {
			all = append(all, s.warn("info", "the server says: %s", text))
		}
	}
	all = slices.Concat(all, a.oldNote(), thin(a), a.unread(), guessed(a))
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

// types tells of metrics that the server knows to be of another type than they are read as.
// Who does not answer is believed.
func types(ctx context.Context, a *asked) (all []diag.Finding) {
	if a.config.Type == nil {
		return nil
	}
	within, cancel := sources.Share(ctx, 1, 4)
	defer cancel()
	for _, s := range a.sides {
		wrong, read := s.grows()
		for _, metric := range read {
			kind, err := a.config.Type(within, metric)
			switch {
			case err != nil:
				return all
			case kind != wrong:
			case kind == "counter":
				f := s.warn("type", "the server says that %s is a counter: it holds all events since its process started", metric)
				all = append(all, f.WithHint("write bad: {counter: …} and total: {counter: …}"))
			default:
				f := s.warn("type", "the server says that %s is a gauge: every fall counts as a restart", metric)
				all = append(all, f.WithHint("write value: in place of counts"))
			}
		}
	}
	return all
}

// grows returns the metrics of a side that are read as counters, or else as gauges, and the
// type that they are not.
func (s *side) grows() (wrong string, metrics []string) {
	all, wrong := s.expr.Grow(), "gauge"
	switch {
	case s.expr.Is():
	case s.bound != nil:
		return "", nil
	case s.role == spec.Both:
		wrong = "counter"
		fallthrough
	default:
		all = []sample.Selector{s.selector}
	}
	for _, selector := range all {
		if metric := selector.Metric(); metric != "" && !slices.Contains(metrics, metric) {
			metrics = append(metrics, metric)
		}
	}
	return wrong, metrics
}

// maxAge is how old the newest sample may be before a note tells, beside what the source
// says of its delay.
const maxAge = time.Hour

// oldNote tells that no samples came of late.
func (a *asked) oldNote() []diag.Finding {
	newest, end := int64(never), a.req.Period.End
	if told := a.req.Told; !told.Empty() {
		end = told.End
	}
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

// count counts things: "1 sample is", "1,000 samples are".
func count(n int64, thing, is, are string) string {
	if n == 1 {
		return "1 " + thing + " " + is
	}
	return diag.Thousands(n) + " " + thing + "s " + are
}

// bornNotes tells of first values that are not counted in a label set. Where the samples of
// all series begin they are no loss: nothing was measured before.
func (p *part) bornNotes(labels map[string]string) []diag.Finding {
	a := p.of
	born, first := map[string]bool{}, int64(-never)
	var lost []string
	var of *side
	for _, s := range a.sides {
		if s.bound != nil && s.index != total { // of a histogram's buckets all begin together
			continue
		}
		n, sum := 0, new(big.Rat)
		for _, b := range s.births {
			if b.whole || b.value == (number{}) || b.at <= b.part.first+b.usual()/2 || !p.tells(b.at) || !b.has(labels) {
				continue
			}
			n, first = n+1, min(first, b.at)
			born[b.labels.String()] = true
			sum.Add(sum, b.value.rat())
		}
		if n == 0 {
			continue
		}
		if text := events(sum) + " of " + s.selector.String(); !slices.Contains(lost, text) {
			lost = append(lost, text)
		}
		of = cmp.Or(of, s)
	}
	if of == nil {
		return nil
	}
	values := "value of 1 series is"
	if len(born) > 1 {
		values = "values of " + several(int64(len(born))) + " are"
	}
	return []diag.Finding{of.warn("births", "the first %s left out, since nobody can tell when these events were: "+
		"at most %s; the first at %s", values, strings.Join(lost, " and "), stamp(first))}
}

// has tells whether a birth is one of a label set.
func (b *birth) has(labels map[string]string) bool {
	for name, value := range labels {
		if b.labels.Get(name) != value {
			return false
		}
	}
	return true
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
	p.late.merge()
	all := p.late.times
	if len(all) == 0 {
		return nil
	}
	longest := int64(0)
	for _, s := range all {
		longest = max(longest, s.to-s.from)
	}
	side := p.of.sides[0]
	form := "there are %s pauses of over two scrapes, in %s, the longest of %s, the first until %s: %s"
	if len(all) == 1 {
		form = "there is %s pause of over two scrapes, in %s, of %s until %s: %s"
	}
	counts := "what happened then counts where samples return"
	if side.test != nil {
		counts = "nothing is known of what was then"
	}
	return []diag.Finding{side.warn("pause", form, diag.Thousands(int64(len(all))), several(int64(len(p.late.series))),
		slo.FormatDuration(time.Duration(longest)*time.Millisecond), stamp(all[0].to), counts)}
}

// several says how many series there are.
func several(n int64) string { return diag.Thousands(n) + " series" }

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

// found tells what there is of each query of a request. The sides of a histogram are of one.
func (a *asked) found() (all []sources.Found) {
	sides := a.sides
	if a.buckets != nil && len(sides) == 0 {
		sides = []*side{a.buckets.side}
	}
	for _, s := range sides {
		one := s.found()
		i := slices.IndexFunc(all, func(f sources.Found) bool { return f.Key == one.Key && f.Query == one.Query })
		if i < 0 {
			all = append(all, one)
			continue
		}
		all[i] = with(all[i], one)
	}
	for i := range all {
		all[i].Step = a.step()
	}
	return all
}

// with returns what two sides of one query found.
func with(f, other sources.Found) sources.Found {
	f.Series, f.Every = max(f.Series, other.Series), max(f.Every, other.Every)
	if f.From.IsZero() || !other.From.IsZero() && other.From.Before(f.From) {
		f.From = other.From
	}
	if other.To.After(f.To) {
		f.To = other.To
	}
	f.Labels = append(f.Labels, other.Labels...)
	slices.Sort(f.Labels)
	f.Labels = slices.Compact(f.Labels)
	return f
}

// found tells what there is of a side.
func (s *side) found() sources.Found {
	f := sources.Found{Key: s.key(), Query: s.value.Text, Every: time.Duration(s.interval()) * time.Millisecond}
	if s.expr.Is() {
		f.By, f.Every = sources.PromQL, time.Duration(s.of.usual)*time.Millisecond
	}
	first, newest, names := int64(-never), int64(never), map[string]bool{}
	for _, one := range s.series {
		if one == nil || one.n == 0 {
			continue
		}
		f.Series++
		first, newest = min(first, one.firstAt), max(newest, one.lastAt)
		for _, l := range one.labels {
			if l.Name != sample.MetricName && (s.bound == nil || l.Name != "le") && !names[l.Name] {
				names[l.Name] = true
				f.Labels = append(f.Labels, l.Name)
			}
		}
	}
	slices.Sort(f.Labels)
	if f.Series > 0 {
		f.From, f.To = time.UnixMilli(first).UTC(), time.UnixMilli(newest).UTC()
	}
	return f
}

// rounds tells whether counts are rounded: of samples that are no whole numbers, and whatever
// a server counts.
func (s *side) rounds() bool { return s.rounded || s.expr.Is() && s.test == nil }

// key returns the key of the sli that says the query.
func (s *side) key() string {
	switch {
	case s.limit != nil, s.bound != nil:
		return histogramKey
	case s.portion:
		return ratioKey
	case s.test != nil, s.role == spec.Both:
		return valueKey
	}
	return string(s.role)
}
