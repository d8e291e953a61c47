// Package block reads the blocks of a Prometheus data folder: meta.json, index (versions 1
// to 3), chunk segments and tombstones, as the documentation of their formats has them.
//
// The labels of series are looked up by the places of their texts in the index. In
// memory are: one place for 32 texts, a cache of texts with a bound, four bytes for each
// series that a question may be about, and what is known of one series.
package block

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"

	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

// Meta is what meta.json says of a block.
type Meta struct {
	ULID       string `json:"ulid"`
	Min        int64  `json:"minTime"`
	End        int64  `json:"maxTime"` // after its newest sample
	Version    int    `json:"version"`
	Compaction struct {
		Deletable bool     `json:"deletable"`
		Hints     []string `json:"hints"`
		Parents   []struct {
			ULID string `json:"ulid"`
		} `json:"parents"`
	} `json:"compaction"`
}

// InOrder tells whether all that the head held up to the block's end went into blocks
// when it was made: blocks of late samples, or of some series alone, say that they
// are such.
func (m Meta) InOrder() bool {
	return !slices.ContainsFunc(m.Compaction.Hints, func(hint string) bool {
		return slices.Contains([]string{"from-out-of-order", "from-stale-series", "from-selected-series"}, hint)
	})
}

const (
	metaName  = "meta.json"
	metaLimit = 64 << 20 // after many compactions it lists many blocks
)

// ReadMeta returns what a block's folder says of itself. ErrNotExist is in the error if
// it is the folder of no block.
func ReadMeta(f folder.Folder) (Meta, error) {
	text, err := f.Read(metaName, metaLimit)
	if err != nil {
		return Meta{}, err
	}
	return metaOf(f.Name(metaName), text)
}

// metaOf reads the text of a file whose name is shown.
func metaOf(name string, text []byte) (Meta, error) {
	var m Meta
	switch err := json.Unmarshal(text, &m); {
	case err != nil:
		return m, folder.Damaged(name, "is no JSON that describes a block: "+err.Error())
	case m.Version != 1:
		return m, folder.Damaged(name, fmt.Sprintf("is of version %d, where 1 is known", m.Version))
	case m.End <= m.Min:
		return m, folder.Damaged(name, fmt.Sprintf("says that the block ends at %d, and begins at %d", m.End, m.Min))
	}
	return m, nil
}

// Block is an open block. It is not for several goroutines.
type Block struct {
	Meta Meta

	folder   folder.Folder
	index    index
	segments []string       // names of the files of chunks
	open     []*folder.File // of them, those that were needed
	deleted  map[uint64][]piece.Interval
}

// Open opens the block of a folder.
func Open(ctx context.Context, f folder.Folder, m Meta) (*Block, error) {
	b := &Block{Meta: m, folder: f}
	if err := b.read(ctx); err != nil {
		b.Close()
		return nil, err
	}
	return b, nil
}

func (b *Block) read(ctx context.Context) error {
	file, err := b.folder.Open("index")
	if err != nil {
		return b.gone(err)
	}
	b.index.file, b.index.aside = file, file.Aside(2<<10)
	if err := b.index.read(ctx); err != nil {
		return err
	}
	if b.segments, err = b.folder.Sub("chunks").List(); err != nil {
		return err
	}
	b.segments = slices.DeleteFunc(b.segments, func(name string) bool { return !isNumber(name) })
	slices.Sort(b.segments)
	b.open = make([]*folder.File, len(b.segments))
	b.deleted, err = readTombstones(b.folder)
	return err
}

// isNumber tells whether a name is one of a numbered file.
func isNumber(name string) bool {
	for _, c := range []byte(name) {
		if c < '0' || c > '9' {
			return false
		}
	}
	return name != ""
}

// gone says that a file of the block is missing: by itself, or with the block.
func (b *Block) gone(err error) error {
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, there := b.folder.Read(metaName, metaLimit); there != nil {
		return folder.Changed(b.folder.Name(""))
	}
	return folder.Damaged(b.folder.Name(metaName), "describes a block that lacks a file: "+err.Error())
}

// Deleted returns the times of a series that were deleted.
func (b *Block) Deleted(series uint32) []piece.Interval { return b.deleted[uint64(series)] }

// Close closes the files of the block.
func (b *Block) Close() error {
	var errs []error
	for _, f := range append(b.open, b.index.file) {
		if f != nil {
			errs = append(errs, f.Close())
		}
	}
	return errors.Join(errs...)
}
