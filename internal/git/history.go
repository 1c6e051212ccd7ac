package git

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"
)

// Commit is a commit that changed a file.
type Commit struct {
	Hash    string    // in full
	Author  string    // as the repository's .mailmap has it
	Time    time.Time // when the author made it, with the author's offset
	Subject string    // first line of the message
	File    string    // what the file was called in it, as [Repo.History] names files
	Moved   bool      // the file was only given another name
}

// History is what git knows of the files in a folder, by their names relative to the
// folder given to [Open].
type History struct {
	Commits map[string][]Commit // newest first
	Cut     map[string]bool     // files that have older commits, which a shallow clone lacks
	Exact   bool                // files got new names with the same content only: a partial clone has no other to compare
}

// History returns the commits of each file in the folder dir. dir is a
// slash-separated path relative to the one given to [Open]. A file that was
// renamed within the folder has all of its commits under its newest name. At the
// end of a shallow clone, git shows every file as added by one commit; that commit
// is left out, and the files are Cut.
//
// Before the first commit the history is empty. A folder that lies in a repository
// of its own is an error. It runs git log once.
//
// A file that came from one of the folders former, see [Repo.MovedFrom], has its commits there, too.
func (r *Repo) History(ctx context.Context, dir string, former ...string) (History, error) {
	if own := Top(filepath.Join(r.dir, filepath.FromSlash(dir))); own != Top(r.dir) {
		return History{}, fmt.Errorf("%s lies in a repository of its own", dir)
	}
	head, err := r.Head(ctx)
	if err != nil || head == "" {
		return History{}, err
	}
	cut, err := r.shallow()
	if err != nil {
		return History{}, err
	}
	if err := r.readable(ctx, dir); err != nil {
		return History{}, err
	}
	args := logArgs(head, append([]string{dir}, former...)...)
	out, err := r.output(ctx, args...)
	exact := errors.Is(err, ErrPartial)
	if exact {
		out, err = r.output(ctx, slices.Insert(args, slices.Index(args, "--"), "--find-renames=100%")...)
	}
	if err != nil {
		return History{}, err
	}
	history := readHistory(out, cut)
	history.Exact = exact
	return history, nil
}

// Tracked returns the files of the folder dir that the commit which is checked out
// has, named as [Repo.History] names them, each with its hash.
func (r *Repo) Tracked(ctx context.Context, dir string) (map[string]string, error) {
	head, err := r.Head(ctx)
	if err != nil || head == "" {
		return nil, err
	}
	return r.Files(ctx, head, dir)
}

// Files is [Repo.Tracked] for any commit, and for several folders or files.
func (r *Repo) Files(ctx context.Context, commit string, names ...string) (map[string]string, error) {
	args := []string{"ls-tree", "-r", "-z", commit, "--"}
	for _, name := range names {
		args = append(args, ":(literal)"+name)
	}
	out, err := r.output(ctx, args...)
	files := map[string]string{}
	for in := (fields{out}); in.rest != ""; {
		facts, name, _ := strings.Cut(in.next(), "\t") // "100644 blob HASH"
		files[name] = facts[strings.LastIndexByte(facts, ' ')+1:]
	}
	return files, err
}

// Versions returns what a file was in the commits that changed it, the oldest first, at
// most so many of the newest. file is named as [Repo.History] names a folder. Where a
// commit gave it another name, it is followed to the former one.
func (r *Repo) Versions(ctx context.Context, file string, limit int) (versions [][]byte, err error) {
	from, err := r.Head(ctx)
	if err != nil || from == "" {
		return nil, err
	}
	prefix, err := r.output(ctx, "rev-parse", "--show-prefix")
	if err != nil {
		return nil, err
	}
	batch, err := r.startBatch(ctx)
	if err != nil {
		return nil, err
	}
	defer batch.close()
	for file = path.Join(strings.TrimSuffix(prefix, "\n"), file); file != "" && len(versions) < limit; {
		out, err := r.output(ctx, "log", "--format="+commitMark+"%H", "--name-status", "--diff-filter=d",
			"--no-color", "--no-follow", "--diff-merges=off",
			fmt.Sprintf("--max-count=%d", limit-len(versions)), from, "--", ":(top,literal)"+file)
		if err != nil {
			return nil, err
		}
		former := ""
		for commit := range strings.SplitSeq(strings.TrimPrefix(out, commitMark), commitMark) {
			hash, status, ok := strings.Cut(commit, "\n")
			if !ok {
				continue
			}
			content, err := batch.read(hash + ":" + file)
			if err != nil {
				return nil, err
			}
			versions = append(versions, content)
			if !strings.HasPrefix(strings.TrimSpace(status), "A") {
				continue
			}
			if former, err = r.formerName(ctx, hash, file); err != nil {
				return nil, err
			}
			if former != "" {
				from = hash + "^"
				break
			}
		}
		file = former
	}
	slices.Reverse(versions)
	return versions, nil
}

