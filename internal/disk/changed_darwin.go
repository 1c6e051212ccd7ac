package disk

import (
	"io/fs"
	"syscall"
	"time"
)

// Changed is when a file's content, name or rights last changed, as the system
// itself noted it: unlike the time of modification, no program can set it. It is
// zero where the system does not tell.
func Changed(info fs.FileInfo) time.Time {
	if s, ok := info.Sys().(*syscall.Stat_t); ok {
		return time.Unix(s.Ctimespec.Sec, s.Ctimespec.Nsec)
	}
	return time.Time{}
}
