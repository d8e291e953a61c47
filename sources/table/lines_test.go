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
func lines(r io.Reader, feedOnly bool) (all []string) {
	l := NewLines(r)
	for l.FeedOnly = feedOnly; ; {
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
	for _, c := range []struct{ name, text, want string }{
		{"line feeds", "a\nb\n", "a|b"},
		{"Windows", "a\r\nb\r\n", "a|b"},
		{"returns alone", "a\rb\r", "a|b"},
		{"all three, and no end", "a\rb\r\nc\n\rd", "a|b|c||d$"},
		{"nothing", "", ""},
		{"a mark", "\ufeffa\n\ufeffb\n", "a|\ufeffb"},
		{"the longest", long + "\r\nb\n", long + "|b"},
		{"one byte longer", long + "x\nb\n", "!|b"},
		{"much longer, returns alone", "a\r" + long + long + "\rb\r", "a|!|b"},
		{"much longer, Windows", "a\r\n" + long + long + "\r\nb\r\n", "a|!|b"},
		{"much longer, no end", "a\n" + long + long, "a|!$"},
	} {
		for name, r := range map[string]io.Reader{"": strings.NewReader(c.text), " by halves": iotest.HalfReader(strings.NewReader(c.text)),
			" and the end at once": iotest.DataErrReader(strings.NewReader(c.text))} {
			if got := strings.Join(lines(r, false), "|"); got != c.want {
				t.Errorf("%s%s: got %.40q, want %.40q", c.name, name, got, c.want)
			}
		}
	}
	broken := io.MultiReader(strings.NewReader("a\nb"), iotest.ErrReader(io.ErrClosedPipe))
	if got := strings.Join(lines(broken, false), "|"); got != "a|"+io.ErrClosedPipe.Error() {
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
		if got, want := fmt.Sprint(lines(r(strings.NewReader(text)), feedOnly)), fmt.Sprint(slowLines(text, feedOnly)); got != want {
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
		for _, feedOnly := range []bool{false, true} {
			got := fmt.Sprintf("%q", lines(iotest.HalfReader(strings.NewReader(text)), feedOnly))
			if want := fmt.Sprintf("%q", slowLines(text, feedOnly)); got != want {
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