// formerName is what a file was called before a commit, from the top folder, "" where the
// commit did not rename it.
func (r *Repo) formerName(ctx context.Context, commit, file string) (string, error) {
	out, err := r.output(ctx, "show", "-z", "--format=", "--name-status", "--find-renames", "--diff-filter=R", "--no-relative",
		"--no-color", "--no-ext-diff", "--diff-merges=off", commit)
	for in := (fields{out}); in.rest != ""; {
		if _, former, now := in.next(), in.next(), in.next(); now == file {
			return former, err
		}
	}
	return "", err
}

// MovedFrom returns the folders outside of dir from which commits moved files, named as
// [Repo.History] names them.
func (r *Repo) MovedFrom(ctx context.Context, dir string, commits []string) (folders []string, err error) {
	out, err := r.output(ctx, append([]string{"show", "-z", "--format=", "--name-status", "--find-renames", "--diff-filter=R", "--no-relative",
		"--no-color", "--no-ext-diff", "--diff-merges=off"}, commits...)...)
	for in := (fields{out}); in.rest != ""; {
		_, former, now := in.next(), in.next(), in.next()
		former, isBelow := strings.CutPrefix(former, r.above())
		if strings.HasPrefix(now, path.Join(r.above(), dir)+"/") && isBelow && !strings.HasPrefix(former, dir+"/") && !slices.Contains(folders, path.Dir(former)) {
			folders = append(folders, path.Dir(former))
		}
	}
	return folders, err
}

// StagedNames returns the former names of files below dir that were given another one which is
// staged, and not committed.
func (r *Repo) StagedNames(ctx context.Context, dir string) (former map[string]string, err error) {
	out, err := r.staged(ctx, "diff", "--cached", "-z", "--name-status", "--find-renames", "--diff-filter=R", "--relative", "--", ":(literal)"+dir) // without HEAD: before the first commit there is none
	former = map[string]string{}
	for in := (fields{out}); in.rest != ""; {
		_, was, now := in.next(), in.next(), in.next()
		former[now] = was
	}
	return former, err
}

// IsShallow reports whether the clone has only the newest commits.
func (r *Repo) IsShallow() bool {
	cut, err := r.shallow()
	return err == nil && len(cut) > 0
}

// logArgs spells out everything that a user's configuration could change.
func logArgs(head string, dirs ...string) []string {
	args := []string{
		"log", "-z", "--format=tformat:" + commitMark + "%H%x00%aN%x00%aI%x00%s",
		"--name-status", "--find-renames", "--relative", "--encoding=UTF-8",
		"--no-color", "--no-decorate", "--no-notes", "--no-ext-diff", "--no-follow",
		"--cc", // a merge has the files in which it is like none of its parents, and so changed them itself
		head, "--",
	}
	for _, dir := range dirs {
		args = append(args, ":(literal)"+dir) // a folder named "[x]" is not a pattern
	}
	return args
}

// shallow returns the commits whose parents a shallow clone does not have.
func (r *Repo) shallow() (map[string]bool, error) {
	list, err := os.ReadFile(r.shallowFile)
	if err != nil && !errors.Is(err, os.ErrNotExist) {
		return nil, err
	}
	cut := map[string]bool{}
	for hash := range strings.FieldsSeq(string(list)) {
		cut[hash] = true
	}
	return cut, nil
}

// commitMark begins a commit in the output of git log. Statuses are letters, so
// it cannot be taken for one.
const commitMark = "\x01"

// readHistory reads the output of git log, from the newest commit back.
func readHistory(out string, cut map[string]bool) History {
	history := History{Commits: map[string][]Commit{}, Cut: map[string]bool{}}
	newest := map[string]string{} // former name of a file → its newest name
	var commit Commit
	for in := (fields{out}); in.rest != ""; {
		token := in.next()
		if hash, ok := strings.CutPrefix(token, commitMark); ok {
			commit = readCommit(hash, &in)
			continue
		}
		if token == "" {
			continue // stands between a merge and its files
		}
		former, status := in.next(), strings.TrimPrefix(token, "\n")
		name, renamed := former, isRename(status)
		if renamed {
			name = in.next()
		}
		at := name
		name = cmp.Or(newest[name], name)
		if cut[commit.Hash] {
			history.Cut[name] = true
			continue
		}
		commit.File, commit.Moved = at, status == "R100"
		history.Commits[name] = append(history.Commits[name], commit)
		if renamed {
			newest[former] = name
		}
	}
	return history
}

// isRename tells "R097", which two names follow, from "RM", what a merge is to its parents.
func isRename(status string) bool { return len(status) == 4 && status[0] == 'R' && status[1] < 'A' }

func readCommit(hash string, in *fields) Commit {
	author, when, subject := in.next(), in.next(), in.next()
	t, _ := time.Parse(time.RFC3339, when) // a date that git itself cannot read is unknown
	return Commit{Hash: hash, Author: author, Time: t, Subject: subject}
}

// fields are the NUL-terminated fields of git's output.
type fields struct{ rest string }

func (f *fields) next() (field string) {
	field, f.rest, _ = strings.Cut(f.rest, "\x00")
	return field
}
