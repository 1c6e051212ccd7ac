// Package shell asks real shells to complete the commands: that what
// "completion" prints loads there, and that steps, records and filters come.
package shell

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
)

// project is a project with a record in progress, and the commands on the PATH.
type project struct {
	dir string
	env []string
}

func newProject(t *testing.T) project {
	t.Helper()
	bin, home := t.TempDir(), t.TempDir()
	build := exec.Command("go", "build", "-o", bin+string(filepath.Separator), "../../../cmd/deploystart", "../../../cmd/deploysite")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	p := project{dir: t.TempDir(), env: []string{"PATH=" + bin + string(os.PathListSeparator) + os.Getenv("PATH"), "HOME=" + home, "LC_ALL=C.UTF-8", "TERM=dumb"}}
	checklist := "## Pre-flight\n\n- [ ] **Load**\n- [ ] **Smoke tests**\n"
	if err := os.MkdirAll(filepath.Join(p.dir, "docs"), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(filepath.Join(p.dir, "docs", "deployment-checklist.md"), []byte(checklist), 0o666); err != nil {
		t.Fatal(err)
	}
	p.run(t, "deploystart", "--no-git", "--at", "2024-08-31 14:30", "-s", "scores-api", "-e", "production")
	return p
}

func (p project) run(t *testing.T, name string, args ...string) string {
	t.Helper()
	path, err := exec.LookPath(name)
	if err != nil && !strings.HasPrefix(name, "deploy") {
		t.Fatalf("%s is not installed; run: mise run setup-test", name)
	}
	if err != nil {
		path = filepath.Join(strings.TrimPrefix(strings.SplitN(p.env[0], string(os.PathListSeparator), 2)[0], "PATH="), name)
	}
	cmd := exec.Command(path, args...)
	cmd.Dir, cmd.Env = p.dir, p.env
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %q: %v\n%s", name, args, err, out)
	}
	return string(out)
}

// asks are what is typed, the last word being completed, and what must be
// among the answers.
var asks = []struct {
	words []string
	want  []string
}{
	{[]string{"deploystart", "fin"}, []string{"finish"}},
	{[]string{"deploystart", "step", ""}, []string{"pre-flight/load", "pre-flight/smoke-tests"}},
	{[]string{"deploystart", "step", "pre-flight/load", ""}, []string{"done", "failed", "skipped"}},
	{[]string{"deploystart", "current", "--record", ""}, []string{"2024-08-31-14-30"}},
	{[]string{"deploystart", "--environment", ""}, []string{"production"}},
	{[]string{"deploystart", "--service", "sc"}, []string{"scores-api"}},
	{[]string{"deploysite", "bu"}, []string{"build"}},
	{[]string{"deploysite", "build", "--st"}, []string{"--strict"}},
	{[]string{"deploysite", "search", "--service", ""}, []string{"scores-api"}},
}

// Each script completes the words that follow it and prints an answer a line.
const (
	inBash = `for prefix in /usr /usr/local /opt/homebrew; do
	[ ! -e $prefix/share/bash-completion/bash_completion ] || source $prefix/share/bash-completion/bash_completion
done
source <("$1" completion bash)
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); COMP_LINE="$*"; COMP_POINT=${#COMP_LINE}; COMP_TYPE=9
"$(complete -p "$1" | sed 's/.*-F \([^ ]*\).*/\1/')" "$1"
printf '%s\n' "${COMPREPLY[@]}"`

	// zsh completes only in its line editor. What the script hands to it is
	// looked at instead.
	inZsh = `autoload -U compinit && compinit -D -u
source <("$1" completion zsh)
_describe() { for name in "$@"; do [[ ${(tP)name} == array* ]] && print -rl -- ${(P)name}; done; return 0 }
_arguments() { print -r -- "$@" }
words=("$@"); CURRENT=$#
"$_comps[$1]"`

	inFish = `$argv[1] completion fish | source
complete -C (string join " " -- $argv)`
)

func TestCompletion(t *testing.T) {
	p := newProject(t)
	for shell, command := range map[string][]string{
		"bash": {"bash", "--norc", "-c", inBash, "bash"},
		"zsh":  {"zsh", "-f", "-c", inZsh, "zsh"},
		"fish": {"fish", "--no-config", "-c", inFish},
	} {
		t.Run(shell, func(t *testing.T) {
			for _, ask := range asks {
				said := p.run(t, command[0], append(command[1:], ask.words...)...)
				for _, want := range ask.want {
					if !hasAnswer(said, want) {
						t.Errorf("%q completes to\n%s\nwithout %q", ask.words, said, want)
					}
				}
			}
		})
	}
}

// hasAnswer looks for an answer, behind which its description may stand.
func hasAnswer(said, want string) bool {
	for line := range strings.Lines(said) {
		rest, ok := strings.CutPrefix(strings.TrimSpace(line), want)
		if ok && (rest == "" || strings.ContainsRune(" \t:", rune(rest[0]))) {
			return true
		}
	}
	return false
}
