package email

import (
	"context"
	"crypto/tls"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/textproto"
	"slices"
	"strconv"
	"strings"

	"github.com/wneessen/go-mail/smtp"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// Send hands one mail to the server. Until the line that ends the mail has gone out
// nothing has arrived; from then on only the server's answer tells.
func (d *destination) Send(ctx context.Context, p notify.Parcel) notify.Receipt {
	t := &transaction{by: d}
	err := t.run(ctx, p)
	if err == nil {
		return notify.Receipt{Outcome: notify.Sent, Ref: d.shown(t.answer)}
	}
	return notify.Receipt{Outcome: t.outcome(err), Err: d.hidden(ctx, t.step, err)}
}

// transaction is one mail on its way.
type transaction struct {
	by     *destination
	step   string // what it is about
	ended  bool   // the line that ends the mail may have gone out
	answer string // to that line
}

// misfit is an error between settings and server, which no other attempt mends.
type misfit string

// Error says what does not fit.
func (m misfit) Error() string { return string(m) }

func (t *transaction) run(ctx context.Context, p notify.Parcel) error {
	t.step = "connecting"
	if t.by.dial == nil {
		return misfit("there is no network here")
	}
	conn, err := t.by.dial(ctx, "tcp", t.by.settings.server)
	if err != nil {
		return err
	}
	defer conn.Close()
	defer context.AfterFunc(ctx, func() { conn.Close() })()
	c, err := t.greet(ctx, &bounded{Conn: conn, left: maxAnswers})
	if err != nil {
		return err
	}
	if err := t.login(c); err != nil {
		return err
	}
	if err := t.hand(c, p); err != nil {
		return err
	}
	c.Text.PrintfLine("QUIT") // the mail is there: nobody waits for how they part
	return nil
}

// greet introduces the program, over TLS if the settings ask for it.
func (t *transaction) greet(ctx context.Context, conn net.Conn) (*smtp.Client, error) {
	config := &tls.Config{ServerName: t.by.settings.host, RootCAs: t.by.roots, MinVersion: tls.VersionTLS12}
	if t.by.settings.tls == overTLS {
		t.step = "TLS"
		over := tls.Client(conn, config)
		if err := over.HandshakeContext(ctx); err != nil {
			return nil, err
		}
		conn = over
	}
	t.step = "greeting"
	c, err := smtp.NewClient(conn, t.by.settings.host)
	if err != nil {
		return nil, err
	}
	if err := c.Hello(nameOf(conn)); err != nil || t.by.settings.tls != startTLS {
		return c, err
	}
	t.step = "STARTTLS"
	if offered, _ := c.Extension("STARTTLS"); !offered {
		return nil, misfit("the server does not offer it; tls: tls is TLS from the first byte, tls: none is without")
	}
	return c, c.StartTLS(config)
}

// nameOf returns what the program calls itself: the address that it has, RFC 5321
// 4.1.4, since the name of the machine is nobody's business.
func nameOf(conn net.Conn) string {
	at, ok := conn.LocalAddr().(*net.TCPAddr)
	switch {
	case !ok:
		return "localhost"
	case at.IP.To4() != nil:
		return "[" + at.IP.String() + "]"
	}
	return "[IPv6:" + at.IP.String() + "]"
}

// login shows who sends, if the settings say so.
func (t *transaction) login(c *smtp.Client) error {
	user, password := t.by.settings.username, t.by.password.Reveal()
	if user == "" {
		return nil
	}
	t.step = "logging in"
	_, offered := c.Extension("AUTH")
	ways := strings.Fields(strings.ToUpper(offered))
	switch {
	case slices.Contains(ways, "SCRAM-SHA-256"):
		return c.Auth(smtp.ScramSHA256Auth(user, password))
	case slices.Contains(ways, "PLAIN"):
		return c.Auth(smtp.PlainAuth("", user, password, t.by.settings.host, false))
	case slices.Contains(ways, "LOGIN"):
		return c.Auth(smtp.LoginAuth(user, password, t.by.settings.host, false))
	}
	return misfit("the server offers none of SCRAM-SHA-256, PLAIN and LOGIN here")
}

// hand hands over the mail.
func (t *transaction) hand(c *smtp.Client, p notify.Parcel) error {
	t.step = "sender"
	c.SkipSMTPUTF8(true) // addresses are ASCII
	from, body := "<"+t.by.settings.from.Address+">", p.Body
	if sized, most := c.Extension("SIZE"); sized {
		body = within(p, most)
		from += fmt.Sprintf(" SIZE=%d", len(body))
	}
	if err := c.Mail(from); err != nil {
		return err
	}
	t.step = "recipient " + p.Part
	if err := c.Rcpt("<" + p.Part + ">"); err != nil {
		return err
	}
	t.step = "mail to " + p.Part
	w, err := c.Data()
	if err != nil {
		return err
	}
	if _, err := w.Write(body); err != nil {
		return err
	}
	if err := c.Text.W.Flush(); err != nil { // all but the line that ends it
		return err
	}
	t.ended = true
	if err := w.Close(); err != nil {
		return err
	}
	if said, ok := w.(*smtp.DataCloser); ok {
		t.answer = said.ServerResponse()
	}
	return nil
}

// within returns the mail that a server takes of which none may have more bytes than most
// says: without its files if it is larger. A server that says 0 or nothing knows no limit
// (RFC 1870).
func within(p notify.Parcel, most string) []byte {
	limit, err := strconv.Atoi(most)
	without, has := p.Own.(bare)
	if has && err == nil && limit > 0 && len(p.Body) > limit {
		return without
	}
	return p.Body
}

// outcome returns what has become of a mail that an error ended.
func (t *transaction) outcome(err error) notify.Outcome {
	var said *textproto.Error
	var untrusted *tls.CertificateVerificationError
	var garbled tls.RecordHeaderError
	var settings misfit
	var forbidden *hosts.Forbidden
	switch {
	case errors.As(err, &said) && said.Code >= 500:
		return notify.Refused
	case errors.As(err, &said) && said.Code >= 400:
		return notify.Failed
	case t.ended:
		return notify.Unknown
	case errors.As(err, &untrusted), errors.As(err, &garbled), errors.As(err, &settings),
		errors.As(err, &forbidden):
		return notify.Refused
	}
	return notify.Failed
}

// hidden returns an error that says where it came about, without secrets.
func (d *destination) hidden(ctx context.Context, step string, err error) error {
	text := err.Error()
	var said *textproto.Error
	if errors.As(err, &said) {
		text = fmt.Sprintf("%d %s", said.Code, said.Msg)
	} else if cause := context.Cause(ctx); cause != nil {
		text = cause.Error()
	}
	return fmt.Errorf("%s: %s: %s", d.settings.server, step, d.shown(text))
}

// maxShown is how many columns of an answer are shown.
const maxShown = 256

// shown returns what a server said as one clean line, without the password in any of
// the forms in which it goes over the line.
func (d *destination) shown(text string) string {
	if user, password := d.settings.username, d.password.Reveal(); password != "" {
		encode := base64.StdEncoding.EncodeToString
		text = spec.Redact(text, d.password, spec.NewSecret(encode([]byte(password))),
			spec.NewSecret(encode([]byte("\x00"+user+"\x00"+password))))
	}
	return diag.Cut(diag.Escape(strings.Join(strings.Fields(text), " ")), maxShown, "…")
}

// maxAnswers is how many bytes a server may say in one transaction.
const maxAnswers = 1 << 20

// bounded is a connection that does not listen to the end of the world.
type bounded struct {
	net.Conn
	left int
}

// Read reads what of the bound is left.
func (b *bounded) Read(p []byte) (int, error) {
	if b.left <= 0 {
		return 0, io.ErrUnexpectedEOF
	}
	n, err := b.Conn.Read(p[:min(len(p), b.left)])
	b.left -= n
	return n, err
}
