package head

import (
	"context"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

const (
	mappedMagic  = 0x0130BC91
	mappedHeader = 8       // of the file
	mappedHead   = 3*8 + 1 // series, first time, last time, encoding
	maxChunk     = 16 << 20
	lateFlag     = 0x80
)

// mapped is a chunk that the head has written to disk.
type mapped struct {
	piece.Interval
	late     bool // of samples that came out of order
	file     int  // rank
	at       int64
	length   int
	encoding chunk.Encoding
}

// mappedChunks hands over the chunks of a file of the head. The file that is written to
// ends with zeros, or where a chunk is half written: its samples are in the log still.
func mappedChunks(ctx context.Context, f *folder.File, growing bool, take func(ref uint64, m mapped)) error {
	if begun, err := mappedStart(f, growing); err != nil || !begun {
		return err
	}
	for at := int64(mappedHeader); at < f.Size; {
		if err := sources.Done(ctx); err != nil {
			return err
		}
		ref, m, end, err := mappedChunk(f, at)
		switch {
		case err != nil && growing && sources.ClassOf(err) == sources.Refused:
			return nil
		case err != nil:
			return err
		case ref == 0 && m.From == 0 && m.To == 0:
			return nil
		case end > f.Size && growing:
			return nil
		case end > f.Size:
			return f.Damaged("ends within the chunk at byte %d, and is not the newest of the head's", at)
		}
		take(ref, m)
		at = end
	}
	return nil
}

// mappedStart reads how a file of the head's chunks begins, false if a server has not
// written it yet.
func mappedStart(f *folder.File, growing bool) (bool, error) {
	if growing && f.Size < mappedHeader {
		return false, nil
	}
	start, err := f.At(0, mappedHeader)
	if err != nil {
		return false, err
	}
	b := folder.Bytes{Rest: start}
	magic, version := b.Uint32(), b.Byte()
	switch {
	case magic == 0 && version == 0 && growing:
		return false, nil
	case magic != mappedMagic:
		return false, f.Damaged("does not begin as a file of the head's chunks does")
	case version != 1:
		return false, f.Damaged("is a file of the head's chunks of version %d, where 1 is known", version)
	}
	return true, nil
}

// mappedChunk reads a chunk and returns whose it is, and where it ends: behind the end of
// the file if it is cut short.
func mappedChunk(f *folder.File, at int64) (uint64, mapped, int64, error) {
	head, err := f.Upto(at, mappedHead+5)
	if err != nil {
		return 0, mapped{}, 0, err
	}
	b := folder.Bytes{Rest: head}
	ref := b.Uint64()
	m := mapped{Interval: piece.Interval{From: int64(b.Uint64()), To: int64(b.Uint64())}}
	encoding := b.Byte()
	if !b.Bad && ref == 0 && m.From == 0 && m.To == 0 {
		return 0, m, 0, nil
	}
	length := b.Uvarint()
	switch {
	case b.Bad && f.Size-at < mappedHead+5:
		return 1, m, f.Size + 1, nil
	case b.Bad || length > maxChunk || m.To < m.From:
		return 0, m, 0, f.Damaged("has no chunk at byte %d", at)
	}
	before := int64(len(head) - len(b.Rest))
	m.late, m.encoding = encoding&lateFlag != 0, chunk.Encoding(encoding&^lateFlag)
	m.at, m.length = at+before, int(length)
	end := m.at + int64(length) + 4
	if end > f.Size {
		return ref, m, end, nil
	}
	held, err := f.At(at, int(end-at))
	if err != nil {
		return 0, m, 0, err
	}
	b = folder.Bytes{Rest: held[len(held)-4:]}
	if folder.Sum(held[:len(held)-4]) != b.Uint32() {
		return 0, m, 0, f.Damaged("has a chunk at byte %d of another checksum than it says", at)
	}
	return ref, m, end, nil
}
