package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/test/faults"
)

// Each command that changes a record is killed at its system calls.
func TestKilledAtEachSystemCall(t *testing.T) {
	for _, name := range []string{"GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME"} {
		t.Setenv(name, "Ada")
	}
	for _, name := range []string{"GIT_AUTHOR_EMAIL", "GIT_COMMITTER_EMAIL"} {
		t.Setenv(name, "ada@example.org")
	}
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	begun := time.Now().Add(-90 * time.Minute).Truncate(time.Minute)
	id := begun.Format("2006-01-02-15-04")
	setup := func(then ...string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			folder := filepath.Join(dir, "deployments", "checklists")
			if err := os.MkdirAll(folder, 0o777); err != nil {
				t.Fatal(err)
			}
			for name, content := range map[string]string{
				filepath.Join(folder, id+"-deployment.md"): "---\nstatus: in-progress\nservice: shop\nenvironment: production\ndeployers: [Ada]\ndate: " +
					begun.Format("2006-01-02 15:04") + "\n---\n\n# Shop\n\n- [x] Back up\n- [ ] Deploy\n\n## Lessons\n\n- Purge the cache\n",
				filepath.Join(folder, "2024-08-31-14-30-deployment.md"): "---\nstatus: succeeded\nservice: shop\nenvironment: production\n---\n\n# Shop\n\n## Lessons\n\n- Purge the cache\n",
				filepath.Join(folder, ".foreign.tmp"):                   "foreign",
				filepath.Join(dir, "FOREIGN"):                           "foreign",
			} {
				if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
					t.Fatal(err)
				}
			}
			for _, args := range [][]string{{"git", "init", "-q"}, {"git", "add", "-A"}, {"git", "commit", "-qm", "x"}, then} {
				if len(args) == 0 {
					continue
				}
				cmd := exec.Command(args[0], args[1:]...)
				cmd.Dir = dir
				if out, err := cmd.CombinedOutput(); err != nil {
					t.Fatalf("%q: %v\n%s", args, err, out)
				}
			}
		}
	}
	note := []string{"deploystart", "note", "tip", "After all", "--record", id}
	for name, k := range map[string]faults.Killed{
		"start":  {Setup: setup(), Args: []string{"deploystart", "--no-edit", "--new", "-s", "shop", "-e", "staging"}, Then: note},
		"step":   {Setup: setup(), Args: []string{"deploystart", "step", "2"}, Then: note},
		"note":   {Setup: setup(), Args: []string{"deploystart", "note", "tip", "Purge first"}, Then: note},
		"undo":   {Setup: setup("deploystart", "step", "2"), Args: []string{"deploystart", "undo"}, Then: note},
		"finish": {Setup: setup(), Args: []string{"deploystart", "finish", "--status", "succeeded"}, Then: note},
		"commit": {Setup: setup(), Args: []string{"deploystart", "finish", "--status", "succeeded", "--commit"}, Then: note},
		"cancel": {Setup: setup(), Args: []string{"deploystart", "cancel", "--reason", "rain"}, Then: note},
		"lesson": {Setup: setup(), Args: []string{"deploystart", "lesson", "accept", "1"}, Then: note},
	} {
		t.Run(name, k.Run)
	}
}
