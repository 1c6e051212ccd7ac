package search

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/recall"
)

// maxCandidates is how many records are compared with an error.
const maxCandidates = 20

// Similar finds the records that had the like of an error, or the notes and steps of
// them, the best first. n is how many to give; 0 means 5.
func (ix *Index) Similar(ctx context.Context, e *recall.Error, n int) ([]Result, error) {
	documents, sums, err := ix.candidates(e)
	if err != nil {
		return nil, err
	}
	candidates := ix.best(documents, sums, maxCandidates)
	slices.Sort(candidates)
	slices.Reverse(candidates) // of equally good ones the newest comes first
	var found []Result
	ranks := map[string]int{}
	for _, d := range candidates {
		r, rank, err := ix.seen(d, e)
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		if rank > 0 {
			found, ranks[r.ID] = append(found, r), rank
		}
	}
	slices.SortStableFunc(found, func(a, b Result) int { return ranks[b.ID] - ranks[a.ID] })
	return found[:min(cmp.Or(n, 5), len(found))], nil
}

// candidates are the records that have words of an error, and by document how
// much they share.
func (ix *Index) candidates(e *recall.Error) (documents, sums []int, err error) {
	sums = make([]int, ix.size)
	for _, word := range e.Words {
		list, err := ix.exact(Fold(word))
		if err != nil {
			return nil, nil, err
		}
		weight := ix.weight(tally(make([]bool, ix.size), []fit{{list: list}}))
		for _, p := range list {
			if p.level > 0 && int(p.document) < ix.m.Records {
				sums[p.document] += weight * (4 + int(p.notes&inIssue))
			}
		}
	}
	for d := range ix.m.Records {
		if sums[d] > 0 {
			documents = append(documents, d)
		}
	}
	return documents, sums, nil
}

// seen compares a record with an error; rank is 0 where it did not have it.
func (ix *Index) seen(d int, e *recall.Error) (r Result, rank int, err error) {
	doc, err := ix.document(d)
	if err != nil {
		return r, 0, err
	}
	blocks := make([]recall.Block, len(doc.blocks))
	for i, b := range doc.blocks {
		if b.zone != Step {
			blocks[i] = recall.Block{Issue: b.zone == Issue, Lines: b.lines}
		}
	}
	r = doc.Result
	m, ok := e.In(blocks, slices.Concat(r.Of(facet.Environment), r.Of(facet.Service)))
	if !ok {
		return r, 0, nil
	}
	r.Score, r.Likeness, r.Resolution = m.Likeness, float64(m.Likeness)/1000, &m.Remedy
	at := doc.blocks[m.Block]
	r.Kind = cmp.Or(noteKind[at.zone], r.Kind)
	if at.anchor != "" {
		r.URL += "#" + url.PathEscape(at.anchor)
	}
	words := &group{weight: 1}
	for _, word := range e.Words {
		words.terms = append(words.terms, Fold(word))
	}
	r.Excerpt = crop(m.Line, newLine(Body, "", m.Line, []*group{words}).marks)
	return r, m.Rank(), nil
}
