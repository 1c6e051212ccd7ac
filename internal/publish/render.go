package publish

import (
	"bytes"
	"context"
	"fmt"
	"runtime"
	"slices"
	"sync"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// build is the result of rendering.
type build struct {
	bytes     int64
	sums      map[string]string // path → SHA-256
	written   []string          // in the stage, sorted
	unchanged []string          // in the old tree already, sorted
}

// buffers are reused from file to file: growing one for each makes three times
// as much garbage as the files themselves.
var buffers = sync.Pool{New: func() any { return new(bytes.Buffer) }}

// renderer renders files and writes those that are new into the stage. Each worker
// has one file in memory.
type renderer struct {
	old      *tree
	stage    *stage
	progress func(done, total int)
	total    int

	mu        sync.Mutex
	build     build
	conflicts []string
}

func render(ctx context.Context, files []File, old *tree, stage *stage, opt Options) (*build, error) {
	r := &renderer{old: old, stage: stage, progress: opt.Progress, total: len(files)}
	r.build.sums = make(map[string]string, len(files))
	workers, workCtx := errgroup.WithContext(ctx)
	var next atomic.Int64
	for range min(len(files), runtime.GOMAXPROCS(0)) { // a goroutine for each file would grow its stack anew
		workers.Go(func() error {
			for i := next.Add(1) - 1; i < int64(len(files)) && workCtx.Err() == nil; i = next.Add(1) - 1 {
				if err := r.file(files[i]); err != nil {
					return err
				}
			}
			return nil
		})
	}
	if err := workers.Wait(); err != nil {
		return nil, err
	}
	if err := context.Cause(ctx); err != nil {
		return nil, err
	}
	if last := opt.Last; last != nil {
		data, err := last.Make(r.build.sums)
		if err == nil {
			err = r.file(Static(last.Path, data))
		}
		if err != nil {
			return nil, err
		}
	}
	if len(r.conflicts) > 0 {
		return nil, foreignError(old.dir, r.conflicts)
	}
	slices.Sort(r.build.written)
	slices.Sort(r.build.unchanged)
	return &r.build, nil
}

// file renders one file.
func (r *renderer) file(f File) error {
	b := buffers.Get().(*bytes.Buffer)
	defer buffers.Put(b)
	b.Reset()
	if err := protect(f, b); err != nil {
		return err
	}
	data := b.Bytes()
	unchanged := r.old.has(f.Path, data)
	foreign := !unchanged && r.isForeign(f.Path)
	if !unchanged && !foreign {
		if err := r.stage.write(f.Path, data); err != nil {
			return err
		}
	}
	r.record(f.Path, data, unchanged, foreign)
	return nil
}

func (r *renderer) isForeign(p string) bool {
	typ, exists := r.old.entries[p]
	return exists && !typ.IsDir() && r.old.listed[p] == ""
}

func (r *renderer) record(p string, data []byte, unchanged, foreign bool) {
	digest := sum(data)
	r.mu.Lock()
	defer r.mu.Unlock()
	b := &r.build
	b.bytes += int64(len(data))
	b.sums[p] = digest
	switch {
	case foreign:
		r.conflicts = append(r.conflicts, p)
	case unchanged:
		b.unchanged = append(b.unchanged, p)
	default:
		b.written = append(b.written, p)
	}
	if r.progress != nil {
		r.progress(len(b.sums), r.total)
	}
}

// protect renders f and turns a panic into an error, so that the stage is removed.
func protect(f File, b *bytes.Buffer) (err error) {
	defer func() {
		if v := recover(); v != nil {
			err = fmt.Errorf("cannot render %s: %v; this is a bug in deploysite, please report it", f.Path, v)
		}
	}()
	if err := f.Render(b); err != nil {
		return fmt.Errorf("cannot render %s: %w", f.Path, err)
	}
	return nil
}

// addManifest adds the manifest to the build and returns its SHA-256. Stats do not
// count it.
func (b *build) addManifest(old *tree, stage *stage) (digest string, err error) {
	data := newManifest(b.sums).encode()
	if old.has(ManifestName, data) {
		b.unchanged = append(b.unchanged, ManifestName)
		return sum(data), nil
	}
	b.written = append(b.written, ManifestName)
	return sum(data), stage.write(ManifestName, data)
}
