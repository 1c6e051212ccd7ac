package publish

import (
	"fmt"
	"slices"
	"strings"
)

// plan says what happens to the files in the output.
type plan struct {
	old     *tree
	files   map[string]bool // paths of the new build
	folders map[string]bool // the folders around them
	foreign []string        // to keep, folders before what is in them
	removed []string        // files of ours that the new build does not have
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

// compare finds out which entries of the output are ours and which are foreign. It
// is an error if new files would have to replace foreign entries.
func compare(old *tree, files []File) (*plan, error) {
	plan := &plan{old: old, files: map[string]bool{ManifestName: true}, folders: map[string]bool{}}
	for _, f := range files {
		plan.files[f.Path] = true
		for dir := range parents(f.Path) {
			plan.folders[dir] = true
		}
	}
	plan.divide()
	if files := plan.otherProject(); len(files) > 0 {
		return nil, fmt.Errorf("output %s is another git project, with %s; choose a folder of its own for the site, such as public, or, if this is a branch for the site alone, delete them first",
			old.dir, list(files))
	}
	blocking := slices.DeleteFunc(slices.Clone(plan.foreign), func(p string) bool { return !plan.inTheWay(p) })
	if len(blocking) > 0 {
		return nil, foreignError(old.dir, blocking)
	}
	return plan, nil
}

// divide finds what is foreign and what is to remove.
//
// A file of the manifest that is no longer built is ours only if it still has the
// bytes that were written. Anybody can write a manifest, and must not get files
// deleted by it.
func (p *plan) divide() {
	for _, e := range p.old.order {
		dir := p.old.entries[e].IsDir()
		switch {
		case dir && p.old.folders[e]:
			// ours; it stays or goes with its files
		case !dir && p.files[e]:
			// ours, or decided by its bytes when they are rendered
		case !dir && p.old.wrote(e):
			p.removed = append(p.removed, e)
		default:
			p.foreign = append(p.foreign, e)
		}
	}
}

// otherProject lists what a git project that never held a site has at its top: pages among
// it would be committed with it. What a branch for the site alone begins with is not counted.
func (p *plan) otherProject() (files []string) {
	if _, isTop := p.old.entries[".git"]; !isTop || len(p.old.listed) > 0 {
		return nil
	}
	for _, name := range p.foreign {
		if !strings.Contains(name, "/") && !strings.HasPrefix(name, ".") && !siteBranch(name) {
			files = append(files, name)
		}
	}
	return files
}

// siteBranch tells files that a branch for a site has without the site.
func siteBranch(name string) bool {
	return name == "CNAME" || strings.HasPrefix(name, "README") || strings.HasPrefix(name, "LICENSE")
}

// inTheWay reports whether a foreign entry takes the place of a file or folder of
// the new build, or lies in a folder of ours that becomes a file.
func (p *plan) inTheWay(entry string) bool {
	if p.files[entry] || p.folders[entry] && !p.old.entries[entry].IsDir() {
		return true
	}
	for dir := range parents(entry) {
		if p.files[dir] && p.old.folders[dir] {
			return true
		}
	}
	return false
}

func foreignError(dir string, names []string) error {
	slices.Sort(names)
	return fmt.Errorf("deploysite did not write %s in %s, but the site needs the name: build into another folder (--output, or output in deploysite.toml), or move it elsewhere",
		list(names), dir)
}
