// Package tsdbtest writes data folders as Prometheus does, for tests of who reads them.
package tsdbtest

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"hash/crc32"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/chunk"
	"github.com/nines-slo/nines/sources/sample/chunk/chunktest"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// Block is a block to be written.
type Block struct {
	ULID    string
	Version byte // of the index, 2 if 0
	Series  []sampletest.Series
	Chunk   int                   // samples in a chunk, 120 if 0
	Deleted map[string][][2]int64 // times that were deleted, by the series' labels as text
	Hints   []string
	Parents []string
}

// Write writes the block into a data folder.
func (b Block) Write(t testing.TB, dir string) {
	t.Helper()
	for name, text := range b.Files() {
		write(t, filepath.Join(dir, name), text)
	}
}

// Files returns the files of the block, by their names in a data folder.
func (b Block) Files() map[string][]byte {
	w := &writer{block: b, at: map[string]uint64{}}
	if w.version = b.Version; w.version == 0 {
		w.version = 2
	}
	index := w.index()
	return map[string][]byte{b.ULID + "/meta.json": w.meta(), b.ULID + "/index": index,
		b.ULID + "/chunks/000001": w.chunks, b.ULID + "/tombstones": w.tombstones()}
}

func write(t testing.TB, path string, text []byte) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text, 0o644); err != nil {
		t.Fatal(err)
	}
}

// writer writes one block.
type writer struct {
	block    Block
	version  byte
	min, max int64
	chunks   []byte
	out      []byte            // the index
	symbols  []string          // sorted
	at       map[string]uint64 // what series say for a text
	ids      []uint32          // of the series
}

func sum(b []byte) uint32 { return crc32.Checksum(b, crc32.MakeTable(crc32.Castagnoli)) }

func (w *writer) meta() []byte {
	type parent struct {
		ULID string `json:"ulid"`
	}
	var parents []parent
	for _, p := range w.block.Parents {
		parents = append(parents, parent{p})
	}
	text, err := json.Marshal(map[string]any{"ulid": w.block.ULID, "minTime": w.min, "maxTime": w.max + 1, "version": 1,
		"compaction": map[string]any{"level": 1, "hints": w.block.Hints, "parents": parents}})
	if err != nil {
		panic(err)
	}
	return text
}

// section appends a part with its length before it and its sum behind it.
func (w *writer) section(body []byte) uint64 {
	for len(w.out)%4 != 0 {
		w.out = append(w.out, 0)
	}
	at := uint64(len(w.out))
	w.out = binary.BigEndian.AppendUint32(w.out, uint32(len(body)))
	w.out = append(w.out, body...)
	w.out = binary.BigEndian.AppendUint32(w.out, sum(body))
	return at
}

func (w *writer) index() []byte {
	w.chunks = []byte{0x85, 0xBD, 0x40, 0xDD, 1, 0, 0, 0}
	w.out = []byte{0xBA, 0xAA, 0xD7, 0x00, w.version}
	slices.SortFunc(w.block.Series, func(a, b sampletest.Series) int {
		return slices.CompareFunc(a.Labels, b.Labels, func(a, b sample.Label) int {
			if n := strings.Compare(a.Name, b.Name); n != 0 {
				return n
			}
			return strings.Compare(a.Value, b.Value)
		})
	})
	toc := [6]uint64{0: w.writeSymbols()}
	toc[1] = uint64(len(w.out))
	w.min, w.max = 1<<62, -1<<62
	for _, s := range w.block.Series {
		w.writeSeries(s)
	}
	toc[4], toc[5] = w.writePostings()
	body := []byte{}
	for _, at := range toc {
		body = binary.BigEndian.AppendUint64(body, at)
	}
	return binary.BigEndian.AppendUint32(append(w.out, body...), sum(body))
}

func (w *writer) writeSymbols() uint64 {
	known := map[string]bool{"": true}
	for _, s := range w.block.Series {
		for _, l := range s.Labels {
			known[l.Name], known[l.Value] = true, true
		}
	}
	for text := range known {
		w.symbols = append(w.symbols, text)
	}
	slices.Sort(w.symbols)
	body := binary.BigEndian.AppendUint32(nil, uint32(len(w.symbols)))
	for i, text := range w.symbols {
		w.at[text] = uint64(i)
		if w.version == 1 {
			w.at[text] = uint64(8+4) + uint64(len(body)) // the section begins at 8
		}
		body = binary.AppendUvarint(body, uint64(len(text)))
		body = append(body, text...)
	}
	return w.section(body)
}

