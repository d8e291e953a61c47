package spec

import (
	"bytes"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// APIVersion is what a file of the native format says in its key apiVersion.
const APIVersion = "nines/v1"

// Format is a way in which files state objectives. A foreign one is a package below
// this one that says in the native format what its documents say; whatever follows,
// from checks to reports, knows the native one only. Listed are formats in package
// slo/spec/all.
type Format struct {
	// Name is what a user calls the format: "nines/v1".
	Name string

	// Mine tells whether a document is of this format. It looks at what a format
	// marks its documents with and at nothing else: a document that is broken
	// elsewhere is refused by Native, with a reason.
	Mine func(doc Value) bool

	// Begins are the entries that mark documents of the format, such as "version: prometheus/v1",
	// so that a slip in one is told from what is of another tool. None stand for apiVersion with Name.
	Begins []string

	// Asks is the type of the source that documents ask which name none, "" if each has to.
	Asks string

	// Marks are words of which a file has one if its documents may be named by others of the
	// run, as data sources or windows are. Such files are held until all is read.
	Marks []string

	// Native gets the documents of the format in files that have one of Marks, and returns
	// what reads any document.
	Native func(named []Value) Reader
}

// Reader returns the documents of the native format that say what doc says, none if it
// only says what others name. Their values have the places of doc, which findings about
// them point to, see yaml.Text. The findings are warnings about what the native format has
// no words for or would judge otherwise, with its place, and errors about what cannot be
// read. They may stand beside documents.
type Reader func(doc Value) ([]Value, diag.List)

// Native is the format of this package.
func Native() Format {
	return Format{
		Name:   APIVersion,
		Mine:   func(doc Value) bool { return doc.Get("apiVersion").Text == APIVersion },
		Native: func([]Value) Reader { return func(doc Value) ([]Value, diag.List) { return []Value{doc}, nil } },
	}
}

// open finds what the readers of formats look at together.
func (l *loader) open() {
	for _, f := range l.formats {
		var named []Value
		for i := range l.read {
			file := &l.read[i]
			marked := func(word string) bool { return bytes.Contains(file.raw, []byte(word)) }
			if !slices.ContainsFunc(f.Marks, marked) {
				continue
			}
			file.parse(&l.yaml)
			for _, doc := range file.docs {
				if f.Mine(doc) {
					named = append(named, doc.Said())
				}
			}
		}
		l.named = append(l.named, named)
	}
	l.readers = make([]Reader, len(l.formats))
}

// native returns a document of any format in the native one, with the format, and reports
// what that lost. Of no format is what it refuses.
func (l *loader) native(doc Value) ([]Value, Format) {
	for i, f := range l.formats {
		if f.Mine(doc) {
			if f.Name != APIVersion {
				doc = doc.Said()
			}
			if l.readers[i] == nil {
				l.readers[i] = f.Native(l.named[i])
			}
			docs, losses := l.readers[i](doc)
			l.found.add(losses...)
			return docs, f
		}
	}
	return l.unknown(doc), Native()
}

// unknown refuses a document of no format. One that is native but for saying so is returned:
// Check reports that.
func (l *loader) unknown(doc Value) []Value {
	version, known := doc.Get("apiVersion"), l.formatNames()
	said, meant := l.meant(doc)
	switch {
	case doc.Kind != Map:
		begin := "apiVersion: " + APIVersion
		l.found.add(wrongType(doc, "", "a map that begins with "+begin, begin))
		return nil
	case meant != "":
		slipped := diag.Errorf(said.Value.Pos, "file/format", "%s %s is not a known format", said.Key, diag.Quote(said.Value.Text))
		l.found.add(slipped.WithHint("did you mean %s?", meant))
		return nil
	case version.Kind == Missing && !doc.Get("slos").Is() && wrap(doc).Key != "":
		key := wrap(doc)
		wrapped := diag.Errorf(key.Pos, "file/format", "an SLO file seems to stand below key %s", diag.Quote(key.Key))
		l.found.add(wrapped.WithHint("move what is below it to the top level: this version reads %s", known))
		return nil
	case version.Kind == Missing && !doc.Get("slos").Is():
		missing := diag.Errorf(doc.Pos, "file/format", "key %q is missing", "apiVersion")
		l.found.add(missing.WithHint("this version reads %s", known))
		return nil
	case version.Kind == Scalar && version.Text != "":
		unknown := diag.Errorf(version.Pos, "file/format",
			"apiVersion %s is not a known format", diag.Quote(version.Text))
		l.found.add(unknown.WithHint("this version reads %s", known))
		return nil
	}
	return []Value{doc}
}

// meant returns the entry of a document in which there is a slip of one that marks a foreign format,
// and what it was likely meant to be, "" if there is none.
func (l *loader) meant(doc Value) (said Field, meant string) {
	best := 0
	for _, f := range l.formats {
		if f.Name == APIVersion {
			continue // see looksNative
		}
		begins := f.Begins
		if begins == nil {
			begins = []string{"apiVersion: " + f.Name}
		}
		for _, begin := range begins {
			key, version, _ := strings.Cut(begin, ": ")
			for _, field := range doc.Fields {
				if !slip(field.Key, key) || !sameGroup(field.Value.Text, version) {
					continue
				}
				if far := diag.Edits(field.Value.Text, version); meant == "" || far < best {
					said, meant, best = field, begin, far
				}
			}
		}
	}
	return said, meant
}

// sameGroup tells whether what stands before the slash of a version, openslo.com/v1, is that of a known
// one, or two letters away of a long one.
func sameGroup(version, known string) bool {
	group, _, _ := strings.Cut(version, "/")
	of, _, _ := strings.Cut(known, "/")
	return len(group) <= len(of)+2 && diag.Edits(group, of) <= min(2, len(of)/4)
}

func (l *loader) formatNames() string {
	var names []string
	for _, f := range l.formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// kin is what a file found in a directory is to us.
type kin int

const (
	stranger kin = iota // a mapping of another tool
	output              // what nines itself writes
	ours                // to be read: of a format, or nearly of the native one
	damaged             // no mapping, and so nothing that could be told to be another tool's
)

// kin tells what a file found in a directory is. Where it cannot be told to be
// another tool's it is not passed over: its objectives would be missing in silence.
func (l *loader) kin(docs []Value, broken diag.List, raw []byte) kin {
	notMap := func(doc Value) bool { return doc.Kind != Map }
	byHand := func(doc Value) bool { return !isOutput(doc) }
	switch {
	case len(docs) > 0 && !slices.ContainsFunc(docs, byHand):
		return output
	case slices.ContainsFunc(docs, l.claimed), len(broken) > 0 && looksNative(words(raw)):
		return ours
	case slices.ContainsFunc(broken, breaksYAML), slices.ContainsFunc(docs, notMap):
		return damaged
	case len(docs) == 0 && len(broken) == 0:
		return damaged
	}
	return stranger
}

// outputSchema is what a command that prints JSON marks it with: nines.status/v1.
var outputSchema = pattern.Of(`^nines\.[a-z]+/v[0-9]+$`)

// isOutput tells whether a document is what nines itself prints. That has slos and
// sources too, both lists, but no version of a format and no service: an SLO file on
// which somebody put the key schema is still one.
func isOutput(doc Value) bool {
	figures := func(f Field) bool { return f.Key == "sources" && f.Value.Kind == List }
	keys := slices.DeleteFunc(slices.Clone(doc.Fields), figures)
	return outputSchema().MatchString(doc.Get("schema").Text) && !looksNative(keys)
}

// breaksYAML tells whether a file with a finding of package yaml is none that other
// tools could read. They do read tags, and files that are larger.
func breaksYAML(f diag.Finding) bool { return f.Code == "yaml/syntax" || f.Code == "yaml/text" }

// claimed tells whether a document is of a format or a slip away, or looks native on its first two
// levels.
func (l *loader) claimed(doc Value) bool {
	mine := func(f Format) bool { return f.Mine(doc) }
	if slices.ContainsFunc(l.formats, mine) || looksNative(doc.Fields) || wrap(doc).Key != "" {
		return true
	}
	_, meant := l.meant(doc)
	return meant != ""
}

// wrap returns the key below which a document has what looks like a native one. The
// schema of SLO files names their keys and has none.
func wrap(doc Value) Field {
	schema := doc.Get("type").Text == "object"
	for _, f := range doc.Fields {
		inside := slices.ContainsFunc(f.Value.Items, func(item Value) bool { return looksNative(item.Fields) })
		if inside || looksNative(f.Value.Fields) && !(schema && f.Key == "properties") {
			return f
		}
	}
	return Field{}
}

// looksNative tells whether keys of one map are those of a native document, or a slip
// of the pen away: apiVersion with its value, or slos with service or sources.
func looksNative(fields []Field) bool {
	has := func(word string) bool {
		return slices.ContainsFunc(fields, func(f Field) bool { return slip(f.Key, word) })
	}
	versioned := slices.ContainsFunc(fields, func(f Field) bool {
		cutOff := f.Value.Kind == Null
		return slip(f.Key, "apiVersion") && (cutOff || slices.ContainsFunc(f.Value.Strings(), nearly))
	})
	return versioned || has("slos") && (has("service") || has("sources"))
}

// recognised tells whether a file that was named is an SLO file as far as anybody can see,
// so that its lines may be shown: a map that has a key by which a native document is known,
// with apiVersion one that is nearly right. Whoever writes a link in a pull request makes
// any file of the machine one that is named.
func (l *loader) recognised(docs []Value, broken diag.List, raw []byte) bool {
	known := func(doc Value) bool { return l.claimed(doc) || knownBy(doc.Fields) }
	return slices.ContainsFunc(docs, known) || len(broken) > 0 && knownBy(words(raw))
}

// knownBy tells whether one of some keys is of a native document.
func knownBy(fields []Field) bool {
	return slices.ContainsFunc(fields, func(f Field) bool {
		if f.Key == "apiVersion" {
			return slices.ContainsFunc(f.Value.Strings(), nearly)
		}
		return f.Key == "destinations" || slices.Contains(nativeKeys(), f.Key)
	})
}

// slip tells whether key is word, or one letter or a swap away.
func slip(key, word string) bool { return len(key) <= len(word)+1 && diag.Edits(key, word) <= 1 }

// nearly tells whether an apiVersion is of the native format, of whatever version, or
// two letters away, or its beginning.
func nearly(version string) bool {
	version = strings.TrimSpace(version)
	if len(version) > 2*len(APIVersion) {
		return false
	}
	name, _, _ := strings.Cut(version, "/")
	native, _, _ := strings.Cut(APIVersion, "/")
	alike := diag.Edits(strings.TrimSpace(name), native) <= 2 || diag.Edits(version, APIVersion) <= 2
	return alike || strings.HasPrefix(APIVersion, version)
}

// keyed is what looks like a key and its value in a text that is no YAML.
var keyed = pattern.Of(`([A-Za-z]{3,12})["']?[ \t]*:[ \t]*["']?([^\s"',}]*)`)

// words returns what looks like the keys of a text that is no YAML, on any level.
func words(raw []byte) []Field {
	var out []Field
	for _, m := range keyed().FindAllSubmatch(raw[:min(len(raw), yaml.MaxBytes)], -1) {
		if key := string(m[1]); slices.ContainsFunc(nativeKeys(), func(word string) bool { return slip(key, word) }) {
			out = append(out, yaml.Text(diag.Pos{}, string(m[2])).As(key))
		}
	}
	return out
}

// nativeKeys are what a native document is known by.
func nativeKeys() []string { return []string{"apiVersion", "service", "sources", "slos"} }

// damaged reports a file found in a directory that nobody could read.
func (l *loader) damaged(path string, docs []Value, broken diag.List, raw []byte) {
	at := diag.Pos{File: path, Line: 1, Col: 1}
	f := diag.Errorf(at, "file/damaged", "the file says nothing, as one that is empty or commented out")
	notMap := slices.IndexFunc(docs, func(doc Value) bool { return doc.Kind != Map })
	switch {
	case len(broken) > 0:
		f = broken[0]
	case notMap >= 0:
		doc := docs[notMap]
		f = diag.Errorf(doc.Pos, "file/damaged", "this is no map of keys, as an SLO file is, but %s", doc.Kind)
	}
	hint := "mend it; if it is another tool's, move it elsewhere or name the SLO files one by one"
	switch {
	case isTemplate(raw):
		hint = hintTemplate
	case LFSPointer(raw):
		hint = "it is in the store of Git LFS: run git lfs pull"
	case conflict().Match(raw):
		hint = hintConflict
	case f.Hint != "":
		hint = f.Hint + "; " + hint
	}
	l.found.add(f.WithHint("%s", hint))
	l.set.texts[path] = &text{raw: string(raw), hidden: true}
}

// LFSPointer tells whether a file that begins so is what Git LFS leaves in the place of one
// that was not fetched from its store.
func LFSPointer(head []byte) bool { return bytes.HasPrefix(head, []byte("version https://git-lfs")) }

// conflict is what git writes into a file that two sides changed.
var conflict = pattern.Of(`(?m)^<{7} `)

const hintConflict = "resolve the merge that left its marks <<<<<<< and >>>>>>>"

// unmerged returns what breaks a file, with the reason where a merge or a template does.
func unmerged(broken diag.List, raw []byte) diag.List {
	switch {
	case len(broken) == 0:
	case conflict().Match(raw):
		broken[0] = broken[0].WithHint("%s", hintConflict)
	case isTemplate(raw):
		broken[0] = broken[0].WithHint("%s", hintTemplate)
	}
	return broken
}
