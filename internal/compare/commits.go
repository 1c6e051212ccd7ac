package compare

import (
	"errors"
	"strings"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/records"
)

// Commits are what was deployed with the later record and not with the earlier one.
type Commits struct {
	git.Changes
	Same bool // both name one commit
	Gap  Gap
}

// A Gap is why the commits between two records are not known.
type Gap string

// The gaps.
const (
	NoGap          Gap = ""
	NoCommit       Gap = "no-commit"        // the later record names none
	NoCommitBefore Gap = "no-commit-before" // the earlier one names none
	NotHere        Gap = "not-here"         // the repository lacks one of them
	NotInShallow   Gap = "not-in-shallow"   // a shallow clone lacks one of them
	NoGit          Gap = "no-git"           // git could not be asked at all
)

// MaxCommits is how many commits are looked for. Of two records of one service it is
// years, and more is nothing to read.
const MaxCommits = 500

// CommitsBetween asks for the commits between two records. A nil between is git that
// cannot be asked.
func CommitsBetween(before, after *records.Record, shallow bool, between func(from, to string, limit int) (git.Changes, error)) (c Commits, err error) {
	from, to := strings.ToLower(before.Commit.Value), strings.ToLower(after.Commit.Value)
	switch {
	case to == "":
		c.Gap = NoCommit
	case from == "":
		c.Gap = NoCommitBefore
	case strings.HasPrefix(from, to) || strings.HasPrefix(to, from):
		c.Same = true
	case between == nil:
		c.Gap = NoGit
	default:
		c.Changes, err = between(from, to, MaxCommits)
	}
	if errors.Is(err, git.ErrUnknownCommit) {
		c.Gap, err = NotHere, nil
		if shallow {
			c.Gap = NotInShallow
		}
	}
	return c, err
}
