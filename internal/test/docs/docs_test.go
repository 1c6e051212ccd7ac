// Package docs holds the documentation to the facts: links lead somewhere,
// commands and options exist, examples of the configuration are valid, and what
// the first page says to type works.
package docs

import (
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"

	"github.com/deploysite/deploysite/internal/records"
)

const root = "../../.."

// A page is one Markdown file of the documentation.
type page struct {
	file string // relative to the root
	*records.Record
}

// pages are the README and its kind, and all below docs/.
func pages(t *testing.T) map[string]page {
	t.Helper()
	all := map[string]page{}
	add := func(file string) {
		source, err := os.ReadFile(filepath.Join(root, file))
		if err != nil {
			t.Fatal(err)
		}
		all[file] = page{file, records.ParseDocument(file, source)}
	}
	for _, file := range []string{"README.md", "CONTRIBUTING.md", "CHANGELOG.md", "examples/jump-man/README.md"} {
		add(file)
	}
	err := fs.WalkDir(os.DirFS(root), "docs", func(file string, d fs.DirEntry, err error) error {
		if err == nil && path.Ext(file) == ".md" {
			add(file)
		}
		return err
	})
	if err != nil || len(all) < 20 {
		t.Fatalf("%d pages, %v", len(all), err)
	}
	return all
}

// guide are the pages that people write: the reference is made from the commands.
func guide(t *testing.T) map[string]page {
	all := pages(t)
	for file := range all {
		generated := strings.HasPrefix(file, "docs/guide/commands/deploy")
		if generated || !strings.HasPrefix(file, "docs/guide/") && file != "README.md" {
			delete(all, file)
		}
	}
	return all
}

// walk visits the nodes of a page.
func (p page) walk(visit func(ast.Node)) {
	_ = ast.Walk(p.Document.Root, func(n ast.Node, entering bool) (ast.WalkStatus, error) {
		if entering {
			visit(n)
		}
		return ast.WalkContinue, nil
	})
}

// code is a code block: its language and its text.
func (p page) code(n ast.Node) (language, text string, ok bool) {
	block, ok := n.(*ast.FencedCodeBlock)
	if !ok {
		return "", "", false
	}
	var b strings.Builder
	for i := range block.Lines().Len() {
		line := block.Lines().At(i)
		b.Write(line.Value(p.Source))
	}
	return string(block.Language(p.Source)), b.String(), true
}
