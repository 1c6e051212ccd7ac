package site

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io/fs"
	"maps"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/deploysite/deploysite/internal/disk"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/lint"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/text"
)

// CheckOptions is what a check knows besides the project.
type CheckOptions struct {
	Now      time.Time
	Files    func(root string) fs.FS // what to read of a folder in place of the disk; may be nil, or give nil
	Progress func(done int)          // as in Options
}

// Checked is what a check found.
type Checked struct {
	Records  int
	Problems []problem.Problem // sorted
	Unstaged []Unstaged
}

// Unstaged is a record that is in the folder and not among the files to read in its
// place, and the file that leads to it. Each record is committed alone: one may lead to
// another that is committed later.
type Unstaged struct{ From, Record string }

// Check reads the project as [Load] does, makes no pages, and returns everything that
// is wrong or odd. What would stop a build is a problem too. Of a long history it takes
// hardly longer than reading it.
func Check(ctx context.Context, p *project.Project, opt CheckOptions) (Checked, error) {
	l := newLoader(p, Options{Now: opt.Now, Progress: opt.Progress})
	l.check = &checking{CheckOptions: opt}
	if err := l.openSpool(); err != nil {
		return Checked{}, err
	}
	err := l.checkAll(ctx)
	if found := problemsIn(err); found != nil {
		l.Problems, err = append(l.Problems, found...), nil
	}
	l.sortProblems()
	return Checked{len(l.Entries), l.Problems, l.check.unstaged}, errors.Join(err, l.Close())
}

// problemsIn are the problems that an error stands for.
func problemsIn(err error) []problem.Problem {
	var list problem.List
	var template *TemplateError
	switch {
	case errors.As(err, &list):
		return list
	case errors.As(err, &template):
		return []problem.Problem{template.Problem}
	}
	return nil
}

// checkAll does what load does, as far as it can tell anything wrong.
func (l *loader) checkAll(ctx context.Context) error {
	if err := l.inFolder(l.project.Root, l.openTheme); err != nil {
		return err
	}
	if err := l.checkShared(); err != nil {
		return err
	}
	err := l.eachSource(func(src *source, fsys fs.FS) error {
		if err := l.loadSource(ctx, src, fsys); err != nil {
			return err
		}
		l.checkAnchors(src, fsys)
		l.checkTrail(src)
		return nil
	})
	if err != nil {
		return err
	}
	if err := l.loadReviews(); err != nil {
		return err
	}
	l.joinReferences()
	l.checkReading()
	l.checkDurations()
	return ctx.Err()
}

// checking is the state of a check.
type checking struct {
	CheckOptions
	mu        sync.Mutex
	anchors   []anchorLink
	decisions []decision
	unstaged  []Unstaged
}

// reads reports whether other files are read in the place of a folder's own. c may be nil.
func (c *checking) reads(dir string) bool {
	return c != nil && c.Files != nil && c.Files(dir) != nil
}

// addUnstaged gives the records a page that only the work tree has.
func (l *loader) addUnstaged(src *source) error {
	if !l.check.reads(src.project.Root) {
		return nil
	}
	var all map[string]string
	err := inFolder(src.project.Root, func(fsys fs.FS) (err error) {
		all, err = src.recordPages(fsys)
		return err
	})
	src.unstaged = map[string]string{}
	for file, page := range all {
		if src.pages[file] == "" {
			src.pages[file], src.unstaged[file] = page, page
		}
	}
	return err
}

// asks returns what takes note of a file's links to records that only the work tree has.
func (c *checking) asks(src *source, from string) func(string) {
	if src.unstaged == nil {
		return nil
	}
	return func(file string) {
		if src.unstaged[file] == "" {
			return
		}
		c.mu.Lock()
		defer c.mu.Unlock()
		if link := (Unstaged{from, file}); !slices.Contains(c.unstaged, link) {
			c.unstaged = append(c.unstaged, link)
		}
	}
}

// names reports whether a key names a record that only the work tree has.
func (c *checking) names(src *source, from, id string) bool {
	for file, page := range src.unstaged {
		if page == src.folder("records/")+id+"/" {
			c.asks(src, from)(file)
			return true
		}
	}
	return false
}

