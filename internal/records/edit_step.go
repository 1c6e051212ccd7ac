package records

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/text"
)

// StepRef identifies a step in later readings of the file, even if lines before it
// were added or removed.
type StepRef struct {
	Key string
	Nth int // from 0, of the steps that have this key
	Of  int // how many have it
}

// Ref returns the reference to the step at an index of Steps.
func (r *Record) Ref(i int) StepRef {
	ref := StepRef{Key: r.Steps[i].Key}
	for j, s := range r.Steps {
		if s.Key == ref.Key {
			ref.Of++
			if j < i {
				ref.Nth++
			}
		}
	}
	return ref
}

// Find returns the index of the step that a reference identifies. ok is false if the
// step is gone, or if the number of steps with its key has changed.
func (r *Record) Find(ref StepRef) (i int, ok bool) {
	var all []int
	for i, s := range r.Steps {
		if s.Key == ref.Key {
			all = append(all, i)
		}
	}
	if len(all) != ref.Of || ref.Nth >= len(all) {
		return 0, false
	}
	return all[ref.Nth], true
}

// Mark is what is written on a step.
type Mark struct {
	State State
	At    time.Time // zero: without a stamp
	By    string    // "" where nobody knows
	Was   State     // the state that it must have, as the one who decides saw it; "" is any
}

// MarkStep gives a step another state. The mark is written like the other marks in
// the record, with a stamp that says when and by whom; a pending step has no stamp. A
// step that has the state and a stamp already is not changed: the first time counts.
//
// The error is [ErrStale] if the step is gone or no longer in the state Was.
func MarkStep(ref StepRef, m Mark) Change {
	return change(func(e *editor) error {
		i, err := e.findState(ref, m.Was)
		if err != nil {
			return err
		}
		s := e.Steps[i]
		if s.State == m.State && (m.At.IsZero() || !s.Stamp.IsZero() || m.State == Pending) {
			return nil
		}
		want := outlineOf(e.Record)
		marked := s
		marked.State, marked.At, marked.By = m.State, m.At.Truncate(time.Second), stampName(m.By)
		if m.At.IsZero() || m.State == Pending {
			marked.At, marked.By = time.Time{}, ""
		}
		want.steps[i] = outlineStep(marked)
		return e.firstFitting(e.markWays(s, marked), func(after *Record) bool { return outlineOf(after).equal(want) })
	})
}

func (e *editor) findState(ref StepRef, was State) (int, error) {
	i, ok := e.Find(ref)
	if !ok {
		return 0, fmt.Errorf("%w: the step %s is no longer where it was", ErrStale, ref.Key)
	}
	if s := e.Steps[i]; was != "" && s.State != was {
		return 0, fmt.Errorf("%w: the step %s is %s now", ErrStale, s.Label, s.State)
	}
	return i, nil
}

// markWays are the ways to write a step's new state, the best first. A box in HTML is
// ticked within its tag, which keeps its other attributes. For the other states HTML
// has no box: a mark replaces the tag.
func (e *editor) markWays(s, marked Step) (ways [][]Edit) {
	if ticked, ok := e.tickEdits(s, marked.State); ok {
		edits := e.markEdits(s, marked, markStyle{})
		if s.State != marked.State {
			edits = append(ticked, edits[1:]...)
		}
		return [][]Edit{edits}
	}
	for _, style := range []markStyle{e.styleOf(s, marked.State), ourStyle(marked.State), {mark: boxOf(marked.State)}, {mark: signInBox(marked.State)}} {
		ways = append(ways, e.markEdits(s, marked, style))
	}
	return ways
}

// markEdits rewrites mark, end mark and stamp of a step.
func (e *editor) markEdits(s, marked Step, style markStyle) []Edit {
	stamp := e.behindText(s, s.Stamp, stampText(marked.At, marked.By))
	if s.State == marked.State {
		return []Edit{stamp}
	}
	return []Edit{e.markEdit(s, style.mark), e.behindText(s, s.EndMark, style.end), stamp}
}

// markEdit replaces a step's mark. A blank follows if the next character would make a
// link of "[ ]".
func (e *editor) markEdit(s Step, mark string) Edit {
	if end := s.Mark.End; strings.HasSuffix(mark, "]") && end < len(e.Source) && strings.IndexByte("([:", e.Source[end]) >= 0 {
		mark += " "
	}
	return Edit{s.Mark, mark}
}

