package secrets

import (
	"bytes"
	"io"
	"io/fs"
	"sync"

	"github.com/deploysite/deploysite/internal/problem"
)

// Files is a file system in whose files marks stand in the places of secrets. Those
// with a secret in their names are not there. What is read through it can be
// published; it never writes.
type Files struct {
	fs.FS
	Finder Finder

	mu     sync.Mutex
	masked map[string]*Masked
	hidden []problem.Problem
}

// maxFile is more than any text has that is read, in bytes. A larger file is given as
// it is, to be refused.
const maxFile = 64 << 20

// Open opens a file.
func (f *Files) Open(name string) (fs.File, error) {
	file, err := f.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := file.Stat()
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxFile {
		return file, nil
	}
	source := bytes.NewBuffer(make([]byte, 0, info.Size()+bytes.MinRead))
	_, err = source.ReadFrom(io.LimitReader(file, maxFile))
	if err != nil {
		return nil, &fs.PathError{Op: "read", Path: name, Err: cause(err)}
	}
	return &maskedFile{file, bytes.NewReader(f.Mask(name, source.Bytes()).Source)}, nil
}

// cause is an error without the path that it names.
func cause(err error) error {
	if at, ok := err.(*fs.PathError); ok {
		return at.Err
	}
	return err
}

type maskedFile struct {
	fs.File
	source *bytes.Reader
}

func (f *maskedFile) Read(p []byte) (int, error) { return f.source.Read(p) }

// Mask puts marks into the text of a file.
func (f *Files) Mask(name string, source []byte) *Masked {
	m := Mask(source, f.Finder.Find(source))
	if len(m.Found) > 0 {
		f.mu.Lock()
		defer f.mu.Unlock()
		if f.masked == nil {
			f.masked = map[string]*Masked{}
		}
		f.masked[name] = m
	}
	return m
}

// Masked is what was found in a file when it was read; nil where that was nothing.
func (f *Files) Masked(name string) *Masked {
	f.mu.Lock()
	defer f.mu.Unlock()
	return f.masked[name]
}

// Forget lets go of what was found in a file.
func (f *Files) Forget(name string) {
	f.mu.Lock()
	defer f.mu.Unlock()
	delete(f.masked, name)
}

// ReadDir lists a folder, without the names that hold a secret: they would be in
// addresses.
func (f *Files) ReadDir(name string) ([]fs.DirEntry, error) {
	entries, err := fs.ReadDir(f.FS, name)
	var shown []fs.DirEntry
	for _, e := range entries {
		if found := f.Finder.Find([]byte(e.Name())); len(found) > 0 {
			f.hide(problem.NotRead.In(name+"/"+string(Mask([]byte(e.Name()), found).Source), "not read: its name holds what looks like a secret ("+found[0].Rule+")", "rename it"))
			continue
		}
		shown = append(shown, e)
	}
	return shown, err
}

func (f *Files) hide(p problem.Problem) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.hidden = append(f.hidden, p)
}

// Hidden names the files that are not there because of their names.
func (f *Files) Hidden() []problem.Problem { return f.hidden }

// Lstat is that of the file system.
func (f *Files) Lstat(name string) (fs.FileInfo, error) { return fs.Lstat(f.FS, name) }

// ReadLink is that of the file system.
func (f *Files) ReadLink(name string) (string, error) { return fs.ReadLink(f.FS, name) }

// Stat is that of the file system.
func (f *Files) Stat(name string) (fs.FileInfo, error) { return fs.Stat(f.FS, name) }
