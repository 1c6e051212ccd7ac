package search

import (
	"cmp"
	"context"
	"net/url"
	"slices"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/recall"
)

// A Seen is a record, or the note or step of it, that had the like of an error.
type Seen struct {
	Result
	Likeness   float64 // 0 to 1
	Resolution string  // what helped, in the record's words; "" where it does not say so

	document, rank int
}

// maxCandidates is how many records are compared with an error.
const maxCandidates = 20

// Similar finds the records that had the like of an error, the best first. n is
// how many to give; 0 means 5.
func (ix *Index) Similar(ctx context.Context, e *recall.Error, n int) (found []Seen, err error) {
	documents, sums, err := ix.candidates(e)
	if err != nil {
		return nil, err
	}
	for _, d := range ix.best(documents, sums, maxCandidates) {
		s, ok, err := ix.seen(d, e)
		if err := cmp.Or(err, ctx.Err()); err != nil {
			return nil, err
		}
		if ok {
			found = append(found, s)
		}
	}
	slices.SortFunc(found, func(a, b Seen) int { return cmp.Or(b.rank-a.rank, b.document-a.document) })
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

// seen compares a record with an error; ok is false where it did not have it.
func (ix *Index) seen(d int, e *recall.Error) (s Seen, ok bool, err error) {
	doc, err := ix.document(d)
	if err != nil {
		return s, false, err
	}
	blocks := make([]recall.Block, len(doc.blocks))
	for i, b := range doc.blocks {
		blocks[i] = recall.Block{Issue: b.zone == Issue, Lines: b.lines}
	}
	r, err := ix.result(d, 0, nil, nil)
	m, ok := e.In(blocks, slices.Concat(r.Of(facet.Environment), r.Of(facet.Service)))
	if !ok || err != nil {
		return s, false, err
	}
	s = Seen{Result: r, Likeness: float64(m.Likeness) / 1000, Resolution: m.Remedy, document: d, rank: m.Rank()}
	s.Notes = nil
	at := doc.blocks[m.Block]
	s.Kind = cmp.Or(noteKind[at.zone], s.Kind)
	if at.anchor != "" {
		s.URL += "#" + url.PathEscape(at.anchor)
	}
	words := &group{weight: 1}
	for _, word := range e.Words {
		words.terms = append(words.terms, Fold(word))
	}
	s.Excerpt = crop(m.Line, newLine(Body, "", m.Line, []*group{words}).marks)
	return s, true, nil
}
