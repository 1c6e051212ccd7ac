package search

import (
	"cmp"
	"maps"
	"math/bits"
	"slices"

	"github.com/deploysite/deploysite/internal/facet"
)

// An occurrence is a term's at a place of a document.
type occurrence struct {
	document uint32
	place    uint32 // the zone in the highest bits, below it the position
}

const zoneShift = 28

// build is the work of making an index.
type build struct {
	*Builder
	records []Record
	pages   []Page
	base    int // the number of the first page

	shared   []uint32 // the lines that are template text, by their number in the index
	sharing  map[uint32]int
	sharedOf map[uint32][]int // term → the shared lines that it is in
	holders  [][]int          // of each of them: the records that have it

	terms   []string // sorted
	rank    []uint32 // number of a term → its place in terms
	starts  []uint32 // place in terms → where its occurrences begin
	occurs  []occurrence
	lengths []int // words of each record's and page's text
	norms   []int // by which a document's counts are divided, in 256ths
}

// Build makes the index of records, the oldest first, and of pages. The order
// decides which of two equally good results comes first: the later one. It ends
// the builder.
func (b *Builder) Build(records []Record, pages []Page) *Output {
	w := &build{Builder: b, records: records, pages: pages, base: 1024}
	slices.SortStableFunc(w.pages, func(a, b Page) int { return kindNumber(a.Kind) - kindNumber(b.Kind) })
	for w.base < len(records) {
		w.base *= 2 // seldom, so that files without the new record stay as they are
	}
	w.findShared()
	w.sortTerms()
	w.collect()
	out := w.write()
	w.release()
	return out
}

// release lets go what documents do not need, which are written when they are
// asked for.
func (w *build) release() {
	w.occurs, w.starts, w.rank, w.terms, w.norms, w.lengths, w.holders, w.sharedOf = nil, nil, nil, nil, nil, nil, nil, nil
	w.Builder.terms = nil
	w.lines.textsOnly()
}

func (w *build) documents() int { return len(w.records) + len(w.pages) }

// text is the text of the i-th record, or page behind them.
func (w *build) text(i int) *Text {
	if i < len(w.records) {
		return w.records[i].Text
	}
	return w.pages[i-len(w.records)].Text
}

// number is the document number of the i-th record, or page behind them.
func (w *build) number(i int) int {
	if i < len(w.records) {
		return i
	}
	return w.base + i - len(w.records)
}

// A line that this many records of a source have, and this share of all of them,
// is the template's.
const (
	minShared   = 8
	sharedShare = 5
)

// findShared finds the text that came with the template. It says nothing about
// the one record that somebody looks for: see postings.
func (w *build) findShared() {
	bySource := map[string][]int{}
	for i := range w.records {
		source := firstOf(w.records[i].of(facet.Source))
		bySource[source] = append(bySource[source], i)
	}
	shared := map[uint32]bool{}
	for _, p := range w.pages {
		if p.Kind == KindChecklist {
			for l := range p.Text.body() {
				shared[l] = true
			}
		}
	}
	count := make([]uint32, w.lines.size())
	last := make([]uint32, len(count)) // the record that counted it last, plus one
	for _, source := range slices.Sorted(maps.Keys(bySource)) {
		w.countLines(bySource[source], count, last, shared)
	}
	w.numberShared(shared)
}

// countLines finds the lines that many of some records have. What it counts in
// is zero before and afterwards.
func (w *build) countLines(records []int, count, last []uint32, shared map[uint32]bool) {
	for _, i := range records {
		for l := range w.records[i].Text.body() {
			if last[l] != uint32(i)+1 {
				last[l] = uint32(i) + 1
				count[l]++
			}
		}
	}
	least := uint32(max(minShared, len(records)/sharedShare))
	for _, i := range records {
		for l := range w.records[i].Text.body() {
			if count[l] >= least {
				shared[l] = true
			}
			count[l] = 0
		}
	}
}

