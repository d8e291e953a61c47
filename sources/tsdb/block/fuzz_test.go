package block

import (
	"encoding/binary"
	"errors"
	"math"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

// FuzzBlock reads an index and chunks that are made of anything, with sums that are right:
// they are refused, or read.
func FuzzBlock(f *testing.F) {
	symbols := []byte("\x00\x00\x00\x03\x00\x08__name__\x01a")
	f.Add(symbols, []byte("\x01\x01\x02\x01\x02\x00\x08"), []byte("\x00\x00\x00\x01\x00\x00\x00\x02"),
		[]byte("\x00\x00\x00\x01\x02\x08__name__\x01a\x40"), []byte("\x0c\x01\x00\x01\x02\x3f\xf0\x00\x00\x00\x00\x00\x00"))
	f.Fuzz(func(t *testing.T, symbols, series, list, table, chunks []byte) {
		out := []byte{0xBA, 0xAA, 0xD7, 0x00, 2}
		section := func(body []byte) uint64 {
			at := len(out)
			out = append(binary.BigEndian.AppendUint32(out, uint32(len(body))), body...)
			out = binary.BigEndian.AppendUint32(out, folder.Sum(body))
			return uint64(at)
		}
		var toc []byte
		add := func(at uint64) { toc = binary.BigEndian.AppendUint64(toc, at) }
		add(section(symbols))
		for len(out)%16 != 0 {
			out = append(out, 0)
		}
		number := uint32(len(out) / 16)
		add(uint64(len(out)))
		out = append(binary.AppendUvarint(out, uint64(len(series))), series...)
		out = binary.BigEndian.AppendUint32(out, folder.Sum(series))
		add(0)
		add(0)
		add(section(list))
		add(section(table))
		out = binary.BigEndian.AppendUint32(append(out, toc...), folder.Sum(toc))
		held := append([]byte{0x85, 0xBD, 0x40, 0xDD, 1, 0, 0, 0}, chunks...)
		if len(chunks) > 1 {
			held = binary.BigEndian.AppendUint32(held, folder.Sum(chunks[1:]))
		}
		index := folder.Held("index", out)
		b := &Block{segments: []string{"000001"}, open: []*folder.File{folder.Held("000001", held)}}
		b.index.file, b.index.aside = index, index.Aside(2<<10)
		if err := readAll(t, b, number); err != nil && !errors.As(err, &diag.List{}) {
			t.Errorf("error %v, which names no file", err)
		}
	})
}

// FuzzTombstones reads entries that are made of anything, with a sum that is right.
func FuzzTombstones(f *testing.F) {
	f.Add([]byte("\x05\x0d\x80\x80\x01"))
	f.Add([]byte("\x05\x01\x02\x05\x03\x04\xff\xff\xff\xff\x0f\x00\x00"))
	f.Add([]byte("\x05\x01"))
	f.Fuzz(func(t *testing.T, entries []byte) {
		text := append([]byte{0x01, 0x30, 0xBA, 0x30, 1}, entries...)
		gone, err := tombstones("tombstones", binary.BigEndian.AppendUint32(text, folder.Sum(entries)))
		if err != nil && (gone != nil || !errors.As(err, &diag.List{})) {
			t.Errorf("%v, error %v, which names no file", gone, err)
		}
		n := 0
		for series, some := range gone {
			if n += len(some); series > math.MaxUint32 {
				t.Errorf("series %d", series)
			}
		}
		if n > len(entries)/3 {
			t.Errorf("%d entries in %d bytes", n, len(entries))
		}
		if _, err := tombstones("tombstones", text); err == nil && len(entries) != 4 {
			t.Error("a file without its sum is read")
		}
	})
}

// FuzzMeta reads what a block says of itself: what is read has a stretch of time.
func FuzzMeta(f *testing.F) {
	f.Add([]byte(`{"ulid":"01","minTime":1,"maxTime":7200000,"version":1,"compaction":{"level":1,"hints":["from-out-of-order"]}}`))
	f.Add([]byte(`{"minTime":1,"maxTime":2,"version":1,"compaction":{"deletable":true,"parents":[{"ulid":"01"}]}}`))
	f.Add([]byte(`{"minTime":9,"maxTime":2,"version":2}`))
	f.Fuzz(func(t *testing.T, text []byte) {
		m, err := metaOf("meta.json", text)
		switch {
		case err != nil && !errors.As(err, &diag.List{}):
			t.Errorf("error %v, which names no file", err)
		case err == nil && (m.End <= m.Min || m.Version != 1):
			t.Errorf("%+v", m)
		}
		m.InOrder()
	})
}

// readAll reads all of a block, and a series of it that the lists may not have.
func readAll(t *testing.T, b *Block, number uint32) error {
	if err := b.index.read(t.Context()); err != nil {
		return err
	}
	like, err := sample.NewMatcher(sample.MetricName, sample.Like, ".+")
	if err != nil {
		t.Fatal(err)
	}
	equal, err := sample.NewMatcher(sample.MetricName, sample.Equal, "a")
	if err != nil {
		t.Fatal(err)
	}
	found, err := b.Find(t.Context(), []sample.Selector{{like}, {equal}, {}})
	if err != nil {
		return err
	}
	if err := b.Names(t.Context(), math.MinInt64, math.MaxInt64, func(string) {}); err != nil {
		return err
	}
	for _, list := range append(found, []uint32{number}) {
		for _, series := range list {
			_, chunks, err := b.Series(series, nil)
			if err != nil {
				return err
			}
			for _, c := range chunks {
				if err := b.Read(c, &piece.Samples{}); err != nil {
					return err
				}
			}
		}
	}
	return nil
}
