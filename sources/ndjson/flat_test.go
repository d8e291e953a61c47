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
		`{"timestamp":"2026-05-01T00:00:00Z","good":9,"total":10}`, `{"a":{"b":{"c":"\u0041\"\\"}},"d":[1,"]",{"e":2}],"f":null,"g":-1.5e3}`, `{"":{"b":{"":"x"}},"c":2}`,
		`{ "a" : { } , "b" : [ ] , "" : "" }`, `{"a":1}{`, `[1]`, `{"a":"` + "\xff" + `"}`, `{"a":tru}`, "{",
		longNames(2<<10, 600),
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

// longNames returns a line with an object of a long name that holds many fields.
func longNames(length, fields int) string {
	return `{"` + strings.Repeat("n", length) + `":{` + strings.Repeat(`"a":1,`, fields) + `"b":1}}`
}

// A field's name holds the names of the objects around it: 4,000 fields in one
// of 500 KB would take 2 GB.
func TestLongNamesAreBounded(t *testing.T) {
	var f flat
	fault := f.read([]byte(longNames(500_000, 4000)))
	if fault == nil || fault.why != "the dotted names of its fields are longer than 1 MiB together" {
		t.Errorf("got %v, want a fault about names", fault)
	}
	if cap(f.text) > 4<<20 {
		t.Errorf("names take %d bytes, want at most 4 MiB", cap(f.text))
	}
	if fault := f.read([]byte(longNames(250, 4000))); fault != nil || len(f.fields) != 4002 {
		t.Errorf("got %v and %d fields, want 4002", fault, len(f.fields))
	}
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
