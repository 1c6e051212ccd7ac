package adopt

import (
	"errors"
	"io/fs"
	"os"
	"path"
	"path/filepath"

	"github.com/deploysite/deploysite/internal/disk"
)

// Apply writes the planned files below root and notes what became of each. It
// creates, and never replaces: of two adoptions at once, one writes a file and
// the other finds it there. A file is whole or not there at all. What an adoption that
// was killed left is removed after an hour.
func (p *Plan) Apply(root *os.Root) {
	for _, folder := range p.unswept {
		disk.Sweep(root, filepath.FromSlash(folder))
	}
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

// create makes a file with its content at once, and the folders to it.
func create(root *os.Root, name string, content []byte) error {
	if err := root.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		return err
	}
	return disk.Create(root, name, content)
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
