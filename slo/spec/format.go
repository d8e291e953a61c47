package spec

import (
	"bytes"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
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

	// Native returns the documents of the native format that say what doc says.
	// Their values have the places of doc, which findings about them point to, see
	// yaml.Text. The findings are warnings about what the native format has no
	// words for or would judge otherwise, with its place, and errors about what
	// cannot be read. They may stand beside documents.
	Native func(doc Value) ([]Value, diag.List)
}

// Native is the format of this package.
func Native() Format {
	return Format{
		Name:   APIVersion,
		Mine:   func(doc Value) bool { return doc.Get("apiVersion").Text == APIVersion },
		Native: func(doc Value) ([]Value, diag.List) { return []Value{doc}, nil },
	}
}

// native returns a document of any format in the native one, and reports what that
// lost. Of no format is what it refuses.
func (l *loader) native(doc Value) []Value {
	for _, f := range l.formats {
		if f.Mine(doc) {
			docs, losses := f.Native(doc)
			l.found.add(losses...)
			return docs
		}
	}
	version, known := doc.Get("apiVersion"), l.formatNames()
	switch {
	case doc.Kind != Map:
		begin := "apiVersion: " + APIVersion
		l.found.add(wrongType(doc, "", "a map that begins with "+begin, begin))
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
	return []Value{doc} // ours, though it does not say so: Check reports that
}

func (l *loader) formatNames() string {
	var names []string
	for _, f := range l.formats {
		names = append(names, f.Name)
	}
	return strings.Join(names, ", ")
}

// ours tells whether a file found in a directory is to be read: one of its documents
// is of a format, or nearly of the native one, as one with a slip of the pen in its
// apiVersion, or without it but with SLOs; or the file has nothing at all, as one
// that was cut short.
func (l *loader) ours(docs []Value, broken diag.List, raw []byte) bool {
	if slices.ContainsFunc(docs, l.claimed) {
		return true
	}
	if len(broken) == 0 {
		return len(docs) == 0 && len(bytes.TrimSpace(raw)) == 0
	}
	for line := range strings.Lines(string(raw[:min(len(raw), yaml.MaxBytes)])) {
		key, value, _ := strings.Cut(line, ":")
		if key == "apiVersion" && nearly(strings.Trim(value, " \"'")) {
			return true
		}
	}
	return false
}

// claimed tells whether a document is of a format, or nearly of the native one.
func (l *loader) claimed(doc Value) bool {
	if slices.ContainsFunc(l.formats, func(f Format) bool { return f.Mine(doc) }) {
		return true
	}
	version := doc.Get("apiVersion")
	forgot := !version.Is() && doc.Get("slos").Is() && doc.Get("service").Is()
	return forgot || nearly(version.Text)
}

// nearly tells whether an apiVersion is of the native format, or a slip of the pen
// away.
func nearly(version string) bool {
	version = strings.ToLower(strings.TrimSpace(version))
	if !strings.HasPrefix(version, "n") {
		return false
	}
	return strings.HasPrefix(version, "nines/") || diag.Nearest(version, []string{APIVersion}) != ""
}
