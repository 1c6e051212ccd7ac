package records

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/text"
)

// FuzzChanges: whatever a record holds, each change of a sequence either is read
// as it was meant and has touched only the lines it must, or it is refused.
func FuzzChanges(f *testing.F) {
	addRecordsWith(f, func(source []byte) { f.Add(source, []byte{0, 7, 1, 13, 2, 4, 9, 3, 11, 5}) })
	f.Fuzz(checkChanges)
}

// TestChangesOfFragments does the same with records that are put together of
// fragments; COUNT of them, with another SEED if that is set.
func TestChangesOfFragments(t *testing.T) {
	seed, _ := strconv.ParseUint(os.Getenv("SEED"), 10, 64)
	count, err := strconv.Atoi(os.Getenv("COUNT"))
	if err != nil {
		count = 200
	}
	rng := rand.New(rand.NewPCG(seed, 2))
	for range count {
		source, ops := fragments(rng), make([]byte, 6)
		for i := range ops {
			ops[i] = byte(rng.IntN(256))
		}
		if !t.Run("", func(t *testing.T) { checkChanges(t, source, ops) }) {
			t.Fatalf("SEED=%d: %q, %v", seed, source, ops)
		}
	}
}

// TestChangesOfLegacyRecords: nothing is refused in what teams wrote by hand.
func TestChangesOfLegacyRecords(t *testing.T) {
	files, _ := filepath.Glob("../site/testdata/legacy/deployments/checklists/*.md")
	if len(files) == 0 {
		t.Fatal("there are none")
	}
	for _, file := range files {
		source, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		r := Parse(filepath.Base(file), source, Options{})
		for op := 0; op < 256; op += 3 {
			if checkChange(t, r, byte(op), 1) == nil {
				t.Errorf("%s: change %d was refused", file, op)
			}
		}
	}
}

// checkChanges makes a change for each byte of ops.
func checkChanges(t *testing.T, source, ops []byte) {
	if len(source) > 8<<10 || len(ops) > 12 {
		return
	}
	r := Parse(recordName1, source, Options{})
	for i, op := range ops {
		if after := checkChange(t, r, op, i); after != nil {
			r = after
		}
		if t.Failed() {
			return
		}
	}
}

// checkChange makes one change. It gives nil where that was refused.
func checkChange(t *testing.T, r *Record, op byte, n int) *Record {
	kept := bytes.Clone(r.Source)
	change, check := changeOf(r, op, n)
	if change == nil {
		return nil
	}
	after, err := change(r)
	if !bytes.Equal(r.Source, kept) {
		t.Fatal("the record it was given was changed")
	}
	if err != nil {
		return nil
	}
	again := Parse(r.File, after.Source, Options{})
	if dump(again) != dump(after) {
		t.Errorf("it is not what is read: %q", after.Source)
	}
	if bytes.Contains(r.Source, []byte("\r\n")) && bytes.Count(r.Source, []byte("\n")) == bytes.Count(r.Source, []byte("\r\n")) &&
		bytes.Count(after.Source, []byte("\n")) != bytes.Count(after.Source, []byte("\r\n")) {
		t.Errorf("not all lines of %q end in CR LF", after.Source)
	}
	if what := check(again, lostLines(r.Source, after.Source)); what != "" {
		t.Errorf("%s:\nbefore %q\nafter  %q", what, r.Source, after.Source)
	}
	return after
}

