package yaml

import (
	"github.com/goccy/go-yaml/token"

	"github.com/nines-slo/nines/slo/diag"
)

// version is that of YAML which a file may say it is written in. Of 1.1 some
// scalars mean something else: no is false there, and 010 is 8.
const version = "1.2"

const hintVersion = "write %YAML " + version + ", or remove the line"

// directive reads "%YAML 1.2" and the "---" that has to follow it.
func (t *tree) directive() {
	percent := t.rest.next()
	line := percent.Position.Line
	word := func() *token.Token { // the next one of the line, nil if there is none
		if tok := t.rest.peek(); tok != nil && tok.Position.Line == line {
			return tok
		}
		return nil
	}
	switch name := word(); {
	case name != nil && plain(name) == "TAG":
		t.failAs("yaml/unread", percent, "remove the line, and the tags", "the directive %%TAG is not read")
		return
	case name == nil || plain(name) != "YAML":
		t.unexpected(percent)
		return
	}
	t.rest.next()
	said := word()
	if said == nil {
		t.fail(percent, hintVersion, "the directive %%YAML names no version")
		return
	}
	if text := plain(said); text != version {
		t.failAs("yaml/unread", said, hintVersion, "YAML %s is not read", diag.Quote(text))
		return
	}
	t.rest.next()
	if more := word(); more != nil {
		t.fail(more, hintVersion, "unexpected %s behind the version", diag.Quote(plain(more)))
		return
	}
	if !t.rest.is(token.DocumentHeaderType) {
		t.fail(percent, "write --- on the line below it", "a directive stands before a document that begins with ---")
	}
}
