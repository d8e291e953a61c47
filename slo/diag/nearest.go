package diag

import (
	"strings"
	"unicode/utf8"
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
		if d := Edits(word, k); d < edits && d < max(length, utf8.RuneCountInString(k)) {
			best, edits = k, d
		}
	}
	return best
}

// Edits returns how many letters must be changed, whatever their case, to make one
// word of another: inserted, deleted, replaced, or swapped with their neighbour.
func Edits(a, b string) int {
	return distance([]rune(strings.ToLower(a)), []rune(strings.ToLower(b)))
}

// distance counts the insertions, deletions, replacements and swaps of
// neighbours that turn a into b.
func distance(a, b []rune) int {
	rows := make([][]int, len(a)+1)
	for i := range rows {
		rows[i] = make([]int, len(b)+1)
		rows[i][0] = i
	}
	for j := range b {
		rows[0][j+1] = j + 1
	}
	for i, x := range a {
		for j, y := range b {
			cost := 1
			if x == y {
				cost = 0
			}
			d := min(rows[i][j]+cost, rows[i][j+1]+1, rows[i+1][j]+1)
			if i > 0 && j > 0 && x == b[j-1] && y == a[i-1] {
				d = min(d, rows[i-1][j-1]+1)
			}
			rows[i+1][j+1] = d
		}
	}
	return rows[len(a)][len(b)]
}
