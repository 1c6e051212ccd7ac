package records

import (
	"bytes"
	"fmt"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/text"
)

// ParseTemplate reads a template, which is the checklist that records are made from. A
// template with open marks is read like a record. In one without, the steps are found
// by their form, see [unmarked], and an open box is put in front of each: Source has
// these boxes, and so has the record that [Compose] makes. It is a problem if there
// are no steps at all.
//
// All steps are open. It is a problem if a mark reads as a result: nobody has done
// anything yet.
func ParseTemplate(file string, source []byte, opt Options) (r *Record) {
	opt.checklist = true
	defer guard(&r, file, source, opt)
	r = Parse(file, source, opt)
	if with, at := withBoxes(r); len(at) > 0 {
		with.Problems, with.inserted = r.Problems, at // with their places in the file
		r = with
	} else {
		r.Problems = append(r.Problems, r.almost...)
	}
	if len(r.Steps) == 0 && r.Document.Root != nil {
		r.report(firstLine(r), problem.NoSteps, "put “- [ ] ” in front of each step"+boxesInCode(r)+stepsAside(r), "no step is found in this checklist")
	}
	problem.Sort(r.Problems)
	return r
}

// maxResults is how many marks that read as results are named.
const maxResults = 10

// reportResults warns of the marks in a checklist that read as results.
func (r *Record) reportResults() {
	results := stepsThat(r.Steps, func(s Step) bool { return s.State != Pending })
	for n, i := range results {
		s, more := r.Steps[i], ""
		if n == maxResults-1 && len(results) > maxResults {
			more = fmt.Sprintf("; so do %d more below", len(results)-maxResults)
		}
		mark := text.OneLine(r.written(s.Mark), 40)
		if isStruckOut(mark, r.written(s.Own)) {
			r.report(s.Mark.Start, problem.MarkedChecklist, "take the step out of the checklist", "the step is struck out, but a record begins with it%s", more)
		} else {
			r.report(s.Mark.Start, problem.MarkedChecklist, "write [ ] in front of a step, and no mark in front of what is none",
				"“%s” reads as a result in a checklist; a record begins with an open step here%s", mark, more)
		}
		if n == maxResults-1 {
			return
		}
	}
}

func (r *Record) written(s text.Span) string { return string(r.Source[s.Start:s.End]) }

// isOpen reports whether a step of a checklist is written as an open one.
func (r *Record) isOpen(s Step) bool {
	mark := r.written(s.Mark)
	state, _, _ := ParseMark(mark)
	return state == Pending && !isUnclear(mark) && !isStruckOut(mark, r.written(s.Own))
}

// openSteps takes the steps of a checklist for open, whatever is in front of them.
func (r *Record) openSteps() {
	for i := range r.Steps {
		s := &r.Steps[i]
		s.State, s.At, s.By = Pending, time.Time{}, ""
		if m, ok := cutFrom(s.Node); ok {
			m.state = Pending
			s.Node.SetAttributeString(markAttribute, m)
		}
	}
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
			marks[s.Mark.Start] = !isStruckOut(with.written(s.Mark), with.written(s.Own)) // which is no step
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
// stepsAside names the heading below which steps may be meant, and are not looked for.
func stepsAside(r *Record) string {
	aside := (*ast.Heading)(nil)
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		h, ok := n.(*ast.Heading)
		switch {
		case aside != nil && (n.Kind() == ast.KindList || ok && h.Level > aside.Level):
			return "; what is below “" + text.OneLine(r.Plain(aside), 40) + "” is taken for text to read, which another heading would change"
		case ok && isAside(r, h):
			aside = h
		case ok:
			aside = nil
		}
	}
	return ""
}

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
