// Package files looks for an error in the files of a history without an index. It
// searches all records as bytes, and parses only the few that share most with the error.
// That is fast enough for a command on ten thousand records.
package files

import (
	"bytes"
	"cmp"
	"context"
	"math"
	"slices"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/parallel"
	"github.com/deploysite/deploysite/internal/recall"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/store"
)

// A Seen is a record that had the like of an error, and where it says so.
type Seen struct {
	Record *records.Record
	ID     string // of the note, or of the step that failed; "" where it is in neither
	What   string // the title of an issue, a note's text, or the line that is most like the error
	recall.Match
}

const (
	mostParsed = 30 // records
	mostSeen   = 3  // records
)

// Find gives the records of a folder that had the like of an error, the best
// first, without the one of the given ID, and without what hide finds in them. What
// they have from the checklist, which may be nil, tells nothing.
func Find(ctx context.Context, folder store.Folder, checklist *records.Record, e *recall.Error, but string, hide secrets.Finder) ([]Seen, error) {
	names, err := folder.Names()
	if err != nil || len(e.Words) == 0 {
		return nil, err
	}
	names = slices.DeleteFunc(names, func(name string) bool {
		id, _, _ := records.ParsePath(name)
		return id == but
	})
	if names, err = mostAlike(ctx, folder, names, e); err != nil {
		return nil, err
	}
	var all []Seen
	given := linesOf(checklist)
	for _, name := range names {
		if r, err := folder.Read(name); err == nil {
			if s, ok := inRecord(r, e, given); ok {
				s.What, s.Remedy = hide.Text(s.What), hide.Text(s.Remedy)
				all = append(all, s)
			}
		}
	}
	slices.SortStableFunc(all, func(a, b Seen) int { return cmp.Compare(b.Rank(), a.Rank()) })
	return all[:min(len(all), mostSeen)], nil
}

// mostAlike are the files that share most with the error, where a word counts
// more that few of them have. They stay in order, the newest first.
func mostAlike(ctx context.Context, folder store.Folder, names []string, e *recall.Error) (best []string, err error) {
	has := make([][]bool, len(names)) // by file and word
	err = parallel.Until(ctx, len(names), func(i int) {
		source, _ := folder.Source(names[i]) // what cannot be read is the site's to report
		source = bytes.ToLower(source)
		for _, word := range e.Words {
			has[i] = append(has[i], bytes.Contains(source, []byte(word)))
		}
	})
	if err != nil {
		return nil, err
	}
	order, shared := make([]int, len(names)), make([]float64, len(names))
	for word := range e.Words {
		files := 0
		for i := range names {
			if has[i][word] {
				files++
			}
		}
		for i := range names {
			if has[i][word] {
				shared[i] += math.Log(1 + float64(len(names))/float64(files))
			}
		}
	}
	for i := range order {
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int { return cmp.Compare(shared[b], shared[a]) })
	order = order[:min(len(order), mostParsed)]
	slices.Sort(order)
	for _, i := range order {
		if shared[i] > 0 {
			best = append(best, names[i])
		}
	}
	return best, nil
}

// linesOf are the lines of the checklist.
func linesOf(checklist *records.Record) map[string]bool {
	all := map[string]bool{}
	if checklist != nil {
		lines := records.LinesOf(checklist, insights.BlockSpan(checklist))
		lines.Begin = func(*records.Note, *records.Step) {}
		lines.Add = func(line []byte) { all[string(line)] = true }
		lines.All()
	}
	return all
}

// inRecord looks for the error in a record's lines, without those that were given
// with the checklist, and without the briefing: that quotes other records.
func inRecord(r *records.Record, e *recall.Error, given map[string]bool) (Seen, bool) {
	plain, ofStep := true, false
	all, blocks := []Seen{{}}, []recall.Block{{}}
	lines := records.LinesOf(r, insights.BlockSpan(r))
	lines.Begin = func(n *records.Note, step *records.Step) {
		var s Seen
		plain, ofStep = n == nil && step == nil, step != nil && step.State != records.StepFailed
		switch {
		case ofStep:
		case step != nil:
			s.ID = step.ID
		case n != nil && n.Issue != nil:
			s.ID, s.What = n.ID, cmp.Or(n.Issue.Title, n.Text)
		case n != nil:
			s.ID, s.What = n.ID, n.Text
		}
		all = append(all, s)
		blocks = append(blocks, recall.Block{Issue: n != nil && n.Kind == records.Issues})
	}
	lines.Add = func(line []byte) {
		if ofStep || plain && given[string(line)] {
			return
		}
		b := &blocks[len(blocks)-1]
		b.Lines = append(b.Lines, string(bytes.ToValidUTF8(line, []byte("?"))))
	}
	lines.All()
	m, ok := e.In(blocks, append(records.Values(r.Services), records.Values(r.Environments)...))
	s := all[m.Block]
	return Seen{r, s.ID, cmp.Or(s.What, m.Line), m}, ok
}
