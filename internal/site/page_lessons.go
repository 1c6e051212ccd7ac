package site

import (
	"cmp"
	"html/template"
	"slices"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/render"
)

// LessonsPage is everything that deployments taught, or one year of it.
type LessonsPage struct {
	Page
	Year      string // "" for the front page
	YearName  string // Year, or the words for records without a date
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
var NoteKinds = []records.NoteKind{records.Lessons, records.Tips, records.Issues, records.Well}

// maxLessons is how many notes a page holds. A longer history has the rest on
// the pages of its years, a long year on several, and each page says so.
const (
	maxLessons   = 1500
	maxRecurring = 12
)

func (s *pager) addLessons() {
	byYear := map[string][]*NoteView{}
	var years []Year
	for _, n := range s.Notes {
		y := yearOf(n.Entry)
		if len(byYear[y]) == 0 {
			years = append(years, s.year(y))
		}
		byYear[y] = append(byYear[y], n)
		years[len(years)-1].Count = len(byYear[y])
	}
	s.add("lessons/", "lessons", func() framed {
		p := s.lessonsPage("lessons/", s.words.T("lessons.title"), s.Notes[:min(maxLessons, len(s.Notes))])
		p.Years, p.Recurring = years, s.recurring()
		return p
	})
	for _, y := range years {
		parts := slices.Collect(slices.Chunk(byYear[y.Name], maxLessons))
		for i, notes := range parts {
			s.add(lessonsPart(y.Name, i), "lessons", func() framed {
				p := s.lessonsPage(lessonsPart(y.Name, i), s.words.T("lessons.year", "year", y.Label), notes)
				p.Year, p.YearName, p.Years = y.Name, y.Label, years
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
	return partOf("lessons/"+year+"/", i)
}

func (s *pager) lessonsPage(path, title string, notes []*NoteView) LessonsPage {
	p := LessonsPage{Page: s.page(path, title, "lessons"), Notes: notes, Total: len(s.Notes), Filter: s.notesFilter(notes)}
	for _, kind := range NoteKinds {
		c := KindCount{kind, s.words.T("note." + string(kind)), 0}
		for _, n := range notes {
			if n.Kind == kind {
				c.Count++
			}
		}
		p.Counts = append(p.Counts, c)
	}
	return p
}

// notesFilter is the filter for some notes; see filter.
func (s *pager) notesFilter(notes []*NoteView) Filter {
	var entries []*Entry
	for _, n := range notes {
		if len(entries) == 0 || entries[len(entries)-1] != n.Entry {
			entries = append(entries, n.Entry)
		}
	}
	return s.filter(ListPart{Entries: entries})
}

// recurring are the newest of each group of notes that say the same, those
// said most often first. What went well may recur as it likes.
func (s *pager) recurring() []*NoteView {
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
func (n *NoteView) KindName() string { return n.Entry.words.T("note." + string(n.Kind)) }

// Elsewhere are the newest few of the others that say the same.
func (n *NoteView) Elsewhere() []*NoteView {
	const most = 3
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

// NoteList shows notes as the items of a list. It writes them itself: a long
// history has a hundred thousand, and a template takes twenty times as long.
func (p Page) NoteList(notes []*NoteView) (template.HTML, error) {
	var b strings.Builder
	b.Grow(1 << 10 * len(notes))
	var about *noteAbout
	for i, n := range notes {
		if i == 0 || n.Entry != notes[i-1].Entry {
			var err error
			if about, err = p.site.noteAbout(n.Entry, p.root); err != nil {
				return "", err
			}
		}
		if err := p.writeNote(&b, n, about); err != nil {
			return "", err
		}
	}
	return template.HTML(b.String()), nil
}

func (p Page) writeNote(b *strings.Builder, n *NoteView, about *noteAbout) error {
	html, err := p.site.spool.get(n.html)
	if err != nil {
		return err
	}
	writeAll(b, `<li class="note" data-kind="`, string(n.Kind), `"`, about.attributes, ">\n",
		`<p class="meta"><span class="kind `, string(n.Kind), `">`, template.HTMLEscapeString(n.KindName()), `</span> <a href="`, about.href, "#", render.EscapePage(n.ID), `">`,
		about.title, "</a>", about.meta, "</p>\n")
	if n.Issue != nil && n.Issue.Title != "" {
		writeAll(b, `<p class="issue"><strong>`, template.HTMLEscapeString(n.Issue.Title), "</strong></p>\n")
	}
	writeAll(b, `<div class="prose" dir="auto">`, render.Rebase(html, p.root), "</div>\n")
	b.WriteString(string(p.fateLine(n)))
	if len(n.Same) > 1 {
		writeAll(b, `<p class="again">`, string(p.site.words.Rich("note.said-again", "count", n.Times(), "days", p.elsewhere(n))), "</p>\n")
	}
	b.WriteString("</li>\n")
	return nil
}

// elsewhere are links to where else a note was said.
func (p Page) elsewhere(n *NoteView) template.HTML {
	var b strings.Builder
	for i, o := range n.Elsewhere() {
		if i > 0 {
			b.WriteString(template.HTMLEscapeString(p.site.words.T("lists.between")))
		}
		writeAll(&b, `<a href="`, template.HTMLEscapeString(p.Link(o.Entry.Page())), "#", render.EscapePage(o.ID), `">`, template.HTMLEscapeString(o.Entry.Day()), "</a>")
	}
	return template.HTML(b.String())
}

func writeAll(b *strings.Builder, parts ...string) {
	for _, part := range parts {
		b.WriteString(part)
	}
}

// Day is the day of the start, or the ID where it is unknown.
func (e *Entry) Day() string {
	if e.Started.IsZero() {
		return e.ID
	}
	return e.words.Day(e.Started.Time)
}
