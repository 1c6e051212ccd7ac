package site

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"path"
	"slices"
	"sync"
	"time"

	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/compare"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/ledger"
	"github.com/deploysite/deploysite/internal/lint"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/secrets"
	"github.com/deploysite/deploysite/internal/steplog"
)

// Load reads the project and joins what belongs together. Files that cannot be read
// are in Problems; an error means that there is no site. Close the site after its
// files were rendered.
func Load(ctx context.Context, p *project.Project, opt Options) (*Site, error) {
	opt.Now = opt.Now.In(p.Config.Location) // the machine's zone shows nowhere
	l := newLoader(p, opt)
	keep := l.keepFile
	if opt.Live { // the index is made when the first search asks for it, and anew the next time
		keep = nil
	}
	if l.config.Search.Enabled {
		l.index = newIndex(l.config, keep)
	}
	if err := l.openSpool(); err != nil {
		return nil, err
	}
	if err := l.load(ctx); err != nil {
		return nil, errors.Join(err, l.Close())
	}
	l.forget()
	return l.Site, nil
}

// forget lets go of the former site and of the folders that were read. Whatever of
// them stays reachable would keep each site before this one in memory.
func (l *loader) forget() {
	for _, src := range l.withHome() {
		src.former, src.stat = nil, nil
	}
}

// A loader reads a site. Nothing of it is kept once the site is complete.
type loader struct {
	*Site
	former *Site                   // an earlier site, still open, whose unchanged entries are reused; may be nil
	bodies sync.Pool               // of *render.Body
	check  *checking               // nil where a site is to be built
	off    map[string]*problem.Off // by file: what it switches off

	reviewFiles []reviewFile // the oldest first
}

func newLoader(p *project.Project, opt Options) *loader {
	l := &loader{former: opt.Former, off: map[string]*problem.Off{}}
	opt.Former = nil // or no site would ever be let go
	l.Site = &Site{project: p, config: p.Config, options: opt, byID: map[string]*Entry{}, failedSteps: map[sourceStep][]*Entry{}}
	if opt.BaseURL != "" {
		l.config.BaseURL = opt.BaseURL
	}
	l.openSources()
	l.setToday()
	return l
}

func (l *loader) load(ctx context.Context) error {
	if err := l.inFolder(l.project.Root, l.openTheme); err != nil {
		return err
	}
	if err := l.checkShared(); err != nil {
		return err
	}
	if err := l.eachSource(func(src *source, fsys fs.FS) error { return l.loadSource(ctx, src, fsys) }); err != nil {
		return err
	}
	if err := l.loadReviews(); err != nil {
		return err
	}
	if err := l.unreadable(); err != nil {
		return err
	}
	// The index is let go of before the ledger is made: each takes half as much as all records.
	for _, step := range []func(){l.spool.settle, l.joinTerms, l.buildIndex, l.join, l.checkReading, l.sortProblems} {
		if err := ctx.Err(); err != nil {
			return err
		}
		step()
	}
	return nil
}

// unreadable is an error where a file is there and could not be read: a site without
// it would look as if it had never been.
func (l *loader) unreadable() error {
	var all problem.List
	for _, p := range l.Problems {
		if p.Rule == problem.Unreadable {
			all = append(all, p)
		}
	}
	if len(all) == 0 {
		return nil
	}
	problem.Sort(all)
	return all
}

func (l *loader) openTheme(fsys fs.FS) (err error) {
	if l.themeSum, err = sumTheme(fsys); err != nil {
		return err
	}
	if l.theme, err = loadTheme(fsys, l.config.Theme, l.config.Language); err != nil {
		return l.placed(err)
	}
	l.words = l.theme.words
	l.Problems = append(l.theme.problems, l.noWords()...)
	code := render.NewHighlighter()
	l.bodies.New = func() any { return render.NewBody(code, l.words) }
	return nil
}

// noWords reports a language that nobody has translated the site into.
func (l *loader) noWords() []problem.Problem {
	want, has := language.Make(l.config.Language), language.Make(l.words.Language)
	base, _ := want.Base()
	if own, _ := has.Base(); own == base {
		return nil
	}
	file, line, column := l.project.Place("language")
	return []problem.Problem{problem.MissingWords.At(file, line, column, fmt.Sprintf("the site has no words in %s, and is in English", l.config.Language),
		fmt.Sprintf(`translate them in themes/default/words/%s.toml, of which the guide tells at "Add a language", or write language = "en"`, base))}
}

// placed puts an error about a theme that is not there at the key that names it.
func (l *loader) placed(err error) error {
	if dir := noTheme(""); errors.As(err, &dir) {
		return l.project.AndMissing(l.project.Mistake("theme", err.Error(), project.NoTheme))
	}
	return err
}

