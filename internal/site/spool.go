package site

import (
	"errors"
	"fmt"
	"html/template"
	"os"
	"sync"
	"sync/atomic"
	"unsafe"
)

// A spool keeps the HTML of records and notes between loading and writing, in a
// temporary file. HTML is the largest part of a history by far. In memory it would
// be work for the garbage collector; in a file it is in the system's cache.
//
// A site that reuses entries of a former one shares its file. The file goes when
// the last of them is closed.
type spool struct {
	*spoolFile
	wrong atomic.Pointer[error] // the first error of this site
	done  sync.Once
}

// spoolFile is the file that spools share.
type spoolFile struct {
	file  *os.File
	end   atomic.Int64 // where the next text goes
	users atomic.Int32
	begun atomic.Int64 // its length after the first load
}

// spooled is where a text lies in the spool.
type spooled struct {
	offset int64
	size   int32
}

func newSpool() (*spool, error) {
	f, err := os.CreateTemp("", "deploysite-*.tmp")
	if err != nil {
		return nil, fmt.Errorf("cannot make a temporary file: %w; TMPDIR names the folder", err)
	}
	// Where an open file can be removed, nothing is left of it however we end.
	_ = os.Remove(f.Name())
	s := &spool{spoolFile: &spoolFile{file: f}}
	s.users.Store(1)
	return s, nil
}

// share is a spool for another site that needs the texts of this one, which
// must still be open.
func (s *spool) share() *spool {
	s.users.Add(1)
	return &spool{spoolFile: s.spoolFile}
}

// settle notes how long the file is when the first site was loaded.
func (s *spool) settle() { s.begun.CompareAndSwap(0, s.end.Load()) }

// wasteful reports whether most of the file is texts that no site needs any more.
func (s *spool) wasteful() bool {
	const room = 64 << 20
	return s.end.Load() > 4*s.begun.Load()+room
}

// close removes the file, unless another site needs it. On most systems its name was
// removed when it was opened.
func (s *spool) close() (err error) {
	s.done.Do(func() {
		if s.users.Add(-1) > 0 {
			return
		}
		err = s.file.Close()
		if gone := os.Remove(s.file.Name()); gone != nil && !errors.Is(gone, os.ErrNotExist) {
			err = errors.Join(err, gone)
		}
	})
	return err
}

// put writes a text. Several goroutines may call it; err returns the first error.
func (s *spool) put(text []byte) spooled {
	at := s.end.Add(int64(len(text))) - int64(len(text))
	if _, err := s.file.WriteAt(text, at); err != nil {
		err = fmt.Errorf("%w; TMPDIR names the folder for temporary files", err)
		s.wrong.CompareAndSwap(nil, &err)
	}
	return spooled{at, int32(len(text))}
}

func (s *spool) err() error {
	if err := s.wrong.Load(); err != nil {
		return *err
	}
	return nil
}

// get reads a text.
func (s *spool) get(t spooled) (string, error) {
	if t.size == 0 {
		return "", nil
	}
	text := make([]byte, t.size)
	if _, err := s.file.ReadAt(text, t.offset); err != nil {
		return "", fmt.Errorf("reading what was put aside in %s: %w", s.file.Name(), err)
	}
	return unsafe.String(&text[0], len(text)), nil // which nobody changes any more
}

// html reads a text that is HTML.
func (s *spool) html(t spooled) (template.HTML, error) {
	h, err := s.get(t)
	return template.HTML(h), err
}
