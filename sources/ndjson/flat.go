package ndjson

import (
	"bytes"
	"encoding/json"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/table"
)

const (
	maxDepth  = 32   // of objects in objects
	maxFields = 4096 // of one line
)

// flat is an object as a list of fields with dotted names.
type flat struct {
	fields []field
	path   []byte
	text   []byte // of the names
}

// field is one value. An object is a field too, so that its name cannot come twice.
type field struct {
	name  []byte
	value []byte // the text of a string, number, true or false; nil of null and objects
	array bool   // value is the whole array
}

// fault is why a line cannot be used.
type fault struct{ why, hint string }

func (f *fault) at(pos diag.Pos) diag.Finding {
	return diag.Finding{Pos: pos, Code: "row", Message: f.why, Hint: f.hint}
}

// read takes a line apart. The fields are good until the next
// call; those that stand as they are in line point into it.
func (f *flat) read(line []byte) *fault {
	f.fields, f.path, f.text = f.fields[:0], f.path[:0], f.text[:0]
	if line[0] != '{' || !json.Valid(line) {
		return explain(line)
	}
	_, fault := f.object(line, 1)
	return fault
}

// object reads from an opening brace of valid JSON to after its closing one.
func (f *flat) object(s []byte, depth int) ([]byte, *fault) {
	if depth > maxDepth {
		return nil, &fault{why: "objects are nested deeper than 32"}
	}
	for s = space(s[1:]); s[0] != '}'; {
		name, rest := unquote(s)
		above := len(f.path)
		if depth > 1 { // also in an object whose name is empty
			f.path = append(f.path, '.')
		}
		f.path = append(f.path, name...)
		rest, fault := f.value(space(space(rest)[1:]), depth) // after the colon
		if fault != nil {
			return nil, fault
		}
		f.path = f.path[:above]
		if s = space(rest); s[0] == ',' {
			s = space(s[1:])
		}
	}
	return s[1:], nil
}

// value reads the value of the field that path names.
func (f *flat) value(s []byte, depth int) (rest []byte, _ *fault) {
	if len(f.fields) == maxFields {
		return nil, &fault{why: "line has more than 4,096 fields"}
	}
	if len(f.text)+len(f.path) > table.MaxLine { // every field repeats the names of the objects around it
		return nil, &fault{why: "the dotted names of its fields are longer than 1 MiB together"}
	}
	start := len(f.text)
	f.text = append(f.text, f.path...)
	v := field{name: f.text[start:len(f.text):len(f.text)]}
	switch s[0] {
	case '{':
		f.fields = append(f.fields, v)
		return f.object(s, depth+1)
	case '"':
		v.value, rest = unquote(s)
	case '[':
		v.value, rest = array(s)
		v.array = true
	case 'n':
		rest = s[len("null"):]
	default:
		end := bytes.IndexAny(s, ",} \t\r\n")
		v.value, rest = s[:end:end], s[end:]
	}
	f.fields = append(f.fields, v)
	return rest, nil
}

// unquote returns what a string holds, and what follows it.
func unquote(s []byte) (text, rest []byte) {
	end := 1
	escaped := false
	for s[end] != '"' {
		if s[end] == '\\' {
			escaped = true
			end++
		}
		end++
	}
	if !escaped {
		return s[1:end:end], s[end+1:]
	}
	var plain string
	_ = json.Unmarshal(s[:end+1], &plain) // s is valid
	return []byte(plain), s[end+1:]
}

// array returns a whole array as it stands, and what follows it.
func array(s []byte) (text, rest []byte) {
	depth, quoted := 0, false
	for i := 0; ; i++ {
		switch c := s[i]; {
		case quoted && c == '\\':
			i++
		case c == '"':
			quoted = !quoted
		case quoted:
		case c == '[' || c == '{':
			depth++
		case c == ']' || c == '}':
			if depth--; depth == 0 {
				return s[: i+1 : i+1], s[i+1:]
			}
		}
	}
}

func space(s []byte) []byte { return bytes.TrimLeft(s, " \t\r\n") }
