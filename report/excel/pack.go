package excel

import (
	"archive/zip"
	"bytes"
	"cmp"
	"io"
	"slices"

	"github.com/xuri/excelize/v2"
)

// msdosEpoch is 1980-01-01 in the date form of zip archives: the first day they know.
const msdosEpoch = 1<<5 | 1

// pack writes f with its parts in a fixed order and with fixed times. The library
// ranges over a map of sheets, so its own order differs from run to run.
func pack(w io.Writer, f *excelize.File) error {
	buf, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	r, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		return err
	}
	slices.SortFunc(r.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	zw := zip.NewWriter(w)
	for _, part := range r.File {
		if err := copyPart(zw, part); err != nil {
			return err
		}
	}
	return zw.Close()
}

// copyPart copies one part as it is compressed.
func copyPart(zw *zip.Writer, part *zip.File) error {
	from, err := part.OpenRaw()
	if err != nil {
		return err
	}
	head := part.FileHeader
	head.ModifiedDate, head.ModifiedTime = msdosEpoch, 0
	to, err := zw.CreateRaw(&head)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}
