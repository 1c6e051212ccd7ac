package records

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// lockFile is the lock of a folder where folders cannot be locked: a file of the
// user's, outside of the project, which stays there.
func lockFile(ctx context.Context, dir string, waiting func()) (unlock func(), err error) {
	path, err := lockPath(dir)
	if err != nil {
		return nil, err
	}
	type result struct {
		unlock func()
		err    error
	}
	locked := make(chan result, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(path).Lock()
		locked <- result{unlock, err}
	}()
	patience := time.After(lockPatience)
	for {
		select {
		case r := <-locked:
			return r.unlock, r.err
		case <-patience:
			waiting()
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

// lockPatience is how long to wait for another command before saying so. One
// takes some milliseconds.
const lockPatience = 500 * time.Millisecond

func lockPath(dir string) (string, error) {
	cache, err := os.UserCacheDir()
	if err != nil {
		cache = os.TempDir()
	}
	cache = filepath.Join(cache, "deploysite", "locks")
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	return filepath.Join(cache, fmt.Sprintf("%x", sha256.Sum256([]byte(dir)))[:32]), os.MkdirAll(cache, 0o700)
}
