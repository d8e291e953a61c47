package alertmanager

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/url"

	"github.com/nines-slo/nines/report/notify"
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
	header := http.Header{
		"Content-Type":    {"application/json"},
		"Idempotency-Key": nil, // as net/http says that a request may be repeated; not sent
	}
	if m.auth.Is() {
		header.Set("Authorization", m.auth.Reveal())
	}
	answer, r := notify.Do(ctx, m.http, notify.Call{
		Name: m.name(), Method: method, URL: u, Header: header, Body: body, Secrets: m.secrets,
	})
	switch {
	case answer.Status == http.StatusNotFound:
		return nil, fmt.Errorf("%w\nhint: give what stands before /api/v2/alerts, which Alertmanager has since 0.16", r.Err)
	case r.Outcome != notify.Sent:
		return nil, r.Err
	case answer.Page():
		return nil, fmt.Errorf("%s answers with a page, not as an Alertmanager does", m.name())
	}
	return answer.Body, nil
}

func (m *Alertmanager) name() string { return "alertmanager " + m.url.String() }
