package email

import (
	"errors"
	"net"
	"net/mail"
	"net/url"
	"strconv"
	"strings"
	"unicode"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// settings are what a block says, all but its secret.
type settings struct {
	server      string // host:port
	host        string
	tls         string
	username    string
	from        *mail.Address
	replyTo     *mail.Address // nil: from
	to          []*mail.Address
	attach      []string
	unsubscribe string
}

// settingsOf reads a block, and says what of it cannot be.
func settingsOf(b spec.Block) (settings, diag.List) {
	var wrong diag.List
	note := func(v spec.Value, err error) {
		if err != nil {
			wrong = append(wrong, diag.Errorf(v.Pos, "destination/email", "%v", err))
		}
	}
	s := settings{
		server: b.Get("smtp").Text, tls: b.Get("tls").Text, username: b.Get("username").Text,
		unsubscribe: b.Get("unsubscribe").Text,
	}
	if s.tls == "" {
		s.tls = startTLS
	}
	var err error
	if at := b.Get("smtp"); strings.Contains(at.Text, "@") {
		wrong = append(wrong, userShown(at))
	} else {
		s.host, err = hostOf(s.server)
		note(at, err)
	}
	s.from, err = addressOf(b.Get("from").Text)
	note(b.Get("from"), err)
	if v := b.Get("reply_to"); v.Is() {
		s.replyTo, err = addressOf(v.Text)
		note(v, err)
	}
	for _, v := range listed(b.Get("to")) {
		to, err := addressOf(v.Text)
		if err == nil {
			s.to, err = joined(s.to, to)
		}
		note(v, err)
	}
	for _, v := range listed(b.Get("attach")) {
		s.attach = append(s.attach, v.Text)
	}
	note(b.Get("unsubscribe"), checkUnsubscribe(s.unsubscribe))
	return s, append(wrong, checkLogin(b, s)...)
}

// userShown refuses a server's address with a user in it.
func userShown(smtp spec.Value) diag.Finding {
	shown := diag.Errorf(smtp.Pos, "spec/secret-shown",
		"smtp names a user, and maybe a password, which has no place in a file that many read")
	return shown.WithHint("write smtp: HOST:PORT, username: NAME and password_env: VARIABLE")
}

// listed returns the scalars of a Texts key.
func listed(v spec.Value) []spec.Value {
	if v.Kind == spec.Scalar {
		return []spec.Value{v}
	}
	return v.Items
}

// hostOf returns the host of a server's address.
func hostOf(server string) (string, error) {
	host, port, err := net.SplitHostPort(server)
	if n, bad := strconv.Atoi(port); err != nil || bad != nil || n < 1 || n > 65535 || !isHost(host) {
		return "", errors.New("smtp is no host with a port, such as mail.example:587")
	}
	return host, nil
}

func isHost(host string) bool {
	return host != "" && !strings.ContainsFunc(host, func(r rune) bool {
		return notASCII(r) || r <= ' ' || strings.ContainsRune(`/@<>"\`, r)
	})
}

func notASCII(r rune) bool { return r > unicode.MaxASCII }

// maxAddress is how long an address may be in a command, RFC 5321 4.5.3.1.3.
const maxAddress = 254

// addressOf reads an address of a mail, with or without a name. Its domain is written
// small, so that one address is one text.
func addressOf(text string) (*mail.Address, error) {
	if strings.ContainsFunc(text, unicode.IsControl) {
		return nil, errors.New("an address of a mail is one line without control characters")
	}
	a, err := mail.ParseAddress(text)
	if err != nil {
		return nil, errors.New(diag.Quote(text) +
			" is no address of a mail, such as sre@shop.example or SRE <sre@shop.example>")
	}
	at := strings.LastIndex(a.Address, "@")
	a.Address = a.Address[:at] + strings.ToLower(a.Address[at:])
	bare := mail.Address{Address: a.Address}
	switch {
	case strings.ContainsFunc(a.Name, unicode.IsControl):
		return nil, errors.New("the name of an address has a control character")
	case bare.String() != "<"+a.Address+">" || strings.ContainsFunc(a.Address, notASCII):
		return nil, errors.New(diag.Quote(a.Address) +
			" has characters that not every server takes: letters, digits and . _ + - do")
	case len(a.Address) > maxAddress || len(a.Name) > maxAddress:
		return nil, errors.New(diag.Quote(text) + " is too long for an address")
	}
	return a, nil
}

// joined returns a list of recipients with one more, who must not be in it.
func joined(list []*mail.Address, a *mail.Address) ([]*mail.Address, error) {
	for _, other := range list {
		if strings.EqualFold(other.Address, a.Address) {
			return list, errors.New(diag.Quote(a.Address) + " stands in to twice")
		}
	}
	return append(list, a), nil
}

// maxUnsubscribe keeps the header's line within 998 bytes.
const maxUnsubscribe = 900

func checkUnsubscribe(text string) error {
	if text == "" {
		return nil
	}
	u, err := url.Parse(text)
	odd := strings.ContainsFunc(text, func(r rune) bool {
		return r <= ' ' || r > '~' || strings.ContainsRune("<>,", r)
	})
	switch {
	case err != nil, odd, len(text) > maxUnsubscribe:
	case u.Scheme == "https" && u.Hostname() != "" && u.User == nil:
		return nil
	case u.Scheme == "mailto":
		address, _, _ := strings.Cut(u.Opaque, "?")
		if _, err := addressOf(address); err == nil {
			return nil
		}
	}
	return errors.New("unsubscribe is neither an https:// address nor mailto: with an address")
}

// checkLogin holds username, password and tls against each other.
func checkLogin(b spec.Block, s settings) diag.List {
	password := b.Get("password_env")
	if !password.Is() {
		password = b.Get("password_file")
	}
	wrong := func(v spec.Value, what, hint string) diag.List {
		return diag.List{diag.Errorf(v.Pos, "destination/email", "%s", what).WithHint("%s", hint)}
	}
	switch {
	case password.Is() && s.username == "":
		return wrong(password, "there is a password, but nobody whose it is", "add username")
	case !password.Is() && s.username != "":
		return wrong(b.Get("username"), "username has no password",
			"add password_env: VARIABLE, or password_file: FILE")
	case s.username != "" && s.tls == noTLS && !isLocal(s.host):
		return wrong(b.Get("tls"), "the password would go over the network as it is",
			"write tls: starttls or tls: tls")
	}
	return nil
}

// isLocal tells whether a host is this machine.
func isLocal(host string) bool { return host == "localhost" || host == "127.0.0.1" || host == "::1" }
