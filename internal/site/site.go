// Package site turns a project's records into a static site.
//
// Data takes four hops, each in its own files:
//
//	file  —records.Parse→  Record       (package records)
//	Record  —pages→  page struct        (site.go joins, page_*.go fill one typed struct a page)
//	page struct  —render→  Output       (theme.go, with the templates of package themes)
//	Output  —publish→  folder           (package publish)
//
// Records are rendered to HTML (body.go) while they are loaded, from the tree
// they were parsed into, and the tree is let go; so a history of ten thousand
// fits into memory.
//
//	s, err := site.Load(ctx, p, site.Options{Now: time.Now()})
//	if err != nil { … }
//	out, err := s.Output()
//	for _, f := range out.Files { … f.Render(buffer) … }
package site

import (
	"cmp"
	"context"
	"crypto/sha256"
	"errors"
	"fmt"
	"html/template"
	"io/fs"
	"os"
	"path"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/git"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/store"
	"github.com/deploysite/deploysite/internal/words"
)

// Options is what a build knows besides the project. The zero value works,
// except that Now must be set for anything to be called unfinished.
type Options struct {
	Now     time.Time // the clock; only its day shows on the site
	BaseURL string    // overrides the configuration's base_url
	Version string    // of this tool, for the footer
	Anew    bool      // OpenSearch does not read the index of the built site
	Live    bool      // its files are asked for one by one, and it may be another site's Former; see Output.Later
	Former  *Site     // a site of the same project, still open, of which is taken over what did not change; may be nil

	Progress func(done int) // called after each record that was read, never twice at once; may be nil
}

// Site is a whole history, joined: who, what, where, and what refers to what.
type Site struct {
	project *project.Project
	config  project.Config
	theme   *theme
	words   *words.Words // its own, in the language of the site
	spool   *spool
	options Options
	today   time.Time

	sources  []*source
	home     *source  // the project itself, of which the documents are; it need not be among the sources
	Entries  []*Entry // newest first
	Terms    map[*facet.Facet][]*Term
	Notes    []*NoteView // newest first
	Docs     *Doc        // the root of the documents, nil where there are none
	Problems []problem.Problem

	index    *search.Builder // nil where search is off
	search   *search.Output  // what index made of it
	sections []search.Page   // of process, checklist and documents

	byID        map[string]*Entry
	failedSteps map[sourceStep][]*Entry // the records in which a step failed, newest first

	themeSum  string                         // of the project's themes
	recurrent [][]int                        // groups of notes that say the same, by their places in Notes
	later     func() (*search.Output, error) // makes the index; nil unless that waits for the first search

	laterManifest string // the path of the file that names those of the index
}

// Entry is one record as the site shows it.
type Entry struct {
	*records.Record // its ID is that on the whole site: "scores-api/2024-08-31-14-30" where there are several sources
	source          *source
	page            string // "records/ID/"
	words           *words.Words
	body            spooled // empty where the record is shown as PlainText
	contents        spooledContents
	links           []string // the IDs of the records that the body links to
	PlainText       string   // the file's text where it could not be laid out
	text            *search.Text
	sum             [sha256.Size]byte // of the file, by which the search knows it again
	terms           [][]*Term         // by the facet's number
	Notes           []*NoteView
	Commits         []git.Commit  // newest first
	Unfinished      bool          // in progress for more than a day
	StepCounts      []StepCount   // of the states that occur
	checked         []checkedStep // the steps that the checklist has too
	failed          []failedStep
	sectionTimes    []insights.SectionTime
	tipMarks        []insights.TipMark
	kept            kept // what a later load must know
	Words           int
	rows            *[2]atomic.Pointer[spooled] // in tables, without and with the full date; pages are rendered in parallel
	ProblemCount    int

	RefersTo   []*Entry
	ReferredBy []*Entry
	UndoneBy   *Entry // the record that rolled this one back
}

// Terms are what the entry has of a facet.
func (e *Entry) Terms(f *facet.Facet) []*Term { return e.terms[f.Number] }

// Page is the entry's page: "records/ID/".
func (e *Entry) Page() string { return e.page }

// StatusName is the outcome for people, "unfinished" included.
func (e *Entry) StatusName() string {
	if e.Unfinished {
		return e.words.T("status.unfinished")
	}
	return e.words.T("status." + string(e.Status))
}

// StatusKey is the outcome as style sheets and filters know it.
func (e *Entry) StatusKey() string {
	if e.Unfinished {
		return "unfinished"
	}
	return string(e.Status)
}

// Count counts the record's steps in one state.
func (e *Entry) Count(s records.State) int {
	for _, c := range e.StepCounts {
		if c.State == s {
			return c.Count
		}
	}
	return 0
}

