package site

import (
	"bytes"
	"cmp"
	"errors"
	"fmt"
	"slices"
	"sync"
	"time"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/text"
)

// zoneOfNote is the zone of the index that a note's words are in.
var zoneOfNote = map[records.NoteKind]search.Zone{
	records.Issues: search.Issue, records.Lessons: search.Lesson, records.Tips: search.Tip, records.Well: search.Well,
}

// placeOf is the zone and the anchor in the index of a block of a record.
func placeOf(n *records.Note, step *records.Step) (search.Zone, string) {
	switch {
	case n != nil:
		return zoneOfNote[n.Kind], n.ID
	case step != nil && step.State == records.StepFailed:
		return search.FailedStep, step.ID
	case step != nil:
		return search.Step, ""
	}
	return search.Body, ""
}

// newIndex returns a builder for the index of a project. keep may be nil.
func newIndex(c project.Config, keep func([]byte) func() []byte) *search.Builder {
	return search.NewBuilder(search.Options{Stemming: c.Stemming() == project.EnglishStemming, Keep: keep})
}

// maxSearched is how many bytes of a record's body, and of its notes of each kind, are
// searched, up to the last whole line. Of longer output each word may be another one.
const maxSearched = 1 << 20

// searchText is a record's text as it is searched. It reads the tree before that is
// changed for the page.
func (l *loader) searchText(r *records.Record) *search.Text {
	if l.index == nil || l.options.Live {
		return nil
	}
	t := &search.Text{}
	eachSearched(r, t.Begin, func(line []byte) { l.index.Add(t, line) })
	return t
}

// eachSearched is [eachLine] for the lines that are searched.
func eachSearched(r *records.Record, begin func(search.Zone, string), add func(line []byte)) {
	zone, read := search.Body, map[search.Zone]int{}
	eachLine(r, func(z search.Zone, anchor string) {
		zone = z
		begin(z, anchor)
	}, func(line []byte) {
		if read[zone] += len(line); read[zone] <= maxSearched {
			add(line)
		}
	})
}

// eachLine calls add for each line of a record, and then for who approved it and for
// front matter that has no meaning here: what is found by a filter alone shows its first line.
func eachLine(r *records.Record, begin func(search.Zone, string), add func(line []byte)) {
	l := records.LinesOf(r, insights.BlockSpan(r))
	l.Begin = func(n *records.Note, step *records.Step) {
		begin(placeOf(n, step))
		if n != nil && !n.Stamp.At.IsZero() { // what a page shows of it
			add([]byte(text.Join(", ", n.Stamp.At.Format("2006-01-02 15:04"), n.Stamp.By, r.StepName(n.Stamp))))
		}
	}
	l.Add = add
	begin(search.Body, "")
	l.All()
	begin(search.Body, "")
	for _, name := range r.ApprovedBy {
		add([]byte("approved_by: " + name.Value))
	}
	for _, f := range r.Extra {
		if f.Name != records.KeyImportedFrom && f.Name != records.KeyImportedID { // which tell nothing of the deployment
			add(bytes.TrimSpace([]byte(f.Name + ": " + f.Value.Plain())))
		}
	}
	for _, link := range r.Links {
		add(bytes.TrimSpace([]byte(link.Name + ": " + link.URL)))
	}
}

// kindOf is the kind of result that a file is: the checklist, the process or a review.
func (src *source) kindOf(file string) search.Kind {
	switch file {
	case src.config.Template:
		return search.KindChecklist
	case src.config.Process:
		return search.KindProcess
	}
	return search.KindDocument
}

// searchSections returns the sections of a document on a page. Each is a result of
// its own.
func (l *loader) searchSections(r *records.Record, kind search.Kind, page string) (all []search.Page) {
	if l.index == nil || r.Document.Root == nil {
		return nil
	}
	sections := map[ast.Node]records.Section{}
	for _, sec := range r.Sections {
		sections[sec.Node] = sec
	}
	at := search.Page{Kind: kind, Title: r.Title.Value, URL: render.PageHref("", page), Text: emptyBody()}
	lines := records.LinesOf(r, insights.BlockSpan(r))
	lines.Add = func(line []byte) { l.index.Add(at.Text, line) }
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if _, ok := n.(*ast.Heading); !ok {
			lines.Block(n)
			continue
		}
		if !at.Text.IsEmpty() {
			all = append(all, at)
		}
		at = search.Page{Kind: kind, Title: cmp.Or(sections[n].Title, r.Title.Value), URL: render.PageHref("", page), Text: emptyBody()}
		if at.Title != r.Title.Value { // the page itself has that as its title
			at.URL = render.PageHref("", page+"#"+sections[n].ID)
		}
	}
	if !at.Text.IsEmpty() || len(all) == 0 {
		all = append(all, at)
	}
	return all
}

