package publish

import (
	"fmt"
	"io/fs"
	"maps"
	"os"
	"path/filepath"
	"slices"
)

// carryOver moves foreign entries of the former output into the present one, unless
// they are there already.
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

// all carries over all foreign entries. conflicts are the paths at which the two
// folders differ.
func (c *carrier) all() (conflicts []string, err error) {
	plan := &plan{old: c.from, files: map[string]bool{}}
	for p := range readManifest(c.to).Files { // which is missing if a first build was killed
		// At a path of ours, only what was foreign in the former output matters.
		plan.files[p] = c.from.listed[p] != ""
	}
	plan.divide()
	for _, p := range plan.foreign {
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

// carry moves one entry; ok is false if another one is there already.
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
		// The present one is the link that we made; the former one was replaced since.
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

// alike reports whether two regular files have the same bytes.
func (c *carrier) alike(p string, was, is fs.FileInfo) bool {
	if !was.Mode().IsRegular() || !is.Mode().IsRegular() || was.Size() != is.Size() {
		return false
	}
	data, err := c.to.ReadFile(p)
	return err == nil && c.from.has(p, data)
}

// forgetDeleted removes links to entries that were deleted since. Errors are ignored:
// an entry that comes back does no harm.
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
