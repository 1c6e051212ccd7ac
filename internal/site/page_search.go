package site

// SearchPage is the full-text search. Scripts bring it to life; without them it
// says so and leads to the lists.
type SearchPage struct {
	Page
	Lists []SearchList
}

// SearchList is a page to look through instead of searching.
type SearchList struct{ Page, Name, What string }

func (s *pager) searchLists() []SearchList {
	all := []SearchList{
		{"timeline/", s.words.T("nav.timeline"), s.words.T("search.timeline-hint")},
		{"lessons/", s.words.T("nav.lessons"), s.words.T("search.lessons-hint")},
	}
	for _, f := range s.facets() {
		all = append(all, SearchList{f.Folder + "/", s.facetWord(f, "list"), s.facetWord(f, "hint")})
	}
	return all
}

func (s *pager) addSearchPage() {
	if s.SearchManifest() == "" {
		return
	}
	s.add("search/", "search", func() framed {
		return SearchPage{Page: s.page("search/", s.words.T("search.title"), "search"), Lists: s.searchLists()}
	})
}

// SearchManifest is the file that the search engine reads first, or "" where
// the site has no index; then nothing of search is shown.
func (p Page) SearchManifest() string { return p.site.SearchManifest() }
