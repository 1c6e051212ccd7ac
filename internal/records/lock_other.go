//go:build !unix || solaris || aix

package records

import "context"

func lockFolder(ctx context.Context, dir string, waiting func()) (unlock func(), err error) {
	return lockFile(ctx, dir, waiting)
}
