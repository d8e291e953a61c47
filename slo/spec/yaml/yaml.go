// Package yaml reads YAML 1.2 as people write it in configuration: bytes in, a tree
// of Values with the place of every part out. It is strict where a file may mean
// something else than it says (duplicate keys, tags, keys in the form "? key",
// tabs) and every refusal is a finding with its line and column. Scalars keep their
// text, so that whoever knows what a key means decides what 1.20, 0x63 or no is.
//
// Read are block and flow collections, plain, quoted and block scalars, anchors,
// aliases, "<<", several documents and the directive %YAML 1.2. Not read are other
// directives, tags but those of the core schema, and keys that are no scalar on
// one line.
package yaml

import "github.com/nines-slo/nines/slo/diag"

// Limits of one file. They keep a hostile file from costing more than a moment,
// and leave room for two thousand SLOs.
const (
	MaxBytes  = 1 << 20
	MaxDepth  = 64 // levels of nesting
	maxTokens = 150_000
	maxValues = 100_000 // with aliases written out
)

// Parse returns the documents of a YAML file, empty ones left out. Of a file
// that breaks YAML's grammar it returns the documents before that place.
func Parse(name string, raw []byte) ([]Value, diag.List) { return new(Reader).Parse(name, string(raw)) }

// Reader reads files one after the other in the same memory.
type Reader struct {
	all    tokens          // of the last file
	chunks [][]placedToken // that they stand in
}

// Parse is that of the package, of a text, which the Values share.
func (r *Reader) Parse(name, text string) ([]Value, diag.List) {
	text, problem := decode(name, text)
	if problem != nil {
		return nil, diag.List{*problem}
	}
	if problem = bounded(name, text); problem != nil {
		return nil, diag.List{*problem}
	}
	all, plain := r.plainTokens(text)
	if !plain {
		if all, problem = scan(name, text, nil); problem != nil {
			return nil, diag.List{*problem}
		}
	}
	t := tree{file: name, rest: all, anchors: map[string]anchor{}}
	return t.documents(), t.findings
}
