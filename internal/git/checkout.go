package git

import (
	"context"
	"slices"
)

// IsHistory reports whether a branch, a tag or what is checked out leads to a commit:
// whether it belongs to the history, and is not only left over in this clone.
func (r *Repo) IsHistory(ctx context.Context, commit string) (bool, error) {
	const unknown = 129
	out, err := r.optional(ctx, unknown, "for-each-ref", "--count=1", "--contains="+commit)
	if err != nil || out != "" {
		return out != "", err
	}
	_, err = r.output(ctx, "merge-base", "--is-ancestor", commit, "HEAD") // a pipeline's clone may have no branch
	return err == nil, nil
}

// Lacks reports whether the repository is a partial clone that has not all files and
// folders of a commit and of those before it.
func (r *Repo) Lacks(ctx context.Context, commit string) (bool, error) {
	const none = 1
	if partial, err := r.optional(ctx, none, "config", "--get-regexp", `^remote\..*\.promisor$`); err != nil || partial == "" {
		return false, err
	}
	missing, err := r.output(ctx, "rev-list", "--objects", "--missing=print", "--quiet", commit, "--")
	return missing != "", err
}

// CheckOut makes a clone of the repository in a new folder, given by its absolute path,
// with a commit's files. The clone borrows this one's objects; this one is not changed.
func (r *Repo) CheckOut(ctx context.Context, commit, dir string) error {
	other := *r
	other.env = without(slices.Concat(leading, within)) // those that lead to this one
	other.protocols = "file"
	if _, err := other.output(ctx, "clone", "--quiet", "--shared", "--no-checkout", "--", r.Top, dir); err != nil {
		return err
	}
	other.dir = dir
	_, err := other.output(ctx, "-c", "core.hooksPath=/dev/null", "checkout", "--quiet", "--detach", commit, "--")
	return err
}
