package search

import "slices"

// A posting says that a term is in a document, how much it says about it, and
// in which parts it stands.
type posting struct {
	document int
	impact   int // 1 to maxImpact; 0 where it stands in template text only
	parts    int // the bits below
}

// The parts of a document, as filters know them.
const (
	inNames = 1 << iota
	inBody
	inIssue
	inLesson
	inTip
	inWell
)

var partOf = [zones]int{Body: inBody, FailedStep: inBody, Issue: inIssue, Lesson: inLesson, Tip: inTip, Well: inWell,
	title: inNames, service: inNames, version: inNames, environment: inNames, tag: inNames, person: inNames, outcome: inNames}

// boosts say how much a word in each zone tells, in sixteenths of one in the body.
var boosts = [zones]int{Body: 16, FailedStep: 24, Issue: 28, Lesson: 24, Tip: 20, Well: 16,
	title: 80, service: 56, version: 72, environment: 32, tag: 48, person: 40, outcome: 24}

// maxImpact is the highest impact. More steps would tell no more and take more
// bytes: what matters is which words are there, and how rare they are.
const maxImpact = 31

// saturation is how soon more of the same word tells nothing new: BM25's k1.
const saturation = 19

// impactOf is BM25F's for the occurrences of a term in one document, in whole
// numbers, so that every machine computes the same.
func impactOf(occurs []occurrence, norm int) (impact, parts int) {
	var count [zones]int
	for _, o := range occurs {
		count[o.place>>zoneShift]++
	}
	told := 0
	for zone, n := range count {
		if n == 0 {
			continue
		}
		parts |= partOf[zone]
		if Zone(zone) < title {
			told += boosts[zone] * n * 256 / norm
		} else {
			told += boosts[zone]
		}
	}
	return 1 + (maxImpact-1)*told/(told+saturation), parts
}

// postings are those of the i-th term, in order of documents. A record that has
// the term only in template text gets the impact 0: it is found, but behind
// every record in which somebody wrote it.
func (w *build) postings(i int) []posting {
	occurs := w.occurs[w.starts[i]:w.starts[i+1]]
	var out []posting
	for len(occurs) > 0 {
		n := 1
		for n < len(occurs) && occurs[n].document == occurs[0].document {
			n++
		}
		d := int(occurs[0].document)
		impact, parts := impactOf(occurs[:n], w.norms[w.index(d)])
		out = append(out, posting{d, impact, parts})
		occurs = occurs[n:]
	}
	if in := w.sharedOf[uint32(i)]; len(in) > 0 {
		return w.addShared(out, in)
	}
	return out
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
	all := map[int]bool{}
	for _, l := range lines {
		for _, r := range w.holders[l] {
			all[r] = true
		}
	}
	for _, p := range own {
		delete(all, p.document)
	}
	for r := range all {
		own = append(own, posting{r, 0, inBody})
	}
	slices.SortFunc(own, func(a, b posting) int { return a.document - b.document })
	return own
}

// A list is how postings are written: three columns, which pack better apart.
type list struct{ counts, gaps, impacts, parts []byte }

// add adds the postings of one term. Of a term that most records have, the gaps
// are those of the records that have it not.
func (l *list) add(all []posting, records, base int) {
	n, _ := slices.BinarySearchFunc(all, base, func(p posting, base int) int { return p.document - base })
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
		l.impacts = appendDigit(l.impacts, p.impact)
		l.parts = appendDigit(l.parts, p.parts)
	}
}

func (l *list) addGaps(all []posting, next int) {
	for _, p := range all {
		l.gaps = appendNumber(l.gaps, p.document-next)
		next = p.document + 1
	}
}

func (l *list) addMissing(all []posting, records int) {
	next, last := 0, 0
	for _, p := range append(slices.Clone(all), posting{document: records}) {
		for ; next < p.document; next++ {
			l.gaps = appendNumber(l.gaps, next-last)
			last = next + 1
		}
		next++
	}
}

// read reads the postings of the next term, which add wrote.
func (l *listReader) read(records, base int) []posting {
	n := l.counts.next()
	pages := l.counts.next()
	total := n/2 + pages
	out := make([]posting, 0, min(total, len(l.impacts)))
	if n&1 == 1 {
		out = l.readMissing(out, n/2, records)
	} else {
		out = l.readGaps(out, n/2, 0)
	}
	out = l.readGaps(out, pages, base)
	for i := range out {
		out[i].impact, out[i].parts = digitOf(l.impacts[l.at]), digitOf(l.parts[l.at])
		l.at++
	}
	return out
}

type listReader struct {
	counts, gaps   numbers
	impacts, parts string
	at             int
}

func (l *listReader) readGaps(out []posting, n, next int) []posting {
	for range n {
		next += l.gaps.next()
		out = append(out, posting{document: next})
		next++
	}
	return out
}

func (l *listReader) readMissing(out []posting, n, records int) []posting {
	next := 0
	for range records - n {
		missing := next + l.gaps.next()
		for ; next < missing; next++ {
			out = append(out, posting{document: next})
		}
		next++
	}
	for ; next < records; next++ {
		out = append(out, posting{document: next})
	}
	return out
}
