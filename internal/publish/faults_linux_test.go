package publish

import (
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"syscall"
	"testing"

	"golang.org/x/sys/unix"
)

// mount makes a small file system in memory.
func mount(t *testing.T, dir, options string) {
	t.Helper()
	mkdir(t, dir, 0o755)
	if err := unix.Mount("tmpfs", dir, "tmpfs", 0, options); err != nil {
		t.Skipf("SKIPPED, run as root to check full and read-only disks and mount points: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
}

func remount(t *testing.T, dir string, flags uintptr) {
	t.Helper()
	if err := unix.Mount("tmpfs", dir, "tmpfs", unix.MS_REMOUNT|flags, ""); err != nil {
		t.Fatal(err)
	}
}

func TestDiskFull(t *testing.T) {
	for name, opt := range map[string]Options{"whole": {}, "in place": {InPlace: true}} {
		t.Run(name, func(t *testing.T) {
			disk := t.TempDir()
			mount(t, disk, "size=1m")
			dir := filepath.Join(disk, "public")
			mustPublishWith(t, dir, small("1"), opt)
			var big []File
			for i := range 40 {
				big = append(big, page(fmt.Sprintf("records/%d/index.html", i), strings.Repeat("x", 50_000)))
			}
			_, err := Publish(t.Context(), dir, big, opt)
			if !errors.Is(err, syscall.ENOSPC) || !strings.Contains(err.Error(), "/index.html") {
				t.Errorf("error is %v, want it to name a file and the full disk", err)
			}
			wantContent(t, filepath.Join(dir, "index.html"), "home 1")
			if err := verify(dir); err != nil {
				t.Error(err)
			}
			noLeftovers(t, dir)
			mustPublishWith(t, dir, small("2"), opt) // there is room again
		})
	}
}

// The manifest is written last and can be what does not fit.
func TestDiskFullOfNames(t *testing.T) {
	disk := t.TempDir()
	mount(t, disk, "size=10m,nr_inodes=60")
	dir := filepath.Join(disk, "public")
	mustPublish(t, dir, small("1"))
	var many []File
	for i := range 100 {
		many = append(many, page(fmt.Sprintf("%d.html", i), "x"))
	}
	if _, err := Publish(t.Context(), dir, many, Options{}); !errors.Is(err, syscall.ENOSPC) {
		t.Errorf("error is %v", err)
	}
	wantContent(t, filepath.Join(dir, "index.html"), "home 1")
	noLeftovers(t, dir)
}

func TestReadOnly(t *testing.T) {
	disk := t.TempDir()
	mount(t, disk, "")
	dir := filepath.Join(disk, "public")
	mustPublish(t, dir, small("1"))
	remount(t, disk, unix.MS_RDONLY)
	if s := mustPublish(t, dir, small("1")); s.Way != Nothing {
		t.Errorf("without changes a read-only output is fine: %+v", s)
	}
	_, err := Publish(t.Context(), dir, small("2"), Options{})
	if !errors.Is(err, syscall.EROFS) || !strings.Contains(err.Error(), dir) {
		t.Errorf("error is %v, want it to name %s", err, dir)
	}
	if _, err := Publish(t.Context(), filepath.Join(disk, "other"), small("1"), Options{}); !errors.Is(err, syscall.EROFS) {
		t.Errorf("error is %v", err)
	}
	wantContent(t, filepath.Join(dir, "index.html"), "home 1")
}

func TestOutputIsAMountPoint(t *testing.T) {
	kinds := map[string]func(t *testing.T, dir string){
		"another disk": func(t *testing.T, dir string) { mount(t, dir, "") },
		"a folder of the same disk": func(t *testing.T, dir string) {
			mkdir(t, dir, 0o755)
			if err := unix.Mount(t.TempDir(), dir, "", unix.MS_BIND, ""); err != nil {
				t.Skipf("SKIPPED, run as root to check mount points: %v", err)
			}
			t.Cleanup(func() { unix.Unmount(dir, unix.MNT_DETACH) })
		},
	}
	for name, prepare := range kinds {
		t.Run(name, func(t *testing.T) {
			dir := filepath.Join(t.TempDir(), "public")
			prepare(t, dir)
			addForeign(t, dir)
			for _, version := range []string{"1", "2"} {
				if s := mustPublish(t, dir, many(version)); s.Way != InPlace {
					t.Errorf("%+v, want it in place", s)
				}
				if v := whole(t, dir); v != version {
					t.Errorf("the site is %s", v)
				}
			}
			if s := mustPublish(t, dir, many("2")); s.Way != Nothing {
				t.Errorf("%+v, want nothing written", s)
			}
		})
	}
}

func TestMountInsideTheOutput(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	mustPublish(t, dir, small("1"))
	uploads := filepath.Join(dir, "uploads")
	mount(t, uploads, "")
	write(t, filepath.Join(uploads, "photo"), "foreign")
	if s := mustPublish(t, dir, small("2")); s.Way != InPlace {
		t.Errorf("%+v, want it in place", s)
	}
	wantContent(t, filepath.Join(dir, "index.html"), "home 2")
	wantContent(t, filepath.Join(uploads, "photo"), "foreign")
	if err := unix.Unmount(uploads, 0); err != nil {
		t.Errorf("the mount is no longer where it was: %v", err)
	}
}

func TestForeignPipe(t *testing.T) {
	bothWays(t, func(t *testing.T, dir string, opt Options) {
		mustPublishWith(t, dir, small("1"), opt)
		pipe := filepath.Join(dir, "pipe")
		if err := unix.Mkfifo(pipe, 0o600); err != nil {
			t.Fatal(err)
		}
		mustPublishWith(t, dir, small("2"), opt)
		if stat(t, pipe).Mode()&os.ModeNamedPipe == 0 {
			t.Error("the pipe is gone")
		}
	})
}

func TestManifestIsAPipe(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "public")
	mkdir(t, dir, 0o755)
	if err := unix.Mkfifo(filepath.Join(dir, ManifestName), 0o600); err != nil {
		t.Fatal(err)
	}
	mustPublish(t, dir, small("1")) // and does not hang
}

func TestOwnerIsKept(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED, run as root to check that owners are kept")
	}
	dir := filepath.Join(t.TempDir(), "public")
	mustPublish(t, dir, small("1"))
	write(t, filepath.Join(dir, "uploads/photo"), "foreign")
	for p, id := range map[string]int{dir: 1001, dir + "/uploads": 1002, dir + "/uploads/photo": 1003} {
		if err := os.Chown(p, id, id); err != nil {
			t.Fatal(err)
		}
	}
	chmod(t, dir, 0o750|os.ModeSetgid)
	if s := mustPublish(t, dir, small("2")); s.Way != Exchanged {
		t.Errorf("%+v", s)
	}
	for p, id := range map[string]uint32{dir: 1001, dir + "/uploads": 1002, dir + "/uploads/photo": 1003} {
		if st := stat(t, p).Sys().(*syscall.Stat_t); st.Uid != id || st.Gid != id {
			t.Errorf("%s belongs to %d:%d, want %d", p, st.Uid, st.Gid, id)
		}
	}
	if got := stat(t, dir).Mode(); got != os.ModeDir|os.ModeSetgid|0o750 {
		t.Errorf("mode is %v", got)
	}
}

