package site

import (
	"fmt"
	"html/template"
	"strconv"
	"strings"

	"github.com/deploysite/deploysite/internal/records"
)

// TimelinePage is the whole history, or one year of it.
type TimelinePage struct {
	Page
	Year   string // "" for the whole history
	Years  []Year
	Months []Month
	Filter Filter
	Count  int
}

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
	Services, Environments, Deployers, Tags []*Term
	Statuses                                []Choice
}

// Choice is one value of a select box.
type Choice struct{ Value, Name string }

func (o *outputBuilder) timeline() {
	s := o.site
	byYear := map[string][]*Entry{}
	var years []Year
	for _, e := range s.Entries {
		name := yearOf(e)
		if len(byYear[name]) == 0 {
			years = append(years, s.year(name))
		}
		byYear[name] = append(byYear[name], e)
		years[len(years)-1].Count = len(byYear[name])
	}
	page := func(path, title, year string, entries []*Entry) {
		o.add(path, "timeline", func() framed {
			p := TimelinePage{Page: s.page(path, title, "timeline"), Year: year, Years: years,
				Months: s.months(entries), Filter: s.filter(), Count: len(entries)}
			p.filtered = true
			return p
		})
	}
	page("timeline/", s.words.T("timeline.title"), "", s.Entries)
	for _, y := range years {
		page("timeline/"+y.Name+"/", s.words.T("timeline.year", "year", y.Label), y.Name, byYear[y.Name])
	}
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

func (s *Site) year(name string) Year {
	if name == undated {
		return Year{Name: name, Label: s.words.T("timeline.undated-year")}
	}
	return Year{Name: name, Label: name}
}

func (s *Site) months(entries []*Entry) []Month {
	var out []Month
	for _, e := range entries {
		id := undated
		if !e.Started.IsZero() {
			id = e.Started.Time.Format("2006-01")
		}
		if len(out) == 0 || out[len(out)-1].ID != id {
			out = append(out, Month{ID: id, Name: s.monthName(e)})
		}
		out[len(out)-1].Entries = append(out[len(out)-1].Entries, e)
	}
	return out
}

func (s *Site) monthName(e *Entry) string {
	if e.Started.IsZero() {
		return s.words.T("timeline.undated")
	}
	return s.words.Date("month", e.Started.Time)
}

func (s *Site) filter() Filter {
	f := Filter{Services: s.Terms[Services], Environments: s.Terms[Environments], Deployers: s.Terms[Deployers], Tags: s.Terms[Tags]}
	for _, st := range records.Statuses {
		f.Statuses = append(f.Statuses, Choice{string(st), s.words.T("status." + string(st))})
		if st == records.InProgress {
			f.Statuses = append(f.Statuses, Choice{"unfinished", s.words.T("status.unfinished")})
		}
	}
	return f
}

// filterAttributes are what this page's filter reads of an entry.
func (p Page) filterAttributes(e *Entry) string {
	switch {
	case !p.filtered:
		return ""
	case p.Path == "timeline/": // the only page that is filtered by step
		return string(e.Attributes()) + e.stepStates()
	}
	return string(e.Attributes())
}

// Attributes are what the filter reads of an entry. Slugs hold letters, digits
// and hyphens only, so nothing in them needs an escape.
func (e *Entry) Attributes() template.HTMLAttr {
	env := ""
	if e.Env != nil {
		env = e.Env.Slug
	}
	return template.HTMLAttr(fmt.Sprintf(` data-service="%s" data-environment="%s" data-deployer="%s" data-tag="%s"`,
		slugs(e.Services), env, slugs(e.Deployers), slugs(e.Tags)))
}

func slugs(terms []*Term) string {
	var out []string
	for _, t := range terms {
		out = append(out, t.Slug)
	}
	return strings.Join(out, " ")
}
