package records

import (
	"errors"
	"strings"
	"testing"
)

// noted adds a note to a record.
func noted(t *testing.T, source string, kind NoteKind, n NewNote) string {
	t.Helper()
	r := Parse(recordName1, []byte(source), Options{})
	after, err := AddNote(kind, n)(r)
	if err != nil {
		t.Fatalf("%q: %v", source, err)
	}
	if added, ok := AddedNote(r, after); !ok || added.Kind != kind {
		t.Errorf("%q: the note that was added is %q", after.Source, added.Text)
	}
	return string(after.Source)
}

func TestAddNote(t *testing.T) {
	for name, test := range map[string]struct{ before, after string }{
		"an empty item":             {"## Tips\n\n-\n", "## Tips\n\n- new\n"},
		"a placeholder":             {"## Tips\r\n* [PENDING]\r\n* TBD\r\n", "## Tips\r\n* new\r\n* TBD\r\n"},
		"a paragraph":               {"## Tips\n\nTo be filled in\n\n## Rollback\n", "## Tips\n\n- new\n\n## Rollback\n"},
		"a list":                    {"## Tips\n1. one\n2. two\n\n\n## B\n", "## Tips\n1. one\n2. two\n3. new\n\n\n## B\n"},
		"a list of ones":            {"## Tips\n1) one\n1) two\n", "## Tips\n1) one\n1) two\n1) new\n"},
		"a list with room":          {"## Tips\n\n * one\n\n * two\n\n## B\n", "## Tips\n\n * one\n\n * two\n\n * new\n\n## B\n"},
		"no line feed at the end":   {"## Tips\n+ one", "## Tips\n+ one\n+ new\n"},
		"prose":                     {"## Tips\n\nBe careful.\n## B\n", "## Tips\n\nBe careful.\n\n- new\n\n## B\n"},
		"a comment":                 {"## Tips\n\n- <!-- what to do -->\n", "## Tips\n\n- <!-- what to do -->\n- new\n"},
		"only the heading":          {"## Tips\n## B\n", "## Tips\n\n- new\n\n## B\n"},
		"structured ones below":     {"## Tips\n\n### More\n\n- x\n", "## Tips\n\n- new\n\n### More\n\n- x\n"},
		"with an emoji, numbered":   {"### 4. 💡 Tips for Next Deployment (optional)\n\n-   one\n", "### 4. 💡 Tips for Next Deployment (optional)\n\n-   one\n-   new\n"},
		"an empty file":             {"", "## Deployment Notes\n\n### Tips for Next Deployment\n\n- new\n"},
		"a byte order mark":         {"\ufeff", "\ufeff## Deployment Notes\n\n### Tips for Next Deployment\n\n- new\n"},
		"no such section":           {"# T\n- [ ] a", "# T\n- [ ] a\n\n## Deployment Notes\n\n### Tips for Next Deployment\n\n- new\n"},
		"notes without the section": {"# T\n\n## Deployment Notes\n\nx\n\n## B\n", "# T\n\n## Deployment Notes\n\nx\n\n### Tips for Next Deployment\n\n- new\n\n## B\n"},
		"sections around it":        {"## Lessons\n\n- x\n\n## Metrics\n", "## Lessons\n\n- x\n\n## Tips for Next Deployment\n\n- new\n\n## Metrics\n"},
		"sections before it":        {"# Lessons\n## x\n# B\n", "# Lessons\n## x\n\n# Tips for Next Deployment\n\n- new\n\n# B\n"},
		"metadata above":            {"## Metadata\n- Version: 1\n\n## A\n- [ ] a\n", "## Metadata\n- Version: 1\n\n## A\n- [ ] a\n\n## Deployment Notes\n\n### Tips for Next Deployment\n\n- new\n"},
		"a comment left open":       {"# T\n\n<!-- log\n", "# T\n\n## Deployment Notes\n\n### Tips for Next Deployment\n\n- new\n\n<!-- log\n"},
	} {
		if got := noted(t, test.before, Tips, NewNote{Text: "new"}); got != test.after {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, test.after)
		}
	}
}

