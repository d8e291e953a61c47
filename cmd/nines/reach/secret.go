package reach

import (
	"fmt"
	"io"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/hosts"
)

// Secret is where one secret goes.
type Secret struct {
	Of      string `json:"of"` // "source" or "destination"
	Name    string `json:"name"`
	Key     string `json:"key"`
	From    string `json:"from"`              // "variable SLACK_URL", "file secrets/slack"
	To      string `json:"to"`                // a host, or what holds its name
	Allowed *bool  `json:"allowed,omitempty"` // nil without a list, or where the host is not known yet

	Pos diag.Pos `json:"-"`
}

// Secrets are those of several entries.
type Secrets []Secret

// Secrets returns where the secrets of an entry go, as far as the file tells.
func (e Entry) Secrets(list hosts.List) Secrets {
	var out Secrets
	for _, h := range e.held {
		for _, g := range e.goals {
			s := Secret{Of: e.What, Name: e.Name, Key: h.Key, From: h.From, To: g.Host.String(), Pos: h.Pos}
			switch {
			case !g.Has(h.Key):
				continue
			case g.Secret != "":
				s.To = e.in(g.Secret)
			case list != nil:
				s.Allowed = new(list.Allows(g.Host))
			}
			out = append(out, s)
		}
	}
	return out
}

// in names the place of a secret in which a host stands.
func (e Entry) in(key string) string {
	from := "the secret " + key
	for _, h := range e.held {
		if h.Key == key {
			from = strings.TrimPrefix(strings.TrimPrefix(h.From, "variable "), "file ")
		}
	}
	return "the host in " + from
}

// String tells it in one line.
func (s Secret) String() string {
	return fmt.Sprintf("%s %s: %s from %s goes to %s%s", s.Of, s.Name, s.Key, s.From, s.To, s.verdict(", which is "))
}

// verdict says what a list has to say, "" for nothing.
func (s Secret) verdict(before string) string {
	switch {
	case s.Allowed == nil:
		return ""
	case *s.Allowed:
		return before + "allowed"
	}
	return before + "not allowed"
}

// List writes a line for each secret; confined tells whether there is a list of hosts.
func (all Secrets) List(w io.Writer, confined bool) error {
	if len(all) == 0 {
		return nil
	}
	head := "secrets go where the files say, and nowhere else; --allow-host or NINES_HOSTS would confine them:"
	if confined {
		head = "secrets go to the hosts of --allow-host and NINES_HOSTS alone:"
	}
	var rows [][]string
	for _, s := range all {
		verdict := s.verdict("")
		if confined && verdict == "" {
			verdict = "looked at before anything is sent"
		}
		rows = append(rows, []string{s.Of + " " + s.Name, s.Key, "from " + s.From, "to " + s.To, verdict})
	}
	return diag.Rows(w, head, rows)
}

// note is a secret as an entry of a list of findings.
type note struct {
	Severity string   `json:"severity"` // "note": nothing is wrong
	Pos      diag.Pos `json:"pos"`      // of the key
	Code     string   `json:"code"`
	Message  string   `json:"message"`
	Secret   Secret   `json:"secret"`
}

// Behind returns findings, and behind them a note for each secret.
func (all Secrets) Behind(findings diag.List) []any {
	out := []any{}
	for _, f := range findings {
		out = append(out, f)
	}
	for _, s := range all {
		out = append(out, note{"note", s.Pos, "secret/goes", s.String(), s})
	}
	return out
}
