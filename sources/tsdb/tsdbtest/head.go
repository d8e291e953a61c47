package tsdbtest

import (
	"bytes"
	"encoding/binary"
	"maps"
	"math"
	"path/filepath"
	"slices"
	"testing"

	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
)

// Log is a file of a log: records in pages.
type Log struct {
	Flag byte                // of packed records: Snappy or Zstd
	Pack func([]byte) []byte // nil for records as they are

	out []byte
}

// Ways to pack records.
const (
	Snappy byte = 0b01000
	Zstd   byte = 0b10000
)

const page = 32 << 10

// Add adds a record.
func (l *Log) Add(record []byte) {
	if l.Pack != nil {
		record = l.Pack(record)
	}
	for begun := false; !begun || len(record) > 0; {
		left := page - len(l.out)%page
		if left < 8 {
			l.out = append(l.out, bytes.Repeat([]byte{0}, left)...)
			continue
		}
		part := record[:min(len(record), left-7)]
		record = record[len(part):]
		kind := map[[2]bool]byte{{true, true}: 1, {true, false}: 2, {false, false}: 3, {false, true}: 4}[[2]bool{!begun, len(record) == 0}]
		begun = true
		l.out = append(l.out, kind|l.Flag)
		l.out = binary.BigEndian.AppendUint16(l.out, uint16(len(part)))
		l.out = binary.BigEndian.AppendUint32(l.out, sum(part))
		l.out = append(l.out, part...)
	}
}

// Refs returns the numbers that series are given in a log.
func Refs(all []sampletest.Series) map[string]uint64 {
	refs := map[string]uint64{}
	for i, s := range all {
		refs[s.Labels.String()] = uint64(i + 1)
	}
	return refs
}

// Series adds a record of series.
func (l *Log) Series(all []sampletest.Series) {
	var labels []sample.Labels
	for _, s := range all {
		labels = append(labels, s.Labels)
	}
	l.Add(SeriesRecord(1, labels...))
}

// Scrapes adds records of the samples of part, which are of some of the series all: by
// time, in types of records that hold floats and histograms.
func (l *Log) Scrapes(all, part []sampletest.Series, floats, hists byte) {
	refs := Refs(all)
	byTime := map[int64][]One{}
	for _, s := range part {
		for i, t := range s.Times {
			one := One{Ref: refs[s.Labels.String()], Time: t, Start: int64(i%3) * 1000}
			if s.Histograms != nil {
				one.Hist = &s.Histograms[i]
			} else {
				one.Value = s.Values[i]
			}
			byTime[t] = append(byTime[t], one)
		}
	}
	for _, t := range slices.Sorted(maps.Keys(byTime)) {
		of := map[byte][]One{}
		for _, one := range byTime[t] {
			kind := floats
			if one.Hist != nil {
				kind = hists
			}
			of[kind] = append(of[kind], one)
		}
		for _, kind := range []byte{floats, hists} {
			if len(of[kind]) > 0 {
				l.Add(Record(kind, of[kind]...))
			}
		}
	}
}

// Bytes returns the file.
func (l *Log) Bytes() []byte { return l.out }

// Write writes the file.
func (l *Log) Write(t testing.TB, path string) {
	t.Helper()
	write(t, path, l.out)
}

// SeriesRecord is a record of series, with their numbers from ref on.
func SeriesRecord(ref uint64, all ...sample.Labels) []byte {
	b := []byte{1}
	for i, labels := range all {
		b = binary.BigEndian.AppendUint64(b, ref+uint64(i))
		b = binary.AppendUvarint(b, uint64(len(labels)))
		for _, l := range labels {
			for _, text := range []string{l.Name, l.Value} {
				b = binary.AppendUvarint(b, uint64(len(text)))
				b = append(b, text...)
			}
		}
	}
	return b
}

// One is a sample of a series: a float, or a histogram.
type One struct {
	Ref   uint64
	Time  int64
	Value float64
	Hist  *sample.Histogram
	Start int64 // in records that say it
}

// Types of records.
const (
	Samples      byte = 2
	Histograms   byte = 7
	Floats       byte = 8
	SamplesV2    byte = 11
	HistogramsV2 byte = 12
	FloatsV2     byte = 13
)

