//go:build !unix || solaris || aix

package disk

import "context"

// takeFolder is not possible on this system.
func (Lock) takeFolder(context.Context) (unlock func(), err error, ok bool) { return nil, nil, false }
