//go:build linux || darwin || freebsd || netbsd

package disk

import (
	"bytes"
	"slices"
	"strings"

	"golang.org/x/sys/unix"
)

// CopyAttributes gives a new file the extended attributes of another one, and takes
// away those that the other one lacks, such as the rights that a folder hands down.
// On Linux the access control list is one of them. It returns those that cannot be
// kept.
func CopyAttributes(from, to string) (lost []string) {
	want, has := attributes(from), attributes(to)
	for _, name := range has {
		if !slices.Contains(want, name) {
			_ = unix.Removexattr(to, name) // a label that the system gives stays
		}
	}
	for _, name := range want {
		value, err := attribute(from, name)
		if old, oldErr := attribute(to, name); err == nil && oldErr == nil && bytes.Equal(value, old) {
			continue
		}
		if err == nil {
			err = unix.Setxattr(to, name, value, 0)
		}
		if err != nil && !slices.Contains(givenBySystem, name) {
			lost = append(lost, name)
		}
	}
	return lost
}

// givenBySystem are attributes that each file gets, and nobody can set.
var givenBySystem = []string{"com.apple.provenance"}

// ACL is the attribute that holds the access control list on Linux.
const ACL = "system.posix_acl_access"

// attributes are the names of a file's extended attributes.
func attributes(path string) []string {
	names := sized(func(buffer []byte) (int, error) { return unix.Listxattr(path, buffer) })
	return strings.FieldsFunc(string(names), func(r rune) bool { return r == 0 })
}

func attribute(path, name string) (value []byte, err error) {
	value = sized(func(buffer []byte) (n int, e error) {
		n, err = unix.Getxattr(path, name, buffer)
		return n, err
	})
	return value, err
}

// sized calls a function of the system with a buffer that is large enough.
func sized(get func(buffer []byte) (int, error)) []byte {
	n, err := get(nil)
	if err != nil || n == 0 {
		return nil
	}
	buffer := make([]byte, n)
	if n, err = get(buffer); err != nil {
		return nil
	}
	return buffer[:n]
}
