package main

import (
	"errors"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"
)

// mounted makes a file system of its own at a folder.
func mounted(t *testing.T, folder, options string) {
	t.Helper()
	if err := os.MkdirAll(folder, 0o777); err != nil {
		t.Fatal(err)
	}
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, options); err != nil {
		t.Skipf("SKIPPED, run as root to check full and read-only disks: %v", err)
	}
	t.Cleanup(func() { unix.Unmount(folder, unix.MNT_DETACH) })
}

// A build that cannot write says where and why, and leaves the former site; records that
// cannot be written are no obstacle.
func TestBuildOnAFullOrReadOnlyDisk(t *testing.T) {
	for name, test := range map[string]struct {
		options  string
		readOnly string // the folder that is
		why      string // "" if the build succeeds
	}{
		"no names are left": {"size=100m,nr_inodes=200", "", "no space left on device"},
		"a full disk":       {"size=1500k", "", "no space left on device"},
		"read-only output":  {"", "public", "read-only file system"},
		"read-only records": {"", "deployments", ""},
	} {
		t.Run(name, func(t *testing.T) {
			folder := t.TempDir()
			for _, disk := range []string{"public", "deployments"} {
				options := ""
				if disk == "public" {
					options = test.options
				}
				mounted(t, filepath.Join(folder, disk), options)
			}
			record := func(day, text string) error {
				file := filepath.Join(folder, "deployments", "checklists", "2024-08-"+day+"-14-30-deployment.md")
				return errors.Join(os.MkdirAll(filepath.Dir(file), 0o777), os.WriteFile(file, []byte("---\nstatus: succeeded\nservice: s"+day+"\n---\n\n"+text), 0o666))
			}
			build := func() (string, error) {
				out, err := exec.Command("deploysite", "-C", folder, "build").CombinedOutput()
				return string(out), err
			}
			if err := record("01", "The first.\n"); err != nil {
				t.Fatal(err)
			}
			if out, err := build(); err != nil {
				t.Fatalf("%v\n%s", err, out)
			}
			for day := 10; day < 30; day++ {
				if err := record(string(rune('0'+day/10))+string(rune('0'+day%10)), strings.Repeat("Much text. ", 5000)); err != nil {
					t.Fatal(err)
				}
			}
			before, err := os.ReadFile(filepath.Join(folder, "public", "index.html"))
			if err != nil {
				t.Fatal(err)
			}
			if test.readOnly != "" {
				if err := unix.Mount("tmpfs", filepath.Join(folder, test.readOnly), "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
					t.Fatal(err)
				}
			}
			out, err := build()
			if test.why == "" {
				if err != nil {
					t.Errorf("%v\n%s", err, out)
				}
				return
			}
			if err == nil || !strings.Contains(out, test.why) || !strings.Contains(out, "public") {
				t.Errorf("%v\n%s", err, out)
			}
			if after, err := os.ReadFile(filepath.Join(folder, "public", "index.html")); err != nil || string(after) != string(before) {
				t.Errorf("the former site is not there: %v", err)
			}
			if test.readOnly == "" {
				if err := unix.Mount("tmpfs", filepath.Join(folder, "public"), "tmpfs", unix.MS_REMOUNT, "size=100m,nr_inodes=0"); err != nil {
					t.Fatal(err)
				}
				if out, err := build(); err != nil {
					t.Errorf("with room again: %v\n%s", err, out)
				}
			}
		})
	}
}
