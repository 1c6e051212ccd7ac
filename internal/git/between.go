package git

import (
	"context"
	"errors"
	"fmt"
	"regexp"
	"slices"
	"strings"
)

// ErrUnknownCommit says that the repository does not hold a commit: the clone is
// shallow, or the commit was rebased away. Compare with [errors.Is].
var ErrUnknownCommit = errors.New("the commit is not in this clone")

// Changes are the commits that only one of two histories has. Merges are left out,
// and so are commits that touch excluded files only.
type Changes struct {
	Added   []LogEntry // reached from the second commit only, newest first
	Missing []LogEntry // reached from the first commit only, newest first
	More    bool       // there are more than the limit; both lists are incomplete
	Shallow bool       // a shallow clone ends within them, so they may hold too much
}

// LogEntry is one commit with the files that it touched.
type LogEntry struct {
	Hash    string
	Subject string   // first line of the message
	Files   []string // relative to [Repo.Top]; a renamed file has both names
}

// Between compares the histories of two commits. It returns at most limit commits,
// limit > 0. Files in the folder except, a slash-separated path relative to the
// one given to [Open], are left out, and so are commits that touch no others; ""
// excepts nothing.
//
// from and to are hashes, full or abbreviated. Anything else is [ErrUnknownCommit],
// since a record may hold anything, and so is a hash that the repository does not
// have. It runs git log once.
func (r *Repo) Between(ctx context.Context, from, to string, limit int, except string) (Changes, error) {
	from, to = strings.ToLower(from), strings.ToLower(to)
	for _, hash := range []string{from, to} {
		if !isHash.MatchString(hash) {
			return Changes{}, fmt.Errorf("%q: %w", hash, ErrUnknownCommit)
		}
	}
	out, err := r.output(ctx, betweenArgs(from, to, limit+1, except)...)
	if err != nil {
		return Changes{}, r.whyNotBetween(ctx, err, from, to)
	}
	cut, err := r.shallow()
	if err != nil {
		return Changes{}, err
	}
	return readChanges(out, limit, cut), nil
}

// onlyHashes leaves out what is no hash. People write them in capitals, too.
func onlyHashes(all []string) []string {
	return slices.DeleteFunc(slices.Clone(all), func(hash string) bool { return !isHash.MatchString(strings.ToLower(hash)) })
}

// isHash matches a hash of SHA-1 or SHA-256, or the beginning of one, and nothing
// else that git might take for a revision or an option.
var isHash = regexp.MustCompile(`^[0-9a-f]{7,64}$`)

func betweenArgs(from, to string, limit int, except string) []string {
	return append([]string{
		"log", "-z", "--left-right", "--no-merges", "--full-history", fmt.Sprintf("--max-count=%d", limit),
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

func readChanges(out string, limit int, cut map[string]bool) (c Changes) {
	var commit *LogEntry // the one that the files belong to
	in := fields{out}
	for n := 0; in.rest != ""; {
		token := in.next()
		marked, isCommit := strings.CutPrefix(token, commitMark)
		if !isCommit { // a status
			commit.Files = append(commit.Files, in.next())
			continue
		}
		if n++; n > limit {
			c.More = true
			break
		}
		list := &c.Added
		hash, missing := strings.CutPrefix(marked, "<") // the side, see --left-right
		if missing {
			list = &c.Missing
		}
		hash = strings.TrimPrefix(hash, ">")
		*list = append(*list, LogEntry{Hash: hash, Subject: in.next()})
		commit = &(*list)[len(*list)-1]
		c.Shallow = c.Shallow || cut[hash]
	}
	return c
}
