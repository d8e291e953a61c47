package email

import (
	"bytes"
	"encoding/base64"
	"mime"
	"mime/multipart"
	"mime/quotedprintable"
	"net/mail"
	"net/textproto"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/diag"
)

// Boundaries between parts. None of them can stand in a part: there "=_" is neither
// quoted-printable nor base64.
const (
	mixed       = "=_nines_mixed"
	alternative = "=_nines_alternative"
)

// width is how long a line of a header or of an encoded file is at most.
const width = 76

// header returns the header of a mail to one recipient, but for its content's.
func (d *destination) header(m notify.Message, subject string, to *mail.Address, id string) []byte {
	var b bytes.Buffer
	field := func(name, value string) { b.WriteString(folded(name + ": " + value)) }
	field("Date", m.At.UTC().Format(time.RFC1123Z))
	field("From", d.settings.from.String())
	if d.settings.replyTo != nil {
		field("Reply-To", d.settings.replyTo.String())
	}
	field("To", to.String())
	field("Subject", encoded(diag.Cut(strings.Join(strings.Fields(subject), " "), maxSubject, "…")))
	field("Message-ID", "<"+id+">")
	if thread := d.thread(m); thread != "" {
		field("In-Reply-To", "<"+thread+">")
		field("References", "<"+thread+">")
	}
	field("Auto-Submitted", "auto-generated")
	field("X-Auto-Response-Suppress", "All") // Exchange does not read the line above
	if at := d.settings.unsubscribe; at != "" {
		field("List-Unsubscribe", "<"+at+">")
		if strings.HasPrefix(at, "https:") {
			field("List-Unsubscribe-Post", "List-Unsubscribe=One-Click")
		}
	}
	field("Content-Language", string(m.Language))
	field("MIME-Version", "1.0")
	return b.Bytes()
}

// folded returns the lines of a header field, broken at blanks where it is long.
func folded(field string) string {
	var b strings.Builder
	used := 0
	for i, word := range strings.Split(field, " ") {
		switch {
		case i == 0:
		case used+1+len(word) > width && i > 1 && word != "":
			b.WriteString("\r\n ")
			used = 1
		default:
			b.WriteByte(' ')
			used++
		}
		b.WriteString(word)
		used += len(word)
	}
	return b.String() + "\r\n"
}

// encoded returns a text of a header: as it is if it is plain ASCII and would not be
// read as encoded, else in words of RFC 2047.
func encoded(text string) string {
	plain := !strings.Contains(text, "=?")
	for _, r := range text {
		plain = plain && r >= ' ' && r <= '~'
	}
	if plain {
		return text
	}
	const room = 45 // bytes, 60 when encoded: with what is around them a word has at most 75
	var words []string
	for text != "" {
		n := min(room, len(text))
		for n < len(text) && !utf8.RuneStart(text[n]) {
			n--
		}
		words = append(words, "=?utf-8?B?"+base64.StdEncoding.EncodeToString([]byte(text[:n]))+"?=")
		text = text[n:]
	}
	return strings.Join(words, " ")
}

// contentOf returns the content of a mail from its own header on: a message in two
// forms, of which a reader shows the last it can, and files.
func contentOf(plain string, page []byte, files []notify.File) []byte {
	both := &bytes.Buffer{}
	w := writer(both, alternative)
	put(w, "text/plain; charset=utf-8", quoted([]byte(plain)))
	put(w, "text/html; charset=utf-8", quoted(page))
	w.Close()
	kind := `multipart/alternative; boundary="` + alternative + `"`
	if len(files) == 0 {
		return whole(kind, both)
	}
	all := &bytes.Buffer{}
	w = writer(all, mixed)
	part(w, textproto.MIMEHeader{"Content-Type": {kind}}, both.Bytes())
	for _, f := range files {
		part(w, textproto.MIMEHeader{
			"Content-Type":              {f.Type},
			"Content-Disposition":       {mime.FormatMediaType("attachment", map[string]string{"filename": f.Name})},
			"Content-Transfer-Encoding": {"base64"},
		}, wrapped(f.Body))
	}
	w.Close()
	return whole(`multipart/mixed; boundary="`+mixed+`"`, all)
}

// whole returns the last field of a header, the line after it, and what follows.
func whole(kind string, body *bytes.Buffer) []byte {
	return append([]byte("Content-Type: "+kind+"\r\n\r\n"), body.Bytes()...)
}

func writer(to *bytes.Buffer, boundary string) *multipart.Writer {
	w := multipart.NewWriter(to)
	w.SetBoundary(boundary) // one of two that are valid
	return w
}

// put writes a part that is quoted-printable.
func put(w *multipart.Writer, kind string, body []byte) {
	part(w, textproto.MIMEHeader{"Content-Type": {kind}, "Content-Transfer-Encoding": {"quoted-printable"}}, body)
}

func part(w *multipart.Writer, header textproto.MIMEHeader, body []byte) {
	to, _ := w.CreatePart(header) // a buffer takes everything
	to.Write(body)
}

// quoted returns a text as quoted-printable, in lines of at most 76 characters.
func quoted(text []byte) []byte {
	var b bytes.Buffer
	w := quotedprintable.NewWriter(&b)
	w.Write(text)
	w.Close()
	return b.Bytes()
}

// wrapped returns a file as base64, in lines of 76 characters.
func wrapped(file []byte) []byte {
	var b bytes.Buffer
	text := base64.StdEncoding.EncodeToString(file)
	for len(text) > width {
		b.WriteString(text[:width] + "\r\n")
		text = text[width:]
	}
	b.WriteString(text)
	return b.Bytes()
}
