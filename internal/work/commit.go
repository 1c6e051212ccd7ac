package work

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/text"
)

// Commit commits the record and nothing else, and gives the commit's hash. A record
// that is committed already is fine. One with a secret in it is refused unless that is
// allowed.
func (j *Job) Commit(ctx context.Context, allowSecrets bool) (hash *string, err error) {
	if !allowSecrets {
		if err := j.refuseSecrets(); err != nil {
			return nil, err
		}
	}
	if conflict := j.Record.Conflict(); conflict != nil {
		return nil, problem.List{*conflict}
	}
	c := j.committer()
	if _, none := git.Open(j.Project.Root); errors.Is(none, git.ErrNotRepository) {
		return nil, fmt.Errorf("the record is finished, but cannot be committed: %s: %w; make one with git init, then: deploystart finish --commit --record %s", j.Project.Root, none, j.Record.ID)
	}
	changed, err := c.Changed(ctx)
	if err != nil {
		return nil, fmt.Errorf("the record is finished, but cannot be committed: %w; after that: deploystart finish --commit --record %s", err, j.Record.ID)
	}
	if !changed {
		j.Env.Tell("Nothing to commit: this is what is committed already.")
		return nil, nil
	}
	if err = c.Commit(ctx, message(j.Record)); err != nil {
		return nil, fmt.Errorf("the record is finished, but not committed: %w; correct that, then: deploystart finish --commit --record %s", err, j.Record.ID)
	}
	head, err := c.Head(ctx)
	if err != nil {
		return nil, err
	}
	j.Env.Tell("Committed %.10s: %s", head, message(j.Record))
	if c.IsDetached(ctx) {
		j.Env.Tell("No branch is checked out, and none has this commit; one that keeps it: git branch NAME %.10s", head)
	}
	return &head, nil
}

// Committed reports whether the record is in the last commit as it is.
func (j *Job) Committed(ctx context.Context) bool {
	changed, err := j.committer().Changed(ctx)
	return err == nil && !changed
}

func (j *Job) committer() git.Committer {
	return git.Committer{File: j.File.Path, Output: j.Env.Stderr, Prompt: j.Env.Interactive(), Patience: 5 * time.Second, Waiting: func(hooks string) {
		what := "git"
		if hooks != "" {
			what += ", which runs hooks of this repository: " + hooks
		}
		j.Env.Tell("Waiting for %s. The record is finished; Ctrl-C leaves it as it is, and commits nothing more.", what)
	}}
}

// message names the service and the day, as far as they are known.
func message(r *records.Record) string {
	what := "docs: deployment record"
	if len(r.Services) > 0 {
		what += " for " + text.Cut(strings.Join(records.Values(r.Services), ", "), 100)
	}
	if !r.Started.IsZero() {
		what += " " + r.Started.Time.Format(time.DateOnly)
	}
	return what
}

// Push pushes the branch to where it usually goes.
func (j *Job) Push(ctx context.Context) error {
	c := j.committer()
	if c.IsDetached(ctx) {
		return errors.New("the record is finished, but not pushed: no branch is checked out; push it to a branch of its own, and merge that: git push origin HEAD:refs/heads/NAME")
	}
	if err := c.Push(ctx); err != nil {
		return fmt.Errorf("the record is finished, but not pushed: %w; correct that, then: git push", err)
	}
	j.Env.Tell("Pushed.")
	return nil
}

// Secrets finds what looks like a secret and was not allowed.
func (j *Job) Secrets(source []byte) []secrets.Secret {
	return j.Project.SecretFinder().Find(source)
}

// refuseSecrets stops before a secret gets into the history, which does not forget.
func (j *Job) refuseSecrets() error {
	found := secrets.Mask(j.Record.Source, j.Secrets(j.Record.Source))
	if len(found.Found) == 0 {
		return nil
	}
	for _, p := range found.Problems(j.File.Name) {
		j.Env.Tell("%s", p)
	}
	j.Env.Tell("deploystart: the record is finished, but not committed, because of that. If it is no secret: deploystart finish --commit --allow-secrets --record %s", j.Record.ID)
	return cli.ErrReported
}

// WarnOfSecrets warns of what was just written into the record.
func (j *Job) WarnOfSecrets(texts ...string) {
	for _, text := range texts {
		for _, s := range j.Secrets([]byte(text)) {
			j.Env.Tell("Careful: what you wrote holds what looks like a secret (%s). Take it out of %s before it is committed; git does not forget.", s.Rule, j.Path())
		}
	}
}
