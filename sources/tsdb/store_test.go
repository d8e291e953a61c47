package tsdb

import (
	"errors"
	"fmt"
	"io/fs"
	"math"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/klauspost/compress/snappy"
	"github.com/klauspost/compress/zstd"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/sample/sampletest"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/tsdbtest"
)

// zero is when the series of tests begin.
var zero = time.Date(2026, 10, 1, 0, 0, 0, 0, time.UTC)

const every = 15 * time.Second

// some are series of every sort: counters with a restart and a gap, one that ends, one that
// comes late, gauges, and native histograms.
func some() []sampletest.Series {
	all := sampletest.Lines(zero, every, `
		http_requests_total{code="200",instance="a",job="api"} 0+10x300 5+7x299
		http_requests_total{code="503",instance="a",job="api"} 0+1x100 _x50 150+2x449
		http_requests_total{code="200",instance="b",job="api"} 0+3x200 stale
		http_requests_total{code="200",instance="c",job="api"} _x400 7+1x150
		up{instance="a",job="api"} 1+0x600
		temperature{place="räume 1"} -1.5+0.25x50 NaN 3+1x500
	`)
	hist := sampletest.Series{Labels: sampletest.Labels("rpc_seconds", "job", "api")}
	for i := range 500 {
		n := float64(i + 1)
		hist.Times = append(hist.Times, zero.Add(time.Duration(i)*every).UnixMilli())
		hist.Histograms = append(hist.Histograms, sample.Histogram{Reset: sample.Gauge, Schema: 3, ZeroThreshold: 0x1p-128, ZeroCount: n, Count: 6 * n, Sum: n * 1.5,
			Positive: []sample.Bucket{{Index: -2, Count: n}, {Index: 4, Count: 2 * n}}, Negative: []sample.Bucket{{Index: 1, Count: 2 * n}}})
	}
	return append(all, hist)
}

// between returns the samples from one index of the grid to another.
func between(all []sampletest.Series, from, to int) []sampletest.Series {
	var part []sampletest.Series
	first, end := zero.Add(time.Duration(from)*every).UnixMilli(), zero.Add(time.Duration(to)*every).UnixMilli()
	for _, s := range all {
		i, _ := slices.BinarySearch(s.Times, first)
		j, _ := slices.BinarySearch(s.Times, end)
		if i < j {
			cut := sampletest.Series{Labels: s.Labels, Times: s.Times[i:j]}
			if s.Values != nil {
				cut.Values = s.Values[i:j]
			} else {
				cut.Histograms = s.Histograms[i:j]
			}
			part = append(part, cut)
		}
	}
	return part
}

func blockOf(n int, series []sampletest.Series) tsdbtest.Block {
	return tsdbtest.Block{ULID: tsdbtest.ULID(n), Series: series}
}

// wal writes a log of all series and the samples of some, and returns it.
func wal(t testing.TB, dir string, all, part []sampletest.Series) {
	log := &tsdbtest.Log{}
	log.Series(all)
	log.Scrapes(all, part, tsdbtest.Samples, tsdbtest.Floats)
	log.Write(t, filepath.Join(dir, "wal/00000000"))
}

func zstdPack(t testing.TB) func([]byte) []byte {
	z, err := zstd.NewWriter(nil, zstd.WithEncoderConcurrency(1))
	if err != nil {
		t.Fatal(err)
	}
	return func(b []byte) []byte { return z.EncodeAll(b, nil) }
}

func snappyPack(b []byte) []byte { return snappy.Encode(nil, b) }

