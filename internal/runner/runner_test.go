package runner

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/store"
)

// TestKeys presses keys, and looks at the file on the disk afterwards. Each test
// begins at the step “First node”.
func TestKeys(t *testing.T) {
	stamp, issueStamp := " <!-- 2024-08-31T15:00:00+02:00 Ada Park -->", " <!-- 2024-08-31T15:00:00+02:00 Ada Park, step deploy/first-node -->"
	for _, test := range []struct{ keys, old, new string }{
		{"d", "- 🔄 **First node**: `mise run deploy --node node-a` <!-- 2024-08-31T14:50:00+02:00 Ada Park -->", "- ✅ **First node**: `mise run deploy --node node-a`" + stamp},
		{"j f", "- [ ] **CDN purged**: `mise run cdn:purge`, then `mise run cdn:verify` shows the new build hash", "- ❌ **CDN purged**: `mise run cdn:purge`, then `mise run cdn:verify` shows the new build hash" + stamp},
		{"tab tab p", "- [ ] **Second node**: `mise run deploy --node node-b`", "- 🔄 **Second node**: `mise run deploy --node node-b`" + stamp},
		{"G s", "- [ ] **Dashboards quiet**: fifteen minutes without an alert", "- ⏭️ **Dashboards quiet**: fifteen minutes without an alert" + stamp},
		{"[ o", "- ✅ **Environment loaded**: `mise env` shows the variables <!-- 2024-08-31T14:32:10+02:00 Ada Park -->", "- [ ] **Environment loaded**: `mise env` shows the variables"},
		{"n “answers at last” enter", "  - slower than last time\n", "  - slower than last time\n  - answers at last" + stamp + "\n"},
		{"n “once” esc n “twice” enter", "  - slower than last time\n", "  - slower than last time\n  - twice" + stamp + "\n"},
		{"l “read the log first” enter", "### Lessons Learned\n", "### Lessons Learned\n\n- read the log first\n"},
		{"w “no alert” enter", "### What Went Well\n", "### What Went Well\n\n- no alert\n"},
		{"t “purge first” enter", "### Tips for Next Deployment\n", "### Tips for Next Deployment\n\n- purge first\n"},
		{"i “502” enter", "### Issues Encountered\n", "### Issues Encountered\n\n- 502" + issueStamp + "\n"},
		{"d o d", "- 🔄 **First node**: `mise run deploy --node node-a` <!-- 2024-08-31T14:50:00+02:00 Ada Park -->", "- ✅ **First node**: `mise run deploy --node node-a`" + stamp},
		{"n enter", "", ""},
		{"i “none” enter esc", "", ""},
		{"b F esc ? q e c enter esc r x", "", ""},
		{"z Z 5 ctrl+x", "", ""},
	} {
		d := sitDown(t, "")
		was := d.saved()
		d.press(test.keys)
		if want := strings.Replace(was, test.old, test.new, 1); d.saved() != want {
			t.Errorf("%s: the file is\n%s", test.keys, d.saved())
		}
	}
}

func TestUndo(t *testing.T) {
	d := sitDown(t, "")
	was := d.saved()
	d.press("u")
	d.wantSeen("Nothing to undo: no change of the last 30 days to this record is known here.")
	d.press("space G u")
	if d.saved() != was {
		t.Errorf("the file is\n%s", d.saved())
	}
	d.wantSeen("Undone: “First node” is in progress. u makes it again.")
	d.wantSeen("❯ ▸ in progress  First node")
	d.press("u")
	d.wantSeen("Made again: “First node” is done. u takes it back.")
	d.press("t “purge first” enter u")
	d.wantSeen("Undone: the tip “purge first” is gone.")
	d.press("d")
	d.save(d.saved() + "\n")
	d.press("u")
	d.wantSeen("Not written: the record was changed in the meantime: an editor or somebody else wrote it")
}