// NoteView is one note as the site shows it outside its record.
type NoteView struct {
	*records.Note
	Entry *Entry
	html  spooled
	Same  []*NoteView // this and the others that say the same in other records, newest first
	Fate  *NoteFate   // nil where nothing has become of it yet
}

// Page is the note's permalink: "records/ID/#lesson-…".
func (n *NoteView) Page() string { return n.Entry.Page() + "#" + n.ID }

// Document is the process or the template.
type Document struct {
	*records.Record
	Body template.HTML
	File string
}

// Load reads the project and joins what belongs together. What cannot be read
// is in Problems; an error means that there can be no site. Close the site when
// its files have been rendered.
func Load(ctx context.Context, p *project.Project, opt Options) (*Site, error) {
	s := &Site{project: p, config: p.Config, options: opt, byID: map[string]*Entry{},
		failedSteps: map[sourceStep][]*Entry{}}
	s.openSources()
	keep := s.keepFile
	if opt.Live { // whose index is made when the first search asks for it, and is the next time anew
		keep = nil
	}
	if s.config.Search.Enabled {
		s.index = newIndex(s.config, keep)
	}
	if opt.BaseURL != "" {
		s.config.BaseURL = opt.BaseURL
	}
	s.setToday()
	if err := s.openSpool(); err != nil {
		return nil, err
	}
	if err := s.load(ctx); err != nil {
		return nil, errors.Join(err, s.Close())
	}
	s.options.Former = nil // or no site would ever be let go
	return s, nil
}

func (s *Site) load(ctx context.Context) error {
	if err := s.openTheme(); err != nil {
		return err
	}
	if err := s.eachSource(func(src *source, fsys fs.FS) error { return s.loadSource(ctx, src, fsys) }); err != nil {
		return err
	}
	for _, step := range []func(){s.spool.settle, s.join, s.checkReading, s.sortProblems, s.buildIndex} {
		if err := ctx.Err(); err != nil {
			return err
		}
		step()
	}
	return nil
}

func (s *Site) openTheme() error {
	root, err := os.OpenRoot(s.project.Root) // no link in the project leads out of it
	if err != nil {
		return err
	}
	defer root.Close()
	if s.themeSum, err = sumTheme(root.FS()); err != nil {
		return err
	}
	if s.theme, err = loadTheme(root.FS(), s.config.Theme, s.config.Language); err != nil {
		return err
	}
	s.words, s.Problems = s.theme.words, s.theme.problems
	return nil
}

func (s *Site) setToday() {
	now := s.options.Now.In(s.project.Options().Location)
	s.today = time.Date(now.Year(), now.Month(), now.Day(), 23, 59, 59, 0, now.Location())
}

// sortProblems puts all problems in order and counts them for each record.
func (s *Site) sortProblems() {
	problem.Sort(s.Problems)
	s.Problems = slices.Compact(s.Problems) // two links of one line can be wrong in one way
	count := map[string]int{}
	for _, p := range s.Problems {
		count[p.File]++
	}
	for _, e := range s.Entries {
		e.ProblemCount = count[e.source.project.Shown(e.File)]
	}
}

// loadRecords parses every record of a source and renders it at once, before its
// tree goes.
func (s *Site) loadRecords(ctx context.Context, src *source, fsys fs.FS) error {
	code := render.NewHighlighter()
	bodies := sync.Pool{New: func() any { return render.NewBody(code, s.words) }}
	var mu sync.Mutex
	byRecord := map[*records.Record]*Entry{}
	var problems []problem.Problem
	add := func(r *records.Record, e *Entry, ps []problem.Problem) {
		mu.Lock()
		defer mu.Unlock()
		byRecord[r] = e
		problems = append(problems, ps...)
		if s.options.Progress != nil {
			s.options.Progress(len(s.byID) + len(byRecord))
		}
	}
	again := s.reloader(src, add)
	history, err := store.Reload(ctx, fsys, src.config.Records, src.project.Options(), again.known(), func(r *records.Record) {
		b := bodies.Get().(*render.Body)
		defer bodies.Put(b)
		e, ps := s.renderEntry(src, r, b)
		again.keep(e, ps)
		add(r, e, ps)
	})
	if err != nil {
		return err
	}
	if err := s.spool.err(); err != nil {
		return err
	}
	s.report(src, history.Problems...)
	s.report(src, problems...)
	for _, r := range history.Records {
		if e := byRecord[r]; e != nil {
			src.entries = append(src.entries, e)
			s.byID[r.ID] = e
		}
	}
	return nil
}

// newEntry makes an entry, and its record's ID that on the whole site.
func (s *Site) newEntry(src *source, r *records.Record) *Entry {
	r.ID = src.id(r.ID)
	if r.Title.From == records.FromFileName && !r.Started.IsZero() { // the title is nobody's words
		r.Title.Value = s.words.T("record.of-day", "day", s.words.Day(r.Started.Time))
	}
	return &Entry{Record: r, source: src, rows: new([2]atomic.Pointer[spooled]), page: "records/" + r.ID + "/", words: s.words, text: s.searchText(r)}
}

