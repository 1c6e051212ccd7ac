package records

import (
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/text"
)

func TestApply(t *testing.T) {
	source := []byte("one two three")
	got, err := apply(source, Edit{text.Span{Start: 8, End: 13}, "3"}, Edit{text.Span{Start: 0, End: 3}, "1"}, Edit{text.Span{Start: 3, End: 3}, ","}, Edit{text.Span{Start: 13, End: 13}, "!"})
	if err != nil || string(got) != "1, two 3!" {
		t.Errorf("got %q, %v", got, err)
	}
	if string(source) != "one two three" {
		t.Error("the source was changed")
	}
	for name, edits := range map[string][]Edit{
		"overlap": {{text.Span{Start: 0, End: 5}, ""}, {text.Span{Start: 4, End: 6}, ""}},
		"outside": {{text.Span{Start: 10, End: 20}, ""}},
		"turned":  {{text.Span{Start: 5, End: 2}, ""}},
		"before":  {{text.Span{Start: -1, End: 2}, ""}},
	} {
		if _, err := apply(source, edits...); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}

// TestMarkEdit changes a step in a file that no editor would write, and nothing
// else.
func TestMarkEdit(t *testing.T) {
	source := "\ufeff---\r\ntitle:   \"odd\"\r\n---\r\n\r\n *   [x]  first ✅ \r\n\t\t- ❌\tsecond\r\n> 1) :x: third"
	r := Parse(recordName1, []byte(source), Options{})
	if len(r.Steps) != 3 {
		t.Fatalf("steps are %v", r.Steps)
	}
	got, err := apply(r.Source, markOnly(r, r.Steps[1], Skipped), markOnly(r, r.Steps[2], Done))
	want := strings.NewReplacer("❌", "⏭️", ":x:", "✅").Replace(source)
	if err != nil || string(got) != want {
		t.Errorf("got %q, %v", got, err)
	}
}

func TestMarkEditMakesNoLink(t *testing.T) {
	r := Parse(recordName1, []byte("- ✅(optional) announce\n"), Options{})
	got, err := apply(r.Source, markOnly(r, r.Steps[0], Pending))
	if want := "- [ ] (optional) announce\n"; err != nil || string(got) != want {
		t.Errorf("got %q, %v; want %q", got, err, want)
	}
}

// markOnly is the edit that gives a step another state, without stamp and end mark.
func markOnly(r *Record, s Step, state State) Edit {
	mark := state.Mark()
	if s.boxed {
		mark = signInBox(state)
	}
	if isStruckOut(mark, s.Text) || isStruckOut(mark, string(r.Source[s.Own.Start:s.Own.End])) {
		mark = unstruck(state)
	}
	return marking{layout{r}, s, s}.mark(mark)
}
