// Package git asks the git program what it knows about a project: who is at
// the keyboard, which code is checked out, and who committed which record when.
//
// A [Repo] only reads; a [Committer] commits and pushes one file. Where git has no
// answer (no commit yet, a detached HEAD, no remote) the answer is the empty string,
// never a guess. An error means that git could not be asked.
//
//	repo, err := git.Open(".")
//	if err != nil {
//		return err // git.ErrNotRepository, git.ErrNoGit
//	}
//	commit, err := repo.Head(ctx)
//	history, err := repo.History(ctx, "deployments/checklists")
package git

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/text"
)

// Reasons why git cannot be asked about a folder. Compare with [errors.Is]; see
// [Unavailable].
var (
	ErrNotRepository = errors.New("not a git repository")
	ErrNoGit         = errors.New("git is not installed")
	ErrOtherUser     = errors.New("the repository belongs to another user, so git does not read it")
	ErrPartial       = errors.New("this is a partial clone, and reading fetches nothing that it lacks; git fetch --refetch --no-filter gets it")
	ErrElsewhere     = errors.New("the environment leads git to another repository than the folder's")
)

// Unavailable reports whether an error of [Open] is one of these reasons: git is as
// it should be, but tells nothing here.
func Unavailable(err error) bool {
	return errors.Is(err, ErrNotRepository) || errors.Is(err, ErrNoGit) || errors.Is(err, ErrOtherUser) || errors.Is(err, ErrElsewhere)
}

// Repo is the work tree that a folder belongs to.
type Repo struct {
	// Top is the absolute path of the work tree's top folder.
	Top string

	dir         string
	env         []string
	gitDir      string // where HEAD is
	shallowFile string // where git keeps the commits at which a shallow clone is cut off
	protocols   string // by which git may fetch; "" is none
}

// Find is [Open] for those who can do without: it gives nil where dir is in no
// repository, or git is not installed. What somebody has to put right stays an error.
func Find(dir string) (*Repo, error) {
	repo, err := Open(dir)
	if errors.Is(err, ErrNotRepository) || errors.Is(err, ErrNoGit) {
		return nil, nil
	}
	return repo, err
}

// Open finds the repository that holds the folder dir, which may lie below the
// repository's top. Paths that a Repo takes are slash-separated and relative to dir.
func Open(dir string) (*Repo, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return nil, err
	}
	if _, err := os.Stat(dir); err != nil {
		return nil, err
	}
	if top := Top(dir); top != "" {
		if file := unreadable(top); file != "" {
			return nil, notAsked(file)
		}
	}
	repo := &Repo{dir: dir}
	if repo.env, err = environment(dir); err != nil {
		return nil, err
	}
	out, err := repo.output(context.Background(), "rev-parse", "--git-path", "shallow", "--absolute-git-dir", "--show-toplevel")
	if errors.Is(err, ErrOtherUser) {
		return nil, fmt.Errorf("%w; if you trust it: git config --global --add safe.directory %s", err, text.ShellQuote(cmp.Or(Top(dir), dir)))
	}
	if err != nil {
		return nil, err
	}
	// A path may end in a blank, so nothing but the ends of lines is trimmed.
	shallow, out, _ := strings.Cut(strings.ReplaceAll(out, "\r\n", "\n"), "\n")
	gitDir, top, _ := strings.Cut(out, "\n")
	repo.Top = filepath.FromSlash(strings.TrimSuffix(top, "\n"))
	repo.gitDir, repo.shallowFile = filepath.FromSlash(gitDir), in(dir, shallow)
	return repo, nil
}

// withoutFilters are options that switch off the filters which the repository's own
// configuration defines: git runs them over files that it compares. Those of the user
// stay, such as the one for large files.
func (r *Repo) withoutFilters(ctx context.Context) (options []string) {
	out, _ := answer(r.plain(ctx, "config", "--show-scope", "-z", "--name-only", "--get-regexp", `^filter\.`), "config") // status 1: there are none
	for in := (fields{out}); in.rest != ""; {
		scope, key := in.next(), in.next()
		end := strings.LastIndexByte(key, '.')
		if end < 0 || scope != "local" && scope != "worktree" {
			continue
		}
		for _, setting := range []string{".clean", ".smudge", ".process", ".required"} {
			options = append(options, "--config-env="+key[:end]+setting+"="+nothing) // the name may have an equals sign, which -c does not take
		}
	}
	return options
}

// nothing is an empty variable in git's environment.
const nothing = "DEPLOYSITE_NOTHING"

// filtered are the commands that run filters.
var filtered = []string{"status", "diff", "hash-object"}

