package publish

import (
	"errors"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/parallel"
)

// A Known is an output that holds what a manifest says, and what the file system said of it
// when that was last seen.
type Known struct {
	Manifest string    `json:"manifest"`         // the SHA-256 of the manifest
	Names    string    `json:"names,omitempty"`  // of all files and folders, in lines
	Sum      string    `json:"sum,omitempty"`    // of what the file system said; "" where that cannot be relied on
	Seen     time.Time `json:"seen,omitzero"`    // before it was asked
	Foreign  int       `json:"foreign,omitzero"` // how many files are foreign
}

// errOther is the error for an output that is not, or may not be, as it is known.
var errOther = errors.New("the output is not as it was")

// Still returns what is known of the output now. It is an error if it does not hold what
// the manifest says, or if a run left something behind. As long as the file system says
// the same of every file and folder, none is read; else their bytes decide.
func Still(dir string, opt Options, known Known) (Known, error) {
	out, err := findOutput(dir, opt)
	if err != nil {
		return Known{}, err
	}
	left, err := leftovers(out.parent, "."+out.name+ownPrefix, func(os.FileMode) bool { return true })
	left = slices.DeleteFunc(left, func(p string) bool { return strings.HasSuffix(p, ownPrefix+"lock") })
	if err != nil || len(left) > 0 {
		return Known{}, errOther
	}
	if known.Sum != "" && !time.Now().Before(known.Seen) {
		look, err := disk.LookAt(out.dir, strings.Split(known.Names, "\n"))
		if err == nil && look.SumWithFolders() == known.Sum {
			return known, nil
		}
	}
	return out.verify(known.Manifest)
}

// verify compares the bytes of all files with the manifest.
func (o output) verify(manifest string) (Known, error) {
	look, err := disk.LookIn(o.dir)
	if err != nil {
		return Known{}, err
	}
	root, err := os.OpenRoot(o.dir)
	if err != nil {
		return Known{}, err
	}
	defer root.Close()
	data, err := disk.Read(root.FS(), ManifestName, maxManifest)
	if err != nil || sum(data) != manifest {
		return Known{}, errOther
	}
	known := Known{Manifest: manifest, Seen: look.At}
	files, names := readManifest(root).Files, make([]string, len(look.Files))
	missing := maps.Clone(files)
	for i, f := range look.Files {
		names[i] = strings.TrimPrefix(strings.TrimPrefix(f.Path, o.dir), string(filepath.Separator))
		p := filepath.ToSlash(names[i])
		switch {
		case strings.HasPrefix(p, insideTmp):
			return Known{}, errOther
		case missing[p] != "" && f.Mode.IsRegular():
			delete(missing, p)
		case p != ManifestName && !f.Mode.IsDir():
			known.Foreign++
		}
	}
	if len(missing) > 0 || sameBytes(root, files) != nil {
		return Known{}, errOther
	}
	if known.Names = strings.Join(names, "\n"); look.Settled() && strings.Count(known.Names, "\n") == len(names)-1 {
		known.Sum = look.SumWithFolders()
	}
	return known, nil
}

func sameBytes(root *os.Root, files map[string]string) error {
	names := slices.Collect(maps.Keys(files))
	errs := make([]error, len(names))
	parallel.Each(len(names), func(i int) {
		data, err := root.ReadFile(names[i])
		if errs[i] = err; err == nil && sum(data) != files[names[i]] {
			errs[i] = errOther
		}
	})
	return errors.Join(errs...)
}
