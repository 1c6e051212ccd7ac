// Package watch calls a function when files have changed, such as one that builds a
// site of them.
//
//	err := watch.Run(ctx, watch.Options{
//		Inputs: func() []string { return []string{"/home/ada/accounts/deployments"} },
//	}, func(ctx context.Context, changed []string) { build(ctx) })
//
// The function is called at once, and again after changes, but never twice at the
// same time: changes while it runs lead to one more call. An editor saves in several
// steps, and a checkout changes thousands of files. So Run waits until nothing
// changes for a moment, which is longer after many changes.
//
// The list of changed files is for people. It may be incomplete, and files in it may
// be as they were before.
package watch

import (
	"context"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"
	"time"
)

// Options says what is watched. Inputs must be set.
type Options struct {
	// Inputs lists files and folders, as absolute paths; a folder stands for
	// everything below it. They need not exist. It is asked before each call.
	Inputs func() []string
	Root   string            // the folders around inputs are watched up to here, to notice when one is moved
	Poll   bool              // look for changes each second, instead of asking the system to report them
	Say    func(text string) // gets messages for people; may be nil
	Also   <-chan struct{}   // asks for a call without a change; may be nil
}

const (
	few       = 20                     // at most so many files count as a person's saving
	quiet     = 30 * time.Millisecond  // how long nothing must have changed
	most      = 300 * time.Millisecond // how long to wait for that at most
	quietMany = 400 * time.Millisecond // the same after more than a few changes
	mostMany  = 30 * time.Second
)

// Run calls build at once and after changes, until ctx ends.
func Run(ctx context.Context, opt Options, build func(ctx context.Context, changed []string)) {
	if opt.Say == nil {
		opt.Say = func(string) {}
	}
	b := &batch{paths: map[string]bool{}, wake: make(chan struct{}, 1)}
	w := &watcher{opt: opt, batch: b}
	defer w.close()
	for {
		// Watching begins before the build, so that no change after the build's reading
		// is missed.
		w.sync(ctx)
		build(ctx, b.take())
		if !b.wait(ctx, opt.Also) {
			return
		}
	}
}

// A batch collects the changes since the last call.
type batch struct {
	mu          sync.Mutex
	inputs      []string
	paths       map[string]bool
	first, last time.Time
	wake        chan struct{} // holds one while there is a change
}

// add notes that a path changed, if it matters.
func (b *batch) add(path string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if !matters(path, b.inputs) {
		return
	}
	b.last = time.Now()
	if len(b.paths) == 0 {
		b.first = b.last
	}
	b.paths[path] = true
	select {
	case b.wake <- struct{}{}:
	default:
	}
}

func (b *batch) setInputs(inputs []string) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.inputs = inputs
}

// take returns the changes, sorted, and empties the batch.
func (b *batch) take() []string {
	b.mu.Lock()
	defer b.mu.Unlock()
	select {
	case <-b.wake:
	default:
	}
	all := slices.Sorted(maps.Keys(b.paths))
	clear(b.paths)
	return all
}

// wait waits for a change, and until nothing changes for a while. It returns false
// if ctx ended.
func (b *batch) wait(ctx context.Context, also <-chan struct{}) bool {
	select {
	case <-ctx.Done():
		return false
	case <-also:
		return true
	case <-b.wake:
	}
	for {
		left := time.Until(b.calm())
		if left <= 0 {
			return true
		}
		select {
		case <-ctx.Done():
			return false
		case <-time.After(left):
		}
	}
}

// calm is the time at which the wait ends if nothing more changes.
func (b *batch) calm() time.Time {
	b.mu.Lock()
	defer b.mu.Unlock()
	gap, limit := quiet, most
	if len(b.paths) > few {
		gap, limit = quietMany, mostMany
	}
	calm, latest := b.last.Add(gap), b.first.Add(limit)
	if latest.Before(calm) {
		return latest
	}
	return calm
}

// matters reports whether a change of path may change an input: path is an input,
// lies in one or holds one. Temporary files of editors do not matter.
func matters(path string, inputs []string) bool {
	for _, input := range inputs {
		if path == input || inside(input, path) || inside(path, input) && !passing(filepath.Base(path)) {
			return true
		}
	}
	return false
}

// inside reports whether path lies in the folder dir.
func inside(path, dir string) bool {
	rest, ok := strings.CutPrefix(path, dir)
	return ok && (strings.HasPrefix(rest, string(filepath.Separator)) || strings.HasSuffix(dir, string(filepath.Separator)))
}

// passing reports whether a name is that of a temporary file: a swap file, a backup,
// a lock, a file that is going to be renamed.
func passing(name string) bool {
	switch {
	case strings.HasPrefix(name, "."), strings.HasPrefix(name, "#"), strings.HasSuffix(name, "~"), name == "4913":
		return true
	}
	switch strings.ToLower(filepath.Ext(name)) {
	case ".swp", ".swx", ".tmp", ".bak", ".part", ".lock":
		return true
	}
	return strings.HasSuffix(name, "___jb_tmp___") || strings.HasSuffix(name, "___jb_old___")
}
