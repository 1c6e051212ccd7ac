package adopt

import (
	"crypto/rand"
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/deploysite/deploysite/internal/disk"
)

// Apply writes the planned files below root and notes what became of each. It
// creates, and never replaces: of two adoptions at once, one writes a file and
// the other finds it there. A file is whole or not there at all.
func (p *Plan) Apply(root *os.Root) {
	for i := range p.Files {
		if f := &p.Files[i]; f.State == Planned {
			f.write(root)
		}
	}
}

// Count is how many files have a state.
func (p *Plan) Count(state State) (n int) {
	for _, f := range p.Files {
		if f.State == state {
			n++
		}
	}
	return n
}

func (f *File) write(root *os.Root) {
	err := create(root, filepath.FromSlash(f.Path), f.Content)
	switch {
	case err == nil:
		f.State = Written
	case errors.Is(err, fs.ErrExist):
		f.State, f.Reason = Blocked, "there is something of that name now"
	default:
		f.State, f.Reason = Failed, reason(err)
	}
}

// create makes a file with its content at once: a temporary file gets a second
// name, which fails where there is one already.
func create(root *os.Root, name string, content []byte) error {
	folder := filepath.Dir(name)
	if err := root.MkdirAll(folder, 0o777); err != nil {
		return err
	}
	temp := filepath.Join(folder, ".new-file-"+rand.Text()+".tmp")
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

// write makes a new file and syncs it to the disk. After an error nothing of it is
// left.
func write(root *os.Root, name string, content []byte) error {
	f, err := root.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o666)
	if err != nil {
		return err
	}
	if err = disk.Fill(f, content, nil); err != nil {
		root.Remove(name)
	}
	return err
}

// reason is an error with the folder that it happened in, and without the
// temporary file's name.
func reason(err error) string {
	if link, ok := errors.AsType[*os.LinkError](err); ok {
		return link.Err.Error()
	}
	at, ok := errors.AsType[*fs.PathError](err)
	if !ok {
		return err.Error()
	}
	if folder := path.Dir(filepath.ToSlash(at.Path)); folder != "." {
		return at.Err.Error() + ", in " + folder
	}
	return at.Err.Error()
}
