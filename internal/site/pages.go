package site

import (
	"bytes"
	"cmp"
	"fmt"
	"html/template"
	"io/fs"
	"slices"
	"strings"
	"sync"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/words"
)

// Page is what every page knows; each page's own struct embeds it.
type Page struct {
	site  *pager
	Title string
	Path  string // the page's folder, such as "timeline/2024/"; "" for the home page
	Nav   string // the entry of the navigation that is marked
	root  string // from the page to the site's root: "../../"

	filtered    bool   // its rows have attributes for the filter
	shared      bool   // all pages of its depth and section share a frame
	description string // of a record
	canonical   string // takes the place of the address while a frame is rendered
}

func (s *pager) page(path, title, nav string) Page {
	return Page{site: s, Title: title, Path: path, Nav: nav, root: wayUp(path)}
}

// Link is the address of another page of the site, seen from this one.
func (p Page) Link(page string) string { return render.PageHref(p.root, page) }

// File is the address of a file of the site, seen from this page.
func (p Page) File(name string) string { return p.root + render.EscapePage(name) }

// Asset is the address of one of the theme's assets.
func (p Page) Asset(name string) (string, error) {
	a, ok := p.site.theme.assets[name]
	if !ok {
		return "", fmt.Errorf("theme: there is no assets/%s", name)
	}
	return p.root + a.path, nil
}

// SiteTitle is the site's name.
func (p Page) SiteTitle() string { return p.site.config.Title }

// Description is the page in one sentence: what the site is, or how a deployment went.
func (p Page) Description() string { return cmp.Or(p.description, p.site.words.T("home.what")) }

// Today is the day of the build.
func (p Page) Today() string { return p.site.words.Date("long", p.site.today) }

// Tool is this tool with its version.
func (p Page) Tool() string { return strings.TrimSpace("deploysite " + p.site.options.Version) }

// ProblemCount is how many problems the build met.
func (p Page) ProblemCount() int { return len(p.site.Problems) }

// Total is how many deployments the history holds.
func (p Page) Total() int { return len(p.site.Entries) }

// ContentLanguage is the language of the records, "" where it is the site's own.
func (p Page) ContentLanguage() string {
	if p.site.config.Language == p.Language() {
		return ""
	}
	return p.site.config.Language
}

// Language is the language of the site's own words: that of the configuration,
// "de-AT", where there are words in its language, else English.
func (p Page) Language() string {
	if base, _, _ := strings.Cut(p.site.config.Language, "-"); strings.EqualFold(base, p.site.words.Language) ||
		strings.EqualFold(p.site.config.Language, p.site.words.Language) {
		return p.site.config.Language
	}
	return p.site.words.Language
}

// Direction is "rtl" where the site's own words are written from right to left,
// else "".
func (p Page) Direction() string {
	if words.Direction(p.Language()) == "rtl" {
		return "rtl"
	}
	return ""
}

// English is "en" where the site's words are in another language: texts that
// are never translated, such as problems, are marked by it.
func (p Page) English() string {
	if p.site.words.Language == "en" {
		return ""
	}
	return "en"
}

// Canonical is the page's full address, or "" where the site's is not known.
func (p Page) Canonical() string {
	if p.canonical != "" && p.site.config.BaseURL != "" {
		return p.canonical
	}
	return p.address()
}

func (p Page) address() string {
	if p.site.base() == "" {
		return ""
	}
	return p.site.base() + render.EscapePage(p.Path)
}

// base is the site's address, ending in a slash; "" where it is not known.
func (s *Site) base() string {
	if s.config.BaseURL == "" {
		return ""
	}
	return strings.TrimRight(s.config.BaseURL, "/") + "/"
}

// Several reports whether the records come from several sources.
func (p Page) Several() bool { return p.site.several() }

// ProcessFile is the document that describes the process, for the words of empty pages.
func (p Page) ProcessFile() string { return p.site.config.Process }

// Records is the folder of the records, for the words of empty pages.
func (p Page) Records() string { return p.site.config.Records }

// Rows shows entries as rows of a month's table.
func (p Page) Rows(entries []*Entry) (template.HTML, error) { return p.rows(entries, false) }

// DatedRows shows entries as rows of a table that has no month on top.
func (p Page) DatedRows(entries []*Entry) (template.HTML, error) { return p.rows(entries, true) }

func (p Page) rows(entries []*Entry, dated bool) (template.HTML, error) {
	var b strings.Builder
	b.Grow(1 << 10 * len(entries))
	for _, e := range entries {
		row, err := p.site.row(e, dated)
		if err != nil {
			return "", err
		}
		row = strings.ReplaceAll(row, rootMark, p.root)
		b.WriteString(strings.Replace(row, attributesMark, p.filterAttributes(e), 1))
	}
	return template.HTML(b.String()), nil
}

