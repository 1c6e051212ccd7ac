//go:build unix

package git

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

// Git reads these whatever it is asked, and would wait.
func TestOpenWaitsForNoPipeBelow(t *testing.T) {
	isolate(t)
	for _, name := range []string{".git/HEAD", ".git/config", ".git/index", ".git/packed-refs", ".git/info/exclude", ".gitattributes", ".gitignore", ".mailmap"} {
		dir := newRepo(t).Top
		file := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.Remove(file); err != nil && !os.IsNotExist(err) {
			t.Fatal(err)
		}
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := syscall.Mkfifo(file, 0o666); err != nil {
			t.Fatal(err)
		}
		if _, err := Open(dir); err == nil || !strings.Contains(err.Error(), file+" is neither a folder nor a file") {
			t.Errorf("%s: the error is %v", name, err)
		}
	}
}

// Where .git is a pipe, git would wait for somebody who writes to it.
func TestOpenWaitsForNoPipe(t *testing.T) {
	dir := t.TempDir()
	if err := syscall.Mkfifo(filepath.Join(dir, ".git"), 0o666); err != nil {
		t.Fatal(err)
	}
	below := filepath.Join(dir, "docs")
	if err := os.Mkdir(below, 0o777); err != nil {
		t.Fatal(err)
	}
	StateFiles(below)
	if _, err := Open(below); err == nil || !strings.Contains(err.Error(), ".git is neither a folder nor a file") {
		t.Errorf("the error is %v", err)
	}
}
