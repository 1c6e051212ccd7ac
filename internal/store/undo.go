package store

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// lastChange is how the last change to a record is taken back: where the file differs
// from the one before, and what stood there.
//
// It is a file in the user's cache, so it can be neither committed nor published. It
// is written after the record. Where a program is killed in between, or anybody else
// changes the record, its sum is not the record's, and nothing is taken back.
type lastChange struct {
	Record string    `json:"record"` // its path, for people
	At     time.Time `json:"at"`
	Undid  bool      `json:"undid"`  // it took a change back, so taking it back makes that again
	Before []byte    `json:"before"` // the SHA-256 of the record without the change
	Became []byte    `json:"became"` // and of it afterwards
	Start  int       `json:"start"`  // where it differs
	Length int       `json:"length"` // how many bytes are other ones now
	Was    []byte    `json:"was"`    // what stood there
}

// undoLife is how long a change can be taken back.
const undoLife = 30 * 24 * time.Hour

// maxLastChange is the size of the largest such file: a whole record in base64.
const maxLastChange = 2 * records.MaxSize

// UndoFolder is where changes are kept that can be taken back; "" if this user has
// no cache.
func UndoFolder() string {
	dir, err := disk.CacheDir("undo")
	if err != nil {
		return ""
	}
	return dir
}

// Undo takes back the last change that was made with this UndoDir. Called once more it
// makes that change again, and again is true. The error is [ErrNothingToUndo] if
// no change is kept, and [records.ErrStale] if the file is not as that change left it.
func (f File) Undo(ctx context.Context) (before, after *records.Record, again bool, err error) {
	var last lastChange
	f.undoing = &last
	before, after, err = f.Change(ctx, func(r *records.Record) (*records.Record, error) {
		last = lastChange{}
		if err := f.readLast(&last); err != nil {
			return nil, err
		}
		return last.undone(r)
	})
	return before, after, last.Undid, err
}

// ErrNothingToUndo says that no change to a record is kept.
var ErrNothingToUndo = errors.New("there is nothing to undo: of the changes that deploystart made here in the last 30 days, none is known")

// undone is the record without the change.
func (c lastChange) undone(r *records.Record) (*records.Record, error) {
	if sum := sha256.Sum256(r.Source); !bytes.Equal(sum[:], c.Became) || c.Start > len(r.Source) || c.Length > len(r.Source)-c.Start {
		return nil, fmt.Errorf("%w: an editor or somebody else wrote it since the change of %s; nothing was undone, take it back with an editor",
			records.ErrStale, c.At.Format("2 Jan 2006 15:04:05"))
	}
	source := slices.Concat(r.Source[:c.Start], c.Was, r.Source[c.Start+c.Length:])
	if sum := sha256.Sum256(source); !bytes.Equal(sum[:], c.Before) {
		return nil, fmt.Errorf("nothing was undone: what is kept of the change of %s is damaged; take it back with an editor", c.At.Format("2 Jan 2006 15:04:05"))
	}
	return r.WithSource(source), nil
}

// keepLast keeps a change that was made. Where that is not possible the change
// stands, and cannot be taken back.
func (f File) keepLast(before, after []byte) {
	record, path, err := f.lastPath()
	if err != nil || os.MkdirAll(f.UndoDir, 0o700) != nil {
		return
	}
	start := 0
	for start < len(before) && start < len(after) && before[start] == after[start] {
		start++
	}
	same := 0
	for same < min(len(before), len(after))-start && before[len(before)-1-same] == after[len(after)-1-same] {
		same++
	}
	was, is := sha256.Sum256(before), sha256.Sum256(after)
	content, err := json.Marshal(lastChange{
		Record: record, At: time.Now(), Undid: f.undoing != nil && !f.undoing.Undid,
		Before: was[:], Became: is[:], Start: start, Length: len(after) - same - start, Was: before[start : len(before)-same],
	})
	if err != nil {
		return
	}
	sweepUndo(f.UndoDir, time.Now())
	if temp, err := writeTemp(f.UndoDir, changedPrefix, 0o600, content, nil); err == nil && os.Rename(temp, path) != nil {
		os.Remove(temp)
	}
}

func (f File) readLast(c *lastChange) error {
	_, path, err := f.lastPath()
	if err == nil {
		err = c.read(path)
	}
	if errors.Is(err, fs.ErrNotExist) {
		return ErrNothingToUndo
	}
	if err != nil {
		return fmt.Errorf("nothing was undone: the change that is kept in %s cannot be read: %w", path, err)
	}
	return nil
}

func (c *lastChange) read(path string) error {
	info, err := os.Lstat(path)
	if err == nil && !disk.IsMine(info) {
		return errors.New("it belongs to another user") // who would choose what is written
	}
	content, err := disk.ReadFile(path, maxLastChange)
	if err == nil {
		err = json.Unmarshal(content, c)
	}
	if err == nil && (c.Start < 0 || c.Length < 0) {
		err = errors.New("it is broken")
	}
	return err
}

// lastPath is the file of this record's last change, by the record's own path.
func (f File) lastPath() (record, path string, err error) {
	if f.UndoDir == "" {
		return "", "", ErrNothingToUndo
	}
	dir, err := realPath(filepath.Dir(f.Path))
	record = filepath.Join(dir, filepath.Base(f.Path))
	return record, filepath.Join(f.UndoDir, keptName(record)), err
}

const lastSuffix = ".json"

func realPath(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(dir)
}

// LastChanged is the path of the record in a folder that was changed last, of those
// whose changes are kept in undoDir, also if what is kept cannot be read: [File.Undo]
// then says why. It is "" if there is none.
func LastChanged(undoDir, dir string) (path string, err error) {
	dir, err = realPath(dir)
	if err != nil || undoDir == "" {
		return "", nil
	}
	files, err := os.ReadDir(undoDir)
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return "", fmt.Errorf("nothing was undone: %w", err)
	}
	named := sync.OnceValue(func() map[string]string { return keptNames(dir) })
	var newest time.Time
	for _, file := range files {
		var c lastChange
		if filepath.Ext(file.Name()) != lastSuffix {
			continue
		}
		if c.read(filepath.Join(undoDir, file.Name())) != nil {
			c = lastChange{Record: named()[file.Name()]}
			if info, err := file.Info(); err == nil {
				c.At = info.ModTime()
			}
		}
		if strings.HasPrefix(c.Record, dir+string(filepath.Separator)) && c.At.After(newest) {
			path, newest = c.Record, c.At
		}
	}
	return path, nil
}

// keptNames are the files of a folder, by the names under which their changes are kept.
func keptNames(dir string) map[string]string {
	names := map[string]string{}
	filepath.WalkDir(dir, func(path string, _ fs.DirEntry, _ error) error {
		names[keptName(path)] = path
		return nil
	})
	return names
}

func keptName(record string) string {
	sum := sha256.Sum256([]byte(record))
	return fmt.Sprintf("%x%s", sum[:16], lastSuffix)
}

// isChange matches the names of what is kept here, and of what a killed program left of
// it. Where the folder is another one, such as by a link, the files of others stay.
var isChange = text.Pattern(`^([0-9a-f]{32}\.json|\.changed-record-.*\.tmp)$`)

// sweepUndo forgets old changes.
func sweepUndo(dir string, now time.Time) {
	files, _ := os.ReadDir(dir)
	for _, file := range files {
		if !isChange().MatchString(file.Name()) {
			continue
		}
		if info, err := file.Info(); err == nil && now.Sub(info.ModTime()) > undoLife {
			os.Remove(filepath.Join(dir, file.Name()))
		}
	}
}
