package site

import (
	"bytes"
	"cmp"
	"errors"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/search"
	"github.com/deploysite/deploysite/internal/text"
)

// zoneOfNote is where the words of a note weigh.
var zoneOfNote = map[records.NoteKind]search.Zone{
	records.Issues: search.Issue, records.Lessons: search.Lesson, records.Tips: search.Tip, records.Well: search.Well,
}

// A searchText takes the text out of a record's tree for the search: the same
// tree that its page is made of, before that is changed for the page.
type searchText struct {
	index  *search.Builder
	text   *search.Text
	source []byte
	title  string
	notes  map[ast.Node]*records.Note // the first node of each note, and nil for its others
	failed map[ast.Node]*records.Step
	skip   text.Span // the briefing: the records that it quotes are found themselves
	line   bytes.Buffer
	said   *said // takes the text instead, where the index is made later; see search_later.go
}

// newIndex is where the texts of a project are collected. keep may be nil.
func newIndex(c project.Config, keep func([]byte) func() []byte) *search.Builder {
	return search.NewBuilder(search.Options{Stemming: c.Stemming() == project.EnglishStemming, Keep: keep})
}

func (s *Site) newSearchText(r *records.Record) *searchText {
	t := &searchText{index: s.index, text: &search.Text{}, source: r.Source, title: r.Title.Value,
		notes: map[ast.Node]*records.Note{}, failed: map[ast.Node]*records.Step{}, skip: insights.BlockSpan(r)}
	if !utf8.Valid(r.Source) {
		t.source = replaceInvalid(r.Source)
	}
	for i := range r.Notes {
		for _, n := range r.Notes[i].Nodes {
			t.notes[n] = &r.Notes[i]
		}
	}
	for i := range r.Steps {
		if r.Steps[i].State == records.StepFailed {
			t.failed[r.Steps[i].Node] = &r.Steps[i]
		}
	}
	t.text.Begin(search.Body, "")
	return t
}

// searchText is a record's text as it is searched.
func (s *Site) searchText(r *records.Record) *search.Text {
	if s.index == nil || s.options.Live {
		return nil
	}
	t := s.newSearchText(r)
	t.record(r)
	return t.text
}

// record takes all of a record.
func (t *searchText) record(r *records.Record) {
	for _, f := range r.Extra {
		t.add([]byte(f.Name + ": " + plainValue(f.Value)))
	}
	for _, l := range r.Links {
		t.add([]byte(l.Name + ": " + l.URL))
	}
	if r.Document.Root == nil { // too costly to lay out: the source is what there is
		for line := range bytes.Lines(t.source) {
			t.add(line)
		}
		return
	}
	t.blocks(r.Document.Root)
	for i := range r.Notes {
		t.note(&r.Notes[i])
	}
}

// kindOf tells the checklist from the process.
func (src *source) kindOf(file string) search.Kind {
	if file == src.config.Template {
		return search.KindChecklist
	}
	return search.KindProcess
}

// searchSections are the sections of a document on a page, each of which can be
// found by itself.
func (s *Site) searchSections(r *records.Record, kind search.Kind, page string) (all []search.Page) {
	if s.index == nil || r.Document.Root == nil {
		return nil
	}
	t := s.newSearchText(r)
	clear(t.failed) // marks in these documents are examples
	clear(t.notes)
	sections := map[ast.Node]records.Section{}
	for _, sec := range r.Sections {
		sections[sec.Node] = sec
	}
	at := search.Page{Kind: kind, Title: r.Title.Value, URL: pageHref("", page), Text: t.text}
	for n := r.Document.Root.FirstChild(); n != nil; n = n.NextSibling() {
		if _, ok := n.(*ast.Heading); !ok {
			t.block(n)
			continue
		}
		if !at.Text.IsEmpty() {
			all = append(all, at)
		}
		t.text = &search.Text{}
		t.text.Begin(search.Body, "")
		at = search.Page{Kind: kind, Title: cmp.Or(sections[n].Title, r.Title.Value), URL: pageHref("", page), Text: t.text}
		if at.Title != r.Title.Value { // the page itself has that as its title
			at.URL = pageHref("", page+"#"+sections[n].ID)
		}
	}
	if !at.Text.IsEmpty() || len(all) == 0 {
		all = append(all, at)
	}
	return all
}

