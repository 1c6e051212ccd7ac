package search

import (
	"cmp"
	"slices"
	"strings"
	"unicode/utf8"
)

// How well a term fits what was typed, of 16: itself, another form of the word,
// its parts apart, one that it begins, one that is one or two letters off.
// A version or a code names one thing: what has another one, even in its title,
// comes behind all that have it. "14.2" fits 14.2.1 a bit better than 14.20.
const (
	fitsExactly = 16
	fitsForm    = 13
	fitsParts   = 12
	fitsBegins  = 9
	fitsNear    = 10
	fitsFar     = 7

	fitsSeries     = 6
	fitsPartsOfOne = 6
	fitsBeginsOne  = 5
)

// How a document was found: in template text only, or in what somebody wrote.
const (
	notFound = iota
	inShared
	inTold
)

// A group is all that one word or phrase of a query stands for, and what each
// document is worth for it.
type group struct {
	text   string   // as it was typed
	terms  []string // for the marks in excerpts
	begins string   // what terms begin with that are meant too, or ""
	phrase bool
	fixed  string // the word that was meant, where it was mistyped
	weight int    // how much the word tells: the rarer, the more; 0 where nothing has it

	value []int   // by document: fit, times weight, times impact
	notes []uint8 // by document: the notes it stands in
	found []uint8 // by document
}

// A fit is a term that a word stands for.
type fit struct {
	term    string
	list    []posting
	quality int
}

func (ix *Index) newGroup(text string) *group {
	return &group{text: text, value: make([]int, ix.size), notes: make([]uint8, ix.size), found: make([]uint8, ix.size)}
}

// lastNotAbove is the greatest index whose string is not above s, or -1.
func lastNotAbove(sorted []string, s string) int {
	i, found := slices.BinarySearch(sorted, s)
	if !found {
		i--
	}
	for found && i+1 < len(sorted) && sorted[i+1] == s {
		i++
	}
	return i
}

// highest is above every term that begins with what is before it.
const highest = "\U0010ffff"

// inRange gives the terms that begin with a text. Where they fill more than a
// few shards, those in the shards around a term.
func (ix *Index) inRange(text, near string) (found []fit, err error) {
	from, to := max(0, lastNotAbove(ix.firsts, text)), lastNotAbove(ix.firsts, text+highest)
	if to-from > maxSpan {
		from = max(from, lastNotAbove(ix.firsts, near)-1)
		to = min(to, from+maxSpan)
	}
	for i := from; i <= to; i++ {
		s, err := ix.shard(i)
		if err != nil {
			return nil, err
		}
		at, _ := slices.BinarySearch(s.terms, text)
		for ; at < len(s.terms) && strings.HasPrefix(s.terms[at], text); at++ {
			found = append(found, fit{term: s.terms[at], list: s.lists[at]})
		}
	}
	return found, nil
}

// find finds a term: its shard, the number of that, and its place there; ok is
// false where no document has it.
func (ix *Index) find(term string) (s termRange, shard, at int, ok bool, err error) {
	shard = max(0, lastNotAbove(ix.firsts, term))
	s, err = ix.shard(shard)
	at, ok = slices.BinarySearch(s.terms, term)
	return s, shard, at, ok, err
}

// exact is the postings of one term, or nil.
func (ix *Index) exact(term string) (list []posting, err error) {
	s, _, at, ok, err := ix.find(term)
	if ok {
		list = s.lists[at]
	}
	return list, err
}

// forms are a word itself and, where English is, its other forms. The quality
// is that of the word itself.
func (ix *Index) forms(term string, quality int) ([]fit, error) {
	stem := term
	if ix.m.Stemming {
		stem = Stem(term)
	}
	all, err := ix.inRange(stem, term)
	out := all[:0]
	for _, f := range all {
		switch {
		case f.term == term:
			f.quality = fitsExactly * quality >> 4
		case ix.m.Stemming && Stem(f.term) == stem:
			f.quality = fitsForm * quality >> 4
		default:
			continue
		}
		out = append(out, f)
	}
	return out, err
}

// group finds what a word of a query stands for.
func (ix *Index) group(w queryWord) (*group, error) {
	g, whole := ix.newGroup(w.text), w.terms[0]
	core, err := ix.forms(whole, 16)
	if err != nil {
		return nil, err
	}
	pieces, err := ix.pieces(w)
	if err != nil {
		return nil, err
	}
	series, err := ix.series(w)
	if err != nil {
		return nil, err
	}
	begins, err := ix.begins(w, append(slices.Clip(core), series...))
	if err != nil {
		return nil, err
	}
	if len(begins) > 0 {
		g.begins = whole
	}
	for _, f := range series {
		g.terms = append(g.terms, f.term)
	}
	begins = append(series, begins...)
	if len(core)+len(begins) == 0 && pieces == nil && !w.not { // nobody wants to be rid of what is only alike
		if core, err = ix.nearForms(g, w); err != nil {
			return nil, err
		}
	}
	ix.merge(g, whole, core, pieces, begins)
	return g, nil
}

