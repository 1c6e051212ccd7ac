package site

import (
	"cmp"
	"fmt"
	"slices"

	"golang.org/x/text/collate"
	"golang.org/x/text/language"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/insights"
	"github.com/deploysite/deploysite/internal/problem"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// facets returns the facets that the site has.
func (s *Site) facets() []*facet.Facet {
	if s.several() {
		return facet.Lists
	}
	return slices.DeleteFunc(slices.Clone(facet.Lists), func(f *facet.Facet) bool { return f == facet.Source })
}

// facetWord is one of the words for a facet: "list" is what its values are called.
func (s *Site) facetWord(f *facet.Facet, word string) string {
	return s.words.T("facet." + f.Name + "." + word)
}

// FacetWord is [Site.facetWord].
func (p Page) FacetWord(f *facet.Facet, word string) string { return p.site.facetWord(f, word) }

// Term is one person, service, environment, tag or source.
type Term struct {
	text.Spelling // its Name, of names that differ in case or Unicode form only
	Facet         *facet.Facet
	Slug          string
	Entries       []*Entry // newest first; none for a source without records
	unpaged       bool     // it has no page of its own: see [mostPages]
	source        *source  // nil unless it is one
	place         int      // among all of its facet
}

// termsOf returns the terms of some entries, in the order of all terms.
func termsOf(entries []*Entry) map[*facet.Facet][]*Term {
	out := map[*facet.Facet][]*Term{}
	seen := map[*Term]bool{}
	for _, f := range facet.Lists {
		for _, e := range entries {
			for _, t := range e.Terms(f) {
				if !seen[t] {
					seen[t] = true
					out[f] = append(out[f], t)
				}
			}
		}
		slices.SortFunc(out[f], func(a, b *Term) int { return cmp.Compare(a.place, b.place) })
	}
	return out
}

// Page is the term's page: "deployers/ada-park/".
func (t *Term) Page() string { return t.Facet.Folder + "/" + t.Slug + "/" }

// mostPages is how many people, services and so on have pages of their own, besides one
// for each record: a few records that name ever new ones must not fill the disk.
const mostPages = 20

// choosePaged leaves those without a page that have the fewest records, and reports one
// of them.
func (l *loader) choosePaged(f *facet.Facet) {
	terms, most := slices.Clone(l.Terms[f]), mostPages+len(l.Entries)
	if len(terms) <= most {
		return
	}
	slices.SortStableFunc(terms, func(a, b *Term) int { return len(b.Entries) - len(a.Entries) })
	for _, t := range terms[most:] {
		t.unpaged = true
	}
	e := terms[most].Entries[0]
	l.report(e.source, problem.ManyNames.In(e.File, fmt.Sprintf("%d %s of all records have no page of their own, such as %q: only %d have; their links lead to the timeline",
		len(terms)-most, f.Folder, terms[most].Name, most), "name fewer; a tag can stand for many"))
}

// paged are the terms that have a page.
func paged(terms []*Term) []*Term {
	return slices.DeleteFunc(slices.Clone(terms), func(t *Term) bool { return t.unpaged })
}

// TermLink is the address of a term's page, or of its deployments where it has none.
func (p Page) TermLink(t *Term) string {
	if !t.unpaged {
		return p.Link(t.Page())
	}
	return cmp.Or(string(p.Listing(t, "", "", "")), p.Link(t.Facet.Folder+"/"))
}

// Latest is the newest of the term's deployments, nil where there is none.
func (t *Term) Latest() *Entry {
	if len(t.Entries) == 0 {
		return nil
	}
	return t.Entries[0]
}

// Numbers sums the term's deployments up.
func (t *Term) Numbers() insights.Numbers {
	of := make([]*records.Record, len(t.Entries))
	for i, e := range t.Entries {
		of[i] = e.Record
	}
	return insights.Count(of)
}

// A termIndex has the terms of each facet by the keys of their names: names that
// differ in case or Unicode form only are one.
type termIndex map[*facet.Facet]map[string]*Term

// add adds an entry to its terms of a facet, and returns these, each once.
func (x termIndex) add(f *facet.Facet, e *Entry) []*Term {
	var out []*Term
	for _, value := range f.Values(e.Record) {
		name := value.Value
		if f == facet.Deployer {
			name = e.source.person(name)
		}
		if name == "" {
			continue
		}
		key := text.Key(name)
		t := x[f][key]
		if t == nil {
			t = &Term{Facet: f}
			x[f][key] = t
		}
		t.Add(name)
		if slices.Contains(out, t) {
			continue
		}
		out = append(out, t)
		t.Entries = append(t.Entries, e)
	}
	return out
}

// sorted gives every term its slug, unique in its facet, and sorts by name as
// people expect it: é beside e.
//
// Slugs are given in one order for all languages, so that the number behind a slug
// that is taken does not change with the language of the site.
func (x termIndex) sorted(tag language.Tag) map[*facet.Facet][]*Term {
	english, own := byName(language.English), byName(tag)
	out := map[*facet.Facet][]*Term{}
	for f, byName := range x {
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
		out[f] = terms
	}
	return out
}

// byName orders terms as readers of a language expect it.
func byName(tag language.Tag) func(a, b *Term) int {
	order := collation(tag)
	return func(a, b *Term) int { return cmp.Or(order(a.Name, b.Name), cmp.Compare(a.Name, b.Name)) }
}

// collation is how a language orders words. Two that the library fails on are equal.
func collation(tag language.Tag) func(a, b string) int {
	order := collate.New(tag, collate.IgnoreCase, collate.Numeric)
	return func(a, b string) (which int) {
		defer func() { _ = recover() }()
		return order.CompareString(a, b)
	}
}

// uniqueSlug makes a folder's name that no other term of the facet has, in whatever
// case, and that every file system takes.
func uniqueSlug(name string, used map[string]bool) string {
	base := safeSlug(name)
	if quarterFolder.MatchString(base) {
		base += "-1"
	}
	slug := base
	for n := 2; used[publish.Fold(slug)]; n++ {
		slug = fmt.Sprintf("%s-%d", base, n)
	}
	used[publish.Fold(slug)] = true
	return slug
}

// safeSlug is the slug of a name, and no name of a device.
func safeSlug(name string) string {
	slug := text.Slug(name)
	if publish.BadPath(slug) != "" {
		slug += "-1"
	}
	return slug
}
