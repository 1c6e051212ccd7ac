package site

import (
	"bytes"
	"crypto/sha256"
	"encoding/json"
	"encoding/xml"
	"fmt"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
	"github.com/deploysite/deploysite/internal/text"
)

// addMachines adds what programs read: the feed, records.json and the sitemap.
func (s *pager) addMachines() {
	s.file("records.json", s.recordsJSON)
	s.data("feed.xml", s.feed)
	if s.base() != "" { // a sitemap holds full addresses only
		s.addSitemaps()
	}
}

// maxSitemap is how many pages one sitemap may list, by its protocol.
const maxSitemap = 50_000

// addSitemaps lists all pages, in several files where they are many.
func (s *pager) addSitemaps() {
	pages := make([]string, 0, len(s.files))
	for _, f := range s.files {
		if strings.HasSuffix(f.Path, "index.html") {
			pages = append(pages, strings.TrimSuffix(f.Path, "index.html"))
		}
	}
	if len(pages) <= maxSitemap {
		s.data("sitemap.xml", func() ([]byte, error) { return s.sitemap("urlset", "url", pages) })
		return
	}
	var parts []string
	for chunk := range slices.Chunk(pages, maxSitemap) {
		part := fmt.Sprintf("sitemap-%d.xml", len(parts)+1)
		parts = append(parts, part)
		s.data(part, func() ([]byte, error) { return s.sitemap("urlset", "url", chunk) })
	}
	s.data("sitemap.xml", func() ([]byte, error) { return s.sitemap("sitemapindex", "sitemap", parts) })
}

// PublishedRecord is one record of records.json; what is unknown is null.
type PublishedRecord struct {
	ID           string         `json:"id"`
	Title        string         `json:"title"`
	Date         *string        `json:"date"`
	Finished     *string        `json:"finished"`
	DurationS    *int64         `json:"duration_s"`
	Status       records.Status `json:"status"`
	StatusFrom   *string        `json:"status_from"`
	Deployers    []string       `json:"deployers"`
	Services     []string       `json:"services"`
	Environment  *string        `json:"environment"`
	Environments []string       `json:"environments"`
	Version      *string        `json:"version"`
	Commit       *string        `json:"commit"`
	RollbackOf   *string        `json:"rollback_of"`
	Fixes        *string        `json:"fixes"`
	ApprovedBy   []string       `json:"approved_by"`
	Tags         []string       `json:"tags"`
	URL          string         `json:"url"`
	Steps        map[string]int `json:"steps"`
	Notes        map[string]int `json:"notes"`
}

// Published is the record as records.json shows it.
func (e *Entry) Published() PublishedRecord {
	p := PublishedRecord{
		ID: e.ID, Title: e.Title.Value, Status: e.Status, URL: e.Page(),
		Date: moment(e.Started), Finished: moment(e.Finished), StatusFrom: text.OrNull(string(e.StatusFrom)),
		Deployers: names(e.Terms(facet.Deployer)), Services: names(e.Terms(facet.Service)), Tags: names(e.Terms(facet.Tag)),
		Environments: names(e.Terms(facet.Environment)),
		Environment:  text.OrNull(e.Environment.Value), Version: text.OrNull(e.Version.Value), Commit: text.OrNull(e.Commit.Value), RollbackOf: text.OrNull(e.RollbackOf.Value), Fixes: text.OrNull(e.Fixes.Value),
		ApprovedBy: []string{}, Steps: map[string]int{}, Notes: map[string]int{},
	}
	if e.Undoes != nil {
		p.RollbackOf = &e.Undoes.ID
	}
	if e.Repairs != nil {
		p.Fixes = &e.Repairs.ID
	}
	for _, name := range e.ApprovedBy {
		p.ApprovedBy = append(p.ApprovedBy, e.source.person(name.Value))
	}
	if d, ok := e.Duration(); ok {
		p.DurationS = new(int64(d / time.Second))
	}
	for _, st := range records.States {
		p.Steps[strings.ReplaceAll(string(st), "-", "_")] = e.Count(st)
	}
	for kind, key := range map[records.NoteKind]string{records.Well: "well", records.Issues: "issues", records.Lessons: "lessons", records.Tips: "tips"} {
		p.Notes[key] = countNotes(e, kind)
	}
	return p
}

func moment(m records.Moment) *string {
	if m.IsZero() {
		return nil
	}
	return text.OrNull(m.Time.Format(time.RFC3339))
}

func names(terms []*Term) []string {
	out := make([]string, len(terms)) // never nil: an empty list is [], not null
	for i, t := range terms {
		out[i] = t.Name
	}
	return out
}

