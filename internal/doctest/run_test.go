package doctest

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/project"
)

// TestConfigurationExamples reads every example of deploysite.toml in the guide.
func TestConfigurationExamples(t *testing.T) {
	read := 0
	for _, p := range guide(t) {
		p.walk(func(n ast.Node) {
			language, text, _ := p.code(n)
			if language != "toml" || strings.Contains(text, "[tools]") || strings.Contains(text, "[tasks") || strings.Contains(text, "[task_config]") { // mise's
				return
			}
			read++
			if _, problems := project.ParseConfig(project.ConfigName, []byte(text)); len(problems) > 0 {
				t.Errorf("%s: %v in\n%s", p.file, problems, text)
			}
		})
	}
	if read == 0 {
		t.Error("there is no example")
	}
}

// TestStart types what the first page says, in an empty folder, and looks for
// what it promises.
func TestStart(t *testing.T) {
	bin, home := t.TempDir(), t.TempDir()
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), root+"/cmd/deploystart", root+"/cmd/deploysite")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p := pages(t)["docs/guide/start.md"]
	var script strings.Builder
	p.walk(func(n ast.Node) {
		if language, text, _ := p.code(n); language == "sh" {
			script.WriteString(text)
		}
	})
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", script.String())
	cmd.Dir = home
	cmd.Env = []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + home, "CI=true",
		"GIT_AUTHOR_NAME=Ada Park", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=Ada Park", "GIT_COMMITTER_EMAIL=ada@example.org"}
	said, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	for _, want := range []string{"Purge the cache before the smoke test.", "the cache still had the old page", "Smoke test: failed in 1 of 1 deployment"} {
		if !strings.Contains(strings.Join(strings.Fields(string(said)), " "), want) { // it breaks lines
			t.Errorf("the second start does not say %q:\n%s", want, said)
		}
	}
	if _, err := os.Stat(filepath.Join(home, "arcade", "public", "index.html")); err != nil {
		t.Error(err)
	}
}
