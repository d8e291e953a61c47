package wire

import (
	"context"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/prometheus/server"
)

// refuses tells whether a host refuses parameters that it does not know: Google's, that of
// each region too.
func refuses(host string) bool {
	host = strings.ToLower(host)
	return host == "monitoring.googleapis.com" || strings.HasPrefix(host, "monitoring.") &&
		strings.HasSuffix(host, ".rep.googleapis.com")
}

// extra are parameters that a query is sent with, which servers ignore that do not know
// them: of Thanos, to have no replica twice, no partial answer and no thinned samples,
// and of VictoriaMetrics, to have no partial answer.
func (c *Client) extra(form url.Values) url.Values {
	if c.plain {
		return form
	}
	form.Set("dedup", "true")
	form.Set("partial_response", "false")
	form.Set("max_source_resolution", "0s")
	form.Set("deny_partial_response", "1")
	return form
}

// reader takes the whole body of an answer that is no error.
type reader func(*lexer) (said, error)

// ask makes one request and reads its answer, again where that breaks off.
func (c *Client) ask(ctx context.Context, path string, form url.Values, read reader) (Told, error) {
	ctx, cancel := sources.Share(ctx, 2, 3)
	defer cancel()
	for attempt := 1; ; attempt++ {
		told, err := c.once(ctx, path, form, read)
		var broken *brokenError
		if !errors.As(err, &broken) {
			return told, err
		}
		if done := sources.Done(ctx); done != nil {
			return told, done
		}
		if attempt == server.Attempts || c.config.Pause(ctx, attempt) != nil {
			if done := sources.Done(ctx); done != nil {
				return told, done
			}
			return told, lasting(broken, attempt)
		}
	}
}

// lasting gives the error of an answer that broke off each of some times a class.
func lasting(broken *brokenError, times int) error {
	class := sources.ClassOf(broken.err)
	if class == "" {
		class = sources.Temporary
	}
	if times == 1 {
		return &sources.Error{Class: class, Err: broken}
	}
	return &sources.Error{Class: class, Err: fmt.Errorf("%w, %d times", broken, times)}
}

// once makes one request and reads its answer.
func (c *Client) once(ctx context.Context, path string, form url.Values, read reader) (Told, error) {
	resp, err := c.send(ctx, path, form)
	if err != nil {
		return Told{}, err
	}
	defer resp.Body.Close()
	if sources.Status(resp) != nil {
		return Told{}, c.refusal(resp)
	}
	s, err := read(newLexer(resp.Body))
	if err == nil || s.status == "error" {
		err = c.failed(resp, s)
	}
	if err == nil {
		c.answered.Store(true)
	}
	return c.told(s), c.hide(err)
}

// told returns what the server said in lines.
func (c *Client) told(s said) Told {
	for _, texts := range [][]string{s.told.Warnings, s.told.Infos} {
		for i, text := range texts {
			texts[i] = c.line(text)
		}
	}
	return s.told
}

// posted are the paths that servers take POST for: what is asked there may be long.
var posted = []string{"query", "query_range", "series", "export"}

// send sends a form by POST, or by GET to a server that does not take that.
func (c *Client) send(ctx context.Context, path string, form url.Values) (*http.Response, error) {
	if !c.get.Load() && slices.Contains(posted, path) {
		resp, err := c.method(ctx, http.MethodPost, path, form)
		if err != nil {
			return nil, err
		}
		// A redirect may make a GET of it, which drops the form.
		moved := resp.Request != nil && resp.Request.Method != http.MethodPost
		if resp.StatusCode != http.StatusMethodNotAllowed && !moved {
			return resp, nil
		}
		resp.Body.Close()
		c.get.Store(true)
	}
	return c.method(ctx, http.MethodGet, path, form)
}

func (c *Client) method(ctx context.Context, method, path string, form url.Values) (*http.Response, error) {
	u := server.URL(c.config.URL, path)
	var body io.Reader
	if method == http.MethodPost {
		body = strings.NewReader(form.Encode())
	} else if len(form) > 0 {
		u.RawQuery = strings.TrimPrefix(u.RawQuery+"&"+form.Encode(), "&")
	}
	req, err := http.NewRequestWithContext(ctx, method, u.String(), body)
	if err != nil {
		return nil, cannot("the request cannot be made")
	}
	if method == http.MethodPost {
		req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
		req.Header["Idempotency-Key"] = nil // it asks, and may be asked again
	}
	if u.Scheme == "http" {
		// Within a house packing costs both ends more time than it saves.
		req.Header.Set("Accept-Encoding", "identity")
	}
	return sources.Stream(c.config.HTTP, req)
}

// refusal returns the error of an answer whose status is one.
func (c *Client) refusal(resp *http.Response) error {
	l := newLexer(io.LimitReader(resp.Body, maxRefusal))
	switch l.peek() {
	case '{':
		if s, _ := readAnswer(l, l.skip); s.status == "error" || s.text != "" {
			s.status = "error"
			if resp.StatusCode < http.StatusInternalServerError {
				c.answered.Store(true)
			}
			return c.failed(resp, s)
		}
	case '<':
		return c.failed(resp, said{status: "error", text: "(a web page)"})
	default:
		text := make([]byte, 4*server.MaxShown)
		n, _ := io.ReadFull(io.MultiReader(strings.NewReader(string(l.buf[l.pos:l.end])), l.in), text)
		return c.failed(resp, said{status: "error", text: strings.ToValidUTF8(string(text[:n]), "\uFFFD")})
	}
	return c.failed(resp, said{status: "error"})
}

// maxRefusal is how much is read of the answer that says why there is none.
const maxRefusal = 1 << 20

// seconds writes milliseconds as the API has them.
func seconds(ms int64) string {
	return strings.TrimSuffix(strings.TrimRight(strconv.FormatFloat(float64(ms)/1000, 'f', 3, 64), "0"), ".")
}
