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
// they are there already. What cannot go there, since another entry has its place,
// goes aside, and nothing is lost; see [Stats.Aside].
func carryOver(out output, former string, kept *kept) (aside []string, err error) {
	from, err := openTree(former)
	if err != nil {
		return nil, err
	}
	defer from.close()
	to, err := os.OpenRoot(out.dir)
	if err != nil {
		return nil, err
	}
	defer to.Close()
	c := &carrier{from: from, to: to, kept: kept, asideDir: filepath.Join(out.parent, out.name+".kept-"+out.swapID(former))}
	err = c.all()
	return c.aside, err
}

type carrier struct {
	from     *tree
	to       *os.Root
	kept     *kept
	asideDir string
	aside    []string // what was put there
}

// all carries over all foreign entries.
func (c *carrier) all() error {
	plan := &plan{old: c.from, files: map[string]bool{}}
	for p := range readManifest(c.to).Files { // which is missing if a first build was killed
		// At a path of ours, only what was foreign in the former output matters.
		plan.files[p] = c.from.listed[p] != ""
	}
	plan.divide()
	for _, p := range plan.foreign {
		if err := c.carry(p); err != nil {
			return fmt.Errorf("%s from %s could not be kept: %w; move it by hand", p, c.from.dir, reason(err))
		}
	}
	c.forgetDeleted()
	return nil
}

// carry moves one entry. Where both folders have the path, the present one counts,
// unless it is only our link to what was replaced in the former one since.
func (c *carrier) carry(p string) error {
	was, err := c.from.root.Lstat(p)
	if err != nil {
		return nil // deleted just now
	}
	is, err := c.to.Lstat(p)
	switch {
	case err != nil && c.kept.has(p, was): // deleted since
		return nil
	case err != nil:
		return c.moveOrAside(p, was)
	case was.IsDir() && is.IsDir(), os.SameFile(was, is), c.kept.has(p, was), c.alike(p, was, is):
		return nil
	case c.kept.has(p, is) && !is.IsDir():
		if err := c.to.Remove(p); err != nil {
			return err
		}
		return c.moveOrAside(p, was)
	}
	return c.setAside(p, was)
}

func (c *carrier) moveOrAside(p string, info fs.FileInfo) error {
	if c.move(p, info) == nil {
		return nil
	}
	return c.setAside(p, info) // a file took the place of the folder around it
}

// setAside moves an entry into a folder beside the output.
func (c *carrier) setAside(p string, info fs.FileInfo) error {
	to := filepath.Join(c.asideDir, filepath.FromSlash(p))
	if info.IsDir() {
		return nil // what is in it goes there by itself
	}
	if err := os.MkdirAll(filepath.Dir(to), 0o777); err != nil {
		return err
	}
	if err := os.Rename(filepath.Join(c.from.dir, filepath.FromSlash(p)), to); err != nil {
		return err
	}
	c.aside = append(c.aside, to)
	return nil
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
// an entry that comes back does no harm. After a killed run nobody knows whether the
// links were made.
func (c *carrier) forgetDeleted() {
	if c.kept == nil {
		return
	}
	for _, p := range slices.Backward(slices.Sorted(maps.Keys(c.kept.linked))) {
		if _, still := c.from.entries[p]; still {
			continue
		}
		is, err := c.to.Lstat(p)
		if err == nil && (is.IsDir() || os.SameFile(is, c.kept.linked[p])) {
			_ = c.to.Remove(p) // only an empty folder can be removed
		}
	}
}
