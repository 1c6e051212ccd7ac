package disk

import (
	"cmp"
	"errors"
	"io/fs"
	"path"
	"path/filepath"
	"strings"
)

// Errors of [Follow].
var (
	ErrOutside  = errors.New("it leads out of the project")
	ErrAbsolute = errors.New("it is not relative, so it leads elsewhere in a copy of the project")
	ErrLoop     = errors.New("it leads in a circle")
)

// Follow follows the symbolic links in a path. to is the path without them, info what
// is there. A link that leads out of fsys, or is absolute, is refused.
func Follow(fsys fs.FS, name string) (to string, info fs.FileInfo, err error) {
	const most = 40 // links, as systems have it
	rest, links := strings.Split(path.Clean(name), "/"), 0
	for len(rest) > 0 {
		next := path.Join(to, rest[0])
		if next == to || next == "" {
			rest = rest[1:]
			continue
		}
		if next == ".." || strings.HasPrefix(next, "../") {
			return "", nil, ErrOutside
		}
		if info, err = fs.Lstat(fsys, next); err != nil {
			return "", nil, err
		}
		if info.Mode()&fs.ModeSymlink == 0 {
			to, rest = next, rest[1:]
			continue
		}
		target, err := fs.ReadLink(fsys, next)
		if err != nil {
			return "", nil, err
		}
		if path.IsAbs(target) || filepath.IsAbs(target) {
			return "", nil, ErrAbsolute
		}
		if links++; links > most {
			return "", nil, ErrLoop
		}
		rest = append(strings.Split(filepath.ToSlash(target), "/"), rest[1:]...)
	}
	to = cmp.Or(to, ".")
	info, err = fs.Lstat(fsys, to)
	return to, info, err
}
