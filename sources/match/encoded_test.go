package match

import "testing"

// A value in another encoding is judged by its ASCII alone. What asks for other letters, or
// counts them, is unsure of it, as is the opposite; the same text in UTF-8 is plain.
func TestOtherEncodings(t *testing.T) {
	const sjis, latin, text = "/a/\x8e\xb8\x94s", "/gr\xf6\xdfe", "/a/失敗"
	for _, c := range []struct {
		cond, value string
		want        Truth
	}{
		{"{path: /a/失敗}", text, Yes},
		{"{path: /a/失敗}", sjis, Unsure},
		{"{path: {not: /a/失敗}}", sjis, Unsure},
		{`{path: "!= /a/失敗"}`, sjis, Unsure},
		{"{path: /b/失敗}", sjis, No},
		{"{path: [\"/a/x\", /a/失敗]}", sjis, Unsure},
		{"{path: /größe}", latin, Unsure},
		{"{path: /größe}", "/go\xdfe", No},
		{"{path: /a/x}", sjis, No},
		{`{path: "!= /a/x"}`, sjis, Yes},
		{"{path: /a/*}", sjis, Yes},
		{"{path: /b/*}", sjis, No},
		{"{path: /a/失*}", sjis, Unsure},
		{"{path: /a/失*}", text, Yes},
		{"{path: /a/??}", sjis, Unsure},
		{"{path: /a/??}", text, Yes},
		{"{path: /b/??}", sjis, No},
		{"{path: ~^/a/}", sjis, Yes},
		{"{path: ~^/a/.*$}", sjis, Yes},
		{"{path: ~^/a/[^/]+$}", sjis, Yes},
		{"{path: ~^/a/..$}", sjis, Unsure},
		{"{path: ~^/a/..$}", text, Yes},
		{"{path: '~^/a/\\p{Han}+$'}", sjis, Unsure},
		{"{path: '~(/.)*x'}", sjis, No},
		{`{path: "/*s"}`, sjis, Unsure}, // the second byte of a letter, or an s
		{`{path: "~/a/.*s"}`, sjis, Unsure},
		{`{path: "/*s"}`, latin + "s", Unsure},
		{`{path: "/*e"}`, "/gr\xf6se", Yes},
		{`{path: "~.*(Googlebot/2.1|kube-probe/1.2).*"}`, "Moz\xe9", No},
		{`{path: "~.*bot[^a-z].*"}`, "Moz\xe9", No},
		{`{path: "*bot?*"}`, "Moz\xe9", No},
		{`{path: "*bot?*"}`, "bot\xe9", Yes},
		{`{path: "~(?i)MOZ"}`, "moz\xe9", Yes},
		{`{path: "~/v1.0/.*"}`, "/api/caf\xe9", No},
		{`{path: "*.php?"}`, "/caf\xe9.php", No},
		{"{path: ~失}", sjis, Unsure},
		{"{path: ~失}", "/plain", No},
		{"{host: 例え.jp}", "\x97\xe1.jp", Unsure},
		{"{host: a.example}", "\x97\xe1.jp", No},
		{"{path: none}", sjis, No},
	} {
		cond, findings := compile(t, c.cond)
		if len(findings) > 0 {
			t.Fatalf("%s: %v", c.cond, findings)
		}
		if got := cond.Judge(event("path=" + c.value + " host=" + c.value)); got != c.want {
			t.Errorf("%s of %q: got %d, want %d", c.cond, c.value, got, c.want)
		}
	}
}
