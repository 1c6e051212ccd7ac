package adopt

import (
	"context"
	"errors"
	"io"
	"io/fs"
	"path"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/text"
)

// A look must stay quick in a repository of any size. Upper folders are looked
// at first: that is where people put such documents.
const (
	maxEntries = 60_000  // names
	maxLevels  = 8       // folders deep
	maxRead    = 1 << 20 // bytes of one file
	maxReads   = 400     // files that are opened
)

// tree holds the names that were looked at, and the files that were read.
type tree struct {
	fsys    fs.FS
	files   []string // regular files, upper folders first, sorted within each
	own     []string // folders below that are projects of their own, which are not looked into
	odd     int      // how many names have backslashes or characters that cannot be seen
	cut     bool     // there is more
	unswept []string // folders where a killed adoption left something
	deep    bool     // there are folders further down
	reads   int
	cache   map[string][]byte
}

// skipped are folders that hold what others wrote, or what a build made.
var skipped = text.Set(`node_modules, vendor, third_party, bower_components, Pods, site-packages, dist, build, target, out, bin, obj, coverage
	venv, testdata, fixtures, __fixtures__, __pycache__, __snapshots__`)

// hidden are the folders that begin with a dot and are looked into.
var hidden = text.Set(`.github, .gitlab, .forgejo, .gitea, .config, .mise, .ops, .deploy, .docs`)

// survey lists at most left names of a repository, breadth first.
func survey(ctx context.Context, fsys fs.FS, left int) (*tree, error) {
	t := &tree{fsys: fsys, cache: map[string][]byte{}}
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
			below = append(below, t.add(folder, entries)...)
		}
		level = below
	}
	t.deep = len(level) > 0
	return t, nil
}

// list returns at most limit entries of a folder, sorted. Where there are more, the
// file system decides which ones.
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
	entries, err := dir.ReadDir(limit)
	if errors.Is(err, io.EOF) {
		err = nil
	}
	slices.SortFunc(entries, func(a, b fs.DirEntry) int { return strings.Compare(a.Name(), b.Name()) })
	return entries, err
}

// add keeps the files of a folder and returns the folders to look into.
func (t *tree) add(folder string, entries []fs.DirEntry) (below []string) {
	if folder != "." && !strings.HasSuffix(folder, "mise/conf.d") && slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return e.Name() == project.ConfigName && e.Type().IsRegular() }) {
		t.own = append(t.own, folder)
		return nil
	}
	for _, e := range entries {
		name := path.Join(folder, e.Name())
		switch {
		case disk.IsTemporary(e.Name()): // an adoption was killed
			t.unswept = append(t.unswept, folder)
		case text.Visible(e.Name()) != e.Name(), strings.Contains(e.Name(), `\`): // a report, or the configuration, cannot hold it as it is
			t.odd++
		case e.IsDir():
			if !skipped[e.Name()] && (e.Name()[0] != '.' || hidden[e.Name()]) {
				below = append(below, name)
			}
		case e.Type().IsRegular():
			t.files = append(t.files, name)
		}
	}
	return below
}

// has reports whether there is a regular file, also where it was not listed.
func (t *tree) has(name string) bool {
	info, err := fs.Lstat(t.fsys, name)
	return err == nil && info.Mode().IsRegular()
}

func (t *tree) hasFolder(name string) bool {
	info, err := fs.Lstat(t.fsys, name)
	return err == nil && info.IsDir()
}

// isEmpty reports whether nothing is in a folder but what a killed adoption left.
func (t *tree) isEmpty(folder string) bool {
	entries, err := list(t.fsys, folder, 10)
	return err == nil && !slices.ContainsFunc(entries, func(e fs.DirEntry) bool { return !disk.IsTemporary(e.Name()) })
}

// read returns a file's content. It is nil where the file cannot be read or is too
// large, or where enough files were read already.
func (t *tree) read(name string) []byte {
	if content, ok := t.cache[name]; ok {
		return content
	}
	if t.reads >= maxReads {
		return nil
	}
	content, err := disk.Read(t.fsys, name, maxRead)
	if err != nil {
		return nil
	}
	t.reads++
	t.cache[name] = content
	return content
}

// holds reports whether a file was seen in a folder, or in a folder below.
func (t *tree) holds(folder string) bool {
	return slices.ContainsFunc(t.files, func(name string) bool { return strings.HasPrefix(name, folder+"/") })
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
