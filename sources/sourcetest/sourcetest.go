// Package sourcetest holds what every source must do, as one test that each
// kind of source runs on itself. A source joins by writing reference series in
// its own form (Suite.Write); the suite fetches them back and compares.
package sourcetest

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/sources"
)

// Suite is one way to use one kind of source. The zero flags ask least.
type Suite struct {
	Kind sources.Kind

	// Write stores the references in dir, in the source's own form, and says in
	// YAML how to read them. Dir is empty and the source's paths are relative to
	// it. There are never more references than the flags allow, and may be none.
	Write func(t *testing.T, dir string, refs []Reference) Config

	Gaps   bool // can tell a minute that was not measured from one without events
	Huge   bool // takes counts, so that a minute may hold 10^15 events
	Many   bool // holds several series, told apart by the sli blocks
	Labels bool // splits by label: references with Labels share one sli block
	Steps  bool // holds buckets of other steps than a minute: Reference.Series says which
	Grows  bool // grows at its end: what Write stores may be what it stored before, and more
	Events bool // has one row an event, whose values may be missing: Reference.Missing and Strays
	Shares bool // asks once what requests of one sli have in common, whatever their steps
	Blind  bool // asks about no time after Env.At, and cannot tell what it leaves out there
	Secret bool // shows the secret that Env.Getenv gives, whatever the variable's name
}

// Reference is a series that a source shall give back: buckets of whole counts, a
// minute each unless Suite.Steps is tried.
type Reference struct {
	Name   string            // "a", "b" …
	Labels map[string]string // {"region": "eu"}; nil unless Suite.Labels is tried
	Series *slo.Series

	// Times of further events, nil unless Suite.Events is tried: those that lack what
	// the sli tests, and bad ones that lack the label.
	Missing, Strays []time.Time

	Text string // what the Missing have in the place of Config.Number; "" is nothing
}

// Config is what would stand in an SLO file.
type Config struct {
	Source string // the source's block, without `type`

	// SLI holds the sli block of each reference, without `source`; one block of all if
	// they have Labels. "" is an empty block.
	SLI []string

	// Failing is an sli block that the kind's Check takes, and that a source of the
	// data must refuse without harm to others; "" if there is none.
	Failing string

	// Number is a field that is 200 in a good event and 503 in a bad one, and may hold
	// Reference.Text; "" if there is none.
	Number string

	// HTTP becomes Env.HTTP: it answers as the server would that the source is for.
	// Serve makes one. Nil: the source makes no requests.
	HTTP http.RoundTripper
}

// Serve returns a round-tripper that asks h in the calling goroutine, without a network.
func Serve(h http.Handler) http.RoundTripper { return handled{h} }

type handled struct{ h http.Handler }

// RoundTrip answers with what the handler writes.
func (s handled) RoundTrip(req *http.Request) (*http.Response, error) {
	if err := context.Cause(req.Context()); err != nil {
		return nil, err
	}
	w := httptest.NewRecorder()
	s.h.ServeHTTP(w, req)
	resp := w.Result()
	resp.Request = req
	return resp, nil
}

// Run tries the kind.
func Run(t *testing.T, s Suite) {
	for _, c := range cases() {
		t.Run(c.name, func(t *testing.T) { c.test(t, s) })
	}
}

// testCase is one thing that a source must do.
type testCase struct {
	name string
	test func(*testing.T, Suite)
}

func cases() []testCase {
	return []testCase{
		{"gives back what was written", exact},
		{"knows its oldest bucket", oldest},
		{"answers single counts", singleCounts},
		{"answers many requests in any order", anyOrder},
		{"answers periods that the data does not fill", partialPeriods},
		{"leaves out what lies at or after at", cutAtAt},
		{"has no series without data", noData},
		{"keeps apart no data and no traffic", gaps},
		{"keeps huge counts exact", hugeCounts},
		{"holds several series", manySeries},
		{"splits by label", labels},
		{"answers one label set after the other", oneByOne},
		{"refuses more label sets than it may have", maxSets},
		{"doubts events that cannot be judged", missingValues},
		{"doubts all label sets where a label is missing", missingLabels},
		{"refuses too many events that cannot be judged", tooManyMissing},
		{"is unsure of a text that is no number", textForNumber},
		{"stops when cancelled", cancelled},
		{"gives the same answers again", deterministic},
		{"digests its input if asked", digest},
		{"keeps its counts when percentiles are asked", percentiles},
		{"adds up to a coarser step", coarserAsked},
		{"keeps a step that is coarser than asked", coarserHeld},
		{"answers the others where one request fails", oneFails},
		{"answers each request as if it were alone", independent},
		{"answers a second fetch", again},
		{"says what is final", final},
		{"stops half-way when cancelled", halfway},
		{"refuses a file that is cut off", cutFile},
		{"says what kind of error it is", classes},
		{"refuses an answer that is cut off", cutAnswer},
		{"lets go of every answer", letsGo},
		{"stops in the middle of an answer", midAnswer},
		{"shows no secret", secrets},
		{"asks no more at once than it may", parallel},
	}
}

// origin is the first minute of every reference. It lies in a day without any
// clock change, on the grid of all steps up to six hours.
var origin = time.Date(2026, 3, 10, 6, 0, 0, 0, time.UTC)

// reference returns n minutes of small counts with minutes without traffic, the
// first and the last minute not among them. Two salts give two series.
func reference(name string, n, salt int) Reference {
	s := slo.NewSeries(slo.Period{Start: origin, End: origin.Add(time.Duration(n) * time.Minute)}, time.Minute)
	for i := range n {
		total := (i*7 + salt*3) % 5
		if i == 0 || i == n-1 {
			total = 4
		}
		s.Total[i] = float64(total)
		s.Bad[i] = float64(min(total, (i+salt)%3))
	}
	return Reference{Name: name, Series: s}
}

// span returns the period of the references' data.
func span(r Reference) slo.Period { return slo.Period{Start: r.Series.Start, End: r.Series.End()} }

// wide returns p with half an hour more on both sides.
func wide(p slo.Period) slo.Period {
	return slo.Period{Start: p.Start.Add(-30 * time.Minute), End: p.End.Add(30 * time.Minute)}
}

// Counts prints bad/total per bucket, - for one that was not measured.
func Counts(s *slo.Series) string {
	var out []string
	for i := range s.Len() {
		text := "-"
		if s.Measured(i) {
			text = fmt.Sprintf("%s/%s", s.Events(s.Bad[i]), s.Events(s.Total[i]))
		}
		out = append(out, text)
	}
	return strings.Join(out, " ")
}

// Where returns the sli blocks of references that rows name in field; sli is the
// rest of each. References with labels share one block, since they are told apart
// by their labels.
func Where(refs []Reference, field, sli string) []string {
	var out []string
	for _, ref := range refs {
		if ref.Labels != nil {
			return []string{sli}
		}
		out = append(out, fmt.Sprintf("%swhere: {%s: %s}\n", sli, field, ref.Name))
	}
	return out
}
