package watch

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync/atomic"
	"testing"
	"testing/synctest"
	"time"
)

// A project is a folder that is watched, and the calls that came of it.
type project struct {
	*testing.T
	root  string
	calls chan []string
	count atomic.Int32
	slow  atomic.Int64 // how long a build takes
}

func (p *project) path(name string) string { return filepath.Join(p.root, filepath.FromSlash(name)) }

func (p *project) write(name, text string) {
	p.Helper()
	if err := os.MkdirAll(filepath.Dir(p.path(name)), 0o777); err != nil {
		p.Fatal(err)
	}
	if err := os.WriteFile(p.path(name), []byte(text), 0o666); err != nil {
		p.Fatal(err)
	}
}

// begin watches the folder "records" and the file "config" and waits for the
// first call.
func begin(t *testing.T, opt Options) *project {
	t.Helper()
	p := &project{T: t, root: t.TempDir(), calls: make(chan []string, 1000)}
	p.write("records/a.md", "one")
	p.write("config", "one")
	ctx, cancel := context.WithCancel(t.Context())
	done := make(chan struct{})
	opt.Root = p.root
	opt.Inputs = func() []string { return []string{p.path("records"), p.path("config")} }
	go func() {
		defer close(done)
		Run(ctx, opt, func(_ context.Context, changed []string) {
			p.count.Add(1)
			time.Sleep(time.Duration(p.slow.Load()))
			p.calls <- changed
		})
	}()
	t.Cleanup(func() { cancel(); <-done })
	if changed := p.next(); len(changed) > 0 {
		t.Errorf("the first call names changes: %q", changed)
	}
	return p
}

// next is what the next call names, relative to the root.
func (p *project) next() []string {
	p.Helper()
	select {
	case changed := <-p.calls:
		for i, path := range changed {
			changed[i], _ = filepath.Rel(p.root, path)
			changed[i] = filepath.ToSlash(changed[i])
		}
		return changed
	case <-time.After(5 * time.Minute): // which only ends what hangs
		p.Fatal("no call")
		return nil
	}
}

// until waits for a call that names the path.
func (p *project) until(name string) {
	p.Helper()
	for !slices.Contains(p.next(), name) {
	}
}

func ways(t *testing.T, test func(*testing.T, Options)) {
	t.Parallel()
	t.Run("told", func(t *testing.T) { t.Parallel(); test(t, Options{}) })
	t.Run("poll", func(t *testing.T) { t.Parallel(); test(t, Options{Poll: true}) })
}

func TestSaves(t *testing.T) {
	ways(t, func(t *testing.T, opt Options) {
		p := begin(t, opt)
		p.write("records/a.md", "two!")
		p.until("records/a.md")
		p.write("config", "two!")
		p.until("config")

		// By renaming a new file into place, with a backup, as many editors do.
		p.write("records/.a.md.swp", "swap")
		p.write("records/a.md.tmp", "three")
		if err := os.Rename(p.path("records/a.md"), p.path("records/a.md~")); err != nil {
			t.Fatal(err)
		}
		if err := os.Rename(p.path("records/a.md.tmp"), p.path("records/a.md")); err != nil {
			t.Fatal(err)
		}
		p.until("records/a.md")

		p.write("records/pictures/load.png", "a picture in a new folder")
		for !slices.ContainsFunc(p.next(), func(path string) bool { return strings.HasPrefix(path, "records/pictures") }) {
		}
		time.Sleep(2 * most) // what is written now is a change by itself
		p.write("records/pictures/load.png", "another")
		p.until("records/pictures/load.png")
		if err := os.Remove(p.path("records/a.md")); err != nil {
			t.Fatal(err)
		}
		p.until("records/a.md")
	})
}

// A checkout takes the whole folder away and brings another.
func TestFolderComesBack(t *testing.T) {
	ways(t, func(t *testing.T, opt Options) {
		p := begin(t, opt)
		for i := range 3 {
			if err := os.RemoveAll(p.path("records")); err != nil {
				t.Fatal(err)
			}
			p.next()
			p.write("records/a.md", fmt.Sprint("again ", i))
			p.next()
			for len(p.calls) > 0 {
				<-p.calls
			}
			time.Sleep(2 * most) // what is written now is a change by itself
			p.write("records/b.md", strings.Repeat("b", i+1))
			p.until("records/b.md")
		}
	})
}

