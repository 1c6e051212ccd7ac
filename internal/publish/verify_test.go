package publish

import (
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"os"
	"slices"
)

// verify checks that dir holds one whole build: that every file in its manifest is
// there with the right bytes.
func verify(dir string) error {
	root, err := os.OpenRoot(dir)
	if err != nil {
		return err
	}
	defer root.Close()
	m := readManifest(root)
	if m.Version == 0 {
		return fmt.Errorf("%s is missing or cannot be used", ManifestName)
	}
	if m.Build != buildID(m.Files) {
		return fmt.Errorf("%s: the build was not finished, or the file was changed", ManifestName)
	}
	return verifyFiles(root.FS(), m)
}

func verifyFiles(fsys fs.FS, m Manifest) error {
	var problems []error
	for _, p := range slices.Sorted(maps.Keys(m.Files)) {
		data, err := fs.ReadFile(fsys, p)
		if err != nil {
			problems = append(problems, err)
		} else if sum(data) != m.Files[p] {
			problems = append(problems, fmt.Errorf("%s: not the bytes that were built", p))
		}
	}
	return errors.Join(problems...)
}
