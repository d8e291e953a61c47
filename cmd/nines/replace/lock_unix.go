//go:build darwin || dragonfly || freebsd || linux || netbsd || openbsd

package replace

import (
	"os"
	"syscall"
)

// lock marks a file as that of a run that is alive. Some file systems have no locks: there
// nothing is swept either.
func lock(f *os.File) { syscall.Flock(int(f.Fd()), syscall.LOCK_EX) }

// removeDead takes a file away that no run has a lock on.
func removeDead(path string) {
	f, err := os.OpenFile(path, os.O_RDONLY|syscall.O_NOFOLLOW|syscall.O_NONBLOCK, 0)
	if err != nil {
		return
	}
	defer f.Close()
	if syscall.Flock(int(f.Fd()), syscall.LOCK_EX|syscall.LOCK_NB) == nil {
		os.Remove(path)
	}
}

// rename gives the file its name while the lock is held.
func (t *draft) rename(path string) error {
	if err := os.Rename(t.file.Name(), path); err != nil {
		return err
	}
	return t.file.Close()
}
