package paths

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"syscall"
)

// Root is the folder that reads are confined to, also through links: what a file there
// links to is read if it lies in the folder too. The nil *Root stands for the whole
// file system.
//
// Wherever a name leads, only what is kept in a file is read. Pipes and devices could
// hold up a run for ever, and what a system tells of itself below /proc, /sys and /dev
// is no measurement, but may hold the secrets of whoever runs the program.
type Root struct {
	dir   *os.Root
	names []string // of the folder, absolute: as it was given, and without links
}

// NewRoot returns the Root of a folder. It stays open as long as the program runs.
func NewRoot(dir string) (*Root, error) {
	given, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	real, err := filepath.EvalSymlinks(given)
	if err != nil {
		return nil, err
	}
	opened, err := os.OpenRoot(real)
	if err != nil {
		return nil, err
	}
	return &Root{dir: opened, names: []string{given, real}}, nil
}

// Reasons why a file is not read.
var (
	ErrOutside = errors.New("it lies, or leads, outside of the folder that may be read (--root, --untrusted)")
	ErrNoFile  = errors.New("it is no regular file, but a pipe, a socket or a device")
	ErrSystem  = errors.New("it is, or leads to, a part of /proc, /sys or /dev, which hold no measurements")
)

// Open opens a file that an SLO file names.
func (r *Root) Open(path string) (*os.File, error) {
	real, err := r.Resolve(path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	info, err := os.Lstat(real)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() && !info.IsDir() { // to open a device may do something already
		return nil, &fs.PathError{Op: "open", Path: path, Err: ErrNoFile}
	}
	return r.open(path, real)
}

// OpenNamed opens a file that the command line names, where a pipe is meant as one:
// <(command) of a shell. It has no name below the folder.
func (r *Root) OpenNamed(path string) (*os.File, error) {
	if r == nil || !r.Holds(path) {
		if info, err := os.Stat(path); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return os.Open(path)
		}
	}
	real, err := r.follow(path)
	if err != nil {
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return r.open(path, real)
}

// Holds tells whether the names of a path, or of a pattern, stay below the folder.
func (r *Root) Holds(path string) bool {
	abs, err := filepath.Abs(path)
	return r == nil || err == nil && r.below(abs) != ""
}

// open opens what follow found. It does not wait for the other end of what became a
// pipe meanwhile.
func (r *Root) open(path, real string) (*os.File, error) {
	var f *os.File
	var err error
	if r == nil {
		f, err = os.OpenFile(real, os.O_RDONLY|syscall.O_NONBLOCK, 0)
	} else {
		f, err = r.dir.OpenFile(r.below(real), os.O_RDONLY|syscall.O_NONBLOCK, 0)
	}
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	switch {
	case err != nil:
	case !info.Mode().IsRegular() && !info.IsDir():
		err = ErrNoFile
	case ofSystem(f):
		err = ErrSystem
	}
	if err != nil {
		f.Close()
		return nil, &fs.PathError{Op: "open", Path: path, Err: err}
	}
	return f, nil
}

// Resolve returns where a path leads to that an SLO file names, without links, if that may
// be read: an error of this package says why not, or one of the file system's.
func (r *Root) Resolve(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if system(abs) {
		return "", ErrSystem
	}
	return r.follow(abs)
}

// follow returns where a path leads to, if that lies below r. Of what lies elsewhere
// nobody learns whether it is there.
func (r *Root) follow(path string) (string, error) {
	abs, err := filepath.Abs(path)
	if err != nil {
		return "", err
	}
	if r != nil && r.below(abs) == "" {
		return "", ErrOutside
	}
	real, err := filepath.EvalSymlinks(abs)
	switch {
	case err != nil && r != nil:
		if _, inside := r.dir.Stat(r.below(abs)); !errors.Is(inside, fs.ErrNotExist) {
			return "", ErrOutside
		}
		return "", fs.ErrNotExist
	case err != nil:
		return "", bare(err)
	case system(real):
		return "", ErrSystem
	case r != nil && r.below(real) == "":
		return "", ErrOutside
	}
	return real, nil
}

// below returns an absolute path relative to the folder, "" if it lies elsewhere.
func (r *Root) below(abs string) string {
	for _, name := range r.names {
		if rel, err := filepath.Rel(name, abs); err == nil && filepath.IsLocal(rel) {
			return rel
		}
	}
	return ""
}

// system tells whether an absolute path is one of what a system tells of itself.
func system(abs string) bool {
	return slices.ContainsFunc([]string{"/proc", "/sys", "/dev"}, func(dir string) bool {
		return abs == dir || strings.HasPrefix(abs, dir+"/")
	})
}
