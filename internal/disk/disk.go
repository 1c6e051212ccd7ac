// Package disk reads regular files only, and does what each operating system does
// in its own way: exchange two files, lock a folder, keep an owner.
//
//	content, err := disk.Read(fsys, "deploysite.toml", 64<<10)
//	unlock, err := disk.Lock{Folders: []string{dir}, File: lockFile}.Take(ctx)
//	if err != nil { … }
//	defer unlock()
//	err = disk.Exchange(dir+"/new", dir+"/old")
//
// Where a system cannot do something, the error is [errors.ErrUnsupported], or the
// docs of the function say what is done instead.
package disk