// A code block that is not closed would take the note in.
func TestAddNoteRefuses(t *testing.T) {
	for _, source := range []string{"# T\n\n```\nlog\n", "\xff\xfe#\x00"} {
		r := Parse(recordName1, []byte(source), Options{})
		if after, err := AddNote(Tips, NewNote{Text: "new"})(r); !errors.Is(err, errDoesNotFit) {
			t.Errorf("%q: %v, %v", source, after, err)
		}
	}
}

func TestAddIssueToALog(t *testing.T) {
	before := "## Issues Encountered\n\n### Issue #1: full disk\n\n- **Phase**: Build\n"
	want := "## Issues Encountered\n\n- new\n\n### Issue #1: full disk\n\n- **Phase**: Build\n"
	if got := noted(t, before, Issues, NewNote{Text: "new"}); got != want {
		t.Errorf("%q", got)
	}
}

func TestTextOfNotes(t *testing.T) {
	for text, want := range map[string]string{
		"Purge **first**, by `cdn purge <zone>`, see [x](https://a.example)": "- Purge **first**, by `cdn purge <zone>`, see [x](https://a.example)\n",
		"two\r\nlines \n\nand more\n":                                        "- two\n  lines\n\n  and more\n",
		"restart <service> first":                                            "- restart \\<service\\> first\n",
		"<!-- gone -->":                                                      "- \\<\\!-- gone --\\>\n",
		"# not a heading":                                                    "- \\# not a heading\n",
		"[x] is not a mark":                                                  "- &#91;x\\] is not a mark\n",
		":x: neither":                                                        "- \\:x\\: neither\n",
		"[a]: https://a.example":                                             "- &#91;a\\]\\: https\\://a.example\n",
		"title\n---":                                                         "- title\n  \\---\n",
		"title\n===":                                                         "- title\n  \\===\n",
		"\x1b[31mred\x1b[0m \u202eback\x00":                                  "- [31mred[0m back\n",
		"1. one\n2. two":                                                     "- 1. one\n  2. two\n",
	} {
		if got := strings.TrimPrefix(noted(t, "## Tips\n", Tips, NewNote{Text: text}), "## Tips\n\n"); got != want {
			t.Errorf("%q:\ngot  %q\nwant %q", text, got, want)
		}
	}
	for _, nothing := range []string{"", " \n", "none", "TBD", "-", "N/A", "[PENDING]"} {
		r := Parse(recordName1, []byte("## Tips\n"), Options{})
		if _, err := AddNote(Tips, NewNote{Text: nothing})(r); !errors.Is(err, ErrNoNote) {
			t.Errorf("%q: %v", nothing, err)
		}
	}
}

func TestCodeOfNotes(t *testing.T) {
	for code, want := range map[string]string{
		"plain":                          "```text\n  plain",
		"\n\n  indented\n\n\tmore\r\n\n": "```text\n    indented\n\n  \tmore",
		"a ``` fence\n````":              "`````text\n  a ``` fence\n  ````",
		"\x1b[1;31mERROR\x1b[0m \x1b]0;t\x07 x\x08": "```text\n  ERROR  x",
		"  3%\r 50%\r100%\r\nok":                    "```text\n  100%\n  ok",
		"- [ ] no step\n# no heading\n<b>":          "```text\n  - [ ] no step\n  # no heading\n  <b>",
		strings.Repeat("y\n", 400):                  "```text\n" + strings.Repeat("  y\n", 399) + "  y",
		strings.Repeat("x\n", 1000) + "end":         "```text\n  " + strings.Repeat("x\n  ", 100) + "[… 602 lines left out …]\n" + strings.Repeat("  x\n", 298) + "  end",
	} {
		got := noted(t, "## Issues\n", Issues, NewNote{Text: "It failed", Code: code})
		fence := want[:strings.Index(want, "text")]
		if want = "## Issues\n\n- It failed\n  " + want + "\n  " + fence + "\n"; got != want {
			t.Errorf("%q:\ngot  %q\nwant %q", code, got, want)
		}
	}
}

