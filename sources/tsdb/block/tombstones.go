package block

import (
	"errors"
	"fmt"
	"io/fs"
	"math"

	"github.com/nines-slo/nines/sources/tsdb/folder"
	"github.com/nines-slo/nines/sources/tsdb/piece"
)

const (
	tombstonesMagic = 0x0130BA30
	tombstonesLimit = 256 << 20
)

// readTombstones returns what was deleted, by series. There may be no such file.
func readTombstones(f folder.Folder) (map[uint64][]piece.Interval, error) {
	const name = "tombstones"
	text, err := f.Read(name, tombstonesLimit)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err != nil {
		return nil, err
	}
	return tombstones(f.Name(name), text)
}

// tombstones reads the text of a file of them, whose name is shown.
func tombstones(shown string, text []byte) (map[uint64][]piece.Interval, error) {
	if len(text) < 9 {
		return nil, folder.Damaged(shown, "is cut short")
	}
	body := folder.Bytes{Rest: text[:len(text)-4]}
	end := folder.Bytes{Rest: text[len(text)-4:]}
	if body.Uint32() != tombstonesMagic {
		return nil, folder.Damaged(shown, "does not begin as one of tombstones does")
	}
	if version := body.Byte(); version != 1 {
		return nil, folder.Damaged(shown, fmt.Sprintf("is of version %d, where 1 is known", version))
	}
	if folder.Sum(body.Rest) != end.Uint32() {
		return nil, folder.Damaged(shown, "has another checksum than it says")
	}
	deleted := map[uint64][]piece.Interval{}
	for len(body.Rest) > 0 {
		series, gone := body.Uvarint(), piece.Interval{From: body.Varint(), To: body.Varint()}
		if body.Bad || series > math.MaxUint32 {
			return nil, folder.Damaged(shown, "has an entry that cannot be read")
		}
		deleted[series] = append(deleted[series], gone)
	}
	return deleted, nil
}
