package wire

import (
	"bytes"
	"io"
	"slices"
	"strings"
	"unicode"

	"github.com/nines-slo/nines/sources/prometheus/server"
)

// maxGlimpse is how many bytes are looked at of what is no JSON.
const maxGlimpse = 4096

// maxBinary is how many bytes are shown of what is no text.
const maxBinary = 20

// glimpse returns what an answer begins with that is no JSON: of a text so much that a
// secret in it is whole.
func (l *lexer) glimpse() []byte {
	for l.end-l.pos < maxGlimpse && l.fill() {
	}
	text := l.buf[l.pos:min(l.end, l.pos+maxGlimpse)]
	if strange := func(r rune) bool { return !unicode.IsPrint(r) && !unicode.IsSpace(r) }; bytes.ContainsFunc(text, strange) {
		return text[:min(len(text), maxBinary)]
	}
	return text
}

// said is what an answer says beside its data.
type said struct {
	told               Told
	status, kind, text string
}

// readAnswer takes a whole answer; data takes what was asked for. It returns what the
// server said also with an error.
func readAnswer(l *lexer, data func() error) (said, error) {
	var s said
	switch c := l.peek(); {
	case c == '<':
		return s, page()
	case l.end == 0 && l.ended == io.EOF:
		return s, &brokenError{err: io.EOF}
	case c != '{' && c != 0:
		return s, refused("answers no JSON, but %q", l.glimpse())
	}
	seen := map[string]bool{}
	err := l.object(func(key []byte) error {
		name := string(key)
		switch name {
		case "status", "data", "errorType", "error", "warnings", "infos", "isPartial":
			if seen[name] {
				return refused("the answer has %q twice", name)
			}
			seen[name] = true
		}
		return s.field(l, name, data)
	})
	if err == nil {
		err = l.close()
	}
	return s, err
}

func (s *said) field(l *lexer, name string, data func() error) (err error) {
	switch name {
	case "data":
		if s.status == "error" || l.peek() == 'n' {
			return l.skip()
		}
		return data()
	case "status":
		s.status, err = l.shown()
	case "errorType":
		s.kind, err = l.shown()
	case "error":
		s.text, err = l.shown()
	case "warnings":
		s.told.Warnings, err = l.texts(s.told.Warnings)
		s.told.sort()
	case "infos":
		s.told.Infos, err = l.texts(s.told.Infos)
	case "isPartial": // of a cluster of VictoriaMetrics, some of whose nodes do not answer
		if l.ahead("true") {
			s.told.Warnings = append(s.told.Warnings, "the answer is partial")
		}
		err = l.skip()
	default:
		err = l.skip()
	}
	return err
}

// sort finds the infos among warnings, where Prometheus 2 has them.
func (t *Told) sort() {
	var warnings []string
	for _, text := range t.Warnings {
		if strings.HasPrefix(text, "PromQL info:") {
			t.Infos = merged(t.Infos, []string{text})
		} else {
			warnings = append(warnings, text)
		}
	}
	t.Warnings = warnings
}

// shown takes a text for people, of which the start is enough. null is none.
func (l *lexer) shown() (string, error) {
	if l.peek() == 'n' {
		return "", l.word("null")
	}
	text, err := l.start(4 * server.MaxShown)
	return string(text), err
}

// maxTold is how many warnings or infos are kept.
const maxTold = 20

// texts takes a list of texts for people, each once, behind those that are known.
func (l *lexer) texts(out []string) ([]string, error) {
	if l.peek() == 'n' {
		return out, l.word("null")
	}
	err := l.list(func() error {
		text, err := l.shown()
		l.skipped += int64(len(text))
		if err == nil && len(out) < maxTold && !slices.Contains(out, text) {
			out = append(out, text)
		}
		return err
	})
	return out, err
}

// readResult takes the whole answer to a query, which read takes the matrix of.
func readResult(l *lexer, read func() error) (said, error) {
	found := false
	s, err := readAnswer(l, func() error {
		found = true
		return result(l, read)
	})
	if err == nil && s.status == "success" && !found {
		err = refused("answers no data")
	}
	return s, err
}

// result takes the data of a query: {"resultType": "matrix", "result": …}, in any order.
func result(l *lexer, read func() error) error {
	kind, found := "", false
	if c := l.peek(); c != '{' && c != 0 {
		return refused("answers data that is no result of a query")
	}
	err := l.object(func(key []byte) (err error) {
		switch string(key) {
		case "resultType":
			if kind, err = l.shown(); err == nil && kind != seriesType {
				err = refused("answers a result of type %q in place of %s", kind, seriesType)
			}
			return err
		case "result":
			if found {
				return refused("the answer has two results")
			}
			found = true
			if l.peek() == 'n' {
				return l.word("null")
			}
			return read()
		}
		return l.skip()
	})
	switch {
	case err != nil:
		return err
	case kind == "":
		return refused("answers a result of no type")
	case !found:
		return refused("answers a result of type %s that is not there", kind)
	}
	return nil
}

// seriesType is the type of a result that is series and their points.
const seriesType = "matrix"

// matrix takes a list of series and their points.
func (f *feed) matrix(l *lexer) error {
	if c := l.peek(); c != '[' && c != 0 {
		return refused("the answer has a matrix that is no list")
	}
	return l.list(func() error {
		s := seriesReader{lexer: l, feed: f}
		if err := l.object(s.field); err != nil {
			return err
		}
		if !s.labelled {
			return refused("the answer has a series without labels")
		}
		return f.end()
	})
}

// seriesReader reads a series of a matrix.
type seriesReader struct {
	lexer            *lexer
	feed             *feed
	labelled, valued bool
}

// field takes what a key of the series says.
func (s *seriesReader) field(key []byte) error {
	switch string(key) {
	case "metric":
		if s.labelled {
			return refused("the answer has a series with two sets of labels")
		}
		s.labelled = true
		return s.feed.labels(s.lexer)
	case "values":
		if !s.labelled || s.valued {
			return refused("the answer has points that do not follow the labels of their series")
		}
		s.valued = true
		return s.feed.points(s.lexer)
	case "histograms", "histogram":
		return cannot("the answer has native histograms, which are no numbers to count")
	case "value":
		return refused("the answer has a vector in place of a matrix")
	}
	return s.lexer.skip()
}

// labels takes the labels of a series, and starts it.
func (f *feed) labels(l *lexer) error {
	labels, err := readLabels(l)
	if err != nil {
		return err
	}
	return f.series(labels)
}

// points takes the points of a series.
func (f *feed) points(l *lexer) error {
	if err := l.expect('['); err != nil {
		return err
	}
	if l.peek() == ']' {
		l.pos++
		return nil
	}
	for more := true; more; {
		at, v, err := l.point()
		if err == nil {
			err = f.add(at, v)
		}
		if err == nil {
			more, err = l.more(']')
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// kept takes a list of texts, which are kept.
func kept(l *lexer) ([]string, error) {
	var out []string
	size := 0
	err := l.list(func() error {
		text, err := l.str(maxText)
		size += len(text)
		switch {
		case err != nil:
			return err
		case len(out) == maxSeries, size > maxLabelSize:
			return refused("the answer has over %d names, or over %d MiB of them", maxSeries, maxLabelSize>>20)
		}
		out = append(out, string(text))
		return nil
	})
	return out, err
}
