package adopt

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/text"
)

// A look must stay quick in a repository of any size. Upper folders are looked
// at first: that is where people put such documents.
const (
	maxEntries = 60_000  // names
	maxLevels  = 8       // folders deep
	maxRead    = 1 << 20 // bytes of one file
	maxReads   = 400     // files that are opened
	manyAtOnce = 1 << 10 // names that are listed between two looks at the budget
)

// tree is the names that were looked at.
type tree struct {
	fsys    fs.FS
	files   []string        // regular files, upper folders first, sorted within each
	folders map[string]bool // that were listed
	links   []string        // symbolic links and special files, which are not read
	odd     int             // names that hold what nobody can see
	cut     bool            // there is more
	reads   int
	cache   map[string][]byte
}

// skipped are folders that hold what others wrote, or what a build made.
var skipped = map[string]bool{
	"node_modules": true, "vendor": true, "third_party": true, "bower_components": true, "Pods": true, "site-packages": true,
	"dist": true, "build": true, "target": true, "out": true, "bin": true, "obj": true, "coverage": true, "venv": true,
	"testdata": true, "fixtures": true, "__fixtures__": true, "__pycache__": true, "__snapshots__": true,
}

// hidden are the folders that begin with a dot and are looked into.
var hidden = map[string]bool{".github": true, ".gitlab": true, ".forgejo": true, ".gitea": true, ".config": true, ".mise": true, ".ops": true, ".deploy": true, ".docs": true}

// survey lists at most left names of a repository, breadth first.
func survey(ctx context.Context, fsys fs.FS, left int) (*tree, error) {
	t := &tree{fsys: fsys, folders: map[string]bool{}, cache: map[string][]byte{}}
	level := []string{"."}
	for depth := 0; depth <= maxLevels && len(level) > 0; depth++ {
		var below []string
		for _, folder := range level {
			if err := ctx.Err(); err != nil {
				return nil, err
			}
			entries, err := list(fsys, folder, left)
			if err != nil && folder == "." {
				return nil, err
			}
			left -= len(entries)
			t.cut = t.cut || left <= 0
			t.folders[folder] = true
			below = append(below, t.sort(folder, entries)...)
		}
		level = below
	}
	t.cut = t.cut || len(level) > 0
	return t, nil
}

// list gives at most limit entries of a folder, sorted. Where there are more,
// which ones it gives is up to the file system.
func list(fsys fs.FS, folder string, limit int) ([]fs.DirEntry, error) {
	if limit <= 0 {
		return nil, nil
	}
	f, err := fsys.Open(folder)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	dir, ok := f.(fs.ReadDirFile)
	if !ok {
		return nil, errors.New(folder + " is not a folder")
	}
	var entries []fs.DirEntry
	for len(entries) < limit {
		some, err := dir.ReadDir(min(manyAtOnce, limit-len(entries)))
		entries = append(entries, some...)
		if errors.Is(err, io.EOF) || err == nil && len(some) == 0 {
			break
		}
		if err != nil {
			return entries, err
		}
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, nil
}

// sort keeps the files of a folder and gives the folders to look into.
func (t *tree) sort(folder string, entries []fs.DirEntry) (below []string) {
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		switch {
		case text.Visible(e.Name()) != e.Name(): // whoever named it does not want it read
			t.odd++
		case e.IsDir():
			if !skipped[e.Name()] && (e.Name()[0] != '.' || hidden[e.Name()]) {
				below = append(below, name)
			}
		case e.Type().IsRegular():
			t.files = append(t.files, name)
		default:
			t.links = append(t.links, name)
		}
	}
	return below
}

// has tells whether there is a regular file, also where it was not listed.
func (t *tree) has(name string) bool {
	info, err := fs.Lstat(t.fsys, name)
	return err == nil && info.Mode().IsRegular()
}

func (t *tree) hasFolder(name string) bool {
	info, err := fs.Lstat(t.fsys, name)
	return err == nil && info.IsDir()
}

// read gives a file, nil where it cannot be read, is too large, or enough was
// read already.
func (t *tree) read(name string) []byte {
	if content, ok := t.cache[name]; ok {
		return content
	}
	if t.reads >= maxReads {
		return nil
	}
	info, err := fs.Lstat(t.fsys, name) // before it is opened: a named pipe would block
	if err != nil || !info.Mode().IsRegular() || info.Size() > maxRead {
		return nil
	}
	t.reads++
	content, err := fs.ReadFile(t.fsys, name)
	if err != nil {
		content = nil
	}
	t.cache[name] = content
	return content
}

// in lists the files of a folder, not of those below.
func (t *tree) in(folder string) (files []string) {
	for _, name := range t.files {
		if path.Dir(name) == folder {
			files = append(files, name)
		}
	}
	return files
}
