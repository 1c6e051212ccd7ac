package site

import (
	"cmp"
	"slices"

	"github.com/deploysite/deploysite/internal/records"
)

// LessonsPage is everything that deployments taught, or one year of it.
type LessonsPage struct {
	Page
	Year      string // "" for the front page
	Years     []Year
	Notes     []*NoteView
	Total     int // in the whole history
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

// maxLessons is how many notes the front page holds; a longer history has the
// rest on the pages of its years, and the front page says so.
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
		o.add("lessons/"+y.Name+"/", "lessons", func() any {
			p := s.lessonsPage("lessons/"+y.Name+"/", "Lessons learned in "+y.Name, byYear[y.Name])
			p.Year, p.Years = y.Name, years
			return p
		})
	}
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
		if n.Kind != records.Well && len(n.Elsewhere) > 0 && byNewest(n.Entry, n.Elsewhere[0].Entry) < 0 {
			out = append(out, n)
		}
	}
	slices.SortStableFunc(out, func(a, b *NoteView) int { return cmp.Compare(len(b.Elsewhere), len(a.Elsewhere)) })
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

// FirstElsewhere are the newest few of the other records that say the same.
func (n *NoteView) FirstElsewhere() []*NoteView { return n.Elsewhere[:min(5, len(n.Elsewhere))] }

// NoteRow is a note in a list.
type NoteRow struct {
	Page
	N *NoteView
}

// NoteRow hands a note to the list's template.
func (p Page) NoteRow(n *NoteView) NoteRow { return NoteRow{p, n} }

// Slugs joins terms for a data attribute.
func (r NoteRow) Slugs(terms []*Term) string { return Slugs(terms) }

// All are the note and those that say the same.
func (n *NoteView) Times() int { return 1 + len(n.Elsewhere) }
