package email

import (
	"bytes"
	"context"
	"fmt"
	"net"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/report/notify"
	"github.com/nines-slo/nines/report/notify/notifytest"
	"github.com/nines-slo/nines/report/unit"
)

// at returns the destination that sends to a server.
func (s *server) at(t *testing.T, keys string) *destination {
	t.Helper()
	text := strings.Replace(common, "localhost:25", s.listener.Addr().String(), 1) + keys
	d := opened(t, text, notify.Env{Dial: new(net.Dialer).DialContext})
	d.roots = s.roots
	return d
}

// patience returns a context that ends when the server begins to say nothing.
func (s *server) patience(t *testing.T) context.Context {
	ctx, cancel := context.WithCancel(t.Context())
	t.Cleanup(cancel)
	go func() {
		select {
		case <-s.hangs:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx
}

const credentials = "username: slo\npassword_env: PASSWORD\n"

var everything = []string{"SIZE 35882577", "8BITMIME", "SMTPUTF8", "STARTTLS", "AUTH PLAIN LOGIN"}

// A mail arrives as it was packed, in each way to talk to a server.
func TestSend(t *testing.T) {
	for name, c := range map[string]struct {
		server   *server
		keys     string
		commands string
	}{
		"starttls, plain": {&server{offers: everything}, credentials, "EHLO STARTTLS EHLO AUTH MAIL RCPT DATA"},
		"tls, login": {
			&server{offers: []string{"AUTH LOGIN"}, overTLS: true}, "tls: tls\n" + credentials, "EHLO AUTH MAIL RCPT DATA",
		},
		"starttls, scram": {
			&server{offers: []string{"STARTTLS", "AUTH PLAIN SCRAM-SHA-256"}}, credentials, "EHLO STARTTLS EHLO AUTH MAIL RCPT DATA",
		},
		"starttls, nobody": {&server{offers: []string{"STARTTLS"}}, "", "EHLO STARTTLS EHLO MAIL RCPT DATA"},
		"none, this machine": {
			&server{offers: []string{"AUTH LOGIN PLAIN"}, open: true}, "tls: none\n" + credentials, "EHLO AUTH MAIL RCPT DATA",
		},
		"none":          {&server{offers: []string{"SIZE"}}, "tls: none\n", "EHLO MAIL RCPT DATA"},
		"none, offered": {&server{offers: []string{"STARTTLS"}}, "tls: none\n", "EHLO MAIL RCPT DATA"},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.server.start(t)
			d := s.at(t, c.keys)
			parcels, err := d.Pack(notifytest.Summary(unit.Japanese))
			if err != nil {
				t.Fatal(err)
			}
			for _, p := range parcels {
				if got := d.Send(t.Context(), p); got.Outcome != notify.Sent || got.Err != nil || got.Ref != "2.0.0 queued as 4F2A" {
					t.Fatalf("got %s %q: %v", got.Outcome, got.Ref, got.Err)
				}
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			commands := strings.Fields(c.commands)
			if !slices.Equal(s.commands, append(commands, commands...)) || len(s.hurt) > 0 {
				t.Errorf("the server heard %q, and was hurt by %q", s.commands, s.hurt)
			}
			for i, p := range parcels {
				if want := "slo@shop.example [\"" + p.Part + "\"]\n" + string(p.Body); len(s.mails) != 2 || s.mails[i] != want {
					t.Errorf("got %q, want %q", s.mails, want)
				}
			}
		})
	}
}

// A mail that is larger than the server takes goes without its files, and says so. One that
// has none is refused.
func TestLargerThanTheServerTakes(t *testing.T) {
	m := notifytest.Summary(unit.English)
	m.Files = []notify.File{{Name: "report.html", Form: "html", Type: "text/html", Body: bytes.Repeat([]byte("x"), 100_000)}}
	const note = "report.html is not attached: the mail server takes no mail that large"
	whole, l := packed(t, opened(t, common+"attach: html\n", notify.Env{}), m)
	if len(l.files) != 1 || strings.Contains(l.plain, note) {
		t.Fatalf("got %q\n%s", l.files, l.plain)
	}
	size := len(whole.Body)
	for offer, with := range map[string]bool{
		fmt.Sprint("SIZE ", size+1): true, fmt.Sprint("SIZE ", size): true, fmt.Sprint("SIZE ", size-1): false,
		"SIZE 60000": false, "SIZE 0": true, "SIZE": true, "8BITMIME": true,
	} {
		s := (&server{offers: []string{"STARTTLS", offer}}).start(t)
		d := s.at(t, "attach: html\n")
		p, _ := packed(t, d, m)
		got := d.Send(t.Context(), p)
		if got.Outcome != notify.Sent || len(s.mails) != 1 || len(s.hurt) > 0 {
			t.Fatalf("%s: got %s (%v), the server has %d mails, hurt by %q", offer, got.Outcome, got.Err, len(s.mails), s.hurt)
		}
		_, text, _ := strings.Cut(s.mails[0], "\n")
		sent, err := read([]byte(text))
		if err != nil {
			t.Fatalf("%s: %v", offer, err)
		}
		if (len(sent.files) == 1) != with || strings.Contains(sent.plain, "! "+note) == with || strings.Contains(sent.seen, note) == with {
			t.Errorf("%s: the mail has %q and says\n%s", offer, sent.files, sent.plain)
		}
		if id := sent.header.Get("Message-Id"); id == "" || id != l.header.Get("Message-Id") {
			t.Errorf("%s: the mail is called %q, want %q", offer, id, l.header.Get("Message-Id"))
		}
	}
	s := (&server{offers: []string{"STARTTLS", "SIZE 1000"}}).start(t)
	d := s.at(t, "attach: html\n")
	p, _ := packed(t, d, m)
	if got := d.Send(t.Context(), p); got.Outcome != notify.Refused || got.Err == nil || len(s.mails) > 0 {
		t.Errorf("got %s: %v", got.Outcome, got.Err)
	}
}

// Lines that begin with a dot arrive with it.
func TestDots(t *testing.T) {
	s := (&server{offers: []string{"STARTTLS"}}).start(t)
	d := s.at(t, "")
	m := notifytest.Hostile(".")
	m.Headline = ".\u3000."
	p, _ := packed(t, d, m)
	if !strings.Contains(string(p.Body), "\r\n.") {
		t.Fatalf("no line begins with a dot:\n%s", p.Body)
	}
	if got := d.Send(t.Context(), p); got.Outcome != notify.Sent || !strings.HasSuffix(s.mails[0], "\n"+string(p.Body)) {
		t.Errorf("got %s (%v), the server has %q", got.Outcome, got.Err, s.mails)
	}
}

// What becomes of a mail is what the server says, and unknown only where it says
// nothing after the mail's end.
func TestReceipts(t *testing.T) {
	const key = notifytest.Canary
	for name, c := range map[string]struct {
		server *server
		keys   string
		want   notify.Outcome
		why    string
	}{
		"greeting 421":   {&server{says: map[string]string{"greeting": "421 busy"}}, "", notify.Failed, "greeting: 421 busy"},
		"greeting 554":   {&server{says: map[string]string{"greeting": "554 go away"}}, "", notify.Refused, "554 go away"},
		"greeting hangs": {&server{says: map[string]string{"greeting": "hang"}}, "", notify.Failed, "context canceled"},
		"greeting drops": {&server{says: map[string]string{"greeting": "drop"}}, "", notify.Failed, "greeting: "},
		"greeting odd":   {&server{says: map[string]string{"greeting": "HTTP/1.1 200"}}, "", notify.Failed, "greeting: "},
		"endless":        {&server{says: map[string]string{"greeting": strings.Repeat("220-x\r\n", 1<<18)}}, "", notify.Failed, "unexpected EOF"},
		"no STARTTLS":    {&server{}, "", notify.Refused, "STARTTLS: the server does not offer it"},
		"no STARTTLS, credentials": {
			&server{offers: []string{"AUTH PLAIN"}}, credentials, notify.Refused, "STARTTLS: the server does not offer it",
		},
		"STARTTLS 454": {
			&server{offers: everything, says: map[string]string{"STARTTLS": "454 not now"}}, "", notify.Failed, "STARTTLS: 454 not now",
		},
		"foreign":        {&server{offers: everything, foreign: true}, credentials, notify.Refused, "certificate"},
		"foreign, tls":   {&server{overTLS: true, foreign: true}, "tls: tls\n", notify.Refused, "certificate"},
		"tls at another": {&server{}, "tls: tls\n", notify.Refused, "TLS"},
		"535": {
			&server{offers: everything, says: map[string]string{"AUTH": "535 5.7.8 bad: " + key}}, credentials, notify.Refused,
			"logging in: 535 5.7.8 bad: ***",
		},
		"454 at login": {&server{offers: everything, says: map[string]string{"AUTH": "454 later"}}, credentials, notify.Failed, "454 later"},
		"no AUTH":      {&server{offers: []string{"STARTTLS"}}, credentials, notify.Refused, "offers none of"},
		"other AUTH":   {&server{offers: []string{"STARTTLS", "AUTH GSSAPI"}}, credentials, notify.Refused, "offers none of"},
		"530":          {&server{offers: everything}, "", notify.Refused, "530 5.7.0 authentication required"},
		"MAIL 452":     {&server{says: map[string]string{"MAIL": "452 full"}}, "tls: none\n", notify.Failed, "sender: 452 full"},
		"MAIL 552":     {&server{says: map[string]string{"MAIL": "552 large"}}, "tls: none\n", notify.Refused, "sender: 552 large"},
		"RCPT 450": {
			&server{says: map[string]string{"RCPT payments@shop.example": "450 greylisted"}}, "tls: none\n", notify.Failed,
			"recipient payments@shop.example: 450 greylisted",
		},
		"RCPT 550": {
			&server{says: map[string]string{"RCPT payments@shop.example": "550 nobody"}}, "tls: none\n", notify.Refused,
			"recipient payments@shop.example: 550 nobody",
		},
		"RCPT hangs": {&server{says: map[string]string{"RCPT": "hang"}}, "tls: none\n", notify.Failed, "context canceled"},
		"DATA 451":   {&server{says: map[string]string{"DATA": "451 later"}}, "tls: none\n", notify.Failed, "451 later"},
		"DATA 554":   {&server{says: map[string]string{"DATA": "554 never"}}, "tls: none\n", notify.Refused, "554 never"},
		"DATA drops": {&server{says: map[string]string{"DATA": "drop"}}, "tls: none\n", notify.Failed, "mail to payments@shop.example: "},
		"end 451":    {&server{says: map[string]string{".": "451 later"}}, "tls: none\n", notify.Failed, "451 later"},
		"end 421":    {&server{says: map[string]string{".": "421 closing"}}, "tls: none\n", notify.Failed, "421 closing"},
		"end 554":    {&server{says: map[string]string{".": "554-spam\r\n554 or so"}}, "tls: none\n", notify.Refused, "554 spam or so"},
		"end drops":  {&server{says: map[string]string{".": "drop"}}, "tls: none\n", notify.Unknown, "mail to payments@shop.example: "},
		"end hangs":  {&server{says: map[string]string{".": "hang"}}, "tls: none\n", notify.Unknown, "context canceled"},
		"end odd":    {&server{says: map[string]string{".": "354 more"}}, "tls: none\n", notify.Unknown, "354 more"},
		"end garbled": {
			&server{offers: everything, says: map[string]string{".": "\x1b[31mok " + key}}, credentials, notify.Unknown, "***",
		},
		"bye: hang": {&server{says: map[string]string{"QUIT": "hang"}}, "tls: none\n", notify.Sent, ""},
		"bye drops": {&server{says: map[string]string{"QUIT": "drop"}}, "tls: none\n", notify.Sent, ""},
		"bye 500":   {&server{says: map[string]string{"QUIT": "500 no"}}, "tls: none\n", notify.Sent, ""},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.server.start(t)
			d := s.at(t, c.keys)
			parcels, err := d.Pack(notifytest.Summary(unit.English))
			if err != nil {
				t.Fatal(err)
			}
			got := d.Send(s.patience(t), parcels[0])
			said := ""
			if got.Err != nil {
				said = got.Err.Error()
			}
			if got.Outcome != c.want || !strings.Contains(said, c.why) || (got.Err == nil) != (c.want == notify.Sent) {
				t.Errorf("got %s: %q, want %s: %q", got.Outcome, said, c.want, c.why)
			}
			if strings.Contains(said, key) || strings.ContainsAny(said, "\r\n\x1b") || len(said) > 400 {
				t.Errorf("the error is %q", said)
			}
			s.mu.Lock()
			defer s.mu.Unlock()
			if len(s.hurt) > 0 && name != "tls at another" || slices.Contains(s.commands, "AUTH") && c.keys != credentials {
				t.Errorf("the server heard %q, and was hurt by %q", s.commands, s.hurt)
			}
		})
	}
}

