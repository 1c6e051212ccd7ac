package browser

import (
	"context"
	"fmt"
	"mime"
	"net/http"
	"net/http/httptest"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/facet"
	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/publish"
	"github.com/deploysite/deploysite/internal/site"
	"github.com/deploysite/deploysite/internal/test/generate"
)

// today is fixed, so that "unfinished" and "this quarter" do not move.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// example is the project that most tests look at.
const example = "../../../examples/jump-man"

// A built is a project's site, on disk and behind a server.
type built struct {
	site   *site.Site
	output site.Output
	dir    string
	url    string
}

var (
	projects once[string]
	sites    once[built]
)

// made is a project that is written when the first test asks for its name.
func made(t *testing.T, name string, write func(root string) error) string {
	t.Helper()
	return projects.get(t, name, func() (string, error) {
		root, err := newFolder()
		if err != nil {
			return "", err
		}
		return root, write(root)
	})
}

// write writes the files of a project.
func write(root string, files ...txtar.File) error {
	for _, f := range files {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			return err
		}
	}
	return nil
}

// build is the site of a project. It is built once, and belongs to all tests.
func build(t *testing.T, root string) built {
	t.Helper()
	return buildFor(t, root, "")
}

// buildFor is a site that knows its full address.
func buildFor(t *testing.T, root, baseURL string) built {
	t.Helper()
	return sites.get(t, root+" "+baseURL, func() (built, error) { return newSite(root, baseURL) })
}

func newSite(root, baseURL string) (built, error) {
	p, problems, err := project.Open(root)
	if err != nil || len(problems) > 0 {
		return built{}, fmt.Errorf("%s: %v %v", root, err, problems)
	}
	s, err := site.Load(context.Background(), p, site.Options{Now: today, Version: "test", BaseURL: baseURL})
	if err != nil {
		return built{}, err
	}
	atEnd(func() { s.Close() })
	out, err := s.Output()
	if err != nil {
		return built{}, err
	}
	folder, err := newFolder()
	if err != nil {
		return built{}, err
	}
	b := built{site: s, output: out, dir: filepath.Join(folder, "public")}
	if _, err := publish.Publish(context.Background(), b.dir, out.Files, publish.Options{}); err != nil {
		return built{}, err
	}
	server := httptest.NewServer(still(out))
	atEnd(server.Close)
	b.url = server.URL + "/"
	return b, nil
}

// still serves the files of a site as they are.
func still(out site.Output) http.Handler {
	files := map[string]site.File{}
	for _, f := range out.Files {
		files[f.Path] = f
	}
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		name, status := strings.TrimPrefix(r.URL.Path, "/"), http.StatusOK
		if name == "" || strings.HasSuffix(name, "/") {
			name += "index.html"
		}
		f, ok := files[name]
		if !ok {
			f, status = files["404.html"], http.StatusNotFound
		}
		data, err := f.Bytes()
		if err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
		w.Header().Set("Content-Type", mime.TypeByExtension(path.Ext(f.Path)))
		if strings.HasPrefix(f.Path, "assets/") { // their names change with their bytes
			w.Header().Set("Cache-Control", "max-age=3600")
		}
		w.WriteHeader(status)
		_, _ = w.Write(data)
	})
}

// places are the two ways in which a reader opens the site.
func (b built) places() map[string]string {
	return map[string]string{"http": b.url, "file": "file://" + b.dir + "/"}
}

// inputs are the projects whose pages are looked at.
func inputs(t *testing.T) map[string]string {
	t.Helper()
	return map[string]string{
		"example": example,
		"legacy":  "../../site/testdata/legacy",
		"own":     "../../..",
		"empty":   made(t, "empty", func(string) error { return nil }),
		"sources": made(t, "sources", func(root string) error {
			return generate.Organisation(root, 3, 5, generate.Options{Seed: 5}) // few records that hold every kind of element
		}),
	}
}

// pageTypes are one page of every type of the site.
func pageTypes(b built) []string {
	pages := []string{"", "timeline/", "lessons/", "metrics/", "steps/", "reviews/", "audit/", "onboarding/", "process/", "checklist/", "search/", "problems/", "404.html"}
	if sources := b.site.Terms[facet.Source]; len(sources) > 0 {
		name := strings.TrimPrefix(sources[0].Page(), "sources/")
		pages = append(pages, "sources/", sources[0].Page(), "checklist/"+name, "process/"+name, "steps/"+name)
	}
	for _, of := range []string{"audit/20", "metrics/20"} { // a quarter
		if i := slices.IndexFunc(b.output.Files, func(f site.File) bool { return strings.HasPrefix(f.Path, of) }); i >= 0 {
			pages = append(pages, path.Dir(b.output.Files[i].Path)+"/")
		}
	}
	for _, written := range []bool{true, false} { // a review, and a quarter without one
		for _, f := range b.output.Files {
			is := slices.ContainsFunc(b.site.Reviews, func(r *site.Review) bool { return f.Path == "reviews/"+r.Name()+"/index.html" })
			if strings.HasPrefix(f.Path, "reviews/20") && is == written {
				pages = append(pages, path.Dir(f.Path)+"/")
				break
			}
		}
	}
	for _, f := range facet.Lists {
		if f == facet.Source {
			continue
		}
		pages = append(pages, f.Folder+"/")
		if terms := b.site.Terms[f]; len(terms) > 0 {
			pages = append(pages, terms[0].Page())
		}
	}
	for d := b.site.Docs; d != nil; { // a folder, a page in it, and so on
		pages = append(pages, d.Page())
		if len(d.Children) == 0 {
			break
		}
		d = d.Children[len(d.Children)-1]
	}
	if n := len(b.site.Entries); n > 0 {
		pages = append(pages, b.site.Entries[0].Page(), b.site.Entries[n-1].Page(),
			fmt.Sprintf("timeline/%d/", b.site.Entries[0].Started.Time.Year()),
			fmt.Sprintf("lessons/%d/", b.site.Entries[n-1].Started.Time.Year()))
		for _, e := range b.site.Entries { // one with everything in it
			if e.Status == "failed" && len(e.Notes) > 5 {
				pages = append(pages, e.Page())
				break
			}
		}
	}
	for i, p := range pages {
		if !strings.HasSuffix(p, ".html") {
			pages[i] = p + "index.html"
		}
	}
	return pages
}
