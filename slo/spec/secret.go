package spec

import (
	"errors"
	"fmt"
	"io"
	"log/slog"
	"path/filepath"
	"slices"
	"strings"
	"unicode"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/mask"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// Secret is a text that nobody may see, such as a token. However it is printed or
// stored it is "***"; only Reveal says it. The zero Secret is none.
type Secret struct {
	// text is a function since package fmt prints unexported fields of structs that
	// hold a Secret as they are, past its methods.
	text func() string
}

// NewSecret returns a secret without the blanks and line ends around it.
func NewSecret(text string) Secret {
	text = strings.TrimSpace(text)
	if text == "" {
		return Secret{}
	}
	return Secret{text: func() string { return text }}
}

const redacted = "***"

// Reveal returns the text, for the one place that has to show it.
func (s Secret) Reveal() string {
	if s.text == nil {
		return ""
	}
	return s.text()
}

// Is tells whether there is a secret.
func (s Secret) Is() bool { return s.text != nil }

// Hide returns text with *** in place of the secret, in whatever way it is spelled.
func (s Secret) Hide(text string) string {
	if !s.Is() {
		return text
	}
	return mask.Hide(text, s.Reveal(), redacted)
}

// String returns ***, or nothing if there is no secret.
func (s Secret) String() string {
	if !s.Is() {
		return ""
	}
	return redacted
}

// Format prints what String returns, whatever the verb.
func (s Secret) Format(w fmt.State, _ rune) { io.WriteString(w, s.String()) }

// MarshalText returns what String does; JSON and YAML use it.
func (s Secret) MarshalText() ([]byte, error) { return []byte(s.String()), nil }

// LogValue returns what String does.
func (s Secret) LogValue() slog.Value { return slog.StringValue(s.String()) }

// What stands behind the name of a Credential key: where the secret comes from.
const (
	fromEnv  = mask.FromEnv
	fromFile = mask.FromFile
)

// The program's own variables. What they hold is for the program alone: no file may name
// one of them for a secret of its own and so send it to a host of its choice.
const (
	AlertmanagerToken = "NINES_ALERTMANAGER_TOKEN" // for the Alertmanagers of the command line
	AllowedHosts      = "NINES_HOSTS"              // that secrets may go to
)

// own tells whether a variable is one of the program's own. Some systems do not tell
// letter cases apart.
func own(variable string) bool {
	return slices.ContainsFunc([]string{AlertmanagerToken, AllowedHosts}, func(name string) bool {
		return strings.EqualFold(name, variable)
	})
}

// ownVariable refuses one of the program's own variables as a secret of a file.
func ownVariable(v Value, key string) diag.Finding {
	mine := diag.Errorf(v.Pos, "spec/secret",
		"%s: %s is a variable of nines itself, and no secret of a file", key, v.Text)
	return mine.WithHint("keep the secret in a variable of its own, and name that: %s: VARIABLE", key)
}

// maxSecret is how long a secret may be, in bytes.
const maxSecret = 64 << 10

// Secret returns the secret of the Credential key name of a block that Check
// accepted: what the variable name_env holds, or the file name_file, without blanks
// and line ends around it. It is the zero Secret if the block has neither. The file is
// one below root. No error shows what was found, nor what the block says.
func (b Block) Secret(name string, getenv func(string) string, root *paths.Root) (Secret, error) {
	s, at, err := b.secret(name, getenv, root)
	if err == nil && strings.ContainsFunc(s.Reveal(), unicode.IsControl) {
		err = errors.New("the secret has more than one line, or holds a control character")
	}
	return found(s, at, err)
}

// LongSecret returns what Secret does, but of any number of lines, as keys have.
func (b Block) LongSecret(name string, getenv func(string) string, root *paths.Root) (Secret, error) {
	return found(b.secret(name, getenv, root))
}

// found returns a secret, or why there is none at the place of the file that names it.
// Errors do not name what stands there: people write the secret itself.
func found(s Secret, at Field, err error) (Secret, error) {
	if err != nil {
		return Secret{}, diag.List{diag.Errorf(at.Value.Pos, "spec/secret", "%s: %v", at.Key, err)}
	}
	return s, nil
}

// secret reads a secret, and returns the field that says where it is.
func (b Block) secret(name string, getenv func(string) string, root *paths.Root) (Secret, Field, error) {
	var text string
	var err error
	at := Field{Key: name + fromEnv, Value: b.Get(name + fromEnv)}
	if at.Value.Is() {
		if getenv != nil {
			text = getenv(at.Value.Text)
		}
		if text == "" {
			err = errors.New("the variable is not set, or empty")
		}
	} else if at = (Field{Key: name + fromFile, Value: b.Get(name + fromFile)}); at.Value.Is() {
		text, err = b.File(at.Value.Text, root, maxSecret)
	} else {
		return Secret{}, at, nil
	}
	s := NewSecret(text)
	if err == nil && !s.Is() {
		err = errors.New("the secret is empty")
	}
	return s, at, err
}

// Held is a secret that a block asks for.
type Held struct {
	Key      string // without what stands behind it
	Pos      diag.Pos
	Variable string // of the environment, "" if it stands in a file
	From     string // "variable SLACK_URL", "file secrets/slack"
}

// Held returns the secrets that a block asks for, of those that keys know, also in the
// maps below it: http.bearer_token. None is read. A name that may be the secret itself,
// written in the wrong place, is not told.
func (b Block) Held(keys []Key) []Held {
	var out []Held
	for _, k := range keys {
		if below := b.Get(k.Name); k.Type == Object && below.Kind == Map {
			for _, h := range (Block{Value: below, Dir: b.Dir, Zone: b.Zone}).Held(k.Keys) {
				h.Key = k.Name + "." + h.Key
				out = append(out, h)
			}
		}
		if k.Type == Credential {
			out = append(out, b.held(k, fromEnv, "variable")...)
			out = append(out, b.held(k, fromFile, "file")...)
		}
	}
	return out
}

// held returns the secret of a key that a block asks for by what stands behind its name.
func (b Block) held(k Key, behind, what string) []Held {
	v := b.Get(k.Name + behind)
	if !v.Is() {
		return nil
	}
	h := Held{Key: k.Name, Pos: v.Pos, From: "a " + what}
	isFile := behind == fromFile && mask.Word(v.Text) && paths.Beside(b.Dir, v.Text)
	if isFile || mask.Plain(k.Name+behind, v.Text) {
		h.From = what + " " + v.Text
	}
	if behind == fromEnv {
		h.Variable = v.Text
	}
	return []Held{h}
}

// File reads a file that a block names, of at most limit bytes, below root. The path is
// relative to where the block stands. No error shows it, nor what was read.
func (b Block) File(path string, root *paths.Root, limit int64) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(b.Dir, path)
	}
	f, err := root.Open(path)
	if err != nil {
		return "", errors.New(paths.Reason(err))
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, limit+1))
	switch {
	case err != nil:
		return "", errors.New("the file cannot be read")
	case int64(len(text)) > limit:
		return "", fmt.Errorf("the file is over %d KiB", limit>>10)
	}
	return string(text), nil
}

