package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	"golang.org/x/tools/txtar"
)

// elsewhere are lines that need what no test has: an account, a host of that name, or
// mise, which the tests of the plugin install with.
var elsewhere = regexp.MustCompile(`^(mise|\./bin/mise|aws) |verify https:|--host 192`)

// typedByOthers are pages whose lines hang together; see typed.
var typedByOthers = []string{"docs/guide/start.md", "docs/guide/install.md"}

// TestExamples runs each example of --help, by its page in the reference, and of the
// guide: each in the same repository, which init made, in the middle of a deployment.
func TestExamples(t *testing.T) {
	t.Parallel()
	w := newWorkshop(t)
	ran := 0
	all := pages(t)
	var files []string
	for file := range all {
		files = append(files, file)
	}
	slices.Sort(files)
	for _, file := range files {
		if slices.Contains(typedByOthers, file) || !strings.HasPrefix(file, "docs/guide/") && file != "README.md" {
			continue
		}
		for _, example := range examples(all[file]) {
			if elsewhere.MatchString(example) {
				continue
			}
			ran++
			if said, err := w.run(example); err != nil {
				t.Errorf("%s: %s: %v\n%s", file, example, err, said)
			}
		}
	}
	if ran < 100 {
		t.Errorf("only %d examples were run", ran)
	}
}

var (
	ends    = regexp.MustCompile(`^ *done\b`)
	comment = regexp.MustCompile(`(?m)[ \t]+# .*$`)
)

// examples are what a page says to type, without comments: lines, or loops as a whole.
func examples(p page) (all []string) {
	reference := strings.Contains(p.file, "/commands/deploy")
	p.walk(func(n ast.Node) {
		language, text, _ := p.code(n)
		if language != "sh" && language != "console" || reference && strings.Contains(text, "[flags]") {
			return
		}
		open := ""
		for line := range strings.Lines(text) {
			open += line
			begins := strings.HasPrefix(open, "for ") || strings.HasPrefix(open, "while ")
			if strings.HasSuffix(line, "\\\n") || begins && !ends.MatchString(line) {
				continue
			}
			all = append(all, strings.TrimSpace(comment.ReplaceAllString(open, "")))
			open = ""
		}
	})
	return all
}

// A workshop is a repository that is as it was before each example.
type workshop struct {
	home, kept string // the home folder, which holds the repository, and a copy of it
	env        []string
}

func newWorkshop(t *testing.T) *workshop {
	t.Helper()
	dir, err := filepath.EvalSymlinks(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	bin := filepath.Join(dir, "bin")
	w := &workshop{home: filepath.Join(dir, "home"), kept: filepath.Join(dir, "kept")}
	files, err := txtar.ParseFile("testdata/examples.txtar")
	if err != nil {
		t.Fatal(err)
	}
	for _, f := range files.Files {
		mode := os.FileMode(0o644)
		if strings.HasPrefix(f.Name, "bin/") {
			mode = 0o755
		}
		name := filepath.Join(dir, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o755); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, mode); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), root+"/cmd/deploystart", root+"/cmd/deploysite")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	w.env = []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + w.home, "EDITOR=true", "CI=true", "GIT_TEMPLATE_DIR=", "TZ=UTC",
		"DEVLAKE_KEY=key", "DEVLAKE_WEBHOOK=https://devlake.example.org",
		"GIT_AUTHOR_NAME=Ada Park", "GIT_AUTHOR_EMAIL=ada@example.org", "GIT_COMMITTER_NAME=Ada Park", "GIT_COMMITTER_EMAIL=ada@example.org",
		"GIT_CONFIG_COUNT=2", "GIT_CONFIG_KEY_0=user.name", "GIT_CONFIG_VALUE_0=Ada Park", "GIT_CONFIG_KEY_1=user.email", "GIT_CONFIG_VALUE_1=ada@example.org"}
	if said, err := w.typed(w.home, "sh ./begin"); err != nil {
		t.Fatalf("%v\n%s", err, said)
	}
	if err := os.CopyFS(w.kept, os.DirFS(w.home)); err != nil {
		t.Fatal(err)
	}
	return w
}

// needed is what has to be done before an example that begins so.
var needed = map[string]string{
	"deploysite verify":  "deploysite build --attest",
	"deploystart resume": "deploystart cancel --reason 'The provider has an outage.'",
}

// run runs an example in the repository as it was at first. A server is stopped as
// soon as it had the time to say where it is.
func (w *workshop) run(example string) (said string, err error) {
	if err := os.RemoveAll(w.home); err != nil {
		return "", err
	}
	if err := os.CopyFS(w.home, os.DirFS(w.kept)); err != nil {
		return "", err
	}
	for begins, before := range needed {
		if strings.HasPrefix(example, begins) {
			example = before + "; " + example
		}
	}
	if strings.Contains(example, "deploysite serve") {
		example = strings.Replace(example, "deploysite serve", "deploysite serve -p 0", 1) // somebody else may have the usual port; a later -p counts
		example = "timeout --signal INT 2 " + example + " || [ $? = 124 ]"
	}
	return w.typed(filepath.Join(w.home, "arcade"), example)
}

func (w *workshop) typed(dir, script string) (said string, err error) {
	cmd := exec.Command("bash", "-euo", "pipefail", "-c", script)
	cmd.Dir, cmd.Env = dir, w.env
	cmd.Stdin = strings.NewReader("ERROR: canceling statement due to lock timeout\n")
	out, err := cmd.CombinedOutput()
	return string(out), err
}
