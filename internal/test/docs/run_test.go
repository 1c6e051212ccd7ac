package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"testing/fstest"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/words"
	"github.com/deploysite/deploysite/themes"
)

// TestConfigurationExamples reads every example of deploysite.toml in the guide.
func TestConfigurationExamples(t *testing.T) {
	read := 0
	for _, p := range guide(t) {
		p.walk(func(n ast.Node) {
			language, text, _ := p.code(n)
			if language != "toml" || strings.Contains(text, "[tools]") || strings.Contains(text, "[tasks") || strings.Contains(text, "[task_config]") || strings.HasPrefix(text, "# netlify") { // others'
				return
			}
			read++
			if name, own := strings.CutPrefix(text, "# themes/default/"); own {
				checkWords(t, p.file, name, text)
				return
			}
			if _, problems := project.ParseConfig(project.Default(), project.ConfigName, []byte(text)); len(problems) > 0 {
				t.Errorf("%s: %v in\n%s", p.file, problems, text)
			}
		})
	}
	if read == 0 {
		t.Error("there is no example")
	}
}

// checkWords reads an example of a file of words, whose first line names it.
func checkWords(t *testing.T, page, name, text string) {
	t.Helper()
	name, _, _ = strings.Cut(name, "\n")
	language := strings.TrimSuffix(strings.TrimPrefix(name, "words/"), ".toml")
	example := words.Layer{FS: fstest.MapFS{name: {Data: []byte(text)}}, Name: "themes/default"}
	if _, problems, err := words.Load([]words.Layer{example, {FS: themes.Default()}}, language); err != nil || len(problems) > 0 {
		t.Errorf("%s: %v %v in\n%s", page, err, problems, text)
	}
}

// typed runs what a page says to type, in an empty home folder, and returns that
// folder with what was printed.
func typed(t *testing.T, file string) (home, said string) {
	t.Helper()
	bin, home := t.TempDir(), t.TempDir()
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), root+"/cmd/deploystart", root+"/cmd/deploysite")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p := pages(t)[file]
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
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	return home, string(out)
}

// TestStart types what the first page says and looks for what it promises.
func TestStart(t *testing.T) {
	home, said := typed(t, "docs/guide/start.md")
	for _, want := range []string{"Purge the cache before you look at the login.", "login answers 502; the cache had the old page", "One real use: failed in 1 of 1 deployment"} {
		if !strings.Contains(strings.Join(strings.Fields(said), " "), want) { // it breaks lines
			t.Errorf("the second start does not say %q:\n%s", want, said)
		}
	}
	if _, err := os.Stat(filepath.Join(home, "arcade", "public", "index.html")); err != nil {
		t.Error(err)
	}
}

// TestInstallCompletion types what the page says about completion.
func TestInstallCompletion(t *testing.T) {
	home, _ := typed(t, "docs/guide/install.md")
	for _, file := range []string{".local/share/bash-completion/completions/deploystart", ".zfunc/_deploysite", ".config/fish/completions/deploystart.fish"} {
		if info, err := os.Stat(filepath.Join(home, file)); err != nil || info.Size() < 1000 {
			t.Errorf("%s: %v", file, err)
		}
	}
}