func TestSpaceGoesOn(t *testing.T) {
	d := sitDown(t, "")
	d.press("[ space space")
	d.wantSaved("- ✅ **First node**: `mise run deploy --node node-a` <!-- 2024-08-31T15:00:00+02:00 Ada Park -->")
	d.wantSeen("❯ ◦ open         CDN purged")
	d.wantSeen("“First node” is done.")
	d.press("space space space space space")
	d.wantSeen("“Dashboards quiet” is done.")
	d.press("k")
	d.wantSeen("No step is open. F finishes.")
}

func TestPastedIssue(t *testing.T) {
	d := sitDown(t, "")
	d.opt.Headline = func(code string) string { return "about " + strings.Fields(code)[0] }
	d.press("i")
	d.send(tea.PasteMsg{Content: "\ndeploy:\r\n  \x1b[31mError\x1b[0m\r\n"})
	d.press("enter")
	d.wantSaved("- about deploy: <!-- 2024-08-31T15:00:00+02:00 Ada Park, step deploy/first-node -->\n  ```text\n  deploy:\n    Error\n  ```\n")
	d.press("i “502 of ”")
	d.send(tea.PasteMsg{Content: "node-b"})
	d.press("enter")
	d.wantSaved("- 502 of node-b <!--")
	was := d.saved()
	d.send(tea.PasteMsg{Content: "dfs"}) // would be keys that mark steps
	d.wantSeen("What was pasted is no key.")
	if d.saved() != was {
		t.Error("pasted text was taken for keys")
	}
}

func TestSeenBefore(t *testing.T) {
	d := sitDown(t, "")
	var asked records.Note
	d.opt.Recall = func(_ context.Context, issue records.Note) ([]Earlier, error) {
		asked = issue
		return []Earlier{{Where: "v1.4.1", Link: "Seen before in [v1.4.1](2024-08-01-10-00-deployment.md)"}, {Where: "v1.4.0", Link: "other"}}, nil
	}
	d.press("i “connection refused” enter")
	if asked.Text != "connection refused" {
		t.Errorf("asked for the like of %q", asked.Text)
	}
	d.press("1")
	d.wantSaved("- connection refused <!-- 2024-08-31T15:00:00+02:00 Ada Park, step deploy/first-node -->\n  - Seen before in [v1.4.1](2024-08-01-10-00-deployment.md)\n")
	d.press("t “a tip” enter")
	if d.over != nil {
		t.Error("a tip was searched for")
	}
	d.opt.Recall = func(context.Context, records.Note) ([]Earlier, error) { return nil, errors.New("no folder") }
	d.press("i “another” enter")
	d.wantSeen("The issue is noted. Earlier records cannot be searched: no folder")
}

func TestCaution(t *testing.T) {
	d := sitDown(t, "")
	d.opt.Caution = func(text string) string {
		if strings.Contains(text, "hunter2") {
			return "Careful: a secret."
		}
		return ""
	}
	d.press("n “password hunter2” enter")
	d.wantSeen("Noted below “First node”. Careful: a secret.")
}

func TestFinish(t *testing.T) {
	d := sitDown(t, "")
	d.press("F t “purge first” enter F f")
	d.wantSaved("status: failed\n")
	d.wantSaved("finished: 2024-08-31T15:00:00+02:00\n")
	d.wantSaved("- purge first\n")
	d.wantSaved("- Total Duration: 30 min\n")
	d.wantSeen("failed, started 31 Aug 14:30")
	d.press("F")
	d.wantSeen("It is over already: failed. Take that back?")
	d.press("x")
	d.wantSaved("status: failed\n")
	d.press("F y")
	d.wantSaved("status: in-progress\n")
	d.press("F c “no budget” enter")
	d.wantSaved("status: cancelled\n")
	d.wantSaved("- Cancelled: no budget <!-- ")
}