func (s *Site) renderEntry(src *source, r *records.Record, b *render.Body) (*Entry, []problem.Problem) {
	e := s.newEntry(src, r)
	s.keepText(e)
	e.Words, e.sum = wordCount(r.Source), sha256.Sum256(r.Source)
	e.sumSteps()
	e.sectionTimes, e.tipMarks = insights.SectionTimes(r), src.marks(insights.TipMarks(r))
	w := newWarnings(r, r.Source)
	if r.Document.Root == nil {
		e.PlainText = plainText(r.Source)
		return e, nil
	}
	at := render.Place{Page: e.Page(), Links: src.linker(r, e.Page()), Quoted: insights.BlockSpan(r), Warn: w.warn}
	if s.options.Live {
		at.Links.Asked = &render.Asked{}
		defer func() { e.kept.asked = at.Links.Asked.Files() }()
	}
	h, err := b.Document(r, at)
	if err == nil {
		e.links, e.body = b.RecordLinks(), s.spool.put(h)
	} else {
		w.warn(-1, "the record could not be laid out: "+err.Error(), "it is shown as source")
		e.PlainText = plainText(r.Source)
	}
	s.renderNotes(e, b)
	c := contents(r.Sections, r.Title.Value)
	e.contents = spooledContents{c.Count, s.spool.put([]byte(c.Items))}
	// The steps, metrics and sections are in the HTML and in the sums now. They are the
	// larger half of a record, and a long history would hold them to the end.
	r.Steps, r.Metrics, r.Sections = nil, nil, nil
	return e, w.problems
}

// renderNotes renders the notes as the lessons quote them.
func (s *Site) renderNotes(e *Entry, b *render.Body) {
	views := make([]NoteView, len(e.Record.Notes))
	e.Notes = make([]*NoteView, len(views))
	var all []byte
	for i := range views {
		n := &views[i]
		n.Note, n.Entry, n.html.offset = &e.Record.Notes[i], e, int64(len(all))
		html, err := b.Note(all, n.Nodes, "../") // the pages that quote notes stand one folder deep
		if err != nil {
			html = append(all, template.HTMLEscapeString(n.Text)...)
		}
		n.html.size = int32(len(html) - len(all))
		all, e.Notes[i] = html, n
	}
	at := s.spool.put(all).offset
	for i := range views {
		views[i].html.offset += at
	}
}

// Close lets go what the site holds outside of memory. No file of it can be
// rendered afterwards.
func (s *Site) Close() error { return s.spool.close() }

// linkFolder is where the links of a record lead from. An imported text still has
// those of the file that it was written in.
func linkFolder(r *records.Record) string {
	for _, f := range r.Extra {
		if from := f.Value.Text; f.Name == records.KeyImportedFrom && fs.ValidPath(from) {
			return path.Dir(from)
		}
	}
	return path.Dir(r.File)
}

func (s *Site) loadDocument(src *source, fsys fs.FS, file string) (*Document, error) {
	if file == "" {
		return nil, nil
	}
	info, err := fs.Stat(fsys, file)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	}
	if err == nil && !info.Mode().IsRegular() {
		err = fmt.Errorf("%s is not a regular file; put the text itself there", file)
	}
	if err != nil {
		return nil, err
	}
	source, err := fs.ReadFile(fsys, file)
	if err != nil {
		return nil, err
	}
	r := src.parseDocument(file, source)
	s.report(src, r.Problems...)
	d := &Document{Record: r, File: file}
	s.sections = append(s.sections, s.searchSections(r, src.kindOf(file), src.pages[file])...)
	d.Body = template.HTML("<pre tabindex=\"0\">" + template.HTMLEscapeString(plainText(source)) + "</pre>")
	if r.Document.Root == nil {
		return d, nil
	}
	b := render.NewBody(render.NewHighlighter(), s.words)
	w := newWarnings(r, source)
	h, err := b.Document(r, render.Place{Page: src.pages[file], Links: src.linker(r, src.pages[file]), Warn: w.warn})
	if err != nil {
		w.warn(-1, "the document could not be laid out: "+err.Error(), "it is shown as source")
	} else {
		d.Body = template.HTML(h)
	}
	s.report(src, w.problems...)
	return d, nil
}

// plainText is a file that is shown as source.
func plainText(source []byte) string { return strings.ToValidUTF8(string(source), "\ufffd") }

// parseDocument reads the checklist, or the process, which explains marks and has
// no steps of its own.
func (src *source) parseDocument(file string, text []byte) *records.Record {
	if file == src.config.Template {
		return records.ParseTemplate(file, text, src.project.Options())
	}
	r := records.Parse(file, text, src.project.Options())
	r.Steps = nil
	return r
}

