package records

import (
	"strings"
	"testing"
	"time"
)

// TestStamps: a note says when and by whom it was written, and its text and ID are the
// same as without.
func TestStamps(t *testing.T) {
	const source = "# A\n\n## Deploy\n\n- 🔄 **First node**: do it\n\n## Deployment Notes\n\n### Issues Encountered\n"
	at := time.Date(2024, 8, 31, 15, 0, 0, 0, time.FixedZone("", 2*60*60))
	for _, stamp := range []Stamp{{at, "Ada Park", "deploy/first-node"}, {At: at, By: "Ada Park"}, {At: at, Step: "deploy/first-node"}, {At: at}} {
		for _, said := range []string{"502", "502 with `code`", "two\n\nparagraphs", "a <b> & *c", "[ ] a box", "ends in \\", "a\n- list"} {
			before := Parse("a.md", []byte(source), Options{})
			bare, err := AddNote(Issues, NewNote{Text: said, Code: "log"})(before)
			if err != nil {
				t.Fatal(err)
			}
			r, err := AddNote(Issues, NewNote{Text: said, Code: "log", Stamp: stamp})(before)
			if err != nil {
				t.Fatal(err)
			}
			got, want := r.Notes[0], bare.Notes[0]
			if got.Text != want.Text || got.ID != want.ID || !got.Stamp.At.Equal(at) || got.Stamp.By != stamp.By || got.Stamp.Step != stamp.Step {
				t.Errorf("%q, %v: read as %q %q %v from\n%s", said, stamp, got.ID, got.Text, got.Stamp, r.Source)
			}
			if stamp.Step != "" && r.StepName(got.Stamp) != "First node" {
				t.Errorf("at the step %q", r.StepName(got.Stamp))
			}
			below, err := AddStepNote(r.Ref(0), NewNote{Text: said, Stamp: Stamp{At: at, By: "Ada Park"}})(r)
			if err != nil || !strings.Contains(string(below.Source), "<!-- 2024-08-31T15:00:00+02:00 Ada Park -->\n") {
				t.Errorf("%q below a step: %v\n%s", said, err, below.Source)
			}
		}
	}
	for _, comment := range []string{"<!-- 2024-08-31 -->", "<!-- 14:30 -->", "<!-- later -->", "<!-- tip: 2024-08-31-14-30#tip-a -->"} {
		r := Parse("a.md", []byte(source+"\n- 502 "+comment+"\n"), Options{})
		if len(r.Notes) != 1 || r.Notes[0].Stamp != (Stamp{}) || r.Notes[0].Text != "502" {
			t.Errorf("%s: %+v", comment, r.Notes)
		}
	}
}
