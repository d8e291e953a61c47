// Package fold counts events into the buckets of requests as they are read.
package fold

import (
	"time"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/match"
)

// Folder counts the events of one source for all its requests. It is not safe
// for concurrent use; readers that work in parallel use one each and Merge.
type Folder struct{}

// New compiles the where, good and bad conditions and the per labels of reqs.
// duration is the field that percentiles are made of, or nil.
func New(reqs []sources.Request, resolve func(name string) (match.Field, bool), known []string, duration *match.Field) (*Folder, diag.List) {
	panic("being written")
}

// Add counts one event that happened at t (Unix seconds), for every request it matters to.
func (f *Folder) Add(t int64, values [][]byte) { panic("being written") }

// Merge adds what other counted, which New made of the same requests.
func (f *Folder) Merge(other *Folder) { panic("being written") }

// Emit answers every request. Minutes from the first event to the last that the
// source saw, matching or not, were measured: without a match they are no
// traffic. All others were not measured.
func (f *Folder) Emit(first, last time.Time, notes []diag.Finding, inputs []sources.Input, emit func(sources.Answer)) {
	panic("being written")
}