// Without the right to write beside the output, the files go into it one by one.
func TestParentIsNotWritable(t *testing.T) {
	if os.Getuid() != 0 {
		t.Skip("SKIPPED, run as root to check a folder of another user")
	}
	parent := t.TempDir()
	dir := filepath.Join(parent, "public")
	mkdir(t, dir, 0o777)
	if s := publishAs(t, 1001, dir, "1"); s != "in place" {
		t.Errorf("way is %q, want it in place", s)
	}
	// The user's own files in the folder of another one: exchanging it would change its owner.
	chmod(t, parent, 0o777)
	if s := publishAs(t, 1001, dir, "2"); s != "in place" {
		t.Errorf("way is %q, want it in place", s)
	}
	chmod(t, dir, 0o755)
	if s := publishAs(t, 1001, dir, "3"); !strings.Contains(s, "permission denied") || !strings.Contains(s, dir) {
		t.Errorf("says %q, want it to name %s and the reason", s, dir)
	}
	if v := versionOf(t, dir); v != "2" {
		t.Errorf("the site is %s", v)
	}
}

// publishAs builds as another user and gives the way it went, or the error.
func publishAs(t *testing.T, uid uint32, dir, version string) string {
	t.Helper()
	for d := filepath.Dir(dir); d != os.TempDir() && d != "/"; d = filepath.Dir(d) {
		if info := stat(t, d); info.Mode().Perm()&0o055 != 0o055 {
			chmod(t, d, info.Mode().Perm()|0o055)
		}
	}
	bin := filepath.Join(filepath.Dir(dir), "helper")
	if _, err := os.Stat(bin); err != nil {
		self, err := os.ReadFile(os.Args[0])
		if err != nil {
			t.Fatal(err)
		}
		write(t, bin, string(self))
		chmod(t, bin, 0o755)
	}
	cmd := command(dir, version)
	cmd.Path = bin
	cmd.SysProcAttr = &syscall.SysProcAttr{Credential: &syscall.Credential{Uid: uid, Gid: uid}}
	out, _ := cmd.CombinedOutput()
	return strings.TrimSpace(string(out))
}