// behindText is the edit that writes something behind a step's text, in place of old.
// If content is "", old is removed with the blanks before it.
func (e *editor) behindText(s Step, old text.Span, content string) Edit {
	if !old.IsZero() && content != "" {
		return Edit{old, content}
	}
	at := text.Span{Start: s.Own.End, End: s.Own.End}
	if !old.IsZero() {
		at = old
	} else if !s.EndMark.IsZero() {
		at = text.Span{Start: s.EndMark.End, End: s.EndMark.End}
	}
	before := e.Source[s.Mark.End:at.Start]
	at.Start = s.Mark.End + len(bytes.TrimRight(before, " \t"))
	if content == "" {
		if old.IsZero() {
			return Edit{text.Span{Start: at.End, End: at.End}, ""}
		}
		return Edit{at, ""}
	}
	return Edit{text.Span{Start: at.Start, End: at.Start}, " " + content}
}

// stampText is the comment that says when and by whom a step was marked.
func stampText(at time.Time, by string) string {
	if at.IsZero() {
		return ""
	}
	return strings.Join(strings.Fields("<!-- "+at.Format("2006-01-02T15:04:05-07:00")+" "+by+" -->"), " ")
}

// stampName makes a name safe for a comment.
func stampName(name string) string {
	name = strings.NewReplacer("<", "", ">", "", "|", " ").Replace(strings.ToValidUTF8(name, ""))
	for strings.Contains(name, "--") {
		name = strings.ReplaceAll(name, "--", "-")
	}
	name = strings.Map(func(r rune) rune {
		if text.Steers(r) || r == '\t' || r == '\n' {
			return ' '
		}
		return r
	}, name)
	return text.OneLine(name, 100)
}

// markStyle is a way to write a state: a mark, and perhaps a sign at the end.
type markStyle struct{ mark, end string }

// boxOf is how a state is written where only boxes are read.
func boxOf(state State) string { return cmp.Or(kindMarks["box"][state], state.Mark()) }

// signInBox is how a state is written so that a sign at the end, as in
// "[x] smoke tests ❌", does not change it.
func signInBox(state State) string {
	return cmp.Or(kindMarks["sign in a box"][state], state.Mark())
}

func ourStyle(state State) markStyle { return markStyle{mark: state.Mark()} }

// styleOf is how the record writes a state: like most of its other steps, or else
// with the family of marks that it uses for other states. Steps that can only have a
// box are compared with their like only.
func (e *editor) styleOf(s Step, state State) markStyle {
	counts := map[markStyle]int{}
	var order []markStyle
	kind := ""
	for _, other := range e.Steps {
		style := markStyle{e.text(other.Mark), e.text(other.EndMark)}
		if other.Mark == s.Mark || other.boxed != s.boxed || isHTML(style.mark) != isHTML(e.text(s.Mark)) {
			continue
		}
		if other.State == state {
			if counts[style]++; counts[style] == 1 {
				order = append(order, style)
			}
		}
		kind = cmp.Or(kind, kindOfMark(style.mark))
	}
	if len(order) > 0 {
		return slices.MaxFunc(order, func(a, b markStyle) int { return counts[a] - counts[b] })
	}
	if kind == "" && isNewBox(e.text(s.Mark)) {
		kind = kindOfMark(e.text(s.Mark))
	}
	if mark := kindMarks[kind][state]; mark != "" {
		return markStyle{mark: mark}
	}
	if s.boxed {
		return markStyle{mark: boxOf(state)}
	}
	return ourStyle(state)
}

func isHTML(mark string) bool { return strings.HasPrefix(mark, "<") }

// isNewBox reports whether an open box belongs to a family of marks by itself. "[ ]"
// goes with any family.
func isNewBox(mark string) bool {
	return isHTML(mark) || isBallot(mark) && mark != "⬜"
}

func (e *editor) text(s text.Span) string { return string(e.Source[s.Start:s.End]) }

// kindOfMark is the family of a mark. It is "" for our marks and for "[ ]".
func kindOfMark(mark string) string {
	switch {
	case mark == "[x]" || mark == "[X]" || mark == "[~]" || mark == "[-]":
		return "box"
	case strings.HasPrefix(mark, "[") && strings.Trim(mark, "[ ]") != "":
		return "sign in a box"
	case strings.HasPrefix(mark, ":"):
		return "shortcode"
	case isHTML(mark):
		return "html"
	case strings.HasPrefix(mark, "☐"), strings.HasPrefix(mark, "☑"), strings.HasPrefix(mark, "☒"):
		return "ballot"
	}
	return ""
}

// kindMarks is how each family writes the states. A box in HTML is not replaced, see
// tickEdits.
var kindMarks = map[string]map[State]string{
	"box":           {Done: "[x]", StepFailed: "[❌]", StepRunning: "[~]", Skipped: "[-]"},
	"sign in a box": {Done: "[✅]", StepFailed: "[❌]", StepRunning: "[🔄]", Skipped: "[⏭️]"},
	"ballot":        {Done: "☑", Pending: "☐"},
	"shortcode":     {Done: ":white_check_mark:", StepFailed: ":x:", StepRunning: ":arrows_counterclockwise:", Skipped: ":next_track_button:"},
}
