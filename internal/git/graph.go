package git

import (
	"context"
	"strconv"
	"strings"
	"time"
)

// A Graph is how commits follow each other: some commits, and all that they were made
// from. It is read once for all questions.
type Graph struct {
	nodes  []node
	named  map[string]int // how a commit was asked for → its place
	places map[string]int // full hash → its place
}

// A node is a commit; its parents are behind it.
type node struct {
	time    time.Time // when it was committed
	parents []int
	cut     bool // a shallow clone lacks its parents
}

// Graph reads the history of commits, given as hashes, full or abbreviated. What is no
// hash, or is not in this clone, is left out. It runs git twice, however many they are.
func (r *Repo) Graph(ctx context.Context, hashes []string) (*Graph, error) {
	g := &Graph{named: map[string]int{}, places: map[string]int{}}
	hashes = onlyHashes(hashes)
	if len(hashes) == 0 {
		return g, nil
	}
	full, err := r.commits(ctx, hashes)
	if err != nil || len(full) == 0 {
		return g, err
	}
	cut, err := r.shallow()
	if err != nil {
		return nil, err
	}
	var heads strings.Builder
	for _, hash := range full {
		heads.WriteString(hash + "\n")
	}
	out, err := r.outputOf(ctx, strings.NewReader(heads.String()), "rev-list", "--stdin", "--topo-order", "--parents", "--timestamp")
	if err != nil {
		return nil, err
	}
	g.read(out, cut)
	for name, hash := range full {
		g.named[name] = g.places[hash]
	}
	return g, nil
}

// commits finds the full hashes of those that are commits of this clone.
func (r *Repo) commits(ctx context.Context, hashes []string) (map[string]string, error) {
	var asked strings.Builder
	for _, hash := range hashes {
		asked.WriteString(hash + "^{commit}\n")
	}
	out, err := r.outputOf(ctx, strings.NewReader(asked.String()), "cat-file", "--batch-check=%(objecttype) %(objectname)")
	full := map[string]string{}
	i := 0
	for line := range strings.Lines(out) {
		if hash, ok := strings.CutPrefix(strings.TrimSuffix(line, "\n"), "commit "); ok && i < len(hashes) {
			full[hashes[i]] = hash
		}
		i++
	}
	return full, err
}

// read takes lines of "SECONDS HASH PARENT…", in which children come before parents.
func (g *Graph) read(out string, cut map[string]bool) {
	parents := [][]string{}
	for line := range strings.Lines(out) {
		fields := strings.Fields(line)
		if len(fields) < 2 {
			continue
		}
		seconds, _ := strconv.ParseInt(fields[0], 10, 64)
		g.places[fields[1]] = len(g.nodes)
		g.nodes = append(g.nodes, node{time: time.Unix(seconds, 0), cut: cut[fields[1]]})
		parents = append(parents, fields[2:])
	}
	for i, of := range parents {
		for _, hash := range of {
			if at, ok := g.places[hash]; ok {
				g.nodes[i].parents = append(g.nodes[i].parents, at)
			}
		}
	}
}

// Find is the place of a commit, by the hash that it was asked for. A nil graph has none.
func (g *Graph) Find(hash string) (at int, ok bool) {
	if g == nil {
		return 0, false
	}
	at, ok = g.named[hash]
	return at, ok
}

// Time is when the commit of a place was committed.
func (g *Graph) Time(at int) time.Time { return g.nodes[at].time }

// Seen tells by a commit's place whether it was seen.
type Seen []bool

// None is a set of the graph's commits, still empty.
func (g *Graph) None() Seen { return make(Seen, len(g.nodes)) }

// New adds a commit and all that it was made from to those that were seen, and
// returns what is new among them. whole is false where a shallow clone lacks some.
func (g *Graph) New(at int, seen Seen) (added []int, whole bool) {
	whole = true
	for open := []int{at}; len(open) > 0; {
		at, open = open[len(open)-1], open[:len(open)-1]
		if seen[at] {
			continue
		}
		seen[at] = true
		added = append(added, at)
		whole = whole && !g.nodes[at].cut
		open = append(open, g.nodes[at].parents...)
	}
	return added, whole
}

// Contains reports whether a commit was made from another one, or is it.
func (g *Graph) Contains(at, other int) bool {
	seen := map[int]bool{}
	for open := []int{at}; len(open) > 0; {
		at, open = open[len(open)-1], open[:len(open)-1]
		if at == other {
			return true
		}
		if at > other || seen[at] { // what is behind the other one has not got it
			continue
		}
		seen[at] = true
		open = append(open, g.nodes[at].parents...)
	}
	return false
}
