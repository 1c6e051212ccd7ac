package site

import (
	"fmt"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/publish"
)

// Whatever a service, a tag or a person is called, it has a page of its own, at a path
// that every file system takes, or a problem names it.
func TestOddNames(t *testing.T) {
	odd := []string{"aux", "CON", "nul.txt", "..", ".", "...", "a..", "a.", " a", "a ", "A", "page-2", "page 2", "index.html", "index", strings.Repeat("long ", 60), strings.Repeat("x", 300),
		"a\\b", "a/b", "/etc/passwd", "../../x", "%2e%2e", "．．", "\u202eevil", "שלום", "🚀", "🚀🚀", "✅", "é", "e\u0301", "ﬁ", "fi", "İ", "ı", "ß", "ss", "\u200b", "a\u200bb", "?", "#", "a?b#c", "<b>", "\"", "-", "--", "2024", "2024-q3", "年", "com1", "COM¹"}
	var files []txtar.File
	for i, name := range odd {
		files = append(files, txtar.File{Name: fmt.Sprintf("deployments/checklists/2024-08-31-14-%02d-deployment.md", i),
			Data: fmt.Appendf(nil, "---\nstatus: succeeded\nservice: %q\nenvironment: %q\ndeployer: %q\ntags: [%q, \"x\\x07y\"]\n---\n", name, name, name, name)})
	}
	s, out := load(t, write(t, files))
	paths := map[string]string{}
	for _, f := range out.Files {
		if why := publish.BadPath(f.Path); why != "" {
			t.Errorf("%q: %s", f.Path, why)
		}
		if other := paths[publish.Fold(f.Path)]; other != "" {
			t.Errorf("%q and %q are one file where case does not count", other, f.Path)
		}
		paths[publish.Fold(f.Path)] = f.Path
	}
	for i, e := range s.Entries {
		for _, f := range []*facet.Facet{facet.Service, facet.Environment, facet.Deployer, facet.Tag} {
			terms := e.Terms(f)
			name := odd[len(odd)-1-i]
			nobody := f == facet.Deployer && (strings.Trim(name, ".") == "" || name == "<b>") // what templates have where a person is to be named
			if len(terms) == 0 && !nobody && !hasProblem(s, e.File) {
				t.Errorf("%s: %q has no page and no problem", f.Name, name)
			}
			for _, term := range terms {
				if paths[term.Page()+"index.html"] == "" {
					t.Errorf("%s: the page %q of %q is not there", f.Name, term.Page(), term.Name)
				}
			}
		}
	}
}

func hasProblem(s *Site, file string) bool {
	for _, p := range s.Problems {
		if p.File == file {
			return true
		}
	}
	return false
}

// A deployment that succeeded next year is not the latest.
func TestLatestHaveBegun(t *testing.T) {
	s, _ := load(t, write(t, []txtar.File{
		{Name: "deployments/checklists/2099-08-31-14-30-deployment.md", Data: []byte("---\nstatus: succeeded\n---\n")},
		{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte("---\nstatus: succeeded\n---\n")},
	}))
	if latest := (&pager{Site: s}).latest(); len(latest) != 1 || latest[0].ID != "2024-08-31-14-30" {
		t.Errorf("the latest are %v", latest)
	}
}
