// Package spec reads SLO files: YAML in, objectives with the position of every
// part out. It is strict: unknown keys, duplicate keys and wrong types are
// findings, all of them in one run. Load reads the SLO files and nothing else: what
// they name is read later, a secret by Block.Secret.
//
// A file may be of any Format: a foreign one is a package below this one that says it
// in the native format. The keys of that are named in one place, the tables of Key
// that Check reads and package schema prints. What tables cannot say is decided here:
//
//   - An SLO inherits from `defaults`, then from the service: a key whole, labels
//     joined. `tier` becomes a label.
//   - Several `objectives` of one SLO are several Objectives. Their names are the
//     SLO's joined by a dash with their own name; else with their window
//     ("latency-7d", "latency-month"); else, where windows are alike, with their
//     target ("latency-99.9%"); else with both.
//   - An ID (service, name, labels) stands once in all files.
//   - An exclusion is for the SLOs of its document, or for those of its file that
//     `only` names by service, by SLO or as "service/slo".
//   - Dates and local times are the file's `timezone`, those of a window the
//     window's. A local time that the clocks skip is refused, of one that comes
//     twice the first is meant.
//   - An SLO's own `alerts` replace the file's whole. A share of the budget becomes
//     a burn rate by the window of each of its objectives.
package spec

import (
	"fmt"
	"slices"
	"time"

	"github.com/nines-slo/nines/slo"
	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Set is everything that the files of one command say.
type Set struct {
	Files      []string // read, in order
	Skipped    []string // files of other tools, found in directories, in order
	Others     []string // documents of other tools that stand beside SLOs, in order
	Services   []Service
	Objectives []Objective
	Report     Report

	Destinations []Destination // by name
	Documents    []Document    // if they are to be kept: as they were read, in order

	texts       map[string]*text // of the files, for excerpts
	credentials []string         // keys that hold secrets
}

// Document is a document of the native format, or what another one says in it.
type Document struct {
	Format  string // that the file is of
	Native  Value
	Losses  diag.List // what the native format has no words for
	Nowhere bool      // its source has no address
}

// Comments returns the comments of a file.
func (s *Set) Comments(file string) []yaml.Comment {
	text, known := s.texts[file]
	if !known {
		return nil
	}
	return yaml.Comments([]byte(text.raw))
}

// Service is what a document says of the service itself.
type Service struct {
	Name        string
	Description string
	Owner       string
	Labels      map[string]string // with the tier
	Pos         diag.Pos          // of the name
}

// Report is the `report:` block.
type Report struct {
	Title    string
	Period   string         // as slo.ParseSpan reads it, "" for the last closed month
	Language string         // "en", "ja" or ""
	Link     string         // an address, "" if there is none
	Zone     *time.Location // of the report; nil if neither said nor common to the files
}

// Objective is an SLO together with where its counts come from.
type Objective struct {
	slo.SLO
	Parts     []Part     // one that gives both counts, or two that give one each
	Per       []string   // one SLO per value of these labels
	MaxSets   int        // more sets of their values than that are refused
	Calendars []Calendar // whose events are still to be read
	Freezes   []Calendar // the same, of Gate.Freezes
	Pos       diag.Pos   // of the SLO's name

	base  string // the name without what tells several objectives apart
	entry int    // of the document's slos

	standard []standard // policies whose conditions are those of the default table
}

// DefaultMaxSets is how many label sets an SLO may have that does not say.
const DefaultMaxSets = 1000

// Calendar is an iCalendar file that an exclusion of an objective, or a freeze of its
// gate, stands in.
type Calendar struct {
	Exclusion int            // index of the one whose Fixed is to be filled
	Path      string         // of the file
	Name      string         // as the SLO file writes the path
	Pos       diag.Pos       // of that
	Zone      *time.Location // of the file's times without a zone
}

// Count names the events that a Part counts.
type Count string

const (
	Both  Count = "both"
	Good  Count = "good"
	Bad   Count = "bad"
	Total Count = "total"
)

// Part is one question to one source.
type Part struct {
	Source *Source
	SLI    Block
	Count  Count
}

// Source is one entry of `sources:`.
type Source struct {
	Name  string
	Type  string
	Block Block
	Step  time.Duration // as SourceKind.Step says
	Files Value         // as SourceKind.Files says

	// Nowhere is set if nothing says where the source is: what it is asked can be checked,
	// but it cannot be asked.
	Nowhere bool
}

// ReadsStdin tells whether s reads standard input.
func (s *Source) ReadsStdin() bool { return slices.Contains(s.Files.Strings(), "-") }

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

	Per []string // labels that the SLO of an sli block is split by

	// Kept is where the check of an sli block keeps what it reads of it, for those who would
	// read it again. It is nil in blocks that are not checked, and in those made anew.
	Kept *Kept

	// Foreign is set in what another tool's file says: nothing there can be written in ways
	// that only the native format has.
	Foreign bool
}

// Kept is what a kind of source keeps of an sli block, in a form of its own; nil for nothing.
type Kept struct{ Read any }

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
