package records

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// NewNote is a note to be added.
type NewNote struct {
	Text string // Markdown; what Markdown would not show is escaped
	Code string // an error message or a log, shown below as it is; "" for none

	Stamp Stamp // the zero value writes none
}

// ErrNoNote says that a text would not be read as a note: it is empty, or a
// placeholder such as "none" or "TBD".
var ErrNoNote = errors.New("this says nothing and would not be read as a note")

// AddNote adds a list item to the section of its kind. It replaces an empty item that
// the template left there. A missing section is added in its usual place.
func AddNote(kind NoteKind, n NewNote) Change {
	return change(func(e *editor) error {
		if kind == Metrics || kind.Section() == "" {
			return fmt.Errorf("there is no kind of note %q", kind)
		}
		w := writing{cleanText(n.Text), CleanCode(n.Code), n.Stamp}
		if IsPlaceholder(w.text) {
			return ErrNoNote
		}
		places := e.notePlaces(kind)
		return firstOf(spellings(w), func(s spelling) error { return e.addNote(kind, places, s) })
	})
}

// firstOf writes a text in the first way that fits.
func firstOf(ways []spelling, write func(spelling) error) error {
	if slices.ContainsFunc(ways, func(s spelling) bool { return write(s) == nil }) {
		return nil
	}
	return errDoesNotFit
}

func (e *editor) addNote(kind NoteKind, places []place, s spelling) error {
	var ways [][]Edit
	for _, p := range places {
		ways = append(ways, []Edit{e.write(p, s.writing)})
	}
	before, note := outlineOf(e.Record), outlineNote(kind, s.plain)
	return e.firstFitting(ways, func(after *Record) bool {
		notes, ok := outlineOf(after).grown(inNotes, before)
		return ok && slices.Equal(notes, []string{note})
	})
}

// AddedNote is the note that was added between two readings of a record. ok is false
// if it is not exactly one.
func AddedNote(before, after *Record) (n Note, ok bool) {
	return added(before.Notes, after.Notes, func(n Note) string { return outlineNote(n.Kind, n.Text) })
}

// AddBelowNote adds a list item below a note, such as a link to an earlier record.
// The error is [ErrStale] if there is no note with this ID.
func AddBelowNote(id, text string) Change {
	return change(func(e *editor) error {
		i := slices.IndexFunc(e.Notes, func(n Note) bool { return n.ID == id })
		if i < 0 {
			return fmt.Errorf("%w: the note %s is gone", ErrStale, id)
		}
		item := itemOf(e.Notes[i])
		if item == nil {
			return errDoesNotFit
		}
		p := e.below(item, e.textStart(item))
		return firstOf(spellings(writing{text: cleanText(text)}), func(s spelling) error { return e.addBelowNote(i, p, s) })
	})
}

func (e *editor) addBelowNote(i int, p place, s spelling) error {
	want := outlineOf(e.Record)
	want[inNotes][i] = outlineNote(e.Notes[i].Kind, e.Notes[i].Text+" "+s.plain)
	return e.firstFitting([][]Edit{{e.write(p, s.writing)}}, func(after *Record) bool { return outlineOf(after).equal(want) })
}

// itemOf is the list item that a note is, nil for a paragraph and a structured
// issue.
func itemOf(n Note) *ast.ListItem {
	if n.Issue != nil || len(n.Nodes) == 0 {
		return nil
	}
	item, _ := n.Nodes[0].Parent().(*ast.ListItem)
	return item
}

// textStart is the offset at which an item's text begins.
func (l layout) textStart(item *ast.ListItem) int {
	if m, ok := cutFrom(item); ok {
		return m.mark.Start
	}
	return blockStart(item.FirstChild())
}

// AddStepNote adds a list item below a step.
func AddStepNote(ref StepRef, n NewNote) Change {
	return change(func(e *editor) error {
		i, err := e.findState(ref, "")
		if err != nil {
			return err
		}
		w := writing{cleanText(n.Text), CleanCode(n.Code), n.Stamp}
		if w.text == "" {
			return ErrNoNote
		}
		ways := append(spellings(w), spellings(writing{"– " + w.text, w.code, n.Stamp})...) // a mark in front would make a step of it
		err = firstOf(ways, func(s spelling) error { return e.addStepNote(i, s.writing) })
		if item, ok := e.Steps[i].Node.(*ast.ListItem); err != nil && (!ok || isLine(item)) {
			return errNoRoom
		}
		return err
	})
}

func (e *editor) addStepNote(i int, w writing) error {
	before := outlineOf(e.Record)
	notes := e.StepNotes(e.Steps[i])
	return e.firstFitting(e.stepNoteWays(e.Steps[i], w), func(after *Record) bool {
		return outlineOf(after).equal(before) && len(after.StepNotes(after.Steps[i])) > len(notes)
	})
}

// notesSections are the sections that each record has, in order.
var notesSections = append(NoteKinds[:4:4], Metrics)

var sectionTitles = map[NoteKind]string{
	Well: "What Went Well", Issues: "Issues Encountered", Lessons: "Lessons Learned", Tips: "Tips for Next Deployment", Metrics: "Deployment Metrics",
}

// Section is the title of the section that a record has for notes of the kind.
func (k NoteKind) Section() string { return sectionTitles[k] }

