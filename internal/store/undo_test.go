package store

import (
	"errors"
	"os"
	"path/filepath"
	"regexp"
	"runtime"
	"testing"
	"time"

	"github.com/deploysite/deploysite/internal/records"
)

// undoable is a record whose last change is kept.
func undoable(t *testing.T) File {
	f := onDisk(t, "# A\n\n- [ ] **One**\n- [ ] **Two**\n")
	f.UndoDir = filepath.Join(t.TempDir(), "undo")
	return f
}

// become gives a step a state, and returns the file before and after it.
func become(t *testing.T, f File, label string, state records.State) (before, after string) {
	t.Helper()
	before = content(t, f)
	if _, _, err := f.Change(t.Context(), markLabel(label, records.Mark{State: state, At: time.Now(), By: "Ada Park"})); err != nil {
		t.Fatal(err)
	}
	return before, content(t, f)
}

func TestUndo(t *testing.T) {
	f := undoable(t)
	undo := func(want string, wantAgain bool) {
		t.Helper()
		_, after, again, err := f.Undo(t.Context())
		if err != nil || again != wantAgain || string(after.Source) != want || content(t, f) != want {
			t.Errorf("%v, again: %v, the file is\n%s", err, again, content(t, f))
		}
	}
	if _, _, _, err := f.Undo(t.Context()); !errors.Is(err, ErrNothingToUndo) {
		t.Errorf("before the first change: %v", err)
	}
	become(t, f, "One", records.Done)
	before, after := become(t, f, "Two", records.StepFailed)
	become(t, f, "Two", records.StepFailed) // changes nothing
	undo(before, false)
	undo(after, true)
	undo(before, false)
	_, after = become(t, f, "Two", records.Skipped)
	undo(before, false)
	undo(after, true)
	for _, state := range []string{"whole", "broken"} { // of a broken one Undo says so
		if state == "broken" {
			if err := os.WriteFile(lastOf(t, f), []byte("{"), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		dir, err := filepath.EvalSymlinks(filepath.Dir(f.Path))
		last, err2 := LastChanged(f.UndoDir, filepath.Dir(f.Path))
		if err != nil || err2 != nil || last != filepath.Join(dir, filepath.Base(f.Path)) {
			t.Errorf("%s: %v, %v, changed last: %s", state, err, err2, last)
		}
		if last, err := LastChanged(f.UndoDir, t.TempDir()); last != "" || err != nil {
			t.Errorf("%s, of another folder: %s, %v", state, last, err)
		}
	}
	if _, err := LastChanged(f.Path, filepath.Dir(f.Path)); err == nil {
		t.Error("a cache that is a file")
	}
}

// TestUndoRefuses: what somebody else wrote stays, and so does a record whose change
// is not known.
func TestUndoRefuses(t *testing.T) {
	write := func(path, content string) {
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	for name, spoil := range map[string]func(f File){
		"an editor":     func(f File) { write(f.Path, content(t, f)+"\nby hand\n") },
		"another user":  func(f File) { f.UndoDir = ""; become(t, f, "Two", records.Done) },
		"a broken file": func(f File) { write(lastOf(t, f), "{") },
		"a wrong place": func(f File) { write(lastOf(t, f), `{"start":-1}`) },
		"a damaged one": func(f File) {
			kept, err := os.ReadFile(lastOf(t, f))
			if err != nil {
				t.Fatal(err)
			}
			write(lastOf(t, f), regexp.MustCompile(`"was":"[^"]*"`).ReplaceAllString(string(kept), `"was":"G1szMW0="`))
		},
		"a lost file": func(f File) { os.RemoveAll(f.UndoDir) },
	} {
		f := undoable(t)
		become(t, f, "One", records.Done)
		spoil(f)
		now := content(t, f)
		if _, _, _, err := f.Undo(t.Context()); err == nil || content(t, f) != now {
			t.Errorf("%s: %v, the file is\n%s", name, err, content(t, f))
		}
	}
}

func lastOf(t *testing.T, f File) string {
	t.Helper()
	_, path, err := f.lastPath()
	if err != nil {
		t.Fatal(err)
	}
	return path
}

// TestUndoFolder: nobody else reads it, old changes are forgotten, and a change is
// made where none can be kept.
func TestUndoFolder(t *testing.T) {
	f := undoable(t)
	become(t, f, "One", records.Done)
	for path, mode := range map[string]os.FileMode{f.UndoDir: 0o700, lastOf(t, f): 0o600} {
		// Windows has no such modes; there the folder is in a place of the user's own.
		if info, err := os.Stat(path); err != nil || info.Mode().Perm() != mode && runtime.GOOS != "windows" {
			t.Errorf("%s: %v, %v", path, info, err)
		}
	}
	foreign := filepath.Join(f.UndoDir, "thesis.json") // the folder may be a link to another one
	if err := os.WriteFile(foreign, nil, 0o600); err != nil {
		t.Fatal(err)
	}
	sweepUndo(f.UndoDir, time.Now().Add(undoLife+time.Hour))
	if _, err := os.Stat(foreign); err != nil {
		t.Error("a file of others was removed: ", err)
	}
	if _, _, _, err := f.Undo(t.Context()); !errors.Is(err, ErrNothingToUndo) {
		t.Error(err)
	}
	f.UndoDir = f.Path
	if _, after := become(t, f, "Two", records.Done); after == "" {
		t.Error("no change")
	}
}
