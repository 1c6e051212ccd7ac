//go:build unix

package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
	"testing"
	"time"
)

// One interrupt ends a build, even in a template that loops for ever.
func TestInterruptedInALoop(t *testing.T) {
	if testing.Short() {
		t.Skip("takes as long as an interrupted command may")
	}
	dir := t.TempDir()
	for name, text := range map[string]string{
		"deploysite.toml": `title = "x"`,
		"deployments/checklists/2024-08-31-14-30-deployment.md": "# Deployment",
		"themes/default/templates/notfound.html":                `{{define "main"}}{{range 1000000000000}}{{end}}{{end}}`,
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	build := exec.Command("deploysite", "-C", dir, "build")
	if err := build.Start(); err != nil {
		t.Fatal(err)
	}
	ended := make(chan error, 1)
	go func() { ended <- build.Wait() }()
	time.Sleep(2 * time.Second)
	if err := build.Process.Signal(syscall.SIGTERM); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
	case <-time.After(grace + 20*time.Second):
		_ = build.Process.Kill()
		t.Error("the build did not end")
	}
}
