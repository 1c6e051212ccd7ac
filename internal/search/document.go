package search

import (
	"iter"
	"slices"

	"github.com/deploysite/deploysite/internal/facet"
)

// A Zone is the part of a record that a line stands in. A word weighs more in
// some than in others, see boosts.
type Zone uint8

// The zones. Those of the text come first.
const (
	Body       Zone = iota // everything that is in no other
	FailedStep             // the label and text of a step that failed
	Issue
	Lesson
	Tip
	Well
	Step  // what another step says is to be done: it tells nothing of an error
	title // from here on the builder fills them
	version
	outcome
	facets // the first of facet.Lists; the others follow

	zones = 1 << (32 - zoneShift) // how many there can be
)

// A Record is one deployment as it is searched and shown.
type Record struct {
	ID, Title, URL string   // URL is relative to the site's root
	Date           string   // RFC 3339, or a day; "" where unknown
	Day            int      // of Date, counted from 1 January 1970
	Month          string   // of Date, in words: "August 2024"
	Names          []string // what else it is known by: version, commit, branch
	Text           *Text

	values [][]string // by the facet's number
}

// Set says what the record has of a facet: its service, its status.
func (r *Record) Set(f *facet.Facet, values ...string) {
	if r.values == nil {
		r.values = make([][]string, len(facet.All))
	}
	r.values[f.Number] = values
}

// of is what the record has of a facet.
func (r *Record) of(f *facet.Facet) []string {
	if r.values == nil {
		return nil
	}
	return r.values[f.Number]
}

// firstOf is the first of a facet that has one value at most, or "".
func firstOf(values []string) string {
	if len(values) == 0 {
		return ""
	}
	return values[0]
}

// A Page is something else that can be found.
type Page struct {
	Kind       Kind // Process, Checklist, Document, or the name of a facet
	Title, URL string
	Text       *Text // may be nil
}

// Kind says what a result is.
type Kind string

// The kinds of results, besides the names of facet.Lists. Those of notes are
// found within a record.
const (
	KindRecord    Kind = "record"
	KindIssue     Kind = "issue"
	KindLesson    Kind = "lesson"
	KindTip       Kind = "tip"
	KindWell      Kind = "well"
	KindProcess   Kind = "process"
	KindChecklist Kind = "checklist"
	KindDocument  Kind = "document"
)

// kinds lists every kind; a document's kind is written as its number.
var kinds = func() []Kind {
	all := []Kind{KindRecord, KindIssue, KindLesson, KindTip, KindWell, KindProcess, KindChecklist, KindDocument}
	for _, f := range facet.Lists {
		all = append(all, Kind(f.Name))
	}
	return all
}()

// Kinds lists every kind.
func Kinds() []Kind { return slices.Clone(kinds) }

// A Text is a document's lines in their zones. Fill it with [Builder.Add].
type Text struct {
	blocks []block
	lines  []uint32 // numbers in the builder
}

// A block is what is shown as one: a note, a paragraph, a code block.
type block struct {
	zone   Zone
	anchor string
	end    int // index of the line behind its last
}

// Begin begins a block. The anchor is the fragment that leads to it, or "".
func (t *Text) Begin(zone Zone, anchor string) {
	t.blocks = append(t.blocks, block{zone, anchor, len(t.lines)})
}

// all gives each block with its lines.
func (t *Text) all() iter.Seq2[block, []uint32] {
	return func(yield func(block, []uint32) bool) {
		if t == nil {
			return
		}
		at := 0
		for _, b := range t.blocks {
			if !yield(b, t.lines[at:b.end]) {
				return
			}
			at = b.end
		}
	}
}

// mayShare tells whether a line of a zone can be the checklist's.
func (z Zone) mayShare() bool { return z == Body || z == Step }

// body gives each line that may be the checklist's.
func (t *Text) body() iter.Seq[uint32] {
	return func(yield func(line uint32) bool) {
		for b, lines := range t.all() {
			if !b.zone.mayShare() {
				continue
			}
			for _, l := range lines {
				if !yield(l) {
					return
				}
			}
		}
	}
}

// IsEmpty reports whether there is no line in the text.
func (t *Text) IsEmpty() bool { return len(t.lines) == 0 }
