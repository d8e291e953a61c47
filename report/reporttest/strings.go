package reporttest

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Strings are what people who mean harm, or only paste, put where a name is wanted: each
// kind of control character, sequences that terminals obey, text that runs backwards or is
// not seen, ends of lines, broken UTF-8, and what each output means something by.
func Strings() []string {
	return []string{
		// control characters
		"nul\x00nul", "bel\x07", "back\b\b\bspace", "esc\x1b", "del\x7f", "c1\u0085\u0090\u009c", "csi\u009b31m", "can\x18sub\x1a",
		// sequences that terminals obey
		"\x1b[31mred\x1b[0m", "\x1b[2J\x1b[H", "\x1b]0;title\x07", "\x1b]8;;http://evil.example\x1b\\link\x1b]8;;\x1b\\",
		"\x1b]52;c;ZXZpbA==\x07", "\x1b[8mconcealed", "\x1bP$q\x1b\\", "a\rb", "\x1b[1A\x1b[2K",
		// directions, and what is not seen
		"\u202eright to left", "\u202aembedded\u202c", "\u2066isolated\u2069", "\u200e\u200f\u061c", "abc \u05d0\u05d1\u05d2 \u202e123",
		"zero\u200bwidth", "joined\u200d\u200c", "\ufeffmark", "soft\u00adhyphen", "tags\U000e0041\U000e007f", "filler\u3164",
		"annotated\ufff9\ufffa\ufffb",
		// ends of lines
		"a\nb", "a\r\nb", "a\vb", "a\fb", "a\u2028b\u2029c", "tab\ttab", "\n\n", "nines: all good\nnines: gate open",
		// broken text, and much of it
		"\xff\xfe", "over\xc0\xaflong", "\xed\xa0\x80surrogate", "cut\xe3\x81", strings.Repeat("long", 2500),
		"stack" + strings.Repeat("\u0301", 60), "\ufffd", "",
		// spreadsheets and CSV
		"=1+1", "+1", "-1", "@SUM(A1)", "a;=1+1", "\t=1", `"quoted","cells"`, "=cmd|' /C calc'!A0", "\uff1d1",
		// HTML and addresses
		"<script>alert(1)</script>", "</script><img src=x onerror=alert(1)>", `" onmouseover="x`, "&lt;&#60;&amp;",
		"javascript:alert(1)", "data:text/html,<b>", "]]><!--", "<!ENTITY x SYSTEM 'file:///etc/passwd'>",
		// Markdown
		"[x](http://evil.example)", "![x](http://evil.example/p.png)", "`code` *bold* _it_ ~~no~~", "a|b|c", "# head", "- item", "[^1]: note",
		"@team and a@b.example", "#123 o/r#4 GH-5 !6 ~bug", "https://evil.example www.evil.example", ":tada: :100:",
		// pipelines
		"::error::x", "\u3000::set-output name=x::y", "##[error]x", "##vso[task.setvariable variable=x]y", "section_start:1:x\r\x1b[0K",
		"a\n::add-mask::b", "${{ secrets.TOKEN }}", "%0A::error::x",
		// programs
		"%s %d %n %!v(x)", "$(id) `id` ; rm -rf /", "../../etc/passwd", "{name} {n} {{.Title}}", `{"a":"b"}`, "'", `\`, "a: b # c", "- [x, *y, &z]", "!!str x",
	}
}

// Raw returns the first character of text that no output may hold: line ends and tabs, and
// the joiners that people write with, are allowed. It is "" if there is none.
func Raw(text string) string {
	for i, r := range text {
		switch {
		case r == '\n', r == '\t', r == '\u200c', r == '\u200d':
		case r == utf8.RuneError && !strings.HasPrefix(text[i:], "\ufffd"), unicode.IsControl(r), unicode.Is(unicode.Cf, r),
			r == '\u2028', r == '\u2029', r == '\u3164':
			return text[i:min(len(text), i+12)]
		}
	}
	return ""
}

// Obeyed returns the first line of text that a pipeline would take for a command, "" if
// there is none.
func Obeyed(text string) string {
	for line := range strings.Lines(text) {
		if strings.HasPrefix(strings.TrimSpace(line), "::") || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") {
			return line
		}
	}
	return ""
}
