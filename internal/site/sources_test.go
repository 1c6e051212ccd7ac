package site

import (
	"cmp"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/search"
)

// twoSources is the project of the golden pages.
func twoSources(t *testing.T) string {
	t.Helper()
	archive, err := txtar.ParseFile("testdata/golden/sources.txtar")
	if err != nil {
		t.Fatal(err)
	}
	var input []txtar.File
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "want/") {
			input = append(input, f)
		}
	}
	return write(t, input)
}

// TestSourcesAreTakenOver holds a site that takes over entries of each source to
// one that loads everything, while the same ID changes in one of them.
func TestSourcesAreTakenOver(t *testing.T) {
	root := twoSources(t)
	old := time.Now().Add(-time.Hour)
	err := filepath.WalkDir(root, func(path string, _ os.DirEntry, err error) error {
		if err != nil {
			return err
		}
		return os.Chtimes(path, old, old)
	})
	if err != nil {
		t.Fatal(err)
	}
	s := loadLive(t, root, nil)
	for _, edit := range []struct{ file, from, to string }{
		{"api/deployments/checklists/2024-08-31-14-30-deployment.md", "scores-api v2", "scores-api v3"},
		{"front/web/ops/2024-08-31-14-30-deployment.md", "Smoke test", "Purge the cache"},
		{"front/web/ops-checklist.md", "Smoke test", "Purge the cache"},
		{"api/deploysite.toml", "scores-api", "scores"},
		{"deploysite.toml", `"ada"`, `"alex"`},
		{"front/web/ops/2024-08-31-14-30-deployment.md", "api/2024-08-31-14-30", "2024-09-01-09-00"},
	} {
		file := filepath.Join(root, filepath.FromSlash(edit.file))
		text, err := os.ReadFile(file)
		if err != nil || !strings.Contains(string(text), edit.from) {
			t.Fatal(edit, err)
		}
		if err := os.WriteFile(file, []byte(strings.ReplaceAll(string(text), edit.from, edit.to)), 0o666); err != nil {
			t.Fatal(err)
		}
		next := loadLive(t, root, s)
		s.Close()
		s = next
		whole := loadLive(t, root, nil)
		compareContent(t, "editing "+edit.file, content(t, s), content(t, whole))
		whole.Close()
	}
	s.Close()
}

// TestLongListsAreSplit builds one deployment more than a page may have.
func TestLongListsAreSplit(t *testing.T) {
	var files []txtar.File
	begin := time.Date(2023, time.December, 30, 0, 0, 0, 0, time.UTC)
	for i := range maxRows + 1 {
		status := "succeeded"
		if i == 7 {
			status = "failed"
		}
		at := begin.Add(time.Duration(i) * 20 * time.Minute)
		files = append(files, txtar.File{
			Name: "deployments/checklists/" + at.Format("2006-01-02-15-04") + "-deployment.md",
			Data: fmt.Appendf(nil, "---\ntitle: number %d\nstatus: %s\nenvironment: production\ntags: [n%d]\n---\n", i, status, i),
		})
	}
	_, out := load(t, write(t, files)) // whose pages are too many to follow all links
	seen := map[string]int{}
	for _, f := range out.Files {
		if !strings.HasPrefix(f.Path, "timeline/") {
			continue
		}
		html := page(t, out, f.Path)
		rows := strings.Count(html, "<tr data-status=")
		if rows > maxRows {
			t.Errorf("%s has %d rows", f.Path, rows)
		}
		seen[f.Path] = rows
	}
	// All deployments stand on the pages of their years, which are short enough here.
	if seen["timeline/index.html"] != partRows || seen["timeline/2023/index.html"]+seen["timeline/2024/index.html"] != maxRows+1 {
		t.Errorf("rows: %v", seen)
	}
	front := page(t, out, "timeline/index.html")
	for _, want := range []string{
		"1,000 of 2,001 deployments: the latest. The filter works on what this page holds",
		`aria-current="page">Latest</a>`, `<h1>Timeline <span class="count">2,001</span></h1>`,
	} {
		if !strings.Contains(front, want) {
			t.Errorf("the timeline lacks %q", want)
		}
	}
	if strings.Contains(front, `value="n7"`) {
		t.Error("the timeline's filter offers a tag that the page does not have")
	}
	term := page(t, out, "environments/production/index.html")
	if strings.Count(term, "<tr data-status=") != partRows || !strings.Contains(term, `href="../../environments/production/2023/index.html"`) {
		t.Error("the page of the environment is not split")
	}
	// A number leads to where all that it counts is found.
	if want := `<a href="../../search/index.html?environment=production&amp;status=failed&amp;status=rolled-back">1</a>`; !strings.Contains(term, want) {
		t.Errorf("the environment's page lacks %s", want)
	}
	if list := page(t, out, "tags/index.html"); strings.Count(list, "<th scope=\"row\">") != maxTerms || !strings.Contains(list, `href="../tags/page-2/index.html"`) {
		t.Error("the list of tags is not split")
	}
}

