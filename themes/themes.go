// Package themes holds the looks that come with the tool. A project overrides
// any file of them by one of the same name in its own themes/NAME/ folder.
//
// Each is a folder of "templates/*.html", "assets/*" and "words/*.toml". The one
// called default is whole; any other holds only what it does otherwise.
package themes

import (
	"embed"
	"io/fs"
	"slices"
)

//go:embed default ledger
var files embed.FS

// Names are the built-in themes.
var Names = []string{"default", "ledger"}

// Default is the theme that every other stands on.
func Default() fs.FS {
	sub, _ := BuiltIn("default")
	return sub
}

// BuiltIn is a theme that comes with the tool; false where there is none of
// that name.
func BuiltIn(name string) (fs.FS, bool) {
	sub, err := fs.Sub(files, name)
	return sub, err == nil && slices.Contains(Names, name)
}
