package site

import (
	"bytes"
	"html"
	"html/template"
	"slices"
	"strings"
)

// DocPage is one of the documents, or a folder of them.
type DocPage struct {
	Page
	Anchors  []string
	Crumbs   []*Doc        // the folders around it
	List     template.HTML // the items of the list of pages
	Body     template.HTML
	Inside   template.HTML // the items of the list of what a folder without text holds
	Contents Contents
	Previous *Doc // the page to read before this one, or nil
	Next     *Doc
	EditURL  string // where the forge edits the file, or ""
	Source   string // the file, or ""
}

// HasDocs reports whether the site has documents.
func (p Page) HasDocs() bool { return p.site.Docs != nil }

// DocsTitle is what the documents are called, "" where there are none.
func (p Page) DocsTitle() string {
	if !p.HasDocs() {
		return ""
	}
	return p.site.Docs.Title
}

func (s *pager) addDocs() {
	all := s.Docs.all()
	for i, d := range all {
		s.file(d.page+"index.html", func(b *bytes.Buffer) error {
			p, err := s.docPage(d)
			if err != nil {
				return err
			}
			if i > 0 {
				p.Previous = all[i-1]
			}
			if i+1 < len(all) {
				p.Next = all[i+1]
			}
			return s.theme.render(b, "doc", p)
		})
	}
}

func (s *pager) docPage(d *Doc) (p DocPage, err error) {
	p = DocPage{Page: s.page(d.page, d.Title, "docs"), Source: d.file}
	p.shared = true // only the first page is one folder deep
	p.List = p.docList(d)
	for up := d.parent; up != nil && up.parent != nil; up = up.parent {
		p.Crumbs = slices.Insert(p.Crumbs, 0, up)
	}
	if d.file == "" {
		p.Inside = p.docItems(d.Children, nil, nil)
		return p, nil
	}
	p.Contents, p.Anchors = d.contents, d.anchors
	if f := s.home.forge(); f.repo != "" {
		p.EditURL = f.edit(d.file)
	}
	p.Body, err = s.spool.html(d.body)
	return p, err
}

// fewDocs is how many neighbours of a page the list shows at most, on each
// side: a folder of thousands would make each of its pages list thousands.
const fewDocs = 50

// docList lists the pages around one: its neighbours, what is in it, and the
// same for each folder that it is in.
func (p Page) docList(at *Doc) template.HTML {
	open := map[*Doc][]*Doc{} // folder that is shown open → what is shown in it
	var child *Doc
	for d := at; d != nil; d = d.parent {
		open[d] = around(d.Children, child)
		child = d
	}
	return p.docItems(open[p.site.Docs], open, at)
}

// around are the neighbours of one document.
func around(all []*Doc, at *Doc) []*Doc {
	i := max(0, slices.Index(all, at))
	return all[max(0, i-fewDocs):min(len(all), i+fewDocs+1)]
}

// docItems shows documents as list items, and below each what open has of it. The
// link to the page at hand is marked. Those of a group stand below its name.
func (p Page) docItems(docs []*Doc, open map[*Doc][]*Doc, at *Doc) template.HTML {
	var b strings.Builder
	group := ""
	for _, d := range docs {
		if d.group != group {
			b.WriteString(endGroup(group))
			if group = d.group; group != "" {
				b.WriteString(`<li><span class="group">` + html.EscapeString(group) + `</span><ul>`)
			}
		}
		item := string(p.anchor("", d.page, d.Title))
		if d == at {
			item = strings.Replace(item, "<a", `<a aria-current="page"`, 1)
		}
		if below := open[d]; len(below) > 0 {
			item += "<ul>" + string(p.docItems(below, open, at)) + "</ul>"
		}
		b.WriteString("<li>" + item + "</li>")
	}
	return template.HTML(b.String() + endGroup(group))
}

func endGroup(group string) string {
	if group == "" {
		return ""
	}
	return "</ul></li>"
}
