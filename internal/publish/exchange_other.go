//go:build !linux && !darwin

package publish

import "errors"

// exchangeFolders is not possible here.
func exchangeFolders(_, _ string) error { return errors.ErrUnsupported }
