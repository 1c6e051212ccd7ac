package store

import (
	"io/fs"
	"path"

	"github.com/deploysite/deploysite/internal/records"
)

// Known returns the record of a file from an earlier load, or nil if the file must
// be read or parsed. It is called from several goroutines, up to twice for a file:
// before the file is opened, without source, and then with it.
type Known func(file string, info fs.FileInfo, source []byte) *records.Record

// knownBy returns the record of an earlier load, or nil. source is nil before the
// file was read.
func (l *loader) knownBy(name string, source []byte) *records.Record {
	if l.known == nil {
		return nil
	}
	file := path.Join(l.dir, name)
	info, err := fs.Stat(l.fsys, file) // a link was followed when it was listed
	if err != nil || !info.Mode().IsRegular() {
		return nil // reading it says what is wrong
	}
	return l.known(file, info, source)
}
