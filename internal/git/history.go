package git

import (
	"bufio"
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"strings"
	"time"
)

// Commit is what one commit did to one file.
type Commit struct {
	Hash    string // in full
	Author  string // as the repository's .mailmap has it
	Email   string
	Time    time.Time // when the author made it, with the author's offset
	Subject string    // first line of the message
	Change  Change
}

// Change is what happened to a file.
type Change string

// The changes.
const (
	Added    Change = "added"
	Modified Change = "modified"
	Renamed  Change = "renamed"
	Deleted  Change = "deleted"
)

// History returns who committed what when for each file in the folder dir, a
// slash-separated path relative to the one given to [Open], newest first. A
// file's commits are found under its newest name, also those from before it was
// renamed within the folder. Where a shallow clone was cut off, git shows every
// file as added by one commit; that commit is left out.
//
// Without a commit the history is empty. It costs a single run of git log.
func (r *Repo) History(ctx context.Context, dir string) (map[string][]Commit, error) {
	head, err := r.Head(ctx)
	if err != nil || head == "" {
		return map[string][]Commit{}, err
	}
	cut, err := r.shallow()
	if err != nil {
		return nil, err
	}
	h := &history{commits: map[string][]Commit{}, newest: map[string]string{}, cut: cut}
	if err := r.stream(ctx, h.read, logArgs(head, dir)...); err != nil {
		return nil, err
	}
	return h.commits, nil
}

// History is [Repo.History] for a folder that need not have one: no git, no
// repository and no commit all give an empty history.
func History(ctx context.Context, root, dir string) (map[string][]Commit, error) {
	repo, err := Open(root)
	if errors.Is(err, ErrNotRepository) || errors.Is(err, ErrNoGit) {
		return map[string][]Commit{}, nil
	}
	if err != nil {
		return nil, err
	}
	return repo.History(ctx, dir)
}

// logArgs spells out whatever a user's configuration could change.
func logArgs(head, dir string) []string {
	return []string{
		"-c", "log.showRoot=true", "log", "-z",
		"--format=tformat:" + commitMark + "%H%x00%aN%x00%aE%x00%aI%x00%s",
		"--name-status", "--find-renames", "--relative", "--encoding=UTF-8",
		"--no-color", "--no-decorate", "--no-notes", "--no-ext-diff", "--no-follow", "--diff-merges=off",
		head, "--", dir,
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

// stream runs git and hands its output to read as it comes.
func (r *Repo) stream(ctx context.Context, read func(*bufio.Reader) error, args ...string) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	cmd := r.command(ctx, args...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.StdoutPipe()
	if err != nil {
		return err
	}
	if err := cmd.Start(); err != nil {
		return explain("log", err, "")
	}
	readErr := read(bufio.NewReaderSize(out, 1<<16))
	if readErr != nil {
		cancel() // git would wait for ever for a reader
	}
	if err := cmd.Wait(); err != nil && readErr == nil {
		return explain("log", err, stderr.String())
	}
	return readErr
}

// commitMark begins a commit in the output of git log. Statuses are letters, so
// it cannot be taken for one.
const commitMark = "\x01"

// history is the state of one reading of git log, from the newest commit back.
type history struct {
	commits map[string][]Commit
	newest  map[string]string // a name that a file once had → its newest name
	cut     map[string]bool   // the commits to leave out
}

// fileChange is one entry of --name-status.
type fileChange struct {
	change   Change
	old, new string // alike unless renamed
}

func (h *history) read(in *bufio.Reader) error {
	var commit Commit
	for {
		token, err := field(in)
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		if hash, ok := strings.CutPrefix(token, commitMark); ok {
			commit, err = readCommit(in, hash)
		} else {
			var c fileChange
			c, err = readChange(in, strings.TrimPrefix(token, "\n"))
			h.add(commit, c)
		}
		if err != nil {
			return fmt.Errorf("git log: cut off after commit %s: %w", commit.Hash, err)
		}
	}
}

func (h *history) add(commit Commit, c fileChange) {
	if h.cut[commit.Hash] {
		return
	}
	name := h.name(c.new)
	commit.Change = c.change
	h.commits[name] = append(h.commits[name], commit)
	if c.change == Renamed {
		h.newest[c.old] = name
	}
}

func (h *history) name(path string) string {
	if name, ok := h.newest[path]; ok {
		return name
	}
	return path
}

func readCommit(in *bufio.Reader, hash string) (Commit, error) {
	var rest [4]string
	for i := range rest {
		var err error
		if rest[i], err = field(in); err != nil {
			return Commit{}, noEOF(err)
		}
	}
	when, _ := time.Parse(time.RFC3339, rest[2]) // a date that git itself cannot read is unknown
	return Commit{Hash: hash, Author: rest[0], Email: rest[1], Time: when, Subject: rest[3]}, nil
}

func readChange(in *bufio.Reader, status string) (fileChange, error) {
	old, err := field(in)
	if err != nil {
		return fileChange{}, noEOF(err)
	}
	switch {
	case strings.HasPrefix(status, "R"):
		name, err := field(in)
		return fileChange{Renamed, old, name}, noEOF(err)
	case status == "A":
		return fileChange{Added, old, old}, nil
	case status == "D":
		return fileChange{Deleted, old, old}, nil
	}
	return fileChange{Modified, old, old}, nil
}

// field reads up to the next NUL.
func field(in *bufio.Reader) (string, error) {
	s, err := in.ReadString(0)
	if err == io.EOF && s != "" {
		return "", io.ErrUnexpectedEOF
	}
	return strings.TrimSuffix(s, "\x00"), err
}

func noEOF(err error) error {
	if err == io.EOF {
		return io.ErrUnexpectedEOF
	}
	return err
}
