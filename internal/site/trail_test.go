package site

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
)

// A folder that vanishes while its records are read leaves pages without commits: that is
// a problem, and not only a sentence on the pages.
func TestFolderVanishesBeforeGitIsAsked(t *testing.T) {
	t.Setenv("GIT_CEILING_DIRECTORIES", os.TempDir())
	root := filepath.Join(t.TempDir(), "shop")
	if out, err := exec.Command("git", "init", "-q", root).CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p, _, err := project.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	l := newLoader(p, Options{Now: time.Now()})
	src := l.sources[0]
	src.entries, src.trail = []*Entry{{reading: &reading{Record: &records.Record{File: "deployments/checklists/2024-08-31-14-30-deployment.md"}}}}, openTrail(root)
	if err := os.Rename(root, root+"-gone"); err != nil {
		t.Fatal(err)
	}
	if err := l.loadAudit(t.Context(), src); err != nil {
		t.Fatal(err)
	}
	if len(l.Problems) != 1 || l.Problems[0].Rule != problem.NoTrail {
		t.Errorf("problems are %v, want that nothing is known of the commits", l.Problems)
	}
}
