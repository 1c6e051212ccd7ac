package disk

import (
	"io/fs"
	"os"
	"time"
)

// Seen is what the file system said of a file, and when it was asked.
type Seen struct {
	Info fs.FileInfo // nil where nothing is known
	At   time.Time
}

// settled is how old a change must be before a file's times can be trusted. Saved
// twice within one tick of the file system's clock, a file has the same times, and
// maybe the same length.
var settled = 2 * time.Second

// SettleIn shortens that time, for tests on a file system whose clock is fine.
func SettleIn(d time.Duration) { settled = d }

// Same reports whether a file surely has the bytes that it had.
func (s Seen) Same(info fs.FileInfo) bool {
	if s.Info == nil {
		return false
	}
	changed, before := Changed(s.Info), s.At.Add(-settled)
	return s.Info.Size() == info.Size() && s.Info.ModTime().Equal(info.ModTime()) && changed.Equal(Changed(info)) &&
		os.SameFile(s.Info, info) && s.Info.ModTime().Before(before) && changed.Before(before)
}
