//go:build unix

package git

import (
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

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
