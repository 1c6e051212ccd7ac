package store

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/test/faults"
)

const recordName = "2024-08-31-14-30-deployment.md"

// onDisk writes a record into a new folder.
func onDisk(t *testing.T, source string) File {
	t.Helper()
	f := File{Path: filepath.Join(t.TempDir(), recordName), Name: recordName}
	if err := os.WriteFile(f.Path, []byte(source), 0o640); err != nil {
		t.Fatal(err)
	}
	return f
}

func content(t *testing.T, f File) string {
	t.Helper()
	source, err := os.ReadFile(f.Path)
	if err != nil {
		t.Fatal(err)
	}
	return string(source)
}

// onlyTheRecord: nothing is left beside it.
func onlyTheRecord(t *testing.T, f File) {
	t.Helper()
	entries, err := os.ReadDir(filepath.Dir(f.Path))
	if err != nil || len(entries) != 1 {
		t.Errorf("in the folder are %v, %v", entries, err)
	}
}

// markLabel marks the step called label.
func markLabel(label string, m records.Mark) records.Change {
	return func(r *records.Record) (*records.Record, error) {
		for i, s := range r.Steps {
			if s.Label == label {
				return records.MarkStep(r.Ref(i), m)(r)
			}
		}
		return nil, records.ErrStale
	}
}

func TestFileChange(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	before, after, err := f.Change(t.Context(), markLabel("a", records.Mark{State: records.Done}))
	if err != nil || before.Steps[0].State != records.Pending || after.Steps[0].State != records.Done {
		t.Fatalf("%v, %v, %v", before, after, err)
	}
	if got := content(t, f); got != "- ✅ a\n" {
		t.Errorf("%q", got)
	}
	onlyTheRecord(t, f)
	info, err := os.Stat(f.Path)
	if err != nil || runtime.GOOS != "windows" && info.Mode().Perm() != 0o640 {
		t.Errorf("%v, %v", info.Mode(), err)
	}
}

