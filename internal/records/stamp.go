package records

import (
	"slices"
	"strings"
	"time"

	"github.com/yuin/goldmark/ast"
	gtext "github.com/yuin/goldmark/text"

	"github.com/deploysite/deploysite/internal/text"
)

// Stamp is the comment behind a note that says when and by whom it was written, and at
// which step: "<!-- 2024-08-31T15:00:00+02:00 Ada Park, step deploy/first-node -->". It
// is written like that of a mark.
type Stamp struct {
	At   time.Time
	By   string
	Step string // the step's key; "" if none is named
}

// stampAttribute is the attribute of a list item that holds its [Stamp].
const stampAttribute = "deploysite-stamp"

// cutNoteStamp takes the stamp from the text of a list item that is no step. Other than
// behind a mark the time must be whole: a comment with a date may be anything.
func cutNoteStamp(item *ast.ListItem, lines *gtext.Segments, source []byte) {
	before := lines.At(lines.Len() - 1)
	at := cutStamp(lines, source)
	if at.IsZero() {
		return
	}
	stamp, ok := readStamp(string(source[at.Start:at.End]))
	if !ok {
		lines.Set(lines.Len()-1, before)
		return
	}
	item.SetAttributeString(stampAttribute, stamp)
}

func readStamp(comment string) (s Stamp, ok bool) {
	words := strings.Fields(strings.TrimPrefix(comment, "<!--"))
	if len(words) == 0 {
		return s, false
	}
	if _, ok = parseRFC3339(words[0]); !ok {
		return s, false
	}
	s.At, s.By, ok = parseStamp(comment, nil)
	by := strings.Fields(s.By)
	if n := len(by); n > 1 && by[n-2] == stepInStamp {
		s.Step = by[n-1]
		s.By = strings.TrimSuffix(strings.Join(by[:n-2], " "), ",")
	}
	return s, ok
}

// stepInStamp stands before the step's key, which has no blanks.
const stepInStamp = "step"

// String is the comment; "" for no stamp.
func (s Stamp) String() string {
	by := stampName(s.By)
	if s.Step != "" && !strings.Contains(s.Step, "--") {
		by = text.Join(", ", by, stepInStamp+" "+s.Step)
	}
	return stampText(s.At, by)
}

// StampOf is the stamp of a list item that is a note.
func StampOf(n ast.Node) (s Stamp, ok bool) {
	v, ok := n.AttributeString(stampAttribute)
	if !ok {
		return s, false
	}
	s, ok = v.(Stamp)
	return s, ok
}

// At is the index of the step that a stamp names; ok is false if there is none.
func (s Stamp) in(r *Record) (i int, ok bool) {
	i = slices.IndexFunc(r.Steps, func(step Step) bool { return s.Step != "" && step.Key == s.Step })
	return i, i >= 0
}

// nameSteps gives notes the keys of today of the steps that they name, where a key was cut
// and one step alone had it.
func (r *Record) nameSteps() {
	for i := range r.Notes {
		s := &r.Notes[i].Stamp
		if _, ok := s.in(r); ok || s.Step == "" {
			continue
		}
		if had := stepsThat(r.Steps, func(step Step) bool { return step.cutKey() == s.Step }); len(had) == 1 {
			s.Step = r.Steps[had[0]].Key
		}
	}
}

// StepName is the label of the step that a stamp names, or else its key.
func (r *Record) StepName(s Stamp) string {
	if i, ok := s.in(r); ok {
		return r.Steps[i].Label
	}
	return s.Step
}
