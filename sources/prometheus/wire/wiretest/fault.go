package wiretest

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"math"
	"net/http"
	"slices"
	"strings"
	"time"
)

// Fault is one way not to answer queries well. The zero Fault answers well.
type Fault struct {
	Name string

	// Of these there is one at most: what is done in place of an answer, what writes the
	// answer, what spoils each series of it, which it may change.
	instead func(s *Server, w http.ResponseWriter, r *http.Request)
	body    func(s *Server, w http.ResponseWriter, r *http.Request, body []byte)
	points  func(Series) Series
}

// Find returns the fault of a name. It panics if there is none.
func Find(name string) Fault {
	faults := Faults()
	return faults[slices.IndexFunc(faults, func(f Fault) bool { return f.Name == name })]
}

// Faults returns all faults.
func Faults() []Fault {
	faults := append(refusals(), bodies()...)
	return append(faults, spoils()...)
}

func (f Fault) serve(s *Server, w http.ResponseWriter, r *http.Request) bool {
	if f.instead == nil {
		return false
	}
	f.instead(s, w, r)
	return true
}

func (f Fault) write(s *Server, w http.ResponseWriter, r *http.Request, body []byte) {
	if f.body == nil {
		w.Write(body)
		return
	}
	f.body(s, w, r, body)
}

// spoil returns series that are spoiled; they are not those that the server keeps.
func (f Fault) spoil(all []Series) []Series {
	if f.points == nil {
		return all
	}
	var out []Series
	for _, one := range all {
		one.Times, one.Values = slices.Clone(one.Times), slices.Clone(one.Values)
		out = append(out, f.points(one))
	}
	return out
}

// refusals are answers of another kind.
func refusals() []Fault {
	status := func(code int, header ...string) func(*Server, http.ResponseWriter, *http.Request) {
		return func(_ *Server, w http.ResponseWriter, r *http.Request) {
			for i := 0; i+1 < len(header); i += 2 {
				w.Header().Set(header[i], header[i+1])
			}
			w.WriteHeader(code)
			fmt.Fprintf(w, "no answer to %s, %s", r.Header.Get("Authorization"), r.Form.Encode())
		}
	}
	text := func(kind, text string) func(*Server, http.ResponseWriter, *http.Request) {
		return func(_ *Server, w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", kind)
			fmt.Fprint(w, text)
		}
	}
	return []Fault{
		{Name: "500", instead: status(500)},
		{Name: "503", instead: status(503)},
		{Name: "flapping", instead: flap},
		{Name: "429 for 2 s", instead: status(429, "Retry-After", "2")},
		{Name: "429 until 9999", instead: status(429, "Retry-After", "Fri, 31 Dec 9999 23:59:59 GMT")},
		{Name: "hang", instead: func(s *Server, _ http.ResponseWriter, r *http.Request) { s.wait(r) }},
		{Name: "reset", instead: func(*Server, http.ResponseWriter, *http.Request) { panic(http.ErrAbortHandler) }},
		{Name: "login page", instead: text("text/html", "<!DOCTYPE html><title>Sign in</title><form><input name=password>")},
		{Name: "an error under 200", instead: text("application/json",
			`{"status":"error","errorType":"execution","error":"something\u001b[31m failed"}`)},
		{Name: "wrong type", instead: text("application/json",
			`{"status":"success","data":{"resultType":"vector","result":[{"metric":{},"value":[0,"1"]}]}}`)},
		{Name: "other JSON", instead: text("application/json", `{"message":"hello"}`)},
		{Name: "empty", instead: text("application/json", "")},
		{Name: "deep", instead: deep},
		{Name: "endless", instead: endless},
		{Name: "gzip bomb", instead: bomb},
		{Name: "moved to another host", instead: status(302, "Location", "http://192.0.2.1/?token=canary-moved")},
		{Name: "moved in a loop", instead: loop},
		{Name: "moved to a file", instead: status(302, "Location", "file:///etc/passwd")},
	}
}

// wait waits until the client or the test ends.
func (s *Server) wait(r *http.Request) {
	select {
	case <-r.Context().Done():
	case <-s.stop:
	}
}

