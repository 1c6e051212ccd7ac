package git

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// How long git may take to answer: it waits for ever where a file that it reads is a
// pipe, and not all such files have a name that is known before.
var (
	briefly = 20 * time.Second
	atWork  = 5 * time.Minute
)

// working are the commands that read much, of a large repository for minutes.
var working = []string{"log", "show", "status", "hash-object", "merge-base", "rev-list", "ls-files", "ls-tree", "for-each-ref", "clone", "-c"}

// maxAnswer is more than git says of a history of a million commits, in bytes.
const maxAnswer = 512 << 20

// bounded keeps what git writes, unless it is more than maxAnswer.
type bounded struct{ buffer bytes.Buffer }

func (b *bounded) Write(p []byte) (int, error) {
	if b.buffer.Len()+len(p) > maxAnswer {
		return 0, errors.New("it says more than 512 MiB")
	}
	return b.buffer.Write(p)
}

// answer runs git and returns what it wrote to stdout.
func answer(cmd *exec.Cmd, verb string) (string, error) {
	limit := briefly
	if slices.Contains(working, verb) {
		limit = atWork
	}
	var stdout, stderr bounded
	cmd.Stdout, cmd.Stderr = &stdout, &stderr
	cmd.WaitDelay = time.Second // a child of git may hold its output open
	if err := cmd.Start(); err != nil {
		return "", explain(verb, err, "")
	}
	late := time.AfterFunc(limit, func() { cmd.Process.Kill() })
	err := cmd.Wait()
	switch {
	case !late.Stop():
		return "", fmt.Errorf("git %s gave no answer within %s; a file that it reads may be a pipe or a device", verb, limit)
	case err != nil:
		return "", explain(verb, err, stderr.buffer.String())
	}
	return stdout.buffer.String(), nil
}

// explain turns a failed run into an error that says what to do.
func explain(verb string, err error, stderr string) error {
	stderr = strings.TrimSpace(stderr)
	switch {
	case errors.Is(err, exec.ErrNotFound):
		return ErrNoGit
	case strings.Contains(stderr, "dubious ownership"), strings.Contains(stderr, "unsafe repository"): // until git 2.35.2
		return ErrOtherUser
	case strings.Contains(stderr, "not a git repository") && !strings.Contains(stderr, "not a git repository: "), // .git is a file that leads nowhere
		strings.Contains(stderr, "must be run in a work tree"): // a bare repository, or inside .git
		return ErrNotRepository
	case strings.Contains(stderr, "from promisor remote"):
		return ErrPartial
	case stderr == "":
		return fmt.Errorf("git %s: %w", verb, err)
	}
	return fmt.Errorf("git %s: %w: %s", verb, err, stderr)
}

// unreadable is a file that git reads in whatever it is asked, and that is a pipe or a
// device: git would wait for what it says.
func unreadable(top string) string {
	for _, name := range []string{".git", ".git/HEAD", ".git/config", ".git/index", ".git/packed-refs", ".git/info/exclude", ".git/info/attributes",
		".gitattributes", ".gitignore", ".mailmap"} {
		if file := filepath.Join(top, filepath.FromSlash(name)); waits(file) {
			return file
		}
	}
	return ""
}

// waits reports whether somebody who reads the file waits for what another program says.
func waits(file string) bool {
	info, err := os.Stat(file)
	return err == nil && !info.IsDir() && !info.Mode().IsRegular()
}

// readable is an error if what git reads besides the files in a folder, relative to the
// one given to [Open], is a pipe or a device.
func (r *Repo) readable(ctx context.Context, folder string) error {
	const none = 1
	files := []string{}
	set, err := r.optional(ctx, none, "config", "-z", "--type=path", "--get-regexp", `^(mailmap\.file|core\.(excludesfile|attributesfile))$`)
	for entry := range strings.SplitSeq(set, "\x00") {
		if _, file, _ := strings.Cut(entry, "\n"); file != "" {
			files = append(files, in(r.Top, file))
		}
	}
	folder = filepath.Join(r.dir, filepath.FromSlash(folder))
	for above := filepath.Dir(folder); pathFrom(r.Top, above) != ""; above = filepath.Dir(above) {
		files = append(files, filepath.Join(above, ".gitignore"), filepath.Join(above, ".gitattributes"))
	}
	filepath.WalkDir(folder, func(file string, d fs.DirEntry, err error) error {
		if err == nil && (d.Name() == ".gitignore" || d.Name() == ".gitattributes") {
			files = append(files, file)
		}
		return nil // what cannot be read, git says
	})
	if i := slices.IndexFunc(files, waits); i >= 0 {
		return notAsked(files[i])
	}
	return err
}

func notAsked(file string) error {
	return fmt.Errorf("%s is neither a folder nor a file, so git cannot be asked; take it away", file)
}
