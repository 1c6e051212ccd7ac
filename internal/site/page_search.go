package site

// SearchPage is the full-text search. Scripts bring it to life; without them it
// says so and leads to the lists.
type SearchPage struct {
	Page
	Lists []SearchList
}

// SearchList is a page to look through instead of searching.
type SearchList struct{ Page, Name, What string }

var searchLists = []SearchList{
	{"timeline/", "Timeline", "every deployment by month, with filters"},
	{"lessons/", "Lessons", "every lesson, tip and issue"},
	{"services/", "Services", "what was deployed"},
	{"deployers/", "People", "who deployed it"},
	{"environments/", "Environments", "where to"},
	{"tags/", "Tags", "words that records were given"},
}

func (o *outputBuilder) searchPage() {
	if o.site.SearchManifest() == "" {
		return
	}
	o.add("search/", "search", func() framed {
		return SearchPage{Page: o.site.page("search/", "Search", "search"), Lists: searchLists}
	})
}

// SearchManifest is the file that the search engine reads first, or "" where
// the site has no index; then nothing of search is shown.
func (p Page) SearchManifest() string { return p.site.SearchManifest() }