// layouts are ways to hold the same samples.
func layouts() map[string]func(t testing.TB, dir string, all []sampletest.Series) {
	return map[string]func(t testing.TB, dir string, all []sampletest.Series){
		"one block": func(t testing.TB, dir string, all []sampletest.Series) { blockOf(1, all).Write(t, dir) },
		"index of version 1": func(t testing.TB, dir string, all []sampletest.Series) {
			b := blockOf(1, all)
			b.Version = 1
			b.Write(t, dir)
		},
		"blocks one after the other": func(t testing.TB, dir string, all []sampletest.Series) {
			for i := range 4 {
				blockOf(9-i, between(all, i*160, i*160+160)).Write(t, dir)
			}
		},
		"blocks that overlap and hold samples twice": func(t testing.TB, dir string, all []sampletest.Series) {
			for i := range 4 {
				b := blockOf(i, between(all, i*150, i*150+230))
				b.Chunk = 30 + i
				b.Write(t, dir)
			}
		},
		"a log alone": func(t testing.TB, dir string, all []sampletest.Series) { wal(t, dir, all, all) },
		"a log packed with snappy, of records with starts": func(t testing.TB, dir string, all []sampletest.Series) {
			log := &tsdbtest.Log{Flag: tsdbtest.Snappy, Pack: snappyPack}
			log.Series(all)
			log.Scrapes(all, all, tsdbtest.SamplesV2, tsdbtest.HistogramsV2)
			log.Write(t, filepath.Join(dir, "wal/00000007"))
		},
		"a log packed with zstd": func(t testing.TB, dir string, all []sampletest.Series) {
			log := &tsdbtest.Log{Flag: tsdbtest.Zstd, Pack: zstdPack(t)}
			log.Series(all)
			log.Scrapes(all, between(all, 0, 100), tsdbtest.Samples, tsdbtest.FloatsV2)
			log.Scrapes(all, between(all, 100, 700), tsdbtest.Samples, tsdbtest.Histograms)
			log.Write(t, filepath.Join(dir, "wal/00000007"))
		},
		"a block, a checkpoint, and a log": func(t testing.TB, dir string, all []sampletest.Series) {
			blockOf(1, between(all, 0, 300)).Write(t, dir)
			old, log := &tsdbtest.Log{}, &tsdbtest.Log{}
			old.Series(all)
			old.Scrapes(all, between(all, 250, 400), tsdbtest.Samples, tsdbtest.Floats)
			old.Write(t, filepath.Join(dir, "wal/checkpoint.00000004/00000000"))
			log.Scrapes(all, between(all, 400, 700), tsdbtest.Samples, tsdbtest.Floats)
			log.Write(t, filepath.Join(dir, "wal/00000005"))
			older := &tsdbtest.Log{} // covered by the checkpoint
			older.Scrapes(all, all, tsdbtest.Samples, tsdbtest.Floats)
			older.Write(t, filepath.Join(dir, "wal/00000004"))
		},
		"chunks of the head, and a log": func(t testing.TB, dir string, all []sampletest.Series) {
			blockOf(1, between(all, 0, 200)).Write(t, dir)
			wal(t, dir, all, all)
			var mapped tsdbtest.Mapped
			for _, s := range between(all, 150, 500) {
				for _, c := range tsdbtest.Chunks(s, 120) {
					mapped.Add(tsdbtest.Refs(all)[s.Labels.String()], c, false)
				}
			}
			mapped.Write(t, dir, "000003", 100)
		},
		"samples that came late": func(t testing.TB, dir string, all []sampletest.Series) {
			blockOf(1, between(all, 100, 200)).Write(t, dir)
			wal(t, dir, all, between(all, 300, 700))
			var mapped tsdbtest.Mapped
			for _, s := range between(all, 0, 150) {
				for _, c := range tsdbtest.Chunks(s, 32) {
					mapped.Add(tsdbtest.Refs(all)[s.Labels.String()], c, true)
				}
			}
			mapped.Write(t, dir, "000003", 0)
			late := &tsdbtest.Log{}
			late.Scrapes(all, between(all, 250, 320), tsdbtest.Samples, tsdbtest.Floats)
			late.Scrapes(all, between(all, 190, 260), tsdbtest.Samples, tsdbtest.Floats)
			late.Write(t, filepath.Join(dir, "wbl/00000000"))
		},
		"series that the log names twice": func(t testing.TB, dir string, all []sampletest.Series) {
			log := &tsdbtest.Log{}
			log.Series(all)
			log.Scrapes(all, between(all, 0, 300), tsdbtest.Samples, tsdbtest.Floats)
			other := slices.Clone(all)
			slices.Reverse(other)
			log.Add(tsdbtest.SeriesRecord(8, other[0].Labels, other[1].Labels, other[2].Labels, other[3].Labels, other[4].Labels, other[5].Labels, other[6].Labels))
			again := append(make([]sampletest.Series, 7), other...)
			log.Scrapes(again, between(all, 300, 700), tsdbtest.Samples, tsdbtest.Floats)
			log.Write(t, filepath.Join(dir, "wal/00000000"))
		},
	}
}

