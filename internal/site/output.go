package site

// Output is a finished site: every file of it, each with a function that makes
// its bytes. The folder, the server, the link check and the tests all read it.
type Output struct {
	Files []File // sorted by Path, no two alike
}

// File is one file of the site.
type File struct {
	Path   string // slash-separated, relative, such as "records/2024-08-31-14-30/index.html"
	Render func() ([]byte, error) // gives the same bytes at every call; may be called from several goroutines
}
