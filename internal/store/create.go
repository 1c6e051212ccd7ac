package store

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"syscall"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/records"
)

// Create writes a new record into the folder dir and returns the file's path. The
// folder is made if it is missing. The file gets the first free name of
// [records.FileName] for the time at. An existing file is never touched, however
// many processes create records at once. The record is there as a whole or not at
// all, even if the machine stops; once Create returns it is on the disk.
//
// The error is a [*fs.PathError] or the like, which names the file.
func Create(dir string, at time.Time, content []byte) (path string, err error) {
	file := NewFile{Name: func(n int) string { return records.FileName(at, n) }, Content: content}
	err = CreateMany(context.Background(), dir, []NewFile{file}, func(_ int, created string) { path = created })
	return path, err
}

// A record is first written to a file whose name begins and ends like this. The
// leading dot hides it from those who list the records.
const (
	tempPrefix = ".new-record-"
	tempSuffix = ".tmp"
)

// tempLife is how long a temporary file is left alone. A record takes well
// under a second to write; after an hour its writer is gone.
const tempLife = time.Hour

// writeTemp writes content to a new file in dir, see [disk.Fill].
func writeTemp(dir, prefix string, mode fs.FileMode, content []byte, then func(*os.File) error) (path string, err error) {
	// os.CreateTemp would make it private to its owner, which the record then
	// would be, too.
	path = filepath.Join(dir, prefix+rand.Text()+tempSuffix)
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, mode)
	if err != nil {
		return "", err
	}
	if err = disk.Fill(f, content, then); err != nil {
		os.Remove(path)
		return "", err
	}
	return path, nil
}

// maxSameMinute ends the search for a free name where a file system says that every
// name is taken.
const maxSameMinute = 10_000

// publish gives a finished file the first name that is free.
func publish(temp string, name func(n int) string) (string, error) {
	for n := 1; n <= maxSameMinute; n++ {
		path := name(n)
		err := os.Link(temp, path)
		if err != nil && !errors.Is(err, fs.ErrExist) {
			err = reserve(temp, path) // some file systems, such as FAT, know no links
		}
		if !errors.Is(err, fs.ErrExist) {
			return path, err
		}
	}
	return "", fmt.Errorf("%s and the %d names after it are taken", name(1), maxSameMinute-1)
}

// reserve takes the name with an empty file, then puts the finished one in its
// place. A reader may meet the empty file, but never half a record.
func reserve(temp, path string) error {
	f, err := os.OpenFile(path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	err = errors.Join(f.Close(), os.Rename(temp, path))
	if err != nil {
		os.Remove(path)
	}
	return err
}

// sweep removes the temporary files of killed runs. Its errors do not matter: the
// record can be written anyway. How old a file is says the folder's time of change: the
// clock of a file system may be another one than ours, and then each file looks old.
func sweep(dir, prefix string) {
	folder, err := os.Open(dir)
	if err != nil {
		return
	}
	now, err := folder.Stat()
	if err != nil {
		folder.Close()
		return
	}
	names, _ := folder.Readdirnames(-1) // sorting thousands of records would take longer than all the rest
	folder.Close()
	for _, name := range names {
		if !strings.HasPrefix(name, prefix) || !strings.HasSuffix(name, tempSuffix) {
			continue
		}
		path := filepath.Join(dir, name)
		if info, err := os.Lstat(path); err == nil && now.ModTime().Sub(info.ModTime()) > tempLife {
			os.Remove(path)
		}
	}
}

// syncDir writes a folder's names to the disk. Where folders cannot be synced, the
// file system does so by itself.
func syncDir(dir string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(dir)
	if err != nil {
		return err
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, syscall.EINVAL) && !errors.Is(err, errors.ErrUnsupported) {
		return err
	}
	return nil
}
