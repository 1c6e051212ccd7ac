// Package store is the records on the disk: a folder of Markdown files that people
// edit, programs append to, and several commands change at once.
//
//	history, err := store.Load(ctx, fsys, "deployments/checklists", opt, nil)
//	current, err := store.Folder{FS: fsys, Dir: dir}.Current(deployer, same)
//	before, after, err := store.File{Path: path, Name: name}.Change(ctx, records.Finish(…))
//	path, err := store.Create(dir, now, content)
//
// Only regular files within the project are opened. A record is created and
// replaced whole, and never over what somebody else wrote.
package store
