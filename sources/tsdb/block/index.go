package block

import (
	"context"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/tsdb/folder"
)

const (
	indexMagic  = 0xBAAAD700
	tocLength   = 6*8 + 4
	symbolsStep = 32      // one text of so many has a place in memory
	maxCached   = 1 << 16 // texts
	maxText     = 1 << 20 // bytes of a text; labels are far shorter
)

// index is the index of a block.
type index struct {
	file    *folder.File
	aside   *folder.File // the same, for texts
	version byte
	symbols section
	table   section // where postings stand, by label
	places  []int64 // in the file, of each 32nd text
	count   uint32  // of texts
	texts   map[uint32]string
	pairs   []uint32 // of the series that was read last
}

// section is a part of a file between its length and its checksum.
type section struct{ start, end int64 }

// read reads what stands where.
func (x *index) read(ctx context.Context) error {
	head, err := x.file.At(0, 5)
	if err != nil {
		return err
	}
	b := folder.Bytes{Rest: head}
	if magic := b.Uint32(); magic != indexMagic {
		return x.file.Damaged("does not begin as an index does")
	}
	if x.version = b.Byte(); x.version < 1 || x.version > 3 {
		return x.file.Damaged("is an index of version %d, where 1 to 3 are known", x.version)
	}
	toc, err := x.file.At(x.file.Size-tocLength, tocLength)
	if err != nil {
		return err
	}
	b = folder.Bytes{Rest: toc}
	symbols, _, _, _, _, table := b.Uint64(), b.Uint64(), b.Uint64(), b.Uint64(), b.Uint64(), b.Uint64()
	if folder.Sum(toc[:tocLength-4]) != b.Uint32() {
		return x.file.Damaged("has a table of contents of another checksum: it is cut short, or damaged")
	}
	if x.symbols, err = x.section(ctx, symbols); err != nil {
		return err
	}
	if x.table, err = x.section(ctx, table); err != nil {
		return err
	}
	return x.readSymbols(ctx)
}

// section returns the part of the index at a place of it, after it compared the
// checksum. There is none at 0.
func (x *index) section(ctx context.Context, at uint64) (section, error) {
	if at == 0 {
		return section{}, nil
	}
	if at > uint64(x.file.Size) {
		return section{}, x.file.Damaged("refers to byte %d, behind its end", at)
	}
	head, err := x.file.At(int64(at), 4)
	if err != nil {
		return section{}, err
	}
	b := folder.Bytes{Rest: head}
	s := section{start: int64(at) + 4}
	s.end = s.start + int64(b.Uint32())
	var sum uint32
	for off := s.start; off < s.end; {
		if err := sources.Done(ctx); err != nil {
			return s, err
		}
		held, err := x.file.At(off, int(min(stride, s.end-off)))
		if err != nil {
			return s, err
		}
		sum = folder.Add(sum, held)
		off += int64(len(held))
	}
	want, err := x.file.At(s.end, 4)
	if err != nil {
		return s, err
	}
	if b := (folder.Bytes{Rest: want}); b.Uint32() != sum {
		return s, x.file.Damaged("has another checksum than it says at byte %d", s.end)
	}
	return s, nil
}

// stride is how much of a section is looked at in one go.
const stride = 64 << 10

// walk reads the entries of a section one after the other. An entry is no longer than room.
func (x *index) walk(ctx context.Context, s section, room int64, take func(b *folder.Bytes, at int64) error) error {
	for off := s.start; off < s.end; {
		if err := sources.Done(ctx); err != nil {
			return err
		}
		length := min(max(stride, room), s.end-off)
		held, err := x.file.At(off, int(length))
		if err != nil {
			return err
		}
		read, err := whole(held, off, take)
		if err != nil {
			return err
		}
		if last := off+length == s.end; read < length && (last || read == 0) {
			return x.file.Damaged("has an entry at byte %d that does not end in its section", off+read)
		}
		off += read
	}
	return nil
}

// whole reads the entries that end in a piece of a section, and returns how many bytes they
// are. What is left goes on behind the piece, or ends nowhere.
func whole(held []byte, start int64, take func(b *folder.Bytes, at int64) error) (int64, error) {
	b := folder.Bytes{Rest: held}
	for len(b.Rest) > 0 {
		read := int64(len(held) - len(b.Rest))
		if err := take(&b, start+read); err != nil || b.Bad {
			return read, err
		}
	}
	return int64(len(held)), nil
}

// readSymbols notes where each 32nd text stands.
func (x *index) readSymbols(ctx context.Context) error {
	x.texts = map[uint32]string{}
	if x.symbols == (section{}) {
		return nil
	}
	head, err := x.file.At(x.symbols.start, 4)
	if err != nil {
		return err
	}
	b := folder.Bytes{Rest: head}
	x.count = b.Uint32()
	var seen uint32
	entries := section{x.symbols.start + 4, x.symbols.end}
	err = x.walk(ctx, entries, maxText, func(b *folder.Bytes, at int64) error {
		if b.Text(); b.Bad {
			return nil
		}
		if seen%symbolsStep == 0 {
			x.places = append(x.places, at)
		}
		seen++
		return nil
	})
	if err == nil && seen != x.count {
		err = x.file.Damaged("has %d texts, and says that there are %d", seen, x.count)
	}
	return err
}

