package importer

import (
	"errors"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

func TestImportOnAFullDisk(t *testing.T) {
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, "size=200k"); err != nil {
		t.Skipf("SKIPPED, run as root to check full disks: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	r := Read([]Source{{"log.md", longLog(deployments)}}, Options{})
	p, err := MakePlan(t.Context(), dir, r.Drafts)
	if err != nil {
		t.Fatal(err)
	}
	err = p.Write(t.Context(), nil)
	if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), dir) {
		t.Errorf("error is %v", err)
	}
	if got := whole(t, dir); got != p.Count(Written) || got == 0 {
		t.Errorf("%d records, %d told", got, p.Count(Written))
	}
	if left, _ := filepath.Glob(filepath.Join(dir, ".new-record-*")); len(left) > 0 {
		t.Errorf("left behind: %v", left)
	}
}
