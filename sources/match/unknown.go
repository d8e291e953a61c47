package match

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
)

// Unknown is the finding about a field that the source does not have.
func Unknown(pos diag.Pos, name string, known []string) diag.Finding {
	f := diag.Errorf(pos, "match/field", "the source has no field %q", name)
	list := "its fields are " + strings.Join(known, ", ")
	switch near := nearest(name, known); {
	case near != "":
		return f.WithHint("did you mean %q? %s", near, list)
	case len(known) > 0:
		return f.WithHint("%s", list)
	}
	return f
}

// nearest returns the known name that is at most a third of its letters away.
func nearest(name string, known []string) string {
	best, distance := "", max(1, len(name)/3)+1
	for _, k := range known {
		if d := edits(strings.ToLower(name), strings.ToLower(k)); d < distance {
			best, distance = k, d
		}
	}
	return best
}

// edits returns the Levenshtein distance of a and b, in bytes.
func edits(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
