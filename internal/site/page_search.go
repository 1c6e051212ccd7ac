package site

import "github.com/deploysite/deploysite/internal/words"

// SearchPage is the full-text search. Scripts bring it to life; without them it
// says so and leads to the lists.
type SearchPage struct {
	Page
	Lists []SearchList
}

// SearchList is a page to look through instead of searching.
type SearchList struct{ Page, Name, What string }

func searchLists(w *words.Words) []SearchList {
	return []SearchList{
		{"timeline/", w.T("nav.timeline"), w.T("search.timeline-hint")},
		{"lessons/", w.T("nav.lessons"), w.T("search.lessons-hint")},
		{"services/", w.T("nav.services"), w.T("search.services-hint")},
		{"deployers/", w.T("nav.people"), w.T("search.people-hint")},
		{"environments/", w.T("nav.environments"), w.T("search.environments-hint")},
		{"tags/", w.T("nav.tags"), w.T("search.tags-hint")},
	}
}

func (o *outputBuilder) searchPage() {
	if o.site.SearchManifest() == "" {
		return
	}
	o.add("search/", "search", func() framed {
		return SearchPage{Page: o.site.page("search/", o.site.words.T("search.title"), "search"), Lists: searchLists(o.site.words)}
	})
}

// SearchManifest is the file that the search engine reads first, or "" where
// the site has no index; then nothing of search is shown.
func (p Page) SearchManifest() string { return p.site.SearchManifest() }
