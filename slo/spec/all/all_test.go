package all

import "testing"

// Every format has a name of its own, by which findings call it.
func TestFormats(t *testing.T) {
	names := map[string]bool{}
	for _, f := range Formats(false) {
		if f.Name == "" || names[f.Name] || f.Mine == nil || f.Native == nil {
			t.Errorf("format %q has no name of its own, or lacks a part", f.Name)
		}
		names[f.Name] = true
	}
	if !names["nines/v1"] {
		t.Error("the native format is not read")
	}
}
