package git_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"

	"github.com/deploysite/deploysite/internal/git"
)

// The state changes with what git would answer, and with nothing else.
func TestState(t *testing.T) {
	root := filepath.Join(t.TempDir(), "work")
	if err := os.MkdirAll(filepath.Join(root, "docs"), 0o777); err != nil {
		t.Fatal(err)
	}
	if s := git.State(root); s != "" {
		t.Skipf("the temporary folder is in a repository: %s", s)
	}
	run := func(dir string, args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org"}, args...)...)
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_SYSTEM="+os.DevNull)
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
	run(root, "init", "-q", "-b", "main")
	run(root, "commit", "-q", "--allow-empty", "-m", "docs: begin")
	other := filepath.Join(filepath.Dir(root), "other")
	run(root, "worktree", "add", "-q", "-b", "topic/records", other)
	for _, dir := range []string{root, filepath.Join(root, "docs"), other} {
		last := git.State(dir)
		step := func(what string, changes bool, do func()) {
			t.Helper()
			do()
			now := git.State(dir)
			if now == "" || (now != last) != changes {
				t.Errorf("%s in %s: changed is %t", what, dir, now != last)
			}
			last = now
		}
		step("nothing", false, func() {})
		step("a file", false, func() { os.WriteFile(filepath.Join(dir, "new.md"), []byte("new"), 0o666) })
		step("the index", false, func() { run(dir, "add", ".") })
		step("a commit", true, func() { run(dir, "commit", "-q", "--allow-empty", "-m", "docs: more") })
		step("packed refs", true, func() {
			run(dir, "pack-refs", "--all")
			run(dir, "commit", "-q", "--allow-empty", "-m", "docs: packed")
		})
		step("a branch", true, func() { run(dir, "checkout", "-q", "-b", "b"+filepath.Base(dir)) })
		step("a detached HEAD", true, func() { run(dir, "checkout", "-q", "--detach") })
		step("a commit there", true, func() { run(dir, "commit", "-q", "--allow-empty", "-m", "docs: detached") })
		step("a remote", true, func() { run(dir, "config", "remote.origin.url", "https://github.com/acme/"+filepath.Base(dir)+".git") })
	}
}
