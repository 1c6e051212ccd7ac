package runner

import (
	"context"
	"errors"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
	"time"

	tea "charm.land/bubbletea/v2"

	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/text"
)

const recordName = "2024-08-31-14-30-deployment.md"

// desk is somebody at a terminal, with a record on a real disk.
type desk struct {
	*testing.T
	*model
	path string

	keyAtEnd string // what is pressed when a command has ended; "" is Enter
}

var noon = time.Date(2024, 8, 31, 15, 0, 0, 0, time.FixedZone("", 2*60*60))

// sitDown opens a record of its own. content is "" for the one in testdata.
func sitDown(t *testing.T, content string) *desk {
	t.Helper()
	if content == "" {
		source, err := os.ReadFile(filepath.Join("testdata", recordName))
		if err != nil {
			t.Fatal(err)
		}
		content = string(source)
	}
	d := &desk{T: t, path: filepath.Join(t.TempDir(), recordName)}
	d.save(content)
	s := &recordFile{file: store.File{Path: d.path, Name: "deployments/checklists/" + recordName, UndoDir: t.TempDir()}}
	r, err := s.Read()
	if err != nil {
		t.Fatal(err)
	}
	d.model = newModel(context.Background(), Options{
		By: "Ada Park", Dir: "/src/jump-man", Now: func() time.Time { return noon },
		Shell:    func(line string) *exec.Cmd { return exec.Command("/bin/sh", "-c", line) },
		Headline: firstLine,
		Caution:  func(string) string { return "" },
	}, s, r)
	d.exec = d.runHere
	d.send(tea.WindowSizeMsg{Width: 80, Height: 24})
	return d
}

// runHere runs what wants the terminal, without one.
func (d *desk) runHere(c tea.ExecCommand, done tea.ExecCallback) tea.Cmd {
	return func() tea.Msg {
		c.SetStdin(strings.NewReader("\n"))
		c.SetStdout(io.Discard)
		err := c.Run()
		if run, ok := c.(*terminalCommand); ok && d.keyAtEnd != "enter" {
			run.key = d.keyAtEnd
		}
		return done(err)
	}
}

// countKeys counts the keys that press gets, but for the words.
func countKeys(keys string) int {
	return len(strings.Fields(regexp.MustCompile("“.*?”").ReplaceAllString(keys, "")))
}

// save writes the record as an editor does.
func (d *desk) save(content string) {
	d.Helper()
	temp := d.path + "~"
	if err := errors.Join(os.WriteFile(temp, []byte(content), 0o666), os.Rename(temp, d.path)); err != nil {
		d.Fatal(err)
	}
}

func (d *desk) saved() string {
	d.Helper()
	content, err := os.ReadFile(d.path)
	if err != nil {
		d.Fatal(err)
	}
	return string(content)
}

// send handles a message and all that comes of it, but for what has the terminal.
func (d *desk) send(msg tea.Msg) {
	_, cmd := d.Update(msg)
	d.do(cmd)
}

func (d *desk) do(cmd tea.Cmd) {
	if cmd == nil {
		return
	}
	switch msg := cmd().(type) {
	case nil:
	case tea.BatchMsg:
		for _, cmd := range msg {
			d.do(cmd)
		}
	default:
		d.send(msg)
	}
}

// press presses keys: names parted by blanks, or a text in “”.
func (d *desk) press(keys string) {
	d.Helper()
	for keys = strings.TrimSpace(keys); keys != ""; keys = strings.TrimSpace(keys) {
		if text, rest, ok := strings.Cut(strings.TrimPrefix(keys, "“"), "”"); ok && strings.HasPrefix(keys, "“") {
			for _, r := range text {
				d.send(tea.KeyPressMsg{Code: r, Text: string(r)})
			}
			keys = rest
			continue
		}
		key, rest, _ := strings.Cut(keys, " ")
		d.send(keyOf(d.T, key))
		keys = rest
	}
}

func keyOf(t *testing.T, name string) tea.KeyPressMsg {
	special := map[string]rune{
		"enter": tea.KeyEnter, "esc": tea.KeyEscape, "tab": tea.KeyTab, "up": tea.KeyUp, "down": tea.KeyDown, "left": tea.KeyLeft, "right": tea.KeyRight,
		"pgdown": tea.KeyPgDown, "pgup": tea.KeyPgUp, "home": tea.KeyHome, "end": tea.KeyEnd, "backspace": tea.KeyBackspace, "delete": tea.KeyDelete,
	}
	var k tea.KeyPressMsg
	for _, mod := range []struct {
		name string
		mod  tea.KeyMod
	}{{"ctrl+", tea.ModCtrl}, {"alt+", tea.ModAlt}, {"shift+", tea.ModShift}} {
		if rest, ok := strings.CutPrefix(name, mod.name); ok {
			name, k.Mod = rest, k.Mod|mod.mod
		}
	}
	switch code, ok := special[name]; {
	case ok:
		k.Code = code
	case name == "space":
		k.Code, k.Text = ' ', " "
	case len([]rune(name)) == 1:
		k.Code = []rune(name)[0]
		if k.Mod == 0 {
			k.Text = name
		}
	default:
		t.Fatalf("there is no key %q", name)
	}
	return k
}

// seen is what is on the screen, without colours.
func (d *desk) seen() string {
	var lines []string
	for _, l := range d.screen() {
		lines = append(lines, strings.TrimRight(l.cut(d.width).String(), " "))
	}
	return strings.Join(lines, "\n") + "\n"
}

// wantSeen looks for a text on the screen, wherever lines are broken.
func (d *desk) wantSeen(text string) {
	d.Helper()
	words := func(s string) string { return strings.Join(strings.Fields(s), " ") }
	if seen := d.seen(); !strings.Contains(words(seen), words(text)) {
		d.Errorf("“%s” is not on the screen:\n%s", text, seen)
	}
}

func (d *desk) wantSaved(text string) {
	d.Helper()
	if saved := d.saved(); !strings.Contains(saved, text) {
		d.Errorf("“%s” is not in the file:\n%s", text, saved)
	}
}

// firstLine is the first line of a pasted message that is not empty.
func firstLine(code string) string {
	for l := range strings.SplitSeq(code, "\n") {
		if l = strings.TrimSpace(shown(text.First(l, 1000))); l != "" {
			return inStyle(l, plain).cut(120).String()
		}
	}
	return ""
}
