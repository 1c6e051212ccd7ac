package disk

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"time"
)

// A file is first written under a name that begins and ends like this.
const (
	newPrefix = ".new-file-"
	newSuffix = ".tmp"
	newLife   = time.Hour // by then whoever writes it is gone
)

// Create makes a file with its content at once, in a folder that is there: a temporary
// file gets a second name, which fails where there is one already.
func Create(root *os.Root, name string, content []byte) error {
	temp := filepath.Join(filepath.Dir(name), newPrefix+rand.Text()+newSuffix)
	if err := write(root, temp, content); err != nil {
		return err
	}
	defer root.Remove(temp)
	err := root.Link(temp, name)
	if err == nil || errors.Is(err, fs.ErrExist) {
		return err
	}
	return write(root, name, content) // some file systems, such as FAT, know no links
}

// IsTemporary reports whether [Create] gives such names to temporary files.
func IsTemporary(name string) bool {
	return strings.HasPrefix(name, newPrefix) && strings.HasSuffix(name, newSuffix)
}

// Sweep removes from a folder what killed calls of [Create] left. Its errors do not matter.
// How old a file is says the folder's time of change: the clock of a file system may be
// another one than ours.
func Sweep(root *os.Root, folder string) {
	now, err := root.Stat(folder)
	if err != nil {
		return
	}
	files, _ := fs.ReadDir(root.FS(), filepath.ToSlash(folder))
	for _, f := range files {
		if !IsTemporary(f.Name()) {
			continue
		}
		if info, err := f.Info(); err == nil && info.Mode().IsRegular() && now.ModTime().Sub(info.ModTime()) > newLife {
			root.Remove(filepath.Join(folder, f.Name()))
		}
	}
}

// write makes a new file and syncs it to the disk. After an error nothing of it is
// left.
func write(root *os.Root, name string, content []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err = Fill(f, content, nil); err != nil {
		root.Remove(name)
	}
	return err
}
