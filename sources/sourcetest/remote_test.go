package sourcetest

import (
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"math"
	"net/http"
	"net/url"
	"os"
	"os/exec"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

// remote is a source that asks a server over HTTP, one request a question, as those
// of metrics do. It shows that the contract is of use to them, and with one of its
// faults that the suite finds what they may get wrong.
type remote struct {
	env   sources.Env
	url   spec.URL
	token spec.Secret
	fault string
	spent bool // after a fetch; for the fault

	call   func(http.RoundTripper, *http.Request) (*http.Response, error)
	header string // for the fault
}

// faults are what a remote may get wrong, and the case that finds it.
func faults() map[string]string {
	return map[string]string{
		"all fail with one":         "says what kind of error it is",
		"no classes":                "says what kind of error it is",
		"empty when throttled":      "says what kind of error it is",
		"half an answer":            "refuses an answer that is cut off",
		"quotes the server":         "shows no secret",
		"asks as nobody":            "shows no secret",
		"names the token":           "shows no secret",
		"a secret in a hint":        "shows no secret",
		"a secret in an excerpt":    "shows no secret",
		"a secret in a field":       "shows no secret",
		"a secret behind an error":  "shows no secret",
		"asks all at once":          "asks no more at once than it may",
		"fetches once":              "answers a second fetch",
		"forgets":                   "answers a second fetch",
		"finer than it is":          "adds up to a coarser step",
		"says the step asked":       "keeps a step that is coarser than asked",
		"final too soon":            "says what is final",
		"never final":               "says what is final",
		"final after at":            "gives back what was written",
		"deaf":                      "stops half-way when cancelled",
		"leaves a goroutine":        "stops half-way when cancelled",
		"one failure ends it":       "answers the others where one request fails",
		"a failure has a series":    "answers the others where one request fails",
		"a failure is an empty one": "answers the others where one request fails",
		"keeps an answer":           "lets go of every answer",
		"deaf in an answer":         "stops in the middle of an answer",
	}
}

// calls are the ways to ask.
func calls(fault string) func(http.RoundTripper, *http.Request) (*http.Response, error) {
	switch fault {
	case "streams", "keeps an answer", "deaf in an answer":
		return sources.Stream
	}
	return sources.Do
}

func remoteKind(fault string) sources.Kind {
	return sources.Kind{
		SourceKind: spec.SourceKind{
			Name: "remote",
			Keys: []spec.Key{{Name: "url", Type: spec.Address, Required: true}, {Name: "token", Type: spec.Credential}},
			SLI:  []spec.Key{{Name: "series", Type: spec.Text, Required: true}},
		},
		Open: func(_ context.Context, cfg spec.Block, env sources.Env) (sources.Source, error) {
			token, err := cfg.Secret("token", env.Getenv, env.Root)
			if err != nil && fault != "asks as nobody" {
				return nil, err
			}
			r := &remote{env: env, url: cfg.URL("url"), token: token, fault: fault, call: calls(fault)}
			if fault == "a secret in a field" {
				r.header = "Bearer " + token.Reveal()
			}
			return r, nil
		},
	}
}

// line is a bucket of a label set as the server sends it.
type line struct {
	Region string    `json:"region,omitempty"`
	Start  time.Time `json:"start"`
	Step   float64   `json:"step"` // seconds
	Bad    float64   `json:"bad"`
	Total  float64   `json:"total"`
}

// store holds references and answers as the server.
type store []Reference

func (s store) ServeHTTP(w http.ResponseWriter, req *http.Request) {
	if req.Header.Get("Authorization") != "Bearer "+planted {
		w.WriteHeader(http.StatusUnauthorized)
		return
	}
	lines := []line{}
	known := false
	for _, ref := range s {
		if ref.Name != req.URL.Query().Get("series") && ref.Labels == nil {
			continue
		}
		known = true
		for i := range ref.Series.Total {
			if !math.IsNaN(ref.Series.Total[i]) {
				lines = append(lines, line{
					Region: ref.Labels["region"],
					Start:  ref.Series.Time(i),
					Step:   ref.Series.Step.Seconds(),
					Bad:    ref.Series.Bad[i],
					Total:  ref.Series.Total[i],
				})
			}
		}
	}
	if !known && len(s) > 0 {
		w.WriteHeader(http.StatusBadRequest)
		return
	}
	json.NewEncoder(w).Encode(lines)
}

func writeRemote(_ *testing.T, _ string, refs []Reference) Config {
	return Config{
		Source:  "url: http://remote.example\ntoken_env: REMOTE_TOKEN\n",
		SLI:     remoteSLI(refs),
		Failing: "series: none",
		HTTP:    Serve(store(refs)),
	}
}

func remoteSLI(refs []Reference) []string {
	var out []string
	for _, ref := range refs {
		out = append(out, "series: "+ref.Name)
	}
	return out
}

func (r *remote) Fetch(ctx context.Context, reqs []sources.Request, emit func(sources.Answer)) error {
	if r.fault == "fetches once" && r.spent {
		return errors.New("fetched before")
	}
	if r.fault == "leaves a goroutine" {
		go func() { <-make(chan bool) }()
	}
	if r.fault == "asks all at once" {
		var all sync.WaitGroup
		for _, req := range reqs {
			all.Go(func() { r.ask(ctx, req) })
		}
		all.Wait()
	}
	for i, req := range reqs {
		if err := sources.Done(ctx); err != nil && (r.fault != "deaf" || i == 0) {
			return err
		}
		lines, in, err := r.ask(ctx, req)
		if done := sources.Done(ctx); done != nil && r.fault != "deaf" && r.fault != "deaf in an answer" {
			return done
		}
		if err != nil && r.ends(err) {
			return err
		}
		a := sources.Answer{Request: i, Inputs: []sources.Input{in}, Err: err}
		r.emit(a, req, lines, emit)
	}
	r.spent = r.spent || ctx.Err() == nil
	return nil
}

// ends tells whether an error of one request ends the fetch: those that are of the
// server will be of the next request too.
func (r *remote) ends(err error) bool {
	switch r.fault {
	case "all fail with one", "one failure ends it":
		return true
	}
	class := sources.ClassOf(err)
	return class == sources.Auth || class == sources.Throttled
}

// ask makes one request.
func (r *remote) ask(ctx context.Context, req sources.Request) ([]line, sources.Input, error) {
	in := sources.Input{Name: r.url.String()}
	at := r.url.Join("counts")
	at.RawQuery = url.Values{"series": {req.SLI.Get("series").Text}}.Encode()
	call, err := http.NewRequestWithContext(ctx, http.MethodGet, at.String(), nil)
	if err != nil {
		return nil, in, err
	}
	if r.token.Is() {
		call.Header.Set("Authorization", "Bearer "+r.token.Reveal())
	}
	if r.fault == "asks as nobody" && !r.token.Is() {
		call.Header.Set("Authorization", "Bearer "+planted)
	}
	if r.fault == "names the token" {
		in.Name += "?token=" + r.token.Reveal()
	}
	resp, err := r.call(r.env.HTTP, call)
	if err != nil {
		return nil, in, r.classless(err)
	}
	if r.fault != "keeps an answer" {
		defer resp.Body.Close()
	}
	body, err := io.ReadAll(resp.Body)
	if refused := sources.Status(resp); refused != nil {
		return nil, in, r.refused(refused, string(body))
	}
	var lines []line
	if err == nil {
		err = json.Unmarshal(body, &lines)
	}
	if r.fault == "half an answer" && err != nil {
		err = nil
	}
	in.Rows = int64(len(lines))
	if r.env.Digest {
		in.Digest = fmt.Sprintf("sha256:%x", sha256.Sum256(body))
	}
	return lines, in, err
}

// refused adds to the status what the server says.
func (r *remote) refused(err error, body string) error {
	if r.fault == "empty when throttled" && sources.ClassOf(err) == sources.Throttled {
		return nil
	}
	if r.fault != "quotes the server" {
		body = r.token.Hide(body)
	}
	err = fmt.Errorf("%w: %s", err, diag.Cut(diag.Escape(body), 200, "…"))
	if r.fault == "a secret behind an error" {
		err = smooth{fmt.Errorf("%w: Bearer %s", err, r.token.Reveal())}
	}
	return r.classless(err)
}

// smooth is an error that says less than the one it hands out.
type smooth struct{ err error }

func (smooth) Error() string   { return "refused" }
func (s smooth) Unwrap() error { return s.err }

func (r *remote) classless(err error) error {
	if r.fault == "no classes" {
		return errors.New(err.Error())
	}
	return err
}

// emit answers one request.
func (r *remote) emit(a sources.Answer, req sources.Request, lines []line, emit func(sources.Answer)) {
	err := a.Err
	if err != nil && r.fault == "a failure is an empty one" {
		a.Err, err = nil, nil
	}
	if err != nil {
		if r.fault == "a failure has a series" {
			a.Series = slo.NewSeries(req.Period, req.Step)
		}
		emit(a)
		return
	}
	if len(req.Per) == 0 {
		emit(r.answer(a, req, lines))
		return
	}
	all := regions(lines)
	if most := req.MaxSets; most > 0 && len(all) > most {
		a.Err = fmt.Errorf("more than %d regions", most)
		emit(a)
		return
	}
	for _, region := range all {
		a.Labels = map[string]string{"region": region}
		own := slices.DeleteFunc(slices.Clone(lines), func(l line) bool { return l.Region != region })
		emit(r.answer(a, req, own))
	}
}

func regions(lines []line) []string {
	var out []string
	for _, l := range lines {
		out = append(out, l.Region)
	}
	slices.Sort(out)
	return slices.Compact(out)
}

// answer sorts the lines of one label set into buckets.
func (r *remote) answer(a sources.Answer, req sources.Request, lines []line) sources.Answer {
	step := req.Step
	for _, l := range lines {
		step = max(step, time.Duration(l.Step)*time.Second)
	}
	period := req.Period
	if step > req.Step {
		period.Start = period.Start.Add(step - 1).Truncate(step)
	}
	a.Series = slo.NewSeries(period, step)
	late := 0
	for k, l := range lines {
		end := l.Start.Add(time.Duration(l.Step) * time.Second)
		if k == 0 {
			a.Series.Oldest = l.Start
		}
		a.Complete = minTime(l.Start, r.env.At)
		if end.After(r.env.At) {
			late++
			continue
		}
		a.Newest = end
		if !period.Contains(l.Start) || l.Start.Before(a.Series.Start) || r.fault == "forgets" && r.spent {
			continue
		}
		if b := int(l.Start.Sub(a.Series.Start) / step); b < a.Series.Len() {
			r.count(a.Series, b, l, req.Count)
		}
	}
	if late > 0 {
		a.Notes = append(a.Notes, diag.Warnf(req.SLI.Pos, "remote/late", "%d buckets left out", late))
	}
	return r.spoil(a, req)
}

func minTime(a, b time.Time) time.Time {
	if b.Before(a) {
		return b
	}
	return a
}

func (r *remote) count(s *slo.Series, b int, l line, count spec.Count) {
	if !s.Measured(b) {
		s.Bad[b], s.Total[b] = 0, 0
	}
	switch {
	case r.fault == "finer than it is" && s.Step > time.Minute && l.Step == 60:
		s.Bad[b], s.Total[b] = l.Bad, l.Total
	case count == spec.Good:
		s.Total[b] += l.Total - l.Bad
	case count == spec.Bad:
		s.Total[b] += l.Bad
	case count == spec.Total:
		s.Total[b] += l.Total
	default:
		s.Bad[b] += l.Bad
		s.Total[b] += l.Total
	}
}

// spoil is for faults of whole answers.
func (r *remote) spoil(a sources.Answer, req sources.Request) sources.Answer {
	switch r.fault {
	case "final too soon":
		a.Complete = a.Newest
	case "a secret in a hint":
		note := diag.Warnf(req.SLI.Pos, "remote/slow", "the server is slow")
		a.Notes = append(a.Notes, note.WithHint("ask it with %s", r.token.Reveal()))
	case "a secret in an excerpt":
		note := diag.Warnf(diag.Pos{File: "answer", Line: 1}, "remote/slow", "the server is slow")
		note.Excerpt = "asked by " + r.token.Reveal()
		a.Notes = append(a.Notes, note)
	case "never final":
		a.Complete = time.Time{}
	case "final after at":
		a.Complete = r.env.At.Add(time.Minute)
	case "says the step asked":
		a.Series.Step = req.Step
	}
	return a
}

func remoteSuite(fault string) Suite {
	return Suite{
		Kind: remoteKind(fault), Write: writeRemote,
		Gaps: true, Huge: true, Many: true, Labels: true, Steps: true, Grows: true, Secret: true,
	}
}

// A source of another family passes the suite.
func TestRemotePasses(t *testing.T) { Run(t, remoteSuite("")) }

// So does one that takes answers as they come.
func TestStreamedRemotePasses(t *testing.T) { Run(t, remoteSuite("streams")) }

// brokenVariable makes this test binary run the suite on the broken sources.
const brokenVariable = "NINES_TEST_BROKEN_SOURCES"

// TestBroken is what TestSuiteFindsFaults runs in a process of its own, since it
// fails.
func TestBroken(t *testing.T) {
	if os.Getenv(brokenVariable) == "" {
		t.Skip("run by TestSuiteFindsFaults")
	}
	for fault, name := range faults() {
		i := slices.IndexFunc(cases(), func(c testCase) bool { return c.name == name })
		t.Run(fault, func(t *testing.T) { cases()[i].test(t, remoteSuite(fault)) })
	}
}

// Every fault fails the case that is about it.
func TestSuiteFindsFaults(t *testing.T) {
	cmd := exec.CommandContext(t.Context(), os.Args[0], "-test.run=^TestBroken$", "-test.v")
	cmd.Env = append(os.Environ(), brokenVariable+"=1")
	out, _ := cmd.CombinedOutput()
	for fault, test := range faults() {
		if !strings.Contains(string(out), "--- FAIL: TestBroken/"+strings.ReplaceAll(fault, " ", "_")+" ") {
			t.Errorf("a source that has the fault %q passes the test that it %s", fault, test)
		}
	}
	if t.Failed() {
		t.Logf("%s", out)
	}
}
