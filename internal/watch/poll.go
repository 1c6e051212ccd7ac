package watch

import (
	"context"
	"io/fs"
	"maps"
	"path/filepath"
	"time"
)

// A poller finds changes by the time and the size of each file.
type poller struct {
	batch  *batch
	before map[string]stamp
}

type stamp struct {
	size int64
	time time.Time
	mode fs.FileMode
}

// pause is the time between two looks. It is longer if a look takes long, so that a
// large history on a slow disk does not keep the machine busy.
const (
	pause   = time.Second
	restful = 10 // times as long as the last look took
)

// start takes the first look, and goes on until ctx ends.
func (p *poller) start(ctx context.Context) {
	p.before = p.look()
	go func() {
		rest := pause
		for {
			select {
			case <-ctx.Done():
				return
			case <-time.After(rest):
			}
			begun := time.Now()
			now := p.look()
			p.compare(now)
			p.before = now
			rest = max(pause, restful*time.Since(begun))
		}
	}()
}

func (p *poller) compare(now map[string]stamp) {
	for path, s := range now {
		if p.before[path] != s {
			p.batch.add(path)
		}
	}
	for path := range p.before {
		if _, there := now[path]; !there {
			p.batch.add(path)
		}
	}
}

func (p *poller) look() map[string]stamp {
	all := map[string]stamp{}
	for _, input := range p.batch.currentInputs() {
		maps.Copy(all, lookAt(input))
	}
	return all
}

func lookAt(input string) map[string]stamp {
	all := map[string]stamp{}
	_ = filepath.WalkDir(input, func(path string, d fs.DirEntry, err error) error {
		if err != nil {
			return nil // it is not there, or not to be read; that is a state too
		}
		if info, err := d.Info(); err == nil && !d.IsDir() {
			all[path] = stamp{info.Size(), info.ModTime(), info.Mode()}
		}
		return nil
	})
	return all
}
