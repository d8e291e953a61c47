package webhook

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"text/template"
	"time"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/pattern"
)

// form is a template of bodies.
type form struct{ of *template.Template }

// root is how errors call a template.
const root = "template"

// parse reads a template. What it names must be there: "<no value>" is no message.
func parse(text string) (*form, error) {
	t := template.New(root).Option("missingkey=error").Funcs(template.FuncMap{
		"json": func(v any) string { return string(notify.JSON(v)) },
	})
	t, err := t.Parse(text)
	if err != nil {
		return nil, said(err)
	}
	return &form{t}, nil
}

// said returns an error of a template as users know it: by its line.
func said(err error) error {
	if errors.Is(err, errLarge) {
		return errLarge
	}
	text := strings.TrimPrefix(err.Error(), "template: "+root+":")
	return errors.New("template, line " + text)
}

// maxMade is how much a template may write, in bytes.
const maxMade = 16 << 20

var errLarge = fmt.Errorf("what the template makes is over %d MiB", maxMade>>20)

// bounded is a text of at most maxMade bytes.
type bounded struct{ text bytes.Buffer }

// Write adds p, if it has room.
func (b *bounded) Write(p []byte) (int, error) {
	if b.text.Len()+len(p) > maxMade {
		return 0, errLarge
	}
	return b.text.Write(p)
}

// body returns what the template makes of an event, which must be JSON if asked for.
func (f *form) body(e notify.Event, asJSON bool) ([]byte, error) {
	var fields map[string]any
	d := json.NewDecoder(bytes.NewReader(notify.JSON(e)))
	d.UseNumber() // digits stay as they are
	if err := d.Decode(&fields); err != nil {
		return nil, err
	}
	var out bounded
	if err := f.of.Execute(&out, fields); err != nil {
		return nil, said(err)
	}
	if asJSON && !json.Valid(out.text.Bytes()) {
		return out.text.Bytes(), errNotJSON
	}
	return out.text.Bytes(), nil
}

var errNotJSON = errors.New("what the template makes is not JSON\n" +
	"hint: write values as {{json .headline}}, without quotes around; for another form set headers: {Content-Type: …}")

// sample is an event whose texts break a JSON text that does not escape them.
func sample() notify.Event {
	return notify.Event{
		ID: "summary-2026-W48", Type: "nines.summary", Timestamp: time.Unix(0, 0).UTC(), State: slo.AtRisk,
		Headline: `2 of 14 need "attention"`, Text: "2 of 14 need \"attention\"\n", Data: json.RawMessage("{}"), Left: map[string]int{},
	}
}

// topField finds the field of the event itself that a template asks for and that is
// not there. What data holds nobody knows before there is some.
var topField = pattern.Of(`executing "` + root + `" at <\.(\w+)>: map has no entry`)

// tryOut makes a body of the sample and returns what is surely wrong.
func (f *form) tryOut(asJSON bool) (unknown string, err error) {
	text, err := f.body(sample(), asJSON)
	switch {
	case errors.Is(err, errNotJSON) && len(bytes.TrimSpace(text)) == 0: // it is all about data
		return "", nil
	case err == nil, errors.Is(err, errNotJSON), errors.Is(err, errLarge), strings.Contains(err.Error(), "template depth"):
		return "", err
	}
	if at := topField().FindStringSubmatch(err.Error()); at != nil {
		return at[1], err
	}
	return "", nil
}