// Author returns the name that a commit made now would have, "" where nobody
// configured one: git's own guess, from the login and the host, does not count.
func (r *Repo) Author(ctx context.Context) (string, error) {
	out, err := r.optional(ctx, 1, "config", "-z", "--get-regexp", `^(user|author)\.name$`)
	if err != nil {
		return "", err
	}
	set := map[string]string{}
	for entry := range strings.SplitSeq(out, "\x00") {
		key, value, _ := strings.Cut(entry, "\n")
		set[key] = strings.TrimSpace(value) // the last one counts, as in git
	}
	return cmp.Or(os.Getenv("GIT_AUTHOR_NAME"), set["author.name"], set["user.name"]), nil
}

// Head returns the full hash of the commit that is checked out, "" before the
// first commit.
func (r *Repo) Head(ctx context.Context) (string, error) {
	return r.optional(ctx, 1, "rev-parse", "--quiet", "--verify", "HEAD^{commit}")
}

// Made returns the time at which a commit was made, by whose clock that was.
func (r *Repo) Made(ctx context.Context, commit string) (time.Time, error) {
	out, err := r.output(ctx, "show", "--no-patch", "--format=%cI", commit)
	if err != nil {
		return time.Time{}, err
	}
	return time.Parse(time.RFC3339, strings.TrimSpace(out))
}

// Branch returns the name of the branch that is checked out, "" when HEAD is
// detached.
func (r *Repo) Branch(ctx context.Context) (string, error) {
	return r.optional(ctx, 1, "symbolic-ref", "--quiet", "--short", "HEAD")
}

// Tags returns the tags of the commit that is checked out, in alphabetical order.
func (r *Repo) Tags(ctx context.Context) ([]string, error) {
	const noCommit = 129
	out, err := r.optional(ctx, noCommit, "for-each-ref", "--points-at=HEAD", "--format=%(refname:strip=2)", "refs/tags")
	return strings.Fields(out), err // no name of a ref holds a blank
}

// A Tag is a name for a commit, and when it was given, or else when that was made.
type Tag struct {
	Name string
	At   time.Time
}

// AllTags returns all tags of the repository, in alphabetical order.
func (r *Repo) AllTags(ctx context.Context) (tags []Tag, err error) {
	out, err := r.output(ctx, "for-each-ref", "--format=%(creatordate:unix) %(refname:strip=2)", "refs/tags")
	for line := range strings.Lines(out) {
		at, name, _ := strings.Cut(strings.TrimSpace(line), " ")
		if seconds, err := strconv.ParseInt(at, 10, 64); err == nil { // a tag of a file has no day
			tags = append(tags, Tag{name, time.Unix(seconds, 0)})
		}
	}
	return tags, err
}

// Modified returns the tracked files that differ from the commit that is checked
// out, relative to [Repo.Top] and sorted. The folder except, a slash-separated path
// relative to the one given to [Open], is left out and costs no time; "" excepts
// nothing.
func (r *Repo) Modified(ctx context.Context, except string) ([]string, error) {
	head, err := r.Head(ctx)
	if err != nil || head == "" {
		return nil, err
	}
	args := append([]string{"diff", "--name-only", "--no-relative", "--no-ext-diff", "-z", head, "--"}, allBut(except)...)
	out, err := r.output(ctx, args...)
	if err != nil || out == "" {
		return nil, err
	}
	return strings.Split(strings.TrimSuffix(out, "\x00"), "\x00"), nil
}

// allBut are the pathspecs of the whole repository without a folder.
func allBut(folder string) []string {
	if folder == "" {
		return []string{":(top)"}
	}
	return []string{":(top)", ":(exclude,literal)" + folder}
}

// Remote returns the web address of the remote "origin", see [WebURL].
func (r *Repo) Remote(ctx context.Context) (string, error) {
	const noRemote = 2
	out, err := r.optional(ctx, noRemote, "remote", "get-url", "origin")
	return WebURL(out), err
}

// Settings is git's configuration as it holds in the repository: its own, the user's and
// the system's.
func (r *Repo) Settings(ctx context.Context) (string, error) {
	return r.output(ctx, "config", "--list", "-z")
}

// optional asks a question to which git may have no answer, which it says by the
// exit status none. Blanks around the answer are trimmed.
func (r *Repo) optional(ctx context.Context, none int, args ...string) (string, error) {
	out, err := r.output(ctx, args...)
	if exit, ok := errors.AsType[*exec.ExitError](err); ok && exit.ExitCode() == none {
		return "", nil
	}
	return strings.TrimSpace(out), err
}

