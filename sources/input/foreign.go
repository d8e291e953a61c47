package input

import (
	"bytes"
	"path/filepath"
	"slices"
	"strings"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/slo/spec"
)

// foreign is a kind of file in which there are no lines to read, by how it begins.
type foreign struct {
	heads []string
	at    int      // where in the file the heads stand
	holds []string // texts one of which is near the beginning too; none: the head is enough
	ext   string   // of files of the kind; those with a weak head are known by it too
	weak  string   // a head that others may have as well
	what  string
	mend  string
}

const (
	mendPacked  = "unpack it, or pack it with gzip or zstd"
	mendArchive = "unpack it, and name the files that are in it"
	mendExport  = "export it as lines, which type: csv or type: ndjson reads"
	mendSheet   = "save the sheet as CSV, which type: csv reads"
)

func foreigns() []foreign {
	return []foreign{
		{heads: []string{"BZh11AY&SY", "BZh21AY&SY", "BZh31AY&SY", "BZh41AY&SY", "BZh51AY&SY", "BZh61AY&SY",
			"BZh71AY&SY", "BZh81AY&SY", "BZh91AY&SY"}, ext: ".bz2", weak: "BZh", what: "packed with bzip2", mend: mendPacked},
		{heads: []string{"\xFD7zXZ\x00"}, ext: ".xz", what: "packed with xz", mend: mendPacked},
		{ext: ".lzma", weak: "\x5D\x00\x00", what: "packed with lzma", mend: mendPacked},
		{heads: []string{"LZIP\x01"}, ext: ".lz", what: "packed with lzip", mend: mendPacked},
		{heads: []string{"\x04\x22\x4D\x18", "\x02\x21\x4C\x18"}, ext: ".lz4", what: "packed with lz4", mend: mendPacked},
		{heads: []string{"\xFF\x06\x00\x00sNaPpY"}, ext: ".sz", what: "packed with snappy", mend: mendPacked},
		{heads: []string{"\x1F\x9D"}, ext: ".z", what: "packed with compress", mend: mendPacked},
		{heads: []string{"PK\x03\x04"}, holds: []string{"[Content_Types].xml", "xl/", "docProps/"}, ext: ".xlsx", what: "an Excel workbook", mend: mendSheet},
		{heads: []string{"PK\x03\x04"}, holds: []string{"opendocument.spreadsheet"}, ext: ".ods", what: "a spreadsheet of OpenDocument", mend: mendSheet},
		{heads: []string{"\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1"}, ext: ".xls", what: "a file of Microsoft Office", mend: mendSheet},
		{heads: []string{"PK\x03\x04", "PK\x05\x06", "PK\x07\x08"}, ext: ".zip", what: "a zip archive", mend: mendArchive},
		{heads: []string{"7z\xBC\xAF\x27\x1C"}, ext: ".7z", what: "a 7z archive", mend: mendArchive},
		{heads: []string{"Rar!\x1A\x07"}, ext: ".rar", what: "a rar archive", mend: mendArchive},
		{heads: []string{"ustar"}, at: 257, ext: ".tar", what: "a tar archive", mend: mendArchive},
		{heads: []string{"PAR1\x15"}, ext: ".parquet", what: "a Parquet file", mend: mendExport},
		{heads: []string{"SQLite format 3\x00"}, ext: ".sqlite", what: "an SQLite database", mend: mendExport},
		{heads: []string{"Obj\x01"}, ext: ".avro", what: "an Avro file", mend: mendExport},
		{heads: []string{"ORC\x08", "ORC\x0A"}, ext: ".orc", what: "an ORC file", mend: mendExport},
		{heads: []string{"ARROW1\x00\x00"}, ext: ".arrow", what: "an Arrow file", mend: mendExport},
		{heads: []string{"DUCK"}, at: 8, ext: ".duckdb", what: "a DuckDB database", mend: mendExport},
		{heads: []string{"\x89HDF\r\n\x1A\n"}, ext: ".h5", what: "an HDF5 file", mend: mendExport},
		{heads: []string{"PGDMP"}, ext: ".dump", what: "a dump of pg_dump", mend: "restore it, and export it as lines: COPY … TO … CSV HEADER"},
		{heads: []string{"\x89PNG\r\n\x1A\n"}, ext: ".png", what: "a PNG image", mend: mendExport},
		{heads: []string{"\x7FELF"}, ext: ".so", what: "a program", mend: "name the file that it writes"},
		{heads: []string{"%PDF-"}, ext: ".pdf", what: "a PDF document", mend: mendExport},
		{heads: []string{"LPKSHHRH"}, ext: ".journal", what: "a journal of systemd", mend: "export it as lines: journalctl --file"},
		{heads: []string{"<!DOCTYPE html", "<!doctype html", "<html"}, ext: ".html", what: "a page of HTML", mend: "download the data itself: is it a page that asks to log in?"},
	}
}

// longestHead is how many bytes tell what a file is.
const longestHead = 512

// is tells whether a file of that name and head is of the kind. One that is all head, and
// shorter than that of the kind, was cut short.
func (k foreign) is(name string, head []byte) bool {
	for _, h := range k.heads {
		if bytes.HasPrefix(head[min(k.at, len(head)):], []byte(h)) && k.within(head) {
			return true
		}
	}
	if !strings.EqualFold(filepath.Ext(name), k.ext) {
		return false
	}
	if k.weak != "" && bytes.HasPrefix(head, []byte(k.weak)) {
		return true
	}
	for _, h := range append(k.heads, k.weak) {
		if k.at == 0 && len(head) < len(h) && strings.HasPrefix(h, string(head)) {
			return true
		}
	}
	return false
}

// within tells whether the head of a file holds what those of the kind do.
func (k foreign) within(head []byte) bool {
	return len(k.holds) == 0 || slices.ContainsFunc(k.holds, func(text string) bool { return bytes.Contains(head, []byte(text)) })
}

// refuseForeign refuses a file whose first bytes say that it holds no lines: each of its
// few junk lines would be one, and all that is in it would be missing in silence.
func refuseForeign(name string, head []byte) error {
	if spec.LFSPointer(head) {
		return refuseFile(name, "is a pointer of Git LFS, not the file itself", "run git lfs pull")
	}
	for _, k := range foreigns() {
		if k.is(name, head) {
			return refuseFile(name, "is "+k.what+", which is not read", k.mend)
		}
	}
	return nil
}

func refuseFile(name, what, mend string) error {
	f := diag.Errorf(diag.Pos{File: name}, "input/packed", "the file %s", what)
	return diag.List{f.WithHint("%s", mend)}
}
