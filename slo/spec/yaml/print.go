package yaml

import "strings"

// String writes v on one line, as a file could.
func (v Value) String() string {
	switch v.Kind {
	case List:
		var items []string
		for _, item := range v.Items {
			items = append(items, item.String())
		}
		return "[" + strings.Join(items, ", ") + "]"
	case Map:
		var fields []string
		for _, f := range v.Fields {
			fields = append(fields, f.Key+": "+f.Value.String())
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case Scalar:
		if v.Quoted {
			return `"` + v.Text + `"`
		}
		return v.Text
	}
	return "null"
}
