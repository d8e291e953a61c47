// Package texts holds what is said to people, one folder of texts a language. A
// further language is a further folder: the same files with the same ids.
//
// A line is
//
//	id = text with {name} places
//
// A text that begins or ends with a space, or has several lines, stands in double
// quotes as a Go string. Lines that begin with # are comments. The id of a text is the
// name of its file and its name in it: "headline.end" is end in headline.txt. Where a
// text depends on a number, NAME.one is for 1, where the language tells it apart, and
// NAME.other for all others.
package texts

import (
	"bytes"
	"embed"
	"strconv"
	"strings"
)

//go:embed en/*.txt ja/*.txt
var folders embed.FS

// Say returns the text of that id in a language, with its places filled: fill holds
// names and what stands for them, in turn. What is filled in is not read again, so it
// may hold anything. A language without a folder gets English. An id that is not there
// is a mistake in this program.
func Say(language, id string, fill ...string) string {
	template, ok := find(language, id)
	if !ok {
		panic("there is no text " + id)
	}
	if len(fill) == 0 {
		return template
	}
	places := make([]string, len(fill))
	for i := 0; i < len(fill); i += 2 {
		places[i], places[i+1] = "{"+fill[i]+"}", fill[i+1]
	}
	return strings.NewReplacer(places...).Replace(template)
}

// Count returns the text of that id for n, which fills its place {n}.
func Count(language, id string, n int, fill ...string) string {
	form := id + ".other"
	if _, ok := find(language, id+".one"); ok && n == 1 {
		form = id + ".one"
	}
	return Say(language, form, append(fill, "n", strconv.Itoa(n))...)
}

// find returns a text as it stands in its file. The files are short: to look a text up
// costs less than to keep them all read.
func find(language, id string) (string, bool) {
	room, name, _ := strings.Cut(id, ".")
	file, err := folders.ReadFile(language + "/" + room + ".txt")
	if err != nil {
		file, err = folders.ReadFile("en/" + room + ".txt")
	}
	if err != nil {
		return "", false
	}
	head := []byte(name + " = ")
	after, first := bytes.CutPrefix(file, head)
	if !first {
		var ok bool
		if _, after, ok = bytes.Cut(file, append([]byte{'\n'}, head...)); !ok {
			return "", false
		}
	}
	line, _, _ := bytes.Cut(after, []byte{'\n'})
	text := string(line)
	if !strings.HasPrefix(text, `"`) {
		return text, true
	}
	text, err = strconv.Unquote(text)
	return text, err == nil
}
