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

// StepRef names a step so that it is found in a later reading of the file, even
// if lines came or went before it.
type StepRef struct {
	Key string
	Nth int // from 0, of the steps that have this key
	Of  int // how many have it
}

// Ref names the step at an index of Steps.
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

// Find gives the index of the step that a reference names. It is not found
// where it is gone, or where there are more or fewer of its name than before.
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

// MarkStep gives a step another state, written as the record writes it, with a
// stamp that says when and by whom. A pending step has no stamp. A step that has
// the state and a stamp already stays as it is: the first time counts.
//
// The error is [ErrStale] where the step is gone or no longer in the state Was.
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

// markWays are the ways to write a step's new state, the best first. A box in HTML
// is ticked in its tag, whose id and class are none of our business. For the other
// states HTML has no box: a mark stands there instead of the tag.
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

// markEdit replaces a step's mark, and parts it by a blank from what would make
// a link of "[ ]".
func (e *editor) markEdit(s Step, mark string) Edit {
	if end := s.Mark.End; strings.HasSuffix(mark, "]") && end < len(e.Source) && strings.IndexByte("([:", e.Source[end]) >= 0 {
		mark += " "
	}
	return Edit{s.Mark, mark}
}

// behindText is the edit that puts something behind a step's text, in the place
// of what stood there. "" takes that away, with the blanks before it.
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

// boxOf is how a state is written where nothing but boxes is read.
func boxOf(state State) string { return cmp.Or(kindMarks["box"][state], state.Mark()) }

// signInBox is a box that a sign at the end, as in "[x] smoke tests ❌", has no
// say over.
func signInBox(state State) string {
	return cmp.Or(kindMarks["sign in a box"][state], state.Mark())
}

func ourStyle(state State) markStyle { return markStyle{mark: state.Mark()} }

// styleOf is how the record writes a state: as most of the other steps in it
// have it, or else in the kind of marks that it uses for other states. Where only
// boxes are read, steps that may have any mark are no example.
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

// isNewBox tells the boxes that say by themselves how their fellows are written;
// "[ ]" goes with any mark.
func isNewBox(mark string) bool {
	return isHTML(mark) || isBallot(mark) && mark != "⬜"
}

func (e *editor) text(s text.Span) string { return string(e.Source[s.Start:s.End]) }

// kindOfMark tells the families of marks; "" is for ours and for pending ones.
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

// kindMarks is how the families write each state. A box in HTML is no mark to
// replace, see tickEdits.
var kindMarks = map[string]map[State]string{
	"box":           {Done: "[x]", StepFailed: "[❌]", StepRunning: "[~]", Skipped: "[-]"},
	"sign in a box": {Done: "[✅]", StepFailed: "[❌]", StepRunning: "[🔄]", Skipped: "[⏭️]"},
	"ballot":        {Done: "☑", Pending: "☐"},
	"shortcode":     {Done: ":white_check_mark:", StepFailed: ":x:", StepRunning: ":arrows_counterclockwise:", Skipped: ":next_track_button:"},
}
