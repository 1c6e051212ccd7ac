package publish

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
)

// installInPlace renames the staged files into the output one by one: assets
// before the pages that need them, and what is no longer built goes last. From
// the first rename on, cancelling has no effect.
func installInPlace(ctx context.Context, old *tree, s *stage, plan *plan, built *build) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	root, err := os.OpenRoot(s.out.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	in := &installer{root: root, stage: filepath.Base(s.path)}
	if err := in.install(old, plan, built); err != nil {
		return fmt.Errorf("the site in %s holds files of two builds: %w; put that right and build again", s.out.dir, err)
	}
	return nil
}

type installer struct {
	root  *os.Root // the output
	stage string   // name of the stage in it
}

func (in *installer) install(old *tree, plan *plan, built *build) error {
	files := slices.DeleteFunc(slices.Clone(built.written), func(p string) bool { return p == ManifestName })
	relisted := len(files) < len(built.written)
	if relisted {
		if err := in.listBoth(old, built); err != nil {
			return err
		}
	}
	blocking, late := blockers(plan.removed, built)
	if err := in.remove(blocking); err != nil {
		return err
	}
	slices.SortStableFunc(files, assetsFirst)
	for _, p := range files {
		if err := in.place(p); err != nil {
			return err
		}
	}
	if err := in.remove(late); err != nil {
		return err
	}
	if relisted {
		return in.place(ManifestName)
	}
	return nil
}

// listBoth makes the manifest name the files of both builds, so that if this
// run is killed the next one knows that all of them are ours.
func (in *installer) listBoth(old *tree, built *build) error {
	both := Manifest{Version: 1, Files: maps.Clone(built.sums)}
	for p, sum := range old.listed {
		if both.Files[p] == "" {
			both.Files[p] = sum
		}
	}
	tmp := path.Join(in.stage, "manifest")
	if err := in.root.WriteFile(tmp, both.encode(), 0o666); err != nil {
		return err
	}
	return in.root.Rename(tmp, ManifestName)
}

func (in *installer) place(p string) error {
	if err := in.root.MkdirAll(path.Dir(p), 0o777); err != nil {
		return err
	}
	return in.root.Rename(path.Join(in.stage, p), p)
}

// remove removes files, and folders that are empty then.
func (in *installer) remove(files []string) error {
	folders := map[string]bool{}
	for _, p := range files {
		if err := in.root.Remove(p); err != nil && !os.IsNotExist(err) {
			return err
		}
		for dir := range parents(p) {
			folders[dir] = true
		}
	}
	for _, dir := range slices.Backward(slices.Sorted(maps.Keys(folders))) {
		_ = in.root.Remove(dir) // fails, as it should, if something is in it
	}
	return nil
}

// blockers divides the files to remove into those whose path is needed as a
// folder, or the other way round, and those that can wait.
func blockers(removed []string, built *build) (blocking, late []string) {
	isDir := map[string]bool{}
	for _, p := range built.written {
		for dir := range parents(p) {
			isDir[dir] = true
		}
	}
	for _, p := range removed {
		blocks := isDir[p]
		for dir := range parents(p) {
			blocks = blocks || built.sums[dir] != ""
		}
		if blocks {
			blocking = append(blocking, p)
		} else {
			late = append(late, p)
		}
	}
	return blocking, late
}

func assetsFirst(a, b string) int {
	rank := func(p string) int {
		if strings.HasSuffix(p, ".html") {
			return 1
		}
		return 0
	}
	return rank(a) - rank(b)
}
