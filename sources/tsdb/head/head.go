// Package head reads what a Prometheus server has not made blocks of yet: its write-ahead log
// (wal, with the newest checkpoint), the log of samples that came out of order (wbl), and
// the chunks that it has written to disk (chunks_head), as the documentation of their
// formats has them. Snapshots of the memory are not read: all that is in them is in the log.
//
// The log is read in whole for each question, twice if it is one for samples. In memory are
// those samples of the series asked for that are in no chunk on disk.
package head

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/nines-slo/nines/sources/input"
	"github.com/nines-slo/nines/sources/tsdb/folder"
)

// Head is what has not become blocks of a data folder.
type Head struct {
	folder folder.Folder
	from   int64  // what is older is in blocks, but for samples that came late
	torn   string // the file of the log that ends within a record
}

// New returns the head of a data folder, whose blocks have all samples before from that
// came in time.
func New(f folder.Folder, from int64) *Head { return &Head{folder: f, from: from} }

// Torn names the file of the log that ends within a record, "" if none does: a server was
// writing it, or had no time to.
func (h *Head) Torn() string { return h.torn }

// State says which files there are, but for those that are added as the head grows. It is another
// one once what was in the head became a block.
func (h *Head) State() (string, error) {
	var state []string
	for _, name := range []string{"wal", "wbl"} {
		names, err := h.folder.Sub(name).List()
		if err != nil {
			return "", err
		}
		checkpoint, _ := newest(names)
		files := numbered(names)
		state = append(state, checkpoint, strings.Join(files[:min(1, len(files))], ""))
	}
	return strings.Join(state, "/"), nil
}

const chunksName = "chunks_head"

// newest returns the newest checkpoint and its number, "" and -1 if there is none.
func newest(names []string) (string, int) {
	best, number := "", -1
	for _, name := range names {
		text, ok := strings.CutPrefix(name, "checkpoint.")
		if n, err := strconv.Atoi(text); ok && err == nil && n > number {
			best, number = name, n
		}
	}
	return best, number
}

// numbered returns the names that are numbers, by their order.
func numbered(names []string) []string {
	number := func(name string) int {
		n, err := strconv.ParseUint(name, 10, 31)
		if err != nil {
			return -1
		}
		return int(n)
	}
	files := slices.DeleteFunc(slices.Clone(names), func(name string) bool { return number(name) < 0 })
	slices.SortFunc(files, func(a, b string) int { return cmp.Compare(number(a), number(b)) })
	return files
}

// logFile is a file of the log.
type logFile struct {
	folder     folder.Folder
	checkpoint string // that it is of, or ""
	name       string
	newest     bool
}

// logFiles returns the files of a log in their order: those of the checkpoint first, and then
// those behind it.
func logFiles(f folder.Folder) ([]logFile, error) {
	names, err := f.List()
	if err != nil {
		return nil, err
	}
	var files []logFile
	checkpoint, covered := newest(names)
	if checkpoint != "" {
		sub := f.Sub(checkpoint)
		old, err := sub.List()
		if err != nil {
			return nil, err
		}
		for _, name := range numbered(old) {
			files = append(files, logFile{folder: sub, checkpoint: checkpoint, name: name})
		}
	}
	before := covered
	for _, name := range numbered(names) {
		n, err := strconv.Atoi(name)
		if err != nil || n <= covered {
			continue
		}
		if before >= 0 && n != before+1 {
			return nil, folder.Damaged(f.Name(name), fmt.Sprintf("is no %d of the log, where number %d is missing", n, before+1))
		}
		before = n
		files = append(files, logFile{folder: f, name: name})
	}
	if len(files) > 0 {
		files[len(files)-1].newest = true
	}
	return files, nil
}

// Files returns the names of all files that are read, from the data folder on.
func (h *Head) Files() ([]string, error) {
	var all []string
	for _, log := range []string{"wal", "wbl"} {
		files, err := logFiles(h.folder.Sub(log))
		if err != nil {
			return nil, err
		}
		for _, file := range files {
			all = append(all, filepath.Join(log, file.checkpoint, file.name))
		}
	}
	names, err := h.folder.Sub(chunksName).List()
	for _, name := range numbered(names) {
		all = append(all, filepath.Join(chunksName, name))
	}
	return all, err
}

// replay tells v what a log holds.
func (h *Head) replay(ctx context.Context, log string, v visitor) error {
	files, err := logFiles(h.folder.Sub(log))
	if err != nil {
		return err
	}
	s := segment{blocks: &input.Blocks{Limit: maxRecord}}
	var d decoder
	for _, file := range files {
		if err := h.replayFile(ctx, file, &s, func(record []byte) error { return d.record(record, v) }); err != nil {
			return err
		}
	}
	return nil
}

func (h *Head) replayFile(ctx context.Context, file logFile, s *segment, take func([]byte) error) error {
	f, err := opened(file.folder, file.name)
	if err != nil {
		return err
	}
	defer f.Close()
	s.file, s.at, s.torn = f, 0, false
	if err := s.read(ctx, file.newest, take); err != nil {
		return err
	}
	if s.torn {
		h.torn = f.Name
	}
	return nil
}

// opened opens a file that was there a moment ago.
func opened(f folder.Folder, name string) (*folder.File, error) {
	file, err := f.Open(name)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, folder.Changed(f.Name(name))
	}
	return file, err
}

// chunks hands over the chunks that the head wrote to disk.
func (h *Head) chunks(ctx context.Context, take func(name string, ref uint64, m mapped)) error {
	f := h.folder.Sub(chunksName)
	names, err := f.List()
	if err != nil {
		return err
	}
	files := numbered(names)
	for i, name := range files {
		file, err := opened(f, name)
		if err != nil {
			return err
		}
		err = mappedChunks(ctx, file, i == len(files)-1, func(ref uint64, m mapped) { take(name, ref, m) })
		file.Close()
		if err != nil {
			return err
		}
	}
	return nil
}
