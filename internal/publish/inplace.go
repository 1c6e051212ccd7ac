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

// installInPlace renames the staged files into the output one by one: assets before
// the pages that need them. Files that are no longer built are removed last. After
// the first rename, cancelling has no effect.
func installInPlace(ctx context.Context, s *stage, plan *plan, built *build) error {
	if err := context.Cause(ctx); err != nil {
		return err
	}
	root, err := os.OpenRoot(s.out.dir)
	if err != nil {
		return err
	}
	defer root.Close()
	in := &installer{root: root, stage: filepath.Base(s.path), plan: plan, built: built}
	if err := in.install(); err != nil {
		return fmt.Errorf("the site in %s holds files of two builds: %w; put that right and build again", s.out.dir, err)
	}
	return nil
}

type installer struct {
	root  *os.Root // the output
	stage string   // name of the stage in it
	plan  *plan
	built *build
}

func (in *installer) install() error {
	files := slices.DeleteFunc(slices.Clone(in.built.written), func(p string) bool { return p == ManifestName })
	relisted := len(files) < len(in.built.written)
	if relisted {
		if err := in.listBoth(); err != nil {
			return err
		}
	}
	blocking, late := in.order()
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

// listBoth lets the manifest name the files of both builds, so that after a kill the
// next run knows that all of them are ours.
func (in *installer) listBoth() error {
	both := Manifest{Version: 1, Files: maps.Clone(in.built.sums)}
	for p, sum := range in.plan.old.listed {
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

// order parts the files to remove in those that block a file or a folder of the new
// build, and those that can wait.
func (in *installer) order() (blocking, late []string) {
	for _, p := range in.plan.removed {
		blocks := in.plan.folders[p]
		for dir := range parents(p) {
			blocks = blocks || in.plan.files[dir]
		}
		if blocks {
			blocking = append(blocking, p)
		} else {
			late = append(late, p)
		}
	}
	return blocking, late
}

// remove removes files, and folders of ours that are empty and not needed.
func (in *installer) remove(files []string) error {
	for _, p := range files {
		if err := in.root.Remove(p); err != nil && !os.IsNotExist(err) {
			return err
		}
	}
	for _, p := range slices.Backward(in.plan.old.order) {
		if !in.plan.old.folders[p] || in.plan.folders[p] {
			continue
		}
		// A file of the new build may have taken the folder's name already.
		if info, err := in.root.Lstat(p); err == nil && info.IsDir() {
			_ = in.root.Remove(p) // fails, as it should, if something is in it
		}
	}
	return nil
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
