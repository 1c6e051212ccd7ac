package git

import (
	"context"
	"net/url"
	"path"
	"path/filepath"
	"strings"

	"golang.org/x/sync/errgroup"
)

// Facts is what git knows of the code that is checked out; each is empty where git
// has no answer.
type Facts struct {
	Author, Commit, Branch, Remote string
	Tags                           []string // of the commit
}

// Facts asks for all of them at the same time, since each starts a git process.
func (r *Repo) Facts(ctx context.Context) (known Facts, err error) {
	var group errgroup.Group
	ask(ctx, &group, &known.Author, r.Author)
	ask(ctx, &group, &known.Commit, r.Head)
	ask(ctx, &group, &known.Branch, r.Branch)
	ask(ctx, &group, &known.Tags, r.Tags)
	ask(ctx, &group, &known.Remote, r.Remote)
	err = group.Wait()
	return known, err
}

func ask[T any](ctx context.Context, group *errgroup.Group, fact *T, question func(context.Context) (T, error)) {
	group.Go(func() (err error) {
		*fact, err = question(ctx)
		return err
	})
}

// Name is the repository's name: on its forge, if remote is its address there, else
// the name of its main work tree's top folder, in linked work trees too. Where the
// folder given to [Open] lies below the top, it is that folder's name. folder
// reports whether the name is that of a folder.
func (r *Repo) Name(remote string) (name string, folder bool) {
	if r.Below() != "" {
		return filepath.Base(r.dir), true
	}
	if u, err := url.Parse(remote); err == nil && remote != "" {
		return path.Base(u.Path), false
	}
	return filepath.Base(r.mainTop()), remote == ""
}

// mainTop is the top folder of the main work tree. A bare repository has none; then
// it is named after its own folder, "shop.git", or the one that this is hidden in.
func (r *Repo) mainTop() string {
	common := commonDir(r.gitDir)
	if common == r.gitDir {
		return r.Top
	}
	if name := strings.TrimSuffix(filepath.Base(common), ".git"); name != "" && name[0] != '.' {
		return name
	}
	return filepath.Dir(common)
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
