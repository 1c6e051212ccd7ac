// Package plugin adopts deploysite in empty repositories as other teams do:
// mise installs it from a git repository of this work tree, and runs its tasks.
//
// Each script in testdata/script has a HOME and a repository of its own, and
// these variables:
//
//	ORIGIN   a bare repository of this work tree, with the tags v0.1.0 and v0.2.0,
//	         of which only the second has manual pages, and some more; a copy, so
//	         that a script may change it
//	HTTPS    the address of the same on a server
//	ARCHIVES the address of releases: v0.2.0 has an archive for this system; below
//	         forged/ and other folders something about it is otherwise
//	PATH     has mise, git and go
//	GO       the folder of that go, and GO_VERSION the least that go.mod asks for
//	NO_GO    a PATH without go
//	NO_GIT   a PATH without git
//
// What is missing on the machine is a failure: a plugin that nobody tried is not
// known to work.
package plugin

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"github.com/rogpeppe/go-internal/testscript"

	"github.com/deploysite/deploysite/tasks"
)

func TestScripts(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("the scripts are for a Unix shell")
	}
	m := prepareMachine(t)
	releases := makeReleases(t)
	server := serveGit(t, releases)
	archives := httptest.NewServer(http.FileServer(http.Dir(makeArchives(t, releases)))) // a plugin trusts no certificate but the world's
	t.Cleanup(archives.Close)
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		Setup: func(env *testscript.Env) error {
			origin := filepath.Join(env.WorkDir, "origin.git")
			if err := os.CopyFS(origin, os.DirFS(releases)); err != nil {
				return err
			}
			env.Vars = append(env.Vars,
				"ORIGIN="+origin,
				"HTTPS="+server.URL+"/"+filepath.Base(releases), "ARCHIVES="+archives.URL, "DEPLOYSITE_RELEASES=none",
				"HOME="+filepath.Join(env.WorkDir, "home"),
				"PATH="+m.path, "NO_GO="+m.noGo, "NO_GIT="+m.noGit,
				"GO="+m.goEnv["GOROOT"], "GO_VERSION="+m.goVersion,
				// One cache for all, and for the tests of the commands: the second build takes a second.
				"GOCACHE="+m.goEnv["GOCACHE"], "GOMODCACHE="+m.goEnv["GOMODCACHE"], "GOPROXY="+m.goEnv["GOPROXY"],
				// git and mise's own TLS each read another one.
				"GIT_SSL_CAINFO="+server.roots, "SSL_CERT_FILE="+server.roots,
				"GIT_CONFIG_NOSYSTEM=1", "MISE_SYSTEM_CONFIG_DIR="+filepath.Join(env.WorkDir, "none"),
				"GIT_AUTHOR_NAME=Ada Park", "GIT_AUTHOR_EMAIL=ada@example.org",
				"GIT_COMMITTER_NAME=Ada Park", "GIT_COMMITTER_EMAIL=ada@example.org",
			)
			return os.Mkdir(filepath.Join(env.WorkDir, "home"), 0o777)
		},
		Cmds: map[string]func(*testscript.TestScript, bool, []string){"adopt": adopt},
	})
}

// adopt URL VERSION [INCLUDE] makes the current folder a repository that uses
// deploysite. Its tasks come from INCLUDE, or are written into its mise.toml.
func adopt(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 || len(args) > 3 {
		ts.Fatalf("usage: adopt URL VERSION [INCLUDE]")
	}
	config := fmt.Sprintf("[plugins]\ndeploysite = %q\n\n[tools]\ndeploysite = %q\n\n", args[0], args[1])
	if len(args) == 3 {
		config += fmt.Sprintf("[task_config]\nincludes = [%q]\n", args[2])
	} else {
		config += tasks.Block()
	}
	ts.Check(os.WriteFile(ts.MkAbs("mise.toml"), []byte(config), 0o666))
	ts.Check(ts.Exec("git", "init", "--quiet"))
}

// A machine is what the scripts find installed.
type machine struct {
	path, noGo, noGit string
	goEnv             map[string]string
	goVersion         string
}

func prepareMachine(t *testing.T) machine {
	m := machine{goEnv: map[string]string{}}
	for _, key := range []string{"GOCACHE", "GOMODCACHE", "GOPROXY", "GOROOT"} {
		m.goEnv[key] = output(t, ".", "go", "env", key)
	}
	m.goVersion = output(t, ".", "go", "list", "-m", "-f", "{{.GoVersion}}")
	need := func(name string) string {
		path, err := exec.LookPath(name)
		if err != nil {
			t.Fatalf("the mise plugin cannot be tested without %s: %v", name, err)
		}
		return path
	}
	git := need("git")
	mise := links(t, map[string]string{"mise": findMise(t)})
	m.path = strings.Join([]string{mise, filepath.Join(m.goEnv["GOROOT"], "bin"), os.Getenv("PATH")}, ":")

	few := map[string]string{}
	for _, name := range []string{"sh", "env", "mkdir", "cp", "rm", "uname"} {
		few[name] = need(name)
	}
	bare := links(t, few)
	m.noGo = strings.Join([]string{mise, links(t, map[string]string{"git": git}), bare}, ":")
	m.noGit = strings.Join([]string{mise, filepath.Join(m.goEnv["GOROOT"], "bin"), bare}, ":")
	return m
}

// findMise returns the mise that bin/mise runs, which it fetches if it must.
func findMise(t *testing.T) string {
	cmd := exec.Command("../../../bin/mise")
	cmd.Env = append(os.Environ(), "DEPLOYSITE_ASKS_PATH=1")
	var complaints strings.Builder
	cmd.Stderr = &complaints
	path, err := cmd.Output()
	if err != nil {
		t.Fatalf("the mise plugin cannot be tested without mise: %v\n%s", err, &complaints)
	}
	return strings.TrimSpace(string(path))
}

// links makes a folder of links.
func links(t *testing.T, targets map[string]string) string {
	dir := t.TempDir()
	for name, target := range targets {
		if err := os.Symlink(target, filepath.Join(dir, name)); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// output runs a program in a folder and returns what it prints.
func output(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir = dir
	out, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%s %s: %v\n%s", name, strings.Join(args, " "), err, out)
	}
	return strings.TrimSpace(string(out))
}
