package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
)

// cleanUp removes the folders that killed runs left behind. The caller holds the
// lock, so no running build uses them.
func cleanUp(out output) (aside []string, err error) {
	swaps, err := leftovers(out.parent, out.swapPrefix(), fs.FileMode.IsDir)
	if err != nil {
		return nil, err
	}
	for _, dir := range swaps {
		found, err := recoverSwap(out, dir)
		aside = append(aside, found...)
		if err != nil {
			return aside, err
		}
	}
	for _, of := range []struct {
		dir, prefix string
		kind        func(fs.FileMode) bool
	}{
		{out.parent, out.tmpPrefix(), fs.FileMode.IsDir},
		{out.dir, insideTmp, fs.FileMode.IsDir},
		{out.parent, out.keptPrefix(), fs.FileMode.IsRegular},
	} {
		found, err := leftovers(of.dir, of.prefix, of.kind)
		if err != nil {
			return aside, err
		}
		for _, name := range found {
			if err := removeAll(name); err != nil {
				return aside, err
			}
		}
	}
	return aside, nil
}

// recoverSwap finishes an exchange that was interrupted. dir holds a whole site: the
// new one before it became public, or the former one after that. Whatever somebody
// did in the output since then stays.
func recoverSwap(out output, dir string) (aside []string, err error) {
	if _, err := os.Lstat(out.dir); errors.Is(err, fs.ErrNotExist) {
		return nil, os.Rename(dir, out.dir)
	}
	return retire(out, dir, readKept(out, out.swapID(dir)))
}

// leftovers lists what in dir is of a kind and has a name that starts with prefix.
func leftovers(dir, prefix string, kind func(fs.FileMode) bool) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, nil // we cannot have staged in a folder that we cannot list
	} else if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if kind(e.Type()) && strings.HasPrefix(e.Name(), prefix) {
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found, nil
}

// retire removes the former output. Before that it looks again for foreign files:
// somebody may have added, replaced or deleted one while the stage was filled.
func retire(out output, former string, kept *kept) (aside []string, err error) {
	if aside, err = carryOver(out, former, kept); err != nil {
		return aside, err
	}
	// If this run is killed now, the next must not search it again for foreign files:
	// without the manifest, which may be deleted already, all of it would be foreign.
	trash := filepath.Join(out.parent, out.tmpPrefix()+filepath.Base(former)[len(out.swapPrefix()):])
	if err := os.Rename(former, trash); err != nil {
		return aside, fmt.Errorf("the former one is still in %s: %w; delete it", former, reason(err))
	}
	if err := os.Remove(out.keptFile(out.swapID(former))); err != nil && !errors.Is(err, fs.ErrNotExist) {
		return aside, err
	}
	return aside, removeAll(trash)
}

// removeAll removes a folder, even if some folders in it are read-only.
func removeAll(dir string) error {
	if os.RemoveAll(dir) == nil {
		return nil
	}
	_ = filepath.WalkDir(dir, func(p string, e fs.DirEntry, err error) error {
		if err == nil && e.IsDir() {
			return os.Chmod(p, 0o700)
		}
		return nil
	})
	if err := os.RemoveAll(dir); err != nil {
		return fmt.Errorf("%s, which is left from a former build, could not be removed: %w; delete it", dir, reason(err))
	}
	return nil
}
