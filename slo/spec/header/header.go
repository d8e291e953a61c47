// Package header checks the headers that files give to requests. Files are no place for
// those that hold a secret.
package header

import (
	"net/http"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/slo/spec/mask"
)

// Rules are what is asked of the headers of a kind.
type Rules struct {
	Code string   // of findings: "webhook/header"
	Ours []string // that requests have anyhow, in the form of http.CanonicalHeaderKey
	Hint string   // where a secret has its place
}

// Check finds what is wrong with a map of headers.
func (r Rules) Check(headers spec.Value) diag.List {
	var found diag.List
	for _, f := range headers.Fields {
		found = append(found, r.field(f)...)
	}
	return found
}

func (r Rules) field(f spec.Field) diag.List {
	name := http.CanonicalHeaderKey(f.Key)
	if found := r.Name(spec.Value{Text: f.Key, Pos: f.Pos}); found != nil {
		return found
	}
	switch {
	case mask.IsSecretHeader(name) || mask.Shows(f.Value.Text):
		shown := diag.Errorf(f.Value.Pos, "spec/secret-shown",
			"header %s holds a secret, which has no place in a file that many read", name)
		return diag.List{shown.WithHint("%s", r.Hint)}
	case strings.ContainsFunc(f.Value.Text, func(r rune) bool { return r < ' ' || r == 0x7f }):
		return diag.List{diag.Errorf(f.Value.Pos, r.Code, "header %s holds a control character", name)}
	}
	return nil
}

// Name finds what is wrong with the name of a header.
func (r Rules) Name(v spec.Value) diag.List {
	name := http.CanonicalHeaderKey(v.Text)
	switch {
	case !IsToken(v.Text):
		return diag.List{diag.Errorf(v.Pos, r.Code, "%s is not a name of a header", diag.Quote(v.Text))}
	case slices.Contains(r.Ours, name):
		return diag.List{diag.Errorf(v.Pos, r.Code, "header %s is set by nines", name)}
	}
	return nil
}

// IsToken tells whether a text may be a header's name, or a scheme of Authorization (RFC
// 9110, 5.6.2).
func IsToken(text string) bool {
	return text != "" && !strings.ContainsFunc(text, func(r rune) bool {
		letter := r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9'
		return !letter && !strings.ContainsRune("!#$%&'*+-.^_`|~", r)
	})
}