// TestChangedElsewhere: what an editor saves is shown, and no key overwrites it.
func TestChangedElsewhere(t *testing.T) {
	d := sitDown(t, "")
	d.save(strings.Replace(d.saved(), "slower than last time", "by hand", 1) + "\n")
	d.press("d")
	d.wantSaved("  - by hand\n")
	d.wantSaved("- ✅ **First node**")
	d.wantSeen("“First node” is done. It was changed elsewhere; read again.")
	d.wantSeen("– by hand")

	d.save(strings.Replace(d.saved(), "- ✅ **First node**", "- ❌ **First node**", 1))
	was := d.saved()
	d.press("s")
	d.wantSeen("Not written: the record was changed in the meantime: the step First node is failed now.")
	d.wantSeen("❯ ✗ failed       First node")

	d.save(strings.Replace(was, "**First node**", "**Node one**", 1))
	was = d.saved()
	d.press("d")
	d.wantSeen("Not written. It was changed elsewhere; read again. The step “First node” is gone.")
	d.wantSeen("Node one")
	if d.saved() != was {
		t.Errorf("a key for a step that is gone changed the file:\n%s", d.saved())
	}

	d.save(strings.Replace(was, "**Node one**", "**Node eins**", 1))
	d.do(d.checkDisk())
	d.wantSeen("It was changed elsewhere; read again. The step “Node one” is gone.")
	d.wantSeen("Node eins")
}

// TestWhatCannotBeWritten is an error at once, and what is shown is what is on
// the disk. A text that was not written can be tried again.
func TestWhatCannotBeWritten(t *testing.T) {
	d := sitDown(t, "")
	was := d.saved()
	if err := os.Remove(d.path); err != nil {
		t.Fatal(err)
	}
	d.press("d")
	d.wantSeen("Not written: " + recordName + " cannot be changed: ")
	d.wantSeen("❯ ▸ in progress  First node")
	d.press("n “keep this” enter")
	d.wantSeen("> keep this")
	d.do(d.checkDisk())
	d.press("esc")
	d.wantSeen("What is shown is older: " + recordName + " cannot be read: ")
	d.press("n “keep this” enter")
	d.save(was)
	d.do(d.checkDisk())
	d.press("enter")
	d.wantSaved("  - keep this <!--")
}

// TestKeysWaitForTheDisk: a key that comes while another is being written is
// handled afterwards, in order.
func TestKeysWaitForTheDisk(t *testing.T) {
	d := sitDown(t, "")
	var writing []tea.Cmd
	for _, key := range []string{"space", "space", "f", "k", "s"} {
		if _, cmd := d.Update(keyOf(t, key)); cmd != nil {
			writing = append(writing, cmd)
		}
	}
	if len(writing) != 1 {
		t.Fatalf("%d changes were begun at once", len(writing))
	}
	d.do(writing[0])
	d.wantSaved("- ✅ **First node**")
	d.wantSaved("- ⏭️ **CDN purged**") // done by the second, skipped by the last
	d.wantSaved("- ❌ **Second node**")
}

// TestOldCheck: what a check of the disk saw before a change is not shown after it.
func TestOldCheck(t *testing.T) {
	d := sitDown(t, "")
	d.save(d.saved() + "\n")
	old := d.checkDisk()()
	d.press("d")
	d.send(old)
	d.wantSeen("❯ ✓ done         First node")
}

func TestHangup(t *testing.T) {
	d := sitDown(t, "")
	d.press("n “half a senten”")
	_, cmd := d.Update(hangup{})
	if _, ok := cmd().(tea.QuitMsg); !ok {
		t.Error("it does not end")
	}
	if err := d.rescue(); err != nil {
		t.Fatal(err)
	}
	d.wantSaved("  - half a senten <!--")

	d = sitDown(t, "")
	d.Update(keyOf(t, "d")) // handed out, and nobody made it
	if _, cmd := d.Update(hangup{}); cmd != nil {
		t.Error("it ends while a change is being written")
	}
	if err := d.rescue(); err != nil {
		t.Fatal(err)
	}
	d.wantSaved("- ✅ **First node**")

	d = sitDown(t, "")
	if err := os.Remove(d.path); err != nil {
		t.Fatal(err)
	}
	d.press("n “lost”")
	if err := d.rescue(); err == nil {
		t.Error("what cannot be rescued is no error")
	}
}