// changeOf is the change that a byte stands for, and its check: it is given the
// record as it is read afterwards and the lines that it lost.
func changeOf(r *Record, op byte, n int) (Change, func(after *Record, lost []string) string) {
	at := time.Date(2026, 8, 31, 15, n, int(op)%60, 0, time.FixedZone("", int(op%5)*3600))
	text := []string{"word", "**bold** `code`", "<a> \\ [x]", "two\nlines", "- item", "# h", "✅ x", "None of it: a_b"}[int(op)/16%8]
	switch i := int(op) / 8; {
	case op%8 < 3 && len(r.Steps) > 0:
		return checkedMark(r, i%len(r.Steps), States[i%len(States)], at)
	case op%8 == 3 && len(r.Steps) > 0:
		return checkedStepNote(r, i%len(r.Steps), text)
	case op%8 < 6:
		return checkedNote(r, []NoteKind{Well, Issues, Lessons, Tips}[i%4], NewNote{Text: text, Code: strings.Repeat("`"+text+"\r\n", int(op)%2)})
	case op%8 == 6:
		return checkedFinish(r, Outcome{Statuses[1+i%4], at})
	}
	return Reopen, func(after *Record, lost []string) string {
		if after.Status != InProgress || !after.Finished.IsZero() || !sameSteps(r, after, -1) || len(after.Notes) != len(r.Notes) {
			return fmt.Sprintf("reopened it is %s, end %v", after.Status, after.Finished)
		}
		return onlyMetadata(r, lost)
	}
}

func checkedMark(r *Record, i int, state State, at time.Time) (Change, func(*Record, []string) string) {
	return MarkStep(r.Ref(i), Mark{State: state, At: at, By: "Ada Park", Was: r.Steps[i].State}), func(after *Record, lost []string) string {
		was := r.Steps[i]
		switch s := after.Steps[i]; {
		case s.State != state:
			return fmt.Sprintf("step %d is %s, not %s", i, s.State, state)
		case state == Pending && was.State != Pending && !s.At.IsZero(), state != Pending && was.State != state && (!s.At.Equal(at) || s.By != "Ada Park"):
			return fmt.Sprintf("step %d was marked at %v by %q", i, s.At, s.By)
		case !sameSteps(r, after, i) || len(after.Notes) != len(r.Notes) || len(lost) > 2:
			return fmt.Sprintf("marking step %d changed more: %q", i, lost)
		}
		for _, line := range lost {
			if !strings.Contains(wholeLines(r, was.Span), line) {
				return fmt.Sprintf("the line %q is not of step %d", line, i)
			}
		}
		return ""
	}
}

func checkedStepNote(r *Record, i int, text string) (Change, func(*Record, []string) string) {
	return AddStepNote(r.Ref(i), NewNote{Text: text}), func(after *Record, lost []string) string {
		if !sameSteps(r, after, -1) || len(after.Notes) != len(r.Notes) {
			return fmt.Sprintf("a note on step %d changed more: %q", i, lost)
		}
		may := "" // a row holds its note, and lines with notes below become list items
		switch n := r.Steps[i].Node.(type) {
		case *extensionast.TableCell:
			may = wholeLines(r, r.Steps[i].Span)
		case *ast.ListItem:
			if isLine(n) {
				may = wholeLines(r, r.BlockSpan(n.Parent()))
			}
		}
		for _, line := range lost {
			if !strings.Contains(may, line) {
				return fmt.Sprintf("a note on step %d lost the line %q", i, line)
			}
		}
		if len(after.StepNotes(after.Steps[i])) <= len(r.StepNotes(r.Steps[i])) {
			return fmt.Sprintf("step %d has no new note", i)
		}
		return ""
	}
}

func checkedNote(r *Record, kind NoteKind, n NewNote) (Change, func(*Record, []string) string) {
	return AddNote(kind, n), func(after *Record, lost []string) string {
		note, ok := AddedNote(r, after)
		if !ok || note.Kind != kind || len(after.Notes) != len(r.Notes)+1 {
			return "there is no new note"
		}
		if want := text.Fold(n.Text); !strings.HasPrefix(text.Fold(note.Text), want) {
			return fmt.Sprintf("the note says %q", note.Text)
		}
		if !sameSteps(r, after, -1) || len(lost) > 1 {
			return fmt.Sprintf("a note changed more: %q", lost)
		}
		for _, line := range lost {
			if !IsPlaceholder(strings.TrimLeft(line, "-+*>1234567890.) \t")) && !IsPlaceholder(firstBlock(Parse("x.md", []byte(line), Options{}))) {
				return fmt.Sprintf("the line %q is lost", line)
			}
		}
		return ""
	}
}

