package git

import (
	"context"
	"fmt"
	"slices"
	"strings"

	"golang.org/x/sync/errgroup"
)

// A Log holds the commits that lead to some others, so that many pairs of these can be
// compared, and git is run twice. [Repo.Between] asks git for one pair.
type Log struct {
	commits []logged // none before its children
	byHash  []int    // their places, sorted by hash
	shallow map[string]bool
}

type logged struct {
	LogEntry
	parents []int // their places, -1 for one that is older than the log
	counts  bool  // it is no merge, and touches more than excluded files
}

// maxLog is how many commits a Log holds, the newest. That is years of most
// repositories.
const maxLog = 100_000

// Log finds the commits that lead to those of some hashes. What is no hash, and what
// the repository does not have, is left out. except is as in [Repo.Between].
func (r *Repo) Log(ctx context.Context, hashes []string, except string) (*Log, error) {
	hashes = onlyHashes(hashes)
	if len(hashes) == 0 {
		return &Log{}, nil
	}
	shallow, err := r.shallow()
	if err != nil {
		return nil, err
	}
	ask := func(args ...string) (string, error) {
		args = append([]string{"log", "--ignore-missing", "--stdin", "--no-color", "--no-decorate", "--no-notes", "--no-ext-diff", "--no-follow", "--encoding=UTF-8"}, args...)
		return r.outputOf(ctx, strings.NewReader(strings.Join(hashes, "\n")+"\n"), args...)
	}
	var group errgroup.Group
	var all, counting string
	group.Go(func() (err error) {
		all, err = ask("-z", "--date-order", fmt.Sprintf("--max-count=%d", maxLog), "--format=tformat:%H%x00%P%x00%s")
		return err
	})
	group.Go(func() (err error) {
		counting, err = ask(append([]string{"--no-merges", "--full-history", fmt.Sprintf("--max-count=%d", maxLog), "--format=tformat:%H", "--"}, allBut(except)...)...)
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, err
	}
	return readLog(all, counting, shallow), nil
}

func readLog(all, counting string, shallow map[string]bool) *Log {
	l := &Log{shallow: shallow}
	places, parents := map[string]int{}, []string{}
	for in := (fields{all}); in.rest != ""; {
		hash, of, subject := in.next(), in.next(), in.next()
		places[hash] = len(l.commits)
		l.byHash = append(l.byHash, len(l.commits))
		l.commits = append(l.commits, logged{LogEntry: LogEntry{Hash: hash, Subject: subject}})
		parents = append(parents, of)
	}
	for i, of := range parents {
		for hash := range strings.FieldsSeq(of) {
			at := places[hash]
			if at <= i { // there is none
				at = -1
			}
			l.commits[i].parents = append(l.commits[i].parents, at)
		}
	}
	for hash := range strings.FieldsSeq(counting) {
		if at, ok := places[hash]; ok {
			l.commits[at].counts = true
		}
	}
	slices.SortFunc(l.byHash, func(a, b int) int { return strings.Compare(l.commits[a].Hash, l.commits[b].Hash) })
	return l
}

// IsShallow reports whether the clone has only the newest commits.
func (l *Log) IsShallow() bool { return len(l.shallow) > 0 }

// find is the place of a commit, by the beginning of its hash; -1 where there is none
// or several.
func (l *Log) find(hash string) int {
	at, _ := slices.BinarySearchFunc(l.byHash, hash, func(i int, hash string) int { return strings.Compare(l.commits[i].Hash, hash) })
	begins := func(at int) bool { return at < len(l.byHash) && strings.HasPrefix(l.commits[l.byHash[at]].Hash, hash) }
	if !isHash.MatchString(hash) || !begins(at) || begins(at+1) {
		return -1
	}
	return l.byHash[at]
}

// Between is [Repo.Between], without the files that the commits touch.
func (l *Log) Between(from, to string, limit int) (c Changes, err error) {
	w := walk{log: l, next: len(l.commits), histories: map[int]int{}}
	for side, hash := range map[int]string{inFrom: strings.ToLower(from), inTo: strings.ToLower(to)} {
		at := l.find(hash)
		if at < 0 {
			return Changes{}, fmt.Errorf("%q: %w", hash, ErrUnknownCommit)
		}
		w.reach(at, side)
		w.next = min(w.next, at)
	}
	for n := 0; w.open > 0; {
		commit, of := w.take()
		if of == inBoth {
			continue
		}
		c.Shallow = c.Shallow || l.shallow[commit.Hash]
		c.More = c.More || slices.Contains(commit.parents, -1)
		if !commit.counts {
			continue
		}
		if n++; n > limit {
			c.More = true
			break
		}
		if of == inTo {
			c.Added = append(c.Added, commit.LogEntry)
		} else {
			c.Missing = append(c.Missing, commit.LogEntry)
		}
	}
	return c, nil
}

// A walk goes from two commits back, newest first, until all that is left belongs to
// both histories.
type walk struct {
	log       *Log
	next      int         // place of the commit to look at
	histories map[int]int // by place, of those that were reached and not taken
	open      int         // how many of these one history alone has
}

func (w *walk) reach(at, of int) {
	was := w.histories[at]
	w.histories[at] = was | of
	w.open += alone(was|of) - alone(was)
}

// take is the next commit that was reached, and the histories it belongs to.
func (w *walk) take() (*logged, int) {
	for w.histories[w.next] == 0 {
		w.next++
	}
	commit, of := &w.log.commits[w.next], w.histories[w.next]
	w.open -= alone(of)
	delete(w.histories, w.next)
	for _, parent := range commit.parents {
		if parent >= 0 {
			w.reach(parent, of)
		}
	}
	return commit, of
}

// The histories that a commit belongs to.
const (
	inFrom = 1 << iota
	inTo
	inBoth = inFrom | inTo
)

// alone is 1 for a commit that one history alone has, else 0.
func alone(of int) int {
	if of == inFrom || of == inTo {
		return 1
	}
	return 0
}
