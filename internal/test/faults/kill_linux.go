package faults

import (
	"bytes"
	"fmt"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"syscall"
	"testing"
	"time"
)

// A Killed is a command that is killed at its system calls.
type Killed struct {
	Setup func(t *testing.T, dir string) // makes the project, the same each time
	Args  []string
	Then  []string // what is run afterwards, an hour later; nil: the same again
}

// calls are the system calls that change files or come between such ones.
var calls = []string{"write", "fsync", "fchmod", "linkat", "renameat", "renameat2", "unlinkat", "mkdirat", "exit_group"}

// leftover is the name of what a killed command may leave for an hour.
var leftover = regexp.MustCompile(`^\.(new|changed)-(record|file)-.*\.tmp$`)

// Run kills the command at each of those calls, in the short form at the first ones. Each
// file must be as before or as after the whole command; what is run then succeeds, and
// removes what was left.
func (k Killed) Run(t *testing.T) {
	t.Helper()
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("SKIPPED, install strace to kill commands at system calls")
	}
	dir := t.TempDir()
	k.Setup(t, dir)
	former := tree(t, dir)
	run(t, dir, k.Args)
	done := tree(t, dir)
	then := k.Then
	if then == nil {
		then = k.Args
	}
	points := 0
	for _, call := range calls {
		for n := 1; n <= Times(1, 60); n++ {
			dir := t.TempDir()
			k.Setup(t, dir)
			cmd := exec.Command(strace, append([]string{"-f", "-o", "/dev/null", "-e", "trace=" + call,
				"-e", fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n)}, k.Args...)...)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOMAXPROCS=1")
			out, err := cmd.CombinedOutput()
			if err == nil {
				break // there is no such call any more
			}
			if status, _ := cmd.ProcessState.Sys().(syscall.WaitStatus); !status.Signaled() {
				if strings.Contains(string(out), "PTRACE") || strings.Contains(string(out), "strace:") {
					t.Skipf("SKIPPED, strace does not work here: %s", out)
				}
				continue // another process was killed, and the command said so
			}
			points++
			at := fmt.Sprintf("%s, killed at %s %d", strings.Join(k.Args, " "), call, n)
			whole(t, at, dir, former, done)
			age(t, dir)
			run(t, dir, then)
			for name, content := range tree(t, dir) {
				if leftover.MatchString(filepath.Base(name)) {
					t.Errorf("%s: %s stays", at, name)
				}
				if len(content) == 0 && former[name] == nil && done[name] == nil {
					t.Errorf("%s: %s is empty", at, name)
				}
			}
			if k.Then == nil {
				whole(t, at+", then the same again", dir, done, done)
			}
			if t.Failed() {
				t.FailNow()
			}
		}
	}
	t.Logf("%s was killed %d times", strings.Join(k.Args, " "), points)
	if points < 2 {
		t.Error("hardly any kill hit the command: the test shows nothing")
	}
}

// whole compares each file, but for digits and hashes: names and stamps have the time.
func whole(t *testing.T, at, dir string, trees ...map[string][]byte) {
	t.Helper()
	is := tree(t, dir)
	may := map[string]bool{}
	for _, files := range trees {
		for name, content := range files {
			may[digits.ReplaceAllString(name, "0")+"\x00"+digits.ReplaceAllString(string(content), "0")] = true
		}
	}
	for name, content := range is {
		if !leftover.MatchString(filepath.Base(name)) && !may[digits.ReplaceAllString(name, "0")+"\x00"+digits.ReplaceAllString(string(content), "0")] {
			t.Errorf("%s: %s is neither as before nor as after it:\n%s", at, name, content)
		}
	}
	for name := range trees[0] {
		if is[name] == nil && len(trees) > 1 {
			t.Errorf("%s: %s is gone", at, name)
		}
	}
}

var digits = regexp.MustCompile(`[0-9a-f]{40}|[0-9]+`)

// age makes what was left an hour older, and a bit.
func age(t *testing.T, dir string) {
	t.Helper()
	for name := range tree(t, dir) {
		if leftover.MatchString(filepath.Base(name)) {
			past := time.Now().Add(-61 * time.Minute)
			if err := os.Chtimes(filepath.Join(dir, name), past, past); err != nil {
				t.Fatal(err)
			}
		}
	}
}

// tree is all files but those of git.
func tree(t *testing.T, dir string) map[string][]byte {
	t.Helper()
	files := map[string][]byte{}
	err := fs.WalkDir(os.DirFS(dir), ".", func(name string, d fs.DirEntry, err error) error {
		if err != nil || d.IsDir() {
			if d != nil && d.Name() == ".git" {
				return fs.SkipDir
			}
			return err
		}
		content, err := os.ReadFile(filepath.Join(dir, name))
		files[name] = append([]byte{}, content...)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	return files
}

func run(t *testing.T, dir string, args []string) {
	t.Helper()
	var out bytes.Buffer
	cmd := exec.Command(args[0], args[1:]...)
	cmd.Dir, cmd.Stdout, cmd.Stderr = dir, &out, &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("%s: %v\n%s", strings.Join(args, " "), err, &out)
	}
}
