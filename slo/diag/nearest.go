package diag

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"unicode/utf8"

	"github.com/nines-slo/nines/slo/order"
)

// Nearest returns the known word that word was likely meant to be, "" if none is
// near: one edit, or one for every three characters of a longer word. Two
// neighbours that are swapped count as one edit, letters of another case as none.
func Nearest(word string, known []string) string {
	length := utf8.RuneCountInString(word)
	if length > 60 {
		return ""
	}
	best, edits := "", max(1, length/3)+1
	for _, k := range known {
		other := utf8.RuneCountInString(k)
		if max(length, other)-min(length, other) >= edits {
			continue // as many letters to insert or drop
		}
		if d := Edits(word, k); d < edits && d < max(length, other) {
			best, edits = k, d
		}
	}
	return best
}

// maxListed is how many known words a hint lists.
const maxListed = 8

// Among is a hint on what word may have been meant to be: the known word, or other name
// of one, that is near it, and what there is, what is most alike first. known is not
// empty.
func Among(word string, known, names []string) string {
	known = slices.Compact(slices.Sorted(slices.Values(known)))
	meant := ""
	near := Nearest(word, slices.Concat(known, names))
	if begun := slices.DeleteFunc(slices.Clone(known), func(k string) bool { return !strings.HasPrefix(k, word) }); near == "" && len(begun) == 1 {
		near = begun[0] // and it is cut short
	}
	if near != "" {
		meant = fmt.Sprintf("did you mean %s? ", Quote(near))
	}
	if len(word) <= maxQuote {
		order.Stable(known, func(a, b string) int { return cmp.Compare(Edits(word, a), Edits(word, b)) })
	}
	return meant + "there are " + First(known, maxListed)
}

// Few lists the first three of names: "a, b, c and 2 more".
func Few(names []string) string { return First(names, 3) }

// First lists the first n of names and counts the rest.
func First(names []string, n int) string {
	text := strings.Join(names[:min(n, len(names))], ", ")
	if more := len(names) - n; more > 0 {
		text += fmt.Sprintf(" and %s more", Thousands(int64(more)))
	}
	return text
}

// Edits counts the letters to insert, drop, replace or swap with their neighbour that
// turn a into b. Letters of another case are the same.
func Edits(a, b string) int {
	return distance([]rune(strings.ToLower(a)), []rune(strings.ToLower(b)))
}

// distance is Edits of runes. Of the table only three rows are looked at, which have room
// without being allocated for words as long as there are.
func distance(a, b []rune) int {
	var room [3 * 64]int
	cells, width := room[:], len(b)+1
	if 3*width > len(cells) {
		cells = make([]int, 3*width)
	}
	before, last, next := cells[:width], cells[width:2*width], cells[2*width:3*width]
	for j := range last {
		last[j] = j
	}
	for i, x := range a {
		next[0] = i + 1
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			d := min(last[j]+cost, last[j+1]+1, next[j]+1)
			if i > 0 && j > 0 && x == b[j-1] && y == a[i-1] {
				d = min(d, before[j-1]+1)
			}
			next[j+1] = d
		}
		before, last, next = last, next, before
	}
	return last[len(b)]
}
