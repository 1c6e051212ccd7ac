package site

import (
	"cmp"
	"fmt"
	"html/template"
	"math"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// TermsPage lists all people, services, environments, tags or sources.
type TermsPage struct {
	Page
	Beside
	Facet  *facet.Facet
	Terms  []*Term
	Total  int     // of the facet
	More   int     // that have no page, behind the last of the list
	Boards []Board // of services and environments, on the first page of the list
	// Of environments only:
	Day      DayPicker
	Quarters []Quarterly
}

// TermPage is one person, service, environment, tag or source.
type TermPage struct {
	Page
	ListPart[*Entry]
	Term    *Term
	Board   Board       // of a service or an environment
	Source  *SourceView // nil unless it is a source
	Filter  Filter      // of a source's page
	Numbers insights.Numbers
	Months  []Month
	Others  []TermGroup
	Notes   []*NoteView // the latest lessons and tips
	Reading []Reading   // of a service: what to read before deploying it
	Cadence string      // how often, in words; "" where it cannot be said
	First   *Entry      // nil where there is none
	Last    *Entry
}

// Beyond is the search of all deployments of the term.
func (p TermPage) Beyond() template.URL { return p.beyond(p.Term) }

// TermGroup is, say, the services that one person deployed, most often first.
type TermGroup struct {
	Name  string
	Terms []TermCount
	More  int // that are not shown
}

// TermCount is a term and in how many of the deployments it takes part.
type TermCount struct {
	Term  *Term
	Count int
}

const (
	termNotes = 12
	maxOthers = 20
)

func (s *pager) addTerms() {
	most := s.mostOfTerm()
	for _, f := range s.facets() {
		s.addTermLists(f)
		terms := paged(s.Terms[f])
		rows := share(lengths(terms, func(t *Term) int { return len(t.Entries) }), s.room(rowBytes))
		for _, t := range terms {
			first, years := s.list(t.Page(), t.Entries)
			if len(t.Entries) > rows {
				first.Entries, first.Split = t.Entries[:rows], false
			}
			s.add(t.Page(), "term", func() framed { return s.termPage(t, first, most) })
			if !first.Split {
				continue // all of them are on that page
			}
			for _, y := range years {
				s.addListPage(y, t, s.words.T("terms.year", "name", t.Name, "year", y.Label()), t.Facet.Folder)
			}
		}
	}
}

// mostOfTerm is how much the page of a term has room for: bytes of notes, and other terms
// of each facet.
type mostOfTerm struct{ notes, others int }

func (s *pager) mostOfTerm() mostOfTerm {
	var notes, others []int
	for _, f := range s.facets() {
		for _, t := range paged(s.Terms[f]) {
			bytes := 0
			for _, n := range latestNotes(t.Entries, math.MaxInt) {
				bytes += n.bytes()
			}
			notes = append(notes, bytes)
			for _, other := range s.facets() {
				others = append(others, min(maxOthers, len(s.Terms[other])))
			}
		}
	}
	return mostOfTerm{share(notes, s.room(1)), min(maxOthers, share(others, s.room(linkBytes)))}
}

// maxTerms is how many people, services and so on a page lists.
const maxTerms = 500

// termsPart begins the folder of each page of such a list but the first.
const termsPart = "page-"

// termLists adds the list of a facet's terms.
func (s *pager) addTermLists(f *facet.Facet) {
	folder := func(i int) string {
		if i == 0 {
			return f.Folder + "/"
		}
		return fmt.Sprintf("%s/%s%d/", f.Folder, termsPart, i+1)
	}
	all := paged(s.Terms[f])
	eachPart(all, maxTerms, folder, func(at string, terms []*Term, beside Beside) {
		s.add(at, "terms", func() framed {
			p := TermsPage{Page: s.page(at, s.facetWord(f, "list"), f.Folder), Beside: beside, Facet: f, Terms: terms, Total: len(s.Terms[f])}
			if beside.Behind == "" {
				p.More = len(s.Terms[f]) - len(all)
			}
			if at == folder(0) && len(s.Entries) > 0 {
				s.fillStanding(&p)
			}
			return p
		})
	})
}

func (s *pager) termPage(t *Term, part ListPart[*Entry], most mostOfTerm) TermPage {
	p := TermPage{Page: s.page(t.Page(), t.Name, t.Facet.Folder), ListPart: part, Term: t,
		Numbers: t.Numbers(), Months: s.months(part.Entries)}
	if n := len(t.Entries); n > 0 {
		p.First, p.Last = t.Entries[n-1], t.Entries[0]
	}
	if t.source != nil {
		p.Source = s.sourceView(t.source)
		p.Filter, p.filtered = s.filter(part.Entries), true
		p.Filter.Facets = slices.DeleteFunc(p.Filter.Facets, func(c Select) bool { return c.Name == facet.Source.Name }) // they are all of this one
	}
	for _, f := range s.facets() {
		if f == t.Facet {
			continue
		}
		if g := countTerms(t.Entries, f); len(g) > 0 {
			shown := g[:min(len(g), most.others)]
			p.Others = append(p.Others, TermGroup{s.facetWord(f, "list"), shown, len(g) - len(shown)})
		}
	}
	p.Board = s.termBoard(p.Page, t)
	p.Notes = latestNotes(t.Entries, most.notes)
	if t.Facet == facet.Service {
		p.Reading = s.suggested(t.Entries, maxOfAService, nil)
	}
	p.Cadence = s.cadence(t.Entries)
	return p
}

// latestNotes are the newest lessons and tips that fit into so many bytes.
func latestNotes(entries []*Entry, most int) (notes []*NoteView) {
	for _, e := range entries {
		for _, n := range e.Notes {
			if n.Kind != records.Lessons && n.Kind != records.Tips {
				continue
			}
			if most -= n.bytes(); most < 0 || len(notes) == termNotes {
				return notes
			}
			notes = append(notes, n)
		}
	}
	return notes
}

// A SourceView is what the page of a source says of it besides its deployments.
type SourceView struct {
	Folder     string // as the configuration names it
	Repository template.HTML
	Process    template.HTML // links; "" where there is none
	Checklist  template.HTML
}

// bytes is what a note takes on a page, about.
func (n *NoteView) bytes() int { return noteBytes + int(n.html.size) }

func (s *pager) sourceView(src *source) *SourceView {
	p := s.page(src.timeline(), "", "")
	v := &SourceView{Folder: src.project.Source.Path}
	if repo := src.forge().repo; repo != "" {
		v.Repository = outsideLink(repo, repo)
	}
	if src.process != nil {
		v.Process = p.anchor("", src.folder("process/"), cmp.Or(src.process.Title.Value, s.words.T("document.process-title")))
	}
	if src.template != nil {
		v.Checklist = p.anchor("", src.folder("checklist/"), cmp.Or(src.template.Title.Value, s.words.T("document.checklist-title")))
	}
	return v
}

func countTerms(entries []*Entry, f *facet.Facet) []TermCount {
	n := map[*Term]int{}
	for _, e := range entries {
		for _, t := range e.Terms(f) {
			n[t]++
		}
	}
	var out []TermCount
	for t, c := range n {
		out = append(out, TermCount{t, c})
	}
	slices.SortFunc(out, func(a, b TermCount) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.Term.Slug, b.Term.Slug))
	})
	return out
}

// cadence says how often deployments come, from the first to the last.
func (s *pager) cadence(entries []*Entry) string {
	if len(entries) < 3 {
		return ""
	}
	first, last := entries[len(entries)-1].Started, entries[0].Started
	if first.IsZero() || last.IsZero() {
		return ""
	}
	each := last.Time.Sub(first.Time) / time.Duration(len(entries)-1)
	switch days := each.Hours() / 24; {
	case days < 1:
		return s.words.T("terms.several-a-day")
	case days < 1.5:
		return s.words.T("terms.daily")
	case days < 45:
		return s.words.N("terms.days", int(days+0.5))
	default:
		return s.words.N("terms.months", int(days/30.4+0.5))
	}
}
