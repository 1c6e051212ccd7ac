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
}

// Changed reports whether the file differs from what is committed.
func (c Committer) Changed(ctx context.Context) (bool, error) {
	out, err := c.output(ctx, "status", "--porcelain", "--ignored=traditional", "--", c.pathspec())
	return out != "", err
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
