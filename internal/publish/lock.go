package publish

import (
	"context"
	"fmt"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// lockFile takes the lock by a file beside the output, which stays there. The
// operating system releases the lock when the process ends, in whatever way.
func lockFile(ctx context.Context, out output, wait func()) (unlock func(), err error) {
	type result struct {
		unlock func()
		err    error
	}
	locked := make(chan result, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(filepath.Join(out.parent, "."+out.name+".deploysite-lock")).Lock()
		locked <- result{unlock, err}
	}()
	// Locking cannot be tried without waiting, so a short while counts as free.
	patience := time.After(200 * time.Millisecond)
	for {
		select {
		case r := <-locked:
			if r.err != nil {
				return nil, fmt.Errorf("cannot lock the output %s: %w", out.dir, r.err)
			}
			return r.unlock, nil
		case <-patience:
			if wait != nil {
				wait()
			}
		case <-ctx.Done():
			go func() {
				if r := <-locked; r.err == nil {
					r.unlock()
				}
			}()
			return nil, context.Cause(ctx)
		}
	}
}
