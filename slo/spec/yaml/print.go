package yaml

import "strings"

// String writes v on one line, as a file could: read back, it is the same value.
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
			fields = append(fields, printed(f.Key, false)+": "+f.Value.String())
		}
		return "{" + strings.Join(fields, ", ") + "}"
	case Scalar:
		return printed(v.Text, v.Quoted)
	}
	return "null"
}

// printed returns a scalar, in quotes if it had them or would be read otherwise
// without.
func printed(text string, quoted bool) string {
	if !quoted && unquoted(text) {
		return text
	}
	return `"` + strings.NewReplacer(`\`, `\\`, `"`, `\"`, "\n", `\n`, "\t", `\t`, "\r", `\r`).Replace(text) + `"`
}

// unquoted tells whether a text needs no quotes among the items of a list or a map (YAML
// 1.2.2, section 7.3.3).
func unquoted(text string) bool {
	switch {
	case text == "", strings.TrimSpace(text) != text,
		text == "~", strings.EqualFold(text, "null"):
		return false
	case strings.ContainsAny(text, ",[]{}\n\t\r\""), strings.ContainsAny(text[:1], "#&*!|>'%@`"):
		return false
	case strings.Contains(text, ": "), strings.HasSuffix(text, ":"), strings.Contains(text, " #"):
		return false
	}
	return text != "-" && text != "?" && !strings.HasPrefix(text, "- ") && !strings.HasPrefix(text, "? ") && text[0] != ':'
}