func TestGiveUpWaiting(t *testing.T) {
	d := sitDown(t, "")
	unlock, err := store.LockFolder(t.Context(), filepath.Dir(d.path), nil) // as another command does
	if err != nil {
		t.Fatal(err)
	}
	_, cmd := d.Update(keyOf(t, "d"))
	result := make(chan tea.Msg)
	go func() { result <- cmd() }()
	d.send(told("Waiting for another command. Ctrl-C gives up."))
	d.wantSeen("Waiting for another command. Ctrl-C gives up.")
	d.press("s ctrl+c")
	d.send(<-result)
	d.wantSeen("cannot be locked: context")
	unlock()
	d.press("d")
	d.wantSaved("- ✅ **First node**")
}

// TestRunning: a command runs after y, and its exit status marks nothing by
// itself.
func TestRunning(t *testing.T) {
	d := sitDown(t, "")
	was := d.saved()
	d.press("r")
	d.wantSeen("$ mise run deploy --node node-a")
	for _, no := range []string{"n", "enter", "esc", "space", "Y", "r"} {
		if _, cmd := d.Update(keyOf(t, no)); cmd != nil || d.away {
			t.Fatalf("%s ran it", no)
		}
		if no == "space" {
			d.wantSeen("Space was no answer, so nothing was done. Press it again for the checklist.")
		}
		d.press("r")
	}
	if _, cmd := d.Update(keyOf(t, "y")); cmd == nil || !d.away {
		t.Fatal("y does not run it")
	}
	s, ref := d.record.Steps[d.cursor], d.record.Ref(d.cursor)
	d.press("y y d") // meant for the command
	d.send(ran{step: s, ref: ref, took: 3 * time.Second})
	d.wantSeen("What was pressed before that did nothing. Exit status 0 after 3 s. Mark “First node” as done?")
	if d.saved() != was {
		t.Fatal("the exit status marked the step by itself")
	}
	d.press("enter")
	if d.saved() != was || d.over != nil {
		t.Fatal("enter marked the step")
	}
	d.send(ran{step: s, ref: ref, took: time.Second, err: exec.Command("sh", "-c", "exit 3").Run()})
	d.wantSeen("Exit status 3 after 1 s. Mark “First node” as failed?")
	d.press("y")
	d.wantSaved("- ❌ **First node**")
	d.send(ran{step: s, ref: ref, took: time.Second})
	d.press("y")
	d.wantSeen("Not written: the record was changed in the meantime: the step First node is failed now.")
	d.send(ran{step: s, ref: ref, err: errors.New("no such file")})
	d.wantSeen("It was not run: no such file.")
}

// failing is the record with a command that fails, and prints what it should not.
func failing(t *testing.T) *desk {
	t.Helper()
	d := sitDown(t, "")
	d.save(strings.Replace(d.saved(), "`mise run deploy --node node-a`", "``printf '\\033[31mError:\\033[0m no route\\r\\n```\\a\\n'; exit 3``", 1))
	d.do(d.checkDisk())
	d.opt.Dir = t.TempDir()
	d.opt.Recall = func(context.Context, records.Note) ([]Earlier, error) {
		return []Earlier{{Where: "v1.4.1", What: "no route"}}, nil
	}
	d.opt.Commit = func(context.Context) (string, error) { return "Committed 3f2c9ab0c1.", nil }
	return d
}