// flap fails each other request.
func flap(s *Server, w http.ResponseWriter, r *http.Request) {
	s.lock.Lock()
	n := len(s.asked)
	s.lock.Unlock()
	if n%2 == 1 {
		http.Error(w, "down for a moment", http.StatusBadGateway)
		return
	}
	path := strings.TrimPrefix(r.URL.Path, "/prefix/api/v1/")
	if path == "read" {
		kind, body, err := s.Read(r, Fault{}.spoil)
		if err != nil {
			s.refuse(w, err)
			return
		}
		w.Header().Set("Content-Type", kind)
		w.Write(body)
		return
	}
	body, err := s.answer(path, r, Fault{})
	if err != nil {
		s.refuse(w, err)
		return
	}
	w.Write(body)
}

func loop(_ *Server, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Location", r.URL.Path)
	w.WriteHeader(http.StatusTemporaryRedirect)
}

// deep answers a list in a list, 100,000 times.
func deep(_ *Server, w http.ResponseWriter, _ *http.Request) {
	fmt.Fprint(w, `{"status":"success","unknown":`, strings.Repeat("[", 100_000))
}

// endless answers a name of a label that does not end.
func endless(_ *Server, w http.ResponseWriter, r *http.Request) {
	fmt.Fprint(w, `{"status":"success","data":{"resultType":"matrix","result":[{"metric":{"`)
	letters := bytes.Repeat([]byte("a"), 1<<16)
	for r.Context().Err() == nil {
		if _, err := w.Write(letters); err != nil {
			return
		}
	}
}

// bomb answers a packed text of space that does not end, packed whether asked or not.
func bomb(_ *Server, w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Encoding", "gzip")
	packed := gzip.NewWriter(w)
	fmt.Fprint(packed, `{"status":`)
	space := bytes.Repeat([]byte(" "), 1<<16)
	for r.Context().Err() == nil {
		if _, err := packed.Write(space); err != nil {
			return
		}
	}
}

// bodies are answers that do not arrive as they should.
func bodies() []Fault {
	return []Fault{
		{Name: "drip", body: drip},
		{Name: "hang in the body", body: func(s *Server, w http.ResponseWriter, r *http.Request, body []byte) {
			w.Write(body[:len(body)/2])
			w.(http.Flusher).Flush()
			s.wait(r)
		}},
		{Name: "truncated", body: func(_ *Server, w http.ResponseWriter, _ *http.Request, body []byte) {
			w.Write(body[:len(body)/2])
		}},
		{Name: "reset in the body", body: func(_ *Server, w http.ResponseWriter, _ *http.Request, body []byte) {
			w.Write(body[:len(body)/2])
			w.(http.Flusher).Flush()
			panic(http.ErrAbortHandler)
		}},
		{Name: "warnings", body: func(_ *Server, w http.ResponseWriter, r *http.Request, body []byte) {
			if strings.HasSuffix(r.URL.Path, "/export") {
				body = append(body, '\n')
				w.Write(append(body, `{"status":"success","isPartial":true}`...))
				return
			}
			if strings.HasSuffix(r.URL.Path, "/read") { // has no place for them
				w.Write(body)
				return
			}
			w.Write(append(bytes.TrimSuffix(body, []byte("}")), `,"warnings":["store 2 did not answer\u001b[2J"]}`...))
		}},
	}
}

// drip answers a byte a second.
func drip(s *Server, w http.ResponseWriter, r *http.Request, body []byte) {
	tick := time.NewTicker(time.Second)
	defer tick.Stop()
	for i := range body {
		w.Write(body[i : i+1])
		w.(http.Flusher).Flush()
		select {
		case <-tick.C:
		case <-r.Context().Done():
			return
		case <-s.stop:
			return
		}
	}
}

// spoils are answers with points that are not what they should be.
func spoils() []Fault {
	value := func(v float64) func(Series) Series {
		return func(s Series) Series {
			if len(s.Values) > 0 {
				s.Values[len(s.Values)/2] = v
			}
			return s
		}
	}
	return []Fault{
		{Name: "NaN", points: value(math.NaN())},
		{Name: "+Inf", points: value(math.Inf(1))},
		{Name: "-Inf", points: value(math.Inf(-1))},
		{Name: "negative", points: value(-5)},
		{Name: "duplicate", points: func(s Series) Series {
			s.Times, s.Values = append(s.Times, s.Times[len(s.Times)-1]), append(s.Values, 1)
			return s
		}},
		{Name: "unordered", points: func(s Series) Series {
			slices.Reverse(s.Times)
			return s
		}},
		{Name: "future", points: func(s Series) Series {
			s.Times, s.Values = append(s.Times, 4_000_000_000_000), append(s.Values, 1)
			return s
		}},
		{Name: "none", points: func(s Series) Series { return Series{Labels: s.Labels} }},
	}
}
