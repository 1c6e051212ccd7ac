package site

import (
	"fmt"
	"html/template"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
)

// What several pages hand to the templates of parts.html.

// anchor is a link to another page of the site, ready to be shown. class may be "".
func (p Page) anchor(class, page, name string) template.HTML {
	return link(class, p.Link(page), name)
}

// fragmentLink is a link to a place on the same page.
func fragmentLink(class, id, name string) template.HTML {
	return link(class, "#"+render.EscapePage(id), name)
}

func link(class, href, name string) template.HTML {
	if class != "" {
		class = ` class="` + class + `"`
	}
	return template.HTML("<a" + class + ` href="` + template.HTMLEscapeString(href) + `">` + template.HTMLEscapeString(name) + "</a>")
}

// termLinks are links to the pages of terms.
func (p Page) termLinks(class string, terms []*Term) []template.HTML {
	var out []template.HTML
	for _, t := range terms {
		out = append(out, link(class, p.TermLink(t), t.Name))
	}
	return out
}

// few is how many names of a record a list shows, or one more: a list of records must
// not become a list of all their names.
const few = 3

// fewTerms are links to the first of many terms, and how many more there are.
func (p Page) fewTerms(class string, terms []*Term) []template.HTML {
	if len(terms) <= few+1 {
		return p.termLinks(class, terms)
	}
	return append(p.termLinks(class, terms[:few]), template.HTML(fmt.Sprintf("+%d", len(terms)-few)))
}

// fewNames are the same as text.
func fewNames(terms []*Term) (names []string) {
	for i, t := range terms {
		if i == few && len(terms) > few+1 {
			return append(names, fmt.Sprintf("+%d", len(terms)-few))
		}
		names = append(names, t.Name)
	}
	return names
}

// outsideLink is a link that a record names; its address has been checked when
// the record was read.
func outsideLink(address, name string) template.HTML {
	return template.HTML(`<a href="` + template.HTMLEscapeString(escapeAddress(address)) + `" rel="noreferrer">` + template.HTMLEscapeString(name) + "</a>")
}

// escapeAddress percent-encodes what may not stand in an address and leaves what
// is encoded already.
func escapeAddress(address string) string {
	var b strings.Builder
	for i := range len(address) {
		if c := address[i]; c <= ' ' || c >= 0x7f || strings.IndexByte("\"<>\\^`{|}", c) >= 0 {
			fmt.Fprintf(&b, "%%%02X", c)
		} else {
			b.WriteByte(c)
		}
	}
	return b.String()
}

// When is a moment as pages show it.
type When struct {
	Stamp string // RFC 3339, "" where the moment is unknown
	Text  string // "2 Jan 2006 15:04"
	Zone  string // "+01:00", "" where the record says none
}

func (p Page) when(m records.Moment) When {
	w := p.site.words
	switch {
	case m.IsZero():
		return When{}
	case m.DateOnly:
		return When{Stamp: m.Time.Format(time.RFC3339), Text: w.Day(m.Time)}
	}
	out := When{Stamp: m.Time.Format(time.RFC3339), Text: w.Date("moment", m.Time)}
	if !m.Local {
		out.Zone = m.Time.Format("-07:00")
	}
	return out
}

// Contents is a table of contents.
type Contents struct {
	Items template.HTML // of the list
}

// Count is how many headings it has.
func (c Contents) Count() int { return strings.Count(string(c.Items), "</li>") }

// mostContents is how many headings a list of contents has.
const mostContents = 200

// contents lists the headings down to the third level, without the one that is
// the page's title.
func contents(sections []records.Section, title string) Contents {
	var b strings.Builder
	items := 0
	for i, s := range sections {
		if items == mostContents {
			break
		}
		if s.Level > 3 || s.Title == "" || (s.Level == 1 || i == 0) && records.InTitle(s.Title, title) {
			continue
		}
		items++
		item := "<li>"
		if s.Level > 2 {
			item = `<li class="nested">`
		}
		b.WriteString(item + string(fragmentLink("", s.ID, s.Title)) + "</li>")
	}
	return Contents{template.HTML(b.String())}
}

// hashLength is how many characters of a commit's hash are enough for people.
const hashLength = 10

// NavItem is an entry of the navigation.
type NavItem struct {
	Href, Name string
	Current    string // the value of aria-current, "" where the page is elsewhere
}

// NavItem makes an entry of the navigation.
func (p Page) NavItem(key, page, name string) NavItem {
	n := NavItem{Href: p.Link(page), Name: name}
	switch {
	case p.Path == page:
		n.Current = "page"
	case p.Nav == key:
		n.Current = "true"
	}
	return n
}

// Menu has the lists of facets that stand in the main menu.
func (p Page) Menu() []NavItem { return p.facetLists(true) }

// Foot has the lists of the other facets.
func (p Page) Foot() []NavItem { return p.facetLists(false) }

func (p Page) facetLists(inMenu bool) (all []NavItem) {
	for _, f := range p.site.facets() {
		if f.InMenu == inMenu {
			all = append(all, p.NavItem(f.Folder, f.Folder+"/", p.site.facetWord(f, "list")))
		}
	}
	return all
}

// Table is a short table of entries with full dates.
type Table struct {
	Page    Page
	Caption string
	Entries []*Entry
}

// Table makes a short table.
func (p Page) Table(caption string, entries []*Entry) Table { return Table{p, caption, entries} }

// Took is the duration for people, "" where it is unknown.
func (e *Entry) Took() string {
	if d, ok := e.Duration(); ok {
		return e.words.Duration(d)
	}
	return ""
}

// Minutes is the duration in minutes, by which tables sort; 0 where it is unknown.
func (e *Entry) Minutes() int {
	d, _ := e.Duration()
	return int(d.Minutes())
}
