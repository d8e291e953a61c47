// Package pattern holds back regular expressions until somebody matches with them: most
// commands need few of the program's, and compiling all takes a good part of its start.
package pattern

import (
	"regexp"
	"sync"
)

// Of returns what compiles text when it is first called, and panics then if text is wrong.
//
// It is not copied into each place that has a pattern: that is 60 kB of the program.
//
//go:noinline
func Of(text string) func() *regexp.Regexp {
	return sync.OnceValue(func() *regexp.Regexp { return regexp.MustCompile(text) })
}
