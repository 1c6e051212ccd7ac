// Package disk has what systems do differently with files: letting two of them
// change places, locking a folder, and keeping an owner.
//
//	unlock, err := disk.Lock{Folders: []string{dir}, File: lockFile}.Take(ctx)
//	if err != nil { … }
//	defer unlock()
//	err = disk.Exchange(dir+"/new", dir+"/old")
//
// Where a system cannot do a thing, [errors.ErrUnsupported] says so, or what
// comes nearest is done and documented.
package disk
