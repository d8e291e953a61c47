package input

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"hash"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"github.com/klauspost/compress/zstd"

	"github.com/nines-slo/nines/slo/spec/paths"
	"github.com/nines-slo/nines/sources"
)

// maxWindow bounds the memory that a zstd file may ask for.
const maxWindow = 64 << 20

// read opens one file, reads it and closes it. content keeps the ends of what it holds.
func (f *Files) read(ctx context.Context, x file, in *sources.Input, content *ends, read func(io.Reader) error) error {
	src := &source{ctx: ctx, name: x.name, content: content, encoding: f.encoding}
	var file opened
	if x.path == "" {
		stdin, err := f.env.Stdin.Open(ctx)
		if err != nil {
			return named(x.name, err)
		}
		src.r = stdin
	} else {
		raw, err := openFile(f.env.Root, x)
		if err != nil {
			return err
		}
		defer raw.Close()
		if file, err = begin(x, raw); err != nil {
			return err
		}
		src.r = raw
	}
	if f.env.Digest {
		src.sum = sha256.New()
	}
	err := src.decompress(read)
	if err == nil {
		err = src.digest(in)
	}
	if sources.Done(ctx) != nil {
		return err
	}
	return cmp.Or(file.changed(x, &src.ends, src.atEnd), err)
}

func openFile(root *paths.Root, x file) (*os.File, error) {
	file, err := root.Open(x.path)
	if err != nil {
		return nil, named(x.name, err)
	}
	info, err := file.Stat()
	if err == nil && info.IsDir() {
		err = errors.New("is a folder")
	}
	if err != nil {
		file.Close()
		return nil, named(x.name, err)
	}
	return file, nil
}

// named says which file an error is about, in the user's words.
func named(name string, err error) error {
	var path *fs.PathError
	if errors.As(err, &path) {
		err = path.Err
	}
	return fmt.Errorf("%s: %w", name, err)
}

// source reads the raw bytes of a file, feeds the digest and watches ctx.
type source struct {
	ctx  context.Context // kept, since Read is given none
	r    io.Reader
	name string
	sum  hash.Hash // nil without a digest
	err  error     // why the raw bytes could not be read on

	ends    ends  // of the raw bytes
	atEnd   bool  // all of them were read
	content *ends // of what is read, unpacked

	encoding textEncoding // as the source says it
}

// Read fails with the cause of the context once that is done.
func (s *source) Read(p []byte) (int, error) {
	if err := sources.Done(s.ctx); err != nil {
		return 0, err
	}
	n, err := s.r.Read(p)
	if late := sources.Done(s.ctx); late != nil && err != nil {
		return 0, late
	}
	s.ends.Write(p[:n])
	s.atEnd = err == io.EOF
	if s.sum != nil {
		s.sum.Write(p[:n])
	}
	if err != nil && err != io.EOF {
		err = named(s.name, err)
		s.err = err
	}
	return n, err
}

// decompress calls read with the content, unpacked if its first bytes say so.
func (s *source) decompress(read func(io.Reader) error) error {
	buffered := bufio.NewReaderSize(s, 64<<10)
	head, err := buffered.Peek(longestHead)
	if err != nil && err != io.EOF {
		return err
	}
	switch {
	case isGzip(head):
		z, err := newGzip(buffered)
		if err != nil {
			return s.broken("gzip", err)
		}
		return s.text(&unpacked{r: z, kind: "gzip", s: s}, read)
	case isZstd(head):
		z, err := zstd.NewReader(buffered, zstd.WithDecoderConcurrency(1), zstd.WithDecoderMaxWindow(maxWindow))
		if err != nil {
			return s.broken("zstd", err)
		}
		defer z.Close()
		return s.text(&unpacked{r: z, kind: "zstd", s: s}, read)
	}
	if err := refuseForeign(s.name, head); err != nil {
		return err
	}
	if s.cutShort(head) {
		return s.broken(strings.TrimPrefix(filepath.Ext(s.name), "."), io.ErrUnexpectedEOF)
	}
	err = s.text(buffered, read)
	if s.content.size == 0 { // nothing was decoded
		*s.content = s.ends
	}
	return err
}

// gzipHead is how a gzip stream begins.
const gzipHead = "\x1f\x8b"

func isGzip(head []byte) bool { return bytes.HasPrefix(head, []byte(gzipHead)) }

// isZstd knows a frame, and one that is to be skipped, as parallel packers write first.
func isZstd(head []byte) bool {
	return bytes.HasPrefix(head, []byte{0x28, 0xb5, 0x2f, 0xfd}) ||
		len(head) >= 4 && head[0]&0xf0 == 0x50 && bytes.HasPrefix(head[1:], []byte{0x2a, 0x4d, 0x18})
}

// cutShort tells whether all that a file holds is less than the head of what its
// name says it is packed with: not even an empty file packs to that.
func (s *source) cutShort(head []byte) bool {
	heads := map[string][]byte{".gz": {0x1f, 0x8b}, ".zst": {0x28, 0xb5, 0x2f, 0xfd}}
	want, packed := heads[strings.ToLower(filepath.Ext(s.name))]
	return packed && len(head) < len(want) && bytes.HasPrefix(want, head)
}

// unpacked gives decoder errors the name of the file.
type unpacked struct {
	r    io.Reader
	kind string
	s    *source
}

// Packed tells whether what ReadFunc is given comes out of a compressed file.
func Packed(r io.Reader) bool {
	c, ok := r.(*content)
	return ok && c.packed
}

// Read says of an error of the decoder that the file is broken.
func (u *unpacked) Read(p []byte) (int, error) {
	n, err := u.r.Read(p)
	if u.s.content.size == 0 {
		if refused := u.within(p[:n]); refused != nil {
			return 0, refused
		}
	}
	u.s.content.Write(p[:n])
	if err != nil && err != io.EOF {
		err = u.s.broken(u.kind, err)
	}
	return n, err
}

// within refuses a file that holds another packed one; what it unpacked to begins with head.
func (u *unpacked) within(head []byte) error {
	if isGzip(head) || isZstd(head) {
		return refuseFile(u.s.name, "is packed twice", "unpack it once")
	}
	return refuseForeign(u.s.name, head)
}

// broken says that what a file is packed in cannot be used, unless the disk, or
// whoever gave up, is to blame for what the decoder says.
func (s *source) broken(kind string, err error) error {
	done := sources.Done(s.ctx)
	switch {
	case done != nil:
		return done
	case s.err != nil:
		return s.err
	case err == errTrailing, errors.Is(err, zstd.ErrMagicMismatch) && s.content.size > 0:
		err = fmt.Errorf("%s: bytes that are no %s stand behind the end of the %s stream: cut them off, or pack the content anew",
			s.name, kind, kind)
	case errors.Is(err, io.ErrUnexpectedEOF) || err == io.EOF:
		err = fmt.Errorf("%s: the %s file is cut short: %w", s.name, kind, io.ErrUnexpectedEOF)
	default:
		err = fmt.Errorf("%s: the %s file is broken: %w", s.name, kind, err)
	}
	return &sources.Error{Class: sources.Refused, Err: err}
}

// digest reads what a reader left over and stores the sum of all raw bytes.
func (s *source) digest(in *sources.Input) error {
	if s.sum == nil {
		return nil
	}
	if _, err := io.Copy(io.Discard, s); err != nil {
		return err
	}
	in.Digest = "sha256:" + hex.EncodeToString(s.sum.Sum(nil))
	return nil
}
