//go:build !unix

package disk

import "io/fs"

// Owner is unknown on this system: files take the access rights of their folder.
func Owner(_, _ fs.FileInfo) (uid, gid int, ok bool) { return 0, 0, false }

// IsMine is always true on this system: a user's cache is the user's.
func IsMine(fs.FileInfo) bool { return true }

// Links is not known on this system.
func Links(fs.FileInfo) int { return 1 }
