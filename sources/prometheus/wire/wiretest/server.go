// Package wiretest has a server that speaks the HTTP API of Prometheus about series
// given in memory, for tests. It evaluates no PromQL but a selector, with a range or
// without: the answers to other texts are given with it.
package wiretest

import (
	"encoding/json"
	"fmt"
	"maps"
	"math"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
)

// Series is one series: its samples in order of time, which is in milliseconds since the
// epoch. A sample may be a staleness marker.
type Series struct {
	Labels     sample.Labels
	Times      []int64
	Values     []float64
	Histograms []sample.Histogram // in their place: for remote read alone
}

// Server is a server. Its fields may be changed while no request is under way.
type Server struct {
	// Series are what the server keeps.
	Series []Series

	// Answers are what PromQL texts evaluate to. A query gets those of their points that
	// it asks for: from its start on in steps, or at its time.
	Answers map[string][]Series

	Points  int // of a series that a range query may have; 0: 11,000
	Samples int // that one query may load; 0: 50,000,000

	Victoria bool              // speak as VictoriaMetrics does, which has an export
	Closed   bool              // a range includes its older end, as before Prometheus 3
	GetOnly  bool              // refuse POST
	Types    map[string]string // of metrics
	Warnings []string          // told with each answer
	Infos    []string

	// Read answers remote read: what kind the body is of, and the body, of series that
	// spoil has spoiled. Nil: the server has none.
	Read func(r *http.Request, spoil func([]Series) []Series) (kind string, body []byte, err error)

	// Spoils chooses the requests that Fault spoils; nil: all queries.
	Spoils func(r *http.Request) bool

	// Fault spoils the answers to queries, the first Spoiled ones if that is not 0.
	Fault   Fault
	Spoiled int

	http  *httptest.Server
	lock  sync.Mutex
	asked []string
	stop  chan struct{}
}

// New starts a server that ends with the test.
func New(t testing.TB) *Server {
	s := &Server{stop: make(chan struct{})}
	s.http = httptest.NewServer(s)
	t.Cleanup(func() {
		close(s.stop)
		s.http.CloseClientConnections()
		s.http.Close()
	})
	return s
}

// URL is the server's address, which has a prefix.
func (s *Server) URL() string { return s.http.URL + "/prefix" }

// Asked returns the requests so far: method, path and parameters, as they came.
func (s *Server) Asked() []string {
	s.lock.Lock()
	defer s.lock.Unlock()
	return slices.Clone(s.asked)
}

// ServeHTTP answers a request.
func (s *Server) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	path, ok := strings.CutPrefix(r.URL.Path, "/prefix/api/v1/")
	if !ok {
		http.NotFound(w, r)
		return
	}
	if r.Method != http.MethodGet && (s.GetOnly || !posted(path)) {
		w.Header().Set("Allow", http.MethodGet)
		http.Error(w, "Method Not Allowed", http.StatusMethodNotAllowed)
		return
	}
	if err := r.ParseForm(); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	reads := path == "read" && s.Read != nil
	queries := reads || path == "query" || path == "query_range" || path == "export"
	if queries && s.Spoils != nil {
		queries = s.Spoils(r)
	}
	fault := s.note(r, queries)
	if queries && fault.serve(s, w, r) {
		return
	}
	kind, body, err := "application/json", []byte(nil), error(nil)
	if reads {
		kind, body, err = s.Read(r, fault.spoil)
	} else {
		body, err = s.answer(path, r, fault)
	}
	if err != nil {
		s.refuse(w, err)
		return
	}
	w.Header().Set("Content-Type", kind)
	if queries {
		fault.write(s, w, r, body)
		return
	}
	w.Write(body)
}

// posted tells whether Prometheus takes a POST for a path, or VictoriaMetrics does.
func posted(path string) bool {
	return path == "read" || path == "query" || path == "query_range" || path == "series" || path == "export"
}

