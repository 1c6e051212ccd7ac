package site

import (
	"errors"
	"io/fs"
	"path"
	"strings"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/records"
)

// maxImage is the size of the largest picture that is published.
const maxImage = 20 << 20

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
		warn := func(why, hint string) {
			l.report(src, problem.NoPicture.In(p, "the picture is not published: it "+why, hint))
		}
		leaveOut := func(why string) { warn(why, "rename or shrink it") }
		if err != nil {
			l.report(src, problem.Unreadable.In(p, "the pictures in it are not read: "+err.Error(), "make it readable"))
			if d != nil && d.IsDir() {
				return fs.SkipDir
			}
			return nil
		}
		switch strings.ToLower(path.Ext(p)) {
		case ".png", ".jpg", ".jpeg", ".gif", ".webp", ".avif":
		default:
			return nil
		}
		if !d.Type().IsRegular() {
			return nil
		}
		out := outDir + strings.TrimPrefix(p, dir+"/")
		info, err := d.Info()
		small, _ := disk.Read(fsys, p, 1<<10) // as a pointer is
		switch {
		case err != nil:
			leaveOut("cannot be read: " + err.Error())
		case records.IsPointer(small):
			warn("is a pointer of Git LFS", "fetch the picture: git lfs pull")
		case info.Size() > maxImage:
			leaveOut("has more than 20 MiB")
		case publish.BadPath(out) != "":
			leaveOut(publish.BadPath(out))
		case taken[publish.Fold(out)]:
			leaveOut("has the name of another but for case")
		default:
			taken[publish.Fold(out)] = true
			src.images[p] = out
		}
		return nil
	})
}