func emptyBody() *search.Text {
	t := &search.Text{}
	t.Begin(search.Body, "")
	return t
}

// SearchManifest is the path of the file that names the others of the search index,
// "" if search is off.
func (s *Site) SearchManifest() string { return s.manifest }

// SearchIndex opens the index, for searches on this machine. It is an error if search
// is off.
func (s *Site) SearchIndex() (*search.Index, error) {
	if s.search == nil {
		return nil, errors.New("search is switched off in deploysite.toml")
	}
	o, err := s.search()
	if err != nil {
		return nil, err
	}
	return o.Open()
}

// buildIndex makes the index, or for a live site leaves that to the first search.
// Pages name its manifest, so it comes before them.
func (l *loader) buildIndex() {
	if l.index == nil {
		return
	}
	l.search = sync.OnceValues(l.makeIndex)
	if l.options.Live {
		l.manifest = fmt.Sprintf("search/manifest-live-%.12s.js", l.indexSum())
		return
	}
	if o, err := l.search(); err == nil { // else Output returns the error
		l.manifest = o.Manifest
	}
	l.index = nil // the texts are as large as all else that is known of the records
	for _, e := range l.Entries {
		e.text = nil
	}
}

func (s *Site) makeIndex() (*search.Output, error) {
	all := make([]search.Record, len(s.Entries))
	for i, e := range slices.Backward(s.Entries) { // the index has the oldest first
		r := e.searched()
		if s.options.Live {
			list, err := s.spool.get(e.said)
			if err != nil {
				return nil, err
			}
			r.Text = &search.Text{}
			if err := say(list, s.index, r.Text); err != nil {
				return nil, err
			}
		}
		all[len(all)-1-i] = r
	}
	return s.index.Build(all, s.searchedPages()), nil
}

// keepFile puts a file of the index into the spool.
func (l *loader) keepFile(file []byte) func() []byte {
	at := l.spool.put(file)
	return func() []byte {
		data, err := l.spool.get(at)
		if err != nil {
			l.spool.wrong.CompareAndSwap(nil, &err)
		}
		return []byte(data)
	}
}

func (e *Entry) searched() search.Record {
	r := search.Record{ID: e.ID, Title: e.Title.Value, URL: render.PageHref("", e.Page()), Text: e.text}
	r.Set(facet.Status, e.StatusKey())
	r.Set(facet.Step, e.notDone()...)
	for _, f := range facet.Lists {
		r.Set(f, names(e.Terms(f))...)
	}
	if !e.Started.IsZero() {
		r.Date = e.Started.Time.Format(time.RFC3339)
		r.Month = e.Started.Time.Format("January 2006")
		if month := e.words.Date("month", e.Started.Time); month != r.Month { // both are searched for
			r.Month += " " + month
		}
		year, month, day := e.Started.Time.Date()
		r.Day = search.DayNumber(year, month, day)
	}
	for _, t := range []records.Text{e.Version, e.Commit, e.Branch} {
		if !t.IsZero() {
			r.Names = append(r.Names, t.Value)
		}
	}
	return r
}

// searchedPages returns what can be found besides records.
func (s *Site) searchedPages() (all []search.Page) {
	all = s.sections
	for _, f := range s.facets() {
		for _, t := range s.Terms[f] {
			if t.unpaged {
				continue
			}
			all = append(all, search.Page{Kind: search.Kind(f.Name), Title: t.Name, URL: render.PageHref("", t.Page())})
		}
	}
	return all
}

// addSearchIndex adds the files of the index. Those of a live site come later.
func (s *pager) addSearchIndex() error {
	if s.search == nil || s.options.Live {
		return nil
	}
	o, err := s.search()
	if err != nil {
		return err
	}
	for _, f := range o.Files {
		s.data(f.Path, func() ([]byte, error) { return f.Data(), s.spool.err() })
	}
	s.data(searchStateFile, s.searchState)
	return nil
}
