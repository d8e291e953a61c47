package spec

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
)

// secretShown is the code of findings about a secret that stands in a file. Their
// lines are not shown from there on.
const secretShown = "spec/secret-shown"

// companions returns keys with those that a file writes in place of each Credential:
// name_env and name_file. The name alone stays, for Check to refuse it.
func companions(keys []Key) []Key {
	var out []Key
	for _, k := range keys {
		if k.Type != Credential {
			out = append(out, k)
			continue
		}
		env := Key{Name: k.Name + fromEnv, Type: variable, Required: k.Required, Doc: k.Doc + " The environment variable that holds it."}
		file := Key{Name: k.Name + fromFile, Type: Text, Example: "secrets/" + k.Name, Doc: k.Doc + " The file that holds it, relative to this file."}
		k.Means, k.Required = env.Name, false
		out = append(out, env, file, k)
	}
	return out
}

// given tells whether a required key that a file lacks is there in another form: by
// the name that it has in another tool, or as the file instead of the variable.
func given(v Value, k Key, keys []Key) bool {
	name, credential := strings.CutSuffix(k.Name, fromEnv)
	if credential && k.Type == variable && v.Get(name+fromFile).Kind != Missing {
		return true
	}
	return meant(v, k, keys)
}

// credential refuses a secret that stands in the file.
func (c *checker) credential(f Field, k Key) {
	c.add(diag.Errorf(f.Value.Pos, secretShown, "key %q holds a secret, which has no place in a file that many read", k.Name).
		WithHint("write %s: VARIABLE, or %s: FILE", k.Name+fromEnv, k.Name+fromFile))
}

// twice refuses a secret that comes from two places.
func (c *checker) twice(v Value, keys []Key) {
	for _, k := range keys {
		file := v.Get(k.Name + fromFile)
		if k.Type == Credential && file.Is() && v.Get(k.Name+fromEnv).Is() {
			c.add(diag.Errorf(file.Pos, "spec/secret", "%q and %q both say where one secret is", k.Name+fromEnv, k.Name+fromFile).
				WithHint("remove one of them"))
		}
	}
}

// anyText is of texts that may all be a secret: where the name of a variable is
// asked for, people write its value.
func anyText(string) bool { return true }

// holdsSecret tells whether an address may name a user, or have a query.
func holdsSecret(text string) bool { return strings.ContainsAny(text, "@?") }

// hiddenScalar says why a text is of no use without showing it.
func hiddenScalar(v Value, name, what, sample string, err error) diag.Finding {
	message := name + " is not " + what
	if err != errNoReason {
		message += ": " + err.Error()
	}
	return diag.Errorf(v.Pos, secretShown, "%s", message).WithHint("write it like %s: %s", name, sample)
}

// maskSecrets takes secrets out of the files' texts, so that no excerpt shows them.
func (l *loader) maskSecrets() {
	for _, f := range l.findings {
		if f.Code == secretShown {
			l.set.texts[f.Pos.File] = masked(l.set.texts[f.Pos.File], f.Pos)
		}
	}
}

// masked returns text with stars from pos to the end of its line.
func masked(text string, pos diag.Pos) string {
	lines := strings.Split(text, "\n")
	if pos.Line < 1 || pos.Line > len(lines) {
		return text
	}
	line, end := strings.CutSuffix(lines[pos.Line-1], "\r")
	runes := []rune(strings.TrimPrefix(line, "\ufeff"))
	for i := max(pos.Col-1, 0); i < len(runes); i++ {
		runes[i] = '*'
	}
	lines[pos.Line-1] = string(runes)
	if end {
		lines[pos.Line-1] += "\r"
	}
	return strings.Join(lines, "\n")
}
