package main

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/cli"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
)

// commit commits the record and nothing else, and gives the commit's hash. What
// is staged besides stays staged. A record that is committed already is fine.
func (j *job) commit(ctx context.Context) (hash *string, err error) {
	if err := j.refuseSecrets(); err != nil {
		return nil, err
	}
	changed, err := j.gitOutput(ctx, "status", "--porcelain", "--ignored=traditional", "--", j.pathspec())
	if err != nil {
		return nil, fmt.Errorf("the record is finished, but cannot be committed: %w", err)
	}
	if changed == "" {
		j.env.Tell("Nothing to commit: this is what is committed already.")
		return nil, nil
	}
	err = j.git(ctx, "add", "--", j.pathspec())
	if err == nil {
		err = j.git(ctx, "commit", "--quiet", "--only", "-m", message(j.record), "--", j.pathspec())
	}
	if err != nil {
		return nil, fmt.Errorf("the record is finished, but not committed: %w; correct that, then: deploystart finish --commit --record %s", err, j.record.ID)
	}
	head, err := j.gitOutput(ctx, "rev-parse", "HEAD")
	if err != nil {
		return nil, err
	}
	head = strings.TrimSpace(head)
	j.env.Tell("Committed %.10s: %s", head, message(j.record))
	return &head, nil
}

// message names the service and the day, as far as they are known.
func message(r *records.Record) string {
	var services []string
	for _, s := range r.Services {
		services = append(services, s.Value)
	}
	what := "docs: deployment record"
	if len(services) > 0 {
		what += " for " + cut(strings.Join(services, ", "), 100)
	}
	if !r.Started.IsZero() {
		what += " " + r.Started.Time.Format(time.DateOnly)
	}
	return what
}

// push pushes the branch to where it usually goes.
func (j *job) push(ctx context.Context) error {
	if err := j.git(ctx, "push", "--quiet"); err != nil {
		return fmt.Errorf("the record is finished, but not pushed: %w; correct that, then: git push", err)
	}
	j.env.Tell("Pushed.")
	return nil
}

// refuseSecrets stops before a secret gets into the history, which does not
// forget. Of what may be one, or a word about one, it warns.
func (j *job) refuseSecrets() error {
	sure := false
	for _, s := range secrets.Find(string(j.record.Source)) {
		severity := problem.Warning
		if s.Sure {
			severity, sure = problem.Error, true
		}
		j.env.Tell("%s:%d: %s: this looks like %s; take it out, and make it invalid if it was shown to anybody", j.file.Name, s.Line, severity, s.What)
	}
	if !sure {
		return nil
	}
	j.env.Tell("deploystart: the record is finished, but not committed, because of that. If it is no secret, commit it yourself: git add %s && git commit", j.path())
	return cli.ErrReported
}

// pathspec names the record's file and no other, whatever is in its name.
func (j *job) pathspec() string { return ":(literal)" + filepath.Base(j.file.Path) }

// git runs git in the record's folder. What git and its hooks print goes to
// stderr, and so it stands above the error.
func (j *job) git(ctx context.Context, args ...string) error {
	cmd := j.gitCommand(ctx, args...)
	cmd.Stdout, cmd.Stderr = j.env.Stderr, j.env.Stderr
	return gitError(args[0], cmd.Run())
}

func (j *job) gitOutput(ctx context.Context, args ...string) (string, error) {
	cmd := j.gitCommand(ctx, args...)
	var out bytes.Buffer
	cmd.Stdout, cmd.Stderr = &out, j.env.Stderr
	err := gitError(args[0], cmd.Run())
	return out.String(), err
}

// gitCommand has no stdin: git asks for passwords on the terminal itself, if
// there is one.
func (j *job) gitCommand(ctx context.Context, args ...string) *exec.Cmd {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = filepath.Dir(j.file.Path)
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // hooks may have to clean up
	cmd.WaitDelay = 10 * time.Second
	if !j.env.Interactive() {
		cmd.Env = append(os.Environ(), "GIT_TERMINAL_PROMPT=0")
	}
	return cmd
}

func gitError(verb string, err error) error {
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return errors.New("git is not installed")
	case errors.As(err, &exit):
		return fmt.Errorf("git %s failed with %s, see above", verb, exit)
	}
	return fmt.Errorf("git %s: %w", verb, err)
}
