package adopt

import (
	"context"
	"io/fs"
	"path"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/deploysite/deploysite/internal/project"
)

// FuzzAdopt adopts the process in repositories of any names. A second adoption
// finds nothing to write, what the first one wrote can be read, and no file that
// was there is planned.
func FuzzAdopt(f *testing.F) {
	for _, names := range []string{
		"README.md", "docs/deployments/2024-08-31.md\ndocs/DEPLOYMENT_CHECKLIST.md", "deploys/01-02-2024.md\ndeploys/a \"b\" \\c'.md",
		".gitlab-ci.yml\nmise.toml\npublic/index.html", "デプロイ/2024年8月31日.md\nリリース手順.md", "deploy/2024-08-31/notes.md\ndeploy/2024-08-31.txt",
		"docs", "mise.toml/x\n.github/workflows/pages.yml\ndeployments/checklists", "deploy-checklist\x1b.md\ndocs/deploy\u202e.md",
		"docs/deploy/[x]*?.md\nops/rollouts/$(x)/2024-08-31.md",
	} {
		f.Add(names, "# Deployment\n\n- [ ] a\n- [x] b\n\n## 2024-08-31\n\n## 2024-09-01\n", byte(0))
		f.Add(names, "on: push\njobs:\n  a: gh-pages\npages:\n  x: y\n", byte(0xff))
	}
	f.Fuzz(func(t *testing.T, names, content string, choice byte) {
		fsys := fstest.MapFS{}
		for name := range strings.SplitSeq(names, "\n") {
			if fs.ValidPath(name) && name != "." && len(name) < 300 && path.Base(name) != project.ConfigName && len(fsys) < 20 && !clashes(fsys, name) {
				fsys[name] = &fstest.MapFile{Data: []byte(content)}
			}
		}
		facts := Facts{Git: choice&1 > 0, Remote: []string{"", "https://github.com/a/b", "https://gitlab.com/a/b", "https://codeberg.org/a/b"}[choice>>1&3]}
		plan, err := Look(context.Background(), fsys, project.Default(), facts)
		if err != nil {
			t.Skip(err)
		}
		for _, file := range plan.Files {
			if _, there := fsys[file.Path]; there && file.State == Planned {
				t.Fatalf("%q is there and planned", file.Path)
			}
			if file.State == Planned {
				fsys[file.Path] = &fstest.MapFile{Data: file.Content}
			}
		}
		again(t, fsys, facts)
	})
}

// clashes tells whether a name is a folder of another, or lies in one that is a
// file.
func clashes(fsys fstest.MapFS, name string) bool {
	for other := range fsys {
		if other == name || strings.HasPrefix(other, name+"/") || strings.HasPrefix(name, other+"/") {
			return true
		}
	}
	return false
}

func again(t *testing.T, fsys fstest.MapFS, facts Facts) {
	config := project.Default()
	if source := fsys[project.ConfigName]; source != nil {
		parsed, problems := project.ParseConfig(project.Default(), project.ConfigName, source.Data)
		if len(problems) > 0 {
			t.Fatalf("%v in\n%s", problems, source.Data)
		}
		config, facts.Configured = parsed, true
	}
	plan, err := Look(context.Background(), fsys, config, facts)
	if err != nil {
		t.Fatal(err)
	}
	if n := plan.Count(Planned); n > 0 {
		t.Errorf("%d files are planned again: %+v", n, plan.Files)
	}
}
