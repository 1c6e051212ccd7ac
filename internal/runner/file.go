package runner

import (
	"context"
	"os"
	"sync"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// recordFile is the record's file, which other programs may change as well. It can be
// used from several goroutines.
type recordFile struct {
	file store.File

	mu   sync.Mutex
	seen disk.Seen // when it was read last
}

// Read reads the record.
func (d *recordFile) Read() (*records.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.read()
}

func (d *recordFile) read() (*records.Record, error) {
	info, _ := os.Lstat(d.file.Path) // first: if it is written after this, the next check sees it
	d.seen = disk.Seen{Info: info, At: time.Now()}
	r, err := d.file.Read()
	if err != nil {
		d.seen.Info = nil
	}
	return r, err
}

// ReadIfChanged reads the record if it may have changed since it was read last, and
// returns nil if it has not. It is called every second, so it compares the file's
// size and time first.
func (d *recordFile) ReadIfChanged() (*records.Record, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	info, err := os.Lstat(d.file.Path)
	if err == nil && d.seen.Same(info) {
		return nil, nil
	}
	return d.read()
}

// Change makes a change and returns the record before and after it. After an error
// nothing has been changed.
func (d *recordFile) Change(ctx context.Context, change records.Change) (before, after *records.Record, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen.Info = nil
	return d.file.Change(ctx, change)
}

// Undo takes the last change back, or makes it again.
func (d *recordFile) Undo(ctx context.Context) (before, after *records.Record, again bool, err error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	d.seen.Info = nil
	return d.file.Undo(ctx)
}
