package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"slices"

	"github.com/deploysite/deploysite/internal/disk"
)

// linker brings files of the old tree into the new one as hard links, which
// keeps their time stamps and costs no space.
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

// keepForeign links all foreign entries and returns them as they were. What
// cannot be linked, such as a mount or the file of another user, cannot follow
// into the new folder without being changed: errCannotSwap.
func (l *linker) keepForeign(ctx context.Context, plan *plan) (map[string]fs.FileInfo, error) {
	kept := make(map[string]fs.FileInfo, len(plan.foreign))
	folders := map[string]bool{".": true}
	for _, p := range plan.foreign {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		info, err := l.keep(p)
		if errors.Is(err, fs.ErrNotExist) {
			continue // somebody else deleted it just now
		} else if err != nil {
			return nil, fmt.Errorf("%w: %w", errCannotSwap, err)
		}
		kept[p] = info
		folders[p] = info.IsDir()
		for dir := range parents(p) {
			folders[dir] = true
		}
	}
	for _, p := range plan.old.order {
		folders[p] = folders[p] && plan.old.entries[p].IsDir()
	}
	return kept, l.likeBefore(folders)
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

// likeBefore gives the folders the permissions and owners that they had. It
// comes last and from the inside out, as a folder may be read-only.
func (l *linker) likeBefore(folders map[string]bool) error {
	for _, p := range slices.Backward(append([]string{"."}, l.old.order...)) {
		if !folders[p] {
			continue
		}
		info, err := l.old.root.Lstat(p)
		if err != nil {
			continue // deleted just now
		}
		to := path.Join(l.to, p)
		if err := l.copyOwner(to, info); err != nil {
			return fmt.Errorf("%w: %w", errCannotSwap, err)
		}
		mode := info.Mode() & (fs.ModePerm | fs.ModeSetuid | fs.ModeSetgid | fs.ModeSticky)
		if err := l.parent.Chmod(to, mode); err != nil {
			return fmt.Errorf("%w: %w", errCannotSwap, err)
		}
	}
	return nil
}

// copyOwner gives a folder the owner and group of another one: a web server may
// have access only through them.
func (l *linker) copyOwner(to string, like fs.FileInfo) error {
	info, err := l.parent.Lstat(to)
	if err != nil {
		return err
	}
	if uid, gid, ok := disk.Owner(like, info); ok {
		return l.parent.Lchown(to, uid, gid)
	}
	return nil
}
