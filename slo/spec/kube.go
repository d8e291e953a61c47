package spec

import (
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/pattern"
)

// Kubernetes keeps documents as objects, which have a kind and metadata beside the version
// of their format, and lists of them.

// ObjectKeys are the keys of a Kubernetes object, of which spec are those below `spec`, and meta those
// below `metadata` beside what only the cluster writes there. Without meta that may be anything.
func ObjectKeys(spec []Key, meta ...Key) []Key {
	metadata := Key{Name: "metadata", Type: Any, Doc: "Name and labels, as Kubernetes has them."}
	if len(meta) > 0 {
		metadata.Type, metadata.Keys = Object, slices.Concat(meta, clusterKeys())
		metadata.Required = slices.ContainsFunc(meta, func(k Key) bool { return k.Required })
	}
	return []Key{
		{Name: "apiVersion", Type: Text, Required: true, Doc: "Format of the object."},
		{Name: "kind", Type: Text, Required: true, Doc: "What the object is."},
		metadata,
		{Name: "spec", Type: Object, Required: true, Keys: spec, Doc: "What the object says."},
		{Name: "status", Type: Any, Doc: "What the cluster says of the object."},
	}
}

// clusterKeys are those of metadata that a file has if it was read from a cluster.
func clusterKeys() (keys []Key) {
	for _, name := range []string{
		"generateName", "uid", "resourceVersion", "generation", "creationTimestamp", "deletionTimestamp",
		"deletionGracePeriodSeconds", "finalizers", "ownerReferences", "managedFields", "selfLink",
	} {
		keys = append(keys, Key{Name: name, Type: Any, Doc: "Written by the cluster."})
	}
	return keys
}

// Unlisted returns documents with the items of lists of objects in place of those.
func Unlisted(docs []Value) []Value {
	if !slices.ContainsFunc(docs, func(doc Value) bool { return len(listed(doc)) > 0 }) {
		return docs
	}
	var out []Value
	for _, doc := range docs {
		if items := listed(doc); len(items) > 0 {
			out = append(out, Unlisted(items)...)
		} else {
			out = append(out, doc)
		}
	}
	return out
}

// listed returns the objects that a document is a list of: one of Kubernetes, or one of YAML. None
// if it is no list of objects alone.
func listed(doc Value) []Value {
	items := doc.Items
	if isObject(doc) {
		items = doc.Get("items").Items
	}
	if slices.ContainsFunc(items, func(item Value) bool { return !isObject(item) }) {
		return nil
	}
	return items
}

// kindName is what Kubernetes calls kinds of objects.
var kindName = pattern.Of(`^[A-Z][A-Za-z0-9]*$`)

// isObject tells whether a document is an object of Kubernetes.
func isObject(doc Value) bool {
	return doc.Get("apiVersion").Kind == Scalar && kindName().MatchString(doc.Get("kind").Text)
}

// others returns the documents of a file that are objects of other tools, as a chart has them
// beside SLOs, and the rest. Where there is no SLO all documents are the rest.
func (l *loader) others(docs []Value) (others, rest []Value) {
	if !slices.ContainsFunc(docs, l.claimed) {
		return nil, docs
	}
	for _, doc := range docs {
		if isObject(doc) && !l.claimed(doc) {
			others = append(others, doc)
		} else {
			rest = append(rest, doc)
		}
	}
	return others, rest
}

// template finds what Helm puts values in, in the place of a key or a value.
var template = pattern.Of(`(?m)^[^#\n]*\{\{[-\s]*[^}]*\.(Values|Release|Chart|Capabilities)\b|^\s*\{\{-?\s*(if|range|with|end|include|define|template)\b`)

const hintTemplate = "it is a template of Helm: run helm template CHART | nines COMMAND -, which reads what it makes"

// isTemplate tells whether a text is a template of Helm. Other tools have braces within values.
func isTemplate(raw []byte) bool { return template().Match(raw) }

// nameOf returns what a document of another tool is called in lists.
func nameOf(doc Value) string {
	return strings.TrimSpace(doc.Get("kind").Text + " " + doc.Get("metadata").Get("name").Text)
}
