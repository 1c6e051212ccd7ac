package disk

import (
	"crypto/sha256"
	"encoding/binary"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/deploysite/deploysite/internal/parallel"
)

// A Look is what the file system says of some files and folders, without their bytes.
type Look struct {
	At    time.Time // before it was asked
	Files []Looked
}

// Looked is one file or folder.
type Looked struct {
	Path    string
	Mode    fs.FileMode
	size    int64
	written int64 // by the clock of its file system, in nanoseconds
	changed int64 // the same; no program can set it; 0 where the system does not say
	number  uint64
}

func looked(path string, info fs.FileInfo) Looked {
	l := Looked{Path: path, Mode: info.Mode(), size: info.Size(), written: info.ModTime().UnixNano(), number: number(info)}
	if changed := Changed(info); !changed.IsZero() {
		l.changed = changed.UnixNano()
	}
	return l
}

// LookIn asks for files, and for folders with all that is in them, in a fixed order.
// What does not exist is left out.
func LookIn(paths ...string) (*Look, error) {
	l := &Look{At: time.Now()}
	for _, p := range paths {
		info, err := os.Lstat(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue
		}
		if err == nil {
			l.Files = append(l.Files, looked(p, info))
		}
		if err == nil && info.IsDir() {
			err = l.folder(p)
		}
		if err != nil {
			return nil, err
		}
	}
	return l, nil
}

func (l *Look) folder(dir string) error {
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	from, errs := len(l.Files), make([]error, len(entries))
	l.Files = append(l.Files, make([]Looked, len(entries))...)
	inParts(len(entries), func(i int) {
		info, err := entries[i].Info()
		if errs[i] = err; err == nil {
			l.Files[from+i] = looked(filepath.Join(dir, entries[i].Name()), info)
		}
	})
	for _, e := range entries {
		if e.IsDir() {
			errs = append(errs, l.folder(filepath.Join(dir, e.Name())))
		}
	}
	return errors.Join(errs...)
}

// LookAt asks for files and folders by their names. It is an error if one is missing.
func LookAt(dir string, names []string) (*Look, error) {
	l, errs := &Look{At: time.Now(), Files: make([]Looked, len(names))}, make([]error, len(names))
	inParts(len(names), func(i int) {
		p := filepath.Join(dir, names[i])
		info, err := os.Lstat(p)
		if errs[i] = err; err == nil {
			l.Files[i] = looked(p, info)
		}
	})
	return l, errors.Join(errs...)
}

func inParts(n int, do func(i int)) {
	const each = 256
	parallel.Each((n+each-1)/each, func(part int) {
		for i := part * each; i < min((part+1)*each, n); i++ {
			do(i)
		}
	})
}

// Sum is a hash of everything that tells whether the files are the same: of folders only
// their names, since what is in them tells the rest.
func (l *Look) Sum() string { return l.sum(func(f *Looked) bool { return !f.Mode.IsDir() }) }

// SumWithFolders is Sum with the times of folders, which tell whether something was added
// to them or removed.
func (l *Look) SumWithFolders() string { return l.sum(func(*Looked) bool { return true }) }

func (l *Look) sum(whole func(*Looked) bool) string {
	h := sha256.New()
	var b []byte
	for i := range l.Files {
		f := &l.Files[i]
		b = binary.LittleEndian.AppendUint32(append(append(b[:0], f.Path...), 0), uint32(f.Mode))
		if whole(f) {
			for _, n := range []uint64{uint64(f.size), uint64(f.written), uint64(f.changed), f.number} {
				b = binary.LittleEndian.AppendUint64(b, n)
			}
		}
		h.Write(b)
	}
	return fmt.Sprintf("%x", h.Sum(nil))
}

// Settled reports whether whatever is changed from now on gets another time, and whether
// the system says so at all.
func (l *Look) Settled() bool {
	before := l.At.Add(-settled).UnixNano()
	for i := range l.Files {
		if c := l.Files[i].changed; c == 0 || c >= before {
			return false
		}
	}
	return true
}
