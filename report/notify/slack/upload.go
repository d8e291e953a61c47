package slack

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"net/url"
	"strconv"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// fileRef is a file that is uploaded, as completeUploadExternal takes it.
type fileRef struct {
	ID    string `json:"id"`
	Title string `json:"title"`
}

// upload puts files below a message. It is three calls: where each goes, its bytes, and
// at last who sees them. Without the channel of the last nobody would.
func (d bot) upload(ctx context.Context, files []notify.File, below reply) error {
	var refs []fileRef
	var errs []error
	for _, f := range files {
		id, err := d.put(ctx, f)
		if err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", diag.Escape(f.Name), err))
			continue
		}
		refs = append(refs, fileRef{ID: id, Title: diag.Escape(f.Name)})
	}
	if len(refs) == 0 {
		return errors.Join(errs...)
	}
	body := notify.JSON(struct {
		Files   []fileRef `json:"files"`
		Channel string    `json:"channel_id"`
		Thread  string    `json:"thread_ts"`
	}{refs, below.Channel, below.TS})
	_, r := d.method(ctx, "files.completeUploadExternal", jsonHeader(), body)
	return errors.Join(append(errs, r.Err)...)
}

// put uploads a file that nobody sees yet, and returns its ID.
func (d bot) put(ctx context.Context, f notify.File) (string, error) {
	form := url.Values{"filename": {f.Name}, "length": {strconv.Itoa(len(f.Body))}}
	header := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}}
	where, r := d.method(ctx, "files.getUploadURLExternal", header, []byte(form.Encode()))
	if r.Outcome != notify.Sent {
		return "", r.Err
	}
	to, err := url.Parse(where.UploadURL)
	if err != nil || to.Host == "" || to.Scheme != d.api.Join().Scheme {
		return "", errors.New("no address to upload to is in the answer")
	}
	// The address alone lets upload: who gets the token there has no need of it.
	_, r = notify.Do(ctx, d.http, notify.Call{
		URL: to, Body: f.Body, Secrets: []spec.Secret{d.token},
		Header: http.Header{"Content-Type": {"application/octet-stream"}},
	})
	return where.FileID, r.Err
}
