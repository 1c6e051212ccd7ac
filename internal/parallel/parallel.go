// Package parallel does work on all processors.
//
//	parallel.Each(len(files), func(i int) { sums[i] = sha256.Sum256(files[i]) })
package parallel

import (
	"context"
	"fmt"
	"runtime"
	"runtime/debug"
	"sync/atomic"

	"golang.org/x/sync/errgroup"
)

// Each calls do for 0 to n-1, from several goroutines, and waits for all calls. If some
// panic, it panics with what the first says and where: in the caller's goroutine, where
// it can be caught.
func Each(n int, do func(i int)) { _ = Until(context.Background(), n, do) }

// Until is [Each] until ctx ends. Its error is that of ctx.
func Until(ctx context.Context, n int, do func(i int)) error {
	var group errgroup.Group
	var next atomic.Int64
	var failed atomic.Pointer[string]
	one := func(i int) {
		defer func() {
			if v := recover(); v != nil {
				said := fmt.Sprintf("%v\n\n%s", v, debug.Stack())
				failed.CompareAndSwap(nil, &said)
			}
		}()
		do(i)
	}
	for range min(n, runtime.GOMAXPROCS(0)) { // a goroutine for each i would grow its stack anew
		group.Go(func() error {
			for i := next.Add(1) - 1; i < int64(n) && ctx.Err() == nil; i = next.Add(1) - 1 {
				one(int(i))
			}
			return ctx.Err()
		})
	}
	err := group.Wait()
	if said := failed.Load(); said != nil {
		panic(*said)
	}
	return err
}
