//go:build unix

package publish

import (
	"io/fs"
	"os"
	"syscall"
)

// copyOwner gives a folder the owner and group of another one: a web server may
// have access only through them.
func copyOwner(root *os.Root, p string, like fs.FileInfo) error {
	want, ok := like.Sys().(*syscall.Stat_t)
	if !ok {
		return nil
	}
	info, err := root.Lstat(p)
	if err != nil {
		return err
	}
	if is, ok := info.Sys().(*syscall.Stat_t); ok && is.Uid == want.Uid && is.Gid == want.Gid {
		return nil
	}
	return root.Lchown(p, int(want.Uid), int(want.Gid))
}
