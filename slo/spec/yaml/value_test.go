package yaml

import "testing"

func TestValueKey(t *testing.T) {
	tests := []struct{ name, text, want string }{
		{"text", "v: west", "s4:west"},
		{"empty text", `v: ""`, "s0:"},
		{"null", "v: null", "n"},
		{"no value", "v:", "n"},
		{"the text null", `v: "null"`, "s4:null"},
		{"missing", "w: 1", "-"},
		{"bytes are counted", "v: 東京", "s6:東京"},
		{"list", "v: [eu, west]", "l2:s2:eus4:west"},
		{"list in lines", "v:\n  - eu\n  - west", "l2:s2:eus4:west"},
		{"order of a list", "v: [west, eu]", "l2:s4:wests2:eu"},
		{"one item that prints like two", "v:\n  - eu, west", "l1:s8:eu, west"},
		{"empty list", "v: []", "l0:"},
		{"empty map", "v: {}", "m0:"},
		{"list in a list", "v: [[a], b]", "l2:l1:s1:as1:b"},
		{"map", "v: {b: 1, a: [2]}", "m2:1:al1:s1:21:bs1:1"},
		{"map in another order", "v:\n  a: [2]\n  b: 1", "m2:1:al1:s1:21:bs1:1"},
		{"key that prints like two fields", `v: {"a: 1, b": 2}`, "m1:7:a: 1, bs1:2"},
		{"text that looks like a key", `v: "l1:s1:a"`, "s7:l1:s1:a"},
		{"quotes tell nothing", `v: ["200", '200', 200]`, "l3:s3:200s3:200s3:200"},
		{"nor do anchors", "w: &a {x: 1}\nv: *a", "m1:1:xs1:1"},
	}
	for _, tt := range tests {
		t.Run(tt.name, func(t *testing.T) {
			docs, findings := Parse("a.yaml", []byte(tt.text))
			if len(findings) > 0 {
				t.Fatal(findings)
			}
			if got := docs[0].Get("v").Key(); got != tt.want {
				t.Errorf("got %s, want %s", got, tt.want)
			}
		})
	}
}

// Values that print alike are still told apart.
func TestValueKeyTellsApartWhatPrintsAlike(t *testing.T) {
	pairs := [][2]string{
		{"where: {region: [eu, west]}", "where:\n  region:\n    - eu, west"},
		{"where: {region: [eu]}", "where: {region: \"[eu]\"}"},
		{"where: {region: null}", "where: {region: \"null\"}"},
		{"where: {region: [a, [b]]}", "where: {region: [a, \"[b]\"]}"},
		{"where: {a: 1, b: 2}", "where: {a: \"1, b: 2\"}"},
	}
	for _, pair := range pairs {
		var keys []string
		for _, text := range pair {
			docs, findings := Parse("a.yaml", []byte(text))
			if len(findings) > 0 {
				t.Fatal(findings)
			}
			keys = append(keys, docs[0].Key())
		}
		if keys[0] == keys[1] {
			t.Errorf("%q and %q have the same key %s", pair[0], pair[1], keys[0])
		}
	}
}

// What prints alike is alike: a value that is printed and read again is the same.
func TestStringReadsBack(t *testing.T) {
	for _, text := range []string{
		"v: [eu, west]", "v:\n  - eu, west", `v: "[eu, west]"`, "v: null", `v: "null"`, `v: "~"`, "v: ~x", `v: ""`, "v: {}", "v: []",
		`v: {"a: 1, b": 2}`, "v: -1", `v: "- a"`, "v: a:b", `v: "a: b"`, `v: "a #b"`, "v: a#b", `v: "#a"`, `v: "a\"b"`, `v: 'c:\d'`,
		"v: |\n  one\n  two\n", `v: " a "`, `v: "a:"`, "v: <= 300ms", `v: "*"`, "v: /api/*", "v: ~^/v[0-9]+$", "v: 12:30", "v: 東京",
	} {
		docs, findings := Parse("a.yaml", []byte(text))
		if len(findings) > 0 {
			t.Fatalf("%s: %v", text, findings)
		}
		v := docs[0].Get("v")
		again, findings := Parse("b.yaml", []byte("v: "+v.String()))
		if len(findings) > 0 || again[0].Get("v").Key() != v.Key() {
			t.Errorf("%s: printed %s, read back %v %v", text, v, again, findings)
		}
	}
}
