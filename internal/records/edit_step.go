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
	key := r.Steps[i].Key
	all := r.withKey(key)
	return StepRef{Key: key, Nth: slices.Index(all, i), Of: len(all)}
}

func (r *Record) withKey(key string) []int {
	return stepsThat(r.Steps, func(s Step) bool { return s.Key == key })
}

// Find returns the index of the step that a reference identifies. ok is false if the
// step is gone, or if the number of steps with its key has changed.
func (r *Record) Find(ref StepRef) (i int, ok bool) {
	all := r.withKey(ref.Key)
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
		want[inSteps][i] = outlineStep(marked)
		return e.firstFitting(marking{e.layout, s, marked}.ways(), func(after *Record) bool { return outlineOf(after).equal(want) })
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

// marking gives a step another state.
type marking struct {
	layout
	was, is Step
}

// ways are the ways to write a step's new state, the best first. A box in HTML is
// ticked within its tag, which keeps its other attributes. For the other states HTML
// has no box: a mark replaces the tag.
func (m marking) ways() (ways [][]Edit) {
	if ticked, ok := m.tick(); ok {
		edits := m.edits(markStyle{})
		if m.was.State != m.is.State {
			edits = append(ticked, edits[1:]...)
		}
		return [][]Edit{edits}
	}
	for _, style := range []markStyle{m.style(), {mark: m.is.State.Mark()}, {mark: boxOf(m.is.State)}, {mark: signInBox(m.is.State)}, {mark: unstruck(m.is.State)}} {
		ways = append(ways, m.edits(style))
	}
	return ways
}

// edits rewrites mark, end mark and stamp of the step.
func (m marking) edits(style markStyle) []Edit {
	stamp := m.behindText(m.was.Stamp, stampText(m.is.At, m.is.By))
	if m.was.State == m.is.State {
		return []Edit{stamp}
	}
	return []Edit{m.mark(style.mark), m.behindText(m.was.EndMark, style.end), stamp}
}

// mark replaces the step's mark. A blank follows if the next character would make a
// link of "[ ]".
func (m marking) mark(mark string) Edit {
	if end := m.was.Mark.End; strings.HasSuffix(mark, "]") && end < len(m.Source) && strings.IndexByte("([:", m.Source[end]) >= 0 {
		mark += " "
	}
	return Edit{m.was.Mark, mark}
}

// behindText is the edit that writes something behind the step's text, in place of old.
// If content is "", old is removed with the blanks before it.
func (m marking) behindText(old text.Span, content string) Edit {
	s := m.was
	if !old.IsZero() && content != "" {
		return Edit{old, content}
	}
	at := text.Span{Start: s.Own.End, End: s.Own.End}
	if !old.IsZero() {
		at = old
	} else if !s.EndMark.IsZero() {
		at = text.Span{Start: s.EndMark.End, End: s.EndMark.End}
	}
	before := m.Source[s.Mark.End:at.Start]
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
	return strings.Join(strings.Fields("<!-- "+at.Format(offsetLayout)+" "+by+" -->"), " ")
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

// unstruck is how an open step is written whose text is struck out.
func unstruck(state State) string {
	if state == Pending {
		return "⬜"
	}
	return signInBox(state)
}

// style is how the record writes a state: like most of its other steps, or else
// with the family of marks that it uses for other states. Steps that can only have a
// box are compared with their like only.
func (m marking) style() markStyle {
	s, state := m.was, m.is.State
	counts := map[markStyle]int{}
	var order []markStyle
	kind := ""
	for _, other := range m.Steps {
		style := markStyle{m.written(other.Mark), m.written(other.EndMark)}
		if other.Mark == s.Mark || other.boxed != s.boxed || isHTML(style.mark) != isHTML(m.written(s.Mark)) {
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
	if kind == "" && isNewBox(m.written(s.Mark)) {
		kind = kindOfMark(m.written(s.Mark))
	}
	if mark := kindMarks[kind][state]; mark != "" {
		return markStyle{mark: mark}
	}
	if s.boxed {
		return markStyle{mark: boxOf(state)}
	}
	return markStyle{mark: state.Mark()}
}

func isHTML(mark string) bool { return strings.HasPrefix(mark, "<") }

// isNewBox reports whether an open box belongs to a family of marks by itself. "[ ]"
// goes with any family.
func isNewBox(mark string) bool {
	return isHTML(mark) || isBallot(mark) && mark != "⬜"
}

// kindOfMark is the family of a mark. It is "" for our marks and for "[ ]".
func kindOfMark(mark string) string {
	switch {
	case isTicked(mark) || strings.HasPrefix(mark, "[") && strings.Contains("~/-", inBox(mark)) && inBox(mark) != "":
		return "box"
	case strings.HasPrefix(mark, "[") && inBox(mark) != "":
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
// [marking.tick].
var kindMarks = map[string]map[State]string{
	"box":           {Done: "[x]", StepFailed: "[❌]", StepRunning: "[~]", Skipped: "[-]"},
	"sign in a box": {Done: "[✅]", StepFailed: "[❌]", StepRunning: "[🔄]", Skipped: "[⏭️]"},
	"ballot":        {Done: "☑", Pending: "☐"},
	"shortcode":     {Done: ":white_check_mark:", StepFailed: ":x:", StepRunning: ":arrows_counterclockwise:", Skipped: ":next_track_button:"},
}
