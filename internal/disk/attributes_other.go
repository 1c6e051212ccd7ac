//go:build !linux && !darwin && !freebsd && !netbsd

package disk

// ACL is no attribute on this system.
const ACL = ""

// CopyAttributes does nothing: this system has no extended attributes.
func CopyAttributes(_, _ string) (lost []string) { return nil }
