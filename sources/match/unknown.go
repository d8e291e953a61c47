package match

import (
	"slices"
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

// nearest returns the known name that name was likely meant to be, in whatever case,
// "" if none is near.
func nearest(name string, known []string) string {
	var lower []string
	for _, k := range known {
		lower = append(lower, strings.ToLower(k))
	}
	near := diag.Nearest(strings.ToLower(name), lower)
	if near == "" {
		return ""
	}
	return known[slices.Index(lower, near)]
}
