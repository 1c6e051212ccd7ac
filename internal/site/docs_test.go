package site

import (
	"bytes"
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/project"
	"github.com/deploysite/deploysite/internal/records"
	"github.com/deploysite/deploysite/internal/search"
)

// docs is a project with documents in the folder book.
func docs(t *testing.T, files string) string {
	t.Helper()
	return write(t, txtar.Parse([]byte("-- deploysite.toml --\ndocuments = \"book\"\n"+files)).Files)
}

// loadError is why a project has no site.
func loadError(t *testing.T, root string) error {
	t.Helper()
	p, problems, err := project.Open(root)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	s, err := Load(t.Context(), p, Options{Now: today})
	if err == nil {
		s.Close()
	}
	return err
}

func TestDocumentsFolderIsMissing(t *testing.T) {
	if err := loadError(t, docs(t, "")); err == nil || !strings.Contains(err.Error(), `deploysite.toml:1:1: error: there is no folder book;`) {
		t.Errorf("the error is %v", err)
	}
	if err := loadError(t, docs(t, "-- book --\na file\n")); err == nil || !strings.Contains(err.Error(), "book is not a folder") {
		t.Errorf("the error is %v", err)
	}
}

func TestDocumentsDoNotLeaveTheProject(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("links need rights there")
	}
	outside := filepath.Join(t.TempDir(), "secret.md")
	if err := os.WriteFile(outside, []byte("# The secret\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	root := docs(t, "-- book/a.md --\n# A\n")
	for link, target := range map[string]string{"book/b.md": outside, "book/folder": filepath.Dir(outside), "linked": "book"} {
		if err := os.Symlink(target, filepath.Join(root, link)); err != nil {
			t.Fatal(err)
		}
	}
	s, out := load(t, root)
	want := "book/b.md: error: not read: it is not a regular file; put the file itself there\n" +
		"book/folder: error: not read: it is a symbolic link; put the folder itself there\n"
	if got := problemList(s); got != want {
		t.Errorf("the problems are\n%s", got)
	}
	for _, f := range out.Files {
		if data, err := f.Bytes(); err != nil || bytes.Contains(data, []byte("secret")) {
			t.Errorf("%s shows the secret, or %v", f.Path, err)
		}
	}
	config := filepath.Join(root, "deploysite.toml")
	if err := os.WriteFile(config, []byte(`documents = "linked"`), 0o666); err != nil {
		t.Fatal(err)
	}
	if err := loadError(t, root); err == nil || !strings.Contains(err.Error(), "linked is a symbolic link") {
		t.Errorf("the error is %v", err)
	}
}

// TestBadDocuments holds that one document that cannot be read spoils no other.
func TestBadDocuments(t *testing.T) {
	root := docs(t, "-- book/good.md --\n# Good\n-- book/slow.md --\n"+strings.Repeat("> - ", 3000)+"\n")
	for name, data := range map[string][]byte{"utf16.md": []byte("\xff\xfe#\x00 \x00x\x00"), "large.md": make([]byte, records.MaxSize+1), "bytes.md": []byte("# B\xff\n")} {
		if err := os.WriteFile(filepath.Join(root, "book", name), data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
	s, out := load(t, root)
	for _, want := range []string{"book/utf16.md:1:1: error: the file is written in UTF-16", "book/large.md: error: not read: it has more than 4 MiB",
		"book/bytes.md:1:4: error: a byte here is not valid UTF-8", "book/slow.md:1:1: error: the text is too costly to lay out; the document is shown as source"} {
		if !strings.Contains(problemList(s), want) {
			t.Errorf("there is no problem %q in\n%s", want, problemList(s))
		}
	}
	if !strings.Contains(page(t, out, "docs/good/index.html"), ">Good</bdi></h1>") || !strings.Contains(page(t, out, "docs/slow/index.html"), "&gt; - &gt; - ") {
		t.Error("a document is not shown")
	}
	checkLinks(t, out)
}

func TestGroupsOfDocuments(t *testing.T) {
	_, out := load(t, docs(t, `-- book/a.md --
---
weight: 1
group: Be <calm>
---
# A
-- book/b.md --
---
weight: 2
group: Be <calm>
---
# B
-- book/c.md --
# C
`))
	list := func(a, b string) string {
		return `<li><span class="group">Be &lt;calm&gt;</span><ul>` + a + b + `</ul></li><li><a href="../../docs/c/index.html">C</a></li></ul>`
	}
	want := list(`<li><a aria-current="page" href="../../docs/a/index.html">A</a></li>`, `<li><a href="../../docs/b/index.html">B</a></li>`)
	if got := page(t, out, "docs/a/index.html"); !strings.Contains(got, want) {
		t.Errorf("no menu like %s in\n%s", want, got)
	}
}

// TestManyDocuments holds that the pages of a large folder do not all list each
// other.
func TestManyDocuments(t *testing.T) {
	var files strings.Builder
	for i := range 2000 {
		fmt.Fprintf(&files, "-- book/page-%d.md --\n# Page %d\n", i, i)
	}
	_, out := load(t, docs(t, files.String()))
	one := page(t, out, "docs/page-1000/index.html")
	if n := strings.Count(one, "<li>"); n > 150 || !strings.Contains(one, ">Page 951</a>") || strings.Contains(one, ">Page 900</a>") {
		t.Errorf("the page lists %d pages", n)
	}
	if n := strings.Count(mainOf(page(t, out, "docs/index.html")), `<a href="../docs/page-`); n < 2000 {
		t.Errorf("the index lists %d of 2,000 pages", n)
	}
}

// TestDocumentsAreFound asks for documents on the site and without one.
func TestDocumentsAreFound(t *testing.T) {
	root := docs(t, "-- book/restore.md --\n---\ntitle: Restore\n---\n\nCall the armadillo first.\n\n## Writers\n\nStop the pangolin.\n")
	s, _ := load(t, root)
	built, err := s.SearchIndex()
	if err != nil {
		t.Fatal(err)
	}
	p, _, err := project.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	read, err := OpenSearch(t.Context(), p, Options{Now: today, Anew: true})
	if err != nil {
		t.Fatal(err)
	}
	for query, want := range map[string]string{"armadillo": "docs/restore/index.html", "pangolin kind:document": "docs/restore/index.html#s-writers", "pangolin kind:process": ""} {
		for name, ix := range map[string]*search.Index{"built": built, "read": read} {
			r, err := ix.Search(t.Context(), search.Query{Text: query})
			if err != nil {
				t.Fatal(err)
			}
			got := ""
			for _, one := range r.Results {
				got += one.URL
				if one.Kind != search.KindDocument {
					t.Errorf("%s is a %s", one.URL, one.Kind)
				}
			}
			if got != want {
				t.Errorf("%s: %q finds %q, want %q", name, query, got, want)
			}
		}
	}
}

// TestChangedDocument holds that the search on the terminal does not answer from
// an index that knows another text of a document.
func TestChangedDocument(t *testing.T) {
	root := docs(t, "-- book/a.md --\nold\n")
	p, _, err := project.Open(root)
	if err != nil {
		t.Fatal(err)
	}
	sum := func() string { return sourcesSum(p, Options{Now: today}, fileSums{}) }
	before := sum()
	if before != sum() {
		t.Error("the sum is not always the same")
	}
	if err := os.WriteFile(filepath.Join(root, "book", "a.md"), []byte("new\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if before == sum() {
		t.Error("a changed document does not change the sum")
	}
}

func TestEditLinks(t *testing.T) {
	for kind, want := range map[project.Forge]string{
		project.GitHub:    "https://h/t/p/edit/a/b/docs/x%20y.md",
		project.GitLab:    "https://h/t/p/-/edit/a/b/docs/x%20y.md",
		project.Forgejo:   "https://h/t/p/_edit/a/b/docs/x%20y.md",
		project.Bitbucket: "https://h/t/p/src/a/b/docs/x%20y.md?mode=edit",
	} {
		if got := (forge{kind: kind, repo: "https://h/t/p", branch: "a/b"}).edit("docs/x y.md"); got != want {
			t.Errorf("%s: %s, want %s", kind, got, want)
		}
	}
}
