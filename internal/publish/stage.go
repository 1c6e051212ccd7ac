package publish

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math/rand/v2"
	"os"
	"path"
	"path/filepath"
	"strconv"
	"sync"
)

// insideTmp starts the name of a staging folder inside the output.
const insideTmp = ownPrefix + "tmp-"

func (o output) tmpPrefix() string  { return "." + o.name + ".deploysite-tmp-" }
func (o output) swapPrefix() string { return "." + o.name + ".deploysite-swap-" }

// stage is the folder that new files are written to. The first of them makes it, so
// that a build without changes touches nothing.
type stage struct {
	out     output
	isNew   bool // there is no output yet
	inPlace bool // stay inside the output

	once    sync.Once
	err     error
	id      string
	path    string   // "" before the first write, and after the stage became the output
	beside  bool     // the stage lies beside the output and can change places with it
	folders sync.Map // those that were made, by path
}

func (s *stage) begun() bool { return s.path != "" }

// begin makes the folder.
//
// It is made inside the output and then moved beside it. If that works, both are on
// one mount, in folders that may be written to. If not, the stage stays inside.
func (s *stage) begin() error {
	s.id = strconv.FormatUint(rand.Uint64(), 36)
	beside := filepath.Join(s.out.parent, s.out.tmpPrefix()+s.id)
	s.path = filepath.Join(s.out.dir, insideTmp+s.id)
	if s.isNew {
		s.path = beside
	}
	if err := os.Mkdir(s.path, 0o777); err != nil {
		err = fmt.Errorf("cannot write to %s: %w; nothing was changed", filepath.Dir(s.path), reason(err))
		s.path = ""
		return err
	}
	if !s.isNew && !s.inPlace && os.Rename(s.path, beside) == nil {
		s.path, s.beside = beside, true
	}
	return nil
}

// write makes one file with the folders around it. It may be called from several goroutines.
func (s *stage) write(p string, data []byte) error {
	s.once.Do(func() { s.err = s.begin() })
	if s.err != nil {
		return s.err
	}
	// The stage is new and ours, and checkPaths has seen the path: nothing in it
	// can lead elsewhere, so it goes without os.Root, which walks every path.
	err := s.makeFolder(path.Dir(p))
	if err == nil {
		err = os.WriteFile(s.file(p), data, 0o666)
	}
	if err != nil {
		return fmt.Errorf("cannot write %s for %s: %w; the site in %s is as it was", p, s.out.name, reason(err), s.out.dir)
	}
	return nil
}

func (s *stage) file(p string) string { return filepath.Join(s.path, filepath.FromSlash(p)) }

// makeFolder makes a folder, and those around it, once.
func (s *stage) makeFolder(p string) error {
	if _, made := s.folders.Load(p); made || p == "." {
		return nil
	}
	if err := os.MkdirAll(s.file(p), 0o777); err != nil {
		return err
	}
	s.folders.Store(p, true)
	return nil
}

// sync ends the writing. The manifest goes to the disk for good: after a power
// failure it must still tell which of the damaged files are ours.
func (s *stage) sync() error {
	f, err := os.OpenFile(s.file(ManifestName), os.O_RDWR, 0)
	if errors.Is(err, fs.ErrNotExist) {
		return nil // it has not changed
	} else if err != nil {
		return err
	}
	return errors.Join(f.Sync(), f.Close())
}

// moveTo renames the stage.
func (s *stage) moveTo(path string) error {
	if err := os.Rename(s.path, path); err != nil {
		return err
	}
	s.path = path
	return nil
}

// become makes the stage the output, which must not exist.
func (s *stage) become() error {
	if err := os.Rename(s.path, s.out.dir); err != nil {
		return fmt.Errorf("cannot put the site in its place: %w; build again", err)
	}
	s.path = ""
	return nil
}

// moveInside moves the stage into the output.
func (s *stage) moveInside() error {
	s.beside = false
	_ = os.Remove(s.out.keptFile(s.id))
	return s.moveTo(filepath.Join(s.out.dir, insideTmp+s.id))
}

// discard removes the stage, if there still is one.
func (s *stage) discard() {
	if s.path != "" {
		_ = removeAll(s.path) // if that fails, the next run tries again and says so
		_ = os.Remove(s.out.keptFile(s.id))
	}
}

// fill adds to the stage what stays of the old tree, and returns the foreign entries
// as they were. Our own files come first. Before the foreign ones are added, the
// stage gets the name of a swap, which makes the next run look for them.
func (s *stage) fill(ctx context.Context, plan *plan, unchanged []string) (*kept, error) {
	parent, err := os.OpenRoot(s.out.parent)
	if err != nil {
		return nil, fmt.Errorf("%w: %w", errCannotSwap, err)
	}
	defer parent.Close()
	l := &linker{parent: parent, old: plan.old, from: s.out.name, to: filepath.Base(s.path)}
	for _, p := range unchanged {
		if err := context.Cause(ctx); err != nil {
			return nil, err
		}
		if err := l.linkOrCopy(p); err != nil {
			return nil, fmt.Errorf("cannot keep %s: %w; the site in %s is as it was", p, reason(err), s.out.dir)
		}
	}
	kept := &kept{}
	if err := kept.write(s.out.keptFile(s.id), plan); err != nil {
		return nil, fmt.Errorf("%w: %w", errCannotSwap, err)
	}
	if err := s.moveTo(filepath.Join(s.out.parent, s.out.swapPrefix()+s.id)); err != nil {
		return nil, err
	}
	l.to = filepath.Base(s.path)
	if kept.linked, err = l.keepForeign(ctx, plan); err != nil {
		return nil, fmt.Errorf("%w: %w", errCannotSwap, err) // in place, nothing has to be linked
	}
	return kept, nil
}
