package site

import "github.com/deploysite/deploysite/internal/publish"

// File is one file of a site.
type File = publish.File

// Output is a finished site: every file of it, each with a function that makes
// its bytes. The folder, the server, the link check and the tests all read it.
type Output struct {
	Files []File // sorted by Path, no two alike

	// Later returns the files of the search index, below search/, of a Live site. Making
	// it takes longest after a record was saved, and mostly nobody searches before the
	// next save. It is nil if Files has all.
	Later func() ([]File, error)
}