// Nothing but an input brings a call: the next one is that of a real change.
func TestNothingElse(t *testing.T) {
	t.Parallel()
	p := begin(t, Options{})
	p.write("other", "beside the inputs")
	p.write("public/index.html", "in a folder beside them")
	for _, name := range []string{".a.md.swp", "a.md~", "4913", "#a.md#", ".changed-record-12.tmp", "a.md.tmp"} {
		p.write("records/"+name, "passing")
		if err := os.Remove(p.path("records/" + name)); err != nil {
			t.Fatal(err)
		}
	}
	p.write("records/a.md", "two!")
	if changed := p.next(); !slices.Equal(changed, []string{"records/a.md"}) {
		t.Errorf("a call for %q", changed)
	}
}

// Many changes make few calls, also more than the system's queue holds. How few,
// TestQuiet says, whose clock does not depend on the machine.
func TestStorm(t *testing.T) {
	t.Parallel()
	p := begin(t, Options{})
	const files = 2000
	for i := range files {
		p.write(fmt.Sprintf("records/%d.md", i), "new")
	}
	now := time.Now()
	for i := range 5 * files {
		name := p.path(fmt.Sprintf("records/%d.md", i%files))
		if err := os.Chtimes(name, now, now.Add(time.Duration(i))); err != nil {
			t.Fatal(err)
		}
	}
	p.next()
	p.write("records/a.md", "the last one")
	p.until("records/a.md")
	if n := p.count.Load(); n > files/20 {
		t.Errorf("%d calls for a storm of %d files", n, files)
	}
}

// Changes become one call when it was quiet after them, or when that takes too
// long.
func TestQuiet(t *testing.T) {
	for name, c := range map[string]struct {
		changes int
		apart   time.Duration
		files   int
		after   time.Duration
	}{
		"a save":            {1, 0, 1, quiet},
		"a save in steps":   {4, 20 * time.Millisecond, 4, 3*20*time.Millisecond + quiet},
		"a save again":      {2, 40 * time.Millisecond, 1, quiet},
		"saves without end": {1000, 20 * time.Millisecond, 15, most},
		"a checkout":        {2000, 10 * time.Millisecond, 2000, 1999*10*time.Millisecond + quietMany},
		"files without end": {4000, 10 * time.Millisecond, 4000, mostMany},
	} {
		t.Run(name, func(t *testing.T) {
			synctest.Test(t, func(t *testing.T) {
				b := &batch{inputs: []string{"/records"}, paths: map[string]bool{}, wake: make(chan struct{}, 1)}
				ctx, cancel := context.WithCancel(t.Context())
				defer cancel()
				begun := time.Now()
				go func() {
					for i := range c.changes {
						b.add(fmt.Sprintf("/records/%d.md", i%c.files))
						select {
						case <-time.After(c.apart):
						case <-ctx.Done():
							return
						}
					}
				}()
				if !b.wait(ctx, nil) || time.Since(begun) != c.after {
					t.Errorf("a call after %v, want %v", time.Since(begun), c.after)
				}
			})
		})
	}
}

func TestSaysWhyItPolls(t *testing.T) {
	said := make(chan string, 1)
	var b batch
	b.paths, b.wake = map[string]bool{}, make(chan struct{}, 1)
	w := &watcher{opt: Options{Inputs: func() []string { return nil }, Say: func(text string) { said <- text }}, batch: &b}
	w.fall(t.Context(), explain("/records", os.ErrPermission))
	if text := <-said; !strings.Contains(text, "/records") || w.poller == nil {
		t.Errorf("said %q, polls: %t", text, w.poller != nil)
	}
}

func TestMatters(t *testing.T) {
	inputs := []string{filepath.FromSlash("/p/deployments/checklists"), filepath.FromSlash("/p/.git/HEAD")}
	for path, want := range map[string]bool{
		"/p/deployments/checklists":            true,
		"/p/deployments/checklists/a.md":       true,
		"/p/deployments/checklists/x/load.png": true,
		"/p/deployments":                       true,
		"/p/.git/HEAD":                         true,
		"/p/.git":                              true,
		"/p/.git/index":                        false,
		"/p/.git/HEAD.lock":                    false,
		"/p/deployments/checklists-old/a.md":   false,
		"/p/deployments/checklists/.a.md.swp":  false,
		"/p/deployments/checklists/a.md~":      false,
		"/p/README.md":                         false,
	} {
		if got := matters(filepath.FromSlash(path), inputs); got != want {
			t.Errorf("%s matters: %t", path, got)
		}
	}
}
