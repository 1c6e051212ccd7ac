package publish

import (
	"context"
	"errors"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/deploysite/deploysite/internal/disk"
)

// linker makes hard links to files of the old tree in the new one. They keep their
// time stamps and cost no space.
type linker struct {
	parent   *os.Root // the folder around both
	old      *tree
	from, to string // names of old and new folder
}

// link gives p a second name in the new folder, with the folders around it. A
// symbolic link stays one.
func (l *linker) link(p string) error {
	err := l.parent.Link(path.Join(l.from, p), path.Join(l.to, p))
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if err := l.parent.MkdirAll(path.Join(l.to, path.Dir(p)), 0o777); err != nil {
		return err
	}
	return l.parent.Link(path.Join(l.from, p), path.Join(l.to, p))
}

// linkOrCopy is for our own files, on file systems without hard links.
func (l *linker) linkOrCopy(p string) error {
	if l.link(p) == nil {
		return nil
	}
	info, err := l.old.root.Lstat(p)
	if err != nil {
		return err
	}
	data, err := l.old.root.ReadFile(p)
	if err != nil {
		return err
	}
	to := path.Join(l.to, p)
	if err := l.parent.WriteFile(to, data, info.Mode().Perm()); err != nil {
		return err
	}
	return l.parent.Chtimes(to, info.ModTime(), info.ModTime())
}

// keepForeign links all foreign entries and returns what they were. It fails where
// something cannot be linked, such as a mount or the file of another user.
func (l *linker) keepForeign(ctx context.Context, plan *plan) (map[string]fs.FileInfo, error) {
	kept := make(map[string]fs.FileInfo, len(plan.foreign))
	around := map[string]bool{".": true} // and the entries themselves
	for _, p := range plan.foreign {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		info, err := l.keep(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody else deleted it just now
		} else if err != nil {
			return nil, err
		}
		kept[p] = info
		around[p] = true
		for dir := range parents(p) {
			around[dir] = true
		}
	}
	// From the inside out, and last, as a folder may be read-only.
	for _, p := range slices.Backward(append([]string{"."}, plan.old.order...)) {
		if !around[p] {
			continue
		}
		if err := l.likeBefore(p); err != nil {
			return nil, err
		}
	}
	return kept, nil
}

func (l *linker) keep(p string) (fs.FileInfo, error) {
	info, err := l.old.root.Lstat(p)
	if err != nil {
		return nil, err
	}
	if info.IsDir() {
		return info, l.parent.MkdirAll(path.Join(l.to, p), 0o777)
	}
	return info, l.link(p)
}

// likeBefore gives a folder the permissions, the owner and the group that it had: a
// web server may have access only through them.
func (l *linker) likeBefore(folder string) error {
	was, err := l.old.root.Lstat(folder)
	if err != nil || !was.IsDir() {
		return nil // no folder, or deleted just now
	}
	to := path.Join(l.to, folder)
	is, err := l.parent.Lstat(to)
	if err != nil {
		return err
	}
	if uid, gid, ok := disk.Owner(was, is); ok {
		if err := l.parent.Lchown(to, uid, gid); err != nil {
			return err
		}
	}
	return l.parent.Chmod(to, was.Mode()&(fs.ModePerm|fs.ModeSetuid|fs.ModeSetgid|fs.ModeSticky))
}