// Record is a record of samples.
func Record(kind byte, all ...One) []byte {
	b := []byte{kind}
	starts := kind >= SamplesV2
	if !starts {
		b = binary.BigEndian.AppendUint64(b, all[0].Ref)
		b = binary.BigEndian.AppendUint64(b, uint64(all[0].Time))
	}
	for i, s := range all {
		switch {
		case !starts:
			b = binary.AppendVarint(b, int64(s.Ref-all[0].Ref))
			b = binary.AppendVarint(b, s.Time-all[0].Time)
		case i == 0:
			b = binary.AppendVarint(b, int64(s.Ref))
			b = binary.AppendVarint(b, s.Time)
			b = binary.AppendVarint(b, s.Start)
		default:
			b = binary.AppendVarint(b, int64(s.Ref-all[i-1].Ref))
			b = binary.AppendVarint(b, s.Time-all[0].Time)
			b = start(b, s.Start, all[i-1].Start, all[0].Start)
		}
		if s.Hist == nil {
			b = binary.BigEndian.AppendUint64(b, math.Float64bits(s.Value))
		} else {
			b = histogram(b, s.Hist, kind == Histograms || kind == HistogramsV2 || kind == 9)
		}
	}
	return b
}

func start(b []byte, this, before, first int64) []byte {
	switch this {
	case 0:
		return append(b, 0)
	case before:
		return append(b, 1)
	}
	return binary.AppendVarint(append(b, 2), this-first)
}

func histogram(b []byte, h *sample.Histogram, whole bool) []byte {
	float := func(v float64) { b = binary.BigEndian.AppendUint64(b, math.Float64bits(v)) }
	count := func(v float64) {
		if whole {
			b = binary.AppendUvarint(b, uint64(v))
		} else {
			float(v)
		}
	}
	b = append(b, byte(h.Reset))
	b = binary.AppendVarint(b, int64(h.Schema))
	float(h.ZeroThreshold)
	count(h.ZeroCount)
	count(h.Count)
	float(h.Sum)
	for _, side := range [][]sample.Bucket{h.Positive, h.Negative} {
		b = binary.AppendUvarint(b, uint64(len(side))) // each bucket is a span
		end := int32(0)
		for _, one := range side {
			b = binary.AppendVarint(b, int64(one.Index-end))
			b = binary.AppendUvarint(b, 1)
			end = one.Index + 1
		}
	}
	for _, side := range [][]sample.Bucket{h.Positive, h.Negative} {
		b = binary.AppendUvarint(b, uint64(len(side)))
		before := int64(0)
		for _, one := range side {
			if whole {
				b = binary.AppendVarint(b, int64(one.Count)-before)
				before = int64(one.Count)
			} else {
				float(one.Count)
			}
		}
	}
	if h.Schema == sample.CustomBounds {
		b = binary.AppendUvarint(b, uint64(len(h.Bounds)))
		for _, v := range h.Bounds {
			float(v)
		}
	}
	return b
}

// Tombstones is a record of what was deleted of a series.
func Tombstones(ref uint64, from, to int64) []byte {
	b := binary.BigEndian.AppendUint64([]byte{3}, ref)
	return binary.AppendVarint(binary.AppendVarint(b, from), to)
}

// Mapped is a file of the head's chunks.
type Mapped struct{ out []byte }

// Add adds a chunk of a series. Late ones came out of order.
func (m *Mapped) Add(ref uint64, s sampletest.Series, late bool) {
	if len(m.out) == 0 {
		m.out = []byte{0x01, 0x30, 0xBC, 0x91, 1, 0, 0, 0}
	}
	at := len(m.out)
	m.out = binary.BigEndian.AppendUint64(m.out, ref)
	m.out = binary.BigEndian.AppendUint64(m.out, uint64(s.Times[0]))
	m.out = binary.BigEndian.AppendUint64(m.out, uint64(s.Times[len(s.Times)-1]))
	encoding, data := pack(s)
	if late {
		encoding |= 0x80
	}
	m.out = append(m.out, byte(encoding))
	m.out = binary.AppendUvarint(m.out, uint64(len(data)))
	m.out = append(m.out, data...)
	m.out = binary.BigEndian.AppendUint32(m.out, sum(m.out[at:]))
}

// Bytes returns the file.
func (m *Mapped) Bytes() []byte { return m.out }

// Write writes the file into a data folder, with zeros behind it as while a server runs.
func (m *Mapped) Write(t testing.TB, dir, name string, zeros int) {
	t.Helper()
	write(t, filepath.Join(dir, "chunks_head", name), append(m.out, make([]byte, zeros)...))
}
