package synthetic

import (
	"fmt"
	"sort"
	"strconv"
	"strings"
)

// script is exact counts a minute, as runs of equal minutes.
type script []run

// run is the minutes up to end, counted from the first of the script.
type run struct {
	counts   counts
	measured bool
	end      int64
}

// maxMinutes of a script are about four years.
const maxMinutes = 1 << 21

// parseScript reads runs apart by blanks: "1000" is a minute with 1000 events,
// "3/1000" one with 3 bad of 1000, "_" one not measured; "x5" behind any of them
// makes it five minutes.
func parseScript(text string) (script, error) {
	var out script
	minutes := int64(0)
	for word := range strings.FieldsSeq(text) {
		r, n, err := parseRun(word)
		if err != nil {
			return nil, err
		}
		if minutes += n; minutes > maxMinutes {
			return nil, fmt.Errorf("%q: counts go beyond %d minutes", word, maxMinutes)
		}
		r.end = minutes
		out = append(out, r)
	}
	return out, nil
}

func parseRun(word string) (r run, minutes int64, err error) {
	what, repeat, many := strings.Cut(word, "x")
	minutes = 1
	if many {
		if minutes, err = strconv.ParseInt(repeat, 10, 32); err != nil || minutes < 1 || repeat[0] == '+' {
			return r, 0, fmt.Errorf("%q: %q is not a number of minutes", word, repeat)
		}
	}
	if what == "_" {
		return run{}, minutes, nil
	}
	bad, total, both := strings.Cut(what, "/")
	if !both {
		bad, total = "0", bad
	}
	r.measured = true
	if r.counts.bad, err = parseCount(bad); err == nil {
		r.counts.total, err = parseCount(total)
	}
	switch {
	case err != nil:
		return r, 0, fmt.Errorf("%q: %w", word, err)
	case r.counts.bad > r.counts.total:
		return r, 0, fmt.Errorf("%q: more bad events than events", word)
	}
	return r, minutes, nil
}

func parseCount(text string) (uint64, error) {
	n, err := strconv.ParseUint(text, 10, 64)
	switch {
	case err == nil && n <= maxCount:
		return n, nil
	case text != "" && strings.Trim(text, "0123456789") == "":
		return 0, fmt.Errorf("count %q is over %d", text, uint64(maxCount))
	}
	return 0, fmt.Errorf(`%q is not a count: write 1000, 3/1000 for 3 bad of 1000, or _ for "not measured"`, text)
}

// minutes returns the length of the script.
func (s script) minutes() int64 {
	if len(s) == 0 {
		return 0
	}
	return s[len(s)-1].end
}

// minute returns the counts of minute i, and whether it was measured.
func (s script) minute(i int64) (counts, bool) {
	n := sort.Search(len(s), func(n int) bool { return i < s[n].end })
	if i < 0 || n == len(s) {
		return counts{}, false
	}
	return s[n].counts, s[n].measured
}