// firstBlock is the plain text of a record's first block.
func firstBlock(r *Record) string {
	if r.Document.Root == nil || r.Document.Root.FirstChild() == nil {
		return ""
	}
	return r.Plain(r.Document.Root.FirstChild())
}

func checkedFinish(r *Record, o Outcome) (Change, func(*Record, []string) string) {
	return Finish(o), func(after *Record, lost []string) string {
		if after.Status != o.Status || after.Finished.IsZero() || !r.Finished.IsZero() && !r.Finished.Time.Equal(after.Finished.Time) {
			return fmt.Sprintf("it is %s, end %v", after.Status, after.Finished)
		}
		if !sameSteps(r, after, -1) || len(after.Notes) != len(r.Notes) {
			return "steps or notes are others"
		}
		return onlyMetadata(r, lost)
	}
}

// onlyMetadata: the lines that were lost tell status, end or metrics.
func onlyMetadata(r *Record, lost []string) string {
	var may strings.Builder
	for _, f := range r.FrontMatter.Fields {
		may.WriteString(wholeLines(r, text.Span{Start: f.NameSpan.Start, End: f.Value.Span.End}))
	}
	for _, m := range r.Metrics {
		may.WriteString(wholeLines(r, text.Span{Start: m.Span.Start, End: max(m.Span.End, m.Value.Span.End)}))
	}
	if r.FrontMatter.Format == "json" || bytes.Contains(r.Source[:r.FrontMatter.Span.End], []byte("{")) {
		may.WriteString(wholeLines(r, r.FrontMatter.Span)) // in one line with others
	}
	for _, line := range lost {
		if !strings.Contains(may.String(), line) {
			return fmt.Sprintf("the line %q is lost", line)
		}
	}
	return ""
}

func wholeLines(r *Record, s text.Span) string {
	return string(r.Source[lineStart(r.Source, s.Start):nextLine(r.Source, max(s.Start, s.End-1))])
}

// sameSteps: all steps but one are what they were.
func sameSteps(r, after *Record, but int) bool {
	a, b := outlineOf(r)[inSteps], outlineOf(after)[inSteps]
	if len(a) != len(b) {
		return false
	}
	if but >= 0 {
		a[but], b[but] = "", ""
	}
	return slices.Equal(a, b)
}

// lostLines are the lines of before that a longest common subsequence with after
// does not hold. A line that only got its end is not lost.
func lostLines(before, after []byte) (lost []string) {
	a, b := splitLines(before), splitLines(after)
	for len(a) > 0 && len(b) > 0 && a[0] == b[0] {
		a, b = a[1:], b[1:]
	}
	for len(a) > 0 && len(b) > 0 && a[len(a)-1] == b[len(b)-1] {
		a, b = a[:len(a)-1], b[:len(b)-1]
	}
	length := make([][]int, len(a)+1)
	for i := range length {
		length[i] = make([]int, len(b)+1)
	}
	for i := len(a) - 1; i >= 0; i-- {
		for j := len(b) - 1; j >= 0; j-- {
			length[i][j] = max(length[i+1][j], length[i][j+1])
			if a[i] == b[j] {
				length[i][j] = length[i+1][j+1] + 1
			}
		}
	}
	for i, j := 0, 0; i < len(a); {
		switch {
		case j < len(b) && a[i] == b[j]:
			i, j = i+1, j+1
		case j < len(b) && length[i][j+1] >= length[i+1][j]:
			j++
		default:
			lost = append(lost, a[i])
			i++
		}
	}
	return lost
}

func splitLines(text []byte) (lines []string) {
	for _, line := range strings.SplitAfter(strings.TrimPrefix(string(text), "\ufeff"), "\n") {
		lines = append(lines, strings.TrimRight(line, "\r\n"))
	}
	return lines
}
