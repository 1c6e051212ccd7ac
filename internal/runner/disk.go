package runner

import (
	"context"
	"io/fs"
	"os"
	"sync"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// disk is the record's file, which other programs may change as well. It can be used
// from several goroutines.
type disk struct {
	file store.File

	mu   sync.Mutex
	info fs.FileInfo // of the file as it was read last; nil if that must not be trusted
}

// Read reads the record.
func (d *disk) Read() (*records.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.read()
}

func (d *disk) read() (*records.Record, error) {
	info, err := os.Lstat(d.file.Path) // first: if it is written after this, the next check sees it
	began := time.Now()
	r, readErr := d.file.Read()
	d.info = info
	if err != nil || readErr != nil || began.Sub(info.ModTime()) < settled {
		d.info = nil
	}
	return r, readErr
}

// settled is how old a file's time has to be to tell a later write by it: clocks
// of file systems are coarse.
const settled = 2 * time.Second

// ReadIfChanged reads the record if it may have changed since it was read last, and
// returns nil if it has not. It is called every second, so it compares the file's
// size and time first.
func (d *disk) ReadIfChanged() (*records.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	info, err := os.Lstat(d.file.Path)
	if err == nil && d.info != nil && os.SameFile(info, d.info) && info.ModTime().Equal(d.info.ModTime()) && info.Size() == d.info.Size() {
		return nil, nil
	}
	return d.read()
}

// Change makes a change and returns the record before and after it. After an error
// nothing has been changed.
func (d *disk) Change(ctx context.Context, change records.Change) (before, after *records.Record, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.info = nil
	return d.file.Change(ctx, change)
}
