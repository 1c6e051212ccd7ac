package runner

import (
	"cmp"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// section is a stretch of the checklist under one heading.
type section struct {
	title string
	steps []int // indices into the record's steps
}

func (s section) count(r *records.Record, state records.State) (n int) {
	for _, i := range s.steps {
		if r.Steps[i].State == state {
			n++
		}
	}
	return n
}

// sectionsOf groups the steps. Two headings of one name are two sections.
func sectionsOf(r *records.Record) (sections []section) {
	for i, s := range r.Steps {
		if i == 0 || s.Section != r.Steps[i-1].Section || headingBetween(r, r.Steps[i-1], s) {
			sections = append(sections, section{title: s.Place()})
		}
		last := &sections[len(sections)-1]
		last.steps = append(last.steps, i)
	}
	return sections
}

func headingBetween(r *records.Record, a, b records.Step) bool {
	for _, h := range r.Sections {
		if h.Title == b.Section && h.Span.Start > a.Span.Start && h.Span.Start < b.Span.Start {
			return true
		}
	}
	return false
}

// row is a line of the list: a section's heading, a step, or a blank.
type row struct {
	section int
	step    int // index, or one of the following
}

const (
	heading = -1
	blank   = -2
)

// list is the checklist laid out in rows, of which the window shows a part.
type list struct {
	sections []section
	rows     []row
	rowOf    []int // of each step
	names    int   // columns of the longest name of a step
}

// maxNames is how many columns names take, where texts stand beside them.
const maxNames = 40

func rowName(s records.Step) string {
	return strings.Repeat("  ", min(s.Depth, 8)) + shown(text.First(cmp.Or(s.Label, s.Text), 400))
}

func layOut(r *records.Record, airy bool) list {
	l := list{sections: sectionsOf(r), rowOf: make([]int, len(r.Steps))}
	for i, s := range l.sections {
		if airy && i > 0 {
			l.rows = append(l.rows, row{i, blank})
		}
		if s.title != "" {
			l.rows = append(l.rows, row{i, heading})
		}
		for _, step := range s.steps {
			l.rowOf[step] = len(l.rows)
			l.names = max(l.names, min(maxNames, width(rowName(r.Steps[step]))))
			l.rows = append(l.rows, row{i, step})
		}
	}
	return l
}

// sectionOf is the index of the section that a step is in.
func (l list) sectionOf(step int) int { return l.rows[l.rowOf[step]].section }

// scroll returns the first row to show, so that the row at and some of its neighbours
// are among the height rows shown. The window is full as long as there are rows.
func (l list) scroll(top, at, height int) int {
	margin := min(2, (height-1)/2)
	top = max(top, at+margin-height+1)
	top = min(top, at-margin)
	return max(0, min(top, len(l.rows)-height))
}

// nextOpen is the next step that is not settled, going on at the begin; by is 1,
// or -1 for the one before. It is the same step where there is no other.
func nextOpen(r *records.Record, from, by int) int {
	n := len(r.Steps)
	for i := 1; i < n; i++ {
		at := ((from+by*i)%n + n) % n
		if isOpen(r.Steps[at]) {
			return at
		}
	}
	return from
}

// isOpen reports whether a step is not settled.
func isOpen(s records.Step) bool {
	return s.State == records.Pending || s.State == records.StepRunning
}

// name is a step in a sentence.
func name(s records.Step) string {
	return "“" + line{{shown(text.First(cmp.Or(s.Label, s.Text), 400)), plain}}.cut(50).String() + "”"
}
