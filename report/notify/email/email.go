// Package email sends messages as mail, one to each recipient: HTML that the Outlook
// of Windows shows too, the same as plain text, and the report as a file. Whatever is
// made of one message is the same bytes each time, with one Message-ID, so that who
// reads can tell a copy.
package email

import (
	"crypto/sha256"
	"crypto/x509"
	"encoding/hex"
	"html/template"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// Kind is the kind of destination.
func Kind() notify.Kind {
	return notify.Kind{
		DestinationKind: spec.DestinationKind{
			Name: "email", Doc: "Mail over SMTP, one to each recipient, with the report attached.",
			Keys: keys(),
			Check: func(b spec.Block) diag.List {
				_, wrong := settingsOf(b)
				return wrong
			},
			Goals: func(b spec.Block) []hosts.Goal { return []hosts.Goal{{Host: hosts.Split(b.Get("smtp").Text)}} },
		},
		Open: open,
	}
}

func keys() []spec.Key {
	return []spec.Key{
		{
			Name: "smtp", Type: spec.Text, Required: true, Example: "mail.example:587",
			Doc: "Server that takes the mail, with its port.",
		},
		{
			Name: "tls", Type: spec.Text, Default: startTLS, Enum: []string{overTLS, startTLS, noTLS},
			Doc: "tls from the first byte (mostly port 465), starttls (mostly 587) or none; starttls if left out. " +
				"Nothing is sent if the server does not offer it.",
		},
		{Name: "username", Type: spec.Text, Doc: "Who logs in at the server; nobody does if left out."},
		{Name: "password", Type: spec.Credential, Doc: "Password of username."},
		{
			Name: "from", Type: spec.Text, Required: true, Example: "Error budgets <slo@shop.example>",
			Doc: "Address of the sender, with or without a name.",
		},
		{
			Name: "to", Type: spec.Texts, Required: true, Example: "[payments@shop.example]",
			Doc: "Addresses of the recipients; each gets a mail that names no other.",
		},
		{
			Name: "reply_to", Type: spec.Text, Example: "sre@shop.example",
			Doc: "Address that answers go to; from if left out.",
		},
		{
			Name: "attach", Type: spec.Texts, Enum: []string{"html", "excel"},
			Doc: "Forms of the report that go with a summary as files; none if left out.",
		},
		{
			Name: "unsubscribe", Type: spec.Text, Example: "mailto:slo-stop@shop.example",
			Doc: "Where a recipient asks for no more mail: a mailto: address, " +
				"or an https address that takes a POST (RFC 8058).",
		},
	}
}

// What the key tls says.
const (
	overTLS  = "tls"
	startTLS = "starttls"
	noTLS    = "none"
)

// open prepares a destination of a checked block.
func open(b spec.Block, env notify.Env) (notify.Destination, error) {
	s, wrong := settingsOf(b)
	if len(wrong) > 0 {
		return nil, wrong
	}
	password, err := b.Secret("password", env.Getenv, env.Root)
	if err != nil {
		return nil, err
	}
	page, err := template.ParseFS(assets, "page.gohtml")
	if err != nil {
		return nil, err
	}
	return &destination{settings: s, password: password, page: page, dial: env.Dial}, nil
}

type destination struct {
	settings settings
	password spec.Secret
	page     *template.Template
	dial     notify.Dialer
	roots    *x509.CertPool // that server certificates are held against; nil: the system's
}

// What is there at most.
const (
	maxText    = 2000     // columns of one text
	maxSubject = 200      // columns of the subject
	maxPage    = 60 << 10 // encoded bytes of the page: Gmail cuts one at 102 KB
	maxFiles   = 10       // MiB of all files, before encoding: many servers take no more
)

// bare is a mail without the files that it has, for a server that takes no mail so large.
type bare []byte

// Pack returns a mail for each recipient.
func (d *destination) Pack(m notify.Message) ([]notify.Parcel, error) {
	files, tooLarge := d.files(m)
	whole, left, err := d.content(m, files, tooLarge)
	if err != nil {
		return nil, err
	}
	var without []byte
	if len(files) > 0 {
		for _, f := range files {
			tooLarge = append(tooLarge, m.Language.Say("notify.file_refused", "name", f.Name))
		}
		if without, _, err = d.content(m, nil, tooLarge); err != nil {
			return nil, err
		}
	}
	subject := cleaned(m.Headline) // where nothing is a link
	var out []notify.Parcel
	for _, to := range d.settings.to {
		p := notify.Parcel{Part: to.Address, ID: d.id("mail", m.ID, to.Address), Left: left}
		header := slices.Clip(d.header(m, subject, to, p.ID))
		p.Body = append(header, whole...)
		if without != nil {
			p.Own = bare(append(header, without...))
		}
		out = append(out, p)
	}
	return out, nil
}

// content returns what follows the header of every mail of m, with files and notes of those
// that are not there, and how many rows had no room.
func (d *destination) content(m notify.Message, files []notify.File, notes []string) ([]byte, int, error) {
	m.Notes = slices.Concat(m.Notes, notes)
	m = notify.Texts(m, func(text string) string { return notify.Inert(cleaned(text)) })
	var failed error
	m, left := notify.Fit(m, func(m notify.Message) bool {
		page, err := d.html(m)
		failed = err
		return err != nil || len(quoted(page)) <= maxPage
	})
	if failed != nil {
		return nil, 0, failed
	}
	page, err := d.html(m)
	if err != nil {
		return nil, 0, err
	}
	return contentOf(notify.Plain(m), page, files), left, nil
}

// cleaned returns a text without control characters and characters that turn the
// direction of text, and no longer than anybody reads.
func cleaned(text string) string { return diag.Cut(diag.Escape(text), maxText, "…") }

// files returns those files of m that go with it, and notes of those that are too
// large to.
func (d *destination) files(m notify.Message) (files []notify.File, notes []string) {
	room := maxFiles << 20
	for _, f := range m.Files {
		switch {
		case !slices.Contains(d.settings.attach, f.Form):
		case len(f.Body) > room:
			notes = append(notes, m.Language.Say("notify.file_left", "name", f.Name, "limit", strconv.Itoa(maxFiles)))
		default:
			files, room = append(files, f), room-len(f.Body)
		}
	}
	return files, notes
}

// Readers returns the recipients.
func (d *destination) Readers() []string {
	var out []string
	for _, to := range d.settings.to {
		out = append(out, to.Address)
	}
	return out
}

// id returns an id of a mail, without the signs around it: the same for the same
// names, and of the sender's domain.
func (d *destination) id(names ...string) string {
	sum := sha256.Sum256([]byte(strings.Join(names, "\x00")))
	from := d.settings.from.Address
	return hex.EncodeToString(sum[:16]) + from[strings.LastIndex(from, "@"):]
}

// thread returns the id that the messages about one alerting objective answer to. No
// mail has it: that it is the same is what puts them together. Summaries have none.
func (d *destination) thread(m notify.Message) string {
	if len(m.Changes) == 0 {
		return ""
	}
	return d.id("thread", m.Changes[0].Service, m.Changes[0].Objective)
}
