// Package replace writes files that are complete or absent: to a temporary file beside
// them, synced, then renamed, and the folder synced.
//
// A run that is killed leaves its temporary file, which the next one that writes to the
// folder takes away: whoever writes holds a lock on it, and that of the dead is gone.
// A file that is replaced keeps its mode; a new one has what the umask leaves.
package replace

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strconv"

	"github.com/nines-slo/nines/slo/pattern"
	"github.com/nines-slo/nines/slo/spec/paths"
)

// Write writes a file. The folder is made if it is not there. What is there and is no
// regular file, such as a pipe or /dev/null, is written to as it is.
func Write(path string, write func(io.Writer) error) error { return new(Many).Write(path, write) }

// Many writes files of one folder, in which it looks once for what killed runs left.
type Many struct{ swept string } // the folder of the last one

// Write is that of the package.
func (m *Many) Write(path string, write func(io.Writer) error) error {
	if f := opened(path); f != nil {
		return write(f)
	}
	target, err := Target(path)
	if err == nil {
		err = m.put(target, write)
	}
	var at *fs.PathError
	var names *os.LinkError
	switch {
	case errors.As(err, &at):
		return fmt.Errorf("%s cannot be written: %s", path, paths.Reason(at))
	case errors.As(err, &names):
		return fmt.Errorf("%s cannot be written: %w", path, names.Err)
	}
	return err
}

// put writes a file whose path is no link.
func (m *Many) put(path string, write func(io.Writer) error) error {
	mode := os.FileMode(0o666)
	info, err := os.Stat(path)
	switch {
	case err != nil:
	case info.IsDir():
		return fmt.Errorf("%s is a folder", path)
	case !info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		return errors.Join(write(f), f.Close())
	default:
		mode = info.Mode().Perm()
	}
	folder, made, err := makeFolder(filepath.Dir(path))
	if err != nil {
		return err
	}
	if m.swept != folder {
		sweep(folder)
		m.swept = folder
	}
	t, err := create(folder, filepath.Base(path), mode, info != nil)
	if err != nil {
		return err
	}
	if err := t.fill(write); err != nil {
		t.drop()
		return err
	}
	if err := t.rename(path); err != nil {
		t.drop()
		return err
	}
	syncFolders(folder, made)
	return nil
}

// descriptors are the paths of files that the caller opened.
var descriptors = pattern.Of(`^/(?:dev|proc/(?:self|thread-self))/fd/([0-9]+)$`)

// opened returns the file that a path such as /dev/stdout or /dev/fd/3 stands for, nil if
// it is no such path. The caller opened it, so it is written to from where it stands.
func opened(path string) *os.File {
	switch n := descriptor(path); {
	case n == stdout:
		return os.Stdout
	case n == stderr:
		return os.Stderr
	case n > stderr:
		return os.NewFile(uintptr(n), path)
	}
	return nil
}

// Stdout tells whether a path is one for the standard output, which people write - for.
func Stdout(path string) bool { return path == "-" || descriptor(path) == stdout }

// The descriptors that every program has for what it writes.
const stdout, stderr = 1, 2

// descriptor returns the number of the open file that a path stands for, 0 if none that is
// written to.
func descriptor(path string) int {
	path = filepath.ToSlash(filepath.Clean(path))
	switch path {
	case "/dev/stdout":
		return stdout
	case "/dev/stderr":
		return stderr
	}
	m := descriptors().FindStringSubmatch(path)
	if m == nil {
		return 0
	}
	n, err := strconv.Atoi(m[1])
	if err != nil {
		return 0
	}
	return n
}

// Target returns what a path leads to, whether or not that is there yet. A link in the
// folder of the output may have come with files of somebody else, and would have them say
// what is overwritten: one that leads out of the folder is refused. Links on the way to
// that folder are the caller's.
func Target(path string) (string, error) {
	if link, err := os.Lstat(path); err != nil || link.Mode()&os.ModeSymlink == 0 {
		return path, nil
	}
	folder, err := realFolder(path)
	if err != nil {
		return "", err
	}
	real, err := end(path)
	if err != nil {
		return "", fmt.Errorf("%s is a link that leads nowhere: nothing is written there\n"+
			"hint: remove the link", path)
	}
	if !paths.Within(folder, real) {
		return "", fmt.Errorf("%s is a link that leads out of its folder: nothing is written there\n"+
			"hint: name what it leads to, or remove the link", path)
	}
	return real, nil
}

