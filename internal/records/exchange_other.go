//go:build !linux && !darwin

package records

import "errors"

// exchange is not possible here.
func exchange(_, _ string) error { return errors.ErrUnsupported }
