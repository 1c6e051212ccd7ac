package git

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

func gitIn(t *testing.T, dir string, args ...string) string {
	t.Helper()
	cmd := exec.Command("git", append([]string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org"}, args...)...)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), "GIT_EDITOR=true")
	out, _ := cmd.CombinedOutput() // a merge with a conflict fails, as it should
	return string(out)
}

func writeIn(t *testing.T, dir, name, text string) {
	t.Helper()
	if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

// TestChangedUnderWay: no commit is made that an abort would take away.
func TestChangedUnderWay(t *testing.T) {
	for operation, test := range map[string]struct{ begin, want string }{
		"merge":       {"merge other", "a merge is under way"},
		"rebase":      {"rebase other", "a rebase is under way, and could take the commit away again; end it first: git rebase --continue; git rebase --abort takes back every change"},
		"cherry-pick": {"cherry-pick other", "a cherry-pick is under way"},
		"revert":      {"revert --no-edit HEAD~1", "a revert is under way"},
		"bisect":      {"bisect start", "a bisection is under way"},
		"am":          {"am -3 p.patch", "git am is under way"},
		"nothing":     {"status", ""},
	} {
		t.Run(operation, func(t *testing.T) {
			dir := t.TempDir()
			gitIn(t, dir, "init", "-q", "-b", "main")
			writeIn(t, dir, "code", "1\n")
			writeIn(t, dir, "record.md", "a\n")
			gitIn(t, dir, "add", ".")
			gitIn(t, dir, "commit", "-q", "-m", "one")
			gitIn(t, dir, "checkout", "-q", "-b", "other")
			writeIn(t, dir, "code", "other\n")
			gitIn(t, dir, "commit", "-q", "-a", "-m", "other")
			writeIn(t, dir, "p.patch", gitIn(t, dir, "format-patch", "-1", "--stdout"))
			gitIn(t, dir, "checkout", "-q", "main")
			for _, n := range []string{"2\n", "3\n"} {
				writeIn(t, dir, "code", n)
				gitIn(t, dir, "commit", "-q", "-a", "-m", n)
			}
			gitIn(t, dir, strings.Fields(test.begin)...)
			writeIn(t, dir, "record.md", "b\n")
			changed, err := Committer{File: filepath.Join(dir, "record.md"), Output: os.Stderr}.Changed(t.Context())
			if got := strings.Contains(gotText(err), test.want); !changed || !got || (err == nil) != (test.want == "") {
				t.Errorf("%v, %v", changed, err)
			}
		})
	}
}

func gotText(err error) string {
	if err == nil {
		return ""
	}
	return err.Error()
}

// TestChangedByContent: what git was told not to look at is changed all the same.
func TestChangedByContent(t *testing.T) {
	for flag, undo := range map[string]string{"--assume-unchanged": "--no-assume-unchanged", "--skip-worktree": "--no-skip-worktree"} {
		dir := t.TempDir()
		c := Committer{File: filepath.Join(dir, "record.md"), Output: os.Stderr}
		gitIn(t, dir, "init", "-q")
		writeIn(t, dir, "record.md", "a\n")
		if changed, err := c.Changed(t.Context()); !changed || err != nil {
			t.Errorf("before the first commit: %v, %v", changed, err)
		}
		gitIn(t, dir, "add", ".")
		gitIn(t, dir, "commit", "-q", "-m", "one")
		gitIn(t, dir, "update-index", flag, "record.md")
		if changed, err := c.Changed(t.Context()); changed || err != nil {
			t.Errorf("%s, unchanged: %v, %v", flag, changed, err)
		}
		writeIn(t, dir, "record.md", "b\n")
		if changed, err := c.Changed(t.Context()); !changed || !strings.Contains(gotText(err), "git update-index "+undo) {
			t.Errorf("%s, changed: %v, %v", flag, changed, err)
		}
	}
}
