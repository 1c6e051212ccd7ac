//go:build unix && !solaris && !aix

package records

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lockFolder waits until no other command changes a record in the folder. It
// locks the folder itself, so that no file is left behind; the system releases
// the lock when the process ends, in whatever way.
func lockFolder(ctx context.Context, dir string, waiting func()) (unlock func(), err error) {
	folder, err := os.Open(dir)
	if err != nil {
		return lockFile(ctx, dir, waiting) // one may change a record in a folder that one cannot list
	}
	err = flock(ctx, folder, waiting)
	if err == nil {
		return func() { folder.Close() }, nil
	}
	folder.Close()
	// Network file systems lock files only.
	if errors.Is(err, unix.EBADF) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOLCK) || errors.Is(err, unix.EINVAL) {
		return lockFile(ctx, dir, waiting)
	}
	return nil, err
}

// flock asks again and again, since a call that waits could not be cancelled.
func flock(ctx context.Context, f *os.File, waiting func()) error {
	patience := time.After(lockPatience)
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-patience:
			waiting()
		case <-time.After(5 * time.Millisecond):
		}
	}
}