// note keeps a request, and returns how to spoil its answer.
func (s *Server) note(r *http.Request, queries bool) Fault {
	s.lock.Lock()
	defer s.lock.Unlock()
	s.asked = append(s.asked, r.Method+" "+r.URL.Path+" "+r.Form.Encode())
	var fault Fault
	if queries {
		fault = s.Fault
	}
	if queries && s.Spoiled > 0 {
		if s.Spoiled--; s.Spoiled == 0 {
			s.Fault = Fault{}
		}
	}
	return fault
}

// failure is an error of the API.
type failure struct {
	status     int
	kind, text string
}

func (f *failure) Error() string { return f.text }

func (s *Server) refuse(w http.ResponseWriter, err error) {
	f, ok := err.(*failure)
	if !ok {
		f = &failure{http.StatusBadRequest, "bad_data", err.Error()}
	}
	kind := f.kind
	if s.Victoria {
		kind = strconv.Itoa(f.status)
	}
	w.Header().Set("Content-Type", "application/json")
	w.WriteHeader(f.status)
	json.NewEncoder(w).Encode(map[string]string{"status": "error", "errorType": kind, "error": f.text})
}

// answer returns the body of an answer.
func (s *Server) answer(path string, r *http.Request, fault Fault) ([]byte, error) {
	switch path {
	case "query_range":
		return s.queryRange(r, fault)
	case "query":
		return s.query(r, fault)
	case "export":
		if s.Victoria {
			return s.export(r, fault)
		}
	case "series":
		return s.series(r)
	case "label/" + sample.MetricName + "/values":
		return s.names(r)
	case "metadata":
		return s.metadata(r), nil
	case "status/buildinfo":
		return s.build(), nil
	}
	return nil, &failure{http.StatusNotFound, "not_found", "404 page not found"}
}

// queryRange answers with what Answers have of a query.
func (s *Server) queryRange(r *http.Request, fault Fault) ([]byte, error) {
	start, end := milliseconds(r.Form.Get("start")), milliseconds(r.Form.Get("end"))
	step := milliseconds(r.Form.Get("step"))
	if start < 0 || end < start || step <= 0 {
		return nil, fmt.Errorf("invalid parameter %q", "start, end or step")
	}
	if limit := s.limit(); (end-start)/step >= int64(limit) {
		return nil, s.tooManyPoints(limit)
	}
	known, err := s.evaluate(r.Form.Get("query"), start, end, step)
	if err != nil {
		return nil, err
	}
	var out []Series
	for _, series := range known {
		cut := Series{Labels: series.Labels}
		for i, at := range series.Times {
			if at >= start && at <= end && (at-start)%step == 0 {
				cut.Times, cut.Values = append(cut.Times, at), append(cut.Values, series.Values[i])
			}
		}
		if len(cut.Times) > 0 {
			out = append(out, cut)
		}
	}
	return s.matrix(fault.spoil(out))
}

func (s *Server) limit() int {
	if s.Points > 0 {
		return s.Points
	}
	return 11_000
}

func (s *Server) tooManyPoints(limit int) error {
	if s.Victoria {
		return &failure{http.StatusUnprocessableEntity, "", fmt.Sprintf(
			"too many points for the given start, end and step; the maximum number of points is %d; "+
				"(see -search.maxPointsPerTimeseries command-line flag)", limit)}
	}
	digits := strconv.Itoa(limit)
	if len(digits) > 3 {
		digits = digits[:len(digits)-3] + "," + digits[len(digits)-3:]
	}
	return fmt.Errorf("exceeded maximum resolution of %s points per timeseries. "+
		"Try decreasing the query resolution (?step=XX)", digits)
}

// lookback is how old the sample of a selector may be, in milliseconds.
const lookback = 300_000

