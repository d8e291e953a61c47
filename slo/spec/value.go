package spec

import (
	"fmt"
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Value, Field and Kind are the tree that package yaml makes of a file, under the
// names by which sources and formats know it.
type (
	Value = yaml.Value
	Field = yaml.Field
	Kind  = yaml.Kind
)

// The kinds of a Value.
const (
	Missing = yaml.Missing
	Null    = yaml.Null
	Scalar  = yaml.Scalar
	List    = yaml.List
	Map     = yaml.Map
)

// Block is a map of a file together with what its texts depend on.
type Block struct {
	Value
	Dir  string         // of the file; paths are relative to it
	Zone *time.Location // the file's time zone, never nil

	// Count is the one count that an sli block stands for where good and total
	// come from two sources, and Both or "" in any other block.
	Count Count
}

// ParseBlock reads one map of YAML text, as it would stand in the file name.
// It is for sources' own tests; files are read by Load.
func ParseBlock(name, text, dir string) (Block, error) {
	docs, findings := yaml.Parse(name, []byte(text))
	if len(findings) > 0 {
		return Block{}, findings
	}
	if len(docs) != 1 || docs[0].Kind != Map {
		return Block{}, fmt.Errorf("%s: want one map", name)
	}
	return Block{Value: docs[0], Dir: dir, Zone: time.UTC}, nil
}

// Type is what a key's value must be.
type Type int

const (
	Text      Type = iota // a non-empty scalar
	Integer               // digits with an optional sign
	Decimal               // a plain decimal number
	Boolean               // true or false
	Length                // a duration with a unit, slo.ParseDuration
	Share                 // a percentage or ratio, slo.ParseTarget
	Instant               // RFC 3339 with an offset
	Day                   // 2026-10-31
	TimeZone              // IANA name
	Texts                 // a scalar or a list of scalars
	TextMap               // a map of scalars
	Object                // a map with Keys
	Objects               // a list of maps with Keys
	Condition             // a map of field → test, see package sources/match
	Any                   // checked by whoever reads it
	Name                  // printable text of at most 200 characters
	Fraction              // a percentage or ratio from 0 to 100 %
	Moment                // a date, a local date and time, or RFC 3339
	Span                  // a duration, or a calendar unit
	Under                 // a share and what falls short of it, "< 25%"
	Above                 // a number and what passes it, "> 10"
	Interval              // 2026-10, 2026-Q3, 2026, 2026-W46 or last-7d
	Deadline              // a duration, or "end"

	Address    // an http or https URL, see type URL
	Credential // a secret: files write NAME_env or NAME_file, see type Secret
	variable   // the name of an environment variable
)

// Key describes one key of a map: Check holds a map against a list of Keys,
// Schema prints them. It is the one place where a key is named.
type Key struct {
	Name     string
	Type     Type
	Doc      string // one line for editors
	Required bool
	Enum     []string // allowed texts; empty: any
	Example  string   // a value as a file would write it, for hints; empty: one of the type's
	Keys     []Key    // of Object and Objects
	Short    *Key     // of Object: what a scalar in the map's place must be; nil: none may stand there
	Empty    bool     // of Objects: an empty list says something
	Means    string   // this is no key: other tools call the key so that has this name here
}

// SourceKind is what the spec needs to know of a kind of source to check files
// without opening it.
type SourceKind struct {
	Name string // the source's `type:`
	Doc  string
	Keys []Key // of the source's block, beside `type`
	SLI  []Key // of the sli block, beside `source`

	// Check finds what Keys cannot express in a source's block and in an sli
	// block of it. Both were held against Keys and SLI before. It reads no file
	// and opens no connection. sli is missing when the block alone is checked.
	Check func(source, sli Block) diag.List

	// Step returns the length of the buckets that the source has, 0 if it counts as
	// finely as it is asked to. Nil stands for 0. Like Files it may be asked about a
	// block that is wrong, and then says what it can.
	Step func(source Block) time.Duration

	// Files returns the names or patterns of the files that the source reads: a text
	// or a list of texts, relative to source.Dir, where "-" is standard input. It is
	// missing, or Files nil, if the source reads none.
	Files func(source Block) Value
}
