package store

import (
	"errors"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/deploysite/deploysite/internal/records"
)

// onSmallDisk writes a record to a file system in memory.
func onSmallDisk(t *testing.T, options, source string) File {
	t.Helper()
	dir := t.TempDir()
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("SKIPPED, run as root to check full and read-only disks: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
	f := File{Path: filepath.Join(dir, recordName), Name: recordName}
	if err := os.WriteFile(f.Path, []byte(source), 0o666); err != nil {
		t.Fatal(err)
	}
	return f
}

func TestChangeOnAFullDisk(t *testing.T) {
	source := "- [ ] a\n\n" + strings.Repeat("long text\n", 4000)
	f := onSmallDisk(t, "size=64k", source)
	_, _, err := f.Change(t.Context(), markLabel("a", records.Mark{State: records.Done}))
	if !errors.Is(err, syscall.ENOSPC) || !strings.HasPrefix(err.Error(), recordName+" cannot be written: no space left") {
		t.Errorf("error is %v", err)
	}
	if content(t, f) != source {
		t.Error("the record was changed")
	}
	onlyTheRecord(t, f)
}

func TestChangeOnAReadOnlyDisk(t *testing.T) {
	f := onSmallDisk(t, "", "- [ ] a\n")
	if err := unix.Mount("tmpfs", filepath.Dir(f.Path), "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Change(t.Context(), markLabel("a", records.Mark{State: records.Done})); !errors.Is(err, syscall.EROFS) {
		t.Errorf("error is %v", err)
	}
}

func TestChangeKeepsOwnerAndMode(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED, run as root to check that owners are kept")
	}
	f := onDisk(t, "- [ ] a\n")
	if err := errors.Join(os.Chown(f.Path, 1001, 1002), os.Chmod(f.Path, 0o604)); err != nil {
		t.Fatal(err)
	}
	if _, _, err := f.Change(t.Context(), markLabel("a", records.Mark{State: records.Done})); err != nil {
		t.Fatal(err)
	}
	info, err := os.Stat(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	if st := info.Sys().(*syscall.Stat_t); st.Uid != 1001 || st.Gid != 1002 || info.Mode() != 0o604 {
		t.Errorf("%d:%d %v", st.Uid, st.Gid, info.Mode())
	}
}

func TestNamedPipeIsNoRecord(t *testing.T) {
	f := File{Path: filepath.Join(t.TempDir(), recordName), Name: recordName}
	if err := unix.Mkfifo(f.Path, 0o600); err != nil {
		t.Fatal(err)
	}
	if _, err := f.Read(); err == nil || !strings.Contains(err.Error(), "it is a named pipe") {
		t.Error(err)
	}
}

// What another user has put into the cache is not written into a record.
func TestUndoOfAnothersCache(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("only root can give a file away")
	}
	f := undoable(t)
	become(t, f, "One", records.Done)
	now := content(t, f)
	if err := os.Chown(lastOf(t, f), 1001, 1002); err != nil {
		t.Fatal(err)
	}
	_, _, _, err := f.Undo(t.Context())
	if err == nil || !strings.Contains(err.Error(), "belongs to another user") || content(t, f) != now {
		t.Errorf("%v, the file is\n%s", err, content(t, f))
	}
}
