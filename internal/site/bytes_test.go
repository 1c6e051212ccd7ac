package site

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"unicode/utf8"

	"golang.org/x/net/html"
)

// File names need not be text: the pages that name them are, and are valid.
func TestFileNamesThatAreNoText(t *testing.T) {
	root := t.TempDir()
	for name, data := range map[string]string{
		"deploysite.toml": "documents = \"docs\"\n",
		"deployments/checklists/2024-08-31-14-30-deployment.md":           "# Shop\n\n![a](p\xe9.png) [b](../../docs/caf%E9.md)\n",
		"deployments/checklists/2024-09-01-14-30-d\xe9ploiement.md":       "# L\xe9a\n- [x] a\n",
		"deployments/checklists/2024-09-02-14-30-\xff\"><b>\xfe.markdown": "# c\n",
		"deployments/checklists/p\xe9.png":                                "\x89PNG\r\n\x1a\n",
		"deployments/checklists/caf\xe9/2024-09-03-14-30-deployment.md":   "# d\n- [ x] a\n[e](nowhere\xe9.md)\n",
		"docs/caf\xe9.md": "# Caf\n[f](nowhere.md)\n",
	} {
		path := filepath.Join(root, name)
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Skip("this file system wants text in names:", err)
		}
		if err := os.WriteFile(path, []byte(data), 0o666); err != nil {
			t.Skip("this file system wants text in names:", err)
		}
	}
	s, out := load(t, root)
	said := page(t, out, "problems/index.html")
	for _, want := range []string{"2024-09-01-14-30-d", "2024-09-02-14-30-", "caf"} {
		if !strings.Contains(said, want) {
			t.Errorf("the problems do not name %q: %v", want, s.Problems)
		}
	}
	for _, f := range out.Files {
		file := f.Path
		if !utf8.ValidString(file) {
			t.Errorf("%q is no name for a page", file)
		}
		if !strings.HasSuffix(file, ".html") && !strings.HasSuffix(file, ".json") && !strings.HasSuffix(file, ".xml") && !strings.HasSuffix(file, ".js") {
			continue
		}
		text := page(t, out, file)
		if !utf8.ValidString(text) {
			t.Errorf("%s is not UTF-8", file)
		}
		if strings.HasSuffix(file, ".html") {
			if _, err := html.Parse(strings.NewReader(text)); err != nil || strings.Contains(text, "><b>") {
				t.Errorf("%s: %v", file, err)
			}
		}
	}
}
