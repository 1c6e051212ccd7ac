//go:build !unix || solaris || aix

package publish

import "context"

func lock(ctx context.Context, out output, wait func()) (unlock func(), err error) {
	return lockFile(ctx, out, wait)
}
