package alertmanager

import (
	"bytes"
	"context"
	"crypto/tls"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"regexp"
	"strings"
	"time"

	"github.com/nines-slo/nines/slo/diag"
)

// attempts is how often a request is made whose failure may pass.
const attempts = 4

// most is how much of an answer is read.
const most = 32 << 20

// send posts alerts in one request.
func (m *Alertmanager) send(ctx context.Context, alerts []alert) error {
	body, err := json.Marshal(alerts)
	if err != nil {
		return err
	}
	_, err = m.call(ctx, http.MethodPost, m.url, body)
	return err
}

// call returns what a request is answered. It is made again after half a second,
// one and two where its failure may pass.
func (m *Alertmanager) call(ctx context.Context, method string, u url.URL, body []byte) ([]byte, error) {
	wait := 500 * time.Millisecond
	for attempt := 1; ; attempt++ {
		text, again, err := m.try(ctx, method, u, body)
		if err == nil || !again || attempt == attempts || ctx.Err() != nil {
			return text, err
		}
		if m.pause(ctx, wait) != nil {
			return nil, err
		}
		wait *= 2
	}
}

// try makes one request; again tells whether its failure may pass.
func (m *Alertmanager) try(ctx context.Context, method string, u url.URL, body []byte) (text []byte, again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, method, u.String(), bytes.NewReader(body))
	if err != nil {
		return nil, false, m.hidden(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "nines")
	if m.auth != "" {
		req.Header.Set("Authorization", m.auth)
	}
	resp, err := m.client.Do(req)
	if err == nil {
		defer resp.Body.Close()
		text, err = io.ReadAll(io.LimitReader(resp.Body, most))
	}
	switch {
	case err != nil && ctx.Err() != nil:
		return nil, false, context.Cause(ctx)
	case err != nil:
		var untrusted *tls.CertificateVerificationError
		return nil, !errors.As(err, &untrusted), m.hidden(err)
	}
	return text, resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests, m.verdict(resp, string(text))
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
		return fmt.Errorf("%s\nhint: it is moved to %s; redirects are not followed", text, diag.Escape(plain(*to)))
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

// safe takes the credentials out of a text.
func (m *Alertmanager) safe(text string) string {
	for _, secret := range m.secrets {
		if secret != "" {
			text = strings.ReplaceAll(text, secret, "***")
		}
	}
	return regexp.MustCompile(`//[^/@\s]*@`).ReplaceAllString(text, "//***@")
}
