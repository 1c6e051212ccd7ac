package records

import (
	"errors"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/text"
)

// The first sentence is a step's name, and what Markdown would not show is
// escaped.
func TestAddStepWritesTheTextAsItIs(t *testing.T) {
	for text, want := range map[string]string{
		"Purge the cache":                   "**Purge the cache**",
		"Purge the cache. Then wait.":       "**Purge the cache**. Then wait.",
		"Purge: all of it":                  "**Purge**: all of it",
		"Is it v1.4.2? Then wait":           "**Is it v1.4.2?** Then wait",
		"mise run db:purge --all":           "**mise run db:purge --all**",
		"a *b* c":                           `**a \*b\* c**`,
		"max_connections < 80 & [x]":        "**max_connections < 80 & [x]**",
		"&lt; is <":                         `**&amp;lt; is \<**`,
		"✅ done":                            "**✅ done**",
		"two\n\nlines":                      "**two lines**",
		"- [ ] dash":                        "**- [ ] dash**",
		"ends here <!-- 2024-01-01 Ada -->": `**ends here \<!-- 2024-01-01 Ada --\>**`,
	} {
		r := Parse(recordName1, []byte("# T\n\n- [ ] a\n"), Options{})
		after, err := AddStep(NewStep{Text: text, Comment: "from: <a> --"})(r)
		if err != nil {
			t.Errorf("%q: %v", text, err)
			continue
		}
		if want = "# T\n\n- [ ] a\n- [ ] " + want + " <!-- from: a -->\n"; string(after.Source) != want {
			t.Errorf("%q:\n%s", text, after.Source)
		}
		step, ok := AddedStep(r, after)
		if !ok || step.Text != strings.Join(strings.Fields(text), " ") || step.State != Pending {
			t.Errorf("%q is read as %+v", text, step)
		}
	}
}

func TestAddStepRefuses(t *testing.T) {
	r := Parse(recordName1, []byte("# T\n\n## Deploy\n\n- [ ] a\n\n## Empty\n"), Options{})
	for _, text := range []string{"", " \n", "TBD", "-"} {
		if _, err := AddStep(NewStep{Text: text})(r); !errors.Is(err, ErrNoNote) {
			t.Errorf("%q: %v", text, err)
		}
	}
	if _, err := AddStep(NewStep{Text: "b", Section: "Empty"})(r); err == nil {
		t.Error("a section without steps was accepted")
	}
}

// What is not read changes nothing that is; what would be is refused.
func TestUnread(t *testing.T) {
	r := Parse(recordName1, []byte("# T\n\n- [ ] a\n"), Options{})
	at := func(content string) []Edit { return []Edit{{text.Span{Start: 4, End: 4}, content}} }
	after, err := Unread(func(*Record) [][]Edit { return [][]Edit{at("- [ ] b\n\n"), at("## H\n\n"), at("Text.\n\n")} })(r)
	if err != nil || string(after.Source) != "# T\nText.\n\n\n- [ ] a\n" {
		t.Errorf("%v\n%s", err, after.Source)
	}
	if _, err := Unread(func(*Record) [][]Edit { return [][]Edit{at("Status: failed\n\n")} })(r); err == nil {
		t.Error("a fact was written")
	}
}

func TestInline(t *testing.T) {
	for content, want := range map[string]string{
		"plain, with: colons. And max_connections": "plain, with: colons. And max_connections",
		"_a_ *b* `c` [d](e) <f> ~~g~~ \\h | $i":    "\\_a\\_ \\*b\\* \\`c\\` \\[d\\](e) \\<f> \\~\\~g\\~\\~ \\\\h \\| \\$i",
		"a & b &amp; &x":                           "a & b &amp;amp; &amp;x",
		"two\nlines \x1b[0m":                       "two lines \\[U+001B\\]\\[0m",
	} {
		if got := text.Inline(content, 100); got != want {
			t.Errorf("%q: %q, want %q", content, got, want)
		}
	}
	if got := text.Inline("ab*cd", 4); got != `ab\*…` {
		t.Errorf("cut: %q", got)
	}
}

func TestStepNotes(t *testing.T) {
	r := Parse(recordName1, []byte("- ❌ **a**: b\n  - one *two*\n    - three\n  - [ ] nested\n    - of the nested\n\n  four\n\n  > five\n\n      code\n- [ ] c\n"), Options{})
	got := strings.Join(r.StepNotes(r.Steps[0]), "|")
	if got != "one two|three|four|five" {
		t.Errorf("%q", got)
	}
}
