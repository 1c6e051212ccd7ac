// Package facet is the one table of what records are grouped, filtered and
// searched by: service, environment, deployer and so on.
//
// A row of the table is all that it takes. The site makes a page of each value
// and offers it in the filter, the search has a column and a filter for it, and
// the commands have an option that shells complete. Scripts get the table from
// what the build writes. What people read is in themes/default/words, in the
// table facet.NAME of each language.
//
//	for _, f := range facet.All {
//		for _, value := range f.Values(record) {
//			fmt.Println(f.Name, value.Value) // service scores-api
//		}
//	}
package facet

import "github.com/deploysite/deploysite/internal/records"

// A Facet is one row of the table.
type Facet struct {
	Name     string // "service": what addresses, filters, options and words call it
	Folder   string // of the pages of its values: "services"; "" where they have none
	InMenu   bool   // the list of its values is in the main menu, else below each page
	Expected bool   // every record should have one: where it has none, its page says so
	Example  string // front matter that has one

	// Values are what a record has, as it was written; some may be empty. The
	// source is known by the site alone.
	Values func(*records.Record) []records.Text

	// Number is its place in All.
	Number int
}

// The facets that something is done with besides what is done with all.
var (
	Source = &Facet{Name: "source", Folder: "sources", InMenu: true, // only where there are several
		Values: func(*records.Record) []records.Text { return nil }}
	Service = &Facet{Name: "service", Folder: "services", InMenu: true, Expected: true, Example: "service: scores-api",
		Values: func(r *records.Record) []records.Text { return r.Services }}
	Environment = &Facet{Name: "environment", Folder: "environments", Expected: true, Example: "environment: production",
		Values: func(r *records.Record) []records.Text { return []records.Text{r.Environment} }}
	Deployer = &Facet{Name: "deployer", Folder: "deployers", InMenu: true, Expected: true, Example: "deployer: Ada Park",
		Values: func(r *records.Record) []records.Text { return r.Deployers }}
	Tag = &Facet{Name: "tag", Folder: "tags", Example: "tags: [database, hotfix]",
		Values: func(r *records.Record) []records.Text { return r.Tags }}
)

// All is the table, in the order in which facets are shown.
var All = numbered(Source, Service, Environment, Deployer, Tag)

func numbered(all ...*Facet) []*Facet {
	for i, f := range all {
		f.Number = i
	}
	return all
}