// anchorLink is a link to a place in another file.
type anchorLink struct {
	source       *source
	from         string // the file that has the link
	line, column int
	to, fragment string
	page         string // of the file that it leads to
}

// decision is a comment that decides on a note.
type decision struct {
	source       *source
	from         string // the file that has the comment
	line, column int
	note         ledger.Ref
}

// decides takes note of the comments of a text that decide on notes. c may be nil.
func (c *checking) decides(src *source, r *records.Record) {
	if c == nil || r.Imported() != "" {
		return
	}
	for _, m := range ledger.Marks(r) {
		for _, note := range []ledger.Ref{m.Note, m.Other} {
			if at := bytes.Index(r.Source, []byte(note.String())); at >= 0 && note.Note != "" {
				line, column := text.Position(r.Source, at)
				c.mu.Lock()
				c.decisions = append(c.decisions, decision{src, r.File, line, column, note})
				c.mu.Unlock()
			}
		}
	}
}

// read checks a record while it has its tree.
func (c *checking) read(l *loader, src *source, r *records.Record, b *render.Body) *reading {
	r.ID = src.project.ID(r.ID)
	masked := src.files.Masked(r.File)
	masked.Restore(r.Problems)
	e := &reading{Record: r, page: "records/" + r.ID + "/", off: problem.ReadOff(r.File, masked.Original(r.Source))}
	e.placeReferences()
	w := newWarnings(r, r.Source)
	c.decides(src, r)
	if r.Document.Root != nil {
		at := render.Place{Page: e.page, Links: src.linker(r, e.page), Warn: w.warn, Anchor: c.anchor(src, r)}
		at.Links.Asked = c.asks(src, r.File)
		if err := b.Check(r, at); err != nil {
			w.warn(problem.TooCostly, -1, "the text could not be laid out: "+err.Error(), "it is shown as source")
		}
	}
	odd := lint.Record(r, lint.Options{Now: c.Now, Knows: src.knows})
	e.warnings = append(append(w.problems, odd...), demanded(src, r)...)
	masked.Restore(e.warnings)
	e.warnings = append(e.warnings, masked.Problems(r.File)...)
	r.Steps, r.Metrics, r.Sections, r.Notes = nil, nil, nil, nil
	return e
}

// anchor takes note of a record's links to places in other files. c may be nil.
func (c *checking) anchor(src *source, r *records.Record) func(string, string, int) {
	if c == nil || r.Imported() != "" {
		return nil
	}
	return func(file, fragment string, offset int) {
		line, column := text.Position(r.Source, r.InFile(offset))
		c.mu.Lock()
		defer c.mu.Unlock()
		c.anchors = append(c.anchors, anchorLink{src, r.File, line, column, file, fragment, src.pages[file]})
	}
}

// checkAnchors looks whether the places are there that links of a source's files lead
// to. Few files are linked to in this way, so these are read once more.
func (l *loader) checkAnchors(src *source, fsys fs.FS) {
	if l.check == nil {
		return
	}
	places := map[string]map[string]bool{}
	lacks := func(file, id string) bool {
		if _, known := places[file]; !known {
			places[file] = l.placesOf(src, fsys, file)
		}
		return places[file] != nil && !places[file][id]
	}
	l.checkDecisions(src, lacks)
	for _, link := range l.check.anchors {
		id := render.FragmentID(link.page, link.fragment)
		if link.source != src || !lacks(link.to, id) {
			continue
		}
		what, hint := "heading", "write the heading's words in lower case, with - for blanks"
		if id == link.fragment && !strings.HasPrefix(id, "s-") {
			what, hint = "note or step", "it was written in other words since, or taken out: copy its address from the record's page, or take the link out"
		}
		l.report(src, problem.DeadAnchor.At(link.from, link.line, link.column,
			fmt.Sprintf("there is no %s “#%s” in %s", what, text.OneLine(link.fragment, 60), link.to), hint))
	}
}

