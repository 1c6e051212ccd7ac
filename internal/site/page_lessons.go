package site

import (
	"cmp"
	"fmt"
	"html/template"
	"slices"

	"github.com/deploysite/deploysite/internal/records"
)

// LessonsPage is everything that deployments taught, or one year of it.
type LessonsPage struct {
	Page
	Year      string // "" for the front page
	Years     []Year
	Notes     []*NoteView
	Total     int    // in the whole history
	Newer     string // the page of the year's newer notes, or ""
	Older     string // the page of the year's older notes, or ""
	Recurring []*NoteView
	Counts    []KindCount
	Filter    Filter
}

// KindCount is how many notes of a kind the page holds.
type KindCount struct {
	Kind  records.NoteKind
	Name  string
	Count int
}

// NoteKinds are the kinds of notes, in the order in which they are shown.
var NoteKinds = []struct {
	Kind records.NoteKind
	Name string
}{
	{records.Lessons, "Lesson"}, {records.Tips, "Tip"}, {records.Issues, "Issue"}, {records.Well, "Went well"},
}

// maxLessons is how many notes a page holds. A longer history has the rest on
// the pages of its years, a long year on several, and each page says so.
const (
	maxLessons   = 1500
	maxRecurring = 12
)

func (o *outputBuilder) lessons() {
	s := o.site
	byYear := map[string][]*NoteView{}
	var years []Year
	for _, n := range s.Notes {
		y := yearOf(n.Entry)
		if len(byYear[y]) == 0 {
			years = append(years, Year{Name: y})
		}
		byYear[y] = append(byYear[y], n)
		years[len(years)-1].Count = len(byYear[y])
	}
	o.add("lessons/", "lessons", func() any {
		p := s.lessonsPage("lessons/", "Lessons learned", s.Notes[:min(maxLessons, len(s.Notes))])
		p.Years, p.Recurring = years, s.recurring()
		return p
	})
	for _, y := range years {
		parts := slices.Collect(slices.Chunk(byYear[y.Name], maxLessons))
		for i, notes := range parts {
			o.add(lessonsPart(y.Name, i), "lessons", func() any {
				p := s.lessonsPage(lessonsPart(y.Name, i), "Lessons learned in "+y.Name, notes)
				p.Year, p.Years = y.Name, years
				if i > 0 {
					p.Newer = lessonsPart(y.Name, i-1)
				}
				if i < len(parts)-1 {
					p.Older = lessonsPart(y.Name, i+1)
				}
				return p
			})
		}
	}
}

// lessonsPart is the folder of one part of a year that is too long for one page.
func lessonsPart(year string, i int) string {
	if i == 0 {
		return "lessons/" + year + "/"
	}
	return fmt.Sprintf("lessons/%s/%d/", year, i+1)
}

func (s *Site) lessonsPage(path, title string, notes []*NoteView) LessonsPage {
	p := LessonsPage{Page: s.page(path, title, "lessons"), Notes: notes, Total: len(s.Notes), Filter: s.filter()}
	for _, k := range NoteKinds {
		c := KindCount{k.Kind, k.Name, 0}
		for _, n := range notes {
			if n.Kind == k.Kind {
				c.Count++
			}
		}
		p.Counts = append(p.Counts, c)
	}
	return p
}

// recurring are the newest of each group of notes that say the same, those
// said most often first. What went well may recur as it likes.
func (s *Site) recurring() []*NoteView {
	var out []*NoteView
	for _, n := range s.Notes {
		if n.Kind != records.Well && len(n.Same) > 0 && n.Same[0] == n {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b *NoteView) int { return cmp.Compare(len(b.Same), len(a.Same)) })
	return out[:min(maxRecurring, len(out))]
}

// KindName is the kind for people.
func (n *NoteView) KindName() string {
	for _, k := range NoteKinds {
		if k.Kind == n.Kind {
			return k.Name
		}
	}
	return string(n.Kind)
}

// Elsewhere are the newest few of the others that say the same.
func (n *NoteView) Elsewhere() []*NoteView {
	const most = 5
	var out []*NoteView
	for _, o := range n.Same[:min(most+1, len(n.Same))] {
		if o != n && len(out) < most {
			out = append(out, o)
		}
	}
	return out
}

// Times is in how many records it was said.
func (n *NoteView) Times() int { return max(1, len(n.Same)) }

// NoteRow is a note in a list, as the template "note" shows it. Long histories
// have a hundred thousand: the fields are ready, so that the template calls nothing.
type NoteRow struct {
	Kind       records.NoteKind
	KindName   string
	Attributes template.HTMLAttr // what the filter reads
	Href       string
	Title      string        // of the record
	Meta       template.HTML // when and by whom
	Issue      string        // the title of a structured issue
	HTML       template.HTML
	Adopted    string // where the checklist names it, or ""
	Again      *Again // nil where nobody else said it
}

// Again is how often a note was made, and where else.
type Again struct {
	Times  int
	Others []Link
}

// Link is an address with a name.
type Link struct{ Href, Name string }

// NoteRow shows a note on this page.
func (p Page) NoteRow(n *NoteView) (NoteRow, error) {
	meta, err := p.site.noteMeta(n.Entry, p.root)
	if err != nil {
		return NoteRow{}, err
	}
	r := NoteRow{Kind: n.Kind, KindName: n.KindName(), Attributes: n.Entry.Attributes(), Href: p.Link(n.Page()),
		Title: n.Entry.Title.Value, Meta: meta, HTML: rebase(n.HTML, p.root)}
	if n.Issue != nil {
		r.Issue = n.Issue.Title
	}
	if n.Adopted != "" {
		r.Adopted = p.Link(n.Adopted)
	}
	if others := n.Elsewhere(); len(others) > 0 {
		r.Again = &Again{Times: n.Times()}
		for _, o := range others {
			name := o.Entry.ID
			if !o.Entry.Started.IsZero() {
				name = o.Entry.Started.Time.Format(dayFormat)
			}
			r.Again.Others = append(r.Again.Others, Link{p.Link(o.Page()), name})
		}
	}
	return r, nil
}
