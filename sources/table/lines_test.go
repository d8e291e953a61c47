package table

import (
	"fmt"
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"pgregory.net/rapid"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources/input"
)

// lines reads all lines of a text; a line that is too long is "!". One without an end has
// a $ behind it.
func lines(l *Lines) (all []string) {
	for {
		line, err := l.Next()
		switch {
		case err == io.EOF:
			return all
		case err == ErrTooLong:
			all = append(all, "!")
		case err != nil:
			return append(all, err.Error())
		default:
			all = append(all, string(line))
		}
		if !l.Ended() {
			all[len(all)-1] += "$"
		}
	}
}

// slowLines is the twin of lines.
func slowLines(text string, feedOnly bool) (all []string) {
	text = strings.ReplaceAll(strings.TrimPrefix(text, "\ufeff"), "\r\n", "\n")
	if !feedOnly {
		text = strings.ReplaceAll(text, "\r", "\n")
	}
	for text != "" {
		line, rest, ended := strings.Cut(text, "\n")
		if !ended {
			line += "$"
		}
		all, text = append(all, line), rest
	}
	return all
}

func TestLines(t *testing.T) {
	long := strings.Repeat("x", MaxLine)
	for _, c := range []struct{ name, text, want, feedOnly string }{
		{"line feeds", "a\nb\n", "a|b", "a|b"},
		{"Windows", "a\r\nb\r\n", "a|b", "a|b"},
		{"returns alone", "a\rb\r", "a|b", "a\rb\r$"},
		{"all three, and no end", "a\rb\r\nc\n\rd", "a|b|c||d$", "a\rb|c|\rd$"},
		{"two returns", "a\r\r\nb\n", "a||b", "a\r|b"},
		{"nothing", "", "", ""},
		{"a mark", "\ufeffa\n\ufeffb\n", "a|\ufeffb", "a|\ufeffb"},
		{"the longest", long + "\r\nb\n", long + "|b", long + "|b"},
		{"the longest, of returns", long[1:] + "\r\r\nb\n", long[1:] + "||b", long[1:] + "\r|b"},
		{"one byte longer", long + "x\nb\n", "!|b", "!|b"},
		{"one byte longer, a return", long + "\r\r\nb\n", long + "||b", "!|b"},
		{"much longer, returns alone", "a\r" + long + long + "\rb\r", "a|!|b", "!$"},
		{"much longer, Windows", "a\r\n" + long + long + "\r\nb\r\n", "a|!|b", "a|!|b"},
		{"much longer, no end", "a\n" + long + long, "a|!$", "a|!$"},
	} {
		for name, by := range map[string]func(io.Reader) io.Reader{
			"": func(r io.Reader) io.Reader { return r }, " by halves": iotest.HalfReader, " and the end at once": iotest.DataErrReader,
		} {
			if got := strings.Join(lines(NewLines(by(strings.NewReader(c.text)))), "|"); got != c.want {
				t.Errorf("%s%s: got %.40q, want %.40q", c.name, name, got, c.want)
			}
			if got := strings.Join(lines(NewFeedLines(by(strings.NewReader(c.text)))), "|"); got != c.feedOnly {
				t.Errorf("%s%s, feeds only: got %.40q, want %.40q", c.name, name, got, c.feedOnly)
			}
		}
	}
	broken := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(io.ErrClosedPipe))
	if got := strings.Join(lines(NewLines(broken)), "|"); got != "a|"+io.ErrClosedPipe.Error() {
		t.Errorf("a broken disk: got %q", got)
	}
}

// Long texts of short lines are read as their slow twin reads them, however they come.
func TestLinesInPieces(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		pieces := rapid.SliceOf(rapid.SampledFrom([]string{"a", "\r", "\n", "\r\n", strings.Repeat("b", 9000), strings.Repeat("c\r", 5000)})).Draw(t, "text")
		text := strings.Join(pieces, "")
		r := rapid.SampledFrom([]func(io.Reader) io.Reader{iotest.HalfReader, iotest.DataErrReader, iotest.OneByteReader}).Draw(t, "reader")
		feedOnly := rapid.Bool().Draw(t, "feed only")
		l := NewLines(r(strings.NewReader(text)))
		if feedOnly {
			l = NewFeedLines(r(strings.NewReader(text)))
		}
		if got, want := fmt.Sprint(lines(l)), fmt.Sprint(slowLines(text, feedOnly)); got != want {
			t.Fatalf("%.80q: got %.80q, want %.80q", text, got, want)
		}
	})
}

func FuzzLines(f *testing.F) {
	for _, s := range []string{"a\nb", "a\r\n\rb\r", "\ufeff\r", "\ufeff", "\n\n"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if _, other := input.NotUTF8([]byte(text), diag.Pos{}); other {
			t.Skip("a line of another encoding ends the file")
		}
		half := func() io.Reader { return iotest.HalfReader(strings.NewReader(text)) }
		for feedOnly, l := range map[bool]*Lines{false: NewLines(half()), true: NewFeedLines(half())} {
			if got, want := fmt.Sprintf("%q", lines(l)), fmt.Sprintf("%q", slowLines(text, feedOnly)); got != want {
				t.Fatalf("%q: got %s, want %s", text, got, want)
			}
		}
	})
}

// BenchmarkLines reads lines that end in a return alone: one that looks for a line feed
// far behind each of them would be slow.
func BenchmarkLines(b *testing.B) {
	for _, end := range []string{"\n", "\r\n", "\r"} {
		text := strings.Repeat("2026-05-01T00:00:00Z,10,10"+end, 100_000)
		b.Run(fmt.Sprintf("%q", end), func(b *testing.B) {
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				for l := NewLines(strings.NewReader(text)); ; {
					if _, err := l.Next(); err != nil {
						break
					}
				}
			}
		})
	}
}
