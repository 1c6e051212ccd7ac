package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/deploysite/deploysite/internal/test/generate"
)

const benchmarked = 10_000 // records

// BenchmarkStart compares a start, as a process of its own, with git status in
// the same folder: ten thousand committed records, of which the newest one of a
// service names a commit, and fifty commits since.
func BenchmarkStart(b *testing.B) {
	dir := committedHistory(b)
	for _, bench := range []struct {
		name string
		args []string
	}{
		{"git-status", []string{"git", "status"}},
		{"briefing", []string{"deploystart", "--no-edit", "-s", "storefront", "-e", "production"}},
		{"no-flags", []string{"deploystart", "--no-edit"}},
		{"never-deployed", []string{"deploystart", "--no-edit", "-s", "storefront", "-e", "moon"}},
		{"no-briefing", []string{"deploystart", "--no-edit", "--no-briefing", "-s", "storefront", "-e", "production"}},
	} {
		b.Run(bench.name, func(b *testing.B) {
			for b.Loop() {
				cmd := exec.Command(bench.args[0], bench.args[1:]...)
				cmd.Dir = dir
				out, err := cmd.Output()
				if err != nil {
					b.Fatal(err)
				}
				b.StopTimer()
				if path := strings.TrimSpace(string(out)); bench.args[0] == "deploystart" {
					if err := os.Remove(filepath.Join(dir, path)); err != nil {
						b.Fatal(err)
					}
				}
				b.StartTimer()
			}
		})
	}
}

func committedHistory(b *testing.B) string {
	if _, err := exec.LookPath("git"); err != nil {
		b.Skip("git is not installed")
	}
	dir := filepath.Join(b.TempDir(), "shop")
	if err := generate.Project(dir, benchmarked, generate.Options{Seed: 1}); err != nil {
		b.Fatal(err)
	}
	git := func(args ...string) string {
		cmd := exec.Command("git", append([]string{"-c", "user.name=Ada Park", "-c", "user.email=ada@example.org"}, args...)...)
		cmd.Dir = dir
		out, err := cmd.CombinedOutput()
		if err != nil {
			b.Fatalf("git %q: %v\n%s", args, err, out)
		}
		return strings.TrimSpace(string(out))
	}
	git("init", "-q", "-b", "main")
	git("config", "user.name", "Ada Park")
	git("add", ".")
	git("commit", "-q", "-m", "Ten thousand records")
	nameCommit(b, dir, git("rev-parse", "HEAD"))
	for range 50 {
		git("commit", "-q", "--allow-empty", "-m", "Change something")
	}
	git("commit", "-q", "-a", "-m", "docs: deployment record")
	return dir
}

// nameCommit writes a commit that there is into the newest record of a
// deployment of storefront to production that succeeded.
func nameCommit(b *testing.B, dir, commit string) {
	names, err := filepath.Glob(filepath.Join(dir, "deployments", "checklists", "*.md"))
	for i := len(names) - 1; i >= 0 && err == nil; i-- {
		var source []byte
		source, err = os.ReadFile(names[i])
		text := string(source)
		if !strings.Contains(text, "\nservice: storefront\nenvironment: production\n") || !strings.Contains(text, "\nstatus: succeeded\n") {
			continue
		}
		before, after, _ := strings.Cut(text, "\ncommit: ")
		_, after, _ = strings.Cut(after, "\n")
		if err := os.WriteFile(names[i], []byte(before+"\ncommit: "+commit+"\n"+after), 0o666); err != nil {
			b.Fatal(err)
		}
		return
	}
	b.Fatal("no such record", err)
}
