package site

import (
	"cmp"
	"slices"
	"time"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/records"
)

// TermsPage lists all people, services, environments or tags.
type TermsPage struct {
	Page
	Kind  TermKind
	One   string // what one of them is called
	Terms []*Term
}

// TermPage is one person, service, environment or tag.
type TermPage struct {
	Page
	Term    *Term
	Kind    string // "Service"
	Numbers insights.Numbers
	Months  []Month
	Others  []TermGroup
	Notes   []*NoteView // the latest lessons and tips
	Cadence string      // how often, in words; "" where it cannot be said
	First   *Entry
	Last    *Entry
}

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

// termWords are the keys of the words for a kind of term.
var termWords = map[TermKind]struct{ one, many, none string }{
	Deployers:    {"one.person", "nav.people", "terms.no-person"},
	Services:     {"one.service", "nav.services", "terms.no-service"},
	Environments: {"one.environment", "nav.environments", "terms.no-environment"},
	Tags:         {"one.tag", "nav.tags", "terms.no-tag"},
}

const (
	termNotes = 12
	maxOthers = 100
)

func (o *outputBuilder) terms() {
	s := o.site
	for _, kind := range TermKinds {
		names := termWords[kind]
		o.add(string(kind)+"/", "terms", func() framed {
			return TermsPage{Page: s.page(string(kind)+"/", s.words.T(names.many), string(kind)), Kind: kind, One: s.words.T(names.one), Terms: s.Terms[kind]}
		})
		for _, t := range s.Terms[kind] {
			o.add(t.Page(), "term", func() framed { return s.termPage(t) })
		}
	}
}

func (s *Site) termPage(t *Term) TermPage {
	p := TermPage{Page: s.page(t.Page(), t.Name, string(t.Kind)), Term: t, Kind: s.words.T(termWords[t.Kind].one),
		Numbers: t.Numbers(), Months: s.months(t.Entries), First: t.Entries[len(t.Entries)-1], Last: t.Entries[0]}
	for _, kind := range TermKinds {
		if kind == t.Kind {
			continue
		}
		if g := countTerms(t.Entries, kind); len(g) > 0 {
			shown := g[:min(len(g), maxOthers)]
			p.Others = append(p.Others, TermGroup{s.words.T(termWords[kind].many), shown, len(g) - len(shown)})
		}
	}
	for _, e := range t.Entries {
		for _, n := range e.Notes {
			if (n.Kind == records.Lessons || n.Kind == records.Tips) && len(p.Notes) < termNotes {
				p.Notes = append(p.Notes, n)
			}
		}
	}
	p.Cadence = s.cadence(t.Entries)
	return p
}

func (e *Entry) terms(kind TermKind) []*Term {
	switch kind {
	case Deployers:
		return e.Deployers
	case Services:
		return e.Services
	case Tags:
		return e.Tags
	}
	if e.Env == nil {
		return nil
	}
	return []*Term{e.Env}
}

func countTerms(entries []*Entry, kind TermKind) []TermCount {
	n := map[*Term]int{}
	for _, e := range entries {
		for _, t := range e.terms(kind) {
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
func (s *Site) cadence(entries []*Entry) string {
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
