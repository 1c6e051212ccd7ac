package main

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/deploysite/deploysite/internal/test/faults"
)

// Each command that writes into the project is killed at its system calls. Afterwards it
// does what is left to do, and what comes new.
func TestKilledAtEachSystemCall(t *testing.T) {
	t.Setenv("XDG_CACHE_HOME", t.TempDir())
	setup := func(files map[string]string) func(*testing.T, string) {
		return func(t *testing.T, dir string) {
			t.Helper()
			for name, content := range files {
				name = filepath.Join(dir, name)
				if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
					t.Fatal(err)
				}
				if err := os.WriteFile(name, []byte(content), 0o666); err != nil {
					t.Fatal(err)
				}
			}
		}
	}
	const record = "---\nstatus: succeeded\nservice: shop\n---\n\n# Shop\n\n- [x] Back up\n"
	for name, k := range map[string]faults.Killed{
		"import": {Setup: setup(map[string]string{"LOG.md": "# Log\n\n## 2023-01-01 v1\n\nAda deployed shop. Status: success\n\n## 2023-01-02 v2\n\nAda deployed shop. Status: success\n",
			"deployments/checklists/.foreign.tmp": "foreign", "LATER.md": "# Log\n\n## 2023-02-01 v3\n\nAda deployed shop. Status: success\n"}),
			Args: []string{"deploysite", "import", "LOG.md", "--write"}, Then: []string{"deploysite", "import", "LOG.md", "LATER.md", "--write"}},
		"init": {Setup: setup(map[string]string{"README.md": "# Shop\n", ".foreign.tmp": "foreign"}), Args: []string{"deploysite", "init", "--forge", "github"}},
		"fix": {Setup: setup(map[string]string{"deployments/checklists/2024-08-31-14-30-deployment.md": "---\nstatus: succeeded\nservice: shop\nenviroment: production\n---\n\n# Shop\n\n- [x] Back up\n"}),
			Args: []string{"deploysite", "check", "--fix"}, Then: []string{"sh", "-c", "cd deployments/checklists && sed s/environment:/enviroment:/ 2024-08-31-14-30-deployment.md > 2024-09-01-14-30-deployment.md && cd ../.. && deploysite check --fix"}},
		"review": {Setup: setup(map[string]string{"deployments/checklists/2024-08-31-14-30-deployment.md": record, "deployments/checklists/2024-04-30-14-30-deployment.md": record}),
			Args: []string{"deploysite", "review", "2024-Q3", "--write"},
			Then: []string{"sh", "-ec", "test -e docs/reviews/2024-q3.md || deploysite review 2024-Q3 --write; deploysite review 2024-Q2 --write; test -s docs/reviews/2024-q3.md"}},
	} {
		t.Run(name, k.Run)
	}
}
