package store

import (
	"context"
	"crypto/sha256"
	"fmt"
	"os"
	"path/filepath"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
)

// LockFolder waits until no other command changes a record in the folder dir. The
// folder is made if it is missing. waiting is called once if it takes longer than
// usual.
func LockFolder(ctx context.Context, dir string, waiting func()) (unlock func(), err error) {
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return nil, err
	}
	return lockFolder(ctx, dir, waiting)
}

// lockFolder is [LockFolder] for a folder that exists.
func lockFolder(ctx context.Context, dir string, waiting func()) (unlock func(), err error) {
	return disk.Lock{
		Folders:  []string{dir},
		File:     func() (string, error) { return lockPath(dir) },
		Patience: 500 * time.Millisecond, // a command takes some milliseconds
		Waiting:  waiting,
	}.Take(ctx)
}

// lockPath is the file to lock where folders cannot be locked. It is in the user's
// cache, outside of the project, and stays there.
func lockPath(dir string) (string, error) {
	cache, err := disk.CacheDir("locks")
	if err != nil {
		cache = filepath.Join(os.TempDir(), "deploysite", "locks")
	}
	if dir, err = filepath.Abs(dir); err != nil {
		return "", err
	}
	return filepath.Join(cache, fmt.Sprintf("%x", sha256.Sum256([]byte(dir)))[:32]), os.MkdirAll(cache, 0o700)
}
