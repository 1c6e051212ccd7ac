package records

import (
	"strings"
	"testing"
)

// TestTickHTML: of a tag nothing but its attribute checked changes, and it goes
// the way back.
func TestTickHTML(t *testing.T) {
	for _, test := range []struct{ open, ticked string }{
		{`<input type="checkbox" id="bk" class="task" name="q" disabled>`, `<input type="checkbox" id="bk" class="task" name="q" disabled checked>`},
		{`<input type=checkbox />`, `<input type=checkbox checked />`},
		{`<input type=checkbox/>`, `<input type=checkbox checked/>`},
		{`<INPUT  TYPE='CheckBox'	>`, `<INPUT  TYPE='CheckBox' checked	>`},
		{`<input type = "checkbox" title="is checked last" data-checked=1>`, `<input type = "checkbox" title="is checked last" data-checked=1 checked>`},
	} {
		if got := tick(t, test.open, Done); got != test.ticked {
			t.Errorf("%s ticked: %s", test.open, got)
		}
		if got := tick(t, test.ticked, Pending); got != test.open {
			t.Errorf("%s not ticked: %s", test.ticked, got)
		}
	}
}

func TestUntickHTML(t *testing.T) {
	for before, want := range map[string]string{
		`<input checked type=checkbox />`:                          `<input type=checkbox />`,
		`<input CHECKED type="checkbox">`:                          `<input type="checkbox">`,
		`<input type="checkbox" checked="checked" id='a b'>`:       `<input type="checkbox" id='a b'>`,
		`<input type="checkbox" checked = false id=c>`:             `<input type="checkbox" id=c>`,
		`<input type="checkbox"checked>`:                           `<input type="checkbox">`,
		`<input checked=""type="checkbox" Checked='' value="a/b">`: `<input type="checkbox" value="a/b">`,
		`<input type=checkbox checked/>`:                           `<input type=checkbox/>`,
	} {
		if got := tick(t, before, Pending); got != want {
			t.Errorf("%s not ticked: %s", before, got)
		}
	}
}

// TestFailedHTML: HTML has no box for what is neither done nor open.
func TestFailedHTML(t *testing.T) {
	if got := tick(t, `<input type="checkbox" id="bk">`, StepFailed); got != "[❌]" {
		t.Errorf("failed: %s", got)
	}
}

// tick marks the second of three steps in HTML, whose boxes are written in another
// way than the others, and gives what stands in the place of its box.
func tick(t *testing.T, box string, state State) string {
	t.Helper()
	const before, between = "<ul>\n<li><input type=\"checkbox\" class=first checked> Freeze</li>\n<li>", " <label for=\"bk\">Backup</label>"
	const after = "</li>\n<li><input type=\"checkbox\"> Deploy</li>\n</ul>\n"
	got := marked(t, before+box+between+after, 1, state)
	got = strings.Replace(got, " "+noonStamp, "", 1)
	begins, ends := strings.CutPrefix(got, before)
	mark, rest, _ := strings.Cut(begins, between)
	if !ends || rest != after {
		t.Errorf("more than the box %s was changed: %q", box, got)
	}
	return mark
}
