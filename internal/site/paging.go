package site

import (
	"fmt"
	"html/template"
	"net/url"
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// A list of deployments or notes is one page as long as a reader's browser takes
// it well. Of a longer one the first page has the newest, and all of them stand on
// the pages of its years, of which the long ones have several parts.
const (
	maxRows    = 2000 // of a list of deployments that stays one page
	partRows   = 1000 // on each page of a longer one
	maxLessons = 1500 // of a list of notes, and on each page of a longer one
)

// A ListPart is the deployments or notes that one page lists, of all in the list.
type ListPart[T any] struct {
	Base    string // the list's first page, "timeline/"
	At      string // the page
	Year    string // "" for the first page
	Entries []T
	Overall int // how many the list has altogether
	Number  int // of the year's parts, from 1; 0 for a page that is not one of several
	Parts   []PartLink
	Years   []Year
	Split   bool // the list has more than one page can hold
}

// A PartLink leads to one part of a year.
type PartLink struct {
	Page    string
	From    string // the day of its last deployment
	To      string // the day of its first
	Current bool
}

// Sum is how many the list has of what the page is about: all of them, or those
// of its year.
func (l ListPart[T]) Sum() int {
	if l.Year == "" {
		return l.Overall
	}
	return l.year().Count
}

// Partial reports whether the page lacks some of what its heading names.
func (l ListPart[T]) Partial() bool {
	return len(l.Entries) < l.Overall && (l.Year == "" || l.Number > 0)
}

// Newer is the part before this one, or "".
func (l ListPart[T]) Newer() string {
	if l.Number < 2 {
		return ""
	}
	return l.Parts[l.Number-2].Page
}

// Older is the part behind this one, or "".
func (l ListPart[T]) Older() string {
	if l.Number == 0 || l.Number == len(l.Parts) {
		return ""
	}
	return l.Parts[l.Number].Page
}

// Label is the year for people.
func (l ListPart[T]) Label() string { return l.year().Label }

func (l ListPart[T]) year() (year Year) {
	for _, y := range l.Years {
		if y.Name == l.Year {
			year = y
		}
	}
	return year
}

// YearPage is the page of one year.
func (l ListPart[T]) YearPage(year string) string { return l.Base + year + "/" }

// list cuts a list of deployments, newest first, into its pages: the first one and
// those of the years.
func (s *pager) list(base string, entries []*Entry) (first ListPart[*Entry], years []ListPart[*Entry]) {
	return cutList(s, base, entries, maxRows, partRows, func(e *Entry) *Entry { return e })
}

// cutList cuts a list into its pages; entryOf is the record that an element is of.
func cutList[T any](s *pager, base string, list []T, maxRows, partRows int, entryOf func(T) *Entry) (first ListPart[T], years []ListPart[T]) {
	first = ListPart[T]{Base: base, At: base, Entries: list, Overall: len(list), Split: len(list) > maxRows}
	if first.Split {
		first.Entries = list[:partRows]
	}
	byYear := map[string][]T{}
	for _, v := range list {
		name := yearOf(entryOf(v))
		if len(byYear[name]) == 0 {
			first.Years = append(first.Years, s.year(name))
		}
		byYear[name] = append(byYear[name], v)
	}
	for i := range first.Years {
		y := &first.Years[i]
		y.Count = len(byYear[y.Name])
	}
	for i, y := range first.Years {
		year := first
		year.Years = nearest(first.Years, i)
		year.At, year.Year, year.Entries = base+y.Name+"/", y.Name, byYear[y.Name]
		if y.Count <= maxRows {
			years = append(years, year)
			continue
		}
		years = append(years, cutYear(s, year, partRows, entryOf)...)
	}
	return first, years
}

// cutYear cuts a long year into its parts.
func cutYear[T any](s *pager, l ListPart[T], partRows int, entryOf func(T) *Entry) []ListPart[T] {
	var links []PartLink
	chunks := slices.Collect(slices.Chunk(l.Entries, partRows))
	for i, c := range chunks {
		links = append(links, PartLink{Page: partOf(l.At, i), From: s.shortDay(entryOf(c[len(c)-1])), To: s.shortDay(entryOf(c[0]))})
	}
	all := make([]ListPart[T], len(chunks))
	for i, c := range chunks {
		part := l
		part.At, part.Entries, part.Number, part.Parts = links[i].Page, c, i+1, slices.Clone(links)
		part.Parts[i].Current = true
		all[i] = part
	}
	return all
}

// partOf is the folder of one part of what is too long for one page.
func partOf(folder string, i int) string {
	if i == 0 {
		return folder
	}
	return fmt.Sprintf("%s%d/", folder, i+1)
}

// Beside is the pages beside one part of a list that has no years.
type Beside struct {
	Before string // the page of those before these, or ""
	Behind string // the page of those behind them, or ""
}

// eachPart calls add for each page that a list takes, and once for an empty one.
// folder is that of a part.
func eachPart[T any](list []T, most int, folder func(int) string, add func(at string, part []T, b Beside)) {
	parts := slices.Collect(slices.Chunk(list, most))
	if len(parts) == 0 {
		parts = [][]T{nil}
	}
	for i, part := range parts {
		var b Beside
		if i > 0 {
			b.Before = folder(i - 1)
		}
		if i+1 < len(parts) {
			b.Behind = folder(i + 1)
		}
		add(folder(i), part, b)
	}
}

func (s *pager) shortDay(e *Entry) string {
	if e.Started.IsZero() {
		return e.ID
	}
	return s.words.Date("day-month", e.Started.Time)
}

// Listing is the address of the deployments that a number was counted from: the
// timeline with its filter, or the search if the timeline has several pages. It is ""
// if neither shows them all. term may be nil; statuses are separated by blanks; from
// and to are the first and the last day; each may be "".
func (p Page) Listing(term *Term, statuses, from, to string) template.URL {
	var terms []*Term
	if term != nil {
		terms = []*Term{term}
	}
	return p.listing(terms, statuses, from, to)
}

func (p Page) listing(terms []*Term, statuses, from, to string) template.URL {
	var q query
	if len(p.site.Entries) <= maxRows {
		for _, t := range terms {
			q.add(t.Facet.Name, t.Slug)
		}
		for _, field := range [][2]string{{"status", statuses}, {"from", from}, {"to", to}} {
			if field[1] != "" {
				q.add(field[0], field[1])
			}
		}
		return template.URL(p.Link("timeline/") + q.String())
	}
	if p.SearchManifest() == "" {
		return ""
	}
	if days := strings.TrimSpace(dayWord("after:", from, 0) + dayWord("before:", to, 1)); days != "" {
		q.add("q", days)
	}
	for _, t := range terms {
		q.add(t.Facet.Name, t.Name)
	}
	for status := range strings.FieldsSeq(statuses) {
		q.add("status", status)
	}
	return template.URL(p.Link("search/") + q.String())
}

// beyond is the search of what a page's list is of, "" where there is no search. A
// script adds the page's filter.
func (p Page) beyond(term *Term) template.URL {
	if p.SearchManifest() == "" {
		return ""
	}
	var q query
	if term != nil {
		q.add(term.Facet.Name, term.Name)
	}
	return template.URL(p.Link("search/") + q.String())
}

// dayWord limits a search to days; "before:" excludes its own day.
func dayWord(word, day string, later int) string {
	t, err := time.Parse(time.DateOnly, day)
	if err != nil {
		return ""
	}
	return word + t.AddDate(0, 0, later).Format(time.DateOnly) + " "
}

// A query is the query of an address, in the order of the calls of add.
type query struct{ strings.Builder }

func (q *query) add(name, value string) {
	separator := "&"
	if q.Len() == 0 {
		separator = "?"
	}
	q.WriteString(separator + name + "=" + url.QueryEscape(value))
}

// A Listed is a number with the address of what it was counted from, "" if no page
// lists that.
type Listed struct {
	Count   int
	Href    template.URL
	Unknown bool // nobody wrote how any of the deployments ended, so none of them can be counted
}

// Listed makes a number of [Page.Listing].
func (p Page) Listed(count int, term *Term, statuses, from, to string) Listed {
	return Listed{Count: count, Href: p.Listing(term, statuses, from, to)}
}

// Ended is how many deployments ended in one of some ways. It is unknown, not 0, where
// nobody wrote how any of them ended.
func (p Page) Ended(n insights.Numbers, term *Term, statuses, from, to string) Listed {
	count := 0
	for status := range strings.FieldsSeq(statuses) {
		count += n.Outcome(records.Status(status))
	}
	return p.Listed(count, term, statuses, from, to).among(n.Deployments, n.Ended())
}

// among makes a number unknown that was counted where none of some deployments has an outcome.
func (l Listed) among(deployments, ended int) Listed {
	l.Unknown = l.Count == 0 && ended == 0 && deployments > 0
	return l
}
