package fold

import (
	"bytes"
	"maps"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

const (
	// maxSets bounds the label sets of one request: each has buckets of its own.
	maxSets = 1000
	// maxLabel bounds the bytes of a label value; what is longer is cut.
	maxLabel = 256
)

// request is one request with what was counted for it.
type request struct {
	req         sources.Request
	where       *match.Cond
	whereIndex  int // in the Folder's list of different ones
	judge       func(values [][]byte) (bad, counts bool)
	per         []match.Field
	start, end  int64 // of the period, Unix seconds
	step        int64 // seconds
	percentiles bool

	only *set            // without labels
	sets map[string]*set // by key
	key  []byte          // scratch
	over bool            // more than maxSets label sets
	cut  bool            // a label value was longer than maxLabel
}

func newRequest(req sources.Request, resolve func(string) (match.Field, bool), known []string) (*request, diag.List) {
	c, findings := compile(req.SLI, resolve, known)
	r := &request{req: req, where: c.where, start: req.Period.Start.Unix(), step: max(1, int64(req.Step/time.Second))}
	r.end = r.start + int64(slo.NewSeries(req.Period, req.Step).Len())*r.step
	r.judge = judge(req.Count, c)
	for _, name := range req.Per {
		field, ok := resolve(name)
		if !ok {
			f := match.Unknown(req.SLI.Pos, name, known)
			f.Message = "per: " + f.Message
			findings = append(findings, f)
		}
		r.per = append(r.per, field)
	}
	if len(r.per) == 0 {
		r.only = newSet()
	} else {
		r.sets = map[string]*set{}
	}
	return r, findings
}

// judge returns what an event that meets `where` is worth: whether it is bad,
// and whether it counts. A single count holds the events it names, or all of
// them if the sli names none.
func judge(count spec.Count, c conditions) func([][]byte) (bad, counts bool) {
	isBad := func(v [][]byte) bool {
		if c.good != nil {
			return !c.good.Match(v)
		}
		return c.bad.Match(v)
	}
	all := count == spec.Total || c.good == nil && c.bad == nil
	switch {
	case count == spec.Both || count == "":
		return func(v [][]byte) (bool, bool) { return isBad(v), true }
	case all:
		return func([][]byte) (bool, bool) { return false, true }
	case count == spec.Bad:
		return func(v [][]byte) (bool, bool) { return false, isBad(v) }
	}
	return func(v [][]byte) (bool, bool) { return false, !isBad(v) }
}

func (r *request) count(s *set, t int64, values [][]byte) {
	bad, counts := r.judge(values)
	if !counts {
		return
	}
	c := s.cell(int((t - r.start) / r.step))
	c.total++
	if bad {
		c.bad++
	}
}

// set returns where the event counts, nil if there are too many label sets.
func (r *request) set(values [][]byte) *set {
	if r.only != nil {
		return r.only
	}
	r.key = r.key[:0]
	for _, field := range r.per {
		v := r.label(values[field.Index])
		r.key = append(append(r.key, byte(len(v)>>8), byte(len(v))), v...)
	}
	if s := r.sets[string(r.key)]; s != nil {
		return s
	}
	return r.newSet(string(r.key))
}

// label bounds a label value and makes it text.
func (r *request) label(v []byte) []byte {
	if len(v) > maxLabel {
		v, r.cut = v[:maxLabel], true
	}
	if utf8.Valid(v) {
		return v
	}
	return bytes.ToValidUTF8(v, []byte("\uFFFD"))
}

func (r *request) newSet(key string) *set {
	if len(r.sets) == maxSets {
		r.over = true
	}
	if r.over {
		return nil
	}
	s := newSet()
	r.sets[key] = s
	return s
}

func (r *request) merge(o *request) {
	r.over, r.cut = r.over || o.over, r.cut || o.cut
	if r.only != nil {
		r.only.merge(o.only)
		return
	}
	for key, from := range o.sets {
		to := r.sets[key]
		if to == nil {
			to = r.newSet(key)
		}
		if to != nil {
			to.merge(from)
		}
	}
}

// emit answers with one label set at a time, in the order of their values.
func (r *request) emit(m measured, base sources.Answer, emit func(sources.Answer)) {
	if r.over {
		base.Err = diag.List{diag.Errorf(r.req.SLI.Pos, "per/many", "per: %s has more than %d different values", strings.Join(r.req.Per, ", "), maxSets).
			WithHint("split by a field with few values, or narrow `where`")}
		emit(base)
		return
	}
	if r.cut {
		base.Notes = append(base.Notes, diag.Warnf(r.req.SLI.Pos, "per/long", "per: %s has values of over %d bytes; they are cut and counted together", strings.Join(r.req.Per, ", "), maxLabel))
	}
	if r.only != nil {
		emit(r.answer(r.only, m, base))
		return
	}
	if len(r.sets) == 0 {
		emit(r.answer(newSet(), m, base))
	}
	for _, key := range slices.Sorted(maps.Keys(r.sets)) {
		base.Labels = r.labels(key)
		emit(r.answer(r.sets[key], m, base))
	}
}

// labels undoes the key that set makes.
func (r *request) labels(key string) map[string]string {
	labels := map[string]string{}
	for _, name := range r.req.Per {
		n := 2 + int(key[0])<<8 + int(key[1])
		labels[name], key = key[2:n], key[n:]
	}
	return labels
}

func (r *request) answer(s *set, m measured, a sources.Answer) sources.Answer {
	a.Series = m.series(r.req)
	s.fill(a.Series)
	a.Percentiles = s.percentiles(r.req.Period.Start)
	return a
}
