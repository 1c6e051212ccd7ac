// Package files looks for an error in the files of a history, without an index
// and fast enough to wait for: it searches ten thousand records as bytes, and
// parses those few that share most with the error.
package files

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"runtime"
	"slices"

	"golang.org/x/sync/errgroup"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// A Seen is a record that had the like of an error, and where it says so.
type Seen struct {
	Record *records.Record
	Note   *records.Note // nil where it is not in a note
	Step   *records.Step // the step that failed, nil where it is not in one
	recall.Match
}

const (
	mostParsed = 30 // records
	mostSeen   = 3  // records
)

// Find gives the records of a folder that had the like of an error, the best
// first, without the one of the given ID.
func Find(ctx context.Context, folder store.Folder, e *recall.Error, but string) ([]Seen, error) {
	names, err := folder.Names()
	if err != nil || len(e.Words) == 0 {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		id, _, _ := records.ParsePath(name)
		return id == but
	})
	found, err := search(ctx, folder, names, e)
	if err != nil {
		return nil, err
	}
	var all []Seen
	for _, name := range mostAlike(names, found, len(e.Words)) {
		if r, err := folder.Read(name); err == nil {
			if s, ok := inRecord(r, e); ok {
				all = append(all, s)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Seen) int { return cmp.Compare(b.Rank(), a.Rank()) })
	return all[:min(len(all), mostSeen)], nil
}

// search gives for each file which of the error's words it has.
func search(ctx context.Context, folder store.Folder, names []string, e *recall.Error) ([][]int, error) {
	found := make([][]int, len(names))
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i, name := range names {
		group.Go(func() error {
			if source, err := folder.Source(name); err == nil {
				found[i] = e.WordsIn(source)
			}
			return ctx.Err()
		})
	}
	return found, group.Wait()
}

// mostAlike are the files that share most with the error, by the words that each
// has: one that few files have counts more. They stay in order, the newest first.
func mostAlike(names []string, found [][]int, words int) (best []string) {
	files := make([]int, words)
	for _, numbers := range found {
		for _, n := range numbers {
			files[n]++
		}
	}
	order, shared := make([]int, len(names)), make([]float64, len(names))
	for i, numbers := range found {
		order[i] = i
		for _, n := range numbers {
			shared[i] += math.Log(1 + float64(len(names))/float64(files[n]))
		}
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(shared[b], shared[a]) })
	order = order[:min(len(order), mostParsed)]
	slices.Sort(order)
	for _, i := range order {
		if shared[i] > 0 {
			best = append(best, names[i])
		}
	}
	return best
}

// inRecord looks for the error in a record's lines, without the briefing: that
// quotes other records.
func inRecord(r *records.Record, e *recall.Error) (Seen, bool) {
	all, blocks := []Seen{{Record: r}}, []recall.Block{{}}
	lines := records.LinesOf(r, insights.BlockSpan(r))
	lines.Begin = func(n *records.Note, step *records.Step) {
		all = append(all, Seen{Record: r, Note: n, Step: step})
		blocks = append(blocks, recall.Block{Issue: n != nil && n.Kind == records.Issues})
	}
	lines.Add = func(line []byte) {
		b := &blocks[len(blocks)-1]
		b.Lines = append(b.Lines, string(bytes.ToValidUTF8(line, []byte("?"))))
	}
	lines.All()
	names := []string{r.Environment.Value}
	for _, service := range r.Services {
		names = append(names, service.Value)
	}
	m, ok := e.In(blocks, names)
	s := all[m.Block]
	s.Match = m
	return s, ok
}

// What is the error in a few words: the title of an issue, or else its text.
func (s Seen) What() string {
	if s.Note != nil && s.Note.Issue != nil && s.Note.Issue.Title != "" {
		return s.Note.Issue.Title
	}
	return s.Text()
}

// Text is the note, or the line that is most like the error where it is in none.
func (s Seen) Text() string {
	if s.Note != nil {
		return s.Note.Text
	}
	return s.Line
}

// ID is that of the note or the step, "" where it is in neither.
func (s Seen) ID() string {
	switch {
	case s.Note != nil:
		return s.Note.ID
	case s.Step != nil:
		return s.Step.ID
	}
	return ""
}
