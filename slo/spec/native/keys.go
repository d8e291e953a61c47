package native

import "github.com/nines-slo/nines/slo/spec"

// The keys of other tools' documents, in short. No schema is made of them, so they have no docs.

// Any are keys that are read elsewhere, or change nothing.
func Any(names ...string) []spec.Key {
	var keys []spec.Key
	for _, name := range names {
		keys = append(keys, spec.Key{Name: name, Type: spec.Any})
	}
	return keys
}

// Key is a key that may stand; example is what a hint would write.
func Key(name string, t spec.Type, example string) spec.Key {
	return spec.Key{Name: name, Type: t, Example: example}
}

// Need is a key that has to stand.
func Need(name string, t spec.Type, example string) spec.Key {
	return spec.Key{Name: name, Type: t, Required: true, Example: example}
}

// OneOf is a key whose text is one of some words.
func OneOf(name string, words ...string) spec.Key {
	return spec.Key{Name: name, Type: spec.Text, Enum: words}
}

// Object is a key with keys below it.
func Object(name string, keys ...spec.Key) spec.Key {
	return spec.Key{Name: name, Type: spec.Object, Keys: keys}
}

// Map is a key with a map of values of a type below it.
func Map(name string, each spec.Type) spec.Key {
	return spec.Key{Name: name, Type: spec.TextMap, Short: &spec.Key{Type: each, Empty: true}, Example: "{team: payments}"}
}

// Maps are Map of several names, with texts that may be empty.
func Maps(names ...string) (keys []spec.Key) {
	for _, name := range names {
		keys = append(keys, Map(name, spec.Loose))
	}
	return keys
}

// Metadata are the keys below metadata of an object.
func Metadata(name spec.Key, labels, annotations spec.Type) []spec.Key {
	return []spec.Key{name, Key("namespace", spec.Loose, ""), Map("labels", labels), Map("annotations", annotations)}
}

// List is a key with a list of maps, which has to stand.
func List(name string, keys ...spec.Key) spec.Key {
	return spec.Key{Name: name, Type: spec.Objects, Required: true, Keys: keys}
}

// Required is a key that has to stand, whatever it is.
func Required(k spec.Key) spec.Key {
	k.Required = true
	return k
}
