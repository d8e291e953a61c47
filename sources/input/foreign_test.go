package input

import (
	"errors"
	"strings"
	"testing"

	"github.com/nines-slo/nines/slo/diag"
	"github.com/nines-slo/nines/sources"
)

// What holds no lines is refused by its first bytes, whatever it is called, alone and
// beside others.
func TestRefusesWhatHoldsNoLines(t *testing.T) {
	junk := strings.Repeat("\x00\x91\n", 100)
	tar := "a.log" + strings.Repeat("\x00", 252) + "ustar\x0000" + junk
	pointer := "version https://git-lfs.github.com/spec/v1\noid sha256:4d7a2146\nsize 245123\n"
	for _, c := range []struct{ name, content, want, hint string }{
		{"a.bz2", "BZh91AY&SY" + junk, "a.bz2: the file is packed with bzip2, which is not read [input/packed]", "unpack it, or pack it with gzip or zstd"},
		{"a.log", "BZh11AY&SY" + junk, "packed with bzip2", "unpack it"},
		{"a.bz2", "BZh9\x17\x72\x45\x38\x50\x90\x00\x00\x00\x00", "packed with bzip2", "unpack it"},
		{"a.bz2", "BZ", "packed with bzip2", "unpack it"},
		{"a.log.1.XZ", "", "packed with xz", "unpack it"},
		{"a.log", "\xFD7zXZ\x00\x00\x04" + junk, "packed with xz", "unpack it"},
		{"a.lzma", "\x5D\x00\x00\x80\x00" + junk, "packed with lzma", "unpack it"},
		{"a.log", "LZIP\x01" + junk, "packed with lzip", "unpack it"},
		{"a.log", "\x04\x22\x4D\x18" + junk, "packed with lz4", "unpack it"},
		{"a.log", "\xFF\x06\x00\x00sNaPpY" + junk, "packed with snappy", "unpack it"},
		{"a.Z", "\x1F\x9D\x90" + junk, "packed with compress", "unpack it"},
		{"a.log", "PK\x03\x04" + junk, "a zip archive", "name the files that are in it"},
		{"a.log", "7z\xBC\xAF\x27\x1C" + junk, "a 7z archive", "name the files"},
		{"a.log", "PAR1\x15\x00" + junk + "PAR1", "a Parquet file", "export it as lines, which type: csv or type: ndjson reads"},
		{"a.log", "SQLite format 3\x00" + junk, "an SQLite database", "export it"},
		{"a.csv", "PK\x03\x04\x14\x00\x06\x00\x08\x00\x00\x00!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x13\x00\x00\x00[Content_Types].xml" + junk, "an Excel workbook", "save the sheet as CSV, which type: csv reads"},
		{"a.csv", "PK\x03\x04\x14\x00\x00\x00\x00\x00\x00\x00!\x00\x00\x00\x00\x00\x00\x00\x00\x00\x08\x00\x00\x00mimetypeapplication/vnd.oasis.opendocument.spreadsheet" + junk, "a spreadsheet of OpenDocument", "save the sheet"},
		{"a.csv", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1" + junk, "a file of Microsoft Office", "save the sheet"},
		{"a.csv", "Obj\x01" + junk, "an Avro file", "export it"},
		{"a.csv", "<!DOCTYPE html>\n<title>Log in</title>", "a page of HTML", "asks to log in"},
		{"a.tar", tar, "a tar archive", "name the files that are in it"},
		{"a.log", tar, "a tar archive", "name the files that are in it"},
		{"a.tar.gz", string(gz(tar)), "a tar archive", "name the files that are in it"},
		{"a.csv", "\x00\x01\x02\x03\x04\x05\x06\x07DUCK" + junk, "a DuckDB database", "export it"},
		{"a.csv", "\x89HDF\r\n\x1a\n" + junk, "an HDF5 file", "export it"},
		{"a.csv", "PGDMP\x01" + junk, "a dump of pg_dump", "export it"},
		{"a.csv", "\x89PNG\r\n\x1a\n" + junk, "a PNG image", "export it"},
		{"nginx", "\x7fELF\x02" + junk, "a program", "name the file that it writes"},
		{"a.csv.gz", string(gz("SQLite format 3\x00" + junk)), "an SQLite database", "type: ndjson reads"},
		{"a.log.gz", pointer, "a.log.gz: the file is a pointer of Git LFS, not the file itself", "run git lfs pull"},
		{"a.gz", string(gz(string(gz("a")))), "a.gz: the file is packed twice", "unpack it once"},
		{"a.gz", string(gz(string(zst("a")))), "a.gz: the file is packed twice", "unpack it once"},
		{"a.zst", string(zst("BZh91AY&SY" + junk)), "a.zst: the file is packed with bzip2", "unpack it"},
		{"a.gz", string(gz(pointer)), "a pointer of Git LFS", "git lfs pull"},

		{"a.log", "BZh: a text\n", "", ""},
		{"a.bz2", "timestamp,total\n", "", ""},
		{"a.log", "PAR1,PAR2\n", "", ""},
		{"a.log", "\x5D\x00\x00\n", "", ""},
		{"a.log", "P", "", ""},
		{"a.log", "<190>Feb  3 04:05:06 web1 nginx: x\n", "", ""},
		{"a.csv", "ORC,ARROW1\n", "", ""},
		{"a.zst", "\x50\x2A\x4D\x18\x01\x00\x00\x00x" + string(zst("a")), "", ""},
	} {
		dir := folder(t, map[string][]byte{c.name: []byte(c.content), "0.log": []byte("0")})
		for _, path := range []string{"\"*\"", c.name} {
			_, _, err := read(t.Context(), t, path, dir, sources.Env{})
			if c.want == "" {
				if err != nil {
					t.Errorf("%s %.12q: %v", c.name, c.content, err)
				}
				continue
			}
			var list diag.List
			if !errors.As(err, &list) || !strings.Contains(err.Error(), c.want) || !strings.Contains(list[0].Hint, c.hint) {
				t.Errorf("%s %.12q: got %v, want %s", c.name, c.content, err, c.want)
			}
		}
	}
}
