package disk

import (
	"context"
	"time"

	"github.com/rogpeppe/go-internal/lockedfile"
)

// A Lock is held by one process at a time. It locks the folder itself, so that no
// file is left behind, or a file where folders cannot be locked. The system releases
// it when the process ends, even if it is killed.
type Lock struct {
	Folders  []string               // the first that can be opened is locked
	File     func() (string, error) // the file that is locked where no folder can be
	Patience time.Duration          // how long to wait before saying so
	Waiting  func()                 // called once after Patience; may be nil
}

// Take waits for the lock. If ctx ends first, the error is its cause.
func (l Lock) Take(ctx context.Context) (unlock func(), err error) {
	unlock, err, ok := l.takeFolder(ctx)
	if ok {
		return unlock, err
	}
	return l.takeFile(ctx)
}

func (l Lock) takeFile(ctx context.Context) (unlock func(), err error) {
	path, err := l.File()
	if err != nil {
		return nil, err
	}
	type result struct {
		unlock func()
		err    error
	}
	locked := make(chan result, 1)
	go func() {
		unlock, err := lockedfile.MutexAt(path).Lock() // cannot be tried without waiting
		locked <- result{unlock, err}
	}()
	patience := time.After(l.Patience)
	for {
		select {
		case r := <-locked:
			return r.unlock, r.err
		case <-patience:
			l.wait()
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

func (l Lock) wait() {
	if l.Waiting != nil {
		l.Waiting()
	}
}
