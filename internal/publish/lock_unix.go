//go:build unix && !solaris && !aix

package publish

import (
	"context"
	"errors"
	"fmt"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// lock waits until no other build into the same folder is under way. It locks
// the folder around the output itself, so that no file is left behind; the
// system releases the lock when the process ends, in whatever way.
func lock(ctx context.Context, out output, wait func()) (unlock func(), err error) {
	folder, err := openForLock(out)
	if err != nil {
		return nil, fmt.Errorf("cannot lock the output %s: %w", out.dir, err)
	}
	err = flock(ctx, folder, wait)
	if err == nil {
		return func() { folder.Close() }, nil
	}
	folder.Close()
	// Network file systems lock files only.
	if errors.Is(err, unix.EBADF) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOLCK) {
		return lockFile(ctx, out, wait)
	}
	return nil, err
}

// openForLock opens the folder around the output, or the output where that
// cannot be read: then it is not exchanged either and keeps its identity.
func openForLock(out output) (*os.File, error) {
	f, err := os.Open(out.parent)
	if err == nil {
		return f, nil
	}
	if f, inner := os.Open(out.dir); inner == nil {
		return f, nil
	}
	return nil, err
}

// flock asks again and again, since a call that waits could not be cancelled.
func flock(ctx context.Context, f *os.File, wait func()) error {
	for first := true; ; first = false {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return err
		}
		if first && wait != nil {
			wait()
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-time.After(20 * time.Millisecond):
		}
	}
}
