package store

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/records"
)

// File is one record on the disk.
//
//	f := store.File{Path: path, Name: "deployments/checklists/2024-08-31-14-30-deployment.md"}
//	before, after, err := f.Change(ctx, records.MarkStep(ref, records.Mark{State: records.Done}))
//
// The whole file is replaced in one step. Whoever reads it meanwhile sees the record
// as it was or as it is afterwards, even if the machine stops.
type File struct {
	Path    string          // where it is
	Name    string          // how problems name it: slash-separated, relative to the project's root
	Options records.Options // for reading it
	Waiting func()          // if not nil, called when another command takes long with a record of this folder
}

// Read reads and parses the record. It refuses what is not a regular file, such as
// a symbolic link.
func (f File) Read() (*records.Record, error) {
	s, err := f.read(os.O_RDONLY)
	if err != nil {
		return nil, f.failed("read", err)
	}
	return records.Parse(f.Name, s.source, f.Options), nil
}

// Change makes a change to the file. It returns the record as it was, and as it was
// read from the disk afterwards. A change that changes nothing writes nothing.
//
// Commands that change records of one folder wait for each other. If another
// program, such as an editor, saves the file in the meantime, that is not
// overwritten: the change is made again to the new content, or fails with
// [records.ErrStale] if it no longer fits. After any other error the file is as it
// was.
func (f File) Change(ctx context.Context, change records.Change) (before, after *records.Record, err error) {
	waiting := f.Waiting
	if waiting == nil {
		waiting = func() {}
	}
	unlock, err := lockFolder(ctx, filepath.Dir(f.Path), waiting)
	if err != nil {
		return nil, nil, f.failed("locked", err)
	}
	defer unlock()
	for range maxRounds {
		before, after, err = f.changeOnce(change)
		if !errors.Is(err, errRaced) {
			return before, after, err
		}
		select {
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		case <-time.After(untilSaved):
		}
	}
	return nil, nil, f.failed("written", errRaced)
}

const (
	maxRounds  = 20
	untilSaved = 25 * time.Millisecond // an editor that was met while it saves is done by then
)

// errRaced says that another program wrote the file at the same time.
var errRaced = errors.New("another program goes on writing it; close it there and try again")

func (f File) failed(verb string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("%s cannot be %s: %w", f.Name, verb, err)
}

func (f File) changeOnce(change records.Change) (before, after *records.Record, err error) {
	was, err := f.read(os.O_RDWR)
	if err != nil {
		return nil, nil, f.failed("changed", err)
	}
	before = records.Parse(f.Name, was.source, f.Options)
	after, err = change(before)
	if err != nil {
		return nil, nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if bytes.Equal(after.Source, before.Source) {
		return before, after, nil
	}
	if err := f.replace(was, after.Source); err != nil {
		return nil, nil, f.failed("written", err)
	}
	after, err = f.confirm(after.Source)
	return before, after, err
}

// snapshot is a file as it was read.
type snapshot struct {
	info   fs.FileInfo
	source []byte
}

// read reads the file with a flag of os.OpenFile. A file that is to be changed must
// be writable, although it is replaced.
func (f File) read(flag int) (snapshot, error) {
	named, err := os.Lstat(f.Path)
	if err != nil {
		return snapshot{}, err
	}
	if !named.Mode().IsRegular() { // before opening it: a named pipe would block
		return snapshot{}, disk.NotRegular{Mode: named.Mode()}
	}
	file, err := os.OpenFile(f.Path, flag, 0)
	if err != nil {
		return snapshot{}, err
	}
	defer file.Close()
	info, err := file.Stat()
	if err != nil {
		return snapshot{}, err
	}
	if !os.SameFile(named, info) {
		return snapshot{}, errRaced
	}
	source, err := disk.ReadOpen(file, records.MaxSize)
	return snapshot{info, source}, err
}

// replace puts a new file into the place of the one that was read.
func (f File) replace(was snapshot, content []byte) error {
	dir := filepath.Dir(f.Path)
	sweep(dir, changedPrefix, time.Now())
	temp, err := writeTemp(dir, changedPrefix, 0o600, content, func(f *os.File) error { return keepRights(f, was.info) })
	if err != nil {
		return err
	}
	if err = f.unchanged(was); err == nil {
		err = f.put(temp, was.source, content)
	}
	if err != nil {
		return errors.Join(err, removeTemp(temp))
	}
	return syncDir(dir)
}

// removeTemp removes a temporary file, unless it was renamed.
func removeTemp(temp string) error {
	if err := os.Remove(temp); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// changedPrefix begins the names of temporary files for changes. For a moment such a
// file holds the old record, so sweeping has to tell them from those of new records.
const changedPrefix = ".changed-record-"

// keepRights gives a new file the owner, the group and the mode of the one that it
// replaces. Until it has them, only its writer can read it.
func keepRights(file *os.File, like fs.FileInfo) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	if uid, gid, ok := disk.Owner(like, info); ok {
		if err := file.Chown(uid, gid); err != nil {
			return err
		}
	}
	return file.Chmod(like.Mode().Perm())
}

// unchanged returns an error if the file no longer holds what was read.
func (f File) unchanged(was snapshot) error {
	now, err := f.read(os.O_RDONLY)
	switch {
	case errors.Is(err, fs.ErrNotExist): // some editors take the old file away before they put the new one there
		return errRaced
	case err != nil:
		return err
	case !bytes.Equal(now.source, was.source):
		return errRaced
	}
	return nil
}

// put exchanges the temporary file and the record, and looks at what was there: a
// record that somebody saved since it was read is put back.
func (f File) put(temp string, was, content []byte) error {
	err := disk.Exchange(temp, f.Path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return errRaced
	case err != nil: // not every file system can; then a moment is left in which a save gets lost
		return os.Rename(temp, f.Path)
	}
	got, err := os.ReadFile(temp)
	if err != nil {
		return err
	}
	if !bytes.Equal(got, was) {
		return f.putBack(temp, got, content)
	}
	os.Remove(temp) // or a later command does
	return nil
}

// putBack puts back what somebody saved in the moment of the exchange. It repeats
// that if somebody saves once more.
func (f File) putBack(temp string, saved, placed []byte) error {
	for range maxRounds {
		err := disk.Exchange(temp, f.Path)
		if err != nil {
			break
		}
		got, err := os.ReadFile(temp)
		if err != nil {
			break
		}
		if bytes.Equal(got, placed) {
			return errRaced
		}
		placed, saved = saved, got
	}
	rescued := f.Path + ".saved-" + rand.Text()[:8]
	if err := os.Rename(temp, rescued); err != nil {
		return err
	}
	return fmt.Errorf("another program saved it at the same moment; that version is in %s", rescued)
}

// confirm reads the file once more and checks that it holds what was written.
func (f File) confirm(content []byte) (*records.Record, error) {
	now, err := f.read(os.O_RDONLY)
	if err != nil {
		return nil, f.failed("read after it was written", err)
	}
	if !bytes.Equal(now.source, content) {
		return nil, fmt.Errorf("%s was written, and then at once by another program: look at it, and try again", f.Name)
	}
	return records.Parse(f.Name, now.source, f.Options), nil
}
