package search

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/facet"
)

// Query is what to search for. The zero value of everything but Text works.
type Query struct {
	Text    string
	Limit   int                 // how many results; 0 means 10
	Offset  int                 // how many of the best to leave out
	Filters map[string][]string // by field, with whole names
}

// Results are what a query found.
type Results struct {
	Terms     []string // the words that were searched, with their forms
	Hints     []string // sentences for people: what was not understood, or is nowhere
	Corrected string   // the query with mistyped words mended, or ""
	Total     int
	Results   []Result
}

// defaultLimit is how many results there are where nobody says.
const defaultLimit = 10

// Search answers a query. An error means that the index cannot be read, or
// that ctx was cancelled: every text is a query.
func (ix *Index) Search(ctx context.Context, q Query) (Results, error) {
	var r Results
	parsed := parse(q.Text)
	groups, without, err := ix.groups(ctx, &parsed)
	if err != nil {
		return r, err
	}
	constraints, err := ix.constraints(&parsed, q.Filters)
	if err != nil {
		return r, err
	}
	var h hits
	if len(groups)+len(without)+len(constraints) > 0 {
		h = ix.rank(groups, without)
	}
	kept := slices.DeleteFunc(h.documents, func(d int) bool {
		return slices.ContainsFunc(constraints, func(c constraint) bool { return !c(d, h.notes) })
	})
	r.Total = len(kept)
	for _, g := range groups {
		r.Terms = append(r.Terms, g.terms...)
	}
	r.Corrected = corrected(q.Text, groups)
	best := ix.best(kept, h.scores, q.Offset+cmp.Or(q.Limit, defaultLimit))
	for _, d := range best[min(q.Offset, len(best)):] {
		one, err := ix.result(d, h.scores[d], groups, noteKindsOf(&parsed, q.Filters))
		if err != nil {
			return r, err
		}
		r.Results = append(r.Results, one)
	}
	r.Hints = parsed.hints
	for _, g := range groups {
		if g.weight == 0 {
			r.Hints = append(r.Hints, fmt.Sprintf("“%s” is in no record.", g.text))
		}
	}
	return r, nil
}

// groups find what the words and phrases stand for, the wanted and the others.
func (ix *Index) groups(ctx context.Context, q *query) (groups, without []*group, err error) {
	add := func(g *group, not bool, err error) error {
		switch {
		case err != nil:
			return err
		case not:
			without = append(without, g)
		default:
			groups = append(groups, g)
		}
		return ctx.Err()
	}
	for _, w := range q.words {
		g, err := ix.group(w)
		if err := add(g, w.not, err); err != nil {
			return nil, nil, err
		}
	}
	for _, p := range q.phrases {
		g, err := ix.phrase(p)
		if err := add(g, p.not, err); err != nil {
			return nil, nil, err
		}
	}
	return groups, without, nil
}

// hits are the documents that have enough of the words.
type hits struct {
	documents []int
	scores    []int   // by document
	notes     []uint8 // by document: those that have all of the words that it has; nil where there are no words
}

// enough is the share of what the best document has of the query, in tenths and
// by weight, that another must have to be a result.
const enough = 6

// rank scores every document. The words that it has count by how rare they are
// and how much they tell of it; the more of the query it has, the better, and
// best when one kind of note has all of it.
func (ix *Index) rank(groups, without []*group) (h hits) {
	excluded := func(d int) bool {
		return slices.ContainsFunc(without, func(g *group) bool { return g.found[d] != notFound })
	}
	h.scores = make([]int, ix.size)
	if len(groups) == 0 {
		for d := range ix.m.Records {
			if !excluded(d) {
				h.documents = append(h.documents, d)
			}
		}
		return h
	}
	h.notes = make([]uint8, ix.size)
	matched := make([]int, ix.size)
	total, most := 0, 0
	for _, g := range groups {
		total += g.weight
	}
	for d := range ix.size {
		if weight, ok := h.rankOne(d, groups, total); ok && !excluded(d) {
			matched[d] = weight
			most = max(most, weight)
		}
	}
	for d, weight := range matched {
		if weight > 0 && weight*10 >= most*enough {
			h.documents = append(h.documents, d)
		}
	}
	return h
}

// rankOne scores one document and tells the weight of the words it has; ok is
// false where it has none, or not all of the phrases.
func (h hits) rankOne(d int, groups []*group, total int) (has int, ok bool) {
	sum, tells, some := 0, 0, 0
	common := uint8(allNotes)
	for _, g := range groups {
		switch g.found[d] {
		case notFound:
			if g.phrase {
				return 0, false
			}
			continue
		case inTold:
			tells += g.weight
			sum += g.value[d]
			common &= g.notes[d]
		}
		has += g.weight
		some++
	}
	if some == 0 {
		return 0, false
	}
	if tells > 0 {
		h.notes[d] = common
	}
	sum = sum * (tells + 1) / (total + 1) * (tells + 1) / (total + 1)
	if some > 1 && h.notes[d] != 0 {
		sum = sum * 9 / 8
	}
	h.scores[d] = sum
	return has, true
}

// best are the documents with the highest scores, of equal ones the newest;
// records come before pages.
func (ix *Index) best(documents, scores []int, count int) []int {
	place := func(d int) int {
		if d < ix.m.Base {
			return d + ix.pages
		}
		return ix.pages - 1 - (d - ix.m.Base)
	}
	sorted := slices.Clone(documents)
	slices.SortFunc(sorted, func(a, b int) int { return cmp.Or(scores[b]-scores[a], place(b)-place(a)) })
	return sorted[:min(count, len(sorted))]
}

// corrected is the query with the words that were meant.
func corrected(text string, groups []*group) string {
	mended := ""
	for _, g := range groups {
		if g.fixed != "" {
			mended = strings.Replace(cmp.Or(mended, text), g.text, g.fixed, 1)
		}
	}
	return mended
}

// PageAlone is the kind of pages that a query asks for without a word, "" where it does
// not. Such a query finds nothing: pages that are no records are found by words alone.
func PageAlone(typed string) Kind {
	q := parse(typed)
	if slices.ContainsFunc(q.words, func(w queryWord) bool { return !w.not }) ||
		slices.ContainsFunc(q.phrases, func(p queryPhrase) bool { return !p.not }) ||
		len(q.filters) != 1 || q.filters[0].field != facet.Kind.Name || q.filters[0].not {
		return ""
	}
	kinds := meantKinds(q.filters[0].values)
	if len(kinds) == 0 || kinds[0] == KindRecord || noteOfKind[kinds[0]] != 0 {
		return ""
	}
	return kinds[0]
}

// noteKindsOf are the kinds of notes that are asked for instead of records.
func noteKindsOf(q *query, chosen map[string][]string) (out []Kind) {
	values := slices.Clone(chosen[facet.Kind.Name])
	for _, f := range q.filters {
		if f.field == facet.Kind.Name && !f.not {
			values = append(values, f.values...)
		}
	}
	wanted := meantKinds(values)
	if slices.Contains(wanted, KindRecord) {
		return nil
	}
	for _, k := range wanted {
		if noteOfKind[k] != 0 {
			out = append(out, k)
		}
	}
	return out
}