func (l *loader) setToday() {
	now := l.options.Now
	l.today = time.Date(now.Year(), now.Month(), now.Day(), 23, 59, 59, 0, now.Location())
}

// sortProblems puts all problems in order and counts them for each record.
func (l *loader) sortProblems() {
	l.switchOff()
	problem.Sort(l.Problems)
	l.Problems = slices.Compact(l.Problems) // two links of one line can be wrong in one way
	count := map[string]int{}
	for _, p := range l.Problems {
		count[p.File]++
	}
	for _, e := range l.Entries {
		e.ProblemCount = count[e.source.project.Shown(e.File)]
	}
}

// loadRecords parses every record of a source and renders it at once, while it has
// its tree.
func (l *loader) loadRecords(ctx context.Context, src *source, fsys fs.FS) error {
	err := l.reloader(src).load(ctx, fsys, func(r *records.Record) *reading {
		b := l.bodies.Get().(*render.Body)
		defer l.bodies.Put(b)
		if l.check != nil {
			return l.check.read(l, src, r, b)
		}
		return l.read(src, r, b)
	})
	return cmp.Or(err, l.spool.err())
}

// newReading begins a reading. The record gets the ID that it has on the whole site.
func (l *loader) newReading(src *source, r *records.Record) *reading {
	r.ID = src.project.ID(r.ID)
	if r.Title.From == records.FromFileName && !r.Started.IsZero() { // the title is nobody's words
		r.Title.Value = l.words.T("record.of-day", "day", l.words.Day(r.Started.Time))
	}
	e := &reading{Record: r, page: "records/" + r.ID + "/", text: l.searchText(r)}
	e.placeReferences()
	e.countSteps()
	return e
}

// read renders a record and sums it up.
func (l *loader) read(src *source, r *records.Record, b *render.Body) *reading {
	e := l.newReading(src, r)
	l.keepText(e)
	masked := src.files.Masked(r.File)
	e.off = problem.ReadOff(r.File, masked.Original(r.Source))
	r.Problems = append(r.Problems, lint.Planned(r, l.today)...)
	masked.Restore(r.Problems)
	e.warnings = masked.Problems(r.File)
	e.Words, e.size, e.sum = wordCount(r.Source), len(r.Source), sha256.Sum256(masked.Original(r.Source))
	e.sumSteps()
	e.ledgerMarks = src.marks(ledger.Marks(r))
	e.steps, e.sectionTimes, e.course = compare.StepsOf(r), insights.SectionTimes(r), steplog.CourseOf(r)
	w := newWarnings(r, r.Source)
	at := render.Place{Page: e.page, Links: src.linker(r, e.page), Quoted: insights.BlockSpan(r)}
	if l.options.Live {
		at.Links.Asked = func(file string) { e.asked = append(e.asked, file) }
	}
	e.body = l.spool.put(layOut(b, r, r.Source, w, at))
	if r.Document.Root == nil {
		return e
	}
	e.links = b.RecordLinks()
	l.renderNotes(e, b)
	slices.Sort(e.asked)
	masked.Restore(w.problems)
	e.warnings, e.asked = append(e.warnings, w.problems...), slices.Clip(slices.Compact(e.asked))
	e.contents = l.spool.put([]byte(contents(r.Sections, r.Title.Value).Items))
	// The steps, metrics and sections are in the HTML and in the sums now. They are the
	// larger half of a record, and a long history would hold them to the end.
	r.Steps, r.Metrics, r.Sections = nil, nil, nil
	return e
}

// renderNotes renders the notes as other pages quote them.
func (l *loader) renderNotes(e *reading, b *render.Body) {
	e.notes = make([]spooled, len(e.Record.Notes))
	var all []byte
	for i := range e.notes {
		n := &e.Record.Notes[i]
		html, err := b.Note(all, n.Nodes, "../") // the pages that quote notes stand one folder deep
		if err != nil {
			html = append(all, template.HTMLEscapeString(n.Text)...)
		}
		html = append(all, secrets.MarkUp(html[len(all):])...)
		e.notes[i] = spooled{offset: int64(len(all)), size: int32(len(html) - len(all))}
		all = html
	}
	at := l.spool.put(all).offset
	for i := range e.notes {
		e.notes[i].offset += at
	}
}

// linkFolder is the folder that a record's relative links start from. Those of an
// imported text start from the file that it was written in.
func linkFolder(r *records.Record) string {
	for _, f := range r.Extra {
		if from := f.Value.Text; f.Name == records.KeyImportedFrom && fs.ValidPath(from) {
			return path.Dir(from)
		}
	}
	return path.Dir(r.File)
}