// evaluate returns what a query evaluates to at each step.
func (s *Server) evaluate(query string, start, end, step int64) ([]Series, error) {
	if known, ok := s.Answers[query]; ok {
		return known, nil
	}
	selector, rest, err := parse(query)
	if err != nil || rest != "" {
		return nil, fmt.Errorf("invalid parameter %q: this server cannot evaluate %q", "query", query)
	}
	var out []Series
	for _, series := range s.Series {
		if !selector.Takes(series.Labels) {
			continue
		}
		values := Series{Labels: series.Labels}
		for at := start; at <= end; at += step {
			i, found := slices.BinarySearch(series.Times, at)
			if !found {
				i--
			}
			if i >= 0 && at-series.Times[i] < lookback && !sample.Stale(series.Values[i]) {
				values.Times, values.Values = append(values.Times, at), append(values.Values, series.Values[i])
			}
		}
		out = append(out, values)
	}
	return out, nil
}

// query answers an instant query: a selector's samples, those of its range if it has
// one, or what Answers have at that time.
func (s *Server) query(r *http.Request, fault Fault) ([]byte, error) {
	query, at := r.Form.Get("query"), milliseconds(r.Form.Get("time"))
	if at < 0 {
		return nil, fmt.Errorf("invalid parameter %q", "time")
	}
	selector, rest, err := parse(query)
	if length, ok := rangeOf(rest); err == nil && ok {
		from := at - length
		if !s.Closed {
			from++
		}
		found, err := s.samples(selector, from, at, false)
		if err != nil {
			return nil, err
		}
		return s.matrix(fault.spoil(found))
	}
	known, err := s.evaluate(query, at, at, 1)
	if err != nil {
		return nil, err
	}
	return s.vector(known, at)
}

// samples returns those of a selector in [from, to].
func (s *Server) samples(selector sample.Selector, from, to int64, stale bool) ([]Series, error) {
	var out []Series
	count := 0
	for _, series := range s.Series {
		if !selector.Takes(series.Labels) {
			continue
		}
		cut := Series{Labels: series.Labels}
		for i, at := range series.Times {
			value := 0.0
			if series.Histograms == nil {
				value = series.Values[i]
			}
			if at >= from && at <= to && (stale || !sample.Stale(value)) {
				cut.Times, cut.Values = append(cut.Times, at), append(cut.Values, value)
			}
		}
		if count += len(cut.Times); len(cut.Times) > 0 {
			out = append(out, cut)
		}
	}
	if limit := s.Samples; count > limit && limit > 0 || count > 50_000_000 {
		return nil, &failure{http.StatusUnprocessableEntity, "execution",
			"query processing would load too many samples into memory in query execution"}
	}
	return out, nil
}

// matrix writes series as the result of a query.
func (s *Server) matrix(series []Series) ([]byte, error) {
	result := []map[string]any{}
	for _, one := range series {
		values := [][2]any{}
		for i, at := range one.Times {
			values = append(values, point(at, one.Values[i]))
		}
		result = append(result, map[string]any{"metric": object(one.Labels), "values": values})
	}
	return s.success(map[string]any{"resultType": "matrix", "result": result})
}

func (s *Server) vector(series []Series, at int64) ([]byte, error) {
	result := []map[string]any{}
	for _, one := range series {
		if i, found := slices.BinarySearch(one.Times, at); found {
			result = append(result, map[string]any{"metric": object(one.Labels), "value": point(at, one.Values[i])})
		}
	}
	return s.success(map[string]any{"resultType": "vector", "result": result})
}

func (s *Server) success(data any) ([]byte, error) {
	return json.Marshal(struct {
		Status   string   `json:"status"`
		Data     any      `json:"data"`
		Warnings []string `json:"warnings,omitempty"`
		Infos    []string `json:"infos,omitempty"`
	}{"success", data, s.Warnings, s.Infos})
}

func point(at int64, v float64) [2]any {
	return [2]any{json.Number(strconv.FormatFloat(float64(at)/1000, 'f', -1, 64)), written(v)}
}