// recordsJSON writes one record after the other: those of a long history are
// more than a hundred megabytes.
func (s *pager) recordsJSON(b *bytes.Buffer) error {
	b.WriteString("{\n \"version\": 1,\n \"records\": [")
	for i, e := range s.Entries {
		if i > 0 {
			b.WriteByte(',')
		}
		data, err := json.MarshalIndent(e.Published(), "  ", " ")
		if err != nil {
			return err
		}
		b.WriteString("\n  ")
		b.Write(text.SafeJSON(data))
	}
	if len(s.Entries) > 0 {
		b.WriteString("\n ")
	}
	b.WriteString("]\n}\n")
	return nil
}

// The Atom feed, RFC 4287.
type atomFeed struct {
	XMLName xml.Name    `xml:"http://www.w3.org/2005/Atom feed"`
	Base    string      `xml:"xml:base,attr,omitempty"`
	Title   string      `xml:"title"`
	ID      string      `xml:"id"`
	Updated string      `xml:"updated"`
	Links   []atomLink  `xml:"link"`
	Author  atomAuthor  `xml:"author"`
	Entries []atomEntry `xml:"entry"`
}

type atomLink struct {
	Rel  string `xml:"rel,attr"`
	Type string `xml:"type,attr,omitempty"`
	Href string `xml:"href,attr"`
}

type atomAuthor struct {
	Name string `xml:"name"`
}

type atomEntry struct {
	Title   string       `xml:"title"`
	ID      string       `xml:"id"`
	Updated string       `xml:"updated"`
	Link    atomLink     `xml:"link"`
	Authors []atomAuthor `xml:"author"`
	Summary string       `xml:"summary"`
}

const feedLength = 50

func (s *pager) feed() ([]byte, error) {
	title := printable(s.config.Title)
	f := atomFeed{Title: title, Base: s.base(), ID: s.feedID(""), Updated: s.today.UTC().Truncate(24 * time.Hour).Format(time.RFC3339),
		Author: atomAuthor{title},
		Links:  []atomLink{{"self", "application/atom+xml", "feed.xml"}, {"alternate", "text/html", "index.html"}}}
	for _, e := range s.Entries[:min(feedLength, len(s.Entries))] {
		updated := e.Started.Time
		if !e.Finished.IsZero() {
			updated = e.Finished.Time
		}
		entry := atomEntry{Title: printable(e.Title.Value), ID: s.feedID(e.Page()), Updated: updated.Format(time.RFC3339),
			Link: atomLink{"alternate", "text/html", render.EscapePage(e.Page() + "index.html")}, Summary: printable(summary(e))}
		for _, t := range e.Terms(facet.Deployer) {
			entry.Authors = append(entry.Authors, atomAuthor{printable(t.Name)})
		}
		f.Entries = append(f.Entries, entry)
	}
	if len(f.Entries) > 0 {
		f.Updated = f.Entries[0].Updated
	}
	data, err := xml.MarshalIndent(f, "", " ")
	return append([]byte(xml.Header), append(data, '\n')...), err
}

// feedID names a page for ever. Without an address of the site it is derived
// from the title: random ids would make two builds of one history differ.
func (s *pager) feedID(page string) string {
	if s.base() != "" {
		return s.base() + page
	}
	sum := sha256.Sum256([]byte(s.config.Title + "\x00" + page))
	sum[6], sum[8] = sum[6]&0x0f|0x80, sum[8]&0x3f|0x80 // version 8, RFC 9562
	return fmt.Sprintf("urn:uuid:%x-%x-%x-%x-%x", sum[:4], sum[4:6], sum[6:8], sum[8:10], sum[10:16])
}

func summary(e *Entry) string {
	parts := []string{e.StatusName()}
	if d, ok := e.Duration(); ok {
		parts = append(parts, e.words.T("feed.took", "duration", e.words.Duration(d)))
	}
	for _, n := range e.Notes {
		if n.Kind == records.Issues || n.Kind == records.Lessons {
			parts = append(parts, e.words.T("feed.note", "kind", n.KindName(), "text", n.Text))
		}
	}
	return e.words.Sentences(parts)
}

// printable is a text as XML can hold it. Other characters are shown as code points.
func printable(s string) string { return text.Visible(strings.ToValidUTF8(s, "\ufffd")) }

// sitemap lists pages, or other sitemaps.
func (s *pager) sitemap(list, item string, paths []string) ([]byte, error) {
	var b bytes.Buffer
	b.WriteString(xml.Header + "<" + list + ` xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">` + "\n")
	for _, p := range paths {
		b.WriteString("<" + item + "><loc>")
		if err := xml.EscapeText(&b, []byte(s.base()+render.EscapePage(p))); err != nil {
			return nil, err
		}
		b.WriteString("</loc></" + item + ">\n")
	}
	b.WriteString("</" + list + ">\n")
	return b.Bytes(), nil
}
