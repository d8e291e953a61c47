package webhook

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/header"
	"github.com/nines-slo/nines/slo/spec/mask"
)

// check finds what is wrong with a block before anything is sent.
func check(cfg spec.Block) diag.List {
	var found diag.List
	found = append(found, rules().Check(cfg.Get("headers"))...)
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
	if !v.Is() {
		return nil
	}
	asked := rules()
	asked.Ours = append(asked.Ours, "Content-Type")
	if found := asked.Name(v); found != nil {
		return found
	}
	if !cfg.Get("token_env").Is() && !cfg.Get("token_file").Is() {
		none := diag.Errorf(v.Pos, asked.Code, "there is a token_header, but no token")
		return diag.List{none.WithHint("add token_env: VARIABLE, or token_file: FILE")}
	}
	return nil
}

// rules are what is asked of headers, which a request has some of anyhow.
func rules() header.Rules {
	return header.Rules{Code: "webhook/header", Hint: asHeader, Ours: []string{
		"Connection", "Content-Length", "Host", "Te", "Trailer", "Transfer-Encoding", "Upgrade", "User-Agent",
		"Webhook-Id", "Webhook-Timestamp", "Webhook-Signature",
	}}
}
