package git

import (
	"context"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Uncommitted returns the files of the folder dir that differ from the commit that is
// checked out, or that it does not have, named as [Repo.History] names them. The value
// reports whether the file is staged as it is. What git was told to take no notice of
// is looked at as well.
func (r *Repo) Uncommitted(ctx context.Context, dir string) (staged map[string]bool, err error) {
	if err := r.readable(ctx, dir); err != nil {
		return nil, err
	}
	staged = map[string]bool{}
	var unwatched []string
	var group errgroup.Group
	group.Go(func() error {
		out, err := r.staged(ctx, "status", "--porcelain", "-z", "--no-renames", "--untracked-files=all", "--ignored=traditional", "--", ":(literal)"+dir)
		for in := (fields{out}); in.rest != ""; {
			if entry := in.next(); len(entry) > 3 { // "XY NAME": the index against the commit, the file against the index
				staged[strings.TrimPrefix(entry[3:], r.above())] = entry[1] == ' '
			}
		}
		return err
	})
	group.Go(func() (err error) {
		unwatched, err = r.unwatched(ctx, dir)
		return err
	})
	if err := group.Wait(); err != nil || len(unwatched) == 0 {
		return staged, err
	}
	committed, err := r.Tracked(ctx, dir)
	if err != nil {
		return nil, err
	}
	hashes, err := r.Hashes(ctx, unwatched)
	for i, hash := range hashes {
		if committed[unwatched[i]] != hash {
			staged[unwatched[i]] = false
		}
	}
	return staged, err
}

// Hashes returns what the files' hashes would be if they were committed now. No name may
// have a line break.
func (r *Repo) Hashes(ctx context.Context, names []string) ([]string, error) {
	cmd := r.command(ctx, "hash-object", "--stdin-paths")
	cmd.Dir = r.Top
	cmd.Stdin = strings.NewReader(r.above() + strings.Join(names, "\n"+r.above()) + "\n")
	out, err := answer(cmd, "hash-object")
	return strings.Fields(out), err
}

// above is what names from the top have before names from the folder given to [Open].
func (r *Repo) above() string {
	if r.Below() == "" {
		return ""
	}
	return r.Below() + "/"
}

// unwatched returns the files of dir that git was told to assume unchanged, or to skip.
func (r *Repo) unwatched(ctx context.Context, dir string) (names []string, err error) {
	out, err := r.staged(ctx, "ls-files", "-v", "-z", "--", ":(literal)"+dir)
	for in := (fields{out}); in.rest != ""; {
		flag, name, _ := strings.Cut(in.next(), " ")
		if flag != "S" && flag == strings.ToUpper(flag) {
			continue
		}
		if info, err := os.Lstat(filepath.Join(r.dir, filepath.FromSlash(name))); err == nil && info.Mode().IsRegular() { // else a sparse checkout left it out
			names = append(names, name)
		}
	}
	return names, err
}
