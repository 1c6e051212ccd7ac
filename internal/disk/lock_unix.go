//go:build unix && !solaris && !aix

package disk

import (
	"context"
	"errors"
	"os"
	"time"

	"golang.org/x/sys/unix"
)

// takeFolder locks the first folder that can be opened. ok is false if none can be
// locked, as on network file systems, which lock files only.
func (l Lock) takeFolder(ctx context.Context) (unlock func(), err error, ok bool) {
	for _, dir := range l.Folders {
		folder, err := os.Open(dir)
		if err != nil {
			continue // one may write into a folder that one cannot list
		}
		if err = l.flock(ctx, folder); err == nil {
			return func() { folder.Close() }, nil, true
		}
		folder.Close()
		if errors.Is(err, unix.EBADF) || errors.Is(err, unix.ENOTSUP) || errors.Is(err, unix.ENOLCK) || errors.Is(err, unix.EINVAL) {
			return nil, nil, false
		}
		return nil, err, true
	}
	return nil, nil, false
}

// flock tries again and again, since a call that waits cannot be cancelled.
func (l Lock) flock(ctx context.Context, f *os.File) error {
	patience := time.After(l.Patience)
	for {
		err := unix.Flock(int(f.Fd()), unix.LOCK_EX|unix.LOCK_NB)
		if !errors.Is(err, unix.EWOULDBLOCK) && !errors.Is(err, unix.EINTR) {
			return err
		}
		select {
		case <-ctx.Done():
			return context.Cause(ctx)
		case <-patience:
			l.wait()
		case <-time.After(5 * time.Millisecond):
		}
	}
}
