package main

import (
	"bytes"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/charmbracelet/x/ansi"
	"golang.org/x/sys/unix"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/faults"
)

// terminal is a pseudo-terminal with deploystart step in it.
type terminal struct {
	*testing.T
	dir    string // the project
	record string // the file
	screen *os.File
	ended  chan error

	mu      sync.Mutex
	printed bytes.Buffer
	wide    bool
}

const runnerChecklist = `# Checklist

- [ ] **Environment loaded**: ` + "`make env`" + `
- [ ] **Marker made**: ` + "`touch made-by-the-command; test -t 1 && stty size <&1; exit 3`" + `
- [ ] **Smoke tests**: play a round
`

// openTerminal starts a record, and the checklist in a terminal.
func openTerminal(t *testing.T, env ...string) *terminal {
	t.Helper()
	dir := t.TempDir()
	term := &terminal{T: t, dir: dir, record: filepath.Join(dir, "deployments/checklists/2024-08-31-14-30-deployment.md"), ended: make(chan error, 1)}
	for name, content := range map[string]string{"deploysite.toml": "", "docs/deployment-checklist.md": runnerChecklist} {
		path := filepath.Join(dir, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	env = append(env, "PATH="+os.Getenv("PATH"), "HOME="+dir, "TERM=xterm", "SHELL=/bin/sh", "SSH_TTY=/dev/pts/0")
	start := term.command(env, "new", "--no-edit", "--no-git", "--at", "2024-08-31 14:30", "--deployer", "Ada Park")
	if out, err := start.CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	cmd := term.command(env, "step", "--by", "Ada Park")
	term.open(cmd)
	if err := cmd.Start(); err != nil {
		t.Fatal(err)
	}
	cmd.Stdin.(*os.File).Close()
	go term.listen()
	go func() { term.ended <- cmd.Wait() }()
	t.Cleanup(func() { _ = cmd.Process.Kill(); term.screen.Close() })
	return term
}

// command is deploystart, which this test binary is under that name.
func (t *terminal) command(env []string, args ...string) *exec.Cmd {
	t.Helper()
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	return &exec.Cmd{Path: self, Args: append([]string{"deploystart"}, args...), Dir: t.dir, Env: env}
}

// open makes a pseudo-terminal the command's own.
func (t *terminal) open(cmd *exec.Cmd) {
	t.Helper()
	master, err := os.OpenFile("/dev/ptmx", os.O_RDWR|unix.O_NOCTTY|unix.O_CLOEXEC, 0)
	if err != nil {
		t.Fatal("there are no pseudo-terminals: ", err)
	}
	t.screen = master
	var n int
	t.control(func(fd int) (err error) {
		if err = unix.IoctlSetPointerInt(fd, unix.TIOCSPTLCK, 0); err == nil {
			n, err = unix.IoctlGetInt(fd, unix.TIOCGPTN)
		}
		return err
	})
	t.resize()
	slave, err := os.OpenFile(fmt.Sprint("/dev/pts/", n), os.O_RDWR|unix.O_NOCTTY, 0)
	if err != nil {
		t.Fatal(err)
	}
	cmd.Stdin, cmd.Stdout, cmd.Stderr = slave, slave, slave
	cmd.SysProcAttr = &syscall.SysProcAttr{Setsid: true, Setctty: true}
}

// resize gives the window another size, so that all of it is drawn anew.
func (t *terminal) resize() {
	t.Helper()
	t.wide = !t.wide
	size := unix.Winsize{Row: 24, Col: 80}
	if t.wide {
		size.Col = 100
	}
	t.control(func(fd int) error { return unix.IoctlSetWinsize(fd, unix.TIOCSWINSZ, &size) })
}

// control does something with the terminal's number. Fd would make it block, and
// then it could not be closed while it is read.
func (t *terminal) control(do func(fd int) error) {
	t.Helper()
	conn, err := t.screen.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	var failed error
	if err := conn.Control(func(fd uintptr) { failed = do(int(fd)) }); err != nil {
		t.Fatal(err)
	}
	if failed != nil {
		t.Fatal(failed)
	}
}

func (t *terminal) listen() {
	var some [4096]byte
	for {
		n, err := t.screen.Read(some[:])
		t.mu.Lock()
		t.printed.Write(some[:n])
		t.printed.Next(max(t.printed.Len()-(256<<10), 0)) // all of a long output would be searched again and again
		t.mu.Unlock()
		if err != nil {
			return
		}
	}
}

// patience only ends what hangs.
const patience = 5 * time.Minute

// eventually waits for what must come; it is no measure of time.
func (t *terminal) eventually(what string, ok func() bool) {
	t.Helper()
	for end := time.Now().Add(patience); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		if ok() {
			return
		}
	}
	t.mu.Lock()
	defer t.mu.Unlock()
	t.Fatalf("waited in vain for %s; the terminal got\n%q", what, t.printed.String())
}

// see waits until a text is on the screen. Blanks do not count: a terminal skips
// them.
func (t *terminal) see(text string) {
	t.Helper()
	bare := func(s string) string { return strings.Join(strings.Fields(ansi.Strip(s)), "") }
	t.mu.Lock()
	t.printed.Reset()
	t.mu.Unlock()
	drawn := 0
	t.eventually("“"+text+"”", func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		if drawn++; drawn%50 == 1 { // what was drawn before is not drawn again
			t.printed.Reset()
			t.resize()
		}
		return strings.Contains(bare(t.printed.String()), bare(text))
	})
}

