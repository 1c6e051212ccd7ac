package docs

import (
	"os"
	"os/exec"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
)

// TestActionSaysItsVersion runs the step of action.yml that compiles the commands, in
// folders named as a forge names that of an action, with a go that prints its arguments.
func TestActionSaysItsVersion(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("a shell script stands in for go")
	}
	var action struct {
		Runs struct {
			Steps []struct{ Name, Run string }
		}
	}
	data, err := os.ReadFile("../../../action.yml")
	if err == nil {
		err = yaml.Unmarshal(data, &action)
	}
	if err != nil {
		t.Fatal(err)
	}
	const step, set = "Compile deploysite", "-X github.com/deploysite/deploysite/internal/version.number="
	bin := t.TempDir()
	if err := os.WriteFile(filepath.Join(bin, "go"), []byte("#!/bin/sh\nprintf '<%s>' \"$@\"\n"), 0o777); err != nil {
		t.Fatal(err)
	}
	for folder, want := range map[string]string{
		"v0.1.0": "<" + set + "0.1.0>", "v1.2.3-rc.1": "<" + set + "1.2.3-rc.1>",
		"main": "<>", "3f2c9ab0c1d2e3f4a5b6c7d8e9f0a1b2c3d4e5f6": "<>", "v1": "<>", "v1.0.0 -X main.x=y": "<>",
	} {
		dir := filepath.Join(t.TempDir(), folder)
		if err := os.Mkdir(dir, 0o777); err != nil {
			t.Fatal(err)
		}
		for _, s := range action.Runs.Steps {
			if s.Name != step {
				continue
			}
			cmd := exec.Command("bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", s.Run)
			cmd.Dir, cmd.Env = dir, append(os.Environ(), "RUNNER_TEMP=/temp", "PATH="+bin+":"+os.Getenv("PATH"))
			out, err := cmd.CombinedOutput()
			if err != nil || !strings.Contains(string(out), "<-ldflags>"+want+"<-o></temp/deploysite-bin/>") {
				t.Errorf("%s: %v, %s", folder, err, out)
			}
		}
	}
}