// What killed commands left is swept by a later one, not that of others at work.
func TestFileChangeSweeps(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	left := filepath.Join(filepath.Dir(f.Path), changedPrefix+"X"+tempSuffix)
	if err := os.WriteFile(left, []byte("half"), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, test := range []struct {
		age  time.Duration
		kept bool
	}{{0, true}, {2 * tempLife, false}} {
		longAgo := time.Now().Add(-test.age)
		if err := os.Chtimes(left, longAgo, longAgo); err != nil {
			t.Fatal(err)
		}
		if _, _, err := f.Change(t.Context(), markLabel("a", records.Mark{State: records.States[int(test.age.Hours())]})); err != nil {
			t.Fatal(err)
		}
		if _, err := os.Stat(left); (err == nil) != test.kept {
			t.Errorf("%v old: %v", test.age, err)
		}
	}
}

// What changes nothing writes nothing, not even the same.
func TestFileChangeOfNothing(t *testing.T) {
	f := onDisk(t, "- ✅ a\n")
	was, _ := os.Stat(f.Path)
	if _, _, err := f.Change(t.Context(), markLabel("a", records.Mark{State: records.Done})); err != nil {
		t.Fatal(err)
	}
	if is, _ := os.Stat(f.Path); !os.SameFile(was, is) || !was.ModTime().Equal(is.ModTime()) {
		t.Error("it was written")
	}
}

func TestFileRefuses(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	dir := filepath.Dir(f.Path)
	link := File{Path: filepath.Join(dir, "2024-08-31-14-31-deployment.md"), Name: "link"}
	if err := os.Symlink(f.Path, link.Path); err != nil {
		t.Skip(err)
	}
	for what, file := range map[string]File{
		"link cannot be changed: it is a symbolic link, not a regular file": link,
		"dir cannot be changed: it is a folder, not a regular file":         {Path: dir, Name: "dir"},
		"gone cannot be changed: ":                                          {Path: filepath.Join(dir, "gone.md"), Name: "gone"},
	} {
		_, _, err := file.Change(t.Context(), markLabel("a", records.Mark{State: records.Done}))
		if err == nil || !strings.HasPrefix(err.Error(), what) {
			t.Errorf("%v, want %s", err, what)
		}
		if _, err := file.Read(); err == nil || !strings.Contains(err.Error(), "cannot be read") {
			t.Errorf("read: %v", err)
		}
	}
	if got := content(t, f); got != "- [ ] a\n" {
		t.Errorf("%q", got)
	}
}

// A refused change leaves the file alone.
func TestFileChangeFails(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	if _, _, err := f.Change(t.Context(), markLabel("b", records.Mark{State: records.Done})); !errors.Is(err, records.ErrStale) {
		t.Error(err)
	}
	if got := content(t, f); got != "- [ ] a\n" {
		t.Errorf("%q", got)
	}
	onlyTheRecord(t, f)
}

// A save between reading and writing is found, and the change made to it.
func TestEditorSavesMeanwhile(t *testing.T) {
	f := onDisk(t, "- [ ] a\n- [ ] b\n")
	saved := false
	ref := records.Parse(f.Name, []byte(content(t, f)), records.Options{}).Ref(0)
	mark := records.MarkStep(ref, records.Mark{State: records.Done, Was: records.Pending})
	change := func(r *records.Record) (*records.Record, error) {
		if !saved {
			saved = true
			if err := os.WriteFile(f.Path, []byte("- [ ] new\n- [ ] a\n- ❌ b\n"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		return mark(r)
	}
	_, after, err := f.Change(t.Context(), change)
	if err != nil {
		t.Fatal(err)
	}
	if want := "- [ ] new\n- ✅ a\n- ❌ b\n"; string(after.Source) != want || content(t, f) != want {
		t.Errorf("%q", after.Source)
	}
}

// What the editor decided about the same step counts.
func TestEditorMarksTheSameStep(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	ref := records.Parse(f.Name, []byte(content(t, f)), records.Options{}).Ref(0)
	change := func(r *records.Record) (*records.Record, error) {
		if err := os.WriteFile(f.Path, []byte("- ❌ a\n  - why\n"), 0o666); err != nil {
			t.Fatal(err)
		}
		return records.MarkStep(ref, records.Mark{State: records.Done, Was: records.Pending})(r)
	}
	if _, _, err := f.Change(t.Context(), change); !errors.Is(err, records.ErrStale) || !strings.Contains(err.Error(), "the step a is failed now") {
		t.Error(err)
	}
	if got := content(t, f); got != "- ❌ a\n  - why\n" {
		t.Errorf("%q", got)
	}
}

// A program that writes without end is not fought with.
func TestEditorNeverStops(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	n := 0
	_, _, err := f.Change(t.Context(), func(r *records.Record) (*records.Record, error) {
		n++
		if err := os.WriteFile(f.Path, fmt.Appendf(nil, "- [ ] a\n\n%d\n", n), 0o666); err != nil {
			t.Fatal(err)
		}
		return markLabel("a", records.Mark{State: records.Done})(r)
	})
	if err == nil || !strings.Contains(err.Error(), "another program goes on writing it") {
		t.Error(err)
	}
	if got := content(t, f); got != fmt.Sprintf("- [ ] a\n\n%d\n", n) {
		t.Errorf("%q", got)
	}
	onlyTheRecord(t, f)
}

// steps is a record with n steps, called "step 0" and so on.
func steps(n int) string {
	var b strings.Builder
	for i := range n {
		fmt.Fprintf(&b, "- [ ] step %d\n", i)
	}
	return b.String()
}

func TestChangesAtOnce(t *testing.T) {
	const n = 30
	f := onDisk(t, steps(n))
	var all sync.WaitGroup
	for i := range n {
		all.Go(func() {
			if _, _, err := f.Change(t.Context(), markLabel(fmt.Sprint("step ", i), records.Mark{State: records.Done})); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	if got := content(t, f); strings.Count(got, "✅") != n {
		t.Errorf("not all took effect: %s", got)
	}
	onlyTheRecord(t, f)
}

var counter = regexp.MustCompile(`counter (\d+)`)

// TestNoSaveIsLost: while steps are marked without a pause, an editor saves the
// file, and what it saved is there afterwards.
func TestNoSaveIsLost(t *testing.T) {
	if !canExchange(t) {
		t.Skip("SKIPPED, this file system cannot exchange two files")
	}
	ways := map[string]func(path string, content []byte) error{
		"in place": func(path string, content []byte) error { return os.WriteFile(path, content, 0o666) },
		"by renaming": func(path string, content []byte) error {
			return errors.Join(os.WriteFile(path+"~", content, 0o666), os.Rename(path+"~", path))
		},
	}
	for name, save := range ways {
		t.Run(name, func(t *testing.T) {
			f := onDisk(t, steps(3)+"\ncounter 0\n")
			ctx, stop := context.WithCancel(t.Context())
			marked, done := make(chan bool), make(chan bool)
			go func() { markWithoutPause(t, ctx, f, marked); close(done) }()
			for i := range faults.Times(60, 200) {
				if i%20 == 0 {
					<-marked // it gets its turn now and then
				}
				saved := fmt.Appendf(nil, "%s\ncounter %d\n", steps(3), i)
				if err := save(f.Path, saved); err != nil {
					t.Error(err)
				}
				time.Sleep(time.Duration(rand.IntN(1500)) * time.Microsecond)
				eventually(t, fmt.Sprint("counter ", i), func() string { return counter.FindString(content(t, f)) })
			}
			stop()
			<-done
		})
	}
}

// eventually waits until get gives want. For a moment a save may be the temporary
// file, before it is put back.
func eventually(t *testing.T, want string, get func() string) {
	t.Helper()
	var got string
	for end := time.Now().Add(5 * time.Second); time.Now().Before(end); time.Sleep(time.Millisecond) {
		if got = get(); got == want {
			return
		}
	}
	t.Errorf("saved %q, there is %q", want, got)
}

func canExchange(t *testing.T) bool {
	a, b := onDisk(t, "a"), onDisk(t, "b")
	return disk.Exchange(a.Path, b.Path) == nil
}

// markWithoutPause marks steps until ctx ends, and tells of each that is marked
// whoever waits for it.
func markWithoutPause(t *testing.T, ctx context.Context, f File, marked chan<- bool) {
	defer close(marked)
	for i := 0; ctx.Err() == nil; i++ {
		_, _, err := f.Change(ctx, markLabel(fmt.Sprint("step ", i%3), records.Mark{State: records.States[i%4]}))
		switch {
		case err == nil:
			select {
			case marked <- true:
			default:
			}
		case gaveWay(err), errors.Is(err, context.Canceled), strings.Contains(err.Error(), "by another program"):
		default:
			t.Error(err)
		}
	}
}

// gaveWay reports whether a change was refused for what another program does with
// the file.
func gaveWay(err error) bool { return isBusy(err) || errors.Is(err, records.ErrStale) }

// A lock that is held is waited for, and the wait can be ended.
func TestChangeWaits(t *testing.T) {
	f := onDisk(t, "- [ ] a\n")
	unlock, err := lockFolder(t.Context(), filepath.Dir(f.Path), func() {})
	if err != nil {
		t.Fatal(err)
	}
	defer unlock()
	ctx, stop := context.WithCancel(t.Context())
	f.Tell = func(string) { stop() }
	if _, _, err := f.Change(ctx, markLabel("a", records.Mark{State: records.Done})); !errors.Is(err, context.Canceled) {
		t.Error(err)
	}
	if got := content(t, f); got != "- [ ] a\n" {
		t.Errorf("%q", got)
	}
}

// TestPutBack: what was saved in the moment of the exchange is there afterwards,
// whoever saves meanwhile.
func TestPutBack(t *testing.T) {
	if !canExchange(t) {
		t.Skip("SKIPPED, this file system cannot exchange two files")
	}
	f := onDisk(t, "saved")
	temp := filepath.Join(filepath.Dir(f.Path), ".temp")
	if err := os.WriteFile(temp, []byte("ours"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := disk.Exchange(temp, f.Path); err != nil {
		t.Fatal(err)
	}
	if err := f.putBack(temp, []byte("saved"), []byte("ours"), false); !errors.Is(err, errRaced) {
		t.Error(err)
	}
	if got := content(t, f); got != "saved" {
		t.Errorf("%q", got)
	}
	// Somebody saves once more before it is back.
	if err := os.WriteFile(f.Path, []byte("saved later"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(temp, []byte("saved"), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := f.putBack(temp, []byte("saved"), []byte("ours"), false); !errors.Is(err, errRaced) {
		t.Error(err)
	}
	if got := content(t, f); got != "saved later" {
		t.Errorf("%q", got)
	}
}

// A record into whose place others put new files all the time can be read at any time.
func TestReadWhileOthersChange(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("there a file that is open keeps its place")
	}
	f := onDisk(t, "# One\n")
	var others sync.WaitGroup
	ended := make(chan bool)
	for i := range 2 {
		others.Go(func() {
			temp := fmt.Sprint(f.Path, i)
			for {
				select {
				case <-ended:
					return
				default:
				}
				if err := errors.Join(os.WriteFile(temp, []byte("# Two\n"), 0o640), os.Rename(temp, f.Path)); err != nil {
					t.Error(err)
					return
				}
			}
		})
	}
	failed := 0
	for range 3000 {
		if _, err := f.Read(); err != nil {
			failed++
		}
	}
	close(ended)
	others.Wait()
	if failed > 0 {
		t.Errorf("%d of 3000 times it could not be read", failed)
	}
}
