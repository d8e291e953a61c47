package remote

import (
	"bufio"
	"encoding/binary"
	"errors"
	"fmt"
	"hash/crc32"
	"io"
	"slices"

	"github.com/nines-slo/nines/sources/prometheus/server"
)

// maxFrame is how many bytes a frame may have. Servers send 1 MiB by default.
const maxFrame = 16 << 20

// frames reads the frames of a stream: the length of each, a checksum, and that many bytes.
type frames struct {
	from  *bufio.Reader
	table *crc32.Table
	data  []byte
	head  []byte // of the frame: its length and checksum
}

func newFrames() *frames {
	return &frames{from: bufio.NewReaderSize(nil, 64<<10), table: crc32.MakeTable(crc32.Castagnoli)}
}

// broken is why a frame cannot be read.
type broken struct {
	err  error
	read []byte // of the frame
}

// Error says what happened, in the words of b.err.
func (b *broken) Error() string { return b.err.Error() }

// Unwrap returns b.err.
func (b *broken) Unwrap() error { return b.err }

var (
	errLength = fmt.Errorf("answers with a frame of over %d MiB", maxFrame>>20)
	errSum    = errors.New("answers with a frame that is damaged")
)

// next returns the next frame, good until it is called again, and io.EOF after the last. Any other
// error is a *broken.
func (f *frames) next() ([]byte, error) {
	f.head, f.data = f.head[:0], f.data[:0]
	length, err := binary.ReadUvarint(f)
	switch {
	case err == io.EOF && len(f.head) == 0:
		return nil, io.EOF
	case err != nil && len(f.head) >= binary.MaxVarintLen64, err == nil && length > maxFrame:
		f.fill(server.MaxShown)
		return nil, f.broken(errLength)
	case err != nil:
		return nil, f.broken(err)
	}
	for range 4 {
		if _, err := f.ReadByte(); err != nil {
			return nil, f.broken(err)
		}
	}
	if err := f.fill(int(length)); err != nil {
		return nil, f.broken(err)
	}
	if crc32.Checksum(f.data, f.table) != binary.BigEndian.Uint32(f.head[len(f.head)-4:]) {
		return nil, f.broken(errSum)
	}
	return f.data, nil
}

// ReadByte reads a byte of the head.
func (f *frames) ReadByte() (byte, error) {
	b, err := f.from.ReadByte()
	if err == nil {
		f.head = append(f.head, b)
	}
	return b, err
}

// fill reads n bytes of data, with room for no more than twice what comes.
func (f *frames) fill(n int) error {
	for len(f.data) < n {
		part := min(n-len(f.data), max(1<<20, len(f.data)))
		had := len(f.data)
		f.data = slices.Grow(f.data, part)[:had+part]
		got, err := io.ReadFull(f.from, f.data[had:])
		if err != nil {
			f.data = f.data[:had+got]
			return err
		}
	}
	return nil
}

func (f *frames) broken(err error) error {
	if err == io.EOF {
		err = io.ErrUnexpectedEOF
	}
	read := append(slices.Clone(f.head), f.data[:min(len(f.data), server.MaxShown)]...)
	return &broken{err: err, read: read}
}
