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

// send posts one request, again after half a second, one and two where the failure
// may pass.
func (m *Alertmanager) send(ctx context.Context, alerts []alert) error {
	body, err := json.Marshal(alerts)
	if err != nil {
		return err
	}
	wait := 500 * time.Millisecond
	for attempt := 1; ; attempt++ {
		again, err := m.try(ctx, body)
		if err == nil || !again || attempt == attempts || ctx.Err() != nil {
			return err
		}
		if m.pause(ctx, wait) != nil {
			return err
		}
		wait *= 2
	}
}

// try makes one request; again tells whether its failure may pass.
func (m *Alertmanager) try(ctx context.Context, body []byte) (again bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, m.url.String(), bytes.NewReader(body))
	if err != nil {
		return false, m.hidden(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("User-Agent", "nines")
	if m.auth != "" {
		req.Header.Set("Authorization", m.auth)
	}
	resp, err := m.client.Do(req)
	if err != nil && ctx.Err() != nil {
		return false, context.Cause(ctx)
	}
	if err != nil {
		var untrusted *tls.CertificateVerificationError
		return !errors.As(err, &untrusted), m.hidden(err)
	}
	defer resp.Body.Close()
	return resp.StatusCode >= 500 || resp.StatusCode == http.StatusTooManyRequests, m.verdict(resp)
}

// verdict returns what is wrong with an answer.
func (m *Alertmanager) verdict(resp *http.Response) error {
	line, code := m.firstLine(resp.Body), resp.StatusCode
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

// firstLine returns the first line of r that says something, cut to a length that
// can be read.
func (m *Alertmanager) firstLine(r io.Reader) string {
	const most = 200
	text, _ := io.ReadAll(io.LimitReader(r, 1<<16))
	line, _, _ := strings.Cut(strings.TrimSpace(string(text)), "\n")
	return m.safe(diag.Cut(diag.Escape(strings.TrimSpace(line)), most, "…"))
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