// note adds a note as a block of its own, with the title of an issue on top.
func (t *searchText) note(n *records.Note) {
	t.begin(zoneOfNote[n.Kind], n.ID)
	if n.Issue != nil {
		t.add([]byte(n.Issue.Title))
	}
	for _, node := range n.Nodes {
		delete(t.notes, node) // so that blocks, which leaves notes out, takes it now
		t.block(node)
	}
}

func (t *searchText) blocks(parent ast.Node) {
	for n := parent.FirstChild(); n != nil; n = n.NextSibling() {
		if t.notes[n] == nil && !t.skips(n) {
			t.block(n)
		}
	}
}

func (t *searchText) skips(n ast.Node) bool {
	if t.skip.IsZero() {
		return false
	}
	at := n.Pos()
	if at < 0 {
		at = offsetOf(n)
	}
	return at >= t.skip.Start && at < t.skip.End
}

func (t *searchText) block(n ast.Node) {
	switch n := n.(type) {
	case *ast.Heading:
		t.line.Reset()
		t.inline(n)
		if n.Level > 1 || t.line.String() != t.title { // which is searched as the title
			t.add(t.line.Bytes())
		}
	case *ast.Paragraph, *ast.TextBlock:
		t.inlineLine(n)
	case *ast.CodeBlock, *ast.FencedCodeBlock:
		t.rawLines(n, func(line []byte) []byte { return line })
	case *ast.HTMLBlock:
		t.rawLines(n, withoutTags)
	case *ast.ListItem:
		t.item(n)
	case *extensionast.TableRow, *extensionast.TableHeader:
		t.row(n)
	default:
		t.blocks(n)
	}
}

// item is a list item; one that is a step that failed is a block of its own.
func (t *searchText) item(n *ast.ListItem) {
	step := t.failed[n]
	if step == nil {
		t.blocks(n)
		return
	}
	t.begin(search.FailedStep, step.ID)
	t.blocks(n)
	t.begin(search.Body, "")
}

func (t *searchText) begin(zone search.Zone, anchor string) {
	if t.said != nil {
		t.said.begin(zone, anchor)
		return
	}
	t.text.Begin(zone, anchor)
}

func (t *searchText) add(line []byte) {
	switch line = bytes.TrimSpace(line); {
	case len(line) == 0:
	case t.said != nil:
		t.said.add(line)
	default:
		t.index.Add(t.text, line)
	}
}

func (t *searchText) inlineLine(n ast.Node) {
	t.line.Reset()
	t.inline(n)
	t.add(t.line.Bytes())
}

func (t *searchText) row(n ast.Node) {
	t.line.Reset()
	for cell := n.FirstChild(); cell != nil; cell = cell.NextSibling() {
		if cell.PreviousSibling() != nil {
			t.line.WriteString("  ")
		}
		t.inline(cell)
	}
	t.add(t.line.Bytes())
}

func (t *searchText) rawLines(n ast.Node, edit func([]byte) []byte) {
	lines := n.Lines()
	for i := range lines.Len() {
		segment := lines.At(i)
		t.add(edit(segment.Value(t.source)))
	}
}

// withoutTags leaves what stands between the tags of a line of HTML.
func withoutTags(line []byte) (out []byte) {
	for {
		text, rest, found := bytes.Cut(line, []byte("<"))
		out = append(out, text...)
		if !found {
			return out
		}
		_, line, _ = bytes.Cut(rest, []byte(">"))
		out = append(out, ' ')
	}
}

// inline writes the text of a block that holds no other.
func (t *searchText) inline(n ast.Node) {
	for c := n.FirstChild(); c != nil; c = c.NextSibling() {
		switch c := c.(type) {
		case *ast.Text:
			t.line.Write(writtenText(c, t.source))
			if c.SoftLineBreak() || c.HardLineBreak() {
				t.line.WriteByte(' ')
			}
		case *ast.String:
			t.line.Write(c.Value)
		case *ast.AutoLink:
			t.line.Write(c.Label(t.source))
		case *ast.RawHTML:
			t.line.WriteByte(' ')
		case *ast.Link:
			t.inline(c)
			if dest := written(c.Destination); strings.HasPrefix(dest, "http") {
				t.line.WriteString(" (" + dest + ")")
			}
		default:
			t.inline(c)
		}
	}
}

