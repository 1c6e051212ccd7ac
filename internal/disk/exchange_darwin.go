package disk

import "golang.org/x/sys/unix"

// Exchange swaps two files, or two folders, in one step. Not every file system can.
func Exchange(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }
