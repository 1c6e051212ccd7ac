package publish

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestOutputsThatAreRefused(t *testing.T) {
	base, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	project := filepath.Join(base, "work", "jump-man")
	home := filepath.Join(base, "home", "ada")
	write(t, filepath.Join(project, "deployments/checklists/2024-08-31-14-30-deployment.md"), "# record")
	write(t, filepath.Join(project, "docs/deployment-checklist.md"), "# template")
	write(t, filepath.Join(project, "file"), "a file")
	mkdir(t, home, 0o755)
	t.Setenv("HOME", home)
	t.Setenv("USERPROFILE", home)
	symlink(t, project, filepath.Join(base, "link"))
	symlink(t, "loop", filepath.Join(base, "loop"))
	t.Chdir(project)
	opt := Options{Project: project, Protected: []string{"deployments/checklists", "docs", "themes", ".git"}}

	cases := map[string]struct{ dir, why string }{
		"root":                     {string(filepath.Separator), "root of the file system"},
		"home":                     {home, "home folder"},
		"around home":              {filepath.Dir(home), "home folder"},
		"project":                  {project, "is the project"},
		"project, relative":        {".", "is the project"},
		"around the project":       {"..", "contains it"},
		"project through a link":   {filepath.Join(base, "link"), "is the project"},
		"records":                  {"deployments/checklists", "checklists"},
		"around the records":       {"deployments", "checklists"},
		"in the records":           {"deployments/checklists/public", "checklists"},
		"in the docs, roundabout":  {"public/../docs/site", "docs"},
		"through a link":           {filepath.Join(base, "link", "docs", "site"), "docs"},
		"themes, not there yet":    {"themes/public", "themes"},
		"repository":               {".git", ".git"},
		"in the repository":        {".git/public", ".git"},
		"a file":                   {"file", "is a file"},
		"a loop of symbolic links": {filepath.Join(base, "loop"), "too many symbolic links"},
	}
	for name, c := range cases {
		t.Run(name, func(t *testing.T) {
			before := snapshotNoDirTimes(t, base)
			_, err := Publish(t.Context(), c.dir, small("1"), opt)
			if err == nil || !strings.Contains(err.Error(), c.why) {
				t.Errorf("error is %v, want %q", err, c.why)
			}
			if after := snapshotNoDirTimes(t, base); before != after {
				t.Errorf("something changed:\n%s\n%s", before, after)
			}
		})
	}
	mustPublishWith(t, "public", small("1"), opt)
	mustPublishWith(t, "build/site", small("1"), opt)
}

func TestOutputInAnotherCase(t *testing.T) {
	project := t.TempDir()
	mkdir(t, filepath.Join(project, "docs"), 0o755)
	if _, err := os.Stat(filepath.Join(project, "DOCS")); err != nil {
		t.Skip("SKIPPED: this file system tells upper from lower case")
	}
	_, err := Publish(t.Context(), filepath.Join(project, "DOCS"), small("1"), Options{Project: project, Protected: []string{"docs"}})
	if err == nil {
		t.Error("DOCS is accepted although it is docs")
	}
}

func TestOutputIsALink(t *testing.T) {
	bothWays(t, func(t *testing.T, target string, opt Options) {
		link := filepath.Join(t.TempDir(), "site")
		symlink(t, target, link) // to nothing, at first
		mustPublishWith(t, link, small("1"), opt)
		mustPublishWith(t, link, small("2"), opt)
		wantLink(t, link, target)
		wantContent(t, filepath.Join(target, "index.html"), "home 2")
		noLeftovers(t, target)
	})
}
