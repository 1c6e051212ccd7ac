package publish

import (
	"bytes"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"strings"
)

// tree is a folder with a site in it: what is there, and which of it is ours.
type tree struct {
	dir     string
	root    *os.Root               // nil where the folder does not exist
	listed  map[string]string      // files of the manifest: path → SHA-256
	folders map[string]bool        // the folders that listed files are in
	entries map[string]fs.FileMode // type of each path in the folder, without the manifest
	order   []string               // the paths of entries, folders before what is in them
}

// openTree lists the folder. A folder that does not exist is an empty tree.
func openTree(dir string) (*tree, error) {
	t := &tree{dir: dir, folders: map[string]bool{}, entries: map[string]fs.FileMode{}}
	root, err := os.OpenRoot(dir)
	if errors.Is(err, fs.ErrNotExist) {
		return t, nil
	} else if err != nil {
		return nil, fmt.Errorf("cannot read the output: %w", err)
	}
	t.root = root
	t.listed = readManifest(root).Files // without a manifest everything is foreign
	for p := range t.listed {
		for dir := range parents(p) {
			t.folders[dir] = true
		}
	}
	if err := fs.WalkDir(root.FS(), ".", t.add); err != nil {
		t.close()
		return nil, fmt.Errorf("cannot see what to keep in the output %s: %w", dir, err)
	}
	return t, nil
}

func (t *tree) add(p string, e fs.DirEntry, err error) error {
	switch {
	case errors.Is(err, fs.ErrNotExist): // somebody else deleted it just now
		return nil
	case err != nil:
		return err
	case p == ".", p == ManifestName && !e.IsDir():
		return nil
	case e.IsDir() && strings.HasPrefix(p, insideTmp):
		return fs.SkipDir
	}
	t.entries[p] = e.Type()
	t.order = append(t.order, p)
	return nil
}

func (t *tree) exists() bool { return t.root != nil }

func (t *tree) close() {
	if t.root != nil {
		t.root.Close()
	}
}

// has reports whether p is a regular file with these bytes.
func (t *tree) has(p string, data []byte) bool {
	if !t.exists() {
		return false
	}
	info, err := t.root.Lstat(p)
	if err != nil || !info.Mode().IsRegular() || info.Size() != int64(len(data)) {
		return false
	}
	there, err := t.root.ReadFile(p)
	return err == nil && bytes.Equal(there, data)
}

// wrote reports whether p is a file of the manifest that nobody has changed since.
func (t *tree) wrote(p string) bool {
	if t.listed[p] == "" || !t.entries[p].IsRegular() {
		return false
	}
	data, err := t.root.ReadFile(p)
	return err == nil && sum(data) == t.listed[p]
}