func (w *writer) writeSeries(s sampletest.Series) {
	body := binary.AppendUvarint(nil, uint64(len(s.Labels)))
	for _, l := range s.Labels {
		body = binary.AppendUvarint(body, w.at[l.Name])
		body = binary.AppendUvarint(body, w.at[l.Value])
	}
	type placed struct{ from, to, ref int64 }
	var all []placed
	for _, c := range Chunks(s, w.block.Chunk) {
		from, to := c.Times[0], c.Times[len(c.Times)-1]
		w.min, w.max = min(w.min, from), max(w.max, to)
		all = append(all, placed{from, to, int64(len(w.chunks))})
		encoding, data := pack(c)
		held := append([]byte{byte(encoding)}, data...)
		w.chunks = binary.AppendUvarint(w.chunks, uint64(len(data)))
		w.chunks = append(w.chunks, held...)
		w.chunks = binary.BigEndian.AppendUint32(w.chunks, sum(held))
	}
	body = binary.AppendUvarint(body, uint64(len(all)))
	for i, c := range all {
		if i == 0 {
			body = binary.AppendVarint(body, c.from)
			body = binary.AppendUvarint(body, uint64(c.to-c.from))
			body = binary.AppendUvarint(body, uint64(c.ref))
			continue
		}
		body = binary.AppendUvarint(body, uint64(c.from-all[i-1].to))
		body = binary.AppendUvarint(body, uint64(c.to-c.from))
		body = binary.AppendVarint(body, c.ref-all[i-1].ref)
	}
	align := 1
	if w.version > 1 {
		align = 16
	}
	for len(w.out)%align != 0 {
		w.out = append(w.out, 0)
	}
	w.ids = append(w.ids, uint32(len(w.out)/align))
	w.out = binary.AppendUvarint(w.out, uint64(len(body)))
	w.out = append(w.out, body...)
	w.out = binary.BigEndian.AppendUint32(w.out, sum(body))
}

func (w *writer) writePostings() (start, table uint64) {
	lists := map[sample.Label][]uint32{{}: slices.Clone(w.ids)}
	for i, s := range w.block.Series {
		for _, l := range s.Labels {
			lists[l] = append(lists[l], w.ids[i])
		}
	}
	var labels []sample.Label
	for l := range lists {
		labels = append(labels, l)
	}
	slices.SortFunc(labels, func(a, b sample.Label) int { return strings.Compare(a.Name+"\x00"+a.Value, b.Name+"\x00"+b.Value) })
	start = uint64(len(w.out))
	entries := binary.BigEndian.AppendUint32(nil, uint32(len(labels)))
	for _, l := range labels {
		body := binary.BigEndian.AppendUint32(nil, uint32(len(lists[l])))
		for _, id := range lists[l] {
			body = binary.BigEndian.AppendUint32(body, id)
		}
		entries = append(entries, 2)
		for _, text := range []string{l.Name, l.Value} {
			entries = binary.AppendUvarint(entries, uint64(len(text)))
			entries = append(entries, text...)
		}
		entries = binary.AppendUvarint(entries, w.section(body))
	}
	return start, w.section(entries)
}

func (w *writer) tombstones() []byte {
	var body []byte
	for i, s := range w.block.Series {
		for _, gone := range w.block.Deleted[s.Labels.String()] {
			body = binary.AppendUvarint(body, uint64(w.ids[i]))
			body = binary.AppendVarint(body, gone[0])
			body = binary.AppendVarint(body, gone[1])
		}
	}
	out := append([]byte{0x01, 0x30, 0xBA, 0x30, 1}, body...)
	return binary.BigEndian.AppendUint32(out, sum(body))
}

// Chunks cuts a series into pieces of n samples.
func Chunks(s sampletest.Series, n int) []sampletest.Series {
	if n == 0 {
		n = 120
	}
	var all []sampletest.Series
	for i := 0; i < len(s.Times); i += n {
		end := min(i+n, len(s.Times))
		c := sampletest.Series{Labels: s.Labels, Times: s.Times[i:end]}
		if len(s.Values) > 0 {
			c.Values = s.Values[i:end]
		} else {
			c.Histograms = s.Histograms[i:end]
		}
		all = append(all, c)
	}
	return all
}

func pack(s sampletest.Series) (chunk.Encoding, []byte) {
	if len(s.Histograms) > 0 {
		return chunk.FloatHistogram, chunktest.Histograms(chunk.FloatHistogram, s.Times, s.Histograms, nil)
	}
	return chunk.XOR, chunktest.Floats(chunk.XOR, s.Times, s.Values, nil)
}

// ULID makes the name of the n-th block.
func ULID(n int) string { return fmt.Sprintf("01%024d", n) }
