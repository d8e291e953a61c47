package fold

import (
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/label"
	"github.com/nines-slo/nines/sources/match"
)

// Need says which durations the good or bad condition of a request tests.
type Need struct {
	Key    string   // "good" or "bad"
	Pos    diag.Pos // of the condition
	Fields []string // as it names them

	narrowed bool // the request has a where
}

// LeaveOut says how to count only events that have the durations; what are the
// others, in the source's words.
func (n Need) LeaveOut(what string) string {
	var tests []string
	for _, name := range n.Fields {
		tests = append(tests, Key(name)+`: ">= 0s"`)
	}
	text := strings.Join(tests, ", ")
	if n.narrowed {
		return "add " + text + " to where to leave " + what + " out"
	}
	return "where: {" + text + "} leaves " + what + " out"
}

// Key writes the name of a field as YAML takes it, in quotes if it must be.
func Key(name string) string {
	if regexp.MustCompile(`^[A-Za-z_][A-Za-z0-9_.-]*$`).MatchString(name) {
		return name
	}
	return strconv.Quote(name)
}

// verdict is what an event is worth to a request.
type verdict struct {
	bad, counts bool
	unsure      bool // neither, since a duration is not there
}

// request is one request with what was counted for it.
type request struct {
	req        sources.Request
	where      *match.Cond
	whereIndex int // in the Folder's list of different ones
	judge      func(values [][]byte) verdict
	need       Need
	start, end int64        // of the period, Unix seconds
	step       int64        // seconds
	duration   *match.Field // that percentiles are made of, nil if there are none

	split *label.Split[*set]
}

func newRequest(req sources.Request, resolve func(string) (match.Field, bool), known []string) (*request, diag.List) {
	c, findings := compile(req.SLI, resolve, known)
	r := &request{req: req, where: c.where, start: req.Period.Start.Unix(), step: max(1, int64(req.Step/time.Second))}
	r.end = req.Whole().End.Unix()
	r.judge, r.need = judge(req.Count, c), c.need(req.SLI)
	var columns []int
	for _, name := range req.Per {
		field, ok := resolve(name)
		if !ok {
			f := match.Unknown(req.SLI.Pos, name, known)
			f.Message = "per: " + f.Message
			findings = append(findings, f)
		}
		columns = append(columns, field.Index)
	}
	r.split = label.New(req, columns, newSet)
	return r, findings
}

// need names the durations that one of good and bad tests.
func (c conditions) need(sli spec.Block) Need {
	key, cond := "bad", c.bad
	if c.good != nil {
		key, cond = "good", c.good
	}
	return Need{Key: key, Pos: sli.Get(key).Pos, Fields: cond.Durations(), narrowed: c.where != nil}
}

// judge returns what an event that meets `where` is worth: whether it is bad,
// and whether it counts. A single count holds the events it names, or all of
// them if the sli names none.
func judge(count spec.Count, c conditions) func([][]byte) verdict {
	if count == spec.Total || c.good == nil && c.bad == nil {
		bad := c.good == nil && c.bad == nil && (count == spec.Both || count == "")
		return func([][]byte) verdict { return verdict{bad: bad, counts: true} }
	}
	cond, yes := c.bad, match.Yes
	if c.good != nil {
		cond, yes = c.good, match.No
	}
	return func(v [][]byte) verdict {
		t := cond.Judge(v)
		bad := t == yes
		switch {
		case t == match.Unsure:
			return verdict{unsure: true}
		case count == spec.Good:
			return verdict{counts: !bad}
		case count == spec.Bad:
			return verdict{counts: bad}
		}
		return verdict{bad: bad, counts: true}
	}
}

// count adds an event to s; false: it cannot be judged.
func (r *request) count(s *set, t int64, values [][]byte) bool {
	v := r.judge(values)
	if v.unsure {
		s.unsure++
		return false
	}
	s.judged++
	if !v.counts {
		return true
	}
	c := s.cell(int((t - r.start) / r.step))
	c.total++
	if v.bad {
		c.bad++
	}
	return true
}

// unsure returns how many events could not be judged, and of how many.
func (r *request) unsure() (events, of int64) {
	for _, s := range r.split.All() {
		events, of = events+s.unsure, of+s.unsure+s.judged
	}
	return events, of
}

// emit answers with one label set at a time, in the order of their values.
func (r *request) emit(m measured, base sources.Answer, emit func(sources.Answer)) {
	if base.Err = r.split.Err(); base.Err != nil {
		emit(base)
		return
	}
	base.Notes = append(base.Notes, r.split.Notes()...)
	if r.split.Len() == 0 {
		emit(r.answer(newSet(), m, base))
	}
	for labels, s := range r.split.All() {
		base.Labels = labels
		emit(r.answer(s, m, base))
	}
}

func (r *request) answer(s *set, m measured, a sources.Answer) sources.Answer {
	a.Series = m.series(r.req)
	s.fill(a.Series)
	a.Percentiles = s.percentiles(r.req.Period.Start)
	return a
}
