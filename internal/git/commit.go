package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"time"
)

// A Committer commits one file as a person would: hooks run, and commits are signed
// if the team has set that up.
type Committer struct {
	File   string    // its path
	Output io.Writer // gets what git and its hooks print
	Prompt bool      // git may ask for passwords, on the terminal itself

	Patience time.Duration      // how long git may take before Waiting is called
	Waiting  func(hooks string) // called then, with the names of the hooks that git may be running; may be nil
}

// Changed reports whether the file's content differs from what is committed. What git
// was told to take no notice of is looked at as well. It is an error if git would not
// commit it, or if an operation is under way whose --abort takes the commit away.
func (c Committer) Changed(ctx context.Context) (bool, error) {
	name := filepath.Base(c.File)
	dir, err := c.output(ctx, "rev-parse", "--absolute-git-dir")
	if err != nil {
		return false, err
	}
	committed := ""
	if _, err := c.output(ctx, "rev-parse", "--quiet", "--verify", "HEAD"); err == nil { // else nothing is committed yet
		if committed, err = c.output(ctx, "ls-tree", "HEAD", "--", c.pathspec()); err != nil {
			return false, err
		}
	}
	is, err := c.output(ctx, "hash-object", "--", name)
	if err != nil || strings.Contains(committed, strings.TrimSpace(is)) {
		return false, err
	}
	if err := underWay(strings.TrimSpace(dir)); err != nil {
		return true, err
	}
	flags, err := c.output(ctx, "ls-files", "-v", "--", c.pathspec())
	switch {
	case err != nil || flags == "":
	case flags[0] == 'S' || flags[0] == 's':
		err = fmt.Errorf("git was told to skip it; take that back: git update-index --no-skip-worktree %s", c.File)
	case flags[0] >= 'a' && flags[0] <= 'z':
		err = fmt.Errorf("git was told to assume that it is unchanged; take that back: git update-index --no-assume-unchanged %s", c.File)
	}
	return true, err
}

// operations are what a repository can be in the middle of, by the file that says so.
var operations = []struct{ file, name, goOn string }{
	{"rebase-merge", "a rebase", endRebase},
	{"rebase-apply/applying", "git am", "git am --continue, or git am --abort"},
	{"rebase-apply", "a rebase", endRebase},
	{"MERGE_HEAD", "a merge", "git merge --continue, or git merge --abort"},
	{"CHERRY_PICK_HEAD", "a cherry-pick", "git cherry-pick --continue, or git cherry-pick --abort"},
	{"REVERT_HEAD", "a revert", "git revert --continue, or git revert --abort"},
	{"sequencer", "a cherry-pick or revert", "git cherry-pick --continue, or git revert --continue"},
	{"BISECT_LOG", "a bisection", "git bisect reset"},
}

// endRebase warns, because an abort takes back what is not committed either.
const endRebase = "git rebase --continue; git rebase --abort takes back every change that is not committed, so copy the record before it"

// underWay is an error if the repository with this folder of git's is in the middle of
// something.
func underWay(dir string) error {
	for _, o := range operations {
		if _, err := os.Stat(filepath.Join(dir, filepath.FromSlash(o.file))); err == nil {
			return fmt.Errorf("%s is under way, and could take the commit away again; end it first: %s", o.name, o.goOn)
		}
	}
	return nil
}

// Commit commits the file and nothing else. What is staged besides stays staged.
func (c Committer) Commit(ctx context.Context, message string) error {
	if err := c.run(ctx, c.Output, "add", "--", c.pathspec()); err != nil {
		return err
	}
	return c.run(ctx, c.Output, "commit", "--quiet", "--only", "-m", message, "--", c.pathspec())
}

// Head is the hash of the commit that is checked out.
func (c Committer) Head(ctx context.Context) (string, error) {
	out, err := c.output(ctx, "rev-parse", "HEAD")
	return strings.TrimSpace(out), err
}

// IsDetached reports whether no branch is checked out, so that none keeps the commit.
func (c Committer) IsDetached(ctx context.Context) bool {
	out, err := c.output(ctx, "rev-parse", "--abbrev-ref", "HEAD")
	return err == nil && strings.TrimSpace(out) == "HEAD"
}

// Push pushes the branch to where it usually goes.
func (c Committer) Push(ctx context.Context) error { return c.run(ctx, c.Output, "push", "--quiet") }

// pathspec names the file and no other, whatever is in its name.
func (c Committer) pathspec() string { return ":(literal)" + filepath.Base(c.File) }

func (c Committer) output(ctx context.Context, args ...string) (string, error) {
	var out bytes.Buffer
	err := c.run(ctx, &out, args...)
	return out.String(), err
}

// run runs git in the file's folder, without stdin.
func (c Committer) run(ctx context.Context, stdout io.Writer, args ...string) error {
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = filepath.Dir(c.File), stdout, c.Output
	cmd.Cancel = func() error { return cmd.Process.Signal(os.Interrupt) } // hooks may have to clean up
	cmd.WaitDelay = 10 * time.Second
	env, err := environment(cmd.Dir)
	if err != nil {
		return err
	}
	cmd.Env = env
	if !c.Prompt {
		cmd.Env = append(cmd.Env, "GIT_TERMINAL_PROMPT=0")
	}
	if c.Waiting != nil {
		patience := time.AfterFunc(c.Patience, func() { c.Waiting(strings.Join(c.hooks(ctx, args[0]), ", ")) })
		defer patience.Stop()
	}
	err = cmd.Run()
	var exit *exec.ExitError
	switch {
	case err == nil:
		return nil
	case errors.Is(err, exec.ErrNotFound):
		return ErrNoGit
	case errors.As(err, &exit):
		return fmt.Errorf("git %s failed with %s, see above", args[0], exit)
	}
	return fmt.Errorf("git %s: %w", args[0], err)
}

// hooksOf are the hooks that a command of git runs.
var hooksOf = map[string][]string{
	"commit": {"pre-commit", "prepare-commit-msg", "commit-msg", "post-commit", "reference-transaction"},
	"push":   {"pre-push"},
}

// hooks are those that the repository has of a command.
func (c Committer) hooks(ctx context.Context, verb string) (names []string) {
	c.Waiting = nil
	for _, name := range hooksOf[verb] {
		file, err := c.output(ctx, "rev-parse", "--git-path", "hooks/"+name)
		if err != nil {
			continue
		}
		if info, err := os.Stat(in(filepath.Dir(c.File), strings.TrimSpace(file))); err == nil && info.Mode().IsRegular() {
			names = append(names, name)
		}
	}
	return names
}
