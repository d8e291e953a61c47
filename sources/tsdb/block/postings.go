package block

import (
	"context"
	"slices"
	"sort"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/sample"
	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

// maxLists is how many lists of series are joined for one matcher. One that takes more
// values narrows little down: what it takes is seen by the labels.
const maxLists = 256

// wanted are the lists of the series that a matcher takes.
type wanted struct {
	matcher sample.Matcher
	lists   []uint64 // their places
	many    bool     // more than maxLists
}

// Find returns for each selector the numbers of series that it may take, and all that
// it takes are among them, sorted. Who asks compares the labels.
func (b *Block) Find(ctx context.Context, selectors []sample.Selector) ([][]uint32, error) {
	x := &b.index
	asked := newAsked(selectors)
	if err := x.postings(ctx, asked.see); err != nil {
		return nil, err
	}
	found := make([][]uint32, len(selectors))
	for i, s := range selectors {
		var err error
		if found[i], err = x.find(asked, s); err != nil {
			return nil, err
		}
	}
	return found, nil
}

// asked are the matchers of all selectors, each once.
type asked struct {
	byName map[string][]*wanted
	all    uint64 // place of the list of all series
}

func newAsked(selectors []sample.Selector) *asked {
	a := &asked{byName: map[string][]*wanted{}}
	for _, s := range selectors {
		for _, m := range s {
			if !m.Takes("") && a.of(m) == nil {
				a.byName[m.Name] = append(a.byName[m.Name], &wanted{matcher: m})
			}
		}
	}
	return a
}

// of returns what was found for a matcher, nil if it was not looked for: one that takes
// series without the label.
func (a *asked) of(m sample.Matcher) *wanted {
	for _, w := range a.byName[m.Name] {
		if w.matcher.Op == m.Op && w.matcher.Value == m.Value {
			return w
		}
	}
	return nil
}

// see notes the list of the series that have a label.
func (a *asked) see(name, value []byte, at uint64) {
	if len(name) == 0 {
		a.all = at
	}
	for _, w := range a.byName[string(name)] {
		if w.many || !w.matcher.Takes(string(value)) {
			continue
		}
		w.lists = append(w.lists, at)
		w.many = len(w.lists) > maxLists
	}
}

// postings hands over where the lists of series stand.
func (x *index) postings(ctx context.Context, take func(name, value []byte, at uint64)) error {
	if x.table == (section{}) {
		return nil
	}
	head, err := x.file.At(x.table.start, 4)
	if err != nil {
		return err
	}
	b := folder.Bytes{Rest: head}
	count := b.Uint32()
	var seen uint32
	entries := section{x.table.start + 4, x.table.end}
	err = x.walk(ctx, entries, 2*maxText, func(b *folder.Bytes, at int64) error {
		if n := b.Byte(); !b.Bad && n != 2 {
			return x.file.Damaged("has an entry at byte %d that is none of a label", at)
		}
		name, value, list := b.Text(), b.Text(), b.Uvarint()
		if !b.Bad {
			seen++
			take(name, value, list)
		}
		return nil
	})
	if err == nil && seen != count {
		err = x.file.Damaged("has %d lists of series, and says that there are %d", seen, count)
	}
	return err
}

// find joins the lists of each matcher of a selector, and keeps what is in all of them.
func (x *index) find(a *asked, s sample.Selector) ([]uint32, error) {
	var found []uint32
	narrowed := false
	var narrow []*wanted
	for _, m := range s {
		if w := a.of(m); w != nil && !w.many {
			narrow = append(narrow, w)
		}
	}
	sort.SliceStable(narrow, func(i, j int) bool { return len(narrow[i].lists) < len(narrow[j].lists) })
	for _, w := range narrow {
		var joined []uint32
		for _, at := range w.lists {
			var err error
			if joined, err = x.list(at, joined); err != nil {
				return nil, err
			}
		}
		if len(w.lists) > 1 {
			slices.Sort(joined)
			joined = slices.Compact(joined)
		}
		if !narrowed {
			found, narrowed = joined, true
		} else {
			found = both(found, joined)
		}
		if len(found) == 0 {
			return nil, nil
		}
	}
	if narrowed || a.all == 0 {
		return found, nil
	}
	return x.list(a.all, nil)
}

// both returns what is in two sorted lists.
func both(a, b []uint32) []uint32 {
	kept := a[:0]
	for _, v := range a {
		for len(b) > 0 && b[0] < v {
			b = b[1:]
		}
		if len(b) > 0 && b[0] == v {
			kept = append(kept, v)
		}
	}
	return kept
}

// list appends a list of series.
func (x *index) list(at uint64, to []uint32) ([]uint32, error) {
	if at > uint64(x.file.Size) {
		return nil, x.file.Damaged("refers to byte %d, behind its end", at)
	}
	head, err := x.file.At(int64(at), 8)
	if err != nil {
		return nil, err
	}
	b := folder.Bytes{Rest: head}
	length, count := int64(b.Uint32()), int64(b.Uint32())
	if length < 4 || length-4 != 4*count {
		return nil, x.file.Damaged("has no list of series at byte %d", at)
	}
	held, err := x.file.At(int64(at)+4, int(length)+4)
	if err != nil {
		return nil, err
	}
	b = folder.Bytes{Rest: held[length:]}
	if folder.Sum(held[:length]) != b.Uint32() {
		return nil, x.file.Damaged("has a list of series at byte %d of another checksum than it says", at)
	}
	to = slices.Grow(to, int(count))
	b = folder.Bytes{Rest: held[4:length]}
	for range count {
		to = append(to, b.Uint32())
	}
	return to, nil
}

// Names hands over the names of the metrics that have samples in a stretch of time.
func (b *Block) Names(ctx context.Context, from, to int64, take func(name string)) error {
	type named struct {
		name string
		list uint64
	}
	var all []named
	err := b.index.postings(ctx, func(name, value []byte, at uint64) {
		if string(name) == sample.MetricName && len(value) > 0 {
			all = append(all, named{string(value), at})
		}
	})
	if err != nil {
		return err
	}
	var list []uint32
	for _, n := range all {
		if err := sources.Done(ctx); err != nil {
			return err
		}
		if list, err = b.index.list(n.list, list[:0]); err != nil {
			return err
		}
		there, err := b.anyWithin(list, from, to)
		if err != nil {
			return err
		}
		if there {
			take(n.name)
		}
	}
	return nil
}

// anyWithin tells whether one of some series has samples in a stretch of time.
func (b *Block) anyWithin(list []uint32, from, to int64) (bool, error) {
	var chunks []Chunk
	for _, series := range list {
		var err error
		if _, chunks, err = b.index.series(series, chunks); err != nil {
			return false, err
		}
		for _, c := range chunks {
			p := piece.Piece{Interval: piece.Interval{From: c.Min, To: c.Max}, Deleted: b.Deleted(series)}
			if _, ok := p.Within(from, to); ok {
				return true, nil
			}
		}
	}
	return false, nil
}
