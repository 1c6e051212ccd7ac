// Package themes holds the looks that come with the tool. A project overrides
// any file of them by one of the same name in its own themes/NAME/ folder.
package themes

import (
	"embed"
	"io/fs"
)

//go:embed default/assets default/templates default/words
var files embed.FS

// Default is the built-in theme: "templates/*.html", "assets/*" and "words/*.toml".
func Default() fs.FS {
	sub, err := fs.Sub(files, "default")
	if err != nil {
		panic(err) // the folder is embedded above
	}
	return sub
}