// written writes a value as Prometheus does.
func written(v float64) string {
	switch {
	case math.IsInf(v, 1):
		return "+Inf"
	case math.IsInf(v, -1):
		return "-Inf"
	}
	return strconv.FormatFloat(v, 'f', -1, 64)
}

func object(labels sample.Labels) map[string]string {
	out := map[string]string{}
	for _, l := range labels {
		out[l.Name] = l.Value
	}
	return out
}

// export writes lines of at most max_rows_per_line samples.
func (s *Server) export(r *http.Request, fault Fault) ([]byte, error) {
	selector, rest, err := parse(r.Form.Get("match[]"))
	if err != nil || rest != "" {
		return nil, fmt.Errorf("cannot parse %q", r.Form.Get("match[]"))
	}
	found, err := s.samples(selector, milliseconds(r.Form.Get("start")), milliseconds(r.Form.Get("end")), true)
	if err != nil {
		return nil, err
	}
	rows, _ := strconv.Atoi(r.Form.Get("max_rows_per_line"))
	var out []byte
	for _, series := range fault.spoil(found) {
		for from := 0; from < len(series.Times); {
			to := len(series.Times)
			if rows > 0 {
				to = min(to, from+rows)
			}
			line, err := json.Marshal(map[string]any{
				"metric":     object(series.Labels),
				"values":     exported(series.Values[from:to]),
				"timestamps": series.Times[from:to],
			})
			if err != nil {
				return nil, err
			}
			out = append(append(out, line...), '\n')
			from = to
		}
	}
	return out, nil
}

func exported(values []float64) []any {
	var out []any
	for _, v := range values {
		switch {
		case math.IsNaN(v):
			out = append(out, nil)
		case math.IsInf(v, 1):
			out = append(out, "Infinity")
		case math.IsInf(v, -1):
			out = append(out, "-Infinity")
		default:
			out = append(out, v)
		}
	}
	return out
}

func (s *Server) series(r *http.Request) ([]byte, error) {
	out := []map[string]string{}
	for _, text := range r.Form["match[]"] {
		selector, rest, err := parse(text)
		if err != nil || rest != "" {
			return nil, fmt.Errorf("invalid parameter %q", "match[]")
		}
		found, err := s.samples(selector, milliseconds(r.Form.Get("start")), milliseconds(r.Form.Get("end")), true)
		if err != nil {
			return nil, err
		}
		for _, series := range found {
			out = append(out, object(series.Labels))
		}
	}
	return s.success(out)
}

func (s *Server) names(r *http.Request) ([]byte, error) {
	found, err := s.samples(nil, milliseconds(r.Form.Get("start")), milliseconds(r.Form.Get("end")), true)
	if err != nil {
		return nil, err
	}
	names := map[string]bool{}
	for _, series := range found {
		names[series.Labels.Get(sample.MetricName)] = true
	}
	return s.success(slices.AppendSeq([]string{}, slices.Values(slices.Sorted(maps.Keys(names)))))
}

func (s *Server) metadata(r *http.Request) []byte {
	known := map[string][]map[string]string{}
	if metric := r.Form.Get("metric"); s.Types[metric] != "" {
		known[metric] = []map[string]string{{"type": s.Types[metric], "help": "", "unit": ""}}
	}
	body, _ := s.success(known)
	return body
}

func (s *Server) build() []byte {
	if s.Victoria {
		return []byte(`{"status":"success","data":{"version":"2.24.0"}}`)
	}
	version := "3.15.0"
	if s.Closed {
		version = "2.42.0"
	}
	body, _ := s.success(map[string]string{"version": version, "revision": "0", "goVersion": "go1.26"})
	return body
}

// milliseconds reads a time or a length in seconds, -1 if it is none.
func milliseconds(text string) int64 {
	n, err := strconv.ParseFloat(text, 64)
	if err != nil {
		return -1
	}
	return int64(math.Round(n * 1000))
}