// checkDecisions looks whether the notes are there that comments decide on. Of several on
// one note it tells the first: what the checklist says, each record made of it says again.
func (l *loader) checkDecisions(src *source, lacks func(file, id string) bool) {
	files, told := map[string]string{}, map[ledger.Ref]bool{}
	for file, page := range src.pages {
		files[page] = file
	}
	first := func(d decision) string { return strings.TrimPrefix(d.from, src.config.Template) }
	slices.SortFunc(l.check.decisions, func(a, b decision) int {
		return cmp.Or(cmp.Compare(first(a), first(b)), cmp.Compare(a.line, b.line))
	})
	for _, d := range l.check.decisions {
		if d.source != src || told[d.note] {
			continue
		}
		told[d.note] = true
		switch file := files[src.folder("records/")+d.note.Record+"/"]; {
		case file == "":
			l.report(src, problem.UnknownRecord.At(d.from, d.line, d.column, fmt.Sprintf("a comment decides on a note of %q, and there is no such record", d.note.Record), l.howToName()))
		case lacks(file, d.note.Note):
			l.report(src, problem.DeadAnchor.At(d.from, d.line, d.column, fmt.Sprintf("a comment decides on the note “#%s”, and there is none in %s", text.OneLine(d.note.Note, 60), file),
				"it was written in other words since, or taken out: copy its address from the record's page, or take the comment out"))
		}
	}
}

// placesOf are the places of a file, with those that a record has in the work tree alone:
// its last changes may be committed later.
func (l *loader) placesOf(src *source, fsys fs.FS, file string) map[string]bool {
	ids := src.places(fsys, file)
	if ids == nil || !strings.HasPrefix(src.pages[file], "records/") || !l.check.reads(src.project.Root) {
		return ids
	}
	_ = inFolder(src.project.Root, func(fsys fs.FS) error { // without the work tree there is no more to find
		maps.Copy(ids, src.places(fsys, file))
		return nil
	})
	return ids
}

// places are the ids that a Markdown file has on its page, or nil if it cannot be read.
func (src *source) places(fsys fs.FS, file string) map[string]bool {
	data, err := disk.ReadLinked(fsys, file, records.MaxSize)
	if err != nil {
		return nil // a folder, or what cannot be read is told elsewhere
	}
	r := src.parseDocument(file, data)
	if strings.HasPrefix(src.pages[file], "records/") {
		r = records.Parse(file, data, src.project.Options())
	}
	ids := map[string]bool{}
	for _, s := range r.Sections {
		ids[s.ID] = true
	}
	for _, alias := range forgeSlugs(r.Sections) {
		ids[alias] = true
	}
	for _, s := range r.Steps {
		ids[s.ID] = true
	}
	for _, n := range r.Notes {
		ids[n.ID] = true
	}
	return ids
}

// knows reports whether somebody is in the list of people.
func (src *source) knows(name string) bool { return src.people.Knows(name) }

// checkDurations looks at what is usual.
func (l *loader) checkDurations() {
	for _, src := range l.sources {
		all := make([]*records.Record, len(src.entries))
		for i, e := range src.entries {
			all[i] = e.Record
		}
		l.report(src, lint.Durations(all)...)
	}
}

// checkTrail looks at what git knows of the records. What is staged is on its way.
func (l *loader) checkTrail(src *source) {
	if src.trail.repo == nil || src.trail.gap != noGap || l.check.Files != nil || len(src.entries) == 0 {
		return
	}
	first := func(e *Entry) string {
		if len(e.Commits) == 0 {
			return ""
		}
		return e.Commits[len(e.Commits)-1].Hash
	}
	together := map[string]int{}
	for _, e := range src.entries {
		together[first(e)]++
	}
	for _, e := range src.entries {
		l.report(src, lint.Trail(e.Record, e.Commits, together[first(e)])...)
		if staged, differs := src.trail.differing[e.File]; differs && !staged && lint.HasEnded(e.Record) {
			l.report(src, problem.Uncommitted.In(e.File, uncommittedText(len(e.Commits) > 0), "commit it: git add "+e.File+" && git commit"))
		}
	}
}

func uncommittedText(before bool) string {
	if before {
		return "the deployment has ended, and the last changes of its record are not committed"
	}
	return "the deployment has ended, and its record is not committed"
}
