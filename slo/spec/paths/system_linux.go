package paths

import (
	"os"
	"slices"
	"syscall"
)

// ofSystem tells whether a file is kept nowhere: the kernel makes its text up when it is
// read, wherever /proc and /sys are mounted.
func ofSystem(f *os.File) bool {
	const proc, sys = 0x9fa0, 0x62656572 // PROC_SUPER_MAGIC and SYSFS_MAGIC, statfs(2)
	var at syscall.Statfs_t
	if err := syscall.Fstatfs(int(f.Fd()), &at); err != nil {
		return false
	}
	return slices.Contains([]int64{proc, sys}, int64(at.Type))
}