// maxImage is the size of the largest picture that is published.
const maxImage = 20 << 20

// findImages lists the pictures that records may show: files beside them that
// cannot run anything. SVG can, so it is not among them. Only those that a
// record does show are published; see assets.
func (s *Site) findImages(src *source, fsys fs.FS) error {
	err := s.findImagesIn(src, fsys, src.config.Records, src.folder("files/"))
	if err == nil && src == s.home {
		err = s.findImagesIn(src, fsys, src.config.Documents, "docs-files/")
	}
	return err
}

// findImagesIn lists the pictures of a folder; they go to the folder out.
func (s *Site) findImagesIn(src *source, fsys fs.FS, dir, outDir string) error {
	if dir == "" {
		return nil
	}
	taken := map[string]bool{}
	return fs.WalkDir(fsys, dir, func(p string, d fs.DirEntry, err error) error {
		if p == dir && errors.Is(err, fs.ErrNotExist) || src.images[p] != "" {
			return nil
		}
		leaveOut := func(why string) {
			s.report(src, problem.Problem{File: p, Severity: problem.Warning,
				Message: "the picture is not published: it " + why, Hint: "rename or shrink it"})
		}
		if err != nil {
			leaveOut("cannot be read: " + err.Error())
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
		switch {
		case err != nil:
			leaveOut("cannot be read: " + err.Error())
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

// join finds who did what where, and what refers to what.
func (s *Site) join() {
	s.joinTerms()
	s.joinReferences()
	s.joinNotes()
	for _, e := range s.Entries {
		for _, f := range e.failed { // each key once: see sumSteps
			step := sourceStep{e.source, f.key}
			s.failedSteps[step] = append(s.failedSteps[step], e)
		}
	}
}

func (s *Site) joinTerms() {
	terms := termIndex{}
	for _, f := range facet.Lists {
		terms[f] = map[string]*Term{}
	}
	for _, e := range s.Entries {
		e.Unfinished = insights.Unfinished(e.Record, s.today)
		e.terms = make([][]*Term, len(facet.All))
		for _, f := range facet.Lists {
			e.terms[f.Number] = terms.add(f, e)
		}
		s.Notes = append(s.Notes, e.Notes...)
	}
	s.Terms = terms.sorted(language.Make(s.config.Language))
	s.joinSources()
}

// joinSources makes each of several sources a term, also those without records.
func (s *Site) joinSources() {
	if !s.several() {
		return
	}
	for _, src := range s.sources {
		t := &Term{Facet: facet.Source, Name: src.name, Slug: src.name, Entries: src.entries, source: src}
		for _, e := range src.entries {
			e.terms[facet.Source.Number] = []*Term{t}
		}
		s.Terms[facet.Source] = append(s.Terms[facet.Source], t)
	}
	slices.SortFunc(s.Terms[facet.Source], func(a, b *Term) int { return cmp.Compare(a.Name, b.Name) })
	for i, t := range s.Terms[facet.Source] {
		t.place = i
	}
}

// joinReferences follows links between records and rollback_of.
func (s *Site) joinReferences() {
	for _, e := range s.Entries {
		for _, id := range e.links {
			other := s.byID[id]
			if other == nil || other == e {
				continue
			}
			e.RefersTo = append(e.RefersTo, other)
			other.ReferredBy = append(other.ReferredBy, e)
		}
		if e.RollbackOf.IsZero() {
			continue
		}
		if other := s.resolve(e.source, e.RollbackOf.Value); other != nil {
			other.UndoneBy = e
			continue
		}
		s.report(e.source, problem.Problem{File: e.File, Severity: problem.Warning,
			Message: fmt.Sprintf("rollback_of names %q, and there is no such record", e.RollbackOf.Value), Hint: s.howToName()})
	}
}

// howToName says how one record names another.
func (s *Site) howToName() string {
	hint := "name a record by its file's name without “-deployment.md”"
	if s.several() {
		hint += ", and one of another source by that source's name, a slash and its file's name"
	}
	return hint
}

// joinNotes finds what recurs, and what became of it.
func (s *Site) joinNotes() {
	s.recurrent = s.sameNotes()
	for _, group := range s.recurrent {
		same := make([]*NoteView, len(group))
		for i, at := range group {
			same[i] = s.Notes[at]
			same[i].Same = same
		}
	}
	for _, src := range s.sources {
		s.joinFates(src)
	}
}

// byNewest sorts entries newest first, ties by ID.
func byNewest(a, b *Entry) int {
	return cmp.Or(b.Started.Time.Compare(a.Started.Time), cmp.Compare(b.ID, a.ID))
}
