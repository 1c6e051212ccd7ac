package publish

import (
	"errors"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"github.com/deploysite/deploysite/internal/test/faults"
)

// meanwhile is what people do to foreign files between a killed build and the next
// one. Each must be found as it was left.
func meanwhile(t *testing.T, dir string) (check func(t *testing.T)) {
	t.Helper()
	in := func(p string) string { return filepath.Join(dir, p) }
	replace := func(p, text string) { // as editors do
		write(t, in(p+".tmp"), text)
		if err := os.Rename(in(p+".tmp"), in(p)); err != nil {
			t.Fatal(err)
		}
	}
	replace("CNAME", "other.example.org")
	write(t, in("edited"), "in place, and longer")
	write(t, in("added"), "new")
	for _, p := range []string{"removed", "folder", "turned"} {
		if err := os.RemoveAll(in(p)); err != nil {
			t.Fatal(err)
		}
	}
	write(t, in("turned"), "a file where a folder was")
	return func(t *testing.T) {
		t.Helper()
		wantContent(t, in("CNAME"), "other.example.org")
		wantContent(t, in("edited"), "in place, and longer")
		wantContent(t, in("added"), "new")
		wantContent(t, in("turned"), "a file where a folder was")
		wantContent(t, in("records/7/scan.pdf"), "scan")
		wantGone(t, in("removed"))
		wantGone(t, in("folder"))
	}
}

// before puts the foreign files into the output that [meanwhile] changes.
func before(t *testing.T, dir string) {
	addForeign(t, dir)
	for _, p := range []string{"edited", "removed", "folder/deep/x", "turned/x"} {
		write(t, filepath.Join(dir, p), "before")
	}
}

// A build is killed at each of its system calls that change folders, in the short form
// at a few of each kind. Whatever is done to foreign files then, the next build
// succeeds, leaves them so, and leaves nothing of the killed one.
func TestKilledAtEachSystemCall(t *testing.T) {
	strace, err := exec.LookPath("strace")
	if err != nil {
		t.Skip("SKIPPED, install strace to kill builds at system calls")
	}
	calls := []string{"renameat", "renameat2", "linkat", "mkdirat", "unlinkat", "fchmodat", "fsync", "openat"}
	points := 0
	for _, call := range calls {
		step := 1
		if call == "openat" || call == "mkdirat" || call == "linkat" || call == "unlinkat" {
			step = 7 // many, and alike
		}
		for n := 1; ; n += faults.Times(max(step, 3*n), step) {
			parent := t.TempDir()
			dir := filepath.Join(parent, "public")
			mustPublish(t, dir, many("old"))
			before(t, dir)
			cmd := command(dir, "new")
			cmd.Args = []string{strace, "-f", "-o", "/dev/null", "-e", "trace=" + call, "-e",
				fmt.Sprintf("inject=%s:signal=KILL:when=%d", call, n), cmd.Path}
			cmd.Path, cmd.Env = strace, append(cmd.Env, "GOMAXPROCS=1")
			out, err := cmd.CombinedOutput()
			if err == nil {
				break // there is no such call any more
			}
			var exit *exec.ExitError
			if status, ok := syscall.WaitStatus(0), errors.As(err, &exit); ok {
				status, _ = exit.Sys().(syscall.WaitStatus)
				if !status.Signaled() {
					t.Skipf("SKIPPED, strace does not work here: %s", out)
				}
			}
			if strings.Contains(string(out), "PTRACE") {
				t.Skipf("SKIPPED, strace does not work here: %s", out)
			}
			points++
			at := fmt.Sprintf("killed at %s %d", call, n)
			if v := versionOf(t, dir); v != "old" && v != "new" {
				t.Fatalf("%s: the site is %s", at, v)
			}
			check := meanwhile(t, dir)
			stats, err := Publish(t.Context(), dir, many("next"), Options{})
			if err != nil || len(stats.Aside) > 0 {
				t.Fatalf("%s: the next build fails: %v, aside are %v", at, err, stats.Aside)
			}
			noLeftovers(t, dir)
			if v := versionOf(t, dir); v != "next" {
				t.Errorf("%s: the site is %s", at, v)
			}
			check(t)
			if t.Failed() {
				t.Fatal(at)
			}
		}
	}
	t.Logf("%d builds were killed", points)
	if points < 4 {
		t.Error("hardly any kill hit a build: the test shows nothing")
	}
}
