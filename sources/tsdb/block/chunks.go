package block

import (
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

const (
	chunksMagic = 0x85BD40DD
	maxChunk    = 16 << 20 // bytes; that of a few hundred samples is far shorter
)

// Read appends the samples of a chunk.
func (b *Block) Read(c Chunk, to *piece.Samples) error {
	f, err := b.segment(c.ref >> 32)
	if err != nil {
		return err
	}
	at := int64(c.ref & 0xffffffff)
	head, err := f.Upto(at, 10)
	if err != nil {
		return err
	}
	start := folder.Bytes{Rest: head}
	length := start.Uvarint()
	before := int64(len(head) - len(start.Rest))
	if start.Bad || length > maxChunk {
		return f.Damaged("has no chunk at byte %d, to which the index refers", at)
	}
	held, err := f.At(at+before, int(length)+5)
	if err != nil {
		return err
	}
	end := folder.Bytes{Rest: held[length+1:]}
	if folder.Sum(held[:length+1]) != end.Uint32() {
		return f.Damaged("has a chunk at byte %d of another checksum than it says", at)
	}
	if err := to.Unpack(chunk.Encoding(held[0]), held[1:length+1]); err != nil {
		return f.Damaged("has a chunk at byte %d that cannot be read: %v", at, err)
	}
	return nil
}

// segment opens a file of chunks, by its rank.
func (b *Block) segment(n uint64) (*folder.File, error) {
	if n >= uint64(len(b.segments)) {
		return nil, b.index.file.Damaged("refers to file %d of chunks, of which there are %d", n+1, len(b.segments))
	}
	if b.open[n] != nil {
		return b.open[n], nil
	}
	f, err := b.folder.Sub("chunks").Open(b.segments[n])
	if err != nil {
		return nil, b.gone(err)
	}
	b.open[n] = f
	head, err := f.At(0, 8)
	if err != nil {
		return nil, err
	}
	start := folder.Bytes{Rest: head}
	if start.Uint32() != chunksMagic {
		return nil, f.Damaged("does not begin as a file of chunks does")
	}
	if version := start.Byte(); version != 1 {
		return nil, f.Damaged("is a file of chunks of version %d, where 1 is known", version)
	}
	return f, nil
}