// TestTwoInTheMorning: a command fails, and the deployment is rolled back. Besides words
// that takes at most twelve keys, even if the error was seen before.
func TestTwoInTheMorning(t *testing.T) {
	for _, keys := range []struct{ run, end, rest string }{
		{"r y", "f", "i tab “node-a is gone” enter esc F r y"},
		{"r y", "i", "“node-a is gone” enter esc y F r y"},
		{"r y", "enter", "f i tab “node-a is gone” enter esc F r y"},
	} {
		d := failing(t)
		d.keyAtEnd = keys.end
		d.press(keys.run)
		d.press(keys.rest)
		d.wantSaved("- ❌ **First node**")
		d.wantSaved("- node-a is gone")
		d.wantSaved("  ````text\n  $ printf '")
		d.wantSaved("\n  Error: no route\n  ```\n  ````\n")
		d.wantSaved("status: rolled-back\n")
		d.wantSeen("Committed 3f2c9ab0c1. q leaves.")
		if n := countKeys(keys.run + " " + keys.end + " " + keys.rest); n > 12 {
			t.Errorf("%v: %d keys", keys, n)
		} else {
			t.Logf("%v: %d keys", keys, n)
		}
	}
}

func TestAttach(t *testing.T) {
	d := failing(t)
	d.press("a")
	d.wantSeen("No command was run here that printed anything. r runs the step's.")
	d.press("r y")
	d.wantSeen("Exit status 3 after 0 s. Mark “First node” as failed?")
	d.opt.Caution = func(text string) string { return "Careful about " + text[:1] + "." }
	d.press("a")
	d.wantSaved("  - slower than last time\n  - Exit status 3 after 0 s <!-- 2024-08-31T15:00:00+02:00 Ada Park -->\n    ````text\n    $ printf ")
	d.wantSeen("The output is kept below “First node”. Careful about $. Exit status 3 after 0 s. Mark “First node” as failed?")
	d.press("y j a")
	if strings.Count(d.saved(), "  - Exit status 3") != 2 {
		t.Errorf("not attached to the step it was run for:\n%s", d.saved())
	}
	d.press("u i tab")
	d.wantSeen("with 3 lines; say what it is, or Enter")
	d.press("tab esc")
	if strings.Count(d.saved(), "no route") != 3 { // twice in the command
		t.Errorf("the file is\n%s", d.saved())
	}
	d.press("n “x” tab enter")
	d.wantSaved("  - x <!--")
}

func TestTail(t *testing.T) {
	var short, long tail
	fmt.Fprint(&short, "one\r\ntwo\r\n\r\n")
	if got := short.String(); got != "one\r\ntwo" {
		t.Errorf("%q", got)
	}
	for i := range 50_000 {
		fmt.Fprintf(&long, "line %d\n", i)
	}
	fmt.Fprint(&long, strings.Repeat("x", 3*maxTail)+"\nend")
	if got := long.String(); got != "[… 50001 lines left out …]\nend" {
		t.Errorf("%.200q", got)
	}
	long = tail{}
	for i := range 150 {
		fmt.Fprintf(&long, "line %d\n", i)
	}
	if got := long.String(); !strings.HasPrefix(got, "[… 50 lines left out …]\nline 50\n") || !strings.HasSuffix(got, "\nline 149") {
		t.Errorf("%.200q", got)
	}
}

