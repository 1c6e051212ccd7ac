package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"iter"
	"maps"
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// checkPaths refuses files that cannot all exist on every file system. The error
// lists all of them.
func checkPaths(files []File) error {
	var problems []error
	taken := make(map[string]string, len(files)) // folded path → path of a file
	for _, f := range files {
		if why := BadPath(f.Path); why != "" {
			problems = append(problems, fmt.Errorf("site file %q %s; rename the source that it comes from", f.Path, why))
			continue
		}
		key := Fold(f.Path)
		if other, ok := taken[key]; ok {
			problems = append(problems, clash(other, f.Path))
		}
		taken[key] = f.Path
	}
	for _, p := range slices.Sorted(maps.Values(taken)) {
		for dir := range parents(p) {
			if other, ok := taken[Fold(dir)]; ok {
				problems = append(problems, clash(other, p))
			}
		}
	}
	return errors.Join(problems...)
}

func clash(a, b string) error {
	return fmt.Errorf("site files %q and %q cannot both exist on every file system; rename one of the sources that they come from", a, b)
}

// BadPath says what is wrong with the path of a site's file, or "".
func BadPath(p string) string {
	if !fs.ValidPath(p) || p == "." {
		return "is not a plain relative path"
	}
	if strings.HasPrefix(p, ownPrefix) {
		return "has a name that is kept for deploysite itself"
	}
	if strings.ContainsFunc(p, func(r rune) bool { return r < 0x20 || strings.ContainsRune(`\:*?"<>|`, r) }) {
		return "has a character that Windows does not allow"
	}
	for name := range strings.SplitSeq(p, "/") {
		if strings.HasSuffix(name, ".") || strings.HasSuffix(name, " ") {
			return "has a name that ends in a dot or a space, which Windows does not allow"
		}
		if text.IsDevice(name) {
			return "has a name that is a device on Windows"
		}
	}
	return ""
}

// Fold returns the same key for paths that some file system takes for the same: it
// ignores case and normal form.
func Fold(p string) string { return text.CaseFold(p) }

// parents yields the folders around a valid path, innermost first.
func parents(p string) iter.Seq[string] {
	return func(yield func(string) bool) {
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			if !yield(dir) {
				return
			}
		}
	}
}
