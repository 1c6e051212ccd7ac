// Package facet is the one table of what records are grouped, filtered and
// searched by: service, environment, deployer and so on.
//
// To add a facet, add a row. From it the site makes a page of each value
// and offers it in the filter, the search has a column and a filter for it, and
// the commands have an option that shells complete. Scripts get the table from
// what the build writes. What people read is in themes/default/words, in the
// table facet.NAME of each language.
//
//	for _, f := range facet.Lists {
//		for _, value := range f.Values(record) {
//			fmt.Println(f.Name, value.Value) // service scores-api
//		}
//	}
package facet

import (
	"slices"
	"strconv"

	"github.com/deploysite/deploysite/internal/records"
)

// A Facet is one row of the table. All but Name may be left out.
type Facet struct {
	Name    string   // "service": what addresses, filters, options and words call it
	Aliases []string // by which a query may call it, too, the shortest last
	Weight  int      // how much a word of it counts in a search, in sixteenths of a word of the text; 0: it is not searched

	// Those whose values have pages, and are kinds of results themselves:
	Folder   string // of the pages: "services"
	InMenu   bool   // the list of them is in the main menu, else at the foot of each page
	Expected bool   // every record should have one; the page of one without says so
	Example  string // front matter that has one

	// Values are what a record has, as it was written; some may be empty.
	Values func(*records.Record) []records.Text

	// Number is its place in All.
	Number int
}

// The facets that other code names.
var (
	Kind   = &Facet{Name: "kind"} // of a result
	Status = &Facet{Name: "status"}
	Step   = &Facet{Name: "step"}                                    // the states of a record's steps, done apart
	Source = &Facet{Name: "source", Folder: "sources", InMenu: true, // known to the site, where there are several
		Values: func(*records.Record) []records.Text { return nil }}

	Service = &Facet{Name: "service", Weight: 56, Folder: "services", InMenu: true, Expected: true, Example: "service: scores-api",
		Values: func(r *records.Record) []records.Text { return r.Services }}
	Environment = &Facet{Name: "environment", Aliases: []string{"env"}, Weight: 32, Folder: "environments", InMenu: true, Expected: true, Example: "environment: production",
		Values: func(r *records.Record) []records.Text { return r.Environments }}
	Deployer = &Facet{Name: "deployer", Aliases: []string{"by"}, Weight: 40, Folder: "deployers", InMenu: true, Expected: true, Example: "deployer: Ada Park",
		Values: func(r *records.Record) []records.Text { return r.Deployers }}
	Tag = &Facet{Name: "tag", Weight: 48, Folder: "tags", Example: "tags: [database, hotfix]",
		Values: func(r *records.Record) []records.Text { return r.Tags }}

	Year = &Facet{Name: "year", Values: func(r *records.Record) []records.Text {
		if r.Started.IsZero() {
			return nil
		}
		return []records.Text{{Value: strconv.Itoa(r.Started.Time.Year())}}
	}}
)

// Short is the shortest way to call it in a query: "env".
func (f *Facet) Short() string { return append([]string{f.Name}, f.Aliases...)[len(f.Aliases)] }

// All is the table, in the order in which facets are shown.
var All = numbered(Kind, Status, Source, Service, Environment, Deployer, Tag, Step, Year)

// Lists are the facets whose values have pages.
var Lists = slices.DeleteFunc(slices.Clone(All), func(f *Facet) bool { return f.Folder == "" })

func numbered(all ...*Facet) []*Facet {
	for i, f := range all {
		f.Number = i
	}
	return all
}

// Names are the names of each facet by which a query may call it, its own first.
// Scripts get them.
func Names() (all [][]string) {
	for _, f := range All {
		all = append(all, append([]string{f.Name}, f.Aliases...))
	}
	return all
}

// Named is the facet that a query calls by a name, or nil.
func Named(name string) *Facet {
	for _, f := range All {
		if f.Name == name || slices.Contains(f.Aliases, name) {
			return f
		}
	}
	return nil
}
