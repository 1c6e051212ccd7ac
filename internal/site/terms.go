package site

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/records"
)

// TermKind is one way to sort deployments: by person, service and so on. Its
// value is the folder of its pages.
type TermKind string

// The kinds of terms.
const (
	Deployers    TermKind = "deployers"
	Services     TermKind = "services"
	Environments TermKind = "environments"
	Tags         TermKind = "tags"
	Sources      TermKind = "sources" // only where there are several
)

// TermKinds lists every kind, in the order in which they are shown.
var TermKinds = []TermKind{Services, Environments, Deployers, Tags}

// kinds are those that the site has.
func (s *Site) kinds() []TermKind {
	if !s.several() {
		return TermKinds
	}
	return append([]TermKind{Sources}, TermKinds...)
}

// Term is one person, service, environment, tag or source.
type Term struct {
	Kind    TermKind
	Name    string
	Slug    string
	Entries []*Entry // newest first; none for a source without records
	source  *source  // nil unless it is one
	place   int      // among all of its kind
}

// searched is what the search calls the kind.
func (k TermKind) searched() string {
	if k == Deployers {
		return "by"
	}
	return filterName(k)
}

// termsOf are the terms of some entries, sorted as all are.
func termsOf(entries []*Entry) map[TermKind][]*Term {
	out := map[TermKind][]*Term{}
	seen := map[*Term]bool{}
	for _, kind := range append([]TermKind{Sources}, TermKinds...) {
		for _, e := range entries {
			for _, t := range e.terms(kind) {
				if !seen[t] {
					seen[t] = true
					out[kind] = append(out[kind], t)
				}
			}
		}
		slices.SortFunc(out[kind], func(a, b *Term) int { return cmp.Compare(a.place, b.place) })
	}
	return out
}

// Page is the term's page: "deployers/ada-park/".
func (t *Term) Page() string { return string(t.Kind) + "/" + t.Slug + "/" }

// Latest is the newest of the term's deployments, nil where there is none.
func (t *Term) Latest() *Entry {
	if len(t.Entries) == 0 {
		return nil
	}
	return t.Entries[0]
}

// Numbers sums the term's deployments up.
func (t *Term) Numbers() insights.Numbers { return insights.Count(recordsOf(t.Entries)) }

func recordsOf(entries []*Entry) []*records.Record {
	rs := make([]*records.Record, len(entries))
	for i, e := range entries {
		rs[i] = e.Record
	}
	return rs
}

type termIndex struct {
	terms map[TermKind]map[string]*Term // by name
}

func newTermIndex() *termIndex {
	x := &termIndex{terms: map[TermKind]map[string]*Term{}}
	for _, k := range TermKinds {
		x.terms[k] = map[string]*Term{}
	}
	return x
}

// add files an entry under names and returns their terms, each once.
func (x *termIndex) add(kind TermKind, names []records.Text, e *Entry) []*Term {
	var out []*Term
	for _, text := range names {
		name := text.Value
		if kind == Deployers {
			name = e.source.person(name)
		}
		if name == "" {
			continue
		}
		t := x.terms[kind][name]
		if t == nil {
			t = &Term{Kind: kind, Name: name}
			x.terms[kind][name] = t
		}
		if slices.Contains(out, t) {
			continue
		}
		out = append(out, t)
		t.Entries = append(t.Entries, e)
	}
	return out
}

// sorted gives every term its slug, unique in its kind, and sorts by name as
// people expect it: é beside e.
//
// Slugs are given in one order for all languages: the number that one gets which
// another has already must not change with the language of the site.
func (x *termIndex) sorted(tag language.Tag) map[TermKind][]*Term {
	english, own := byName(language.English), byName(tag)
	out := map[TermKind][]*Term{}
	for kind, byName := range x.terms {
		var terms []*Term
		for _, t := range byName {
			terms = append(terms, t)
		}
		slices.SortFunc(terms, english)
		used := map[string]bool{}
		for i := range len(terms) / maxTerms {
			used[fmt.Sprintf("%s%d", termsPart, i+2)] = true // the pages of a long list
		}
		for i, t := range terms {
			t.Slug, t.place = uniqueSlug(t.Name, used), i
		}
		slices.SortFunc(terms, own)
		out[kind] = terms
	}
	return out
}

// byName sorts as people who read a language expect it.
func byName(tag language.Tag) func(a, b *Term) int {
	order := collate.New(tag, collate.IgnoreCase, collate.Numeric)
	return func(a, b *Term) int {
		return cmp.Or(order.CompareString(a.Name, b.Name), cmp.Compare(a.Name, b.Name))
	}
}

// uniqueSlug makes a folder's name that no other term of the kind has, also
// where case does not count, and that every file system takes.
func uniqueSlug(name string, used map[string]bool) string {
	base := records.Slug(name)
	if reserved[base] {
		base += "-1"
	}
	slug := base
	for n := 2; used[publish.Fold(slug)]; n++ {
		slug = fmt.Sprintf("%s-%d", base, n)
	}
	used[publish.Fold(slug)] = true
	return slug
}

// reserved are names that Windows keeps for devices.
var reserved = func() map[string]bool {
	m := map[string]bool{"con": true, "prn": true, "aux": true, "nul": true}
	for i := range 10 {
		m[fmt.Sprintf("com%d", i)], m[fmt.Sprintf("lpt%d", i)] = true, true
	}
	return m
}()
