package ndjson

import (
	"encoding/json"
	"strconv"
	"strings"
	"testing"
	"unicode/utf8"
)

// FuzzFlat holds the fields of a line against those that encoding/json decodes.
func FuzzFlat(f *testing.F) {
	for _, s := range []string{
		`{"timestamp":"2026-05-01T00:00:00Z","good":9,"total":10}`, `{"a":{"b":{"c":"\u0041\"\\"}},"d":[1,"]",{"e":2}],"f":null,"g":-1.5e3}`,
		`{ "a" : { } , "b" : [ ] , "" : "" }`, `{"a":1}{`, `[1]`, `{"a":"` + "\xff" + `"}`, `{"a":tru}`, "{",
	} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, line string) {
		if line == "" {
			return
		}
		var fl flat
		fault := fl.read([]byte(line))
		var want map[string]any
		err := json.Unmarshal([]byte(line), &want)
		if fault != nil {
			known := strings.Contains(fault.why, "nested") || strings.Contains(fault.why, "fields")
			if err == nil && line[0] == '{' && !known {
				t.Fatalf("%q: refused %q, encoding/json reads it", line, fault.why)
			}
			return
		}
		if err != nil {
			t.Fatalf("%q: read, encoding/json says %v", line, err)
		}
		got := map[string]string{}
		for _, fd := range fl.fields {
			if _, twice := got[string(fd.name)]; twice || !utf8.ValidString(line) {
				return // the reader refuses the first; encoding/json mends the second
			}
			got[string(fd.name)] = string(fd.value)
		}
		if n := compare(t, got, "", want); n != len(got) {
			t.Fatalf("%q: got %d fields, want %d", line, len(got), n)
		}
	})
}

// compare looks every field of an object up and returns their number.
func compare(t *testing.T, got map[string]string, prefix string, want map[string]any) (n int) {
	for name, v := range want {
		text, ok := got[prefix+name]
		if !ok {
			t.Fatalf("field %q is missing", prefix+name)
		}
		n++
		switch v := v.(type) {
		case map[string]any:
			n += compare(t, got, prefix+name+".", v)
		case string:
			if text != v {
				t.Fatalf("field %q: got %q, want %q", prefix+name, text, v)
			}
		case bool:
			if text != strconv.FormatBool(v) {
				t.Fatalf("field %q: got %q, want %v", prefix+name, text, v)
			}
		}
	}
	return n
}

func BenchmarkFlat(b *testing.B) {
	line := []byte(`{"timestamp":"2026-05-01T00:00:00Z","region":"eu-central-1","good":9123,"total":10000}`)
	var f flat
	b.SetBytes(int64(len(line)))
	for b.Loop() {
		if fault := f.read(line); fault != nil {
			b.Fatal(fault.why)
		}
	}
}
