package spec

import (
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/spec/yaml"
)

// Shares are refused in the unit of the tool, and booleans and texts are those of YAML 1.1.
func TestForeignTypes(t *testing.T) {
	for _, tt := range []struct {
		typ        Type
		text, want string
	}{
		{Percent, "99.9", ""},
		{Percent, "0.999", ""},
		{Percent, "99.9%", `k "99.9%" is written without a sign for percent; did you mean 99.9?`},
		{Percent, "101", `k "101" is over 100 %; write it like k: 99.9`},
		{Percent, "101%", `k "101%" is over 100 %; write it like k: 99.9`},
		{Percent, "100.0", `k "100.0" leaves no error budget; write it like k: 99.9`},
		{Percent, "0", `k "0" must be over 0; write it like k: 99.9`},
		{Percent, "-1", `k "-1" is not a number of percent; write it like k: 99.9`},
		{Percent, "99.99999999", `k "99.99999999" is finer than one part per billion; write it like k: 99.9`},
		{Percent, "most", `k "most" is not a number of percent; write it like k: 99.9`},
		{Ratio, "0.99", ""},
		{Ratio, "99", `k "99" is percent, and a ratio is asked; did you mean 0.99?`},
		{Ratio, "99.95", `k "99.95" is percent, and a ratio is asked; did you mean 0.9995?`},
		{Ratio, "99%", `k "99%" is percent, and a ratio is asked; did you mean 0.99?`},
		{Ratio, "0.5%", `k "0.5%" is percent, and a ratio is asked; did you mean 0.005?`},
		{Ratio, "1.00", `k "1.00" leaves no error budget; write it like k: 0.999`},
		{Ratio, "100", `k "100" leaves no error budget; write it like k: 0.999`},
		{Ratio, "101", `k "101" is over 100 %; write it like k: 0.999`},
		{Ratio, "0", `k "0" must be over 0; write it like k: 0.999`},
		{FullRatio, "1.0", ""},
		{FullRatio, "95", `k "95" is percent, and a ratio is asked; did you mean 0.95?`},
		{Switch, "true", ""}, {Switch, "Yes", ""}, {Switch, "off", ""}, {Switch, "N", ""},
		{Switch, "tRUE", `k "tRUE" is not true or false; write it like k: true`},
		{Switch, "1", `k "1" is not true or false; write it like k: true`},
		{Switch, `"on"`, `k "on" is a text in quotes; did you mean on?`},
		{Strict, "a", ""}, {Strict, "1.2.3", ""}, {Strict, `""`, ""}, {Strict, `"010"`, ""}, {Strict, "2026-01-01", ""},
		{Strict, "010", `k "010" is no text without quotes; did you mean "010"?`},
		{Strict, "1e3", `k "1e3" is no text without quotes; did you mean "1e3"?`},
		{Strict, "y", `k "y" is no text without quotes; did you mean "y"?`},
		{Strict, "[a]", `"k" must be text, not a list; write it like k: text`},
		{Loose, "y", ""}, {Loose, `""`, ""}, {Loose, "1.5", ""},
		{Loose, "{a: b}", `"k" must be text, not a map; write it like k: text`},
		{Years, "1y", ""}, {Years, "1y2w3d", ""}, {Years, "4w", ""},
		{Years, "9999y", `k "9999y" is not a duration: unknown unit "y"; write it like k: 4w`},
	} {
		docs, broken := yaml.Parse("x.yaml", []byte("k: "+tt.text+"\n"))
		if len(broken) > 0 {
			t.Fatal(broken)
		}
		var got []string
		for _, f := range Check(docs[0], []Key{{Name: "k", Type: tt.typ}}) {
			got = append(got, f.Message+"; "+f.Hint)
		}
		if strings.Join(got, "\n") != tt.want {
			t.Errorf("%s: got %q, want %q", tt.text, got, tt.want)
		}
	}
}
