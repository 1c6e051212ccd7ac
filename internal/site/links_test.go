package site

import (
	"bytes"
	"net/url"
	"os/exec"
	"path"
	"strings"
	"testing"

	"golang.org/x/net/html"
	"golang.org/x/tools/txtar"
)

// checkLinks finds every link of an output that leads nowhere inside it, and
// every link that is not relative although it stays on the site.
func checkLinks(t *testing.T, out Output) {
	t.Helper()
	ids, links := map[string]map[string]bool{}, map[string][]string{}
	for _, f := range out.Files {
		data, err := f.Bytes()
		if err != nil {
			t.Fatalf("%s: %v", f.Path, err)
		}
		ids[f.Path] = map[string]bool{}
		if strings.HasSuffix(f.Path, ".html") {
			links[f.Path] = scan(t, f.Path, data, ids[f.Path])
		}
	}
	checked := 0
	for page, targets := range links {
		for _, target := range targets {
			u, err := url.Parse(target)
			if err != nil {
				t.Errorf("%s: link %q: %v", page, target, err)
				continue
			}
			if u.Scheme != "" {
				continue
			}
			checked++
			file := page
			if u.Path != "" {
				file = path.Join(path.Dir(page), u.Path)
			}
			anchors, ok := ids[file]
			switch {
			case strings.HasPrefix(u.Path, "/") || u.Host != "":
				t.Errorf("%s: link %q is not relative", page, target)
			case !ok:
				t.Errorf("%s: link %q leads nowhere", page, target)
			case u.Fragment != "" && !anchors[u.Fragment]:
				t.Errorf("%s: link %q: there is no such place on %s", page, target, file)
			}
		}
	}
	if checked == 0 {
		t.Error("there was no link to check")
	}
}

// scan collects a page's links, and its ids, each of which may stand only once.
func scan(t *testing.T, page string, data []byte, ids map[string]bool) []string {
	t.Helper()
	var links []string
	z := html.NewTokenizer(bytes.NewReader(data))
	for {
		switch z.Next() {
		case html.ErrorToken:
			return links
		case html.StartTagToken, html.SelfClosingTagToken:
			for _, a := range z.Token().Attr {
				switch a.Key {
				case "href", "src":
					links = append(links, a.Val)
				case "id":
					if ids[a.Val] {
						t.Errorf("%s: id %q stands twice", page, a.Val)
					}
					ids[a.Val] = true
				}
			}
		}
	}
}

// A link to a file that is not there is told of whether or not the forge is
// known, in records and in documents; one to a file that is there, is not.
func TestDeadLinks(t *testing.T) {
	const text = "# Links\n\n[gone](nowhere.md) ![gone](none.png) [below a file](main.go/x) [there](main.go), [folder](.), [above](../)\n"
	for name, config := range map[string]string{"no forge": "", "forge": "repository = \"https://github.com/acme/shop\"\n"} {
		t.Run(name, func(t *testing.T) {
			s, out := load(t, write(t, []txtar.File{
				{Name: "deploysite.toml", Data: []byte("documents = \"docs/runbooks\"\n" + config)},
				{Name: "docs/runbooks/index.md", Data: []byte(text)},
				{Name: "docs/runbooks/main.go", Data: []byte("package main\n")},
				{Name: "docs/deployment-process.md", Data: []byte(text)},
				{Name: "docs/main.go", Data: []byte("package main\n")},
				{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte(text)},
				{Name: "deployments/checklists/main.go", Data: []byte("package main\n")},
			}))
			var missing []string
			for _, p := range s.Problems {
				switch {
				case strings.HasPrefix(p.Message, "there is no such file: "):
					missing = append(missing, p.String())
				case config != "":
					t.Errorf("%s", p)
				}
			}
			if len(missing) != 9 {
				t.Errorf("%d dead links were told of, want 3 in each of 3 files:\n%s", len(missing), strings.Join(missing, "\n"))
			}
			html := page(t, out, "docs/index.html")
			if strings.Contains(html, "blob/main/docs/runbooks/nowhere.md") {
				t.Error("a dead link leads to the forge")
			}
			if has := strings.Contains(html, "blob/main/docs/runbooks/main.go"); has != (config != "") {
				t.Errorf("the link to a file that is there leads to the forge: %t", has)
			}
		})
	}
}

// In a sparse checkout a file that is not here may be on the forge.
func TestSparseCheckout(t *testing.T) {
	root := write(t, []txtar.File{
		{Name: "deploysite.toml", Data: []byte("repository = \"https://github.com/acme/shop\"\n")},
		{Name: "deployments/checklists/2024-08-31-14-30-deployment.md", Data: []byte("[the code](../../main.go)\n")},
	})
	for _, sparse := range []string{"false", "true"} {
		for _, args := range [][]string{{"init", "-q"}, {"config", "core.sparseCheckout", sparse}} {
			cmd := exec.Command("git", args...)
			cmd.Dir = root
			if out, err := cmd.CombinedOutput(); err != nil {
				t.Fatalf("git is needed: %v\n%s", err, out)
			}
		}
		s, _ := load(t, root)
		if told := len(s.Problems) > 0; told != (sparse == "false") {
			t.Errorf("sparse: %s: problems %v", sparse, s.Problems)
		}
	}
}
