//go:build !linux && !darwin

package disk

import "errors"

// Exchange is not possible on this system.
func Exchange(_, _ string) error { return errors.ErrUnsupported }
