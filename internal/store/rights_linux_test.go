package store

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/records"
)

// accessList lets the owner and the user 1234 read and write, and the group nothing.
func accessList() []byte {
	var b bytes.Buffer
	binary.Write(&b, binary.LittleEndian, uint32(2)) // version
	for _, entry := range []struct {
		Tag, Rights uint16
		ID          uint32
	}{{0x01, 6, ^uint32(0)}, {0x02, 6, 1234}, {0x04, 0, ^uint32(0)}, {0x10, 6, ^uint32(0)}, {0x20, 0, ^uint32(0)}} {
		binary.Write(&b, binary.LittleEndian, entry)
	}
	return b.Bytes()
}

func setAttribute(t *testing.T, path, name string, value []byte) {
	t.Helper()
	if err := unix.Setxattr(path, name, value, 0); errors.Is(err, unix.ENOTSUP) {
		t.Skipf("SKIPPED, this file system has no attribute %s", name)
	} else if err != nil {
		t.Fatal(err)
	}
}

func attribute(path, name string) string {
	buffer := make([]byte, 1<<10)
	n, err := unix.Getxattr(path, name, buffer)
	if err != nil {
		return err.Error()
	}
	return string(buffer[:n])
}

func mark(t *testing.T, f File) (told []string) {
	t.Helper()
	f.Tell = func(what string) { told = append(told, what) }
	if _, _, err := f.Change(t.Context(), markLabel("a", records.Mark{State: records.Done})); err != nil {
		t.Fatal(err)
	}
	return told
}

func TestChangeKeepsAttributes(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	want := map[string]string{disk.ACL: string(accessList()), "user.ticket": "OPS-7", "user.empty": ""}
	for name, value := range want {
		setAttribute(t, f.Path, name, []byte(value))
	}
	was, _ := os.Stat(f.Path)
	if told := mark(t, f); len(told) > 0 {
		t.Errorf("told %q", told)
	}
	for name, value := range want {
		if got := attribute(f.Path, name); got != value {
			t.Errorf("%s is %q, want %q", name, got, value)
		}
	}
	if is, _ := os.Stat(f.Path); is.Mode() != was.Mode() {
		t.Errorf("%v became %v", was.Mode(), is.Mode())
	}
}

// Rights that a folder hands down are not given to a record that has none.
func TestChangeAddsNoRights(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	setAttribute(t, filepath.Dir(f.Path), "system.posix_acl_default", accessList())
	mark(t, f)
	if got := attribute(f.Path, disk.ACL); got != unix.ENODATA.Error() {
		t.Errorf("it has the access control list %q", got)
	}
	if info, _ := os.Stat(f.Path); info.Mode() != 0o640 {
		t.Error(info.Mode())
	}
}

func TestChangeTellsOfHardLinks(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	if told := mark(t, f); len(told) > 0 {
		t.Errorf("with one name: told %q", told)
	}
	other := f.Path + ".other"
	if err := os.Link(f.Path, other); err != nil {
		t.Skip(err)
	}
	f2 := f
	var told []string
	f2.Tell = func(what string) {
		told = append(told, what)
		if info, _ := os.Stat(f.Path); disk.Links(info) != 2 {
			t.Error("it is told after the change")
		}
	}
	if _, _, err := f2.Change(t.Context(), markLabel("a", records.Mark{State: records.StepFailed})); err != nil {
		t.Fatal(err)
	}
	if len(told) != 1 || !strings.Contains(told[0], "1 name (hard link) besides") {
		t.Errorf("told %q", told)
	}
	if got, _ := os.ReadFile(other); string(got) != "- ✅ a\n" {
		t.Errorf("the other name: %q", got)
	}
}

// TestChangeOfAnothersRecord: who may write a record that belongs to another user keeps
// its group, or leaves it alone. It runs as a user of its own, in a child.
func TestChangeOfAnothersRecord(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED, run as root to check records of other users")
	}
	for _, test := range []struct {
		group int
		want  string
	}{{1003, "belonged to the user with the number 1001"}, {1004, "its group could not be kept"}} {
		f := onDisk(t, "- [ ] a\n")
		dir := filepath.Dir(f.Path)
		if err := errors.Join(os.Chown(f.Path, 1001, test.group), os.Chmod(f.Path, 0o666), os.Chmod(dir, 0o777), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
			t.Fatal(err)
		}
		out, _ := runAs(t, 1002, 1003, f.Path)
		info, _ := os.Stat(f.Path)
		st := info.Sys().(*syscall.Stat_t)
		if !strings.Contains(out, test.want) || int(st.Gid) != test.group || info.Mode() != 0o666 {
			t.Errorf("%q; %d:%d %v", out, st.Uid, st.Gid, info.Mode())
		}
		if marked := content(t, f) == "- ✅ a\n"; marked != (test.group == 1003) {
			t.Errorf("it holds %q", content(t, f))
		}
	}
}

// Where only the record's owner may replace it, nothing is left of the attempt.
func TestChangeInAStickyFolder(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED, run as root to check records of other users")
	}
	f := onDisk(t, "- [ ] a\n")
	dir := filepath.Dir(f.Path)
	if err := errors.Join(os.Chown(f.Path, 1001, 1003), os.Chmod(f.Path, 0o666), os.Chown(dir, 1001, 1003), os.Chmod(dir, 0o777|fs.ModeSticky), os.Chmod(filepath.Dir(dir), 0o755)); err != nil {
		t.Fatal(err)
	}
	out, _ := runAs(t, 1002, 1003, f.Path)
	files, err := os.ReadDir(dir)
	if err != nil || len(files) != 1 || content(t, f) != "- [ ] a\n" || !strings.Contains(out, "operation not permitted") {
		t.Errorf("%v, %q, the files are %v", err, out, files)
	}
}

// runAs marks the step a as another user.
func runAs(t *testing.T, uid, gid uint32, path string) (string, error) {
	t.Helper()
	program := filepath.Join(t.TempDir(), "store.test") // where that user may run it
	binary, err := os.ReadFile(os.Args[0])
	if err == nil {
		err = os.WriteFile(program, binary, 0o755)
	}
	if err != nil {
		t.Fatal(err)
	}
	os.Chmod(filepath.Dir(program), 0o755)
	cmd := exec.Command(program)
	cmd.Dir = filepath.Dir(path)
	cmd.Env = append(os.Environ(), "TEST_MARK_A_OF="+path)
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: gid}}
	out, err := cmd.CombinedOutput()
	return string(out), err
}
