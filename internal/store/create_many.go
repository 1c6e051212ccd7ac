package store

import (
	"cmp"
	"context"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"sync"
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
		sweep(dir, tempPrefix)
		close(swept)
	}()
	defer func() { <-swept }()
	taken := map[string]int{} // the last number of each name: many may start in one minute
	created := 0
	for batch := range slices.Chunk(files, writers) {
		temps, errs := writeTemps(dir, batch)
		for i, temp := range temps {
			err := cmp.Or(errs[i], ctx.Err())
			if err != nil {
				removeAll(temps[i:])
				return err
			}
			first, used := batch[i].Name(1), 0
			path, err := publish(temp, func(n int) string {
				used = taken[first] + n
				return filepath.Join(dir, batch[i].Name(used))
			})
			taken[first] = used
			if err != nil {
				removeAll(temps[i:])
				return err
			}
			os.Remove(temp)
			done(created, path)
			created++
		}
	}
	return syncDir(dir)
}

// writeTemps writes files under temporary names, all at once.
func writeTemps(dir string, files []NewFile) (temps []string, errs []error) {
	temps, errs = make([]string, len(files)), make([]error, len(files))
	var work sync.WaitGroup
	for i, f := range files {
		work.Go(func() { temps[i], errs[i] = writeTemp(dir, tempPrefix, 0o666, f.Content, nil) })
	}
	work.Wait()
	return temps, errs
}

// removeAll removes what gets no name.
func removeAll(temps []string) {
	for _, temp := range temps {
		os.Remove(temp) // "" where there is none
	}
}