// prints waits until something was printed that is no part of a screen.
func (t *terminal) prints(text string) {
	t.Helper()
	t.eventually("“"+text+"”", func() bool {
		t.mu.Lock()
		defer t.mu.Unlock()
		return strings.Contains(t.printed.String(), text)
	})
}

func (t *terminal) press(keys string) {
	t.Helper()
	if _, err := io.WriteString(t.screen, keys); err != nil {
		t.Fatal(err)
	}
}

func (t *terminal) content() string {
	content, err := os.ReadFile(t.record)
	if err != nil {
		t.Fatal(err)
	}
	return string(content)
}

// saved waits until a pattern is in the record.
func (t *terminal) saved(pattern string) {
	t.Helper()
	re := regexp.MustCompile("(?m)" + pattern)
	t.eventually(pattern, func() bool { return re.MatchString(t.content()) })
}

func (t *terminal) ends() {
	t.Helper()
	select {
	case err := <-t.ended:
		if err != nil {
			t.Errorf("deploystart step: %v", err)
		}
	case <-time.After(patience):
		t.Fatal("it does not end")
	}
}

func TestRunnerWithAnEditorOpen(t *testing.T) {
	term := openTerminal(t)
	term.see("Environment loaded")
	term.press(" ")
	term.saved(`^- ✅ \*\*Environment loaded\*\*: .* <!-- .* Ada Park -->$`)
	edited := strings.Replace(term.content(), "play a round", "play two rounds", 1)
	if err := os.WriteFile(term.record+"~", []byte(edited), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.Rename(term.record+"~", term.record); err != nil {
		t.Fatal(err)
	}
	term.see("It was changed elsewhere; read again.")
	term.press("Gf")
	term.saved(`^- ❌ \*\*Smoke tests\*\*: play two rounds <!-- .* Ada Park -->$`)
	term.press("q")
	term.ends()
	term.prints("All is written in deployments/checklists/2024-08-31-14-30-deployment.md.")
}

func TestRunnerRunsACommand(t *testing.T) {
	term := openTerminal(t)
	made := filepath.Join(term.dir, "made-by-the-command")
	term.see("Environment loaded")
	term.press("jr")
	term.see("$ touch made-by-the-command; test -t 1")
	term.press("n")
	term.see("Marker made")
	term.press("r")
	term.see("Run this command?")
	if _, err := os.Stat(made); err == nil {
		t.Fatal("the command ran before anybody said yes")
	}
	term.press("y")
	term.eventually("the command", func() bool { _, err := os.Stat(made); return err == nil })
	term.prints("Enter goes back")
	term.press("\n")
	term.see("Exit status 3 after 0 s. Mark “Marker made” as failed?")
	if strings.Contains(term.content(), "❌") {
		t.Fatal("the exit status marked the step by itself")
	}
	term.press("y")
	term.saved(`^- ❌ \*\*Marker made\*\*`)
	term.press("a") // what it printed, as to a terminal of the same size
	term.saved("^  - Exit status 3 after 0 s <!-- .* Ada Park -->\n    ```text\n    \\$ touch .*\n    24 (80|100)\n    ```$")
	term.press("ury")
	term.prints("Enter goes back")
	term.press("f") // is an answer there
	term.see("“Marker made” failed. i notes an issue, Tab adds what was printed")
	term.press("q")
	term.ends()
}

func TestRunnerEditor(t *testing.T) {
	term := openTerminal(t, `VISUAL=sed -i 's/play a round/play all night/'`)
	term.see("Environment loaded")
	term.press("e")
	term.see("Read again.")
	term.see("3 open")
	term.press("Gd")
	term.saved(`^- ✅ \*\*Smoke tests\*\*: play all night <!--`)
	term.see("2 open") // until then Ctrl-C gives up waiting for the change
	term.press("\x03")
	term.ends()
}

// TestRunnerHangup closes the terminal while a note is being written.
func TestRunnerHangup(t *testing.T) {
	for name, end := range map[string]func(*terminal){
		"the terminal is closed": func(term *terminal) { term.screen.Close() },
		"the session is ended": func(term *terminal) {
			term.control(func(fd int) error {
				group, err := unix.IoctlGetInt(fd, unix.TIOCGPGRP)
				if err != nil {
					return err
				}
				return unix.Kill(-group, unix.SIGTERM)
			})
		},
	} {
		term := openTerminal(t)
		term.see("Environment loaded")
		term.press("dnhalf a senten")
		term.saved(`^- ✅ \*\*Environment loaded\*\*`)
		term.see("half a senten")
		end(term)
		select {
		case <-term.ended:
		case <-time.After(patience):
			t.Fatalf("%s: it does not end", name)
		}
		term.saved(`^  - half a senten <!-- .* Ada Park -->$`)
	}
}

// Of what a command prints without an end, or without ends of lines, the end goes into the
// record, and little of it.
func TestRunnerSurvivesLongOutput(t *testing.T) {
	size := faults.Times(3e6, 100e6)
	for name, command := range map[string]string{
		"one line":   fmt.Sprintf(`head -c %d /dev/zero | tr '\0' x`, size),
		"many lines": fmt.Sprintf("yes '```' | head -c %d", size),
		"bytes":      fmt.Sprintf("head -c %d /dev/urandom", size/10),
	} {
		t.Run(name, func(t *testing.T) {
			script := filepath.Join(t.TempDir(), "print")
			if err := os.WriteFile(script, []byte("#!/bin/sh\n"+command+"\nexit 3\n"), 0o755); err != nil {
				t.Fatal(err)
			}
			term := openTerminal(t, "PRINT="+script)
			term.see("Environment loaded")
			source := strings.Replace(term.content(), "make env", "$PRINT", 1)
			if err := errors.Join(os.WriteFile(term.record+"~", []byte(source), 0o666), os.Rename(term.record+"~", term.record)); err != nil {
				t.Fatal(err)
			}
			term.see("$PRINT")
			term.press("ry")
			term.prints("Enter goes back")
			term.press("\n")
			term.see("Exit status 3")
			term.press("na")
			term.saved("^  - Exit status 3 after")
			term.press("q")
			term.ends()
			got := term.content()
			if len(got) > 80<<10 || !utf8.ValidString(got) || strings.ContainsAny(got, "\x00\x1b\x07") || !strings.Contains(got, "Smoke tests") {
				t.Errorf("the record has %d bytes", len(got))
			}
			r := records.Parse(filepath.Base(term.record), []byte(got), records.Options{})
			if len(r.Steps) != 3 {
				t.Errorf("the record has %d steps", len(r.Steps))
			}
			t.Logf("of %d bytes %d", size, len(got))
		})
	}
}
