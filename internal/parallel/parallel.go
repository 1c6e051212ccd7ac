// Package parallel does work on all processors.
//
//	parallel.Each(len(files), func(i int) { sums[i] = sha256.Sum256(files[i]) })
package parallel

import (
	"context"
	"runtime"

	"golang.org/x/sync/errgroup"
)

// Each calls do for 0 to n-1, from several goroutines, and waits for all calls.
func Each(n int, do func(i int)) { _ = Until(context.Background(), n, do) }

// Until is [Each] until ctx ends. Its error is that of ctx.
func Until(ctx context.Context, n int, do func(i int)) error {
	var group errgroup.Group
	group.SetLimit(runtime.GOMAXPROCS(0))
	for i := range n {
		group.Go(func() error {
			if ctx.Err() == nil {
				do(i)
			}
			return ctx.Err()
		})
	}
	return group.Wait()
}