// nearForms are the words that were meant where one was mistyped, in all forms.
func (ix *Index) nearForms(g *group, w queryWord) (out []fit, err error) {
	near, err := ix.near(w.terms[0], w.open)
	for i, n := range near {
		quality := fitsNear
		if n.distance > 1 {
			quality = fitsFar
		}
		forms, err := ix.forms(n.term, quality)
		if err != nil {
			return nil, err
		}
		out = append(out, forms...)
		if i == 0 {
			g.fixed = n.term
		}
	}
	return out, err
}

// pieces are the forms of each part of a compound word, or nil where one of
// them is nowhere. A version has no parts, and what has a number that is not in
// its parts is not found by them: "rc.1" is not any "rc".
func (ix *Index) pieces(w queryWord) (pieces [][]fit, err error) {
	parts := w.terms[1:]
	if len(parts) == 0 || numbered.MatchString(w.terms[0]) || countDigits(strings.Join(parts, "")) < countDigits(w.terms[0]) {
		return nil, nil
	}
	for _, t := range parts {
		forms, err := ix.forms(t, 16)
		if err != nil || len(forms) == 0 {
			return nil, err
		}
		pieces = append(pieces, forms)
	}
	return pieces, nil
}

// begins are the terms that a word which is being typed begins.
func (ix *Index) begins(w queryWord, known []fit) (out []fit, err error) {
	whole := w.terms[0]
	r, _ := utf8.DecodeRuneInString(whole)
	if !w.open || utf8.RuneCountInString(whole) < minPrefix && !isIdeograph(r) {
		return nil, nil
	}
	quality := fitsBegins
	if countDigits(whole) > 0 {
		quality = fitsBeginsOne
	}
	if ix.m.Prefixes[whole] != "" {
		list, err := ix.prefixList(whole)
		return []fit{{list: list, quality: quality}}, err
	}
	all, err := ix.inRange(whole, whole)
	for _, f := range all {
		if !slices.ContainsFunc(known, func(c fit) bool { return c.term == f.term }) {
			f.quality = quality
			out = append(out, f)
		}
	}
	return out, err
}

// weight is how much a word tells that so many documents have.
func (ix *Index) weight(documents int) int {
	return 1 + log16(ix.m.Records+ix.pages+1, max(1, documents))
}

// log16 is 16 times the binary logarithm of a/b, rounded down, in whole numbers.
func log16(a, b int) (n int) {
	for a >= 2*b {
		b *= 2
		n += 16
	}
	x := a * 32768 / b
	for f := 8; f > 0; f >>= 1 {
		x = x * x / 32768
		if x >= 65536 {
			x /= 2
			n += f
		}
	}
	return n
}

// merge makes of a group's terms one value a document.
func (ix *Index) merge(g *group, whole string, core []fit, pieces [][]fit, begins []fit) {
	for _, f := range core {
		g.terms = append(g.terms, f.term)
	}
	if len(pieces) > 0 {
		quality := fitsParts
		if hasSign(whole) {
			quality = fitsPartsOfOne
		}
		core = append(core, fit{list: ix.together(pieces), quality: quality})
		for _, forms := range pieces {
			for _, f := range forms {
				g.terms = append(g.terms, f.term)
			}
		}
	}
	seen := make([]bool, ix.size)
	count := tally(seen, core)
	if count > 0 {
		g.weight = ix.weight(count)
	} else if len(core) > 0 {
		g.weight = 1
	}
	g.add(core, g.weight)
	if len(begins) > 0 {
		weight := ix.weight(count + tally(seen, begins))
		g.add(begins, weight)
		g.weight = cmp.Or(g.weight, weight)
	}
}

// tally counts the documents that were not seen before.
func tally(seen []bool, fits []fit) (count int) {
	for _, f := range fits {
		for _, p := range f.list {
			if p.level > 0 && !seen[p.document] {
				seen[p.document] = true
				count++
			}
		}
	}
	return count
}

func (g *group) add(fits []fit, weight int) {
	for _, f := range fits {
		for _, p := range f.list {
			d, how := p.document, uint8(inTold)
			if p.level == 0 {
				how = inShared
			}
			g.value[d] = max(g.value[d], weight*f.quality*impacts[p.level])
			g.found[d] = max(g.found[d], how)
			g.notes[d] |= p.notes
		}
	}
}

// together is the documents that have all parts of a word, each in some form.
func (ix *Index) together(pieces [][]fit) (out []posting) {
	have := make([]int, ix.size)
	all := make([]posting, ix.size)
	for i := range all {
		all[i] = posting{int32(i), uint8(maxLevel), allNotes}
	}
	for i, forms := range pieces {
		best, where, here := make([]uint8, ix.size), make([]uint8, ix.size), make([]bool, ix.size)
		for _, f := range forms {
			for _, p := range f.list {
				best[p.document] = max(best[p.document], p.level)
				where[p.document] |= p.notes
				here[p.document] = true
			}
		}
		for d := range here {
			if here[d] && have[d] == i {
				have[d]++
				all[d].level = min(all[d].level, best[d])
				all[d].notes &= where[d]
			}
		}
	}
	for d, n := range have {
		if n == len(pieces) {
			out = append(out, all[d])
		}
	}
	return out
}
