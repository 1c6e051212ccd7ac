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
)

// TermKinds lists every kind, in the order in which they are shown.
var TermKinds = []TermKind{Services, Environments, Deployers, Tags}

// Term is one person, service, environment or tag.
type Term struct {
	Kind    TermKind
	Name    string
	Slug    string
	Entries []*Entry // newest first
}

// Page is the term's page: "deployers/ada-park/".
func (t *Term) Page() string { return string(t.Kind) + "/" + t.Slug + "/" }

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
	person func(string) string
	terms  map[TermKind]map[string]*Term // by name
}

func newTermIndex(person func(string) string) *termIndex {
	x := &termIndex{person: person, terms: map[TermKind]map[string]*Term{}}
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
			name = x.person(name)
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
		for _, t := range terms {
			t.Slug = uniqueSlug(t.Name, used)
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
