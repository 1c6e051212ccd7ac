package site

// SearchPage is the full-text search. Scripts bring it to life; without them it
// says so and leads to the lists.
type SearchPage struct {
	Page
	Lists []SearchList
}

// SearchList is a page to look through instead of searching.
type SearchList struct{ Page, Name, What string }

func (s *pager) addSearchPage() {
	if s.manifest == "" {
		return
	}
	s.add("search/", "search", func() framed {
		p := SearchPage{Page: s.page("search/", s.words.T("search.title"), "search"), Lists: []SearchList{
			{"timeline/", s.words.T("nav.timeline"), s.words.T("search.timeline-hint")},
			{"lessons/", s.words.T("nav.lessons"), s.words.T("search.lessons-hint")},
		}}
		for _, f := range s.facets() {
			p.Lists = append(p.Lists, SearchList{f.Folder + "/", s.facetWord(f, "list"), s.facetWord(f, "hint")})
		}
		return p
	})
}

// SearchManifest is the file that the search engine reads first, or "" where
// the site has no index; then nothing of search is shown.
func (p Page) SearchManifest() string { return p.site.SearchManifest() }
