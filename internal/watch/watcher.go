package watch

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/fsnotify/fsnotify"
)

// A watcher fills a batch: with the system's notifications, or else by polling.
type watcher struct {
	opt     Options
	batch   *batch
	system  *fsnotify.Watcher // nil before the first sync, and when polling
	watched map[string]fs.FileInfo
	poller  *poller // nil unless polling
}

func (w *watcher) close() {
	if w.system != nil {
		_ = w.system.Close() // nothing is lost with it
	}
}

// sync watches what the inputs are now.
func (w *watcher) sync(ctx context.Context) {
	inputs := w.opt.Inputs()
	w.batch.setInputs(inputs)
	if w.poller != nil {
		return
	}
	if w.opt.Poll {
		w.poll(ctx)
		return
	}
	if err := w.watch(foldersOf(inputs, w.opt.Root)); err != nil {
		w.fall(ctx, err)
	}
}

// fall falls back to polling.
func (w *watcher) fall(ctx context.Context, why error) {
	w.opt.Say(fmt.Sprintf("the system does not tell of changes, so they are looked for each second: %v", why))
	w.close()
	w.system = nil
	w.poll(ctx)
}

func (w *watcher) poll(ctx context.Context) {
	w.poller = &poller{batch: w.batch}
	w.poller.start(ctx)
}

// watch watches these folders and no others.
func (w *watcher) watch(folders []string) error {
	if err := w.open(); err != nil {
		return err
	}
	alive := w.system.WatchList()
	for folder := range w.watched {
		if !slices.Contains(folders, folder) {
			_ = w.system.Remove(folder) // it may be gone
			delete(w.watched, folder)
		}
	}
	for _, folder := range folders {
		info, err := os.Stat(folder)
		if err != nil {
			continue // gone again; its own folder is watched
		}
		if name := remoteDisk(folder); name != "" {
			return fmt.Errorf("%s is on a disk of the kind %s", folder, name)
		}
		// A folder that was replaced by another of the same name is watched anew.
		if slices.Contains(alive, folder) && os.SameFile(w.watched[folder], info) {
			continue
		}
		_ = w.system.Remove(folder)
		if err := w.system.Add(folder); errors.Is(err, fs.ErrNotExist) {
			continue
		} else if err != nil {
			return explain(folder, err)
		}
		w.watched[folder] = info
	}
	return nil
}

// open asks the system for notifications.
func (w *watcher) open() error {
	if w.system != nil {
		return nil
	}
	system, err := fsnotify.NewWatcher()
	if err != nil {
		return explain("", err)
	}
	w.system, w.watched = system, map[string]fs.FileInfo{}
	go listen(system, w.batch)
	return nil
}

// listen adds the system's notifications to the batch until they end.
func listen(system *fsnotify.Watcher, b *batch) {
	for {
		select {
		case e, ok := <-system.Events:
			if !ok {
				return
			}
			b.add(e.Name)
		case _, ok := <-system.Errors:
			if !ok {
				return
			}
			b.lost()
		}
	}
}

// lost notes that the system dropped notifications: anything may have changed.
func (b *batch) lost() {
	for _, input := range b.currentInputs() {
		b.add(input)
	}
}

func (b *batch) currentInputs() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	return b.inputs
}

// foldersOf lists the folders to watch: inputs that are folders, with all folders
// below them, and the folders that inputs are in, up to root. If a folder is missing,
// the nearest one above it is watched.
func foldersOf(inputs []string, root string) []string {
	var all []string
	for _, input := range inputs {
		all = append(all, foldersBelow(input)...)
		for dir := filepath.Dir(input); ; dir = filepath.Dir(dir) {
			there := isFolder(dir)
			if there {
				all = append(all, dir)
			}
			if filepath.Dir(dir) == dir || there && (root == "" || !inside(dir, root)) {
				break
			}
		}
	}
	slices.Sort(all)
	return slices.Compact(all)
}

// foldersBelow lists a folder and all folders in it. It does not follow links, and
// leaves out names with a leading dot, as the readers of the folder do.
func foldersBelow(dir string) (all []string) {
	if info, err := os.Lstat(dir); err != nil || !info.IsDir() {
		return nil
	}
	_ = filepath.WalkDir(dir, func(path string, d fs.DirEntry, err error) error {
		switch {
		case err != nil || !d.IsDir():
			return nil // what cannot be read cannot be watched either
		case path != dir && passing(d.Name()):
			return fs.SkipDir
		}
		all = append(all, path)
		return nil
	})
	return all
}

func isFolder(path string) bool {
	info, err := os.Stat(path)
	return err == nil && info.IsDir()
}
