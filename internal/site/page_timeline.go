package site

import (
	"html/template"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/records"
)

// TimelinePage is the whole history, or a part of it: one year, or one year of a
// person, a service, an environment or a tag.
type TimelinePage struct {
	Page
	ListPart[*Entry]
	Term   *Term // nil where the list is that of all deployments
	Months []Month
	Filter Filter
}

// Beyond is the search of all deployments that the list is of.
func (p TimelinePage) Beyond() template.URL { return p.beyond(p.Term) }

// Year is a link to a year's page.
type Year struct {
	Name  string // "2024", or "undated": a folder's name
	Label string // the same for people
	Count int
}

// Month is a month's deployments, newest first.
type Month struct {
	ID, Name string
	Entries  []*Entry
}

// Filter offers what there is to choose from.
type Filter struct {
	Facets   []Select
	Statuses []Choice
	Kinds    []Choice // of notes; none where deployments are filtered
	Fates    []Choice // of notes
}

// Select is the box of one facet.
type Select struct {
	Name, Label string
	Terms       []*Term
}

// Choice is one value of a select box.
type Choice struct{ Value, Name string }

func (s *pager) addTimeline() {
	first, years := s.list("timeline/", s.Entries)
	s.addListPage(first, nil, s.words.T("timeline.title"), "timeline")
	for _, y := range years {
		s.addListPage(y, nil, s.words.T("timeline.year", "year", y.Label()), "timeline")
	}
}

// listPage adds a page that lists deployments with a filter.
func (s *pager) addListPage(part ListPart[*Entry], term *Term, title, nav string) {
	s.add(part.At, "timeline", func() framed {
		p := TimelinePage{Page: s.page(part.At, title, nav), ListPart: part, Term: term,
			Months: s.months(part.Entries), Filter: s.filter(part.Entries)}
		p.filtered = true
		return p
	})
}

// yearOf is the year a record began in, in its own time zone.
func yearOf(e *Entry) string {
	if e.Started.IsZero() {
		return undated
	}
	return strconv.Itoa(e.Started.Time.Year())
}

// undated is the year of records without a date, as folders are named.
const undated = "undated"

func (s *pager) year(name string) Year {
	if name == undated {
		return Year{Name: name, Label: s.words.T("timeline.undated-year")}
	}
	return Year{Name: name, Label: name}
}

func (s *pager) months(entries []*Entry) []Month {
	var out []Month
	for _, e := range entries {
		m := Month{ID: undated, Name: s.words.T("timeline.undated")}
		if !e.Started.IsZero() {
			m = Month{ID: e.Started.Time.Format("2006-01"), Name: s.words.Date("month", e.Started.Time)}
		}
		if len(out) == 0 || out[len(out)-1].ID != m.ID {
			out = append(out, m)
		}
		out[len(out)-1].Entries = append(out[len(out)-1].Entries, e)
	}
	return out
}

// filter offers all terms. In a long history that would be thousands of names on
// each page, so there it offers those of the page's entries.
func (s *pager) filter(entries []*Entry) (f Filter) {
	of := s.Terms
	if len(entries) < len(s.Entries) {
		of = termsOf(entries)
	}
	for _, by := range s.facets() {
		f.Facets = append(f.Facets, Select{by.Name, s.facetWord(by, "label"), paged(of[by])})
	}
	for _, st := range records.Statuses {
		f.Statuses = append(f.Statuses, Choice{string(st), s.words.T("status." + string(st))})
		if st == records.InProgress {
			for _, own := range []string{"unfinished", "planned"} {
				f.Statuses = append(f.Statuses, Choice{own, s.words.T("status." + own)})
			}
		}
	}
	return f
}

// filterAttributes is what this page's filter reads of an entry.
func (p Page) filterAttributes(e *Entry) string {
	switch {
	case !p.filtered:
		return ""
	case p.Path == e.source.timeline(): // the only page that is filtered by step
		return string(e.Attributes()) + e.stepStates()
	}
	return string(e.Attributes())
}

// Attributes is what the filter reads of an entry. Slugs have letters, digits and
// hyphens only, so nothing needs an escape.
func (e *Entry) Attributes() template.HTMLAttr {
	var b strings.Builder
	for _, f := range facet.Lists {
		if f != facet.Source || e.source.name != "" {
			writeAll(&b, " data-", f.Name, `="`, slugs(e.Terms(f)), `"`)
		}
	}
	return template.HTMLAttr(b.String())
}

func slugs(terms []*Term) string {
	var out []string
	for _, t := range terms {
		out = append(out, t.Slug)
	}
	return strings.Join(out, " ")
}
