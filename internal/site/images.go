package site

import (
	"errors"
	"io/fs"
	"regexp"
	"strings"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/records"
)

// maxImage is the size of the largest picture that is published.
const maxImage = 20 << 20

// picture matches the names of pictures.
var picture = regexp.MustCompile(`(?i)\.(?:png|jpe?g|gif|webp|avif)$`)

// findImages lists the pictures that records may show: files beside them of kinds
// that cannot run anything, so no SVG. Only those that a record shows are published;
// see addAssets.
func (l *loader) findImages(src *source, fsys fs.FS) error {
	err := l.findImagesIn(src, fsys, src.config.Records, src.folder("files/"))
	if err == nil && src == l.home {
		err = l.findImagesIn(src, fsys, src.config.Documents, "docs-files/")
	}
	return err
}

// findImagesIn lists the pictures of a folder; on the site they are in outDir.
func (l *loader) findImagesIn(src *source, fsys fs.FS, dir, outDir string) error {
	if dir == "" {
		return nil
	}
	taken := map[string]bool{}
	return fs.WalkDir(fsys, dir, func(p string, d fs.DirEntry, err error) error {
		if p == dir && errors.Is(err, fs.ErrNotExist) || src.images[p] != "" {
			return nil
		}
		if !fs.ValidPath(p) { // its name is no text; whoever reads what else is there says so
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if err != nil {
			l.report(src, problem.Unreadable.In(p, "the pictures in it are not read: "+err.Error(), "make it readable"))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		if !d.Type().IsRegular() || !picture.MatchString(p) {
			return nil
		}
		out := outDir + strings.TrimPrefix(p, dir+"/")
		info, err := d.Info()
		small, _ := disk.Read(fsys, p, 1<<10) // as a pointer is
		why, hint := publish.BadPath(out), "rename or shrink it"
		switch {
		case err != nil:
			why = "cannot be read: " + err.Error()
		case records.IsPointer(small):
			why, hint = "is a pointer of Git LFS", "fetch the picture: git lfs pull"
		case info.Size() > maxImage:
			why = "has more than 20 MiB"
		case why == "" && taken[publish.Fold(out)]:
			why = "has the name of another but for case"
		case why == "":
			taken[publish.Fold(out)] = true
			src.images[p] = out
			return nil
		}
		l.report(src, problem.NoPicture.In(p, "the picture is not published: it "+why, hint))
		return nil
	})
}
