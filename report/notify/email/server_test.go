package email

import (
	"bufio"
	"crypto/hmac"
	"crypto/pbkdf2"
	"crypto/sha256"
	"crypto/tls"
	"crypto/x509"
	"encoding/base64"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http/httptest"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"testing"

	"github.com/nines-slo/nines/report/notify/notifytest"
)

// server is a mail server that holds what it hears against RFC 5321, and hangs up where
// it is hurt. Where a command's name is a key of says, it answers that instead; "hang"
// is no answer, and "drop" the end of the connection. The name of the mail's end is ".",
// and "within" comes after its first line, where "hang" reads no more.
type server struct {
	says    map[string]string
	offers  []string // extensions
	overTLS bool     // from the first byte
	foreign bool     // its certificate is of nobody that is trusted
	open    bool     // it takes passwords without TLS

	listener net.Listener
	config   *tls.Config
	roots    *x509.CertPool
	hangs    chan struct{} // closed when it begins to say nothing
	over     chan struct{} // closed when the test is

	mu       sync.Mutex
	commands []string // their names
	mails    []string // that were taken, each with who it is from and to in its first line
	hurt     []string // what was wrong
}

func (s *server) start(t *testing.T) *server {
	t.Helper()
	certified := httptest.NewUnstartedServer(nil)
	certified.StartTLS()
	s.config = &tls.Config{Certificates: certified.TLS.Certificates}
	s.roots = x509.NewCertPool()
	if !s.foreign {
		s.roots.AddCert(certified.Certificate())
	}
	certified.Close()
	var err error
	if s.listener, err = net.Listen("tcp", "127.0.0.1:0"); err != nil {
		t.Fatal(err)
	}
	s.hangs, s.over = make(chan struct{}), make(chan struct{})
	var all sync.WaitGroup
	var conns []net.Conn
	all.Go(func() {
		for {
			conn, err := s.listener.Accept()
			if err != nil {
				return
			}
			conns = append(conns, conn)
			all.Go(func() { s.serve(conn) })
		}
	})
	t.Cleanup(func() {
		close(s.over)
		s.listener.Close()
		for _, c := range conns {
			c.Close()
		}
		all.Wait()
	})
	return s
}

// session is one connection.
type session struct {
	*server
	conn   net.Conn
	r      *bufio.Reader
	secure bool
	user   bool
	from   string
	to     []string
}

var errHangUp = errors.New("the connection ends")

func (s *server) serve(conn net.Conn) {
	defer func() { conn.Close() }()
	if s.overTLS {
		conn = tls.Server(conn, s.config)
	}
	c := &session{server: s, conn: conn, r: bufio.NewReader(conn), secure: s.overTLS}
	if c.reply("greeting", "220 mail.example ESMTP") != nil {
		return
	}
	for {
		line, err := c.line(512)
		if err != nil {
			return
		}
		name, rest, _ := strings.Cut(line, " ")
		if name != "QUIT" { // which nobody waits for
			s.note(&s.commands, strings.ToUpper(name))
		}
		if err := c.command(strings.ToUpper(name), rest); err != nil {
			return
		}
	}
}

func (s *server) note(list *[]string, text string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	*list = append(*list, text)
}

// line reads a line, RFC 5321 2.3.8.
func (c *session) line(limit int) (string, error) {
	raw, err := c.r.ReadString('\n')
	if err != nil {
		return "", err
	}
	line, ended := strings.CutSuffix(raw, "\r\n")
	if !ended || len(raw) > limit || strings.ContainsAny(line, "\r\n\x00") {
		c.note(&c.hurt, fmt.Sprintf("line %.80q of %d", raw, len(raw)))
		return "", errHangUp
	}
	return line, nil
}

// reply answers what is asked, unless something else is to be said.
func (c *session) reply(to, text string) error {
	if says, there := c.says[to]; there {
		text = says
	}
	switch text {
	case "hang":
		close(c.hangs)
		io.Copy(io.Discard, c.r) // until the other side has enough
		return errHangUp
	case "drop":
		return errHangUp
	}
	_, err := io.WriteString(c.conn, text+"\r\n")
	return err
}

var path = regexp.MustCompile(`^(FROM|TO):<([!-;=?-~]+@[a-z.]+)>( SIZE=[0-9]+)?( BODY=8BITMIME)?$`)

func (c *session) command(name, rest string) error {
	switch name {
	case "EHLO":
		if !regexp.MustCompile(`^\[127\.0\.0\.1\]$`).MatchString(rest) {
			return c.wrong("EHLO " + rest)
		}
		return c.reply(name, "250-mail.example hello\r\n"+c.extensions())
	case "STARTTLS":
		if err := c.reply(name, "220 go on"); err != nil {
			return err
		}
		c.conn, c.secure = tls.Server(c.conn, c.config), true
		c.r = bufio.NewReader(c.conn)
		return nil
	case "AUTH":
		return c.auth(rest)
	case "MAIL", "RCPT":
		return c.path(name, rest)
	case "DATA":
		if c.from == "" || len(c.to) == 0 {
			return c.wrong("DATA before MAIL and RCPT")
		}
		return c.data()
	case "QUIT":
		c.reply(name, "221 bye")
		return errHangUp
	}
	return c.reply(name, "502 what?")
}

func (c *session) wrong(what string) error {
	c.note(&c.hurt, what)
	return c.reply("wrong", "503 bad sequence")
}

// extensions are what is offered now: no STARTTLS within TLS, and AUTH only there.
func (c *session) extensions() string {
	var out []string
	for _, e := range c.offers {
		if c.secure && e == "STARTTLS" || !c.secure && !c.open && strings.HasPrefix(e, "AUTH") {
			continue
		}
		out = append(out, "250-"+e)
	}
	return strings.Join(append(out, "250 HELP"), "\r\n")
}