// secretShown is the code of findings about a secret that stands in a file. Their
// lines are not shown from there on.
const secretShown = "spec/secret-shown"

// Companions returns keys with those that a file writes in place of each Credential:
// name_env and name_file. The name alone stays, for Check to refuse it. Without a
// Credential they are keys itself.
func Companions(keys []Key) []Key {
	if !credentialAmong(keys) {
		return keys
	}
	var out []Key
	for _, k := range keys {
		if k.Type != Credential {
			out = append(out, k)
			continue
		}
		env := Key{
			Name: k.Name + fromEnv, Type: Variable, Required: k.Required,
			Doc: k.Doc + " The environment variable that holds it.",
		}
		file := Key{
			Name: k.Name + fromFile, Type: Text, Example: "secrets/" + k.Name,
			Doc: k.Doc + " The file that holds it, relative to this file.",
		}
		k.Means, k.Required = env.Name, false
		out = append(out, env, file, k)
	}
	return out
}

// credentialAmong tells whether there is a Credential among keys.
func credentialAmong(keys []Key) bool {
	for i := range keys { // a Key is wide: none is copied
		if keys[i].Type == Credential {
			return true
		}
	}
	return false
}

// given tells whether a required key that a file lacks is there in another form: by
// the name that it has in another tool, or as the file instead of the variable.
func given(v Value, k Key, keys []Key) bool {
	name, credential := strings.CutSuffix(k.Name, fromEnv)
	if credential && k.Type == Variable && v.Get(name+fromFile).Kind != Missing {
		return true
	}
	return meant(v, k, keys)
}

// credential refuses a secret that stands in the file.
func (c *checker) credential(f Field, k Key) {
	shown := diag.Errorf(f.Value.Pos, secretShown,
		"key %q holds a secret, which has no place in a file that many read", k.Name)
	c.add(shown.WithHint("write %s: VARIABLE, or %s: FILE", k.Name+fromEnv, k.Name+fromFile))
}

// twice refuses a secret that comes from two places.
func (c *checker) twice(v Value, keys []Key) {
	for _, k := range keys {
		if k.Type != Credential {
			continue
		}
		env, file := k.Name+fromEnv, k.Name+fromFile
		if v.Get(file).Is() && v.Get(env).Is() {
			twice := diag.Errorf(v.Get(file).Pos, "spec/secret", "%q and %q both say where one secret is", env, file)
			c.add(twice.WithHint("remove one of them"))
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

// credentials returns the keys of any kind that hold secrets.
func credentials(known Known) []string {
	var out []string
	var add func([]Key)
	add = func(keys []Key) {
		for _, k := range keys {
			if k.Type == Credential {
				out = append(out, k.Name)
			}
			add(k.Keys)
		}
	}
	for _, kind := range known.Sources {
		add(kind.Keys)
		add(kind.SLI)
	}
	for _, kind := range known.Destinations {
		add(kind.Keys)
	}
	return out
}

// hideShown hides from excerpts what findings say to be a secret.
func (l *loader) hideShown() {
	for _, f := range l.found.list {
		if text := l.set.texts[f.Pos.File]; f.Code == secretShown && text != nil {
			text.secrets = append(text.secrets, f.Pos)
		}
	}
}
