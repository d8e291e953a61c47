// Package texts holds what is said to people, one folder of texts a language. A
// further language is a further folder: the same files with the same ids. The folder's
// name is the language's.
//
// A line is
//
//	id = text with {name} places
//
// A text that begins or ends with a space, or has several lines, stands in double
// quotes as a Go string. Lines that begin with # are comments. The id of a text is the
// name of its file and its name in it: "headline.end" is end in headline.txt. Where a
// text depends on a number, NAME.one is for 1, where the language tells it apart, and
// NAME.other for all others. A text that is a list has its items between bars.
package texts

import (
	"embed"
	"fmt"
	"io/fs"
	"path"
	"strconv"
	"strings"
	"sync"
)

//go:embed */*.txt
var folders embed.FS

// catalogue reads the folders when the first text is said. Nothing changes it after
// that: it is as constant as the files that it was built from.
var catalogue = sync.OnceValue(func() map[string]language {
	all, err := read(folders)
	if err != nil {
		panic(err) // the files are part of this program
	}
	return all
})

// fallback is the language of what asks for one without a folder.
const fallback = "en"

// Languages returns the names of all languages, in order. It reads none of their texts.
func Languages() []string {
	entries, err := folders.ReadDir(".")
	if err != nil {
		panic(err) // the folders are part of this program
	}
	var names []string
	for _, e := range entries {
		names = append(names, e.Name())
	}
	return names
}

// Say returns the text of that id in a language, with its places filled: fill holds
// names and what stands for them, in turn. What is filled in is not read again, so it
// may hold anything. A language without a folder gets English. An id that is not there
// is a mistake in this program.
func Say(language, id string, fill ...string) string {
	text, ok := of(language)[id]
	if !ok {
		panic("there is no text " + id)
	}
	return text.filled(fill)
}

// Count returns the text of that id for n, which fills the place {n} unless fill does.
func Count(language, id string, n int, fill ...string) string {
	l := of(language)
	form, ok := l[id+".one"]
	if !ok || n != 1 {
		form, ok = l[id+".other"]
	}
	if !ok {
		panic("there is no text " + id + ".other")
	}
	return form.filled(append(fill, "n", strconv.Itoa(n)))
}

// Fill returns a text, as Say gave it, with its places filled as Say does.
func Fill(text string, fill ...string) string { return newTemplate(text).filled(fill) }

// of returns the texts of a language.
func of(name string) language {
	all := catalogue()
	if own, ok := all[name]; ok {
		return own
	}
	return all[fallback]
}

// language holds texts by their ids.
type language map[string]template

// template is a text, cut at its places: those at odd indices are names of places.
type template struct {
	whole string
	parts []string
}

func newTemplate(whole string) template {
	t := template{whole: whole}
	rest := whole
	for {
		before, after, open := strings.Cut(rest, "{")
		name, behind, closed := strings.Cut(after, "}")
		if !open || !closed {
			t.parts = append(t.parts, rest)
			return t
		}
		t.parts = append(t.parts, before, name)
		rest = behind
	}
}

// filled returns t with its places filled. One that nobody fills stays as it is.
func (t template) filled(fill []string) string {
	if len(fill) == 0 || len(t.parts) == 1 {
		return t.whole
	}
	var b strings.Builder
	b.Grow(len(t.whole) + 32)
	for i, part := range t.parts {
		if i%2 == 0 {
			b.WriteString(part)
		} else {
			b.WriteString(filling(part, fill))
		}
	}
	return b.String()
}

// filling returns what stands for a place.
func filling(place string, fill []string) string {
	for i := 0; i+1 < len(fill); i += 2 {
		if fill[i] == place {
			return fill[i+1]
		}
	}
	return "{" + place + "}"
}

// read reads folders of texts, one a language.
func read(folders fs.FS) (map[string]language, error) {
	files, err := fs.Glob(folders, "*/*.txt")
	if err != nil {
		return nil, err
	}
	all := map[string]language{}
	for _, file := range files {
		text, err := fs.ReadFile(folders, file)
		if err != nil {
			return nil, err
		}
		name, room := path.Dir(file), strings.TrimSuffix(path.Base(file), ".txt")
		if all[name] == nil {
			all[name] = language{}
		}
		if err := all[name].add(room, string(text)); err != nil {
			return nil, fmt.Errorf("%s: %w", file, err)
		}
	}
	return all, nil
}

// add reads the texts of a file.
func (l language) add(room, text string) error {
	for line := range strings.Lines(text) {
		line = strings.TrimSuffix(line, "\n")
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		name, text, ok := strings.Cut(line, " = ")
		id := room + "." + name
		if _, there := l[id]; !ok || there {
			return fmt.Errorf("%q is no text, or its id was there before", line)
		}
		if strings.HasPrefix(text, `"`) {
			unquoted, err := strconv.Unquote(text)
			if err != nil {
				return fmt.Errorf("%q: %w", line, err)
			}
			text = unquoted
		}
		l[id] = newTemplate(text)
	}
	return nil
}