// numberShared numbers the template's lines as they first stand in a record,
// and tells for each which records have it.
func (w *build) numberShared(shared map[uint32]bool) {
	w.sharing = map[uint32]int{}
	for i := range w.records {
		for l := range w.records[i].Text.body() {
			if !shared[l] {
				continue
			}
			n, ok := w.sharing[l]
			if !ok {
				n = len(w.shared)
				w.sharing[l] = n
				w.shared, w.holders = append(w.shared, l), append(w.holders, nil)
			}
			if h := w.holders[n]; len(h) == 0 || h[len(h)-1] != i {
				w.holders[n] = append(h, i)
			}
		}
	}
}

func (w *build) sortTerms() {
	for i := range w.documents() {
		w.names(i, func(Zone, uint32) {}) // makes the terms of what stands in no text
	}
	type entry struct {
		term string
		id   uint32
	}
	var all []entry
	w.Builder.terms.each(func(id uint32) { all = append(all, entry{string(w.Builder.terms.text(id)), id}) })
	slices.SortFunc(all, func(a, b entry) int { return cmp.Compare(a.term, b.term) })
	w.terms = make([]string, len(all))
	w.rank = make([]uint32, w.Builder.terms.size())
	for i, e := range all {
		w.terms[i] = e.term
		w.rank[e.id] = uint32(i)
	}
}

// names calls yield for each line that a document has besides its text.
func (w *build) names(i int, yield func(zone Zone, line uint32)) {
	each := func(zone Zone, all ...string) {
		for _, n := range all {
			yield(zone, w.line([]byte(n)))
		}
	}
	if i >= len(w.records) {
		each(title, w.pages[i-len(w.records)].Title)
		return
	}
	r := &w.records[i]
	each(title, r.Title)
	each(version, r.ID)
	each(version, r.Names...)
	for i, f := range facet.Lists {
		if f.Weight > 0 {
			each(facets+Zone(i), r.of(f)...)
		}
	}
	each(outcome, r.of(facet.Status)...)
	each(outcome, r.Month)
}

// collect finds where each term occurs. It goes through all texts twice: to
// count, and to fill the places that the counts gave.
func (w *build) collect() {
	count := make([]uint32, len(w.terms)+1)
	total := 0
	for i := range w.documents() {
		w.eachTerm(i, func(term, _ uint32) { count[term+1]++; total++ })
	}
	for i := 1; i < len(count); i++ {
		count[i] += count[i-1]
	}
	w.starts = slices.Clone(count)
	w.occurs = make([]occurrence, total)
	w.lengths = make([]int, w.documents())
	for i := range w.documents() {
		number := uint32(w.number(i))
		w.eachTerm(i, func(term, place uint32) {
			w.occurs[count[term]] = occurrence{number, place}
			count[term]++
		})
	}
	w.norm()
}

// sharedLine is the number of a line that a record has from the checklist. The
// checklist's own page has it for itself, and is found by it.
func (w *build) sharedLine(i int, zone Zone, line uint32) (n int, ok bool) {
	if i >= len(w.records) || !zone.mayShare() {
		return 0, false
	}
	n, ok = w.sharing[line]
	return n, ok
}

// eachTerm calls yield for the terms of a document, by position, without those
// of template text.
func (w *build) eachTerm(i int, yield func(term, place uint32)) {
	position := uint32(0)
	add := func(zone Zone, l uint32) {
		last := uint32(0)
		for at, t := range w.termsOf(l) {
			last = at
			yield(t, uint32(zone)<<zoneShift|(position+at))
		}
		position += last + 2 // no phrase goes on in the next line
	}
	w.names(i, add)
	begin := position
	for b, lines := range w.text(i).all() {
		for _, l := range lines {
			if _, shared := w.sharedLine(i, b.zone, l); !shared {
				add(b.zone, l)
			}
		}
	}
	if w.lengths != nil {
		w.lengths[i] = int(position - begin)
	}
}

// norm sets by how much longer texts count less: half of what is proportional.
// The mean is rounded, so that one more record seldom changes the others.
func (w *build) norm() {
	sum := 0
	for _, n := range w.lengths {
		sum += n
	}
	mean := roundMean(sum / max(1, len(w.lengths)))
	w.norms = make([]int, len(w.lengths))
	for i, n := range w.lengths {
		w.norms[i] = 128 + 128*n/mean
	}
}

// roundMean rounds down to two binary digits.
func roundMean(n int) int {
	n = max(n, 16)
	shift := bits.Len(uint(n)) - 2
	return n >> shift << shift
}