// Place returns the one name of the file to which a path leads, whether or not that is there yet:
// from the root, and without links.
func Place(path string) string {
	if real, err := end(path); err == nil {
		return real
	}
	path, err := filepath.Abs(path)
	if folder := filepath.Dir(path); err == nil && folder != path {
		return filepath.Join(Place(folder), filepath.Base(path))
	}
	return path
}

// maxLinks is how many links may lead to one another.
const maxLinks = 40

// end follows links up to a name that is none, in a folder that is there.
func end(path string) (string, error) {
	for range maxLinks {
		folder, err := realFolder(path)
		if err != nil {
			return "", err
		}
		path = filepath.Join(folder, filepath.Base(path))
		to, err := os.Readlink(path)
		if err != nil {
			return path, nil
		}
		if path = to; !filepath.IsAbs(to) {
			path = filepath.Join(folder, to)
		}
	}
	return "", errors.New("too many links")
}

// realFolder returns the folder of a path, from the root and without links.
func realFolder(path string) (string, error) {
	path, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(filepath.Dir(path))
}

// makeFolder makes a folder, and tells how many folders it had to make.
func makeFolder(dir string) (folder string, made int, err error) {
	for at := dir; ; at = filepath.Dir(at) {
		if _, err := os.Stat(at); err == nil || at == filepath.Dir(at) {
			break
		}
		if _, err := os.Lstat(at); err == nil {
			return "", 0, fmt.Errorf("%s is a link that leads nowhere: nothing is written there\n"+
				"hint: remove the link", at)
		}
		made++
	}
	return dir, made, os.MkdirAll(dir, 0o777)
}

// syncFolders keeps names through a power cut: that of the file, and those of the folders
// that were made for it. The file is there by now, so nobody is told where this cannot be
// done, as on Windows.
func syncFolders(dir string, made int) {
	for range made + 1 {
		if f, err := os.Open(dir); err == nil {
			f.Sync()
			f.Close()
		}
		dir = filepath.Dir(dir)
	}
}

// temporary is the name of a temporary file.
var temporary = pattern.Of(`^\..+\.nines-[0-9]+$`)

// sweep takes away the temporary files of runs that were killed.
func sweep(folder string) {
	entries, err := os.ReadDir(folder)
	if err != nil {
		return
	}
	for _, e := range entries {
		if e.Type().IsRegular() && temporary().MatchString(e.Name()) {
			removeDead(filepath.Join(folder, e.Name()))
		}
	}
}

// draft is a temporary file, which this run holds a lock on.
type draft struct{ file *os.File }

// attempts is how often another file is made where a run that sweeps took the first.
const attempts = 10

// create makes a temporary file. exact keeps its mode from the umask.
func create(folder, name string, mode os.FileMode, exact bool) (*draft, error) {
	for range attempts {
		path := filepath.Join(folder, "."+name+".nines-"+strconv.FormatUint(rand.Uint64(), 10))
		f, err := os.OpenFile(path, os.O_RDWR|os.O_CREATE|os.O_EXCL, mode)
		if err != nil {
			return nil, err
		}
		t := &draft{f}
		if exact {
			err = f.Chmod(mode)
		}
		if err != nil {
			t.drop()
			return nil, err
		}
		if lock(f); t.there() {
			return t, nil
		}
		f.Close()
	}
	return nil, fmt.Errorf("no temporary file can be kept in %s", folder)
}

// there tells whether the file still has its name.
func (t *draft) there() bool {
	named, err := os.Stat(t.file.Name())
	if err != nil {
		return false
	}
	own, err := t.file.Stat()
	return err == nil && os.SameFile(named, own)
}

// fill writes the file to the disk.
func (t *draft) fill(write func(io.Writer) error) error {
	if err := write(t.file); err != nil {
		return err
	}
	return t.file.Sync()
}

// drop takes the file away.
func (t *draft) drop() {
	t.file.Close()
	os.Remove(t.file.Name())
}
