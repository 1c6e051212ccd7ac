package records

import (
	"bytes"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// ParseTemplate reads a template, which is the checklist that records are made from. A
// template with open marks is read like a record. In one without, the steps are found
// by their form, see [unmarked], and an open box is put in front of each: Source has
// these boxes, and so has the record that [Compose] makes. It is a problem if there
// are no steps at all.
func ParseTemplate(file string, source []byte, opt Options) *Record {
	opt.checklist = true
	r := Parse(file, source, opt)
	if with, at := withBoxes(r); len(at) > 0 {
		with.Problems, with.inserted = r.Problems, at // with their places in the file
		r = with
	}
	if len(r.Steps) == 0 && r.Document.Root != nil {
		r.report(firstLine(r), problem.Warning, "put “- [ ] ” in front of each step"+boxesInCode(r), "no step is found in this checklist")
		problem.Sort(r.Problems)
	}
	return r
}

// InFile is the offset in the file for an offset in Source. They differ if
// [ParseTemplate] has inserted boxes before it.
func (r *Record) InFile(offset int) int {
	for i, at := range r.inserted {
		if at+(i+1)*len(openBox) > offset {
			return min(offset, at+i*len(openBox)) - i*len(openBox)
		}
	}
	return offset - len(r.inserted)*len(openBox)
}

// openBox is written in front of the steps of a template that has no marks.
const openBox = "[ ] "

func boxesAt(at []int) []Edit {
	edits := make([]Edit, len(at))
	for i, n := range at {
		edits[i] = Edit{text.Span{Start: n, End: n}, openBox}
	}
	return edits
}

// withBoxes is the template with a box in front of each step that has no mark, and the
// offsets of the boxes in the template. A box that would not be read as one, in a
// corner case of Markdown, is left out.
func withBoxes(r *Record) (*Record, []int) {
	at := unmarked(r)
	for len(at) > 0 {
		with, err := edited(r, boxesAt(at)...)
		if err != nil {
			return r, nil
		}
		marks := map[int]bool{}
		for _, s := range with.Steps {
			marks[s.Mark.Start] = true
		}
		var read []int
		for i, n := range at {
			if marks[n+i*len(openBox)] {
				read = append(read, n)
			}
		}
		if len(read) == len(at) {
			return with, at
		}
		at = read
	}
	return r, nil
}

// firstLine is the offset of the first line of the body that is not empty.
func firstLine(r *Record) int {
	body := r.Source[r.Document.Body.Start:]
	return min(len(r.Source)-len(bytes.TrimLeft(body, " \t\r\n")), max(0, len(r.Source)-1))
}

// boxesInCode is a hint for boxes in a code block, which are not read.
func boxesInCode(r *Record) string {
	found := ""
	_ = ast.Walk(r.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if _, fenced := n.(*ast.FencedCodeBlock); !entering || !fenced && n.Kind() != ast.KindCodeBlock {
			return ast.WalkContinue, nil
		}
		if beginsWithBox(bytes.TrimSpace(n.Lines().Value(r.Source))) {
			found = "; the boxes in the code block are text: take them out of it"
			return ast.WalkStop, nil
		}
		return ast.WalkSkipChildren, nil
	})
	return found
}