// notePlaces are the places for a note of a kind, the best first.
func (l layout) notePlaces(kind NoteKind) (places []place) {
	h := l.sectionOf(kind)
	if h == nil {
		return l.newSection(kind)
	}
	for _, b := range blocksBelow(h) {
		if p, ok := l.emptyItem(b); ok {
			places = append(places, p)
		}
	}
	last := lastBelow(h)
	if list, ok := last.(*ast.List); ok {
		places = append(places, l.appendTo(list))
	}
	return append(places, apartAt(l.behind(last)), apartAt(l.behind(h)))
}

// sectionOf is the heading of a kind's section. Of several it is the one with our
// title.
func (l layout) sectionOf(kind NoteKind) (found *ast.Heading) {
	for _, s := range l.Sections {
		if !s.begins(kind) {
			continue
		}
		if text.Fold(s.Title) == text.Fold(kind.Section()) {
			return s.Node
		}
		if found == nil {
			found = s.Node
		}
	}
	return found
}

// begins reports whether a section is that of a kind, and not one within it.
func (s Section) begins(kind NoteKind) bool {
	return s.Kind == kind && kindOfFolded(foldHeading(s.Title)) == kind && s.Node != nil && s.Node.Parent() != nil &&
		s.Node.Parent().Kind() == ast.KindDocument
}

// emptyItem is the place of the first item, or of a paragraph, without content.
func (l layout) emptyItem(n ast.Node) (place, bool) {
	switch n := n.(type) {
	case *ast.Paragraph:
		if l.isEmpty(n) {
			return place{at: l.BlockSpan(n), marker: "- "}, true
		}
	case *ast.List:
		for item := n.FirstChild(); item != nil; item = item.NextSibling() {
			if l.isEmpty(item) {
				at := l.BlockSpan(item)
				indent := string(l.Source[lineStart(l.Source, at.Start):at.Start])
				return place{at: at, indent: blank(indent), marker: l.markerOf(item)}, true
			}
		}
	}
	return place{}, false
}

// isEmpty reports whether a block is one line that says nothing. A comment in it,
// or a picture, is more than nothing.
func (l layout) isEmpty(n ast.Node) bool {
	if !IsPlaceholder(l.Plain(n)) || strings.Contains(l.written(l.BlockSpan(n)), "\n") {
		return false
	}
	words := true
	_ = ast.Walk(n, func(n ast.Node, _ bool) (ast.WalkStatus, error) {
		switch n.(type) {
		case *ast.ListItem, *ast.Paragraph, *ast.TextBlock, *ast.Text, *ast.String, *ast.Emphasis:
		default:
			words = false
		}
		return ast.WalkContinue, nil
	})
	return words
}

// newSection are the places for a note whose section is missing. They come with the
// section's heading: before the section that usually follows, behind the one that
// usually comes before, or at the end of the notes.
func (l layout) newSection(kind NoteKind) (places []place) {
	add := func(at, level int, above string) {
		p := apartAt(at).under(level, kind.Section())
		p.heading = above + p.heading
		places = append(places, p)
	}
	if next, ok := l.sectionAfter(kind); ok {
		add(lineStart(l.Source, next.Span.Start), next.Level, "")
	}
	if end, level, ok := l.endOfSectionBefore(kind); ok {
		add(end, level, "")
	}
	end, level, found := l.notesEnd()
	if found {
		add(lineStart(l.Source, end), level+1, "")
	}
	above := "## Deployment Notes\n\n"
	add(l.Document.Body.End, 3, above)
	if root := l.Document.Root; root != nil && root.LastChild() != nil { // which may be a code block that is not closed
		add(lineStart(l.Source, blockStart(root.LastChild())), 3, above)
	}
	return places
}

// notesEnd is the end of the section "Deployment Notes", before the metrics, or else
// the end of the record.
func (l layout) notesEnd() (end, level int, found bool) {
	for _, s := range l.Sections {
		if found && (s.Level <= level || s.Kind == Metrics) {
			return s.Span.Start, level, true
		}
		if text.Fold(s.Title) == "deployment notes" {
			level, found = s.Level, true
		}
	}
	return l.Document.Body.End, level, found
}

// sectionAfter is the first of the sections that usually follow that of a kind.
// Metadata above the steps does not count.
func (l layout) sectionAfter(kind NoteKind) (Section, bool) {
	for _, next := range notesSections[slices.Index(notesSections, kind)+1:] {
		for _, s := range l.Sections {
			if s.begins(next) && s.Span.Start > l.lastStep() {
				return s, true
			}
		}
	}
	return Section{}, false
}

// endOfSectionBefore is the end of the last of the sections that usually come before
// that of a kind.
func (l layout) endOfSectionBefore(kind NoteKind) (end, level int, ok bool) {
	before := notesSections[:slices.Index(notesSections, kind)]
	for _, s := range l.Sections {
		switch {
		case slices.Contains(before, s.Kind) && s.begins(s.Kind):
			end, level, ok = l.Document.Body.End, s.Level, true
		case ok && s.Level <= level && end == l.Document.Body.End:
			end = lineStart(l.Source, s.Span.Start)
		}
	}
	return end, level, ok
}

func (l layout) lastStep() int {
	if len(l.Steps) == 0 {
		return 0
	}
	return l.Steps[len(l.Steps)-1].Span.Start
}
