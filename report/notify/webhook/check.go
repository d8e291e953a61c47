package webhook

import (
	"net/http"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/mask"
)

// check finds what is wrong with a block before anything is sent.
func check(cfg spec.Block) diag.List {
	var found diag.List
	for _, f := range cfg.Get("headers").Fields {
		found = append(found, checkHeader(f)...)
	}
	if most := cfg.Get("max_bytes"); most.Is() && mostBytes(most) < minMost {
		small := diag.Errorf(most.Pos, "webhook/max_bytes", "max_bytes %s leaves no room for a message", most.Text)
		found = append(found, small.WithHint("write at least %d", minMost))
	}
	found = append(found, checkToken(cfg)...)
	return append(found, checkTemplate(cfg.Get("template"), isJSON(headers(cfg)))...)
}

// minMost is what a headline with links and notes takes.
const minMost = 4000

func checkTemplate(v spec.Value, asJSON bool) diag.List {
	if !v.Is() {
		return nil
	}
	if mask.Shows(v.Text) {
		shown := diag.Errorf(v.Pos, "spec/secret-shown", "template holds a secret, which has no place in a file that many read")
		return diag.List{shown.WithHint("%s", asHeader)}
	}
	form, err := parse(v.Text)
	if err != nil {
		return diag.List{diag.Errorf(v.Pos, "webhook/template", "%v", err)}
	}
	unknown, err := form.tryOut(asJSON)
	if err == nil {
		return nil
	}
	text, hint, _ := strings.Cut(err.Error(), "\nhint: ")
	if unknown != "" {
		hint = diag.Among(unknown, names(), nil)
	}
	return diag.List{diag.Errorf(v.Pos, "webhook/template", "%s", text).WithHint("%s", hint)}
}

const asHeader = "write token_env: VARIABLE beside headers, for Authorization: Bearer, " +
	"with token_header: X-Api-Key for another header"

// checkToken holds token_header against the rest.
func checkToken(cfg spec.Block) diag.List {
	v := cfg.Get("token_header")
	one := func(format string, args ...any) diag.List {
		return diag.List{diag.Errorf(v.Pos, "webhook/header", format, args...)}
	}
	name := http.CanonicalHeaderKey(v.Text)
	switch {
	case !v.Is():
		return nil
	case strings.ContainsFunc(v.Text, notToken):
		return one("%s is not a name of a header", diag.Quote(v.Text))
	case slices.Contains(ours(), name), name == "Content-Type":
		return one("header %s is set by nines", name)
	case !cfg.Get("token_env").Is() && !cfg.Get("token_file").Is():
		return diag.List{one("there is a token_header, but no token")[0].WithHint("add token_env: VARIABLE, or token_file: FILE")}
	}
	return nil
}

// ours are headers that a request has anyhow.
func ours() []string {
	return []string{
		"Connection", "Content-Length", "Host", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
		"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature",
	}
}

func checkHeader(f spec.Field) diag.List {
	one := func(finding diag.Finding) diag.List { return diag.List{finding} }
	name := http.CanonicalHeaderKey(f.Key)
	switch {
	case f.Key == "" || strings.ContainsFunc(f.Key, notToken):
		return one(diag.Errorf(f.Pos, "webhook/header", "%s is not a name of a header", diag.Quote(f.Key)))
	case slices.Contains(ours(), name):
		return one(diag.Errorf(f.Pos, "webhook/header", "header %s is set by nines", name))
	case mask.IsSecretHeader(name) || mask.Shows(f.Value.Text):
		shown := diag.Errorf(f.Value.Pos, "spec/secret-shown",
			"header %s holds a secret, which has no place in a file that many read", name)
		return one(shown.WithHint("%s", asHeader))
	case strings.ContainsFunc(f.Value.Text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return one(diag.Errorf(f.Value.Pos, "webhook/header", "header %s holds a control character", name))
	}
	return nil
}

// notToken tells whether a character may not stand in a header's name (RFC 9110, 5.6.2).
func notToken(r rune) bool {
	letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
	return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
}
