package records

import (
	"fmt"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// What a library does to one record's text stays with that record: where something
// panics, the record is its source, with a problem.

// guard, when deferred, makes a record of source after a panic.
func guard(r **Record, file string, source []byte, opt Options) {
	if v := recover(); v != nil {
		*r = AsSource(file, source, opt, v)
	}
}

// AsSource is a record that could not be read, because something failed on its text
// in the way that v says. It has its source, and what the front matter and the file's
// name say if these can be read.
func AsSource(file string, source []byte, opt Options, v any) *Record {
	p := newParse(file, source, opt)
	for _, step := range []func(){p.name, p.encodedFrontMatter, p.settle} {
		attempt(step)
	}
	p.r.report(p.r.Document.Body.Start, problem.ReadingFailed, "find the part by taking others out, and write that otherwise",
		"this program fails on the text (%s); it is shown as source", text.OneLine(fmt.Sprint(v), 200))
	problem.Sort(p.r.Problems)
	return p.r
}

// Fail makes the record one that could not be read; see [AsSource].
func (r *Record) Fail(v any) { *r = *AsSource(r.File, r.Source, r.opt, v) }

func (p *parse) encodedFrontMatter() {
	if p.encoding() && !p.conflicted() {
		p.frontMatter()
	}
}

// attempt does what may panic.
func attempt(step func()) {
	defer func() { _ = recover() }() // the panic that led here is told
	step()
}
