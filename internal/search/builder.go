package search

import (
	"github.com/deploysite/deploysite/internal/records"
)

// Options is how an index is made. The zero value works for every language.
type Options struct {
	Stemming bool // English words are found in all their forms
}

// A Builder collects texts and makes an [Output] of them. Most lines of a
// history are those of others: the checklist's are in every record, and what
// people write repeats. So each line is kept, and cut into words, once.
type Builder struct {
	options Options
	lines   *table[line]
	terms   *table[string]
}

// A line is a paragraph, a list item's own text, or a line of code.
type line struct {
	text  string
	terms []uint32 // with sameWord set where it is another term of the word before
}

const sameWord = 1 << 31

// NewBuilder makes an empty builder.
func NewBuilder(opt Options) *Builder {
	return &Builder{options: opt, lines: newTable[line](), terms: newTable[string]()}
}

// Add adds a line to the last block of a text. Each text belongs to one
// goroutine; several may add to theirs at once.
func (b *Builder) Add(t *Text, text string) {
	t.lines = append(t.lines, b.line(text))
	t.blocks[len(t.blocks)-1].end = len(t.lines)
}

func (b *Builder) line(text string) uint32 { return b.lines.id(text, b.cut) }

// cut makes a line of a text: what would steer or reorder what is read is made
// visible, here and for good.
func (b *Builder) cut(text string) line {
	l := line{text: records.Visible(text)}
	eachWord(l.text, func(w word) {
		for i, t := range w.terms {
			id := b.terms.id(t, asIs)
			if i > 0 {
				id |= sameWord
			}
			l.terms = append(l.terms, id)
		}
	})
	l.terms = append([]uint32(nil), l.terms...)
	return l
}

func asIs(s string) string { return s }