// TestNoKeyIsSwallowed: wherever f is pressed it does something, or what is said tells
// why it did not.
func TestNoKeyIsSwallowed(t *testing.T) {
	const marked = "- ❌ **First node**"
	for _, test := range []struct{ keys, saved, seen string }{
		{"f", marked, "“First node” failed."},
		{"f f", marked, "“First node” failed already."},
		{"? f", marked, "“First node” failed."},
		{"b f", marked, "“First node” failed."},
		{"enter f", marked, "“First node” failed."},
		{"c f", marked, "“First node” failed."},
		{"enter alt+f", marked, "“First node” failed."},
		{"r alt+f", marked, "“First node” failed."},
		{"r f", "", "f was no answer, so nothing was done. Press it again for the checklist."},
		{"r f f", marked, "“First node” failed."},
		{"j r f", "", "f was no answer"},
		{"F f", "status: failed\n", "It ended: failed."},
		{"F f f", "", "f was no answer"},
		{"F r enter F f", "", "f was no answer"},
		{"i “502” enter f", "", "f was no answer"},
		{"n “f” enter", "  - f <!--", "Noted below “First node”."},
		{"r y f", marked, "“First node” failed."},
		{"i enter", "", "Nothing was written."},
		{"n esc", "", "Nothing was written."},
		{"i tab", "", "No command was run here that printed anything."},
		{"n tab", "", "What was printed goes into an issue"},
		{"i “502” enter n enter", "", "Issue 502"},
		{"x", "", "x does nothing here. ? shows the keys."},
		{"ctrl+x", "", "Ctrl-X does nothing here."},
	} {
		d := failing(t)
		d.press(test.keys)
		d.wantSaved(test.saved)
		d.wantSeen(test.seen)
	}

	d := failing(t) // f comes while earlier records are searched
	d.press("i “502”")
	_, written := d.Update(keyOf(t, "enter"))
	d.Update(keyOf(t, "f"))
	d.do(written)
	d.wantSaved(marked)
	d.wantSeen("It was seen before")

	d = sitDown(t, "")
	d.press("?")
	d.send(tea.PasteMsg{Content: "f"})
	d.press("esc")
	d.wantSeen("What was pasted is no key.")
}

func TestVisit(t *testing.T) {
	for _, test := range []struct{ line, in, rest, out string }{
		{"cat; echo done >&2; exit 4", "", "", "\n$ title\n\ndone\n\nexit status 4 after 0 s. y marks it failed, d done, s skipped. Enter goes back.\ni notes an issue, a keeps the output. "},
		{"head -c 1 >/dev/null", "xyes\nq", "q", "\n$ title\n\n\nexit status 0 after 0 s. y marks it done, f failed, s skipped. Enter goes back. "},
	} {
		in, err := os.CreateTemp(t.TempDir(), "in")
		if err != nil {
			t.Fatal(err)
		}
		defer in.Close()
		if _, err := in.WriteString(test.in); err != nil {
			t.Fatal(err)
		}
		if _, err := in.Seek(0, io.SeekStart); err != nil {
			t.Fatal(err)
		}
		var out bytes.Buffer
		v := &terminalCommand{cmd: exec.Command("sh", "-c", test.line), title: "$ title", now: func() time.Time { return noon }}
		v.SetStdin(in)
		v.SetStdout(&out)
		if err := v.Run(); err != nil || out.String() != test.out {
			t.Errorf("%s: %v, %q", test.line, err, &out)
		}
		if rest, _ := io.ReadAll(in); string(rest) != test.rest {
			t.Errorf("%s: left for the checklist: %q", test.line, rest)
		}
	}
}

// TestHiddenCommands: what a command hides is seen before it runs, and is not
// copied.
func TestHiddenCommands(t *testing.T) {
	for _, test := range []struct {
		command, shown string
		hides, foreign bool
	}{
		{"make deploy", "$ make deploy", false, false},
		{"echo a  b", "$ echo a  b", false, false},
		{"echo \x1b[2Jhi", "$ echo [U+001B][2Jhi", true, false},
		{"echo a\u200bb", "$ echo a[U+200B]b", true, false},
		{"echo \u202eabc", "$ echo [U+202E]abc", true, false},
		{"echo a\u00a0b", "$ echo a[U+00A0]b", true, false},
		{"echo \ufe0fx\u3164", "$ echo [U+FE0F]x[U+3164]", true, false},
		{"curl сom", "$ curl сom", false, true}, // a Cyrillic letter
		{"a\rb", "$ a[U+000D]b", true, false},
	} {
		c := command(test.command)
		body := (&question{body: c.display()}).wrapped(80)
		if got := body[0].String(); got != test.shown || c.hides() != test.hides || (len(c.foreign()) > 0) != test.foreign {
			t.Errorf("%q: %q, hides: %v, foreign: %q", test.command, got, c.hides(), c.foreign())
		}
	}
	d := sitDown(t, "- [ ] a: `echo a\u200bb`\n- [ ] b: `curl сom`\n")
	d.press("c")
	d.wantSeen("Not copied: it holds characters that cannot be seen")
	d.press("esc r")
	d.wantSeen("$ echo a[U+200B]b")
	d.wantSeen("It holds characters that cannot be seen")
	d.press("x j r")
	d.wantSeen("Not ASCII, and perhaps not what they look like: с U+0441")
}

