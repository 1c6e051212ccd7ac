package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"path"
	"slices"
	"strings"

	"golang.org/x/text/cases"
	"golang.org/x/text/unicode/norm"
)

// checkPaths refuses a list of files that not every file system can hold. It
// returns all that is wrong with it.
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
		if isDevice(name) {
			return "has a name that is a device on Windows"
		}
	}
	return ""
}

// isDevice knows names such as "con" and "LPT1.txt".
func isDevice(name string) bool {
	base, _, _ := strings.Cut(name, ".")
	base = strings.ToUpper(strings.TrimRight(base, " "))
	switch base {
	case "CON", "PRN", "AUX", "NUL", "CONIN$", "CONOUT$":
		return true
	}
	port, digit := strings.CutPrefix(base, "COM")
	if !digit {
		port, digit = strings.CutPrefix(base, "LPT")
	}
	return digit && len([]rune(port)) == 1 && strings.Contains("123456789¹²³", port)
}

// Fold gives paths that a file system may take for the same one the same key.
func Fold(p string) string { return norm.NFC.String(cases.Fold().String(norm.NFC.String(p))) }

// parents yields the folders around a valid path, innermost first.
func parents(p string) func(yield func(string) bool) {
	return func(yield func(string) bool) {
		for dir := path.Dir(p); dir != "."; dir = path.Dir(dir) {
			if !yield(dir) {
				return
			}
		}
	}
}
