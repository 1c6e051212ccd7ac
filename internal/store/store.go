// Package store keeps records on the disk. They are Markdown files in a folder,
// which people edit and several commands may change at the same time.
//
//	history, err := store.Load(ctx, fsys, "deployments/checklists", records.Options{}, nil)
//	current, err := store.Folder{FS: fsys, Dir: "deployments/checklists"}.Current("Ada Park", person)
//	path, err := store.Create(dir, now, content)
//	before, after, err := store.File{Path: path, Name: name}.Change(ctx, records.Finish(outcome))
//
// Only regular files are opened. A record is created and replaced as a whole, and
// what somebody else wrote is never overwritten.
package store