// writtenText is a text as it was meant, without escapes and entities.
func writtenText(n *ast.Text, source []byte) []byte {
	value := n.Segment.Value(source)
	if n.IsRaw() || bytes.IndexByte(value, '&') < 0 && bytes.IndexByte(value, '\\') < 0 {
		return value
	}
	return []byte(written(value))
}

// SearchManifest is the path of the file that names all others of the search
// index, or "" where there is none.
func (s *Site) SearchManifest() string {
	switch {
	case s.later != nil:
		return s.laterManifest
	case s.search == nil:
		return ""
	}
	return s.search.Manifest
}

// SearchIndex opens the index, for searches on this machine. It is an error
// where search is off.
func (s *Site) SearchIndex() (*search.Index, error) {
	if s.later != nil {
		o, err := s.later()
		if err != nil {
			return nil, err
		}
		return o.Open()
	}
	if s.search == nil {
		return nil, errors.New("search is switched off in deploysite.toml")
	}
	return s.search.Open()
}

// buildIndex makes the index of what was loaded and joined. Pages name its
// manifest, so it comes before them.
func (s *Site) buildIndex() {
	if s.index == nil {
		return
	}
	if s.options.Live {
		s.buildIndexLater()
		return
	}
	all := make([]search.Record, len(s.Entries))
	for i, e := range s.Entries { // which are sorted newest first
		all[len(all)-1-i] = e.searched()
	}
	s.search = s.index.Build(all, s.searchedPages())
}

// keepFile puts a file of the index into the spool.
func (s *Site) keepFile(file []byte) func() []byte {
	at := s.spool.put(file)
	return func() []byte {
		data, err := s.spool.get(at)
		if err != nil {
			s.spool.wrong.CompareAndSwap(nil, &err)
		}
		return []byte(data)
	}
}

func (e *Entry) searched() search.Record {
	r := search.Record{ID: e.ID, Source: e.source.name, Title: e.Title.Value, URL: pageHref("", e.Page()), Status: e.StatusKey(), Text: e.text,
		Deployers: names(e.Terms(facet.Deployer)), Services: names(e.Terms(facet.Service)), Tags: names(e.Terms(facet.Tag))}
	if !e.Started.IsZero() {
		r.Date = e.Started.Time.Format(time.RFC3339)
		r.Month = e.Started.Time.Format("January 2006")
		if month := e.words.Date("month", e.Started.Time); month != r.Month { // both are searched for
			r.Month += " " + month
		}
		year, month, day := e.Started.Time.Date()
		r.Day = search.DayNumber(year, month, day)
	}
	for _, t := range e.Terms(facet.Environment) {
		r.Environment = t.Name
	}
	for _, t := range []records.Text{e.Version, e.Commit, e.Branch} {
		if !t.IsZero() {
			r.Names = append(r.Names, t.Value)
		}
	}
	return r
}

// searchField is what the search calls a facet.
func searchField(f *facet.Facet) string {
	if f == facet.Deployer {
		return "by"
	}
	return f.Name
}

// searchedPages are what can be found besides records.
func (s *Site) searchedPages() (all []search.Page) {
	all = s.sections
	for _, f := range s.facets() {
		for _, t := range s.Terms[f] {
			all = append(all, search.Page{Kind: search.Kind(f.Name), Title: t.Name, URL: pageHref("", t.Page())})
		}
	}
	return all
}

// searchIndex adds the files of the index.
func (o *outputBuilder) searchIndex() {
	if o.site.search == nil {
		return
	}
	for _, f := range o.site.search.Files {
		o.data(f.Path, func() ([]byte, error) { return f.Data(), o.site.spool.err() })
	}
	o.data(searchStateFile, func() ([]byte, error) { return o.site.searchState(), nil })
}
