package store

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

var startedAt = time.Date(2024, 8, 31, 14, 30, 10, 0, time.FixedZone("CEST", 2*60*60))

func TestCreateNeverTouchesAnExistingFile(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "deployments", "checklists")
	for i, want := range []string{"2024-08-31-14-30-deployment.md", "2024-08-31-14-30-2-deployment.md", "2024-08-31-14-30-3-deployment.md"} {
		path, err := Create(dir, startedAt, fmt.Appendf(nil, "record %d", i))
		if err != nil || filepath.Base(path) != want {
			t.Fatalf("path %s, %v; want %s", path, err, want)
		}
	}
	for i, name := range names(t, dir) {
		if got, err := os.ReadFile(filepath.Join(dir, name)); err != nil || !strings.HasPrefix(string(got), "record ") {
			t.Errorf("file %d, %s: %q, %v", i, name, got, err)
		}
	}
	if got := names(t, dir); len(got) != 3 {
		t.Errorf("left behind: %q", got)
	}
}

func TestCreateDoesNotFollowALinkInTheWay(t *testing.T) {
	dir := t.TempDir()
	outside := filepath.Join(t.TempDir(), "outside")
	if err := os.Symlink(outside, filepath.Join(dir, records.FileName(startedAt, 1))); err != nil {
		t.Skip("no symbolic links here: ", err)
	}
	path, err := Create(dir, startedAt, []byte("record"))
	if err != nil || filepath.Base(path) != records.FileName(startedAt, 2) {
		t.Errorf("path %s, %v", path, err)
	}
	if _, err := os.Lstat(outside); !errors.Is(err, fs.ErrNotExist) {
		t.Errorf("the file behind the link: %v", err)
	}
}

func TestFiftyAtOnce(t *testing.T) {
	dir := filepath.Join(t.TempDir(), "records") // none of them finds it there
	content := func(i int) []byte { return bytes.Repeat(fmt.Appendf(nil, "record %d\n", i), 1000) }
	paths := make([]string, 50)
	var all sync.WaitGroup
	for i := range paths {
		all.Go(func() {
			var err error
			if paths[i], err = Create(dir, startedAt, content(i)); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for i, path := range paths {
		if got, err := os.ReadFile(path); err != nil || !bytes.Equal(got, content(i)) {
			t.Errorf("%s does not hold record %d: %v", path, i, err)
		}
	}
	if got := names(t, dir); len(got) != len(paths) {
		t.Errorf("%d files: %q", len(got), got)
	}
}

func TestCreateNamesWhatIsInTheWay(t *testing.T) {
	file := filepath.Join(t.TempDir(), "checklists")
	if err := os.WriteFile(file, []byte("not a folder"), 0o666); err != nil {
		t.Fatal(err)
	}
	path, err := Create(file, startedAt, []byte("record"))
	if err == nil || path != "" || !strings.Contains(err.Error(), file) {
		t.Errorf("path %q, error %v", path, err)
	}
}

func TestCreateInAReadOnlyFolder(t *testing.T) {
	dir := t.TempDir()
	if err := os.Chmod(dir, 0o555); err != nil {
		t.Fatal(err)
	}
	if os.WriteFile(filepath.Join(dir, "probe"), nil, 0o666) == nil {
		t.Skip("this user may write to read-only folders")
	}
	if path, err := Create(dir, startedAt, []byte("record")); !errors.Is(err, fs.ErrPermission) || path != "" {
		t.Errorf("path %q, error %v", path, err)
	}
}

// TestReserve stands for file systems without links.
func TestReserve(t *testing.T) {
	dir := t.TempDir()
	temp, err := writeTemp(dir, tempPrefix, 0o666, []byte("record"), nil)
	if err != nil {
		t.Fatal(err)
	}
	taken := filepath.Join(dir, "taken.md")
	if err := os.WriteFile(taken, []byte("older"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := reserve(temp, taken); !errors.Is(err, fs.ErrExist) {
		t.Errorf("a taken name: %v", err)
	}
	free := filepath.Join(dir, "free.md")
	if err := reserve(temp, free); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{taken: "older", free: "record"} {
		if got, err := os.ReadFile(path); err != nil || string(got) != want {
			t.Errorf("%s: %q, %v", path, got, err)
		}
	}
	if err := reserve(temp, filepath.Join(dir, "late.md")); err == nil {
		t.Error("a temporary file that is gone gave a record")
	}
	if got := names(t, dir); !slices.Equal(got, []string{"free.md", "taken.md"}) {
		t.Errorf("left behind: %q", got)
	}
}

func TestCreateSweepsWhatKilledRunsLeft(t *testing.T) {
	dir := t.TempDir()
	old, young, other := ".new-record-OLD.tmp", ".new-record-YOUNG.tmp", ".somebody-elses.tmp"
	for _, name := range []string{old, young, other} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("half a rec"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	longAgo := time.Now().Add(-2 * tempLife)
	for _, name := range []string{old, other} {
		if err := os.Chtimes(filepath.Join(dir, name), longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := Create(dir, startedAt, []byte("record")); err != nil {
		t.Fatal(err)
	}
	if got, want := names(t, dir), []string{young, other, records.FileName(startedAt, 1)}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// On a file system whose clock is behind ours, every file looks as if its writer were gone.
func TestSweepByTheClockOfTheFileSystem(t *testing.T) {
	dir := t.TempDir()
	behind := time.Now().Add(-2 * tempLife)
	for name, age := range map[string]time.Duration{".new-record-OLD.tmp": 2 * tempLife, ".new-record-YOUNG.tmp": time.Minute} {
		file := filepath.Join(dir, name)
		if err := os.WriteFile(file, nil, 0o666); err != nil {
			t.Fatal(err)
		}
		if err := os.Chtimes(file, behind, behind.Add(-age)); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.Chtimes(dir, behind, behind); err != nil {
		t.Fatal(err)
	}
	sweep(dir, tempPrefix)
	if got, want := names(t, dir), []string{".new-record-YOUNG.tmp"}; !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

func names(t *testing.T, dir string) []string {
	t.Helper()
	entries, err := os.ReadDir(dir)
	if err != nil {
		t.Fatal(err)
	}
	var all []string
	for _, e := range entries {
		all = append(all, e.Name())
	}
	return all
}