// TestLongCommands: a command that is not seen whole is not run.
func TestLongCommands(t *testing.T) {
	block := "- [ ] **a**\n\n  ```sh\n  echo 1\n  echo " + strings.Repeat("x", 100) + "\n  ```\n"
	d := sitDown(t, block)
	d.press("r")
	d.wantSeen("  $ echo 1\n  > echo xxx")
	d.wantSeen("\n    xxx")
	d.send(tea.WindowSizeMsg{Width: 40, Height: 10})
	d.wantSeen("Make the window larger to see it all.")
	if _, cmd := d.Update(keyOf(t, "y")); cmd != nil || d.over != nil {
		t.Error("a command that was not seen whole was run")
	}
	d = sitDown(t, "- [ ] a: `"+strings.Repeat("x", 5000)+"`\n")
	d.press("r")
	d.wantSeen("This command is too long to be judged here.")
	d = sitDown(t, "- [ ] a\n")
	d.press("r")
	d.wantSeen("“a” names no command.")
}

func TestCommands(t *testing.T) {
	r := records.Parse(recordName, []byte("- [ ] **a** `one`, [then `two`](x) and ``th`ree``\n\n  `not this`\n\n  ```bash\n  four\n  five\n  ```\n\n  ```text\n  no\n  ```\n\n  - [ ] b: `six\n    seven`\n- [ ] ` ` and `\n"), records.Options{})
	want := [][]command{{"one", "two", "th`ree", "four\nfive"}, {"six seven"}, nil}
	for i, s := range r.Steps {
		if got := commandsOf(r, s); !slices.Equal(got, want[i]) {
			t.Errorf("%s: %q, want %q", s.Label, got, want[i])
		}
	}
}

func TestElapsed(t *testing.T) {
	const head = "---\ndate: 2024-08-31T14:00:00Z\nstatus: in-progress\n---\n"
	at := func(clock string) string { return " <!-- 2024-08-31T" + clock + ":00Z -->\n" }
	for _, test := range []struct {
		name, record string
		total        time.Duration
		known        bool
		sections     []time.Duration
	}{
		{"nothing marked", head + "## A\n- [ ] a\n", time.Hour, true, []time.Duration{0}},
		{"by turns", head + "## A\n- [x] a" + at("14:10") + "- [x] b" + at("14:25") + "## B\n- [x] c" + at("14:20") + "- [ ] d\n",
			time.Hour, true, []time.Duration{15 * time.Minute, 10 * time.Minute}},
		{"in progress", head + "## A\n- [x] a" + at("14:10") + "## B\n- 🔄 b" + at("14:30") + "## B\n- [ ] c\n",
			time.Hour, true, []time.Duration{10 * time.Minute, 50 * time.Minute, 0}},
		{"two in progress", head + "## A\n- 🔄 a" + at("14:10") + "## B\n- 🔄 b" + at("14:30"), time.Hour, true, []time.Duration{10 * time.Minute, 20 * time.Minute}},
		{"before the start", head + "## A\n- [x] a" + at("13:00") + "- [x] b" + at("14:05"), time.Hour, true, []time.Duration{5 * time.Minute}},
		{"over", "---\ndate: 2024-08-31T14:00:00Z\nfinished: 2024-08-31T14:40:00Z\nstatus: failed\n---\n## A\n- 🔄 a" + at("14:10"), 40 * time.Minute, true, []time.Duration{10 * time.Minute}},
		{"to come", "---\ndate: 2024-08-31T16:00:00Z\n---\n## A\n- [x] a" + at("14:10"), 0, false, []time.Duration{0}},
		{"a day", "---\ndate: 2024-08-31\n---\n## A\n- [x] a" + at("14:10"), 0, false, []time.Duration{0}},
	} {
		r := records.Parse("record.md", []byte(test.record), records.Options{})
		e := elapsedAt(r, sectionsOf(r), time.Date(2024, 8, 31, 15, 0, 0, 0, time.UTC))
		if e.total != test.total || e.known != test.known || !slices.Equal(e.sections, test.sections) {
			t.Errorf("%s: %v", test.name, e)
		}
	}
}

