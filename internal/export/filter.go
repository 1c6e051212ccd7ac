package export

import (
	"slices"
	"strings"
	"time"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/text"
)

// Facets are those that a [Filter] can ask for: the search's, but for the kinds of results.
var Facets = slices.DeleteFunc(slices.Clone(facet.All), func(f *facet.Facet) bool { return f == facet.Kind })

// A Filter chooses records. The zero value keeps all.
type Filter struct {
	Facets        map[*facet.Facet]string // the value that a record must have, "" for any
	Since, Before time.Time               // of the start; a record without one is not kept where they are set
}

// Keeps reports whether a record has all that is asked for. A checklist has a source
// and nothing else.
func (f Filter) Keeps(r Record) bool {
	start := r.Started.Time
	if start.Before(f.Since) || !f.Before.IsZero() && (r.Started.IsZero() || !start.Before(f.Before)) {
		return false
	}
	for by, wanted := range f.Facets {
		if wanted != "" && r.IsChecklist && by != facet.Source {
			return false
		}
		if wanted != "" && !slices.ContainsFunc(r.Values(by), func(value string) bool { return text.Same(value, wanted) }) {
			return false
		}
	}
	return true
}

// Values are what a record can be filtered by.
func (r Record) Values(by *facet.Facet) (all []string) {
	switch by {
	case facet.Status:
		return []string{string(r.Status)}
	case facet.Source:
		if name, _, several := strings.Cut(r.ID, "/"); several {
			return []string{name}
		}
		return nil
	case facet.Deployer:
		return r.People()
	case facet.Step:
		for i := range r.Steps {
			all = append(all, string(r.Steps[i].State))
		}
		return all
	}
	return records.Values(by.Values(r.Record))
}
