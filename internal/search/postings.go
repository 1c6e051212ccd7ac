package search

import (
	"iter"
	"slices"

	"github.com/deploysite/deploysite/internal/facet"
)

// A posting says that a term is in a document, how much it says about it, and
// in which kinds of notes it stands.
type posting struct {
	document int32
	level    uint8 // 1 to maxLevel; 0 where it stands in template text only
	notes    uint8 // the bits below
}

// told is level and notes in one number, which fits into one character.
func (p posting) told() int {
	if p.level == 0 {
		return 0
	}
	return 1 + (int(p.level-1)<<noteKinds | int(p.notes))
}

// tell is the inverse of told.
func (p *posting) tell(told int) {
	if told > 0 {
		p.level, p.notes = uint8(min(1+(told-1)>>noteKinds, maxLevel)), uint8((told-1)&allNotes)
	}
}

// What a record, or a term of it, stands in, as bits: kinds of notes and, in the
// column "has" alone, a step that failed.
const (
	inIssue = 1 << iota
	inLesson
	inTip
	inWell
	inFailed
	noteKinds = iota - 1
	allNotes  = 1<<noteKinds - 1
)

var bitOf = [zones]int{Issue: inIssue, Lesson: inLesson, Tip: inTip, Well: inWell, FailedStep: inFailed}

// boosts say how much a word in each zone tells, in sixteenths of one in the body.
var boosts = func() [zones]int {
	all := [zones]int{Body: 16, FailedStep: 24, Issue: 28, Lesson: 24, Tip: 20, Well: 16, Step: 16, title: 80, version: 72, outcome: 24}
	for i, f := range facet.Lists {
		all[facets+Zone(i)] = f.Weight
	}
	return all
}()

// levels are from how much on a term is on each level. What a level counts is
// in impacts: BM25's n/(n+k), of 32. Five of them rank as well as fifty, and a
// posting fits into one character.
var (
	levels  = [...]int{0, 0, 14, 22, 36, 64}
	impacts = [...]int{0, 11, 15, 19, 23, 27}
)

const maxLevel = len(levels) - 1

// levelOf is BM25F for the occurrences of a term in one document, in whole
// numbers, so that every machine computes the same.
func levelOf(occurs []occurrence, norm int) (level, notes int) {
	var count [zones]int
	for _, o := range occurs {
		count[o.place>>zoneShift]++
	}
	told := 0
	for zone, n := range count {
		switch {
		case n == 0:
		case Zone(zone) < title:
			notes |= bitOf[zone] & allNotes
			told += boosts[zone] * n * 256 / norm
		default:
			told += boosts[zone]
		}
	}
	for level = maxLevel; told < levels[level]; level-- {
	}
	return max(level, 1), notes
}

// postings appends those of the i-th term, in order of documents, to out, which
// is empty. A record that has the term only in template text gets the level 0: it
// is found, but behind every record in which somebody wrote it.
func (w *build) postings(out []posting, i int) []posting {
	for occurs := range w.occurrences(i) {
		d := occurs[0].document
		level, notes := levelOf(occurs, w.norms[w.index(int(d))])
		out = append(out, posting{int32(d), uint8(level), uint8(notes)})
	}
	if in := w.sharedOf[uint32(i)]; len(in) > 0 {
		return w.addShared(out, in)
	}
	return out
}

// occurrences are those of the i-th term, by document.
func (w *build) occurrences(i int) iter.Seq[[]occurrence] {
	return func(yield func([]occurrence) bool) {
		for all := w.occurs[w.starts[i]:w.starts[i+1]]; len(all) > 0; {
			n := 1
			for n < len(all) && all[n].document == all[0].document {
				n++
			}
			if !yield(all[:n]) {
				return
			}
			all = all[n:]
		}
	}
}

// index is the inverse of number.
func (w *build) index(document int) int {
	if document < w.base {
		return document
	}
	return document - w.base + len(w.records)
}

// addShared adds the records that hold one of the shared lines.
func (w *build) addShared(own []posting, lines []int) []posting {
	holds := make([]bool, len(w.records))
	for _, l := range lines {
		for _, r := range w.holders[l] {
			holds[r] = true
		}
	}
	out := make([]posting, 0, len(holds)+len(own))
	for r := range holds {
		if len(own) > 0 && own[0].document == int32(r) {
			out = append(out, own[0])
			own = own[1:]
		} else if holds[r] {
			out = append(out, posting{document: int32(r)})
		}
	}
	return append(out, own...) // of pages
}

// A list is how postings are written: in columns, which pack better apart. The
// last has level and notes of a posting in one character.
type list struct{ counts, gaps, told []byte }

// add adds the postings of one term. Of a term that most records have, the gaps
// are those of the records that have it not.
func (l *list) add(all []posting, records, base int) {
	n, _ := slices.BinarySearchFunc(all, base, func(p posting, base int) int { return int(p.document) - base })
	inverse := 0
	if n > records/2 {
		inverse = 1
		l.addMissing(all[:n], records)
	} else {
		l.addGaps(all[:n], 0)
	}
	l.addGaps(all[n:], base)
	l.counts = appendNumber(l.counts, n*2+inverse)
	l.counts = appendNumber(l.counts, len(all)-n)
	for _, p := range all {
		l.told = appendDigit(l.told, p.told())
	}
}

// strings are the columns, as [newListReader] takes them.
func (l *list) strings() []string {
	return []string{string(l.counts), string(l.gaps), string(l.told)}
}

func (l *list) addGaps(all []posting, next int) {
	for _, p := range all {
		l.gaps = appendNumber(l.gaps, int(p.document)-next)
		next = int(p.document) + 1
	}
}

func (l *list) addMissing(all []posting, records int) {
	next, last := 0, 0
	upTo := func(document int) {
		for ; next < document; next++ {
			l.gaps = appendNumber(l.gaps, next-last)
			last = next + 1
		}
		next++
	}
	for _, p := range all {
		upTo(int(p.document))
	}
	upTo(records)
}

// A listReader reads what list wrote.
type listReader struct {
	counts, gaps, told numbers
}

func newListReader(columns []string) *listReader {
	return &listReader{numbers{text: columns[0]}, numbers{text: columns[1]}, numbers{text: columns[2]}}
}

// read reads the postings of the next term; ok is false where they cannot be
// those of an index.
func (l *listReader) read(ix *Index) (all []posting, ok bool) {
	records, base, size := ix.m.Records, ix.m.Base, ix.size
	n, pages := l.counts.next(), l.counts.next()
	if n/2 > records || pages > size-base {
		return nil, false
	}
	all = make([]posting, 0, n/2+pages)
	if n&1 == 1 {
		all = l.readMissing(all, n/2, records)
	} else {
		all = l.readGaps(all, n/2, 0)
	}
	all = l.readGaps(all, pages, base)
	for i := range all {
		if d := int(all[i].document); d < 0 || d >= size {
			return nil, false
		}
		all[i].tell(l.told.digit())
	}
	return all, true
}

func (l *listReader) readGaps(out []posting, n, next int) []posting {
	for range n {
		next += l.gaps.next()
		out = append(out, posting{document: int32(next)})
		next++
	}
	return out
}

func (l *listReader) readMissing(out []posting, n, records int) []posting {
	next := 0
	upTo := func(missing int) {
		for ; next < missing; next++ {
			out = append(out, posting{document: int32(next)})
		}
		next++
	}
	for range records - n {
		upTo(min(next+l.gaps.next(), records))
	}
	upTo(records)
	return out
}
