package docs

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"github.com/yuin/goldmark/ast"
	extensionast "github.com/yuin/goldmark/extension/ast"

	"github.com/deploysite/deploysite/internal/records"
)

// TestLinks follows every link and picture inside the repository, to the file
// and to the heading in it, as a forge would.
func TestLinks(t *testing.T) {
	all := pages(t)
	anchors := map[string]map[string]bool{}
	for file, p := range all {
		anchors[file] = anchorsOf(p)
	}
	followed := 0
	for _, p := range all {
		p.walk(func(n ast.Node) {
			dest := ""
			switch n := n.(type) {
			case *ast.Link:
				dest = string(n.Destination)
			case *ast.Image:
				dest = string(n.Destination)
			}
			if dest == "" {
				return
			}
			if u, err := url.Parse(dest); err != nil {
				t.Errorf("%s: %v", p.file, err)
			} else if u.Scheme == "" {
				followed++
				follow(t, p, u, anchors)
			}
		})
	}
	if followed < 100 {
		t.Errorf("only %d links were followed", followed)
	}
}

func follow(t *testing.T, p page, u *url.URL, anchors map[string]map[string]bool) {
	t.Helper()
	file := p.file
	if u.Path != "" {
		file = path.Join(path.Dir(p.file), u.Path)
	}
	if _, err := os.Stat(filepath.Join(root, file)); err != nil {
		t.Errorf("%s: link to %s: there is no %s", p.file, u, file)
		return
	}
	if known := anchors[file]; u.Fragment != "" && known != nil && !known[u.Fragment] {
		t.Errorf("%s: link to %s: %s has no such heading", p.file, u, file)
	}
}

// anchorsOf are the fragments by which forges know the headings of a page.
func anchorsOf(p page) map[string]bool {
	known, seen := map[string]bool{}, map[string]int{}
	for _, s := range p.Sections {
		slug := records.ForgeSlug(s.Title)
		if n := seen[slug]; n > 0 {
			known[fmt.Sprintf("%s-%d", slug, n)] = true
		}
		seen[slug]++
		known[slug] = true
	}
	return known
}

// TestCommandsAreListed holds that the first page of the reference leads to each
// command; those below another one are on its page.
func TestCommandsAreListed(t *testing.T) {
	all := pages(t)
	listed := map[string]bool{}
	all["docs/guide/commands/README.md"].walk(func(n ast.Node) {
		if link, ok := n.(*ast.Link); ok {
			listed[path.Join("docs/guide/commands", string(link.Destination))] = true
		}
	})
	for file := range all {
		if path.Dir(file) == "docs/guide/commands" && strings.Count(path.Base(file), "-") < 2 && path.Base(file) != "README.md" && !listed[file] {
			t.Errorf("docs/guide/commands/README.md does not list %s", file)
		}
	}
}

var weight = regexp.MustCompile(`(?m)^weight: (.*)$`)

// TestGuideIsListed holds that the guide's first page leads to all others, in the order
// that they have on the site.
func TestGuideIsListed(t *testing.T) {
	all := guide(t)
	listed := map[string]bool{}
	var before float64
	all["docs/guide/README.md"].walk(func(n ast.Node) {
		link, ok := n.(*ast.Link)
		if !ok {
			return
		}
		file := path.Join("docs/guide", string(link.Destination))
		listed[file] = true
		if _, inTable := link.Parent().(*extensionast.TableCell); !inTable {
			return
		}
		source, _ := os.ReadFile(filepath.Join(root, file))
		m := weight.FindSubmatch(source)
		if m == nil {
			t.Errorf("%s has no weight", file)
			return
		}
		if now, err := strconv.ParseFloat(string(m[1]), 64); err != nil || now <= before {
			t.Errorf("%s has the weight %s, which is not after that of the page before it", file, m[1])
		} else {
			before = now
		}
	})
	for file := range all {
		if strings.HasPrefix(file, "docs/guide/") && !listed[file] && file != "docs/guide/README.md" {
			t.Errorf("docs/guide/README.md does not list %s", file)
		}
	}
}
