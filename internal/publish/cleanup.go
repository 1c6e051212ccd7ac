package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// cleanUp removes the folders that killed runs left behind. The caller holds the
// lock, so no running build uses them.
func cleanUp(out output) error {
	swaps, err := leftovers(out.parent, out.swapPrefix())
	if err != nil {
		return err
	}
	for _, dir := range swaps {
		if err := recoverSwap(out, dir); err != nil {
			return err
		}
	}
	beside, err := leftovers(out.parent, out.tmpPrefix())
	if err != nil {
		return err
	}
	inside, err := leftovers(out.dir, insideTmp)
	if err != nil {
		return err
	}
	for _, dir := range slices.Concat(beside, inside) {
		if err := removeAll(dir); err != nil {
			return err
		}
	}
	return nil
}

// recoverSwap finishes an exchange that was interrupted. dir holds a whole site: the
// new one before it became public, or the former one after that.
func recoverSwap(out output, dir string) error {
	if _, err := os.Lstat(out.dir); errors.Is(err, fs.ErrNotExist) {
		return os.Rename(dir, out.dir)
	}
	return retire(out, dir, nil)
}

// leftovers lists the folders in dir whose names start with prefix.
func leftovers(dir, prefix string) ([]string, error) {
	entries, err := os.ReadDir(dir)
	if errors.Is(err, fs.ErrNotExist) || errors.Is(err, fs.ErrPermission) {
		return nil, nil // we cannot have staged in a folder that we cannot list
	} else if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if e.IsDir() && strings.HasPrefix(e.Name(), prefix) {
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found, nil
}

// retire removes the former output. Before that it looks again for foreign files:
// somebody may have added, replaced or deleted one while the stage was filled. kept
// are the foreign files that were linked, nil after a killed run.
func retire(out output, former string, kept map[string]fs.FileInfo) error {
	if err := carryOver(former, out.dir, kept); err != nil {
		return err
	}
	// If this run is killed now, the next must not search it again for foreign files:
	// without the manifest, which may be deleted already, all of it would be foreign.
	trash := filepath.Join(out.parent, out.tmpPrefix()+filepath.Base(former)[len(out.swapPrefix()):])
	if err := os.Rename(former, trash); err != nil {
		return fmt.Errorf("the former one is still in %s: %w; delete it", former, reason(err))
	}
	return removeAll(trash)
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
