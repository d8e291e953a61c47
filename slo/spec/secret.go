package spec

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"log/slog"
	"os"
	"path/filepath"
	"strings"
	"unicode"

	"github.com/nines-slo/nines/slo/diag"
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

// Hide returns text with *** in place of the secret.
func (s Secret) Hide(text string) string {
	if !s.Is() {
		return text
	}
	return strings.ReplaceAll(text, s.Reveal(), redacted)
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
	fromEnv  = "_env"
	fromFile = "_file"
)

// maxSecret is how long a secret may be, in bytes.
const maxSecret = 64 << 10

// Secret returns the secret of the Credential key name of a block that Check
// accepted: what the variable name_env holds, or the file name_file, without blanks
// and line ends around it. It is the zero Secret if the block has neither. No error
// shows what was found.
func (b Block) Secret(name string, getenv func(string) string) (Secret, error) {
	if v := b.Get(name + fromEnv); v.Is() {
		return secretOf(v, func() (string, error) {
			if getenv == nil || getenv(v.Text) == "" {
				return "", errors.New("the variable is not set, or empty")
			}
			return getenv(v.Text), nil
		})
	}
	v := b.Get(name + fromFile)
	if !v.Is() {
		return Secret{}, nil
	}
	return secretOf(v, func() (string, error) { return readSecret(v.Text, b.Dir) })
}

// secretOf reads the secret that v names.
func secretOf(v Value, read func() (string, error)) (Secret, error) {
	text, err := read()
	s := NewSecret(text)
	switch {
	case err != nil:
	case !s.Is():
		err = errors.New("the secret is empty")
	case strings.ContainsFunc(s.Reveal(), unicode.IsControl):
		err = errors.New("the secret has more than one line, or holds a control character")
	}
	if err != nil {
		return Secret{}, diag.List{diag.Errorf(v.Pos, "spec/secret", "%s: %v", diag.Quote(v.Text), err)}
	}
	return s, nil
}

// readSecret reads a file whose path is relative to dir.
func readSecret(path, dir string) (string, error) {
	if !filepath.IsAbs(path) {
		path = filepath.Join(dir, path)
	}
	f, err := os.Open(path)
	if err != nil {
		var at *fs.PathError
		errors.As(err, &at)
		return "", at.Err
	}
	defer f.Close()
	text, err := io.ReadAll(io.LimitReader(f, maxSecret+1))
	switch {
	case err != nil:
		return "", errors.New("the file cannot be read")
	case len(text) > maxSecret:
		return "", fmt.Errorf("the file is over %d KiB", maxSecret>>10)
	}
	return string(text), nil
}
