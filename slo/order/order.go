// Package order puts lists in order that are short or seldom sorted. Package slices is
// faster and has six kilobytes of code for each type of element.
package order

import "sort"

// Stable sorts list by compare and leaves equal elements as they are.
func Stable[E any](list []E, compare func(a, b E) int) {
	sort.SliceStable(list, func(i, j int) bool { return compare(list[i], list[j]) < 0 })
}
