package tsdb

import (
	"cmp"
	"context"
	"errors"
	"io/fs"
	"maps"
	"math"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/order"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/tsdb/block"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/head"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

// Store has the samples of a data folder, or of one block: those that a server would find
// that is started on it. It reads the blocks by order of time, those together that overlap,
// and has the files of no others open. It is not for several goroutines.
type Store struct {
	folder folder.Folder
	blocks []kept     // by order of time
	head   *head.Head // nil of one block
	state  string     // of the folder, when it was opened

	samples int64 // that were handed over by Select
	most    int   // series that a query may have
}

// kept is a block of the folder.
type kept struct {
	block.Meta
	dir string // in the folder, "" if the folder is the block
}

// Open looks at what there is in a folder.
func Open(f folder.Folder) (*Store, error) {
	s := &Store{folder: f, most: sample.MaxSeries}
	switch m, err := block.ReadMeta(f); {
	case err == nil:
		s.blocks = []kept{{Meta: m}}
		return s, nil
	case !errors.Is(err, fs.ErrNotExist):
		return nil, err
	}
	var err error
	if s.blocks, err = blocks(f); err != nil {
		return nil, err
	}
	from := int64(math.MinInt64)
	for _, b := range s.blocks {
		if b.InOrder() {
			from = max(from, b.End)
		}
	}
	s.head = head.New(f, from)
	s.state, err = s.now()
	return s, err
}

// blocks returns the blocks of a data folder. One that was made of others stands for them:
// they are about to be deleted.
func blocks(f folder.Folder) ([]kept, error) {
	names, err := f.List()
	if err != nil {
		return nil, err
	}
	if !slices.ContainsFunc(names, func(name string) bool { return name == "wal" || isULID(name) }) {
		return nil, foreign(f, names)
	}
	var all []kept
	replaced := map[string]bool{}
	for _, name := range names {
		if !isULID(name) {
			continue
		}
		m, err := block.ReadMeta(f.Sub(name))
		if errors.Is(err, fs.ErrNotExist) {
			continue // it is being deleted, or was never finished
		}
		if err != nil {
			return nil, err
		}
		replaced[name] = replaced[name] || m.Compaction.Deletable
		for _, parent := range m.Compaction.Parents {
			replaced[parent.ULID] = true
		}
		all = append(all, kept{Meta: m, dir: name})
	}
	all = slices.DeleteFunc(all, func(b kept) bool { return replaced[b.dir] })
	order.Stable(all, func(a, b kept) int { return cmp.Or(cmp.Compare(a.Min, b.Min), cmp.Compare(a.dir, b.dir)) })
	return all, nil
}

// foreign says that a folder is none of Prometheus.
func foreign(f folder.Folder, names []string) error {
	found := diag.Errorf(diag.Pos{File: f.Name("")}, "tsdb/foreign", "the folder has no blocks and no wal: it is no data folder of Prometheus")
	if slices.Contains(names, "data") {
		return diag.List{found.WithHint("is it the folder data in it?")}
	}
	return diag.List{found.WithHint("name what --storage.tsdb.path of the server names, or the folder of one block, in which meta.json is")}
}

// isULID tells whether a name is one of a block.
func isULID(name string) bool {
	return len(name) == 26 && strings.Trim(name, "0123456789ABCDEFGHJKMNPQRSTVWXYZ") == ""
}

// now says what there is in the folder: it is another thing once blocks were made or deleted.
func (s *Store) now() (string, error) {
	there, err := blocks(s.folder)
	if err != nil {
		return "", err
	}
	state, err := s.head.State()
	for _, b := range there {
		state += " " + b.dir
	}
	return state, err
}

// unchanged fails if what was read is no more what is there.
func (s *Store) unchanged(err error) error {
	if s.head == nil {
		return err
	}
	now, failed := s.now()
	if failed == nil && now == s.state {
		return err
	}
	return folder.Changed(s.folder.Name(""))
}

// errTaken says that whoever takes what is read has failed.
var errTaken = errors.New("not taken")

// Select hands over samples, by order of time.
func (s *Store) Select(ctx context.Context, queries []sample.Query, take func(query int, b sample.Block) error) error {
	var taken error
	t := newTaker(s, queries, func(query int, b sample.Block) error {
		s.samples += int64(len(b.Times))
		if taken = take(query, b); taken != nil {
			return errTaken
		}
		return nil
	})
	err := s.walk(ctx, queries, t.series)
	if taken != nil {
		return taken
	}
	return s.unchanged(err)
}

// Series hands over the labels of series that have samples.
func (s *Store) Series(ctx context.Context, queries []sample.Query, take func(query int, l sample.Labels) error) error {
	known := make([]map[string]bool, len(queries))
	var key []byte
	var taken error
	err := s.walk(ctx, queries, func(_ string, query int, l sample.Labels, pieces []piece.Piece) error {
		if len(pieces) == 0 {
			return nil
		}
		if key = l.AppendKey(key[:0]); known[query][string(key)] {
			return nil
		}
		if known[query] == nil {
			known[query] = map[string]bool{}
		}
		if len(known[query]) == s.most {
			return s.tooMany(query, queries[query])
		}
		known[query][string(key)] = true
		if taken = take(query, l); taken != nil {
			return errTaken
		}
		return nil
	})
	if taken != nil {
		return taken
	}
	return s.unchanged(err)
}

// Names returns the names of the metrics that have samples.
func (s *Store) Names(ctx context.Context, from, to int64) ([]string, error) {
	names := map[string]bool{}
	note := func(name string) { names[name] = true }
	err := s.eachName(ctx, from, to, note)
	if err = s.unchanged(err); err != nil {
		return nil, err
	}
	return slices.Sorted(maps.Keys(names)), nil
}

func (s *Store) eachName(ctx context.Context, from, to int64, note func(name string)) error {
	for _, k := range s.blocks {
		if k.Min > to || k.End <= from {
			continue
		}
		b, err := block.Open(ctx, s.folder.Sub(k.dir), k.Meta)
		if err != nil {
			return err
		}
		err = b.Names(ctx, from, to, note)
		b.Close()
		if err != nil {
			return err
		}
	}
	if s.head == nil {
		return nil
	}
	return s.head.Names(ctx, from, to, note)
}

// tooMany says that a query has too many series.
func (s *Store) tooMany(query int, q sample.Query) error {
	found := diag.Errorf(diag.Pos{File: s.folder.Name("")}, "tsdb/series", "over %s series match %s",
		diag.Thousands(int64(s.most)), q.Selector).WithHint(sample.FewerSeries)
	return &sample.QueryError{Query: query, Err: diag.List{found}}
}

// taker hands over the samples of series.
type taker struct {
	store   *Store
	take    func(query int, b sample.Block) error
	queries []sample.Query
	known   []map[string]*series // of each query
	joiner  piece.Joiner
	key     []byte
}

// series is a series of a query.
type series struct {
	number int
	labels sample.Labels
	newest int64 // time of the last sample handed over
}

func newTaker(s *Store, queries []sample.Query, take func(query int, b sample.Block) error) *taker {
	t := &taker{store: s, take: take, queries: queries}
	for range queries {
		t.known = append(t.known, map[string]*series{})
	}
	return t
}

// series joins the pieces of a series and hands them over. where is what they are of.
func (t *taker) series(where string, query int, l sample.Labels, pieces []piece.Piece) error {
	t.key = l.AppendKey(t.key[:0])
	of := t.known[query][string(t.key)]
	return t.joiner.Join(pieces, func(s piece.Samples) error {
		if of == nil {
			if len(t.known[query]) == t.store.most {
				return t.store.tooMany(query, t.queries[query])
			}
			of = &series{number: len(t.known[query]), labels: l, newest: math.MinInt64}
			t.known[query][string(t.key)] = of
		}
		if s.Times[0] <= of.newest {
			return folder.Damaged(where, "has samples outside of the time that the block says it is of")
		}
		of.newest = s.Times[len(s.Times)-1]
		b := sample.Block{Series: of.number, Labels: of.labels, Times: s.Times}
		if len(s.Values) > 0 {
			b.Values = s.Values
		} else {
			b.Histograms = s.Histograms
		}
		return t.take(query, b)
	})
}
