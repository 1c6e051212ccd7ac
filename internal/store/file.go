package store

import (
	"bytes"
	"cmp"
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// File is one record on the disk.
//
//	f := store.File{Path: path, Name: "deployments/checklists/2024-08-31-14-30-deployment.md"}
//	before, after, err := f.Change(ctx, records.MarkStep(ref, records.Mark{State: records.Done}))
//
// The whole file is replaced in one step. Whoever reads it meanwhile sees the record
// as it was or as it is afterwards, even if the machine stops.
type File struct {
	Path    string            // where it is
	Name    string            // how problems name it: slash-separated, relative to the project's root
	Options records.Options   // for reading it
	Tell    func(what string) // if not nil, told what is waited for, and what a change cannot keep
	UndoDir string            // where the last change is kept, see [UndoFolder]; "" keeps none

	// With is an earlier change, the text before and after it, that is taken back together
	// with the next one, where nobody wrote the file in between.
	With [2][]byte

	undoing *lastChange // what is taken back just now
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
// Commands that change records of one folder wait for each other. A program that has
// the file open for writing is waited for as well, for two seconds. If another
// program, such as an editor, saves the file in the meantime, that is not
// overwritten: the change is made again to the new content, or fails with
// [records.ErrStale] if it no longer fits. After any other error the file is as it
// was.
func (f File) Change(ctx context.Context, change records.Change) (before, after *records.Record, err error) {
	f.Tell = once(f.Tell)
	unlock, err := lockFolder(ctx, filepath.Dir(f.Path), func() { f.Tell("Waiting for another command that changes a record here. Ctrl-C gives up.") })
	if err != nil {
		return nil, nil, f.failed("locked", err)
	}
	defer unlock()
	for round := range maxRounds {
		before, after, err = f.changeOnce(change)
		if !isBusy(err) {
			return before, after, err
		}
		if round == patientRounds {
			f.Tell(fmt.Sprintf("Waiting: %v. Ctrl-C gives up.", f.named(err)))
		}
		select {
		case <-ctx.Done():
			return nil, nil, context.Cause(ctx)
		case <-time.After(untilSaved):
		}
	}
	return nil, nil, f.named(err)
}

const (
	maxRounds     = 80
	patientRounds = 20
	untilSaved    = 25 * time.Millisecond // an editor that was met while it saves is done by then
)

// errRaced says that another program wrote the file at the same time.
var errRaced = errors.New("another program goes on writing it; close it there and try again")

// isBusy reports whether another program writes the file now.
func isBusy(err error) bool { return errors.Is(err, errRaced) || errors.As(err, new(disk.Busy)) }

// named adds to an error who writes the file.
func (f File) named(err error) error {
	if errors.As(err, new(disk.Busy)) {
		return f.failed("changed", disk.Busy{By: disk.Writer(f.Path)})
	}
	return err
}

// once tells each thing once. tell may be nil.
func once(tell func(string)) func(string) {
	told := map[string]bool{}
	return func(what string) {
		if tell != nil && !told[what] {
			tell(what)
		}
		told[what] = true
	}
}

func (f File) failed(verb string, err error) error {
	var at *fs.PathError
	if errors.As(err, &at) {
		err = at.Err
	}
	return fmt.Errorf("%s cannot be %s: %w", f.Name, verb, err)
}

func (f File) changeOnce(change records.Change) (before, after *records.Record, err error) {
	was, err := f.readQuiet()
	if err != nil {
		return nil, nil, f.failed("changed", err)
	}
	before = records.Parse(f.Name, was.source, f.Options)
	if conflict := before.Conflict(); conflict != nil {
		return nil, nil, problem.List{*conflict}
	}
	after, err = protected(change, before)
	if err != nil {
		for _, p := range before.Problems {
			if p.Rule == problem.BadFrontMatter && p.Severity == problem.Error { // which is why
				return nil, nil, problem.List{p}
			}
		}
		return nil, nil, fmt.Errorf("%s: %w", f.Name, err)
	}
	if bytes.Equal(after.Source, before.Source) {
		return before, after, nil
	}
	if err := f.replace(was, after.Source); err != nil {
		return nil, nil, f.failed("written", err)
	}
	first := before.Source
	if f.With[0] != nil && bytes.Equal(first, f.With[1]) {
		first = f.With[0]
	}
	f.keepLast(first, after.Source)
	after, err = f.confirm(after.Source)
	return before, after, err
}

// readQuiet reads a file that is to be changed, while nobody writes it.
func (f File) readQuiet() (snapshot, error) {
	was, err := f.read(os.O_RDWR)
	if err != nil {
		return snapshot{}, err
	}
	guard, err := disk.Watch(f.Path)
	if err != nil {
		return snapshot{}, err
	}
	defer guard.Release()
	return was, f.unchanged(was)
}

// protected makes a change. What panics on a record's text changes nothing.
func protected(change records.Change, before *records.Record) (after *records.Record, err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("this program fails on the text (%v); change it in an editor", v)
		}
	}()
	return change(before)
}

// snapshot is a file as it was read.
type snapshot struct {
	info   fs.FileInfo
	source []byte
}

// read reads the file with a flag of os.OpenFile. A file that is to be changed must
// be writable, although it is replaced.
func (f File) read(flag int) (s snapshot, err error) {
	for range maxRounds { // another command may put a new file into its place while this one is opened
		if s, err = f.readOnce(flag); !errors.Is(err, errRaced) {
			break
		}
	}
	return s, err
}

