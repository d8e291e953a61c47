package notify

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/net/publicsuffix"
)

// Apart is what stands between two characters that together would mean something. It
// is as wide as nothing. Clean shows those that a text has of its own as escapes.
const Apart = "\u200b"

// Inert returns text, in which clients see neither an address nor a mail's, with Apart
// where one would be seen: they make links of such texts wherever they stand, and who
// may name a service would say where colleagues click. A text without addresses
// stays as it is, shop.api and checkout.v2 too: no top-level domain is called so.
func Inert(text string) string {
	if !strings.ContainsAny(text, `.:@\`) {
		return text
	}
	var b strings.Builder
	for i, r := range text {
		if leads(text[:i], text[i:]) {
			b.WriteString(Apart)
		}
		b.WriteRune(r)
	}
	return b.String()
}

// leads tells whether a client may see an address in before and rest together.
func leads(before, rest string) bool {
	switch {
	case before == "":
		return false
	case rest[0] == '/':
		return strings.HasSuffix(before, ":") && strings.HasPrefix(rest, "//")
	case rest[0] == ':':
		return schemes(strings.ToLower(word(before))) && goesOn(rest[1:])
	case rest[0] == '.':
		last, _ := utf8.DecodeLastRuneInString(before)
		return (unicode.IsLetter(last) || unicode.IsDigit(last)) && domain(strings.ToLower(word(before)), rest[1:])
	case rest[0] == '\\': // a folder that others share
		return strings.HasSuffix(before, `\`) && len(rest) > 1 && named(rune(rest[1]))
	}
	owner, mail := strings.CutSuffix(before, "@")
	last, _ := utf8.DecodeLastRuneInString(owner)
	return mail && owner != "" && !unicode.IsSpace(last) && goesOn(rest) && !strings.HasPrefix(rest, Apart)
}

// goesOn tells whether text begins with something to see.
func goesOn(text string) bool {
	r, _ := utf8.DecodeRuneInString(text)
	return text != "" && !unicode.IsSpace(r)
}

// word returns the letters and digits that text ends with.
func word(text string) string {
	return text[strings.LastIndexFunc(text, func(r rune) bool { return !named(r) })+1:]
}

func named(r rune) bool { return r < utf8.RuneSelf && (unicode.IsLetter(r) || unicode.IsDigit(r)) }

// schemes tells whether a word is a scheme of addresses without // that clients know.
func schemes(word string) bool {
	switch word {
	case "mailto", "tel", "sms", "callto", "sip", "sips", "skype", "xmpp", "news", "file", "onenote", "outlook":
		return true
	}
	return false
}

// domain tells whether the . between a word and rest is one of a host's name: behind
// www, before a top-level domain that there is, and before one that is not of ASCII.
func domain(word, rest string) bool {
	next, _ := utf8.DecodeRuneInString(rest)
	switch {
	case !goesOn(rest):
		return false
	case strings.HasPrefix(word, "www") && len(word) <= len("www")+3 && strings.Trim(word[3:], "0123456789") == "":
		return true
	case next >= utf8.RuneSelf:
		return unicode.IsLetter(next)
	}
	end := strings.IndexFunc(rest, func(r rune) bool { return !named(r) && r != '-' })
	if end < 0 {
		end = len(rest)
	}
	_, known := publicsuffix.PublicSuffix("x." + strings.ToLower(rest[:end]))
	return end > 0 && known
}
