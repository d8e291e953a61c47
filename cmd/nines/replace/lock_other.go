//go:build !(darwin || dragonfly || freebsd || linux || netbsd || openbsd)

package replace

import (
	"os"
	"runtime"
)

// lock marks nothing: Windows does not take away a file that is open.
func lock(*os.File) {}

// removeDead takes a file away that no run has open. Elsewhere nobody can tell.
func removeDead(path string) {
	if runtime.GOOS == "windows" {
		os.Remove(path)
	}
}

// rename gives the file its name. One that is open has to keep its own.
func (t *draft) rename(path string) error {
	if err := t.file.Close(); err != nil {
		return err
	}
	return os.Rename(t.file.Name(), path)
}
