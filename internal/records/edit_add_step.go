package records

import (
	"fmt"
	"slices"
	"strings"
	"unicode"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// NewStep is a step to be added.
type NewStep struct {
	Text    string // what is to be done, plain text; its first sentence becomes the step's name
	Comment string // stands behind it, unseen; "" for none
	Section string // title of the section at whose end it goes; "" is [AddedSteps], above all other steps
}

// AddedSteps is the title of the section for steps that are not in the checklist.
const AddedSteps = "From earlier deployments"

// AddStep adds a pending step. It is an error if the section does not exist or has no
// steps.
func AddStep(n NewStep) Change {
	return change(func(e *editor) error {
		text := strings.Join(strings.Fields(cleanText(n.Text)), " ")
		if IsPlaceholder(text) {
			return ErrNoNote
		}
		places, err := e.stepPlaces(n.Section)
		if err != nil {
			return err
		}
		comment := ""
		if n.Comment != "" {
			comment = " <!-- " + commentText(n.Comment) + " -->"
		}
		var ways [][]Edit
		for _, p := range places {
			for _, s := range stepSpellings(text) {
				ways = append(ways, []Edit{e.write(p, writing{text: Pending.Mark() + " " + s + comment})})
			}
		}
		before := outlineOf(e.Record)
		return e.firstFitting(ways, func(after *Record) bool {
			_, ok := outlineOf(after).grown(inSteps, before)
			step, one := AddedStep(e.Record, after)
			return ok && one && step.State == Pending && step.Text == text
		})
	})
}

// AddedStep is the step that was added between two readings of a record. ok is false
// if it is not exactly one.
func AddedStep(before, after *Record) (s Step, ok bool) {
	return added(before.Steps, after.Steps, outlineStep)
}

// commentText makes a text fit into a comment.
func commentText(s string) string {
	words := strings.Fields(strings.NewReplacer("<", "", ">", "").Replace(printable(s)))
	return strings.TrimRight(strings.Join(words, " "), "- ")
}

// stepSpellings are the ways to write a step's text, the best first: with the first
// sentence in bold, which becomes the step's label.
func stepSpellings(content string) []string {
	var ways []string
	for _, s := range []string{content, text.Inline(content, len(content)), escape(content)} {
		name, rest := firstSentence(s)
		ways = append(ways, "**"+name+"**"+rest, s)
	}
	return ways
}

// firstSentence splits a text behind its first sentence, or at its first colon. rest
// begins with the blank or the colon.
func firstSentence(text string) (first, rest string) {
	for i, c := range text {
		if !strings.ContainsRune(".:!?", c) || i == 0 {
			continue
		}
		end := i
		if c == '!' || c == '?' {
			end++
		}
		if after := text[i+1:]; after == "" || unicode.IsSpace(rune(after[0])) {
			return text[:end], text[end:]
		}
	}
	return text, ""
}

// stepPlaces are the places for a new step, the best first.
func (l layout) stepPlaces(section string) (places []place, err error) {
	wanted := section
	if wanted == "" {
		wanted = AddedSteps
	}
	for i := len(l.Steps) - 1; i >= 0; i-- { // behind the last step of the section
		if s := l.Steps[i]; s.Depth == 0 && text.Fold(s.Section) == text.Fold(wanted) {
			return l.behindStep(s), nil
		}
	}
	if section != "" {
		return nil, fmt.Errorf("there is no section %q with steps in it; %s", section, l.stepSections())
	}
	return l.addedStepsPlaces(), nil
}

// stepSections says which sections have steps.
func (l layout) stepSections() string {
	var titles []string
	for _, s := range l.Steps {
		if title := fmt.Sprintf("%q", text.OneLine(s.Section, 60)); s.Section != "" && len(titles) < 20 && !slices.Contains(titles, title) {
			titles = append(titles, title)
		}
	}
	if len(titles) == 0 {
		return "no section of the record has any; leave it out"
	}
	return "there are " + strings.Join(titles, ", ")
}

// behindStep are the places for a list item behind a step: in its list, or as a
// list of its own behind the table, the lines or the section that it stands in.
func (l layout) behindStep(s Step) (places []place) {
	if list, ok := s.Node.Parent().(*ast.List); ok {
		places = append(places, l.appendTo(list))
	}
	last := s.Node
	if h, ok := last.(*ast.Heading); ok {
		last = lastBelow(h)
	}
	for last.Parent() != nil && last.Parent() != l.Document.Root {
		last = last.Parent()
	}
	return append(places, apartAt(l.behind(last)))
}

// addedStepsPlaces are the places for the section [AddedSteps]: above the section of
// the first step, or else above the notes or at the end.
func (l layout) addedStepsPlaces() (places []place) {
	if len(l.Steps) > 0 {
		if h, ok := l.headingOf(l.Steps[0]); ok {
			places = append(places, apartAt(lineStart(l.Source, h.Span.Start)).under(h.Level, AddedSteps))
		}
		places = append(places, l.behindStep(l.Steps[0])...)
	}
	for _, s := range l.Sections { // above the notes
		if s.Kind != NoNote || text.Fold(s.Title) == "deployment notes" {
			places = append(places, apartAt(lineStart(l.Source, s.Span.Start)).under(s.Level, AddedSteps))
			break
		}
	}
	return append(places, apartAt(l.Document.Body.End).under(2, AddedSteps))
}

// headingOf is the heading of the section that a step stands in, if that is
// below the record's title.
func (l layout) headingOf(s Step) (found Section, ok bool) {
	for _, h := range l.Sections {
		if h.Span.Start < s.Span.Start && h.Node != nil && h.Node.Parent() == l.Document.Root {
			found, ok = h, h.Level > 1
		}
	}
	return found, ok
}

// Unread is a change that adds text which is not read as a step, a note or a fact,
// such as a briefing. ways returns alternative edits, the best first. The first one
// that does not change what is read is made, with the record's line ends.
func Unread(ways func(*Record) [][]Edit) Change {
	return change(func(e *editor) error {
		before := outlineOf(e.Record)
		all := ways(e.Record)
		for _, way := range all {
			for i := range way {
				way[i].Text = withLineEnds(way[i].Text, e.Source)
			}
		}
		return e.firstFitting(all, func(after *Record) bool {
			return outlineOf(after).equal(before) && after.Status == e.Status && after.Finished.Time.Equal(e.Finished.Time) &&
				len(after.Problems) == len(e.Problems)
		})
	})
}