func opened(t testing.TB, dir string) *Store {
	t.Helper()
	s, err := Open(folder.New(nil, dir, "data"))
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// However the samples are held, they are the same.
func TestStore(t *testing.T) {
	for name, layout := range layouts() {
		t.Run(name, func(t *testing.T) {
			dir, all := t.TempDir(), some()
			layout(t, dir, all)
			sampletest.Check(t, opened(t, dir), &sampletest.Store{Held: all})
		})
	}
}

// A block can be read without the folder around it.
func TestBlockAlone(t *testing.T) {
	dir, all := t.TempDir(), some()
	blockOf(1, all).Write(t, dir)
	sampletest.Check(t, opened(t, filepath.Join(dir, tsdbtest.ULID(1))), &sampletest.Store{Held: all})
}

// everything selects all samples, as text.
func everything(t testing.TB, s *Store) (string, error) {
	t.Helper()
	m, err := sample.NewMatcher(sample.MetricName, sample.Like, ".+")
	if err != nil {
		t.Fatal(err)
	}
	var b strings.Builder
	q := sample.Query{Selector: sample.Selector{m}, From: math.MinInt64, To: math.MaxInt64}
	err = s.Select(t.Context(), []sample.Query{q}, func(_ int, part sample.Block) error {
		fmt.Fprintln(&b, part.Labels, part.Times, part.Values, part.Histograms)
		return nil
	})
	return b.String(), err
}

// What was deleted is not there: in a block, and in the head.
func TestDeleted(t *testing.T) {
	all := sampletest.Lines(zero, every, `a{x="1"} 0+1x9
		a{x="2"} 0+1x9`)
	at := func(i int) int64 { return zero.Add(time.Duration(i) * every).UnixMilli() }
	want := sampletest.Lines(zero, every, `a{x="1"} 0 1 _x4 6+1x3
		a{x="2"} 0+1x9`)
	for _, held := range []string{"block", "wal"} {
		dir := t.TempDir()
		if held == "block" {
			b := blockOf(1, all)
			b.Deleted = map[string][][2]int64{all[0].Labels.String(): {{at(2), at(3)}, {at(3) + 1, at(5)}}}
			b.Write(t, dir)
		} else {
			log := &tsdbtest.Log{}
			log.Series(all)
			log.Scrapes(all, all, tsdbtest.Samples, tsdbtest.Floats)
			log.Add(tsdbtest.Tombstones(1, at(2), at(5)))
			log.Write(t, filepath.Join(dir, "wal/00000000"))
		}
		sampletest.Check(t, opened(t, dir), &sampletest.Store{Held: want})
	}
}

// Of two samples of one time that of the block counts which begins first.
func TestContradiction(t *testing.T) {
	dir := t.TempDir()
	early := sampletest.Lines(zero, every, `a{} 0+1x9`)
	late := sampletest.Lines(zero, every, `a{} _x5 100+1x9`)
	blockOf(2, early).Write(t, dir)
	blockOf(1, late).Write(t, dir)
	want := sampletest.Lines(zero, every, `a{} 0+1x9 105+1x4`)
	sampletest.Check(t, opened(t, dir), &sampletest.Store{Held: want})
}

// Blocks that were made of others stand for them.
func TestReplacedBlocks(t *testing.T) {
	dir := t.TempDir()
	all := sampletest.Lines(zero, every, `a{} 0+1x9`)
	wrong := sampletest.Lines(zero, every, `a{} 50+1x19`)
	blockOf(1, wrong).Write(t, dir)
	b := blockOf(2, all)
	b.Parents = []string{tsdbtest.ULID(1)}
	b.Write(t, dir)
	sampletest.Check(t, opened(t, dir), &sampletest.Store{Held: all})
}

// A folder that is not what it was when it was opened gives no answer.
func TestChanged(t *testing.T) {
	all := some()
	for name, change := range map[string]func(dir string) error{
		"a block is deleted":    func(dir string) error { return os.RemoveAll(filepath.Join(dir, tsdbtest.ULID(1))) },
		"a block is made":       func(dir string) error { blockOf(5, all).Write(t, dir); return nil },
		"a checkpoint is made":  func(dir string) error { return os.MkdirAll(filepath.Join(dir, "wal/checkpoint.00000000"), 0o755) },
		"a segment is deleted":  func(dir string) error { return os.Remove(filepath.Join(dir, "wal/00000000")) },
		"the folder is deleted": os.RemoveAll,
	} {
		for _, when := range []string{"before", "while"} {
			dir := t.TempDir()
			blockOf(1, between(all, 0, 100)).Write(t, dir)
			blockOf(2, between(all, 100, 200)).Write(t, dir)
			wal(t, dir, all, between(all, 200, 700))
			s := opened(t, dir)
			if when == "before" {
				if err := change(dir); err != nil {
					t.Fatal(err)
				}
			}
			m, _ := sample.NewMatcher(sample.MetricName, sample.Equal, "up")
			done := false
			err := s.Select(t.Context(), []sample.Query{{Selector: sample.Selector{m}, To: math.MaxInt64}}, func(int, sample.Block) error {
				if !done && when == "while" {
					done = true
					return change(dir)
				}
				return nil
			})
			if class := sources.ClassOf(err); class != sources.Temporary || !strings.Contains(err.Error(), "changed while it was read") {
				t.Errorf("%s %s: error %v of class %q", name, when, err, class)
			}
			if _, err := s.Names(t.Context(), 0, math.MaxInt64); sources.ClassOf(err) != sources.Temporary {
				t.Errorf("%s %s: names with error %v", name, when, err)
			}
		}
	}
}

// The log of a server that runs ends within a record: what is before it is read.
func TestTornLog(t *testing.T) {
	dir, all := t.TempDir(), some()
	wal(t, dir, all, all)
	path := filepath.Join(dir, "wal/00000000")
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(path, text[:len(text)-3], 0o644); err != nil {
		t.Fatal(err)
	}
	s := opened(t, dir)
	got, err := everything(t, s)
	if err != nil || !strings.Contains(got, "temperature") || s.head.Torn() != "data/wal/00000000" {
		t.Fatalf("got error %v, torn %q", err, s.head.Torn())
	}
	if err := os.WriteFile(filepath.Join(dir, "wal/00000001"), nil, 0o644); err != nil {
		t.Fatal(err)
	}
	if _, err := everything(t, opened(t, dir)); sources.ClassOf(err) != sources.Refused || !strings.Contains(err.Error(), "wal/00000000") {
		t.Errorf("a segment that is torn before another one: %v", err)
	}
}

// small are few samples in every sort of file.
func small(t testing.TB, dir string) {
	all := between(some(), 0, 20)
	blockOf(1, between(all, 0, 8)).Write(t, dir)
	wal(t, dir, all, between(all, 8, 20))
	var mapped tsdbtest.Mapped
	for _, s := range between(all, 8, 14) {
		mapped.Add(tsdbtest.Refs(all)[s.Labels.String()], s, false)
	}
	mapped.Write(t, dir, "000001", 0)
	late := &tsdbtest.Log{}
	late.Scrapes(all, between(all, 5, 10), tsdbtest.Samples, tsdbtest.Floats)
	late.Write(t, filepath.Join(dir, "wbl/00000000"))
}

// changedFiles tries what change makes of every file of a small folder.
func changedFiles(t *testing.T, change func(text []byte, try func(changed []byte, what string)), judge func(file, what, got, want string, err error)) {
	dir := t.TempDir()
	small(t, dir)
	want, err := everything(t, opened(t, dir))
	if err != nil || want == "" {
		t.Fatalf("got error %v", err)
	}
	err = fs.WalkDir(os.DirFS(dir), ".", func(file string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			return err
		}
		path := filepath.Join(dir, file)
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		change(slices.Clone(text), func(changed []byte, what string) {
			if err := os.WriteFile(path, changed, 0o644); err != nil {
				t.Fatal(err)
			}
			got, err := "", error(nil)
			if s, failed := Open(folder.New(nil, dir, "data")); failed != nil {
				err = failed
			} else {
				got, err = everything(t, s)
			}
			judge(file, what, got, want, err)
		})
		return os.WriteFile(path, text, 0o644)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// named tells whether an error says which file is damaged.
func named(err error, file string) bool {
	var list diag.List
	return errors.As(err, &list) && sources.ClassOf(err) == sources.Refused && strings.Contains(err.Error(), file) && list[0].Hint != ""
}

// A file that is cut short is refused by its name, but for what a server writes just now.
func TestCutShort(t *testing.T) {
	growing := []string{"wal/00000000", "wbl/00000000", "chunks_head/000001"}
	changedFiles(t, func(text []byte, try func([]byte, string)) {
		for i := 0; i < len(text); i += 64 {
			try(text[:i], fmt.Sprintf("cut at %d of %d", i, len(text)))
		}
	}, func(file, what, got, want string, err error) {
		switch {
		case err == nil && slices.Contains(growing, file):
		case file == tsdbtest.ULID(1)+"/tombstones" && err == nil && got == want:
		case !named(err, file):
			t.Errorf("%s %s: error %v", file, what, err)
		}
	})
}

// A byte that is another one is found, or it does not matter.
func TestWrongBytes(t *testing.T) {
	changedFiles(t, func(text []byte, try func([]byte, string)) {
		for i := 0; i < len(text); i += 7 {
			changed := slices.Clone(text)
			changed[i] ^= 0x41
			try(changed, fmt.Sprintf("byte %d of %d", i, len(text)))
		}
	}, func(file, what, got, want string, err error) {
		switch {
		case strings.HasSuffix(file, "meta.json"): // it has no sum: not to panic is all
		case err == nil && got != want && !strings.HasPrefix(file, "chunks_head"):
			t.Errorf("%s %s: other samples", file, what)
		case err == nil && len(got) < len(want)*9/10:
			t.Errorf("%s %s: samples are missing", file, what)
		case err != nil && sources.ClassOf(err) != sources.Refused:
			t.Errorf("%s %s: error %v", file, what, err)
		}
	})
}

// What is no data folder is refused, with what may be meant.
func TestForeignFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.MkdirAll(filepath.Join(dir, "data", "wal"), 0o755); err != nil {
		t.Fatal(err)
	}
	_, err := Open(folder.New(nil, dir, "."))
	var list diag.List
	if !errors.As(err, &list) || list[0].Code != "tsdb/foreign" || !strings.Contains(list[0].Hint, "data") {
		t.Errorf("error %v", err)
	}
	if _, err := Open(folder.New(nil, filepath.Join(dir, "data"), "data")); err != nil {
		t.Errorf("an empty data folder: %v", err)
	}
}

// A query that takes too many series fails, with what helps; others are answered.
func TestManySeries(t *testing.T) {
	dir := t.TempDir()
	var all []sampletest.Series
	for i := range 21 {
		all = append(all, sampletest.Series{Labels: sampletest.Labels("m", "i", strconv.Itoa(i)), Times: []int64{zero.UnixMilli()}, Values: []float64{1}})
	}
	all = append(all, sampletest.Series{Labels: sampletest.Labels("few"), Times: []int64{zero.UnixMilli()}, Values: []float64{1}})
	log := &tsdbtest.Log{}
	log.Series(all)
	log.Scrapes(all, all, tsdbtest.Samples, tsdbtest.Floats)
	log.Write(t, filepath.Join(dir, "wal/00000000"))
	s := opened(t, dir)
	s.most = 20
	metric := func(name string) sample.Selector {
		return sample.Selector{{Name: sample.MetricName, Op: sample.Equal, Value: name}}
	}
	queries := []sample.Query{{Selector: metric("m"), To: zero.UnixMilli()}, {Selector: metric("few"), To: zero.UnixMilli()}}
	few := 0
	selected := s.Select(t.Context(), queries, func(query int, _ sample.Block) error { few += query; return nil })
	listed := s.Series(t.Context(), queries, func(query int, _ sample.Labels) error { few += query; return nil })
	for _, err := range []error{selected, listed} {
		var of *sample.QueryError
		if !errors.As(err, &of) || of.Query != 0 || !strings.Contains(err.Error(), "over 20 series match m") {
			t.Errorf("error %v", err)
		}
	}
	if few != 2 {
		t.Errorf("the other query has %d answers of 2", few)
	}
}
