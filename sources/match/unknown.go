package match

import (
	"strings"

	"github.com/nines-slo/nines/slo/diag"
)

// Unknown is the finding about a field that the source does not have.
func Unknown(pos diag.Pos, name string, known []string) diag.Finding {
	f := diag.Errorf(pos, "match/field", "the source has no field %q", name)
	list := "its fields are " + strings.Join(known, ", ")
	switch near := diag.Nearest(name, known); {
	case near != "":
		return f.WithHint("did you mean %q? %s", near, list)
	case len(known) > 0:
		return f.WithHint("%s", list)
	}
	return f
}
