package input

import (
	"fmt"

	"github.com/klauspost/compress/s2"
	"github.com/klauspost/compress/zstd"
)

// Blocks unpacks pieces of a file that are packed one by one, each to no more than Limit
// bytes. It is not for several goroutines.
type Blocks struct {
	Limit int

	zstd *zstd.Decoder
}

// Snappy unpacks a block of snappy into the room of to.
func (b *Blocks) Snappy(to, block []byte) ([]byte, error) {
	n, err := s2.DecodedLen(block)
	if err != nil {
		return nil, err
	}
	if n > b.Limit || n/64 > len(block) { // no two bytes stand for more than 64
		return nil, fmt.Errorf("%d bytes say that they unpack to %d", len(block), n)
	}
	return s2.Decode(to[:cap(to)], block)
}

// Zstd unpacks a frame of zstd into the room of to.
func (b *Blocks) Zstd(to, frame []byte) ([]byte, error) {
	if b.zstd == nil {
		z, err := zstd.NewReader(nil, zstd.WithDecoderConcurrency(1), zstd.WithDecoderLowmem(true),
			zstd.WithDecoderMaxMemory(uint64(b.Limit)), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return nil, err
		}
		b.zstd = z // DecodeAll needs no Close
	}
	return b.zstd.DecodeAll(frame, to[:0])
}
