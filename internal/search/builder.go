package search

import "github.com/deploysite/deploysite/internal/text"

// Options is how an index is made. The zero value works for every language.
type Options struct {
	Stemming       bool // English words are found in all their forms
	AloneDocuments int  // of how many records each has a file of its own for what results show; 0 means 2,500

	// Keep puts a finished file aside and returns what gives it back. Those of a
	// long history are hundreds of megabytes. nil keeps them in memory.
	Keep func(file []byte) func() []byte
}

// A Builder collects texts and makes an [Output] of them. Most lines of a
// history are those of others: the checklist's are in every record, and what
// people write repeats. So each line is kept, and cut into words, once.
type Builder struct {
	options Options
	lines   *table // a paragraph, a list item's own text, or a line of code each
	terms   *table
}

// sameWord marks a term of a line that is another one of the word before.
const sameWord = 1 << 31

// NewBuilder makes an empty builder.
func NewBuilder(opt Options) *Builder {
	return &Builder{options: opt, lines: newTable(), terms: newTable()}
}

// Add adds a line to the last block of a text. Each text belongs to one
// goroutine; several may add to theirs at once. The line may be reused.
func (b *Builder) Add(t *Text, line []byte) {
	t.lines = append(t.lines, b.line(line))
	t.blocks[len(t.blocks)-1].end = len(t.lines)
}

func (b *Builder) line(text []byte) uint32 {
	id, added := b.lines.id(text)
	if added {
		b.lines.setTerms(id, b.cut(shown(text)))
	}
	return id
}

func (b *Builder) cut(text string) []uint32 {
	terms := make([]uint32, 0, 4+len(text)/5)
	eachWord(text, func(w word) {
		for i, t := range w.terms {
			id, _ := b.terms.id([]byte(t))
			if i > 0 {
				id |= sameWord
			}
			terms = append(terms, id)
		}
	})
	return terms
}

// shown is a line as people see it: what would steer a terminal, or reorder
// what is read, is made visible.
func shown(content []byte) string { return text.Visible(string(content)) }
