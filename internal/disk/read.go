package disk

import (
	"bytes"
	"fmt"
	"io"
	"io/fs"
	"os"
)

// Read returns the content of a regular file of at most limit bytes. Nothing else
// is opened: a named pipe would block, a device never end, and a symbolic link
// lead elsewhere. The error is [NotRegular], [TooLarge], or the file system's own.
func Read(fsys fs.FS, name string, limit int64) ([]byte, error) {
	return read(name, limit, func(name string) (fs.FileInfo, error) { return fs.Lstat(fsys, name) }, fsys.Open)
}

// ReadLinked is [Read], and follows symbolic links.
func ReadLinked(fsys fs.FS, name string, limit int64) ([]byte, error) {
	return read(name, limit, func(name string) (fs.FileInfo, error) { return fs.Stat(fsys, name) }, fsys.Open)
}

// ReadFile is [ReadLinked] for a path of the system.
func ReadFile(path string, limit int64) ([]byte, error) {
	return read(path, limit, os.Stat, func(path string) (fs.File, error) { return os.Open(path) })
}

func read(name string, limit int64, stat func(string) (fs.FileInfo, error), open func(string) (fs.File, error)) ([]byte, error) {
	info, err := stat(name)
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, NotRegular{info.Mode()}
	}
	f, err := open(name)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	return ReadOpen(f, limit)
}

// ReadOpen is [Read] for a file that is open already.
func ReadOpen(f fs.File, limit int64) ([]byte, error) {
	info, err := f.Stat()
	if err != nil {
		return nil, err
	}
	if !info.Mode().IsRegular() {
		return nil, NotRegular{info.Mode()}
	}
	content := bytes.NewBuffer(make([]byte, 0, min(info.Size(), limit)+bytes.MinRead))
	_, err = content.ReadFrom(io.LimitReader(f, limit+1))
	if err == nil && int64(content.Len()) > limit {
		err = TooLarge{limit}
	}
	return content.Bytes(), err
}

// NotRegular is the error for what is not a regular file.
type NotRegular struct{ Mode fs.FileMode }

func (e NotRegular) Error() string { return "it is " + TypeName(e.Mode) + ", not a regular file" }

// TooLarge is the error for a file that has more than Limit bytes. The beginning
// of the file comes with it.
type TooLarge struct{ Limit int64 }

func (e TooLarge) Error() string {
	if e.Limit < 1<<20 {
		return fmt.Sprintf("it has more than %d KiB", e.Limit>>10)
	}
	return fmt.Sprintf("it has more than %d MiB", e.Limit>>20)
}

// TypeName says what a file is, with its article: "a named pipe".
func TypeName(mode fs.FileMode) string {
	switch {
	case mode.IsRegular():
		return "a file"
	case mode.IsDir():
		return "a folder"
	case mode&fs.ModeSymlink != 0:
		return "a symbolic link"
	case mode&fs.ModeNamedPipe != 0:
		return "a named pipe"
	case mode&fs.ModeSocket != 0:
		return "a socket"
	}
	return "a device"
}