// Marks for what differs in a row from page to page: the way to the site's root, and
// the attributes that only pages with a filter need.
const (
	rootMark       = "deploysite-root/"
	attributesMark = "data-deploysite-filter"
)

// row returns an entry's row, which is rendered once: the same row is in the timeline
// and on the pages of its service, people, environment and tags. It is kept in the
// spool.
func (s *pager) row(e *Entry, dated bool) (string, error) {
	kept := &e.rows[0]
	if dated {
		kept = &e.rows[1]
	}
	if at := kept.Load(); at != nil {
		return s.spool.get(*at)
	}
	h, err := s.theme.part("row", newRow(Page{site: s, root: rootMark}, e, dated))
	if err != nil {
		return "", err
	}
	line := strings.Join(strings.Fields(string(h)), " ") // 10,000 rows, no blank wasted
	at := s.spool.put([]byte(line))
	kept.Store(&at)
	return line, s.spool.err()
}

// A Row is an entry in a table.
type Row struct {
	*Entry
	Attributes  template.HTMLAttr // what the filter reads, on pages that have one
	Day         string            // "" where unknown
	Clock       string            // "" where unknown
	Stamp       string            // RFC 3339
	Link        template.HTML
	Environment string
	Deployers   []template.HTML
}

func newRow(p Page, e *Entry, dated bool) Row {
	r := Row{Entry: e, Attributes: attributesMark, Link: p.recordName(e),
		Deployers: p.fewTerms("quiet", e.Terms(facet.Deployer))}
	r.Environment = strings.Join(fewNames(e.Terms(facet.Environment)), ", ")
	if m := e.Started; !m.IsZero() {
		r.Stamp, r.Day = m.Time.Format(time.RFC3339), e.words.Date("weekday", m.Time)
		if dated {
			r.Day = e.words.Day(m.Time)
		}
		if !m.DateOnly {
			r.Clock = e.words.Date("clock", m.Time)
		}
	}
	return r
}

// noteAbout is what all notes of an entry have in common on a page.
type noteAbout struct {
	attributes, href, meta string // HTML
}

func (s *pager) noteAbout(e *Entry, root string) (*noteAbout, error) {
	page := Page{site: s, root: root}
	meta, err := s.theme.part("notemeta", newRow(page, e, true))
	return &noteAbout{
		attributes: string(e.Attributes()),
		href:       template.HTMLEscapeString(page.Link(e.Page())),
		meta:       string(meta),
	}, err
}

// Output lists every file of the site.
func (s *Site) Output() (Output, error) {
	p := &pager{Site: s}
	p.standings, p.numbers, p.stepHistories = sync.OnceValue(p.follow), sync.OnceValue(p.countNumbers), sync.OnceValue(p.followSteps)
	p.measureRoom()
	p.addHome()
	p.addStandings()
	p.addTimeline()
	p.addRecords()
	p.addTerms()
	p.addLessons()
	p.addMetrics()
	p.addSteps()
	p.addReviews()
	p.addAudit()
	p.addOnboarding()
	p.addDocuments()
	p.addDocs()
	p.addSearchPage()
	p.addProblems()
	p.addNotFound()
	if err := p.addSearchIndex(); err != nil {
		return Output{}, err
	}
	p.addMachines()
	p.addAssets()
	slices.SortFunc(p.files, func(a, b File) int { return strings.Compare(a.Path, b.Path) })
	return Output{Files: p.files, Later: s.laterFiles()}, nil
}

// A pager makes the pages of a site.
type pager struct {
	*Site
	files     []File
	standings func() *standings // of the whole history, found once
	numbers   func() *numbers   // the same

	stepHistories func() stepHistories // the same

	numberedQuarters []Quarterly // the pages of their quarters
	bytes            int         // that each kind of list has room for
}

// add adds the page in a folder; data is its struct, which the template named
// like it reads.
func (s *pager) add(folder, template string, data func() framed) {
	s.file(folder+"index.html", func(b *bytes.Buffer) error { return s.theme.render(b, template, data()) })
}

func (s *pager) file(path string, render func(*bytes.Buffer) error) {
	s.files = append(s.files, File{Path: path, Render: render})
}

// data adds a file that is made in one piece.
func (s *pager) data(path string, make func() ([]byte, error)) {
	s.file(path, func(b *bytes.Buffer) error {
		data, err := make()
		b.Write(data)
		return err
	})
}

// addAssets adds the theme's assets and the pictures that records show.
func (s *pager) addAssets() {
	for _, a := range s.theme.assets {
		s.files = append(s.files, publish.Static(a.path, a.data))
	}
	for _, src := range s.sources {
		for file, out := range src.images {
			if _, shown := src.shown.Load(file); shown {
				s.data(out, func() (data []byte, err error) {
					err = inFolder(src.project.Root, func(fsys fs.FS) error {
						data, err = fs.ReadFile(fsys, file)
						return err
					})
					return data, err
				})
			}
		}
	}
}
