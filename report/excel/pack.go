package excel

import (
	"archive/zip"
	"bytes"
	"cmp"
	"encoding/xml"
	"io"

	"github.com/xuri/excelize/v2"

	"github.com/nines-slo/nines/slo/order"
)

// msdosEpoch is 1980-01-01 in the date form of zip archives: the first day they know.
const msdosEpoch = 1<<5 | 1

// contentTypes is the part that names the types of all others.
const contentTypes = "[Content_Types].xml"

// pack writes f with its parts in a fixed order and with fixed times. The library
// ranges over maps of sheets and of content types, so that what it writes itself
// differs from run to run.
func pack(w io.Writer, f *excelize.File) error {
	buf, err := f.WriteToBuffer()
	if err != nil {
		return err
	}
	r, err := zip.NewReader(bytes.NewReader(buf.Bytes()), int64(buf.Len()))
	if err != nil {
		return err
	}
	order.Stable(r.File, func(a, b *zip.File) int { return cmp.Compare(a.Name, b.Name) })
	zw := zip.NewWriter(w)
	for _, part := range r.File {
		write := copyPart
		if part.Name == contentTypes {
			write = sortTypes
		}
		if err := write(zw, part); err != nil {
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
	//lint:ignore SA1019 CreateRaw writes these two, and not Modified
	head.ModifiedDate, head.ModifiedTime = msdosEpoch, 0
	to, err := zw.CreateRaw(&head)
	if err != nil {
		return err
	}
	_, err = io.Copy(to, from)
	return err
}

// types is the part contentTypes.
type types struct {
	XMLName  xml.Name   `xml:"http://schemas.openxmlformats.org/package/2006/content-types Types"`
	Default  []partType `xml:"Default"`
	Override []partType `xml:"Override"`
}

type partType struct {
	Extension   string `xml:",attr,omitempty"`
	PartName    string `xml:",attr,omitempty"`
	ContentType string `xml:",attr"`
}

// sortTypes writes the content types in the order of their names.
func sortTypes(zw *zip.Writer, part *zip.File) error {
	from, err := part.Open()
	if err != nil {
		return err
	}
	defer from.Close()
	var t types
	if err := xml.NewDecoder(from).Decode(&t); err != nil {
		return err
	}
	byName := func(a, b partType) int {
		return cmp.Or(cmp.Compare(a.Extension, b.Extension), cmp.Compare(a.PartName, b.PartName))
	}
	order.Stable(t.Default, byName)
	order.Stable(t.Override, byName)
	text, err := xml.Marshal(t)
	if err != nil {
		return err
	}
	//lint:ignore SA1019 Modified would add an extended timestamp, which other parts lack
	to, err := zw.CreateHeader(&zip.FileHeader{Name: contentTypes, Method: zip.Deflate, ModifiedDate: msdosEpoch})
	if err != nil {
		return err
	}
	_, err = to.Write(append([]byte(xml.Header), text...))
	return err
}
