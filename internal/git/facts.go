package git

import (
	"context"
	"net/url"
	"path"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

// Facts is what git knows of the code that is checked out; each is "" where git has
// no answer.
type Facts struct{ Author, Commit, Branch, Tag, Remote string }

// Facts asks for all of them at the same time, since each starts a git process.
func (r *Repo) Facts(ctx context.Context) (known Facts, err error) {
	var group errgroup.Group
	ask := func(fact *string, question func(context.Context) (string, error)) {
		group.Go(func() (err error) {
			*fact, err = question(ctx)
			return err
		})
	}
	ask(&known.Author, r.Author)
	ask(&known.Commit, r.Head)
	ask(&known.Branch, r.Branch)
	ask(&known.Tag, r.Tag)
	ask(&known.Remote, r.Remote)
	err = group.Wait()
	return known, err
}

// Name is the repository's name: on its forge, if remote is its address there, else
// the name of its top folder. Where the folder given to [Open] lies below the top,
// it is that folder's name. folder reports whether the name is that of a folder.
func (r *Repo) Name(remote string) (name string, folder bool) {
	if r.Below() != "" {
		return filepath.Base(r.dir), true
	}
	if u, err := url.Parse(remote); err == nil && remote != "" {
		return path.Base(u.Path), false
	}
	return filepath.Base(r.Top), remote == ""
}

// Below is the path from [Repo.Top] to the folder given to [Open], slash-separated;
// "" where they are the same.
func (r *Repo) Below() string { return pathFrom(r.Top, r.dir) }

// Inside is the path from the folder given to [Open] to another, as [Repo.Between]
// and [Repo.Modified] take it; "" where it lies elsewhere or is the same.
func (r *Repo) Inside(folder string) string {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return ""
	}
	return pathFrom(r.dir, folder)
}

func pathFrom(outer, inner string) string {
	rel, err := filepath.Rel(resolved(outer), resolved(inner))
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}

// resolved is a path without symbolic links, or the path itself if there is no such
// file.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// ModifiedOutside is [Repo.Modified] without the files of a folder, which may lie
// anywhere.
func (r *Repo) ModifiedOutside(ctx context.Context, folder string) (names []string, err error) {
	all, err := r.Modified(ctx, r.Inside(folder))
	for _, name := range all {
		rel, err := filepath.Rel(resolved(folder), filepath.Join(resolved(r.Top), filepath.FromSlash(name)))
		if err != nil || !filepath.IsLocal(rel) {
			names = append(names, name)
		}
	}
	return names, err
}