func (c *session) path(name, rest string) error {
	at := path.FindStringSubmatch(rest)
	offered := func(extension string) bool {
		return slices.ContainsFunc(c.offers, func(o string) bool { return strings.HasPrefix(o, extension) })
	}
	needsAuth := slices.ContainsFunc(c.offers, func(o string) bool { return strings.HasPrefix(o, "AUTH") })
	switch {
	case at == nil, (name == "MAIL") != (at[1] == "FROM"), at[3] != "" && !offered("SIZE"), at[4] != "" && !offered("8BITMIME"):
		return c.wrong(name + " " + rest)
	case needsAuth && !c.user:
		return c.reply(name, "530 5.7.0 authentication required")
	case c.tooLarge(at[3]):
		return c.reply(name, "552 5.3.4 message size exceeds fixed limit")
	}
	if name == "MAIL" {
		c.from, c.to = at[2], nil
		return c.reply(name, "250 2.1.0 ok")
	}
	answer, there := c.says["RCPT "+at[2]]
	if !there {
		c.to = append(c.to, at[2])
		answer = "250 2.1.5 ok"
	}
	return c.reply(name, answer)
}

// tooLarge tells whether a mail, " SIZE=123", is larger than what is offered: "SIZE 100".
func (c *session) tooLarge(declared string) bool {
	for _, o := range c.offers {
		most, err := strconv.Atoi(strings.TrimPrefix(o, "SIZE "))
		size, _ := strconv.Atoi(strings.TrimPrefix(declared, " SIZE="))
		if err == nil && most > 0 && size > most {
			return true
		}
	}
	return false
}

func (c *session) data() error {
	if err := c.reply("DATA", "354 go on"); err != nil || c.says["DATA"] != "" {
		return err
	}
	var mail strings.Builder
	for {
		line, err := c.line(1000)
		if err != nil {
			return err
		}
		if line == "." {
			break
		}
		mail.WriteString(strings.TrimPrefix(line, ".") + "\r\n")
		switch c.says["within"] {
		case "drop":
			return errHangUp
		case "hang":
			close(c.hangs)
			<-c.over
			return errHangUp
		}
	}
	if says := c.says["."]; says == "" {
		c.note(&c.mails, fmt.Sprintf("%s %q\n%s", c.from, c.to, mail.String()))
	}
	return c.reply(".", "250 2.0.0 queued as 4F2A")
}

const (
	userName = "slo"
	secret   = notifytest.Canary
)

func (c *session) auth(rest string) error {
	if !c.secure && !c.open {
		return c.wrong("AUTH without TLS")
	}
	way, first, _ := strings.Cut(rest, " ")
	if !slices.ContainsFunc(c.offers, func(o string) bool { return slices.Contains(strings.Fields(o), way) }) {
		return c.wrong("AUTH " + way)
	}
	var ok bool
	var err error
	switch way {
	case "PLAIN":
		ok = first == base64.StdEncoding.EncodeToString([]byte("\x00"+userName+"\x00"+secret))
	case "LOGIN":
		var user, password string
		if user, err = c.ask("Username:"); err == nil {
			password, err = c.ask("Password:")
		}
		ok = user == userName && password == secret
	case "SCRAM-SHA-256":
		ok, err = c.scram(first)
	}
	switch {
	case err != nil:
		return err
	case !ok:
		c.says = map[string]string{"AUTH": "535 5.7.8 no"}
	}
	c.user = ok && c.says["AUTH"] == ""
	return c.reply("AUTH", "235 2.7.0 welcome")
}

// ask returns what is answered to a challenge.
func (c *session) ask(text string) (string, error) {
	if _, err := fmt.Fprintf(c.conn, "334 %s\r\n", base64.StdEncoding.EncodeToString([]byte(text))); err != nil {
		return "", err
	}
	line, err := c.line(12288)
	if err != nil {
		return "", err
	}
	answer, err := base64.StdEncoding.DecodeString(line)
	return string(answer), err
}

// scram is the server's side of RFC 5802 and 7677.
func (c *session) scram(first string) (bool, error) {
	raw, err := base64.StdEncoding.DecodeString(first)
	if err != nil || len(raw) == 0 { // it comes after an empty challenge
		text, err := c.ask("")
		if err != nil {
			return false, err
		}
		raw = []byte(text)
	}
	bare := strings.TrimPrefix(string(raw), "n,,")
	_, nonce, _ := strings.Cut(bare, ",r=")
	const salt, rounds = "0123456789abcdef", 4096
	challenge := fmt.Sprintf("r=%sserver,s=%s,i=%d", nonce, base64.StdEncoding.EncodeToString([]byte(salt)), rounds)
	last, err := c.ask(challenge)
	if err != nil {
		return false, err
	}
	unproven, proof, _ := strings.Cut(last, ",p=")
	sign := func(key []byte, text string) []byte {
		h := hmac.New(sha256.New, key)
		h.Write([]byte(text))
		return h.Sum(nil)
	}
	salted, err := pbkdf2.Key(sha256.New, secret, []byte(salt), rounds, sha256.Size)
	if err != nil {
		return false, err
	}
	client := sign(salted, "Client Key")
	stored := sha256.Sum256(client)
	all := bare + "," + challenge + "," + unproven
	for i, b := range sign(stored[:], all) {
		client[i] ^= b
	}
	if base64.StdEncoding.EncodeToString(client) != proof || !strings.HasPrefix(bare, "n="+userName+",") {
		return false, nil
	}
	_, err = c.ask("v=" + base64.StdEncoding.EncodeToString(sign(sign(salted, "Server Key"), all)))
	return true, err
}
