package adopt

import (
	"context"
	"os"
	"os/exec"

	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/version"
)

// FactsOf asks git and this machine about a project, which may be outside of git.
func FactsOf(ctx context.Context, p *project.Project) (Facts, error) {
	_, missing := exec.LookPath("mise")
	facts := Facts{Version: version.Number(), Configured: p.ConfigFile != "", NoMise: missing != nil}
	facts.Document = func(name string) ([]byte, error) { return p.ReadDocument(name, maxRead) }
	repo, err := git.Find(p.Root)
	if repo == nil {
		return facts, err
	}
	facts.Git = true
	if facts.Below = repo.Below(); facts.Below != "" {
		facts.Top = os.DirFS(repo.Top)
	}
	if facts.Remote, err = repo.Remote(ctx); err != nil {
		return facts, err
	}
	if facts.Branch, err = repo.DefaultBranch(ctx); err != nil {
		return facts, err
	}
	if facts.PagesBranches, err = repo.Branches(ctx, "pages", "gh-pages"); err != nil {
		return facts, err
	}
	facts.Ignores = func(folder string) bool {
		ignored, err := repo.Ignores(ctx, folder)
		return err == nil && ignored
	}
	facts.Untracked = func(names ...string) []string {
		untracked, err := repo.Untracked(ctx, names...)
		if err != nil {
			return nil
		}
		return untracked
	}
	return facts, nil
}
