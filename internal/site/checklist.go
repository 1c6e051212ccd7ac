package site

import (
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path/filepath"
	"slices"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
)

// Document is the process or the template.
type Document struct {
	*records.Record
	Body  template.HTML
	sum   string         // of the file, as records name the checklist that they were made from
	steps []compare.Step // as they were before the page was laid out, which takes comments away
	marks []ledger.Mark  // what its comments decide
}

// maxDocument is more than any process or checklist has, in bytes.
const maxDocument = 64 << 20

func (l *loader) loadDocument(src *source, file string) (*Document, error) {
	if file == "" {
		return nil, nil
	}
	source, err := src.project.ReadDocument(file, maxDocument)
	switch {
	case errors.Is(err, fs.ErrNotExist) && src.project.Exists(file):
		return nil, src.wrong(file, file+" is a symbolic link to a file that is not there", "put the text itself there")
	case errors.Is(err, fs.ErrNotExist):
		return nil, src.notNamed(file)
	case errors.As(err, new(disk.NotRegular)):
		return nil, src.wrong(file, file+" is not a regular file", "put the text itself there")
	case err != nil:
		if info, wrong := os.Lstat(filepath.Join(src.project.Root, filepath.FromSlash(file))); wrong == nil && info.Mode()&fs.ModeSymlink != 0 {
			return nil, src.wrong(file, file+" is a symbolic link that is not followed: "+reason(err), "put the text itself there")
		}
		return nil, src.wrong(file, file+" cannot be read: "+err.Error(), "make it a readable file of the repository")
	}
	sum := fmt.Sprintf("sha256:%x", sha256.Sum256(source))
	masked := src.files.Mask(file, source)
	source = masked.Source
	r := src.parseDocument(file, source)
	l.note(src, file, problem.ReadOff(file, masked.Original(source)))
	masked.Restore(r.Problems)
	l.report(src, masked.Problems(file)...)
	l.report(src, r.Problems...)
	page := src.pages[file]
	steps := compare.StepsOf(r)
	l.sections = append(l.sections, l.searchSections(r, src.kindOf(file), page)...)
	w := newWarnings(r, source)
	b := l.bodies.Get().(*render.Body)
	defer l.bodies.Put(b)
	l.check.decides(src, r)
	marks := src.marks(ledger.Marks(r)) // a body that is laid out has no comments any more
	body := template.HTML(layOut(b, r, source, w, render.Place{Page: page, Links: src.linker(r, page), Anchor: l.check.anchor(src, r)}))
	masked.Restore(w.problems)
	l.report(src, w.problems...)
	return &Document{r, body, sum, steps, marks}, nil
}

// notNamed is an error where the configuration names the process or the checklist,
// and there is no such file. Without a word of it there may be none.
func (src *source) notNamed(file string) error {
	key := src.keyOf(file)
	if !src.project.Names(key) {
		return nil
	}
	mistake := src.project.Mistake(key, "there is no file "+src.project.Shown(file), project.NoFile)
	if src.name != "" {
		return mistake
	}
	return src.project.AndMissing(mistake)
}

// wrong is an error about the process or the checklist, at the key that names it.
func (src *source) wrong(file, message, hint string) error {
	if key := src.keyOf(file); src.project.Names(key) {
		return src.project.Mistake(key, message, hint)
	}
	return fmt.Errorf("%s; %s", message, hint)
}

// keyOf is the key of the configuration that names the process or the checklist.
func (src *source) keyOf(file string) string {
	if file == src.config.Template {
		return "template"
	}
	return "process"
}

// checkShared is an error where the project names a process or a checklist for all of
// its sources, and none of them has it. Of several some may do without.
func (l *loader) checkShared() error {
	for key, file := range map[string]string{"template": l.project.Config.Template, "process": l.project.Config.Process} {
		has := func(src *source) bool {
			_, err := src.project.ReadDocument(file, maxDocument)
			return !errors.Is(err, fs.ErrNotExist)
		}
		if l.several() && l.project.Names(key) && !slices.ContainsFunc(l.sources, has) {
			return l.project.Mistake(key, "no source has a file "+file, project.NoFile)
		}
	}
	return nil
}

// parseDocument reads the checklist, the process, or a review. The process is not a
// record: its status is its own, and it explains marks. A review has boxes that somebody
// ticks, as a record has, and nothing else of one.
func (src *source) parseDocument(file string, text []byte) *records.Record {
	if file == src.config.Template {
		return records.ParseTemplate(file, text, src.project.Options())
	}
	d := records.ParseDocument(file, text)
	if !isReview(file) {
		return d
	}
	r := records.Parse(file, text, records.Options{})
	r.Title, r.Problems = d.Title, d.Problems
	return r
}
