package store

import (
	"io/fs"
	"path"

	"github.com/deploysite/deploysite/internal/records"
)

// Known is what somebody remembers of a file of an earlier load: its record, or
// nil where it must be read. It is asked twice, from several goroutines: first
// with what the file system says of the file, before it is opened, and where
// that does not suffice with its source as well.
type Known func(file string, info fs.FileInfo, source []byte) *records.Record

// knownBy asks for a record that is known. source is nil before it was read.
func (l *loader) knownBy(name string, source []byte) *records.Record {
	if l.known == nil {
		return nil
	}
	file := path.Join(l.dir, name)
	info, err := fs.Lstat(l.fsys, file)
	if err != nil || !info.Mode().IsRegular() {
		return nil // reading it says what is wrong
	}
	return l.known(file, info, source)
}
