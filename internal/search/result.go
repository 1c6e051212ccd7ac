package search

import (
	"math/bits"
	"net/url"
	"slices"
	"strings"
	"unicode/utf16"

	"github.com/deploysite/deploysite/internal/facet"
)

// A Result is a record, once, with its best notes, or a page. Programs get it as JSON.
type Result struct {
	ID      string  `json:"id"` // of the record; "" for pages
	Kind    Kind    `json:"kind"`
	Title   string  `json:"title"`
	URL     string  `json:"url"` // relative to the site's root
	Score   int     `json:"score"`
	Excerpt Excerpt `json:"excerpt"` // may be empty where the notes tell everything
	Status  string  `json:"-"`
	Date    string  `json:"-"` // RFC 3339, or ""
	Notes   []Note  `json:"-"`

	// Of one that had the like of an error:
	Likeness   float64 `json:"likeness,omitempty"`   // 0 to 1
	Resolution *string `json:"resolution,omitempty"` // what helped, in the record's words; "" where it does not say so

	values [][]string // in the order of facet.Lists
}

// Of is what the record has of one of facet.Lists.
func (r *Result) Of(f *facet.Facet) []string {
	if i := slices.Index(facet.Lists, f); i >= 0 && i < len(r.values) {
		return r.values[i]
	}
	return nil
}

// A Note is one of a record's that has words of the query.
type Note struct {
	Kind    Kind
	URL     string
	Excerpt Excerpt
}

// An Excerpt is a piece of a text, in parts.
type Excerpt []Part

// A Part is a piece of an excerpt; marked where it is what was searched.
type Part struct {
	Text string
	Mark bool
}

// String is the excerpt without its marks.
func (e Excerpt) String() string {
	var b strings.Builder
	for _, p := range e {
		b.WriteString(p.Text)
	}
	return b.String()
}

// MarshalText is the excerpt in JSON.
func (e Excerpt) MarshalText() ([]byte, error) { return []byte(e.String()), nil }

// maxNotes is how many notes a result shows.
const maxNotes = 3

var noteKind = map[Zone]Kind{Issue: KindIssue, Lesson: KindLesson, Tip: KindTip, Well: KindWell}

// result shows a document. If kinds of notes are asked for, the best of them
// stands for the record.
func (ix *Index) result(d, score int, groups []*group, wanted []Kind) (Result, error) {
	doc, err := ix.document(d)
	if err != nil {
		return Result{}, err
	}
	r := doc.Result
	r.Score = score
	notes, texts := doc.lines(groups, wanted)
	for _, l := range best(notes, maxNotes) {
		r.Notes = append(r.Notes, Note{noteKind[l.zone], r.URL + "#" + url.PathEscape(l.anchor), crop(l.text, l.marks)})
	}
	l, err := ix.excerpt(&doc, notes, texts, groups, len(r.Notes) > 0)
	if l != nil {
		r.Excerpt = crop(l.text, l.marks)
	}
	if len(wanted) > 0 && r.Kind == KindRecord && len(r.Notes) > 0 {
		n := r.Notes[0]
		r.Kind, r.URL, r.Excerpt, r.Notes = n.Kind, n.URL, n.Excerpt, r.Notes[1:]
	}
	return r, err
}

// excerpt is the line that tells best what the document has of the query
// besides its notes, or nil.
func (ix *Index) excerpt(doc *document, notes, texts []shownLine, groups []*group, told bool) (*shownLine, error) {
	if l := best(texts, 1); len(l) > 0 {
		return &l[0], nil
	}
	if told {
		return nil, nil
	}
	if len(groups) > 0 {
		if l, err := ix.sharedLine(doc, groups); l != nil || err != nil {
			return l, err
		}
	}
	if all := slices.Concat(notes, texts); len(all) > 0 {
		return &all[0], nil
	}
	return nil, nil
}

// best are the lines that have something of the query, those with most of it first.
func best(lines []shownLine, most int) []shownLine {
	found := slices.DeleteFunc(slices.Clone(lines), func(l shownLine) bool { return l.score == 0 })
	slices.SortStableFunc(found, func(a, b shownLine) int { return b.score - a.score })
	return found[:min(most, len(found))]
}

// A shownLine is a line with what it has of a query.
type shownLine struct {
	zone   Zone
	anchor string
	text   string
	marks  []mark
	groups uint32 // a bit for each
	score  int
}

// A mark is a range of bytes that some groups, by their bits, are found in.
type mark struct {
	start, end int
	groups     uint32
}

// lines are those of a document that are not notes, and of each note the best.
func (doc *document) lines(groups []*group, wanted []Kind) (notes, texts []shownLine) {
	for _, b := range doc.blocks {
		var own []shownLine
		for _, text := range b.lines {
			own = append(own, newLine(b.zone, b.anchor, text, groups))
		}
		kind, isNote := noteKind[b.zone]
		switch {
		case !isNote:
			texts = append(texts, own...)
		case len(own) > 0 && (len(wanted) == 0 || slices.Contains(wanted, kind)):
			notes = append(notes, bestOfNote(own, groups))
		}
	}
	return notes, texts
}

