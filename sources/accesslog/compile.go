package accesslog

import (
	"fmt"
	"strings"
)

// compileNginx compiles an nginx log_format: its text, or the whole directive
// as it stands in nginx.conf.
func compileNginx(text string) (*layout, error) {
	return compileNames(text, nginxVariable)
}

// compileNames compiles a text with $variables; meaning says what they hold.
func compileNames(text string, meaning func(name string) variable) (*layout, error) {
	var pieces []piece
	for rest := unwrapNginx(text); rest != ""; {
		if rest[0] != '$' {
			n := strings.IndexByte(rest, '$')
			if n < 0 {
				n = len(rest)
			}
			pieces = append(pieces, piece{literal: rest[:n]})
			rest = rest[n:]
			continue
		}
		name, after, err := cutName(rest[1:])
		if err != nil {
			return nil, err
		}
		pieces = append(pieces, piece{v: meaning(name)})
		rest = after
	}
	return patternLayout(pieces)
}

// cutName reads "name" or "{name}".
func cutName(text string) (name, rest string, err error) {
	if inner, ok := strings.CutPrefix(text, "{"); ok {
		name, rest, ok = strings.Cut(inner, "}")
		if !ok {
			return "", "", fmt.Errorf("the { of %q is not closed", "$"+text)
		}
	} else {
		rest = strings.TrimLeft(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_")
		name = text[:len(text)-len(rest)]
	}
	if name == "" {
		return "", "", fmt.Errorf("a $ has no name after it")
	}
	return name, rest, nil
}

// unwrapNginx returns the text of "log_format main escape=json '…' '…';".
func unwrapNginx(text string) string {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "log_format ")
	if !ok {
		return strings.TrimRight(text, "\r\n")
	}
	var b strings.Builder
	for {
		open := strings.IndexAny(rest, `'"`)
		if open < 0 {
			return b.String()
		}
		quote := rest[open : open+1]
		inner, after, _ := strings.Cut(rest[open+1:], quote)
		b.WriteString(inner)
		rest = after
	}
}

// compileApache compiles an Apache LogFormat: its text, or the whole directive
// as it stands in httpd.conf.
func compileApache(text string) (*layout, error) {
	var pieces []piece
	literal := func(s string) { pieces = append(pieces, piece{literal: s}) }
	for rest := unwrapApache(text); rest != ""; {
		switch {
		case strings.HasPrefix(rest, "%%"):
			literal("%")
			rest = rest[2:]
		case rest[0] == '%':
			v, after, err := cutDirective(rest)
			if err != nil {
				return nil, err
			}
			pieces = append(pieces, bracketed(v)...)
			rest = after
		case rest[0] == '\\' && len(rest) > 1:
			literal(map[byte]string{'t': "\t", 'n': "\n"}[rest[1]])
			if rest[1] != 't' && rest[1] != 'n' {
				literal(rest[1:2])
			}
			rest = rest[2:]
		default:
			literal(rest[:1])
			rest = rest[1:]
		}
	}
	return patternLayout(join(pieces))
}

// bracketed adds the brackets that %t alone writes.
func bracketed(v variable) []piece {
	if v.field != timeField || strings.HasPrefix(v.name, "%{") {
		return []piece{{v: v}}
	}
	return []piece{{literal: "["}, {v: v}, {literal: "]"}}
}

// join drops empty literals.
func join(pieces []piece) []piece {
	var out []piece
	for _, p := range pieces {
		if p.v.name != "" || p.literal != "" {
			out = append(out, p)
		}
	}
	return out
}

// cutDirective reads "%>s", "%{Referer}i", "%!200,304D" and the like.
func cutDirective(text string) (v variable, rest string, err error) {
	rest = strings.TrimLeft(text[1:], "!0123456789,<>")
	arg := ""
	if inner, ok := strings.CutPrefix(rest, "{"); ok {
		if arg, rest, ok = strings.Cut(inner, "}"); !ok {
			return v, "", fmt.Errorf("the { of %q is not closed", text)
		}
	}
	if strings.HasPrefix(rest, "^") && len(rest) > 2 { // %{X}^ti, a trailer
		rest = rest[2:]
	}
	if rest == "" {
		return v, "", fmt.Errorf("%q ends before its letter", text)
	}
	name := text[:len(text)-len(rest)+1]
	v, ok := apacheVariable(name, rest[0], arg)
	if !ok {
		return v, "", fmt.Errorf("%q is not a directive of LogFormat", name)
	}
	return v, rest[1:], nil
}

// unwrapApache returns the text of `LogFormat "…" combined`.
func unwrapApache(text string) string {
	rest, ok := strings.CutPrefix(strings.TrimSpace(text), "LogFormat ")
	if !ok {
		return strings.TrimRight(text, "\r\n")
	}
	rest = strings.TrimSpace(rest)
	if len(rest) == 0 || rest[0] != '"' {
		return rest
	}
	for i := 1; i < len(rest); i++ {
		if rest[i] == '"' && !escaped([]byte(rest[:i])) {
			return rest[1:i]
		}
	}
	return rest[1:]
}
