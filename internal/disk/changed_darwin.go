package disk

import (
	"io/fs"
	"syscall"
	"time"
)

// Changed is when a file's content, name or rights last changed. Unlike the time of
// modification, no program can set it. It is zero if the system does not say.
func Changed(info fs.FileInfo) time.Time {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(s.Ctimespec.Sec, s.Ctimespec.Nsec)
	}
	return time.Time{}
}

// number is the file's own on its file system, whatever its name.
func number(info fs.FileInfo) uint64 {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return s.Ino
	}
	return 0
}
