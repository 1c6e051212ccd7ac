package git

import (
	"context"
	"net/url"
	"path"
	"path/filepath"

	"golang.org/x/sync/errgroup"
)

// Facts is what git knows of the code that is checked out; each is "" where it
// does not.
type Facts struct{ Author, Commit, Branch, Tag, Remote string }

// Facts asks for all of them at once, since git starts anew for each.
func (r *Repo) Facts(ctx context.Context) (known Facts, err error) {
	author := func(ctx context.Context) (string, error) {
		author, err := r.Author(ctx)
		return author.Name, err
	}
	var group errgroup.Group
	ask := func(fact *string, question func(context.Context) (string, error)) {
		group.Go(func() (err error) {
			*fact, err = question(ctx)
			return err
		})
	}
	ask(&known.Author, author)
	ask(&known.Commit, r.Head)
	ask(&known.Branch, r.Branch)
	ask(&known.Tag, r.Tag)
	ask(&known.Remote, r.Remote)
	err = group.Wait()
	return known, err
}

// Name is the repository's name on its forge, whose address is remote, or else
// that of its folder. Where the folder given to [Open] lies below the top, it is
// that folder's name. It tells whether it is one of a folder only.
func (r *Repo) Name(remote string) (name string, folder bool) {
	if r.Below() != "" {
		return filepath.Base(r.dir), true
	}
	if u, err := url.Parse(remote); err == nil && remote != "" {
		return path.Base(u.Path), false
	}
	return filepath.Base(r.Top), remote == ""
}

// Below is the folder given to [Open] as seen from [Repo.Top], slash-separated; ""
// where it is the top.
func (r *Repo) Below() string { return seenFrom(r.Top, r.dir) }

// Inside is a folder's path as [Repo.Between] and [Repo.Modified] take it: relative
// to the one given to [Open], "" where it lies elsewhere or is the same.
func (r *Repo) Inside(folder string) string {
	folder, err := filepath.Abs(folder)
	if err != nil {
		return ""
	}
	return seenFrom(r.dir, folder)
}

func seenFrom(outer, inner string) string {
	rel, err := filepath.Rel(resolved(outer), resolved(inner))
	if err != nil || !filepath.IsLocal(rel) || rel == "." {
		return ""
	}
	return filepath.ToSlash(rel)
}

// resolved is a path without symbolic links, as far as there is such a file.
func resolved(path string) string {
	if real, err := filepath.EvalSymlinks(path); err == nil {
		return real
	}
	return path
}

// ModifiedOutside is [Repo.Modified] without the files of a folder, wherever that
// lies.
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
