package git

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"regexp"
	"strings"
)

// ErrUnknownCommit says that the repository does not hold a commit: the clone is
// shallow, or the commit was rebased away. Compare with [errors.Is].
var ErrUnknownCommit = errors.New("the commit is not in this clone")

// Changes is what two commits do not have in common. Merges and commits that
// touch excluded files alone are not counted.
type Changes struct {
	Added   []LogEntry // reached from the second commit only, newest first
	Missing []LogEntry // reached from the first commit only, newest first
	More    bool       // there are more than the limit; both lists are cut off
	Shallow bool       // the clone is cut off within them: they may hold too much
}

// LogEntry is one commit with the files that it touched.
type LogEntry struct {
	Hash    string
	Subject string   // first line of the message
	Files   []string // relative to [Repo.Top]; a renamed file has both names
}

// Between returns what the commit to has and from has not, and the other way
// round, as far as the first limit commits, limit > 0. Files in the folder
// except, a slash-separated path relative to the one given to [Open], are left
// out, and with them the commits that touch no others; "" excepts nothing.
//
// The commits are given by their hashes, full or abbreviated: a record may hold
// anything. The error is [ErrUnknownCommit] where the repository has not got
// one of them. It costs a single run of git log.
func (r *Repo) Between(ctx context.Context, from, to string, limit int, except string) (Changes, error) {
	from, to = strings.ToLower(from), strings.ToLower(to)
	for _, hash := range []string{from, to} {
		if !isHash.MatchString(hash) {
			return Changes{}, fmt.Errorf("%q: %w", hash, ErrUnknownCommit)
		}
	}
	out, err := outputOf(withPatterns(r.command(ctx, betweenArgs(from, to, limit+1, except)...)), "log")
	if err != nil {
		return Changes{}, r.whyNotBetween(ctx, err, from, to)
	}
	cut, err := r.shallow()
	if err != nil {
		return Changes{}, err
	}
	return readChanges(out, limit, cut)
}

// isHash tells a hash of SHA-1 or SHA-256, or the beginning of one, from
// whatever else git might take for a revision or an option.
var isHash = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

func betweenArgs(from, to string, limit int, except string) []string {
	return append([]string{
		"-c", "log.showRoot=true", "log", "-z", "--left-right", "--no-merges", "--full-history", fmt.Sprintf("--max-count=%d", limit),
		"--format=tformat:" + commitMark + "%m%H%x00%s",
		"--name-status", "--no-renames", "--no-relative", "--encoding=UTF-8",
		"--no-color", "--no-decorate", "--no-notes", "--no-ext-diff", "--no-follow",
		from + "..." + to, "--",
	}, allBut(except)...)
}

// whyNotBetween finds the commit that made git log fail.
func (r *Repo) whyNotBetween(ctx context.Context, err error, hashes ...string) error {
	for _, hash := range hashes {
		if _, missing := r.output(ctx, "cat-file", "-e", hash+"^{commit}"); missing != nil && ctx.Err() == nil {
			return fmt.Errorf("%s: %w", hash, ErrUnknownCommit)
		}
	}
	return err
}

// changes is the state of one reading of git log.
type changes struct {
	Changes
	commit *LogEntry // that the files belong to
}

func readChanges(out string, limit int, cut map[string]bool) (Changes, error) {
	var c changes
	in := bufio.NewReader(strings.NewReader(out))
	for n := 0; ; {
		token, err := field(in)
		if err == io.EOF {
			return c.Changes, nil
		}
		if hash, ok := strings.CutPrefix(token, commitMark); ok && hash != "" {
			if n++; n > limit {
				c.More = true
				return c.Changes, nil
			}
			err = c.add(in, hash[:1], hash[1:])
			c.Shallow = c.Shallow || cut[hash[1:]]
		} else if err == nil && c.commit != nil {
			err = c.addFile(in)
		}
		if err != nil {
			return Changes{}, fmt.Errorf("git log: cut off: %w", err)
		}
	}
}

// add reads the rest of a commit. side is that of --left-right.
func (c *changes) add(in *bufio.Reader, side, hash string) error {
	subject, err := field(in)
	list := &c.Added
	if side == "<" {
		list = &c.Missing
	}
	*list = append(*list, LogEntry{Hash: hash, Subject: subject})
	c.commit = &(*list)[len(*list)-1]
	return noEOF(err)
}

// addFile reads the name that follows a status.
func (c *changes) addFile(in *bufio.Reader) error {
	name, err := field(in)
	c.commit.Files = append(c.commit.Files, name)
	return noEOF(err)
}