// output runs git and returns what it wrote to stdout.
func (r *Repo) output(ctx context.Context, args ...string) (string, error) {
	return r.outputOf(ctx, nil, args...)
}

// outputOf is output with something to read; nil is nothing.
func (r *Repo) outputOf(ctx context.Context, stdin io.Reader, args ...string) (string, error) {
	cmd := r.command(ctx, args...)
	cmd.Stdin = stdin
	return answer(cmd, args[0])
}

func (r *Repo) command(ctx context.Context, args ...string) *exec.Cmd {
	if slices.Contains(filtered, args[0]) {
		args = append(r.withoutFilters(ctx), args...)
	}
	return r.plain(ctx, args...)
}

func (r *Repo) plain(ctx context.Context, args ...string) *exec.Cmd {
	args = append([]string{"--no-pager", "-c", "core.quotepath=off", "-c", "log.showSignature=false", "-c", "log.showRoot=true",
		"-c", "core.fsmonitor=false", // reading runs no program that a repository names
	}, args...)
	cmd := exec.CommandContext(ctx, "git", args...)
	cmd.Dir = r.dir
	cmd.Env = append(slices.Clone(r.env),
		nothing+"=",
		"LC_ALL=C",                // explain reads the messages
		"GIT_OPTIONAL_LOCKS=0",    // never block another git at work
		"GIT_LITERAL_PATHSPECS=0", // some of ours are patterns
		"GIT_TERMINAL_PROMPT=0",   // reading never needs a password
		"GIT_NO_LAZY_FETCH=1",     // a partial clone would fetch what it lacks, for ever where nobody answers;
		"GIT_ALLOW_PROTOCOL="+cmp.Or(r.protocols, "none"), // git before 2.44 does not know the variable above
	)
	return cmd
}

// Sparse reports whether the work tree has only some of the repository's files.
func (r *Repo) Sparse(ctx context.Context) (bool, error) {
	const unset = 1
	out, err := r.optional(ctx, unset, "config", "--type=bool", "--get", "core.sparseCheckout")
	return out == "true", err
}

// DefaultBranch is the branch that a forge shows first, as far as this clone
// knows: the remote's HEAD when it was cloned; else the first of main, master and
// trunk; else the one that is checked out, "" when HEAD is detached.
func (r *Repo) DefaultBranch(ctx context.Context) (string, error) {
	const none = 1
	head, err := r.optional(ctx, none, "symbolic-ref", "--quiet", "refs/remotes/origin/HEAD")
	if err != nil {
		return "", err
	}
	if branch, ok := strings.CutPrefix(head, "refs/remotes/origin/"); ok && branch != "" {
		return branch, nil
	}
	current, err := r.Branch(ctx)
	if err != nil {
		return "", err
	}
	branches, err := r.Branches(ctx, "main", "master", "trunk")
	if err != nil || len(branches) == 0 || slices.Contains(branches, current) {
		return current, err
	}
	return branches[0], nil
}

// Branches returns those names that are branches here or on a remote, in the given
// order.
func (r *Repo) Branches(ctx context.Context, names ...string) (found []string, err error) {
	args := []string{"for-each-ref", "--format=%(refname)"}
	for _, name := range names {
		args = append(args, "refs/heads/"+name, "refs/remotes/*/"+name)
	}
	out, err := r.output(ctx, args...)
	for _, name := range names {
		for line := range strings.Lines(out) {
			if strings.HasSuffix(strings.TrimSpace(line), "/"+name) && !slices.Contains(found, name) {
				found = append(found, name)
			}
		}
	}
	return found, err
}

// Untracked returns which of some files exist and are neither staged, committed nor
// ignored, by their paths relative to the folder given to [Open].
func (r *Repo) Untracked(ctx context.Context, names ...string) (untracked []string, err error) {
	if err := r.readable(ctx, "."); err != nil {
		return nil, err
	}
	args := []string{"ls-files", "--others", "--exclude-standard", "-z", "--"}
	for _, name := range names {
		args = append(args, ":(literal)"+name)
	}
	out, err := r.output(ctx, args...)
	for in := (fields{out}); in.rest != ""; {
		untracked = append(untracked, in.next())
	}
	return untracked, err
}

// Ignores reports whether git ignores a folder, by its path relative to the one
// given to [Open].
func (r *Repo) Ignores(ctx context.Context, folder string) (bool, error) {
	if err := r.readable(ctx, path.Dir(folder)); err != nil {
		return false, err
	}
	const none = 1
	out, err := r.optional(ctx, none, "check-ignore", "--no-index", "--", folder+"/")
	return out != "", err
}