// A connection that ends within the mail, or a server that takes no more of it, has
// let nothing arrive.
func TestCutWithin(t *testing.T) {
	for _, within := range []string{"drop", "hang"} {
		s := (&server{says: map[string]string{"within": within}}).start(t)
		d := s.at(t, "tls: none\nattach: html\n")
		m := notifytest.Summary(unit.English)
		m.Files = []notify.File{{Name: "report.html", Form: "html", Type: "text/html", Body: make([]byte, 8<<20)}} // more than any buffer holds
		parcels, err := d.Pack(m)
		if err != nil {
			t.Fatal(err)
		}
		if got := d.Send(s.patience(t), parcels[0]); got.Outcome != notify.Failed || got.Err == nil {
			t.Errorf("%s: got %s (%v), want failed", within, got.Outcome, got.Err)
		}
	}
}

// Recipients are judged alone.
func TestRecipientsAlone(t *testing.T) {
	s := (&server{says: map[string]string{"RCPT payments@shop.example": "550 nobody"}}).start(t)
	d := s.at(t, "tls: none\n")
	parcels, _ := d.Pack(notifytest.Alert())
	var got []notify.Outcome
	for _, p := range parcels {
		got = append(got, d.Send(t.Context(), p).Outcome)
	}
	if !slices.Equal(got, []notify.Outcome{notify.Refused, notify.Sent}) || len(s.mails) != 1 {
		t.Errorf("got %v and %d mails", got, len(s.mails))
	}
}

func TestNoServer(t *testing.T) {
	s := (&server{}).start(t)
	d := s.at(t, "tls: none\n")
	p, _ := packed(t, d, notifytest.Alert())
	s.listener.Close()
	if got := d.Send(t.Context(), p); got.Outcome != notify.Failed || !strings.Contains(got.Err.Error(), "connecting: ") {
		t.Errorf("nobody listens: got %s (%v)", got.Outcome, got.Err)
	}
	d.dial = nil
	if got := d.Send(t.Context(), p); got.Outcome != notify.Refused || !strings.Contains(got.Err.Error(), "there is no network here") {
		t.Errorf("no network: got %s (%v)", got.Outcome, got.Err)
	}
}
