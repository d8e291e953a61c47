//go:build !windows

package replace

import (
	"os"
	"path/filepath"
	"syscall"
	"testing"
)

func TestModes(t *testing.T) {
	path := filepath.Join(t.TempDir(), "x")
	mode := func() os.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	before := syscall.Umask(0o027)
	defer syscall.Umask(before)
	if err := Write(path, writeText("x")); err != nil || mode() != 0o640 {
		t.Errorf("a new file: got %v, %v, want what the umask leaves, 0640", mode(), err)
	}
	for _, want := range []os.FileMode{0o600, 0o664, 0o444, 0o666} {
		if err := os.Chmod(path, want); err != nil {
			t.Fatal(err)
		}
		if err := Write(path, writeText("y")); err != nil || mode() != want {
			t.Errorf("a file of mode %v: got %v, %v", want, mode(), err)
		}
	}
}
