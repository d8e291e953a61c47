package head

import (
	"bytes"
	"context"
	"errors"

	"github.com/nines-slo/nines/sources"
	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/tsdb/folder"
)

const (
	pageSize   = 32 << 10
	headerSize = 7
	maxRecord  = 256 << 20 // bytes, unpacked; a segment has 128 MiB

	typeMask   = 0b0_0111
	snappyFlag = 0b0_1000
	zstdFlag   = 0b1_0000
)

// What a fragment is of its record.
const (
	padding = iota // the rest of the page is empty
	full
	first
	middle
	last
)

// segment reads the records of one file of a log.
type segment struct {
	file *folder.File
	at   int64
	torn bool // the file ends within a record

	blocks *input.Blocks

	packed, record []byte
}

// unreadable says why a record cannot be read.
type unreadable string

// Error says why.
func (u unreadable) Error() string { return string(u) }

// read hands over the records of the file, one after the other. Where growing, a file may
// end within a record.
func (s *segment) read(ctx context.Context, growing bool, take func(record []byte) error) error {
	for {
		if err := sources.Done(ctx); err != nil {
			return err
		}
		start := s.at
		record, more, err := s.next()
		switch {
		case err != nil:
			return err
		case s.torn && !growing:
			return s.file.Damaged("ends within a record at byte %d, and is not the newest of its log", start)
		case !more:
			return nil
		}
		err = take(record)
		if why := unreadable(""); errors.As(err, &why) {
			return s.file.Damaged("has a record at byte %d that cannot be read: %v", start, why)
		}
		if err != nil {
			return err
		}
	}
}

// next returns the next record, false behind the last. It is good until the next call.
func (s *segment) next() ([]byte, bool, error) {
	s.packed = s.packed[:0]
	for begun := false; ; begun = true {
		kind, data, err := s.fragment()
		if err != nil || kind == padding {
			s.torn = s.torn || begun
			return nil, false, err
		}
		follows := kind&typeMask == middle || kind&typeMask == last
		if begun != follows {
			return nil, false, s.file.Damaged("has a part of a record before byte %d that does not follow on the one before it", s.at)
		}
		s.packed = append(s.packed, data...)
		if len(s.packed) > maxRecord {
			return nil, false, s.file.Damaged("has a record before byte %d of more than %d bytes", s.at, maxRecord)
		}
		if kind&typeMask == full || kind&typeMask == last {
			err := s.unpack(kind)
			return s.record, err == nil, err
		}
	}
}

// fragment returns a part of a record: padding at the end of the file.
func (s *segment) fragment() (byte, []byte, error) {
	for {
		left := pageSize - s.at%pageSize
		if s.at >= s.file.Size {
			return padding, nil, nil
		}
		head, err := s.file.Upto(s.at, int(min(left, headerSize)))
		if err != nil {
			return 0, nil, err
		}
		if kind := head[0] & typeMask; kind == padding {
			if err := s.pad(left); err != nil {
				return 0, nil, err
			}
			continue
		} else if kind > last || head[0]&^(typeMask|snappyFlag|zstdFlag) != 0 {
			return 0, nil, s.file.Damaged("has at byte %d what begins no record", s.at)
		}
		return s.data(left)
	}
}

// pad passes over the empty rest of a page.
func (s *segment) pad(left int64) error {
	empty, err := s.file.Upto(s.at, int(left))
	if err != nil {
		return err
	}
	if len(bytes.Trim(empty, "\x00")) > 0 {
		return s.file.Damaged("has at byte %d a page that ends with no record, and is not empty there", s.at)
	}
	s.at += int64(len(empty))
	return nil
}

// data returns the fragment that begins here. Where the file ends before it there is none.
func (s *segment) data(left int64) (byte, []byte, error) {
	if left < headerSize {
		return 0, nil, s.file.Damaged("has a record at byte %d that begins where no page has room for it", s.at)
	}
	short := func() (byte, []byte, error) {
		s.at = s.file.Size
		s.torn = true
		return padding, nil, nil
	}
	if s.file.Size-s.at < headerSize {
		return short()
	}
	head, err := s.file.At(s.at, headerSize)
	if err != nil {
		return 0, nil, err
	}
	b := folder.Bytes{Rest: head}
	kind := b.Byte()
	length := int64(b.Byte())<<8 | int64(b.Byte())
	sum := b.Uint32()
	if length > left-headerSize {
		return 0, nil, s.file.Damaged("has a record at byte %d that does not end in its page", s.at)
	}
	if s.file.Size-s.at < headerSize+length {
		return short()
	}
	data, err := s.file.At(s.at+headerSize, int(length))
	if err != nil {
		return 0, nil, err
	}
	if folder.Sum(data) != sum {
		return 0, nil, s.file.Damaged("has a record at byte %d of another checksum than it says", s.at)
	}
	s.at += headerSize + length
	return kind, data, nil
}

// unpack makes the record of what was put together.
func (s *segment) unpack(kind byte) error {
	var err error
	switch {
	case len(s.packed) == 0 || kind&(snappyFlag|zstdFlag) == 0:
		s.record = append(s.record[:0], s.packed...)
	case kind&snappyFlag != 0:
		s.record, err = s.blocks.Snappy(s.record, s.packed)
	default:
		s.record, err = s.blocks.Zstd(s.record, s.packed)
	}
	if err != nil {
		return s.file.Damaged("has a record before byte %d that cannot be unpacked: %v", s.at, err)
	}
	return nil
}