func (f File) readOnce(flag int) (snapshot, error) {
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
	sweep(dir, changedPrefix)
	sweep(dir, tempPrefix) // of a start or an import, which may be the last one
	temp, err := writeTemp(dir, changedPrefix, 0o600, content, func(temp *os.File) error { return f.keepRights(temp, was.info) })
	if err != nil {
		return err
	}
	if err := f.put(temp, was, content); err != nil {
		return errors.Join(err, removeTemp(temp))
	}
	return nil
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

// keepRights gives a new file what the record has besides its content. What decides
// who may read it must be kept; the loss of anything else is told.
// Until it has them, only its writer can read it.
func (f File) keepRights(file *os.File, like fs.FileInfo) error {
	if err := f.keepOwner(file, like); err != nil {
		return err
	}
	lost := disk.CopyAttributes(f.Path, file.Name())
	if slices.Contains(lost, disk.ACL) {
		return errors.New("its access control list could not be kept; let its owner do that")
	}
	for _, name := range lost {
		f.Tell(fmt.Sprintf("%s loses its extended attribute %s: the system does not let it be kept.", f.Name, name))
	}
	if more := disk.Links(like) - 1; more > 0 {
		f.Tell(fmt.Sprintf("%s has %s (hard link) besides: what is there stays as it was, and the record is a file of its own now.", f.Name, text.Count(more, "name")))
	}
	return file.Chmod(like.Mode() & (fs.ModePerm | fs.ModeSetgid | fs.ModeSetuid | fs.ModeSticky))
}

// keepOwner gives a new file the owner and group of the record. A user who is not
// root can only keep the group.
func (f File) keepOwner(file *os.File, like fs.FileInfo) error {
	info, err := file.Stat()
	if err != nil {
		return err
	}
	uid, gid, ok := disk.Owner(like, info)
	if !ok || file.Chown(uid, gid) == nil {
		return nil
	}
	if file.Chown(-1, gid) != nil {
		return errors.New("its group could not be kept; let its owner do that")
	}
	f.Tell(fmt.Sprintf("%s belonged to the user with the number %d, and belongs to you now: only root can keep that.", f.Name, uid))
	return nil
}

// unchanged returns an error if the file no longer holds what was read.
func (f File) unchanged(was snapshot) error {
	now, err := f.read(os.O_RDONLY)
	switch {
	case err != nil:
		return missed(err)
	case !bytes.Equal(now.source, was.source):
		return errRaced
	}
	return nil
}

// put exchanges the temporary file and the record, and looks at what was there: a
// record that somebody saved since it was read, or is about to write, is put back.
func (f File) put(temp string, was snapshot, content []byte) error {
	guard, err := disk.Watch(f.Path)
	if err != nil {
		return missed(err)
	}
	defer guard.Release()
	if err := f.unchanged(was); err != nil {
		return err
	}
	if err := swap(temp, f.Path); err != nil {
		return missed(err)
	}
	got, readErr := os.ReadFile(temp)
	if readErr == nil && !bytes.Equal(got, was.source) {
		return f.putBack(temp, got, content, guard.Check(temp) != nil) // at once: whoever saved it may look for it
	}
	err = syncDir(filepath.Dir(f.Path)) // takes long enough for whoever was about to open the old file
	busy := guard.Check(temp)
	got, readErr = os.ReadFile(temp)
	switch {
	case errors.Is(readErr, fs.ErrNotExist): // it could not be kept
		return err
	case readErr != nil:
		return readErr
	case busy != nil || !bytes.Equal(got, was.source):
		return f.putBack(temp, got, content, busy != nil)
	}
	os.Remove(temp) // or a later command does
	return err
}

// missed is errRaced for a file that is not there: some editors take the old file
// away before they put the new one there.
func missed(err error) error {
	if errors.Is(err, fs.ErrNotExist) {
		return errRaced
	}
	return err
}

// swap exchanges the temporary file and the record. Not every file system can. Then
// the old record gets a second name first, which is the temporary file's afterwards;
// where that is not possible either, it is gone. A moment is left in which a save by
// renaming gets lost.
func swap(temp, path string) error {
	err := disk.Exchange(temp, path)
	if err == nil || errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return swapByLink(temp, path)
}

func swapByLink(temp, path string) error {
	old := filepath.Join(filepath.Dir(temp), changedPrefix+rand.Text()+tempSuffix)
	kept := !othersStay(path) && os.Link(path, old) == nil
	if err := os.Rename(temp, path); err != nil {
		os.Remove(old)
		return err
	}
	if kept {
		return os.Rename(old, temp)
	}
	return nil
}

// othersStay reports whether the record's folder is one whose files only their owners can
// remove, and the record is another user's: a second name would stay for ever.
func othersStay(path string) bool {
	dir, err := os.Stat(filepath.Dir(path))
	file, err2 := os.Lstat(path)
	return cmp.Or(err, err2) == nil && dir.Mode()&fs.ModeSticky != 0 && !disk.IsMine(file)
}

// putBack puts back what somebody saved in the moment of the exchange. It repeats
// that if somebody saves once more, unless a program still writes: each file that one
// has open keeps a name.
func (f File) putBack(temp string, saved, placed []byte, writes bool) error {
	for range maxRounds {
		err := swap(temp, f.Path)
		if err != nil {
			break
		}
		got, err := os.ReadFile(temp)
		if err != nil {
			break
		}
		guard, err := disk.Watch(temp)
		if err == nil {
			guard.Release()
		}
		if err == nil && bytes.Equal(got, placed) {
			return errRaced
		}
		if err != nil || writes {
			break
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
	if !bytes.HasPrefix(now.source, content) { // a program may have added to it
		return nil, fmt.Errorf("%s was written, and then at once by another program: look at it, and try again", f.Name)
	}
	return records.Parse(f.Name, now.source, f.Options), nil
}
