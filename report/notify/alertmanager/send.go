package alertmanager

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// send posts alerts in one request.
func (m *Alertmanager) send(ctx context.Context, alerts []alert) error {
	body, err := json.Marshal(alerts)
	if err != nil {
		return err
	}
	_, err = m.call(ctx, http.MethodPost, m.url.Join(), body)
	return err
}

// call returns what a request is answered. It may be made twice without harm: to post
// an alert again changes nothing.
func (m *Alertmanager) call(ctx context.Context, method string, u *url.URL, body []byte) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, m.hidden(err)
	}
	req.Header["Idempotency-Key"] = nil // as net/http says that a request may be repeated; not sent
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "nines")
	if m.auth.Is() {
		req.Header.Set("Authorization", m.auth.Reveal())
	}
	var text []byte
	resp, err := m.client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		text, err = io.ReadAll(resp.Body)
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, context.Cause(ctx)
	case err != nil:
		return nil, m.hidden(err)
	}
	return text, m.verdict(resp, string(text))
}

// verdict returns what is wrong with an answer.
func (m *Alertmanager) verdict(resp *http.Response, body string) error {
	line, code := m.firstLine(body), resp.StatusCode
	if code < 300 {
		if strings.HasPrefix(line, "<") { // a proxy asks for a login
			return errors.New("answers with a page, not as an Alertmanager does")
		}
		return nil
	}
	text := "answers " + resp.Status
	if line != "" {
		text += ": " + line
	}
	if to, err := resp.Location(); err == nil && code < 400 {
		return fmt.Errorf("%s\nhint: it is moved to %s; redirects are not followed", text, diag.Escape(spec.NewURL(to).String()))
	}
	if code == http.StatusNotFound {
		text += "\nhint: give what stands before /api/v2/alerts, which Alertmanager has since 0.16"
	}
	return errors.New(text)
}

// firstLine returns the first line of text that says something, cut to a length
// that can be read.
func (m *Alertmanager) firstLine(text string) string {
	line, _, _ := strings.Cut(strings.TrimSpace(text), "\n")
	return diag.Cut(diag.Escape(m.safe(strings.TrimSpace(line))), 200, "…")
}

// hidden returns an error of the HTTP client without the address, whose query may
// be a secret.
func (m *Alertmanager) hidden(err error) error {
	var in *url.Error
	if errors.As(err, &in) {
		err = in.Err
	}
	return errors.New(m.safe(err.Error()))
}

// safe takes the credentials and the query out of a text.
func (m *Alertmanager) safe(text string) string { return spec.Redact(text, m.secrets...) }