// bestOfNote is the line of a note that has most; it counts what all have.
func bestOfNote(lines []shownLine, groups []*group) shownLine {
	top, all := lines[0], uint32(0)
	for _, l := range lines {
		if l.score > top.score {
			top = l
		}
		all |= l.groups
	}
	top.score = told(all, groups)
	return top
}

// told is how much it tells to have the groups of a mask: each more counts more
// than a rarer one.
func told(mask uint32, groups []*group) (sum int) {
	for i, g := range groups {
		if mask>>i&1 == 1 {
			sum += 100 + g.weight
		}
	}
	return sum
}

func newLine(zone Zone, anchor, text string, groups []*group) shownLine {
	l := shownLine{zone: zone, anchor: anchor, text: text}
	if len(groups) == 0 {
		return l
	}
	var all []word
	eachWord(text, func(w word) { all = append(all, word{w.start, w.end, slices.Clone(w.terms)}) })
	masks := make([]uint32, len(all))
	for bit, g := range groups {
		g.mark(all, masks, 1<<bit)
	}
	for i, mask := range masks {
		if mask != 0 {
			l.marks = append(l.marks, mark{all[i].start, all[i].end, mask})
			l.groups |= mask
		}
	}
	l.score = told(l.groups, groups)
	return l
}

// mark sets a bit for each word of a line that belongs to the group.
func (g *group) mark(all []word, masks []uint32, bit uint32) {
	if !g.phrase {
		for i, w := range all {
			if slices.ContainsFunc(w.terms, g.means) {
				masks[i] |= bit
			}
		}
		return
	}
	for i := 0; i+len(g.terms) <= len(all); i++ {
		here := all[i : i+len(g.terms)]
		if !slices.EqualFunc(here, g.terms, func(w word, term string) bool { return slices.Contains(w.terms, term) }) {
			continue
		}
		for k := range here {
			masks[i+k] |= bit
		}
	}
}

func (g *group) means(term string) bool {
	return slices.Contains(g.terms, term) || g.begins != "" && strings.HasPrefix(term, g.begins)
}

// sharedLine looks through the lines that the document has from the template.
func (ix *Index) sharedLine(doc *document, groups []*group) (*shownLine, error) {
	path := folder + "shared-" + ix.m.Shared + ".js"
	texts, err := keepStrings(ix, path, 0, func(data []string) ([]string, bool) { return data, true })
	if err != nil {
		return nil, err
	}
	var all []shownLine
	for _, n := range doc.shared {
		if n < 0 || n >= len(texts) {
			return nil, damaged(path)
		}
		all = append(all, newLine(Body, "", texts[n], groups))
	}
	if found := best(all, 1); len(found) > 0 {
		return &found[0], nil
	}
	return nil, nil
}

// How long an excerpt is, and how much of it stands before the first mark, in
// units of UTF-16, as JavaScript counts.
const (
	window = 200
	before = 40
)

// crop cuts the best part out of a line and tells its marks apart.
func crop(text string, marks []mark) (parts Excerpt) {
	t := newUTF16(text, marks)
	from, to := 0, len(t.units)
	if to > window {
		if first := t.densest(); first > before {
			from = t.boundary(first - before)
		}
		if to-from > window {
			to = t.boundary(from + window)
		}
	}
	add := func(from, to int, mark bool) {
		if from < to {
			parts = append(parts, Part{string(utf16.Decode(t.units[from:to])), mark})
		}
	}
	if from > 0 {
		parts = append(parts, Part{"…", false})
	}
	at := from
	for _, m := range t.marks {
		start, end := max(m.start, at), min(m.end, to)
		if start < end {
			add(at, start, false)
			add(start, end, true)
			at = end
		}
	}
	add(at, to, false)
	if to < len(t.units) {
		parts = append(parts, Part{"…", false})
	}
	return parts
}

// A utf16Text is a text with its marks as JavaScript sees it.
type utf16Text struct {
	units []uint16
	marks []mark
}

func newUTF16(text string, marks []mark) utf16Text {
	t := utf16Text{units: utf16.Encode([]rune(text))}
	at, units := 0, 0
	place := func(to int) int {
		for _, r := range text[at:to] {
			units += utf16.RuneLen(r)
		}
		at = to
		return units
	}
	for _, m := range marks {
		if m.start < at { // pairs of ideographs overlap
			at, units = 0, 0
		}
		start := place(m.start)
		t.marks = append(t.marks, mark{start, place(m.end), m.groups})
	}
	return t
}

// densest is the place from where on most different words are near.
func (t utf16Text) densest() (place int) {
	most := 0
	for i, m := range t.marks {
		var mask uint32
		for _, n := range t.marks[i:] {
			if n.end-m.start > window-before {
				break
			}
			mask |= n.groups
		}
		if n := bits.OnesCount32(mask); n > most {
			most, place = n, m.start
		}
	}
	return place
}

// boundary is the next blank at or after a place, or the place itself.
func (t utf16Text) boundary(at int) int {
	for i := at; i < min(at+24, len(t.units)); i++ {
		if t.units[i] == ' ' {
			return i
		}
	}
	if u := t.units[at]; u >= 0xdc00 && u < 0xe000 {
		return at + 1 // not inside a character
	}
	return at
}
