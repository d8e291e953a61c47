// Package sparse holds a value for each bucket of a long period, of which few may have
// one: memory is that of the stretches of 64 buckets in which one was touched. It is what
// a source keeps of a label set until it answers.
package sparse

import "iter"

const (
	pageBits = 6
	pageSize = 1 << pageBits // values a page: an hour of minutes
	bookBits = 6
	bookSize = 1 << bookBits // pages a book: 4,096 buckets, nearly three days of minutes
)

type (
	page[T any] [pageSize]T
	book[T any] [bookSize]*page[T]
)

// Array holds values by index. The zero Array has none.
type Array[T any] struct{ books []*book[T] }

// At returns the value of index i, which is not negative, to be read or changed. It is a
// zero T the first time.
func (a *Array[T]) At(i int) *T {
	if p := a.page(i); p != nil {
		return &p[i%pageSize]
	}
	return a.make(i)
}

// Stretch returns the values that are held together with that of index i, all of them
// touched, and the index of the first. Whoever touches many in a row is faster with it.
func (a *Array[T]) Stretch(i int) (first int, values []T) {
	a.At(i)
	return i &^ (pageSize - 1), a.page(i)[:]
}

// Held returns the values from index i on that are held together, none if none of them was
// ever touched, and the index after them. Whoever reads many in a row is faster with it.
func (a *Array[T]) Held(i int) (values []T, next int) {
	if p := a.page(i); p != nil {
		values = p[i%pageSize:]
	}
	return values, i&^(pageSize-1) + pageSize
}

// Span returns the indexes that all values that were ever touched lie between: from the
// first to before the second, both 0 if none was.
func (a *Array[T]) Span() (from, to int) {
	for n, b := range a.books {
		if b == nil {
			continue
		}
		for k, p := range b {
			if p == nil {
				continue
			}
			first := (n<<bookBits | k) << pageBits
			if to == 0 {
				from = first
			}
			to = first + pageSize
		}
	}
	return from, to
}

// Get returns the value of index i as it is, and touches nothing.
func (a *Array[T]) Get(i int) (value T) {
	if p := a.page(i); p != nil {
		value = p[i%pageSize]
	}
	return value
}

// page returns the page of index i, nil if there is none.
func (a *Array[T]) page(i int) *page[T] {
	if n := i >> (pageBits + bookBits); n < len(a.books) && a.books[n] != nil {
		return a.books[n][i>>pageBits%bookSize]
	}
	return nil
}

// make returns the value of index i, on a page that is there from now on.
func (a *Array[T]) make(i int) *T {
	n := i >> (pageBits + bookBits)
	for n >= len(a.books) {
		a.books = append(a.books, nil)
	}
	if a.books[n] == nil {
		a.books[n] = new(book[T])
	}
	slot := &a.books[n][i>>pageBits%bookSize]
	if *slot == nil {
		*slot = new(page[T])
	}
	return &(*slot)[i%pageSize]
}

// Clear makes every value zero again. The room of those that were touched is kept for the
// next ones.
func (a *Array[T]) Clear() {
	for _, b := range a.books {
		if b == nil {
			continue
		}
		for _, p := range b {
			if p != nil {
				clear(p[:])
			}
		}
	}
}

// Empty tells whether nothing was ever touched.
func (a *Array[T]) Empty() bool { return len(a.books) == 0 }

// All returns the values near those that were touched, in the order of their index. Those
// between them, that were not, are zero.
func (a *Array[T]) All() iter.Seq2[int, *T] {
	return func(yield func(int, *T) bool) {
		for n, b := range a.books {
			if b == nil {
				continue
			}
			for k, p := range b {
				if p == nil {
					continue
				}
				for i := range p {
					if !yield((n<<bookBits|k)<<pageBits|i, &p[i]) {
						return
					}
				}
			}
		}
	}
}
