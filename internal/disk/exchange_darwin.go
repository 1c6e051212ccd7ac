package disk

import "golang.org/x/sys/unix"

// Exchange lets two files, or two folders, change places in one step. Not every
// file system can.
func Exchange(a, b string) error { return unix.RenamexNp(a, b, unix.RENAME_SWAP) }