// text returns the text of a number: the place of it in version 1, its rank in later ones.
func (x *index) text(ref uint32) (string, error) {
	if text, ok := x.texts[ref]; ok {
		return text, nil
	}
	at, skip := int64(ref), uint32(0)
	if x.version > 1 {
		if ref >= x.count {
			return "", x.file.Damaged("refers to text %d of %d", ref, x.count)
		}
		at, skip = x.places[ref/symbolsStep], ref%symbolsStep
	}
	if at < x.symbols.start+4 || at >= x.symbols.end {
		return "", x.file.Damaged("refers to a text at byte %d, where no texts are", at)
	}
	text, err := x.textAt(at, skip)
	if err != nil {
		return "", err
	}
	if len(x.texts) >= maxCached {
		clear(x.texts)
	}
	x.texts[ref] = text
	return text, nil
}

// textAt returns the text that is skip texts behind a place.
func (x *index) textAt(at int64, skip uint32) (string, error) {
	for room := int64(2 << 10); ; room *= 16 {
		length := min(room, x.symbols.end-at)
		held, err := x.aside.At(at, int(length))
		if err != nil {
			return "", err
		}
		b := folder.Bytes{Rest: held}
		for range skip {
			b.Text()
		}
		if text := b.Text(); !b.Bad {
			return string(text), nil
		}
		if length == x.symbols.end-at || room > symbolsStep*maxText {
			return "", x.file.Damaged("has a text at byte %d that does not end", at)
		}
	}
}

// Chunk is where samples of a series stand.
type Chunk struct {
	Min, Max int64 // times of the first and the last
	ref      uint64
}

// Series returns the labels of a series, and its chunks by order of time in the place of
// chunks.
func (b *Block) Series(series uint32, chunks []Chunk) (sample.Labels, []Chunk, error) {
	x := &b.index
	pairs, chunks, err := x.series(series, chunks)
	if err != nil {
		return nil, nil, err
	}
	labels := make(sample.Labels, 0, len(pairs)/2)
	for i := 0; i < len(pairs); i += 2 {
		name, err := x.text(pairs[i])
		if err != nil {
			return nil, nil, err
		}
		value, err := x.text(pairs[i+1])
		if err != nil {
			return nil, nil, err
		}
		if value != "" {
			labels = append(labels, sample.Label{Name: name, Value: value})
		}
	}
	return labels, chunks, nil
}

// series returns which texts are the labels of a series, and its chunks.
func (x *index) series(series uint32, chunks []Chunk) ([]uint32, []Chunk, error) {
	at := int64(series)
	if x.version > 1 {
		at *= 16
	}
	entry, err := x.entry(at)
	if err != nil {
		return nil, nil, err
	}
	b := folder.Bytes{Rest: entry}
	x.pairs = x.pairs[:0]
	for range b.Count(2) {
		x.pairs = append(x.pairs, uint32(b.Uvarint()), uint32(b.Uvarint()))
	}
	chunks = appendChunks(&b, chunks[:0])
	if b.Bad || len(b.Rest) > 0 {
		return nil, nil, x.file.Damaged("has a series at byte %d that cannot be read", at)
	}
	return x.pairs, chunks, nil
}

// entry returns the entry of a series, which begins with its length.
func (x *index) entry(at int64) ([]byte, error) {
	head, err := x.file.Upto(at, 10)
	if err != nil {
		return nil, err
	}
	b := folder.Bytes{Rest: head}
	length := b.Uvarint()
	before := int64(len(head) - len(b.Rest))
	if b.Bad || length > uint64(x.file.Size) {
		return nil, x.file.Damaged("has no series at byte %d", at)
	}
	entry, err := x.file.At(at+before, int(length)+4)
	if err != nil {
		return nil, err
	}
	end := folder.Bytes{Rest: entry[length:]}
	if folder.Sum(entry[:length]) != end.Uint32() {
		return nil, x.file.Damaged("has a series at byte %d of another checksum than it says", at)
	}
	return entry[:length], nil
}

// appendChunks reads where the chunks of a series stand: the first whole, of the others
// how far they are from the one before.
func appendChunks(b *folder.Bytes, chunks []Chunk) []Chunk {
	var c Chunk
	for i := range b.Count(3) {
		if i == 0 {
			c.Min = b.Varint()
		} else {
			c.Min = c.Max + int64(b.Uvarint())
		}
		c.Max = c.Min + int64(b.Uvarint())
		if i == 0 {
			c.ref = b.Uvarint()
		} else {
			c.ref += uint64(b.Varint())
		}
		b.Bad = b.Bad || c.Max < c.Min
		chunks = append(chunks, c)
	}
	return chunks
}
