package input

import (
	"context"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf8"

	"golang.org/x/text/encoding/japanese"
	"golang.org/x/text/encoding/unicode"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
	"github.com/nines-slo/nines/sources"
)

func sjis(t testing.TB, text string) string {
	t.Helper()
	out, err := japanese.ShiftJIS.NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

func wide16(t testing.TB, order unicode.Endianness, bom unicode.BOMPolicy, text string) string {
	t.Helper()
	out, err := unicode.UTF16(order, bom).NewEncoder().String(text)
	if err != nil {
		t.Fatal(err)
	}
	return out
}

// decode reads one file in the encoding that the source says.
func decode(t testing.TB, said, content string) (string, error) {
	t.Helper()
	is, ok := encodingOf(said)
	if !ok {
		t.Fatalf("no encoding %q", said)
	}
	var got []byte
	s := &source{name: "a.csv", content: &ends{}, encoding: is, ctx: t.Context(), r: iotest.HalfReader(strings.NewReader(content))}
	err := s.decompress(func(r io.Reader) error {
		var err error
		got, err = io.ReadAll(iotest.HalfReader(r))
		return err
	})
	return string(got), err
}

// Text is read as what its byte order mark says it is, else as the source says, else as
// UTF-16 where each of its first characters has a zero byte.
func TestEncodings(t *testing.T) {
	const text = "日時,区分,件数\r\n2026/05/01,東京,1\r\n"
	const ascii = "timestamp,region\n2026-05-01,東京\n"
	little, big := unicode.LittleEndian, unicode.BigEndian
	for _, c := range []struct{ name, said, content, want string }{
		{"utf-8", "", text, text},
		{"utf-8, said", "UTF-8", text, text},
		{"utf-8 with a mark", "", "\ufeff" + text, "\ufeff" + text},
		{"utf-8 with a mark, another said", "shift_jis", "\ufeff" + text, "\ufeff" + text},
		{"shift_jis", "shift_jis", sjis(t, text), text},
		{"shift_jis of Windows", "CP932", sjis(t, "①髙\n"), "①髙\n"},
		{"shift_jis whose second bytes are marks of ASCII", "sjis", sjis(t, "ソ,表,能\n"), "ソ,表,能\n"},
		{"shift_jis, packed", "shift_jis", string(gz(sjis(t, text))), text},
		{"windows-1252", "windows-1252", "K\xf6ln,\x80\n", "Köln,€\n"},
		{"utf-16 little with a mark", "", wide16(t, little, unicode.UseBOM, text), text},
		{"utf-16 big with a mark", "", wide16(t, big, unicode.UseBOM, text), text},
		{"utf-16 big with a mark, little said", "utf-16le", wide16(t, big, unicode.UseBOM, text), text},
		{"utf-16 with a mark, packed", "", string(zst(wide16(t, little, unicode.UseBOM, text))), text},
		{"utf-16 little without a mark", "", wide16(t, little, unicode.IgnoreBOM, ascii), ascii},
		{"utf-16 big without a mark", "", wide16(t, big, unicode.IgnoreBOM, ascii), ascii},
		{"utf-16 little without a mark, said", "utf-16le", wide16(t, little, unicode.IgnoreBOM, text), text},
		{"utf-16 big without a mark, said", "UTF16BE", wide16(t, big, unicode.IgnoreBOM, text), text},
		{"utf-16 of characters beyond it", "", wide16(t, little, unicode.UseBOM, "𠮷,1\n"), "𠮷,1\n"},
		{"zeros behind a rotation", "", "\x00\x00\x00\x00\x00\x00a\n", "\x00\x00\x00\x00\x00\x00a\n"},
		{"one character and a zero", "", "a\x00", "a\x00"},
		{"nothing", "", "", ""},
		{"iso-2022-jp", "iso-2022-jp", "a,\x1b$BEl5~\x1b(B,1\n\x1b$B6hJ,\x1b(J,2\n", "a,東京,1\n区分,2\n"},
		{"nothing, said", "shift_jis", "", ""},
		{"a mark alone", "", "\xff\xfe", ""},
	} {
		got, err := decode(t, c.said, c.content)
		if err != nil || got != c.want {
			t.Errorf("%s: got %q, %v; want %q", c.name, got, err, c.want)
		}
	}
}

func TestEncodingRefuses(t *testing.T) {
	for _, c := range []struct{ name, said, content, want string }{
		{"utf-8 read as shift_jis", "shift_jis", "timestamp,店\n1,東京\n", "the file is not shift_jis: it has bytes that are none [input/encoding]"},
		{"half a character", "shift_jis", sjis(t, "a\nb\n区")[:5], "a.csv:3: the file is not shift_jis"},
		{"utf-32", "", "\xff\xfe\x00\x00a\x00\x00\x00", "a.csv: the file is UTF-32"},
		{"utf-32 big", "", "\x00\x00\xfe\xff\x00\x00\x00a", "a.csv: the file is UTF-32"},
	} {
		_, err := decode(t, c.said, c.content)
		var list diag.List
		if !errors.As(err, &list) || !strings.Contains(err.Error(), c.want) {
			t.Errorf("%s: got %v, want %s", c.name, err, c.want)
		}
	}
	for _, name := range []string{"shift-jjis", "ansi-x", "replacement", "iso-2022-kr", "utf-32", "x"} {
		v := spec.Value{Kind: spec.Scalar, Text: name}
		if got := CheckEncoding(v).Error(); !strings.Contains(got, `is not known [input/encoding]`) {
			t.Errorf("%s: got %q", name, got)
		}
	}
}

// What bytes are is guessed by what they read as: words of Europe have few letters beyond
// ASCII and others beside them, words of Japan are of nothing else.
func TestGuessEncoding(t *testing.T) {
	euc := func(text string) string {
		out, err := japanese.EUCJP.NewEncoder().String(text)
		if err != nil {
			t.Fatal(err)
		}
		return out
	}
	jis, err := japanese.ISO2022JP.NewEncoder().String("1,東京,2")
	if err != nil {
		t.Fatal(err)
	}
	const either = "windows-1252, or shift_jis if it is Japanese"
	for _, c := range []struct{ name, text, want string }{
		{"one letter of Europe", "caf\xe9", "windows-1252"},
		{"two, which Shift_JIS has as katakana", "GR\xd6\xdfE", "windows-1252"},
		{"three", "na\xef\xe9\xe8s", "windows-1252"},
		{"a sign of print", "10 \x80 \x96 \x93K\xf6ln\x94", "windows-1252"},
		{"kanji", sjis(t, "1,東京,2"), "shift_jis"},
		{"kanji whose second byte is of ASCII", sjis(t, "表示"), "shift_jis"},
		{"katakana of half width", sjis(t, "ﾄｳｷｮｳ"), "shift_jis"},
		{"kanji beside ASCII", sjis(t, "id失敗a"), "shift_jis"},
		{"kanji in EUC", euc("1,東京,2"), "euc-jp"},
		{"hiragana in EUC", euc("しっぱい"), "euc-jp"},
		{"kanji in ISO-2022-JP", jis, "iso-2022-jp"},
		{"one character alone", "\xc5\xec", either},
		{"what is nothing", "\xff\xfe", either},
	} {
		if got := GuessEncoding([]byte(c.text)); got != c.want {
			t.Errorf("%s: got %s, want %s", c.name, got, c.want)
		}
	}
	f, bad := NotUTF8([]byte(jis), diag.Pos{File: "a.csv", Line: 2})
	if want := "a.csv:2:3: the line has letters of ISO-2022-JP, not of UTF-8 [input/encoding]"; !bad || f.Error() != want || !strings.Contains(f.Hint, "encoding: iso-2022-jp") {
		t.Errorf("got %v, %v, %q, want %s", f, bad, f.Hint, want)
	}
	if f, bad := NotUTF8([]byte("1,\x1b[31m東京\x1b[0m,$"), diag.Pos{Line: 2}); bad {
		t.Errorf("colours of a terminal: got %v", f)
	}
}

// Files that hold the same lines in two encodings are told.
func TestOverlapsOfEncodings(t *testing.T) {
	const text = "timestamp,total\n2026-05-01,1\n"
	dir := folder(t, map[string][]byte{"a.csv": []byte(text), "b.csv": []byte(wide16(t, unicode.LittleEndian, unicode.UseBOM, text))})
	files, err := Find(path(t, "'*.csv'"), dir, sources.Env{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := files.Each(t.Context(), func(_ context.Context, _ *File, r io.Reader) error { _, err := io.ReadAll(r); return err }); err != nil {
		t.Fatal(err)
	}
	if notes := files.Overlaps(path(t, "'*.csv'")); len(notes) != 1 {
		t.Errorf("got %v", notes)
	}
}

// FuzzEncoding: what is UTF-8 stays as it is, and what is decoded is UTF-8.
func FuzzEncoding(f *testing.F) {
	for _, s := range []string{"a,b\n1,2\n", "\xff\xfea\x00", "\x00a\x00b\x00c", "\x93\x8c\x8b\x9e", "\ufeffa", "\x1b$B"} {
		f.Add("", s)
		f.Add("shift_jis", s)
		f.Add("utf-16be", s)
	}
	f.Fuzz(func(t *testing.T, said, content string) {
		if _, ok := encodingOf(said); !ok {
			return
		}
		got, err := decode(t, said, content)
		is, _ := encodingAt([]byte(content[:min(len(content), longestHead)]), first(encodingOf(said)))
		switch {
		case err != nil:
		case is.form != nil && !utf8.ValidString(got):
			t.Fatalf("%q as %q: %q", content, is.name, got)
		case is.form == nil && !isGzip([]byte(content)) && !isZstd([]byte(content)) && got != content:
			t.Fatalf("%q became %q", content, got)
		}
	})
}

func first(e textEncoding, _ bool) textEncoding { return e }
