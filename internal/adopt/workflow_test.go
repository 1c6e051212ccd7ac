package adopt

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// script is what a step of a workflow runs, with /tmp in another place.
func script(t *testing.T, text, job, step, tmp string) string {
	t.Helper()
	var workflow struct {
		Jobs map[string]struct{ Steps []struct{ Name, Run string } }
	}
	if err := yaml.Unmarshal([]byte(text), &workflow); err != nil {
		t.Fatal(err)
	}
	for _, s := range workflow.Jobs[job].Steps {
		if s.Name == step {
			return strings.ReplaceAll(s.Run, "/tmp/", tmp+"/")
		}
	}
	t.Fatalf("no step %q in\n%s", step, text)
	return ""
}

// shell runs commands as a runner does, and says what they printed.
func shell(t *testing.T, dir, commands string, env ...string) (out string, ok bool) {
	t.Helper()
	cmd := exec.Command("sh", "-e", "-c", commands)
	cmd.Dir = dir
	cmd.Env = append(os.Environ(), append([]string{"GIT_CONFIG_GLOBAL=" + os.DevNull, "GIT_AUTHOR_NAME=a", "GIT_AUTHOR_EMAIL=a@example.org",
		"GIT_COMMITTER_NAME=a", "GIT_COMMITTER_EMAIL=a@example.org"}, env...)...)
	all, err := cmd.CombinedOutput()
	return string(all), err == nil
}

func needs(t *testing.T, programs ...string) {
	t.Helper()
	for _, name := range programs {
		if _, err := exec.LookPath(name); err != nil {
			t.Skip(err)
		}
	}
}

// The branch pages is replaced only where the workflow itself wrote it, and only by
// who has seen what it held.
func TestPushOfTheSite(t *testing.T) {
	needs(t, "sh", "git")
	tmp := t.TempDir()
	text := look(t, repository("x", ""), Facts{Forge: "forgejo"}).content(".forgejo/workflows/deployment-records.yml")
	push := script(t, text, "publish", "Push the site to the branch pages", filepath.ToSlash(tmp))
	clone, index := filepath.Join(tmp, "clone"), "GIT_INDEX_FILE="+filepath.Join(tmp, "site-index")
	must := func(commands string, env ...string) string {
		t.Helper()
		out, ok := shell(t, tmp, commands, env...)
		if !ok {
			t.Fatalf("%s\n%s", commands, out)
		}
		return strings.TrimSpace(out)
	}
	must(`git init -q --bare server.git; git init -q -b main clone; mkdir site; echo one >site/index.html
		git -C clone commit -q --allow-empty -m x; git -C clone remote add origin ../server.git; git -C clone push -q origin main`)
	for _, page := range []string{"one", "two"} {
		must("echo " + page + " >site/index.html")
		if out, ok := shell(t, clone, push, index); !ok {
			t.Fatalf("%s is not pushed: %s", page, out)
		}
		if got := must("git -C server.git show pages:index.html"); got != page {
			t.Errorf("published %q, want %q", got, page)
		}
	}
	tip := func() string { t.Helper(); return must("git -C server.git rev-parse pages") }

	before := tip()
	must("git -C clone remote set-url origin ../elsewhere.git")
	if out, ok := shell(t, clone, push, index); ok {
		t.Errorf("pushes where the server does not answer: %s", out)
	}
	must("git -C clone remote set-url origin ../server.git; mv server.git/objects server.git/gone; mkdir server.git/objects")
	if out, ok := shell(t, clone, push, index); ok {
		t.Errorf("pushes where the branch cannot be fetched: %s", out)
	}
	must("rmdir server.git/objects; mv server.git/gone server.git/objects")
	if tip() != before {
		t.Error("a push that failed changed the branch")
	}

	// Somebody else pushes between the look and the push.
	late := strings.Replace(push, "git push", `git -C ../server.git update-ref refs/heads/pages main
git push`, 1)
	if out, ok := shell(t, clone, late, index); ok {
		t.Errorf("replaces what it has not seen: %s", out)
	}
	if out, ok := shell(t, clone, push, index); ok || !strings.Contains(out, "The branch pages holds something else; it is left alone.") {
		t.Errorf("replaces somebody's pages: %v, %s", ok, out)
	}
	if tip() != must("git -C server.git rev-parse main") {
		t.Error("somebody's pages are gone")
	}
}

// A version stands in mise's file alone.
func TestVersionOfWorkflows(t *testing.T) {
	needs(t, "sh", "sed")
	text := look(t, repository("x", ""), Facts{Forge: "forgejo"}).content(".forgejo/workflows/deployment-records.yml")
	install := strings.Replace(script(t, text, "check", "Install the version that mise's file names", "/tmp"), "go install", "echo", 1)
	for content, want := range map[string]string{
		look(t, repository("x", ""), Facts{Version: "0.1.0"}).content("mise.toml"):                    "v0.1.0",
		look(t, repository("x", ""), Facts{Version: "devel"}).content("mise.toml"):                    "latest",
		"[tools]\ndeploysite = { version = \"1.2.3\", os = [\"linux\"] }\n":                           "v1.2.3",
		"[plugins]\ndeploysite=\"https://example.org/1\"\n[tools]\ndeploysite=\"0.2.0-rc.1\" # new\n": "v0.2.0-rc.1",
	} {
		dir := t.TempDir()
		if err := os.WriteFile(filepath.Join(dir, "mise.toml"), []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
		if out, ok := shell(t, dir, install); !ok || !strings.HasSuffix(strings.TrimSpace(out), "cmd/deploysite@"+want) {
			t.Errorf("%s: installs %s, want %s", content, out, want)
		}
	}
	if out, ok := shell(t, t.TempDir(), install); ok {
		t.Errorf("without mise's file it installs %s", out)
	}
}
