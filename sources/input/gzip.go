package input

import (
	"bufio"
	"errors"
	"io"

	"github.com/klauspost/compress/gzip"
)

// errTrailing is that something which is no gzip stands behind a gzip stream.
var errTrailing = errors.New("bytes that are no gzip stand behind the end of the gzip stream")

// gzipReader unpacks gzip streams, one behind the other. Zero bytes behind the last are
// padding, as tapes and block devices leave it.
type gzipReader struct {
	raw *bufio.Reader
	one *gzip.Reader
}

func newGzip(raw *bufio.Reader) (*gzipReader, error) {
	one, err := gzip.NewReader(raw)
	if err != nil {
		return nil, err
	}
	one.Multistream(false)
	return &gzipReader{raw, one}, nil
}

// Read reads on in the next stream where one ends.
func (g *gzipReader) Read(p []byte) (int, error) {
	for {
		n, err := g.one.Read(p)
		if err != io.EOF {
			return n, err
		}
		if n > 0 {
			return n, nil
		}
		if err := g.next(); err != nil {
			return 0, err
		}
	}
}

// next begins the next stream, io.EOF if there is none.
func (g *gzipReader) next() error {
	head, err := g.raw.Peek(2)
	switch {
	case len(head) == 0:
		return err
	case isGzip(head), err == io.EOF && head[0] == gzipHead[0]:
		if err := g.one.Reset(g.raw); err != nil {
			return unexpected(err)
		}
		g.one.Multistream(false)
		return nil
	}
	return g.padding()
}

// padding reads to the end of the file, and tells whether there is anything but zeros.
func (g *gzipReader) padding() error {
	for {
		c, err := g.raw.ReadByte()
		switch {
		case err != nil:
			return err
		case c != 0:
			return errTrailing
		}
	}
}

// unexpected makes the end of a file one within a stream.
func unexpected(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
