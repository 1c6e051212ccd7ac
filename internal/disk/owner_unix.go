//go:build unix

package disk

import (
	"io/fs"
	"os"
	"syscall"
)

// Owner is the owner and group of a file. ok is false if another file has the same,
// or if they are unknown.
func Owner(of, other fs.FileInfo) (uid, gid int, ok bool) {
	want, known := of.Sys().(*syscall.Stat_t)
	is, alsoKnown := other.Sys().(*syscall.Stat_t)
	if !known || !alsoKnown || is.Uid == want.Uid && is.Gid == want.Gid {
		return 0, 0, false
	}
	return int(want.Uid), int(want.Gid), true
}

// IsMine reports whether a file belongs to the user who runs this.
func IsMine(info fs.FileInfo) bool {
	s, ok := info.Sys().(*syscall.Stat_t)
	return !ok || int(s.Uid) == os.Geteuid()
}

// Links is how many names a file has: more than one where there are hard links.
func Links(info fs.FileInfo) int {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return int(s.Nlink)
	}
	return 1
}
