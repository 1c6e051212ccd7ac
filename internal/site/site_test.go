package site

import (
	"bytes"
	"compress/gzip"
	"flag"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"
	"golang.org/x/tools/txtar"

	"github.com/deploysite/deploysite/internal/project"
)

var update = flag.Bool("update", false, "write what the pages are now into testdata/golden")

// today is the day on which the tests take place.
var today = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// write makes a project of a txtar archive's files.
func write(t *testing.T, files []txtar.File) string {
	t.Helper()
	root := t.TempDir()
	writeInto(t, root, files...)
	return root
}

func writeInto(t *testing.T, root string, files ...txtar.File) {
	t.Helper()
	for _, f := range files {
		name := filepath.Join(root, filepath.FromSlash(f.Name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, f.Data, 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func load(t *testing.T, root string) (*Site, Output) {
	t.Helper()
	p, problems, err := project.Open(root)
	if err != nil || len(problems) > 0 {
		t.Fatal(err, problems)
	}
	s, err := Load(t.Context(), p, Options{Now: today, Version: "test"})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { s.Close() })
	out, err := s.Output()
	if err != nil {
		t.Fatal(err)
	}
	return s, out
}

// page renders one file of the output.
func page(t *testing.T, out Output, path string) string {
	t.Helper()
	for _, f := range out.Files {
		if f.Path == path {
			data, err := f.Bytes()
			if err != nil {
				t.Fatalf("%s: %v", path, err)
			}
			return string(data)
		}
	}
	t.Fatalf("there is no %s", path)
	return ""
}

// mainOf is the part of a page that is its own.
func mainOf(html string) string {
	_, after, ok := strings.Cut(html, `<main id="main" class="wrap">`)
	if !ok {
		return html
	}
	main, _, _ := strings.Cut(after, "</main>")
	return strings.TrimSpace(main) + "\n"
}

// TestGolden builds each archive of testdata/golden as a project and compares
// the pages that the archive has under want/.
func TestGolden(t *testing.T) {
	archives, err := filepath.Glob("testdata/golden/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal("there are no golden pages", err)
	}
	for _, name := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(name), ".txtar"), func(t *testing.T) { golden(t, name) })
	}
}

func golden(t *testing.T, name string) {
	archive, err := txtar.ParseFile(name)
	if err != nil {
		t.Fatal(err)
	}
	var input []txtar.File
	for _, f := range archive.Files {
		if !strings.HasPrefix(f.Name, "want/") {
			input = append(input, f)
		}
	}
	s, out := load(t, write(t, input))
	compared := 0
	for i, f := range archive.Files {
		path, ok := strings.CutPrefix(f.Name, "want/")
		if !ok {
			continue
		}
		got := problemList(s)
		if path != "problems.txt" {
			got = mainOf(page(t, out, path))
		}
		compared++
		if *update {
			archive.Files[i].Data = []byte(got)
		} else if diff := cmp.Diff(string(f.Data), got); diff != "" {
			t.Errorf("%s (-want +got):\n%s", path, diff)
		}
	}
	if compared == 0 {
		t.Fatal("the archive expects nothing")
	}
	checkLinks(t, out)
	if *update {
		if err := os.WriteFile(name, txtar.Format(archive), 0o666); err != nil {
			t.Fatal(err)
		}
	}
}

func problemList(s *Site) string {
	var b strings.Builder
	for _, p := range s.Problems {
		fmt.Fprintln(&b, p)
	}
	return b.String()
}

// inputs are the real histories of this repository.
var inputs = []string{"../..", "../../examples/jump-man", "testdata/legacy"}

func TestLinksOfRealHistories(t *testing.T) {
	for _, root := range inputs {
		t.Run(root, func(t *testing.T) {
			_, out := load(t, root)
			checkLinks(t, out)
		})
	}
}

// TestSameInputSameBytes loads twice and compares every file.
func TestSameInputSameBytes(t *testing.T) {
	_, a := load(t, "../../examples/jump-man")
	_, b := load(t, "../../examples/jump-man")
	if len(a.Files) != len(b.Files) {
		t.Fatalf("%d files, then %d", len(a.Files), len(b.Files))
	}
	for i, f := range a.Files {
		first, err1 := f.Bytes()
		second, err2 := b.Files[i].Bytes()
		if err1 != nil || err2 != nil {
			t.Fatal(err1, err2)
		}
		if f.Path != b.Files[i].Path || !bytes.Equal(first, second) {
			t.Errorf("%s differs", f.Path)
		}
	}
}

// TestNothingIsLost looks for every word of the records on their pages.
func TestNothingIsLost(t *testing.T) {
	for _, root := range inputs {
		s, out := load(t, root)
		for _, e := range s.Entries {
			source, err := os.ReadFile(filepath.Join(root, e.File))
			if err != nil {
				t.Fatal(err)
			}
			text := visibleText(t, page(t, out, e.Page()+"index.html"))
			for _, word := range wordsOf(string(source)) {
				if !text[word] {
					t.Errorf("%s: the page lacks %q", e.File, word)
				}
			}
		}
	}
}

// TestPageWeight holds what a record's page costs besides its own text: HTML,
// style and scripts, compressed as every server does. The search engine is not
// among them: it is loaded when somebody searches.
func TestPageWeight(t *testing.T) {
	_, out := load(t, write(t, []txtar.File{{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte("- [x] **Backup**\n")}}))
	var sum bytes.Buffer
	const record = "records/2024-08-31-14-30/"
	html := page(t, out, record+"index.html")
	for _, f := range out.Files {
		address := `="../../` + f.Path + `"`
		loaded := strings.Contains(html, " src"+address) || strings.Contains(html, ` rel="stylesheet" href`+address)
		if f.Path != record+"index.html" && !loaded {
			continue
		}
		data, err := f.Bytes()
		if err != nil {
			t.Fatal(err)
		}
		w := gzip.NewWriter(&sum)
		if _, err := w.Write(data); err != nil {
			t.Fatal(err)
		}
		if err := w.Close(); err != nil {
			t.Fatal(err)
		}
	}
	t.Logf("%d bytes", sum.Len())
	if sum.Len() < 1000 || sum.Len() > 36_000 {
		t.Errorf("a record page weighs %d bytes, want at most 36,000", sum.Len())
	}
}
