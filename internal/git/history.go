package git

import (
	"cmp"
	"context"
	"errors"
	"os"
	"strings"
	"time"
)

// Commit is a commit that changed a file.
type Commit struct {
	Hash    string    // in full
	Author  string    // as the repository's .mailmap has it
	Time    time.Time // when the author made it, with the author's offset
	Subject string    // first line of the message
}

// History returns the commits of each file in the folder dir, newest first. dir is
// a slash-separated path relative to the one given to [Open]. A file that was
// renamed within the folder has all of its commits under its newest name. At the
// end of a shallow clone, git shows every file as added by one commit; that commit
// is left out.
//
// Before the first commit the history is empty. It runs git log once.
func (r *Repo) History(ctx context.Context, dir string) (map[string][]Commit, error) {
	head, err := r.Head(ctx)
	if err != nil || head == "" {
		return map[string][]Commit{}, err
	}
	cut, err := r.shallow()
	if err != nil {
		return nil, err
	}
	out, err := r.output(ctx, logArgs(head, dir)...)
	if err != nil {
		return nil, err
	}
	return readHistory(out, cut), nil
}

// History is [Repo.History] of the repository that holds root. Without git, or
// outside a repository, the history is empty.
func History(ctx context.Context, root, dir string) (map[string][]Commit, error) {
	repo, err := Find(root)
	if repo == nil {
		return map[string][]Commit{}, err
	}
	return repo.History(ctx, dir)
}

// logArgs spells out everything that a user's configuration could change.
func logArgs(head, dir string) []string {
	return []string{
		"log", "-z", "--format=tformat:" + commitMark + "%H%x00%aN%x00%aI%x00%s",
		"--name-status", "--find-renames", "--relative", "--encoding=UTF-8",
		"--no-color", "--no-decorate", "--no-notes", "--no-ext-diff", "--no-follow", "--diff-merges=off",
		head, "--", ":(literal)" + dir, // a folder named "[x]" is not a pattern
	}
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
func readHistory(out string, cut map[string]bool) map[string][]Commit {
	commits := map[string][]Commit{}
	newest := map[string]string{} // former name of a file → its newest name
	var commit Commit
	for in := (fields{out}); in.rest != ""; {
		token := in.next()
		if hash, ok := strings.CutPrefix(token, commitMark); ok {
			commit = readCommit(hash, &in)
			continue
		}
		former := in.next()
		name, renamed := former, strings.HasPrefix(strings.TrimPrefix(token, "\n"), "R")
		if renamed {
			name = in.next()
		}
		if cut[commit.Hash] {
			continue
		}
		name = cmp.Or(newest[name], name)
		commits[name] = append(commits[name], commit)
		if renamed {
			newest[former] = name
		}
	}
	return commits
}

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
