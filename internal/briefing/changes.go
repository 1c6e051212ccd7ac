package briefing

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/text"
)

// changes is what is deployed now and was not the last time.
type changes struct {
	since    *records.Record
	from, to string // hashes; from is "" where the record names none
	git.Changes
	suspects []suspectFile
	problem  string // why nothing is known, or ""
}

// maxCommits is how many commits are asked for.
const maxCommits = 500

// gitPatience is how long git may take to compare two commits. In a large
// repository they may be many years apart.
const gitPatience = 3 * time.Second

// Compare adds what changed since the last deployment to this environment that
// succeeded. A repo of nil, and a commit of "", are unknown: then nothing is
// compared, as where none succeeded.
func (b *Briefing) Compare(ctx context.Context, repo *git.Repo, commit string) {
	since := b.Succeeded
	if since == nil || commit == "" || repo == nil {
		return
	}
	c := &changes{since: since, from: since.Commit.Value, to: commit}
	b.changes = c
	switch {
	case c.from == "":
		c.problem = "no commit was found among that record's facts"
	case !c.isSame():
		c.ask(ctx, repo, repo.Inside(b.past.dir))
		c.mask(b.past.hide)
		c.suspects = suspects(c.files(), b.ours)
	}
}

// ask finds the commits. Those that touch the records' folder alone do not count.
func (c *changes) ask(ctx context.Context, repo *git.Repo, recordsDir string) {
	ctx, cancel := context.WithTimeout(ctx, gitPatience)
	defer cancel()
	var err error
	c.Changes, err = repo.Between(ctx, c.from, c.to, maxCommits, recordsDir)
	switch {
	case errors.Is(err, git.ErrUnknownCommit) && repo.IsShallow():
		c.problem = "its commit is not in this shallow clone; git fetch --unshallow gets it"
	case errors.Is(err, git.ErrUnknownCommit):
		c.problem = "its commit is not in this clone; git fetch may get it, unless it was rebased away"
	case ctx.Err() != nil:
		c.problem = "git took too long to compare them"
	case err != nil:
		c.problem = err.Error()
	}
}

// mask puts marks into the subjects: the new record and its terminal show them.
func (c *changes) mask(hide secrets.Finder) {
	for _, list := range [][]git.LogEntry{c.Added, c.Missing} {
		for i := range list {
			list[i].Subject = hide.Text(list[i].Subject)
		}
	}
}

// files are the changed ones, each once, in order.
func (c *changes) files() []string {
	var all []string
	for _, commit := range c.Added {
		all = append(all, commit.Files...)
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// none reports that nothing changed but records; see isSame.
func (c *changes) none() bool { return c.problem == "" && len(c.Added)+len(c.Missing) == 0 }

// isSame reports that the commit of the last time is deployed again.
func (c *changes) isSame() bool {
	return c.from != "" && strings.HasPrefix(c.to, strings.ToLower(c.from))
}

// count is how many commits are new, in words.
func (c *changes) count() string {
	if c.More {
		return fmt.Sprintf("More than %d commits", maxCommits)
	}
	return text.Count(len(c.Added), "commit")
}
