package publish

import (
	"fmt"
	"slices"
)

// plan says what happens to what is in the output already.
type plan struct {
	old     *tree
	foreign []string // to keep, folders before what is in them
	removed []string // files of ours that the new build does not have
}

// kept counts the foreign files, without folders.
func (p *plan) kept() int {
	n := 0
	for _, f := range p.foreign {
		if !p.old.entries[f].IsDir() {
			n++
		}
	}
	return n
}

// compare sorts what is in the output into ours and foreign. Foreign entries
// that the new files would have to replace are an error.
//
// A file of the manifest that is no longer built is ours only if its bytes are
// still those that were written: a manifest, which anybody can write, must not
// be a way to have files deleted.
func compare(old *tree, files []File) (*plan, error) {
	isFile, isDir := shape(files)
	plan := divide(old, isFile)
	var blocking []string
	for _, p := range plan.foreign {
		if inTheWay(old, p, isFile, isDir) {
			blocking = append(blocking, p)
		}
	}
	if len(blocking) > 0 {
		return nil, foreignError(old.dir, blocking)
	}
	return plan, nil
}

func divide(old *tree, isFile map[string]bool) *plan {
	plan := &plan{old: old}
	for _, p := range old.order {
		dir := old.entries[p].IsDir()
		switch {
		case dir && old.folders[p]:
			// ours; it stays or goes with its files
		case !dir && isFile[p]:
			// ours, or decided by its bytes when they are rendered
		case !dir && old.wrote(p):
			plan.removed = append(plan.removed, p)
		default:
			plan.foreign = append(plan.foreign, p)
		}
	}
	return plan
}

// shape gives the paths of files and of the folders around them.
func shape(files []File) (isFile, isDir map[string]bool) {
	isFile, isDir = make(map[string]bool, len(files)+1), map[string]bool{}
	isFile[ManifestName] = true
	for _, f := range files {
		isFile[f.Path] = true
		for dir := range parents(f.Path) {
			isDir[dir] = true
		}
	}
	return isFile, isDir
}

// inTheWay tells whether a foreign entry takes the place of a file or folder of
// the new build. What lies in a foreign folder is not told apart from it.
func inTheWay(old *tree, p string, isFile, isDir map[string]bool) bool {
	if isFile[p] || isDir[p] && !old.entries[p].IsDir() {
		return true
	}
	for dir := range parents(p) {
		if isFile[dir] && old.folders[dir] {
			return true
		}
	}
	return false
}

func foreignError(dir string, names []string) error {
	slices.Sort(names)
	return fmt.Errorf("deploysite did not write %s in %s, but the site needs the name: move it elsewhere or delete it, then build again",
		list(names), dir)
}