// TestPartsOfAYear holds the parts of a long year to their order and links.
func TestPartsOfAYear(t *testing.T) {
	root := write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md"}})
	s, _ := load(t, root)
	var entries []*Entry
	for range 2*maxRows + 1 {
		entries = append(entries, s.Entries[0])
	}
	first, parts := (&pager{Site: s}).list("timeline/", entries)
	if len(first.Entries) != partRows || first.Newer() != "" || first.Older() != "" || !first.Partial() {
		t.Errorf("the first page: %d of %d", len(first.Entries), first.Overall)
	}
	sum := 0
	for i, p := range parts {
		sum += len(p.Entries)
		if p.At != partOf("timeline/2024/", i) || i > 0 && p.Newer() != parts[i-1].At || i+1 < len(parts) && p.Older() != parts[i+1].At || !p.Partial() || p.Sum() != len(entries) {
			t.Errorf("part %d: %s, newer %s, older %s", i, p.At, p.Newer(), p.Older())
		}
	}
	if sum != len(entries) || parts[0].Newer() != "" || parts[len(parts)-1].Older() != "" {
		t.Errorf("%d parts with %d deployments", len(parts), sum)
	}
}

// TestSitemapsAreIndexed holds that no sitemap lists more than it may.
func TestSitemapsAreIndexed(t *testing.T) {
	root := write(t, []txtar.File{{Name: "deploysite.toml", Data: []byte("base_url = \"https://example.org\"\n")}})
	s, _ := load(t, root)
	o := &pager{Site: s}
	for i := range maxSitemap + 1 {
		o.files = append(o.files, File{Path: fmt.Sprintf("records/%d/index.html", i)})
	}
	o.addSitemaps()
	out := Output{Files: o.files[maxSitemap+1:]}
	if n := strings.Count(page(t, out, "sitemap-1.xml"), "<loc>"); n != maxSitemap {
		t.Errorf("the first lists %d", n)
	}
	if got := page(t, out, "sitemap-2.xml"); !strings.Contains(got, "<url><loc>https://example.org/records/50000/</loc></url>") {
		t.Error(got)
	}
	want := "<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n<sitemap><loc>https://example.org/sitemap-1.xml</loc></sitemap>\n<sitemap><loc>https://example.org/sitemap-2.xml</loc></sitemap>\n</sitemapindex>"
	if got := page(t, out, "sitemap.xml"); !strings.Contains(got, want) {
		t.Error(got)
	}
}

// TestSearchKnowsSources asks for the records of one source.
func TestSearchKnowsSources(t *testing.T) {
	s, _ := load(t, twoSources(t))
	ix, err := s.SearchIndex()
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{
		"source:web cache":     "web/2024-09-01-09-00 web/2024-08-31-14-30",
		"source:api":           "api/2024-08-31-14-30 api/2024-08-30-10-00",
		"-source:api kind:tip": "web/2024-09-01-09-00",
		"kind:source web":      "sources/web/index.html",
		"source:nowhere":       "",
	} {
		r, err := ix.Search(t.Context(), search.Query{Text: query, Limit: 10})
		if err != nil {
			t.Fatal(err)
		}
		var got []string
		for _, one := range r.Results {
			got = append(got, cmp.Or(one.ID, one.URL))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("%q finds %q, want %q", query, got, want)
		}
	}
	for _, source := range []string{"api", "web"} {
		r, err := ix.Search(t.Context(), search.Query{Filters: map[string][]string{"source": {source}}})
		if err != nil || r.Total != 2 {
			t.Errorf("%s has %d records, %v", source, r.Total, err)
		}
	}
}
