package store

import (
	"context"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// NewFile is a record to be created.
type NewFile struct {
	// Name returns the record's name for n = 1, and for n = 2, 3 … the names to try
	// if those before are taken; see [records.FileName] and [DayFileName].
	Name    func(n int) string
	Content []byte
}

// DayFileName is the name of the n-th record of a day whose hour nobody knows:
// "2024-08-31-deployment.md", "2024-08-31-2-deployment.md".
func DayFileName(day time.Time, n int) string {
	if n > 1 {
		return day.Format("2006-01-02-") + strconv.Itoa(n) + records.NameSuffix
	}
	return day.Format(time.DateOnly) + records.NameSuffix
}

// writers is how many records are written at once. Most of the time each waits for
// the disk to confirm, and a disk confirms many at once.
const writers = 16

// CreateMany writes new records into the folder dir, with the promises of [Create].
// Names are given out in the order of files. done is called with the index and the
// path of each record that is on the disk.
//
// Nothing is written after the first error, which names the file. The records that
// done was called for stay.
func CreateMany(ctx context.Context, dir string, files []NewFile, done func(i int, path string)) error {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	swept := make(chan struct{})
	go func() { // while the disk writes
		sweep(dir, tempPrefix, time.Now())
		close(swept)
	}()
	defer func() { <-swept }()
	ctx, stop := context.WithCancel(ctx)
	temps := writeTemps(ctx, dir, files)
	defer func() {
		stop()
		for t := range temps { // what was written ahead and gets no name
			if r := <-t; r.path != "" {
				os.Remove(r.path)
			}
		}
	}()
	i := 0
	taken := map[string]int{} // the last number of each name: many may start in one minute
	for t := range temps {
		r := <-t
		if r.err != nil {
			return r.err
		}
		first, used := files[i].Name(1), 0
		path, err := publish(r.path, func(n int) string {
			used = taken[first] + n
			return filepath.Join(dir, files[i].Name(used))
		})
		taken[first] = used
		os.Remove(r.path)
		if err != nil {
			return err
		}
		done(i, path)
		i++
	}
	if err := ctx.Err(); err != nil {
		return err
	}
	return syncDir(dir)
}

// temp is a file that has no name yet, or why there is none.
type temp struct {
	path string
	err  error
}

// writeTemps writes the files under temporary names, several at once, and hands
// them over in order. The channel is closed after the last, or once ctx is done.
func writeTemps(ctx context.Context, dir string, files []NewFile) <-chan chan temp {
	queue := make(chan chan temp, writers)
	go func() {
		defer close(queue)
		for _, f := range files {
			if ctx.Err() != nil {
				return
			}
			one := make(chan temp, 1)
			select {
			case queue <- one:
			case <-ctx.Done():
				return
			}
			go func() {
				path, err := writeTemp(dir, tempPrefix, 0o666, f.Content, nil)
				one <- temp{path, err}
			}()
		}
	}()
	return queue
}
