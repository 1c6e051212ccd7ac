package work

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"sync"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// draft puts together what is known: from the flags, else from git, else from
// the configuration. Nothing is guessed.
func (n *New) draft(ctx context.Context, started time.Time) (records.Draft, error) {
	known, err := n.askGit(ctx)
	if err != nil {
		return records.Draft{}, err
	}
	d := records.Draft{
		Started:     started,
		Services:    firstList(n.Services, []string{n.Project.Config.Service}, n.onlyService(), []string{n.repoService}),
		Environment: first(n.Environment, n.Project.Config.Environment),
		Commit:      known.Commit,
		Branch:      known.Branch,
		Tags:        firstList(n.Tags),
		RollbackOf:  n.RollbackOf,
		Fixes:       n.Fixes,
	}
	for _, name := range firstList(n.Deployers, []string{known.Author}) {
		d.Deployers = append(d.Deployers, n.Project.Config.Person(name))
	}
	for _, name := range firstList(n.ApprovedBy) {
		d.ApprovedBy = append(d.ApprovedBy, n.Project.Config.Person(name))
	}
	d.Version = first(n.Version, versionOf(known.Tags, d.Services))
	d.Title = first(n.Title, d.DefaultTitle())
	return d, nil
}

// onlyService is the service of the newest records, where they name one alone. Then it
// is meant, whatever the repository is called.
func (n *New) onlyService() []string {
	if len(n.Services) > 0 || n.Project.Config.Service != "" {
		return nil
	}
	known := n.Values(facet.Service.Name)
	if len(known) != 1 {
		return nil
	}
	if !text.Same(known[0], n.repoService) {
		n.Env.Tell("The service is %s, as in earlier records; --service gives another.", known[0])
	}
	n.folder = false
	return known
}

const withoutGit = "or start a record without commit and author by --no-git"

// askGit collects the facts, and begins to look where the code differs from the
// commit.
func (n *New) askGit(ctx context.Context) (git.Facts, error) {
	if n.NoGit {
		return git.Facts{}, nil
	}
	repo, err := git.Open(n.Project.Root)
	switch {
	case errors.Is(err, git.ErrNotRepository):
		return git.Facts{}, fmt.Errorf("%s: %w; go to your repository, name it with -C, make one with git init, %s", n.Project.Root, err, withoutGit)
	case errors.Is(err, git.ErrNoGit):
		return git.Facts{}, fmt.Errorf("%w; install it, %s", err, withoutGit)
	case err != nil:
		return git.Facts{}, fmt.Errorf("%w; %s", err, withoutGit)
	}
	n.changedCode = meanwhile(func() ([]string, error) { return repo.ModifiedOutside(ctx, n.Project.RecordsDir()) })
	known, err := repo.Facts(ctx)
	switch {
	case ctx.Err() != nil:
		return git.Facts{}, ctx.Err()
	case err != nil:
		return git.Facts{}, fmt.Errorf("%w; mend that, %s", err, withoutGit)
	}
	n.repo = repo
	n.repoService, n.folder = repo.Name(known.Remote)
	return known, nil
}

// warnOfChanges tells that the code to be deployed may not be the commit's.
func (n *New) warnOfChanges(ctx context.Context) error {
	if n.changedCode == nil {
		return nil
	}
	code, err := n.changedCode()
	if err != nil {
		n.Env.Tell("Careful: nobody knows whether there are uncommitted changes: %v. What you deploy may not be commit %.12s, which the record names.", err, n.Draft.Commit)
	}
	if len(code) == 0 {
		return ctx.Err()
	}
	const some = 3
	list := strings.Join(code[:min(some, len(code))], ", ")
	if more := len(code) - some; more > 0 {
		list += fmt.Sprintf(" and %d more", more)
	}
	n.Env.Tell("Careful: uncommitted changes in %s. What you deploy may not be commit %.12s, which the record names.", list, n.Draft.Commit)
	return nil
}

// warnOfLaterCommit tells that a record of the past names a commit which was not
// there yet.
func (n *New) warnOfLaterCommit(ctx context.Context) error {
	if n.repo == nil || n.Draft.Commit == "" || !n.Draft.Started.Before(n.Env.Now().Add(-time.Minute)) {
		return nil
	}
	made, err := n.repo.Made(ctx, n.Draft.Commit)
	if err != nil {
		n.Env.Tell("Careful: nobody knows when commit %.12s, which the record names, was made: %v. It may be later than the start.", n.Draft.Commit, err)
	}
	if err != nil || !made.After(n.Draft.Started) {
		return ctx.Err()
	}
	n.Env.Tell("Careful: the record names commit %.12s, which is checked out now and was made after the start, on %s. Correct commit and version in it.",
		n.Draft.Commit, made.In(n.Draft.Started.Location()).Format("2006-01-02 at 15:04"))
	return nil
}

// meanwhile does something while other things are done. The function that it
// gives waits for what comes of it.
func meanwhile[T any](do func() (T, error)) (wait func() (T, error)) {
	wait = sync.OnceValues(do)
	go wait()
	return wait
}

// firstList is the first list that holds more than blanks, without those.
func firstList(lists ...[]string) []string {
	for _, list := range lists {
		var set []string
		for _, value := range list {
			if value = strings.TrimSpace(value); value != "" {
				set = append(set, value)
			}
		}
		if len(set) > 0 {
			return set
		}
	}
	return nil
}

// first is the first value that holds more than blanks.
func first(values ...string) string {
	if set := firstList(values); set != nil {
		return set[0]
	}
	return ""
}