func TestAddStepNote(t *testing.T) {
	for name, test := range map[string]struct{ before, text, after string }{
		"none so far":  {"- [ ] a\n- [ ] b\n", "new", "- [ ] a\n  - new\n- [ ] b\n"},
		"others":       {"1. [ ] a\r\n   * one\r\n1. [ ] b\r\n", "new", "1. [ ] a\r\n   * one\r\n   * new\r\n1. [ ] b\r\n"},
		"two lines":    {"- [ ] a", "new\nmore", "- [ ] a\n  - new\n    more\n"},
		"nested steps": {"- [ ] a\n  - [ ] b\n- [ ] c\n", "new", "- [ ] a\n  - [ ] b\n  - new\n- [ ] c\n"},
		"code below":   {"- [ ] a\n  ```\n  log\n  ```\n", "new", "- [ ] a\n  ```\n  log\n  ```\n  - new\n"},
		"in a quote":   {"> - [ ] a\n> - [ ] b\n", "new", "> - [ ] a\n>   - new\n> - [ ] b\n"},
		"tabs":         {"-\t[ ] a\n-\t[ ] b\n", "new", "-\t[ ] a\n \t- new\n-\t[ ] b\n"},
		"a mark":       {"- [ ] a\n", "✅ second try", "- [ ] a\n  - – ✅ second try\n"},
		"a box":        {"- [ ] a\n", "[x] second try", "- [ ] a\n  - &#91;x\\] second try\n"},
		"none":         {"- [ ] a\n", "none", "- [ ] a\n  - none\n"},
	} {
		r := Parse(recordName1, []byte(test.before), Options{})
		after, err := AddStepNote(r.Ref(0), NewNote{Text: test.text})(r)
		if err != nil {
			t.Errorf("%s: %v", name, err)
		} else if got := string(after.Source); got != test.after {
			t.Errorf("%s:\ngot  %q\nwant %q", name, got, test.after)
		}
	}
}

func TestAddBelowNote(t *testing.T) {
	const link = "As in [the August outage](2024-08-31-14-30-deployment.md)"
	source := noted(t, "## Issues\n\n* first\n", Issues, NewNote{Text: "It failed", Code: "exit 1"})
	r := Parse(recordName1, []byte(source), Options{})
	after, err := AddBelowNote(r.Notes[1].ID, link)(r)
	if err != nil {
		t.Fatal(err)
	}
	if want := "## Issues\n\n* first\n* It failed\n  ```text\n  exit 1\n  ```\n  - " + link + "\n"; string(after.Source) != want {
		t.Errorf("%q", after.Source)
	}
	if _, err := AddBelowNote("issue-gone", link)(r); !errors.Is(err, ErrStale) {
		t.Error(err)
	}
	r = Parse(recordName1, []byte("## Issues\n\nA paragraph.\n\n### Issue #1: nothing more\n"), Options{})
	for _, n := range r.Notes {
		if _, err := AddBelowNote(n.ID, link)(r); !errors.Is(err, errDoesNotFit) {
			t.Errorf("%s: %v", n.ID, err)
		}
	}
}

// TestNotesOfTheExample adds a note of each kind to each record of the example:
// lines come, none goes but an empty one.
func TestNotesOfTheExample(t *testing.T) {
	for name, source := range exampleRecords(t) {
		for _, kind := range []NoteKind{Well, Issues, Lessons, Tips} {
			after := noted(t, string(source), kind, NewNote{Text: "A new note on <this>"})
			for _, line := range changedLines(string(source), after) {
				if !strings.Contains(line, "A new note") && strings.TrimSpace(line) != "" && !strings.HasPrefix(line, "#") {
					t.Errorf("%s: %q", name, line)
				}
			}
		}
	}
}
