package notifytest

import (
	"maps"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"
)

// place is a server that replies in one way.
type place struct {
	*httptest.Server
	calls atomic.Int32
}

// asked returns how often it was called.
func (p *place) asked() int { return int(p.calls.Load()) }

// patience is how long a reply is waited for.
func patience(r Reply) time.Duration {
	if r.Slow {
		return 200 * time.Millisecond
	}
	return 10 * time.Second
}

func serve(t *testing.T, r Reply) *place {
	p := &place{}
	gone := make(chan struct{})
	p.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		p.calls.Add(1)
		drain(req)
		switch {
		case r.Slow:
			<-gone
			return
		case r.Reset:
			hangUp(w)
			return
		}
		maps.Copy(w.Header(), r.Header)
		if r.Cut {
			w.Header().Set("Content-Length", "1000")
			w.WriteHeader(r.Status)
			w.Write([]byte("part"))
			hangUp(w)
			return
		}
		w.WriteHeader(r.Status)
		w.Write([]byte(r.Body))
	}))
	t.Cleanup(func() { close(gone); p.Close() })
	if r.Refused {
		p.Server.Close()
	}
	return p
}

func drain(req *http.Request) {
	buffer := make([]byte, 4096)
	for {
		if _, err := req.Body.Read(buffer); err != nil {
			return
		}
	}
}

// hangUp ends a connection.
func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		conn.Close()
	}
}