func TestInput(t *testing.T) {
	for _, test := range []struct{ keys, want string }{
		{"“abc” left left backspace", "|bc"},
		{"“abc” home delete", "|bc"},
		{"“one two” ctrl+w", "one |"},
		{"“one two” alt+b “x”", "one x|two"},
		{"“one two” ctrl+a alt+f", "one| two"},
		{"“one two” left ctrl+k", "one tw|"},
		{"“one two” left ctrl+u", "|o"},
		{"“é́x” left backspace", "|x"},
		{"“é́” left delete", "|"},
		{"“界界” left backspace ctrl+e", "界|"},
		{"left right backspace delete ctrl+w alt+d alt+b alt+f ctrl+k ctrl+u", "|"},
	} {
		d := sitDown(t, "")
		d.press("n " + test.keys)
		in := d.over.(*prompt).input
		if got := string(in.text[:in.at]) + "|" + string(in.text[in.at:]); got != test.want {
			t.Errorf("%s: %q, want %q", test.keys, got, test.want)
		}
	}
	in := input{}
	in.insert(strings.Repeat("界", 50) + "end\x1b[2J\n\u202e")
	for range 60 {
		s, at := in.visible(20)
		if width(s) > 20 || at >= 20 || at < 0 {
			t.Errorf("%q in 20 columns, the cursor at %d", s, at)
		}
		in.key(keyOf(t, "left"))
	}
	if got := in.String(); !strings.HasSuffix(got, "end[2J") {
		t.Errorf("%q", got)
	}
}

// FuzzKeys presses whatever there is, and looks whether the screen fits and the
// record on the disk is the one on the screen. It stops after a few changes: each waits
// for the disk, half a second and more on a busy machine, and the fuzzing engine takes
// what needs ten seconds for a program that hangs.
func FuzzKeys(f *testing.F) {
	f.Add([]byte("ddjj fnhello\riab\rF f?qGgb"), uint8(80), uint8(24))
	f.Add([]byte("n\x1b[2J\r\tspo12yry"), uint8(41), uint8(10))
	f.Fuzz(func(t *testing.T, keys []byte, width, height uint8) {
		d := sitDown(t, "")
		d.send(tea.WindowSizeMsg{Width: max(1, int(width)), Height: max(1, int(height))})
		for _, key := range keys[:min(len(keys), 60)] {
			if d.round >= 10 {
				break
			}
			k := tea.KeyPressMsg{Code: rune(key), Text: string(rune(key))}
			switch key {
			case '\r':
				k = tea.KeyPressMsg{Code: tea.KeyEnter}
			case 0x1b:
				k = tea.KeyPressMsg{Code: tea.KeyEscape}
			case '\t':
				k = tea.KeyPressMsg{Code: tea.KeyTab}
			}
			d.away = false // nothing takes the terminal here
			d.send(k)
		}
		d.fits()
		if string(d.record.Source) != d.saved() {
			t.Errorf("the screen shows another record than the disk has:\n%s", d.record.Source)
		}
	})
}

// A tab in a step's text is a blank wherever the text is shown.
func TestTabInAStep(t *testing.T) {
	d := sitDown(t, "---\nstatus: in-progress\n---\n\n- [ ] Switch\tboth: in\tpairs\n")
	d.wantSeen("Switch both: in pairs")
}
