package input

import (
	"bufio"
	"bytes"
	"fmt"
	"io"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/encoding"
	"golang.org/x/text/encoding/htmlindex"
	wide "golang.org/x/text/encoding/unicode"
	"golang.org/x/text/transform"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// EncodingKey is the key of a source that says how the text of its files is encoded.
func EncodingKey() spec.Key {
	return spec.Key{Name: "encoding", Type: spec.Text, Doc: "How the text is encoded: utf-8 if left out; utf-16le, utf-16be, shift_jis, euc-jp, windows-1252 " +
		"and the like. A byte order mark says it too, and wins."}
}

// CheckEncoding refuses a value of EncodingKey that names no encoding.
func CheckEncoding(v spec.Value) diag.List {
	if _, ok := encodingOf(v.Text); ok || !v.Is() {
		return nil
	}
	f := diag.Errorf(v.Pos, "input/encoding", "encoding %q is not known", v.Text)
	return diag.List{f.WithHint("write utf-8, utf-16le, utf-16be, shift_jis, euc-jp, iso-2022-jp, gb18030, " +
		"big5, euc-kr or windows-1252, " +
		"or another name of the WHATWG's Encoding Standard")}
}

// Decode says how the text of the files is encoded: a value of EncodingKey that
// CheckEncoding takes, or none.
func (f *Files) Decode(v spec.Value) {
	f.encoding, _ = encodingOf(v.Text)
}

// textEncoding is how a text is encoded. Zero, it is UTF-8.
type textEncoding struct {
	name string
	form encoding.Encoding
}

// encodingOf finds an encoding by its name, false if there is none.
func encodingOf(name string) (textEncoding, bool) {
	switch name = strings.ToLower(strings.TrimSpace(name)); name {
	case "":
		return textEncoding{}, true
	case "cp932":
		name = "shift_jis"
	case "latin-1":
		name = "latin1"
	case "utf16", "utf16le", "utf16be":
		name = "utf-" + name[3:]
	}
	e, err := htmlindex.Get(name)
	if err != nil {
		return textEncoding{}, false
	}
	switch name, _ = htmlindex.Name(e); name {
	case "utf-8":
		return textEncoding{}, true
	case "utf-16le", "utf-16be":
		return utf16(name), true
	case "replacement", "x-user-defined":
		return textEncoding{}, false
	}
	return textEncoding{name, e}, true
}

// utf16 returns an encoding whose byte order mark was read.
func utf16(name string) textEncoding {
	order := wide.LittleEndian
	if name == "utf-16be" {
		order = wide.BigEndian
	}
	return textEncoding{name, wide.UTF16(order, wide.IgnoreBOM)}
}

// encodingAt tells how a text is encoded that begins with head and of which said is said,
// and how long its byte order mark is.
func encodingAt(head []byte, said textEncoding) (is textEncoding, mark int) {
	switch {
	case bytes.HasPrefix(head, []byte("\xEF\xBB\xBF")):
		return textEncoding{}, 0 // who reads lines skips it
	case bytes.HasPrefix(head, []byte("\xFF\xFE")):
		return utf16("utf-16le"), 2
	case bytes.HasPrefix(head, []byte("\xFE\xFF")):
		return utf16("utf-16be"), 2
	case said.form != nil:
		return said, 0
	case zeros(head, 1):
		return utf16("utf-16le"), 0
	case zeros(head, 0):
		return utf16("utf-16be"), 0
	}
	return textEncoding{}, 0
}

// zeros tells whether a text begins as one of ASCII characters in UTF-16 does: each has
// a zero byte, the first or the second of its two.
func zeros(head []byte, at int) bool {
	head = head[:min(len(head), 16)&^1]
	for i := 0; i < len(head); i += 2 {
		if c := head[i+1-at]; head[i+at] != 0 || c >= 0x7f || c < ' ' && c != '\t' && c != '\r' && c != '\n' {
			return false
		}
	}
	return len(head) >= 4
}

// shift is what letters of ISO-2022-JP begin with, all bytes of which are of ASCII.
const shift = "\x1b$"

// Shifts tells whether a text has letters of ISO-2022-JP.
func Shifts(text []byte) bool { return bytes.Contains(text, []byte(shift)) }

// NotUTF8 refuses a line of a text that nothing was said of, false if it is UTF-8: what it
// holds would be another text, which no condition knows. Of ISO-2022-JP, whose bytes are
// all of ASCII, it tells by how its letters begin.
func NotUTF8(line []byte, pos diag.Pos) (diag.Finding, bool) {
	begin := bytes.Index(line, []byte(shift))
	if begin < 0 && utf8.Valid(line) {
		return diag.Finding{}, false
	}
	pos.Col = 1
	for rest := line; len(rest) > 0 && len(line)-len(rest) != begin; pos.Col++ {
		r, n := utf8.DecodeRune(rest)
		if r == utf8.RuneError && n == 1 {
			break
		}
		rest = rest[n:]
	}
	if begin >= 0 && utf8.Valid(line) {
		return diag.Errorf(pos, "input/encoding", "the line has letters of ISO-2022-JP, not of UTF-8").
			WithHint("say in the source how it is encoded: encoding: iso-2022-jp"), true
	}
	f := diag.Errorf(pos, "input/encoding", "the line has bytes that are not UTF-8")
	if bytes.ContainsFunc(line, func(c rune) bool { return c < ' ' && c != '\t' }) {
		return f.WithHint("it holds control characters too: is the file a text?"), true
	}
	return f.WithHint("say in the source how it is encoded, such as encoding: %s", GuessEncoding(line)), true
}

// GuessEncoding tells which encoding a text of another than UTF-8 may be of: that of
// Western Europe if each of its letters then stands in a word, one of Japan if two of its
// characters stand side by side, as they do in no word of Europe.
func GuessEncoding(text []byte) string {
	switch {
	case Shifts(text):
		return "iso-2022-jp"
	case western(text):
		return "windows-1252"
	}
	japanese := func(r rune) bool {
		return r == 'ー' || unicode.In(r, unicode.Han, unicode.Hiragana, unicode.Katakana)
	}
	for _, name := range []string{"euc-jp", "shift_jis"} {
		is, _ := encodingOf(name)
		text, err := is.form.NewDecoder().Bytes(text)
		if err != nil || bytes.Contains(text, []byte(noRune)) {
			continue
		}
		before := false
		for _, r := range string(text) {
			if before && japanese(r) {
				return name
			}
			before = japanese(r)
		}
	}
	return "windows-1252, or shift_jis if it is Japanese"
}

// mostAccents is how many letters beyond ASCII follow each other in a word of Europe.
const mostAccents = 3

// western tells whether a text reads as one of windows-1252: beyond ASCII it has letters
// that stand beside one of ASCII, at most a few in a row, and signs that are usual in print.
func western(text []byte) bool {
	is, _ := encodingOf("windows-1252")
	read, err := is.form.NewDecoder().Bytes(text)
	if err != nil {
		return false
	}
	ascii := func(r rune) bool { return r < utf8.RuneSelf && unicode.IsLetter(r) }
	run, before := 0, rune(0) // letters beyond ASCII so far, and what stands before them
	for _, r := range string(read) + "\n" {
		switch {
		case r >= utf8.RuneSelf && unicode.IsLetter(r):
			run++
		case r >= utf8.RuneSelf && !strings.ContainsRune("\u00a0€£§©®°«»–—‘’“”„…", r),
			run > mostAccents, run > 0 && !ascii(before) && !ascii(r):
			return false
		default:
			run, before = 0, r
		}
	}
	return true
}

// utf32 tells whether a text is UTF-32, by its byte order mark.
func utf32(head []byte) bool {
	return bytes.HasPrefix(head, []byte("\xFF\xFE\x00\x00")) || bytes.HasPrefix(head, []byte("\x00\x00\xFE\xFF"))
}

// text calls read with the content of a file as UTF-8.
func (s *source) text(r io.Reader, read func(io.Reader) error) error {
	buffered := bufio.NewReaderSize(r, 64<<10)
	head, err := buffered.Peek(longestHead)
	if err != nil && err != io.EOF {
		return err
	}
	if utf32(head) {
		return refuseFile(s.name, "is UTF-32", "save it as UTF-8")
	}
	_, packed := r.(*unpacked)
	is, mark := encodingAt(head, s.encoding)
	if is.form == nil {
		return read(&content{r: buffered, packed: packed})
	}
	_, _ = buffered.Discard(mark)
	d := &decoded{r: transform.NewReader(buffered, is.form.NewDecoder()), is: is, name: s.name}
	err = read(&content{r: d, packed: packed})
	*s.content = d.ends
	return err
}

// content is what a ReadFunc reads.
type content struct {
	r      io.Reader
	packed bool
}

// Read reads the text of the file.
func (c *content) Read(p []byte) (int, error) { return c.r.Read(p) }

// decoded is a text that was of another encoding than UTF-8.
type decoded struct {
	r    io.Reader
	is   textEncoding
	name string // of the file
	ends ends
	line int    // ends of lines
	last []byte // the end of what was read
}

// noRune stands for what could not be decoded.
const noRune = "\uFFFD"

// Read refuses bytes that are none of the encoding: it would be another text.
func (d *decoded) Read(p []byte) (int, error) {
	n, err := d.r.Read(p)
	read := p[:n]
	d.ends.Write(read)
	if !strings.HasPrefix(d.is.name, "utf-16") {
		d.last = append(d.last, read...)
		if i := bytes.Index(d.last, []byte(noRune)); i >= 0 {
			line := 1 + d.line + bytes.Count(d.last[:i], []byte("\n"))
			return 0, d.refuse(line)
		}
		keep := max(0, len(d.last)-len(noRune)+1)
		d.line += bytes.Count(d.last[:keep], []byte("\n"))
		d.last = append(d.last[:0], d.last[keep:]...)
	}
	return n, err
}

func (d *decoded) refuse(line int) error {
	f := diag.Errorf(diag.Pos{File: d.name, Line: line}, "input/encoding", "%s", fmt.Sprintf("the file is not %s: it has bytes that are none", d.is.name))
	return diag.List{f.WithHint("is the encoding of the source right? leave it out if the file is UTF-8")}
}
