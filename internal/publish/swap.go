package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// errCannotSwap says that the output as a whole cannot be replaced.
var errCannotSwap = errors.New("the output folder cannot be replaced as a whole")

// exchange fills the stage with what stays of the old tree and lets both change
// places.
func exchange(ctx context.Context, old *tree, s *stage, plan *plan, built *build) (Way, error) {
	kept, err := s.fill(ctx, plan, built.unchanged)
	if err != nil {
		return "", err
	}
	if err := context.Cause(ctx); err != nil {
		return "", err
	}
	old.close() // Windows does not rename a folder that is open
	way, former, err := swap(s)
	if err != nil {
		return "", err
	}
	s.path = ""
	if err := retire(s.out, former, kept); err != nil {
		return "", fmt.Errorf("the new site is in %s, but %w", s.out.dir, err)
	}
	return way, nil
}

// swap makes the stage the output and tells where the former output is now.
func swap(s *stage) (way Way, former string, err error) {
	if exchangeFolders(s.path, s.out.dir) == nil {
		return Exchanged, s.path, nil
	}
	former = s.path + "-former"
	if err := os.Rename(s.out.dir, former); err != nil {
		return "", "", fmt.Errorf("%w: %w", errCannotSwap, err)
	}
	if err := os.Rename(s.path, s.out.dir); err != nil {
		return "", "", fmt.Errorf("%w: %w", errCannotSwap, errors.Join(err, os.Rename(former, s.out.dir)))
	}
	return Replaced, former, nil
}

// retire removes the former output, after another look at what is foreign in
// it: somebody may have added, replaced or deleted a file while the stage was
// being filled. kept is nil if that is not known, after a run that was killed.
func retire(out output, former string, kept map[string]fs.FileInfo) error {
	if err := carryOver(former, out.dir, kept); err != nil {
		return err
	}
	// Under the name of a swap it would be searched again if this run is killed
	// now, and a manifest that is deleted already would make all of it foreign.
	trash := filepath.Join(out.parent, out.tmpPrefix()+filepath.Base(former)[len(out.swapPrefix()):])
	if err := os.Rename(former, trash); err != nil {
		return fmt.Errorf("the former one is still in %s: %w; delete it", former, reason(err))
	}
	return removeAll(trash)
}

// carryOver brings foreign entries of the former output into the present one,
// unless they are there already.
func carryOver(former, present string, kept map[string]fs.FileInfo) error {
	from, err := openTree(former)
	if err != nil {
		return err
	}
	defer from.close()
	to, err := os.OpenRoot(present)
	if err != nil {
		return err
	}
	defer to.Close()
	c := &carrier{from: from, to: to, kept: kept}
	conflicts, err := c.all()
	if err != nil {
		return err
	}
	if len(conflicts) > 0 {
		return fmt.Errorf("%s in %s and in %s differ, and deploysite wrote at most one of them: keep the one you want in %[3]s and delete the one in %[2]s",
			list(conflicts), former, present)
	}
	return nil
}

type carrier struct {
	from *tree
	to   *os.Root
	kept map[string]fs.FileInfo
}

// all returns the paths that hold different things in both folders.
func (c *carrier) all() (conflicts []string, err error) {
	// After a run that was killed, the present output may have no manifest yet.
	m, _ := readManifest(c.to)
	isFile := map[string]bool{}
	for p := range m.Files {
		// At a path of ours, only what was foreign in the former output matters.
		isFile[p] = c.from.listed[p] != ""
	}
	for _, p := range divide(c.from, isFile).foreign {
		ok, err := c.carry(p)
		if err != nil {
			return nil, fmt.Errorf("%s from %s could not be kept: %w; move it by hand", p, c.from.dir, reason(err))
		}
		if !ok {
			conflicts = append(conflicts, p)
		}
	}
	c.forgetDeleted()
	return conflicts, nil
}

// carry brings over one entry; ok is false if there is another one already.
func (c *carrier) carry(p string) (ok bool, err error) {
	was, err := c.from.root.Lstat(p)
	if err != nil {
		return true, nil // deleted just now
	}
	is, err := c.to.Lstat(p)
	switch {
	case err != nil:
		return true, c.move(p, was)
	case was.IsDir() && is.IsDir(), os.SameFile(was, is), c.alike(p, was, is):
		return true, nil
	case c.kept[p] != nil && os.SameFile(c.kept[p], is):
		// The one that is there is the link that we made; it was replaced since.
		if err := c.to.Remove(p); err != nil {
			return true, err
		}
		return true, c.move(p, was)
	}
	return false, nil
}

func (c *carrier) move(p string, info fs.FileInfo) error {
	if info.IsDir() {
		return c.to.MkdirAll(p, info.Mode().Perm()|0o700)
	}
	dir := filepath.Dir(filepath.FromSlash(p))
	if err := c.to.MkdirAll(dir, 0o777); err != nil {
		return err
	}
	return os.Rename(filepath.Join(c.from.dir, dir, filepath.Base(p)), filepath.Join(c.to.Name(), dir, filepath.Base(p)))
}

// alike tells whether two regular files have the same bytes.
func (c *carrier) alike(p string, was, is fs.FileInfo) bool {
	if !was.Mode().IsRegular() || !is.Mode().IsRegular() || was.Size() != is.Size() {
		return false
	}
	data, err := c.to.ReadFile(p)
	return err == nil && c.from.has(p, data)
}

// forgetDeleted removes what was deleted after we had linked it. An entry that
// comes back instead does no harm, so errors do not matter.
func (c *carrier) forgetDeleted() {
	for _, p := range slices.Backward(slices.Sorted(maps.Keys(c.kept))) {
		if _, still := c.from.entries[p]; still {
			continue
		}
		is, err := c.to.Lstat(p)
		if err == nil && (is.IsDir() || os.SameFile(is, c.kept[p])) {
			_ = c.to.Remove(p) // only an empty folder can be removed
		}
	}
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

// cleanUp removes what runs that were killed left behind. The caller holds the
// lock, so no such folder belongs to anybody.
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

// recoverSwap ends an exchange that was cut short. The folder is whole: it is
// the new site that did not become public, or the former one.
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
		return nil, nil // what cannot be listed, we did not stage in
	} else if err != nil {
		return nil, err
	}
	var found []string
	for _, e := range entries {
		if e.IsDir() && len(e.Name()) > len(prefix) && e.Name()[:len(prefix)] == prefix {
			found = append(found, filepath.Join(dir, e.Name()))
		}
	}
	return found, nil
}
