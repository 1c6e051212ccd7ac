package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/sys/unix"

	"github.com/deploysite/deploysite/internal/cli"
)

// onDisk moves the record to a file system of its own.
func (d *desk) onDisk(options string) (folder string) {
	d.t.Helper()
	source, err := os.ReadFile(d.file)
	if err != nil {
		d.t.Fatal(err)
	}
	folder = filepath.Dir(d.file)
	if err := unix.Mount("tmpfs", folder, "tmpfs", 0, options); err != nil {
		d.t.Skipf("SKIPPED, run as root to check full and read-only disks: %v", err)
	}
	d.t.Cleanup(func() { unix.Unmount(folder, unix.MNT_DETACH) })
	if err := os.WriteFile(d.file, source, 0o666); err != nil {
		d.t.Fatal(err)
	}
	return folder
}

// Each command fails on a record that cannot be written, says so and claims
// nothing. This holds for root, too.
func (d *desk) cannotBeWritten(why string) {
	d.t.Helper()
	before := string(d.record().Source)
	for _, args := range [][]string{
		{"finish", "--status", "succeeded", "--commit"}, {"finish", "--status", "succeeded", "--json"}, {"step", "1"}, {"step", "1", "--json"},
		{"note", "tip", "Purge first"}, {"cancel", "--reason", "rain"},
	} {
		status := d.run(d.t.Context(), args...)
		said := d.stderr.String()
		if status != cli.StatusFailed || d.stdout.Len() > 0 || !strings.Contains(said, why) || !strings.Contains(said, "2024-08-31-14-30-deployment.md") {
			d.t.Errorf("%q: status %d: %s%s", args, status, &d.stdout, said)
		}
		for _, claim := range []string{"Finished", "Noted", "Cancelled", "done", "Committed"} {
			if strings.Contains(said, claim) {
				d.t.Errorf("%q claims: %s", args, said)
			}
		}
	}
	if got := string(d.record().Source); got != before {
		d.t.Errorf("the record was changed:\n%s", got)
	}
	entries, err := os.ReadDir(filepath.Dir(d.file))
	if err != nil || len(entries) != 1 {
		d.t.Errorf("in the folder are %v, %v", entries, err)
	}
}

func TestFinishOnAReadOnlyDisk(t *testing.T) {
	d := newDesk(t, unfinished)
	folder := d.onDisk("")
	if err := unix.Mount("tmpfs", folder, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
		t.Fatal(err)
	}
	d.cannotBeWritten("cannot be changed: read-only file system")
	if status := d.run(t.Context(), "step", "--json"); status != cli.StatusDone {
		t.Errorf("it cannot be read either: %s", &d.stderr)
	}
}

func TestFinishOnAFullDisk(t *testing.T) {
	d := newDesk(t, unfinished+strings.Repeat("\nMore text.\n", 3000))
	d.onDisk("size=64k")
	d.cannotBeWritten("cannot be written: no space left on device")
}

func TestFinishOnADiskFullOfNames(t *testing.T) {
	d := newDesk(t, unfinished)
	d.onDisk("nr_inodes=2") // the folder and the record
	d.cannotBeWritten("no space left on device")
}

// A start that cannot write leaves nothing, says where and why, and prints no path.
func TestStartOnAFullOrReadOnlyDisk(t *testing.T) {
	for why, options := range map[string][2]string{
		"no space left on device": {"nr_inodes=2", ""},
		"read-only file system":   {"", "ro"},
	} {
		d := newDesk(t, unfinished)
		folder := d.onDisk(options[0])
		if options[1] == "ro" {
			if err := unix.Mount("tmpfs", folder, "tmpfs", unix.MS_REMOUNT|unix.MS_RDONLY, ""); err != nil {
				t.Fatal(err)
			}
		}
		status := d.run(t.Context(), "--no-git", "--no-edit", "--deployer", "Ada Park", "--at", "2024-09-01 14:30")
		if status != cli.StatusFailed || d.stdout.Len() > 0 || !strings.Contains(d.stderr.String(), why) || !strings.Contains(d.stderr.String(), "deployments/checklists") {
			t.Errorf("status %d: %s%s", status, &d.stdout, &d.stderr)
		}
		if entries, err := os.ReadDir(folder); err != nil || len(entries) != 1 {
			t.Errorf("%s: in the folder are %v, %v", why, entries, err)
		}
	}
}
